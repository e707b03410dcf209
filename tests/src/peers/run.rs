//! One peer under one load.

use super::program::{Program, peak_mb};
use super::wire::Wire;
use crate::phone::text;
use crate::process::program;
use crate::server::Server;
use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// This product.
    Rounds,
    /// PouchDB phones and express-pouchdb.
    Pouch,
    /// automerge-repo on both ends.
    Repo,
    /// samod on both ends.
    Samod,
}

/// How many phones write how many records each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Phones.
    pub phones: usize,
    /// Records of each.
    pub records: usize,
}

/// A step that took its time.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// How long.
    pub seconds: f64,
    /// How many records were through by then.
    pub records: f64,
    /// Bytes that the phones sent.
    pub up: u64,
    /// Bytes that the server sent.
    pub down: u64,
}

impl Step {
    /// True if everything was through in time.
    pub fn is_whole(&self, all: f64) -> bool {
        self.records >= all
    }
}

/// How much longer than its limit a program may take to say how far it came.
const PATIENCE: Duration = Duration::from_secs(15);

/// What was measured. What is missing was not tried, because the step before it did not end in time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// The phones' records to the server.
    pub push: Option<Step>,
    /// All of them to a new phone.
    pub fresh: Option<Step>,
    /// The same phone again, nothing being new.
    pub unchanged: Option<Step>,
    /// Bytes in the server's folder after it has ended.
    pub rest: Option<u64>,
    /// Peak memory of the server, MB.
    pub server_mb: f64,
    /// Peak memory of the new phone, MB.
    pub phone_mb: f64,
    /// Peak memory of the process of all phones that push, MB.
    pub phones_mb: f64,
    /// Bytes in the new phone's folder.
    pub phone_rest: Option<u64>,
}

/// Where things are and how long a step may take.
#[derive(Debug)]
pub struct Setting {
    /// The folder of the peers' programs, with what they need installed.
    pub programs: PathBuf,
    /// The records as JSON, one a line.
    pub load: PathBuf,
    /// The longest that one step may take.
    pub limit: Duration,
}

/// Measures one peer in a new folder.
pub fn measure(peer: Peer, shape: Shape, setting: &Setting) -> Result<Figures> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data)?;
    let mut server = Running::start(peer, shape, setting, folder.path(), &data)?;
    let wire = Wire::to(server.address)?;
    let mut out = Figures::default();
    let complaints = peer.complaints(setting);
    let client = |role: &str| client(peer, role, wire.address(), shape, setting, folder.path());

    let mut phones = Program::start(&mut client("fill")?, &complaints)?;
    // They write offline, which is not what is measured here.
    phones.heard(Duration::from_secs(3_600))?.context("the phones are not ready")?;
    wire.take();
    let all = shape.all();
    out.push = Some(step(&mut phones, &wire, setting.limit, all)?);
    out.phones_mb = phones.peak_mb();
    phones.end()?;
    if out.push.is_some_and(|push| push.is_whole(all)) {
        let mut phone = Program::start(&mut client("fresh")?, &complaints)?;
        phone.heard(setting.limit)?.context("the new phone is not ready")?;
        wire.take();
        out.fresh = Some(step(&mut phone, &wire, setting.limit, all)?);
        out.phone_mb = phone.peak_mb();
        if out.fresh.is_some_and(|fresh| fresh.is_whole(all)) {
            wire.settled(Duration::from_secs(1), setting.limit);
            wire.take();
            out.unchanged = Some(step(&mut phone, &wire, setting.limit, all)?);
        }
        phone.end()?;
        out.phone_rest = Some(size(&folder.path().join("fresh"))?);
    }
    out.server_mb = peak_mb(server.pid());
    server.stop()?;
    out.rest = Some(size(&data)?);
    Ok(out)
}

/// One step: from the word to what the program says, or to the last byte if it cannot know.
fn step(program: &mut Program, wire: &Wire, limit: Duration, records: f64) -> Result<Step> {
    let began = Instant::now();
    program.go()?;
    // A program that gives up by itself says how far it came; one that is too busy for that says nothing.
    let Some(said) = program.heard(limit + PATIENCE)? else {
        let (up, down) = wire.take();
        return Ok(Step { seconds: began.elapsed().as_secs_f64(), records: 0.0, up, down });
    };
    let mut seconds = said["seconds"].as_f64().context("no seconds")?;
    if said["quiet"].as_bool() == Some(true) {
        let last = wire.settled(Duration::from_secs(2), limit);
        seconds = seconds.max((last - began).as_secs_f64());
    }
    let (up, down) = wire.take();
    Ok(Step { seconds, records: said["records"].as_f64().unwrap_or(records), up, down })
}

impl Shape {
    /// Records of all phones together.
    pub fn all(&self) -> f64 {
        (self.phones * self.records) as f64
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} × {}", self.phones, self.records)
    }
}

impl Peer {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Peer::Rounds => "Rounds",
            Peer::Pouch => "PouchDB",
            Peer::Repo => "automerge-repo",
            Peer::Samod => "samod",
        }
    }

    /// The file of what its programs complain of.
    fn complaints(self, setting: &Setting) -> PathBuf {
        setting.programs.join(format!("{}.log", self.name()))
    }

    fn command(self, end: &str, setting: &Setting) -> Result<Command> {
        let node = |name: &str| {
            let mut command = Command::new("node");
            command.current_dir(&setting.programs).arg(format!("{name}-{end}.mjs"));
            command
        };
        Ok(match self {
            Peer::Rounds => Command::new(program("rounds-phones")?),
            Peer::Pouch => node("pouch"),
            Peer::Repo => node("repo"),
            Peer::Samod => {
                let mut command = Command::new(setting.programs.join("samod-peer"));
                command.arg(end);
                command
            }
        })
    }
}

fn client(
    peer: Peer,
    role: &str,
    server: SocketAddr,
    shape: Shape,
    setting: &Setting,
    folder: &Path,
) -> Result<Command> {
    let mut command = peer.command("client", setting)?;
    command
        .arg(role)
        .arg(server.to_string())
        .arg(folder.join(role))
        .args([shape.phones.to_string(), shape.records.to_string()])
        .arg(&setting.load)
        .arg(folder.join("ids"))
        .arg(setting.limit.as_secs().to_string());
    Ok(command)
}

/// A server under measurement.
struct Running {
    address: SocketAddr,
    kind: Kind,
}

enum Kind {
    Ours(Server),
    Other(Option<Program>, u32),
}

impl Running {
    fn start(peer: Peer, shape: Shape, setting: &Setting, folder: &Path, data: &Path) -> Result<Running> {
        if peer == Peer::Rounds {
            let server = ours(shape, folder, data)?;
            return Ok(Running { address: server.address(), kind: Kind::Ours(server) });
        }
        let program = Program::start(peer.command("server", setting)?.arg(data), &peer.complaints(setting))?;
        let said = program.heard(Duration::from_secs(60))?.context("the server does not start")?;
        let (Some(port), Some(pid)) = (said["port"].as_u64(), said["pid"].as_u64()) else {
            bail!("{} says {said}", peer.name())
        };
        let address = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port)?));
        Ok(Running { address, kind: Kind::Other(Some(program), u32::try_from(pid)?) })
    }

    fn pid(&self) -> u32 {
        match &self.kind {
            Kind::Ours(server) => server.pid().unwrap_or_default(),
            Kind::Other(_, pid) => *pid,
        }
    }

    fn stop(&mut self) -> Result<()> {
        match &mut self.kind {
            Kind::Ours(server) => server.stop(),
            Kind::Other(program, _) => program.take().map_or(Ok(()), Program::end),
        }
    }
}

/// Our server with a team of so many reps; the codes of their phones, and last of their
/// supervisor's, whose new phone fetches everything, lie in `ids`.
fn ours(shape: Shape, folder: &Path, data: &Path) -> Result<Server> {
    let mut server = Server::new(data, 0)?;
    server.admin(&["init", "--team", "bench", "--zone", "Asia/Shanghai", "--supervisor", "S"])?.ok()?;
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bench-pack");
    server.admin(&["publish", pack.to_str().context("path")?])?.ok()?;
    let mut codes = vec![];
    for phone in 0..shape.phones {
        let args = ["invite", "--person", &format!("R{phone}"), "--role", "rep"];
        codes.push(text(&server.admin_json(&args)?, "code")?);
    }
    let args = ["invite", "--person", "S", "--role", "supervisor"];
    codes.push(text(&server.admin_json(&args)?, "code")?);
    std::fs::write(folder.join("ids"), codes.join("\n"))?;
    server.start()?;
    Ok(server)
}

/// Bytes of all files in a folder.
fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        sum += if about.is_dir() { size(&entry.path())? } else { about.len() };
    }
    Ok(sum)
}
