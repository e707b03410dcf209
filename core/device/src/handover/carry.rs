//! Carrying a colleague's bundle to the server. It is kept as it came: this phone can neither read
//! nor change it.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::platform::random;
use crate::settings;
use crate::store::meta;
use crate::store::notices::{self, Notice};
use crate::store::uploads::LONGEST_PAUSE_MS;
use crate::sync::backoff::Cause;
use crate::sync::blobs::send::Exchange;
use crate::sync::progress::Session;
use crate::sync::transport::Transport;
use rounds_model::refusal::Refusal;
use rounds_protocol::handover::{BadBundle, LARGEST, Taken, look, team_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// The first pause after a try that broke off.
const SHORTEST_PAUSE_MS: i64 = 60_000;
/// How often it is looked for something to exchange while one is on its way.
const LOOK: Duration = Duration::from_millis(if cfg!(test) { 10 } else { 1_000 });

/// Bundles that one phone carries at a time.
const MOST: usize = 50;
/// Letters of a file's name that are kept.
const NAME: usize = 120;

/// How the names of files begin that are being written.
const DRAFT: &str = "draft-";
/// After this, nobody writes one any more.
const DRAFT_IS_OLD: Duration = Duration::from_secs(3_600);

/// A bundle that this phone carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// What its file was called; whose it is nobody but the server can see.
    #[serde(default)]
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// When it was taken, Unix milliseconds.
    pub at_ms: i64,
    /// Why the server did not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
    /// What happened to the last try, if it may pass; and when it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put_off: Option<PutOff>,
}

/// A bundle is sent anew from its beginning, so that each try that breaks off costs up to all of its bytes: it
/// has a pause of its own, that grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PutOff {
    /// Why.
    pub why: Refusal,
    /// How often, in a row.
    pub tries: u32,
    /// Until when, Unix milliseconds of the phone's clock.
    pub until_ms: i64,
}

impl PutOff {
    /// A later time than the longest pause was noted before the clock was turned back, and counts no more.
    fn lasts(&self, now_ms: i64) -> bool {
        (1..=LONGEST_PAUSE_MS).contains(&self.until_ms.saturating_sub(now_ms))
    }
}

/// What was done about carried bundles in one sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Brought {
    /// What the server did with each that it took.
    pub taken: Vec<Taken>,
    /// Bundles that the server refused now, each with why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Carried>,
    /// Bundles that still wait to be brought.
    pub waiting: u64,
}

type Shelf = BTreeMap<String, Carried>;

impl Rounds {
    /// Takes a bundle of the same team, called `name` where it came from, and keeps it until the server has it. One
    /// that is not whole, as far as can be seen from outside, is refused. The same bundle twice is one bundle.
    pub fn carry(&self, bundle: &mut dyn Read, name: &str) -> Result<Carried, RoundsError> {
        Ok(carry(self, bundle, name)?)
    }

    /// The bundles that this phone carries.
    pub fn carried(&self) -> Result<Vec<Carried>, RoundsError> {
        Ok(self.store.read(shelf)?.into_values().collect())
    }

    /// Gives up the bundles that the server refused; returns how many.
    pub fn drop_refused(&self) -> Result<u64, RoundsError> {
        let refused: Vec<_> =
            self.store.read(shelf)?.into_iter().filter(|(_, c)| c.problem.is_some()).collect();
        for (name, _) in &refused {
            forget(self, name)?;
        }
        Ok(refused.len() as u64)
    }
}

fn carry(rounds: &Rounds, bundle: &mut dyn Read, called: &str) -> Result<Carried, Fail> {
    let team = rounds.identity()?.team.id;
    let folder = folder(rounds);
    fs::create_dir_all(&folder)?;
    sweep(rounds, &folder)?;
    if rounds.store.read(shelf)?.len() >= MOST {
        return Err(Fail::TooManyBundles);
    }
    let draft = folder.join(format!("{DRAFT}{}", hex::encode(random::<8>(&*rounds.platform)?)));
    let copied = copy(bundle, &draft).and_then(|copied| {
        let of = team_of(&mut File::open(&draft)?).map_err(not_whole)?;
        if of != team {
            return Err(Fail::OtherTeamsBundle);
        }
        look(&mut BufReader::new(File::open(&draft)?)).map_err(not_whole)?;
        Ok(copied)
    });
    let (name, bytes) = copied.inspect_err(|_| drop(fs::remove_file(&draft)))?;
    fs::rename(&draft, folder.join(&name))?;
    File::open(&folder)?.sync_all()?;
    let carried = Carried {
        name: called.chars().take(NAME).collect(),
        bytes,
        at_ms: rounds.platform.clocks()?.wall_ms,
        problem: None,
        put_off: None,
    };
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        shelf.insert(name, carried.clone());
        meta::set(tx, "carried", &shelf)
    })?;
    Ok(carried)
}

fn not_whole(bad: BadBundle) -> Fail {
    match bad {
        BadBundle::Io(e) => e.into(),
        BadBundle::TooLarge => Fail::BundleTooLarge,
        BadBundle::Truncated | BadBundle::Damaged => Fail::BundleNotWhole,
        BadBundle::NotABundle | BadBundle::OtherTeam | BadBundle::Signature => Fail::NotABundle,
    }
}

/// Removes what a kill has left behind: files that no note names, and drafts that nobody writes.
fn sweep(rounds: &Rounds, folder: &Path) -> Result<(), Fail> {
    let shelf = rounds.store.read(shelf)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        let is_being_written = name.starts_with(DRAFT) && age < DRAFT_IS_OLD;
        if !shelf.contains_key(&name) && !is_being_written {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Copies at most the largest bundle; its name is its content.
fn copy(bundle: &mut dyn Read, to: &Path) -> Result<(String, u64), Fail> {
    let mut file = File::create(to)?;
    let bytes = std::io::copy(&mut bundle.take(LARGEST + 1), &mut file)?;
    if bytes > LARGEST {
        return Err(Fail::BundleTooLarge);
    }
    file.flush()?;
    file.sync_all()?;
    let (mut read, mut sum) = (File::open(to)?, Sha256::new());
    read.rewind()?;
    std::io::copy(&mut read, &mut sum)?;
    Ok((hex::encode(sum.finalize()), bytes))
}

/// Brings what is carried to the server. What is wrong with one is noted at it and stops no other. Records are
/// exchanged meanwhile, where the transport can do two things at once.
pub(crate) fn bring(
    rounds: &Rounds,
    transport: &dyn Transport,
    session: &Session<'_>,
    out: &mut Brought,
    exchange: Exchange<'_>,
) -> Result<(), Fail> {
    let shelf = rounds.store.read(shelf)?;
    let free_only = rounds.store.read(settings::load)?.wifi_only;
    let waits = || free_only && transport.blobs().is_some_and(|network| network.is_metered());
    for (name, carried) in shelf.iter().filter(|(_, c)| c.problem.is_none()) {
        let now = rounds.platform.clocks()?.wall_ms;
        let put_off = carried.put_off.as_ref().is_some_and(|put_off| put_off.lasts(now));
        if (put_off && session.cause != Cause::UserAsked) || (carried.bytes > 1 << 20 && waits()) {
            continue;
        }
        session.stop.check()?;
        let me = rounds.identity()?;
        let mut exchanged = Ok(());
        let mut meanwhile = || {
            if exchanged.is_ok() && rounds.has_to_exchange().unwrap_or(false) {
                exchanged = exchange();
            }
        };
        let sent = File::open(folder(rounds).join(name))
            .map_err(Fail::from)
            .and_then(|file| beside(transport, me.token(), file, carried.bytes, &mut meanwhile));
        match sent {
            Ok(taken) => {
                forget(rounds, name)?;
                out.taken.push(taken);
            }
            Err(Fail::Stopped(why)) => return Err(Fail::Stopped(why)),
            Err(fail) => {
                let error = RoundsError::from(fail);
                let why = Refusal::new(&error.code, error.text.clone(), error.remedy.clone());
                // What is not about the bundle itself may pass: it is tried again.
                let is_its_own = error.code.starts_with("bundle-");
                out.refused.extend(note(rounds, name, why, (!is_its_own).then_some(now))?);
                if !is_its_own {
                    exchanged?;
                    break;
                }
            }
        }
        exchanged?;
    }
    let left = rounds.store.read(self::shelf)?;
    out.waiting = left.values().filter(|carried| carried.problem.is_none()).count() as u64;
    Ok(())
}

/// Sends a bundle, and looks now and then at what else there is to do meanwhile.
fn beside(
    transport: &dyn Transport,
    token: &str,
    bundle: File,
    bytes: u64,
    meanwhile: &mut dyn FnMut(),
) -> Result<Taken, Fail> {
    if !transport.overlaps() {
        return transport.handover(token, bundle, bytes);
    }
    std::thread::scope(|scope| {
        let (tell, told) = channel();
        scope.spawn(move || {
            // Nobody listens any more only if this very sync is over.
            let _ = tell.send(transport.handover(token, bundle, bytes));
        });
        loop {
            match told.recv_timeout(LOOK) {
                Ok(sent) => return sent,
                Err(RecvTimeoutError::Timeout) => meanwhile(),
                Err(RecvTimeoutError::Disconnected) => return Err(Fail::System("request")),
            }
        }
    })
}

/// In how many milliseconds one that was put off is due, if one was.
pub(crate) fn due(db: &rusqlite::Connection, now_ms: i64) -> Result<Option<i64>, Fail> {
    let put_off = shelf(db)?.into_values().filter(|carried| carried.problem.is_none());
    let put_off = put_off.filter_map(|carried| carried.put_off).filter(|put_off| put_off.lasts(now_ms));
    Ok(put_off.map(|put_off| put_off.until_ms.saturating_sub(now_ms)).min())
}

/// Notes what is wrong with one; `passes` since when, if it may pass. That the server refused it for good is told
/// whoever carries it: somebody relies on them.
fn note(rounds: &Rounds, name: &str, why: Refusal, passes: Option<i64>) -> Result<Option<Carried>, Fail> {
    let at_ms = rounds.platform.clocks()?.wall_ms;
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        let Some(carried) = shelf.get_mut(name) else { return Ok(None) };
        let refused = match passes {
            Some(now_ms) => {
                let tries = carried.put_off.as_ref().map_or(0, |put_off| put_off.tries);
                let pause = (SHORTEST_PAUSE_MS << tries.min(16)).min(LONGEST_PAUSE_MS);
                let until_ms = now_ms.saturating_add(pause);
                carried.put_off = Some(PutOff { why, tries: tries.saturating_add(1), until_ms });
                None
            }
            None => {
                carried.problem = Some(why.clone());
                let (name, taken_ms) = (carried.name.clone(), carried.at_ms);
                notices::tell(tx, &Notice::Bundle { name, taken_ms, why: Box::new(why) }, at_ms)?;
                Some(carried.clone())
            }
        };
        meta::set(tx, "carried", &shelf)?;
        Ok(refused)
    })
}

/// First the note, then the file: a file without a note is overwritten or removed later.
fn forget(rounds: &Rounds, name: &str) -> Result<(), Fail> {
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        shelf.remove(name);
        meta::set(tx, "carried", &shelf)
    })?;
    match fs::remove_file(folder(rounds).join(name)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

fn shelf(db: &rusqlite::Connection) -> Result<Shelf, Fail> {
    Ok(meta::get(db, "carried")?.unwrap_or_default())
}

fn folder(rounds: &Rounds) -> PathBuf {
    rounds.blobs.with_file_name("carried")
}
