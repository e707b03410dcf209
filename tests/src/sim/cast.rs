//! Who and what is there before a run begins: a server with people, packs and master data, and the
//! phones of these people, enrolled. Made once and copied for each run. Every id is fixed, so that
//! nothing in a run depends on the system's randomness.

use super::machine::Machine;
use super::rng::Rng;
use super::server::{self, Server};
use anyhow::{Context, Result, anyhow};
use rounds_device::error::Fail;
use rounds_device::sync::transport::Transport;
use rounds_device::{Key, Rounds};
use rounds_model::document::Document;
use rounds_model::ids::{ActorId, DeviceId, DocId, PersonId, PublicKey, TeamId};
use rounds_model::people::{Person, Role};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest, Team};
use rounds_protocol::exchange::{Answer, PushItem, Receipt, Request};
use rounds_server::admin::publish;
use rounds_server::exchange::batch::Batch;
use rounds_server::exchange::caller::{Author, Holds};
use rounds_server::exchange::rules::{Rules, RulesCache};
use rounds_server::storage::log::{LogRow, What};
use rounds_server::storage::people::DeviceRow;
use rounds_server::storage::{Storage, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;

/// When every run begins: 2026-11-23, in the morning.
pub const NOW: i64 = 1_795_400_000_000;

/// The team.
pub const TEAM: TeamId = TeamId([1; 16]);

/// The key of every phone's store.
pub fn store_key() -> Key {
    Key([42; 32])
}

/// The people: who leads the team, and two who work in it.
pub const BOSS: PersonId = PersonId([10; 16]);
/// A rep with two or three phones.
pub const LI: PersonId = PersonId([11; 16]);
/// Another rep.
pub const ZHAO: PersonId = PersonId([12; 16]);
const OPERATOR: PersonId = PersonId([13; 16]);

/// The phones: whose they are. The last one is enrolled but has never synced.
pub const PHONES: [(&str, PersonId); 5] =
    [("li 1", LI), ("li 2", LI), ("boss", BOSS), ("zhao", ZHAO), ("li 3", LI)];

/// Which packs there are. Those with a workbook take ten times as long to load, so that most runs
/// do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packs {
    /// Visits and applications.
    Plain,
    /// And shelf audits, which have repeats.
    WithForms,
}

/// The beginning of every run.
pub struct Cast {
    dir: TempDir,
    /// The stores.
    pub stores: Vec<DocId>,
    /// The policies.
    pub policies: Vec<DocId>,
    /// What excuses the team from written plans, so that visits can begin.
    pub waivers: Vec<DocId>,
    /// Who serves the customers of the policies.
    pub staff: Vec<DocId>,
    /// Whether there are forms.
    pub packs: Packs,
    /// The rules of the team, loaded once for all runs.
    pub rules: Arc<RulesCache>,
}

impl Cast {
    /// Builds it in a folder of its own below `root`.
    pub fn build(root: &Path, packs: Packs) -> Result<Cast> {
        let dir = tempfile::Builder::new().prefix("rounds-sim-cast-").tempdir_in(root)?;
        let numbered = |kind: u8, n: u8| {
            (1..=n).map(|i| DocId([0, 0, 0, 0, 0, kind, 0x70, 0, 0x80, 0, 0, 0, 0, 0, kind, i])).collect()
        };
        let rules = Arc::new(RulesCache::default());
        let cast = Cast {
            stores: numbered(1, 3),
            policies: numbered(2, 3),
            waivers: numbered(3, 1),
            staff: numbered(4, 2),
            packs,
            rules,
            dir,
        };
        let file = cast.server();
        std::fs::create_dir_all(&file)?;
        let mut server =
            Server::open(crate::sim::folder::Folder::copy_of(&file, cast.dir.path().join("s"))?)?;
        cast.people(server.storage()?)?;
        cast.publish(server.storage()?)?;
        cast.master_data(server.storage()?)?;
        let office = Office { cast: &cast, server: Mutex::new(server) };
        for (n, _) in PHONES.iter().enumerate() {
            cast.enrol(&office, n)?;
        }
        server = office.server.into_inner().unwrap_or_else(PoisonError::into_inner);
        server.close_into(&file)?;
        Ok(cast)
    }

    /// True for a record that was there before.
    pub fn is_master(&self, doc: &DocId) -> bool {
        [&self.stores, &self.policies, &self.waivers, &self.staff].iter().any(|docs| docs.contains(doc))
    }

    /// How many there were.
    pub fn masters(&self) -> usize {
        self.stores.len() + self.policies.len() + self.waivers.len() + self.staff.len()
    }

    /// The folder of the server.
    pub fn server(&self) -> PathBuf {
        self.dir.path().join("server")
    }

    /// The folder of a phone.
    pub fn phone(&self, n: usize) -> PathBuf {
        self.dir.path().join(format!("phone-{n}"))
    }

    fn people(&self, storage: &dyn Storage) -> Result<()> {
        storage.add_team(&Team { id: TEAM, name: "大连".into(), zone: "Asia/Shanghai".into() })?;
        let mut tx = storage.write(TEAM)?;
        let people = [
            (BOSS, "王主管", Role::SUPERVISOR),
            (LI, "李娜", Role::REP),
            (ZHAO, "赵强", Role::REP),
            (OPERATOR, "Rounds", Role::OPERATOR),
        ];
        for (id, name, role) in people {
            tx.put_person(&Person { id, name: name.to_owned(), role: Role::from(role) })?;
            log(&mut *tx, What::Person, id.0.to_vec())?;
        }
        tx.put_lead(BOSS, LI)?;
        tx.put_lead(BOSS, ZHAO)?;
        tx.put_device(&device_row(own_device(), OPERATOR, [9; 32], PublicKey([9; 32]), Some(NOW)))?;
        Ok(tx.commit()?)
    }

    fn publish(&self, storage: &dyn Storage) -> Result<()> {
        let packs: &[&str] = match self.packs {
            Packs::Plain => &["daily-routine", "store-visit", "policy-application"],
            Packs::WithForms => &["daily-routine", "store-visit", "policy-application", "shelf-audit"],
        };
        for pack in packs {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs").join(pack);
            let bundle = publish::read_folder(&folder).map_err(|e| anyhow!("{pack}: {e:?}"))?;
            publish::publish(storage, TEAM, &bundle, false).map_err(|e| anyhow!("{pack}: {e:?}"))?;
        }
        Ok(())
    }

    fn master_data(&self, storage: &dyn Storage) -> Result<()> {
        let mut tx = storage.write(TEAM)?;
        let rules = Rules::load(&*tx)?;
        let person = tx.person(OPERATOR)?.context("the operator is missing")?;
        let author = Author {
            device: own_device(),
            key: PublicKey([9; 32]),
            person,
            holds: Holds::Everything,
            decided: false,
        };
        let mut items = vec![];
        let stores: &[_] = &[("code", "S"), ("label", "中山店")];
        let policies: &[_] = &[("holder", "刘敏"), ("service_code", "8001")];
        let staff: &[_] = &[("code", "8001"), ("user_type", "agent")];
        let all = [
            (&self.stores, "store", stores),
            (&self.policies, "policy", policies),
            (&self.waivers, "plan_duty", &[("note", "模拟"), ("until", "2099-12-31")]),
            (&self.staff, "staff", staff),
        ];
        let all = all.into_iter().flat_map(|(docs, kind, texts)| {
            docs.iter().enumerate().map(move |(n, doc)| (n, doc, kind, texts))
        });
        for (n, doc, kind, texts) in all {
            let mut values: Vec<(String, Scalar)> =
                texts.iter().map(|(key, text)| ((*key).to_owned(), Scalar::from(*text))).collect();
            // What only one of a kind may have.
            match kind {
                "policy" => values.push(("number".to_owned(), format!("P{n}").into())),
                "staff" => values
                    .push(("person".to_owned(), [LI, ZHAO].map(|p| p.to_string())[n % 2].clone().into())),
                _ => {}
            }
            values.push((rounds_workflow::KIND.to_owned(), kind.into()));
            values.push((rounds_workflow::OWNER.to_owned(), OPERATOR.to_string().into()));
            values.push((rounds_workflow::PACK.to_owned(), Scalar::Int(1)));
            let edit = Document::new().write(*doc, ActorId([7; 16]), NOW / 1000, &values)?;
            items.push(PushItem::Edit(edit.context("an edit says nothing")?).pack()?);
        }
        let mut batch = Batch::new(&mut *tx, rules, author, NOW);
        let receipts = batch.push(&items)?;
        batch.store()?;
        if let Some(Receipt::Held(refusal)) = receipts.iter().find(|r| matches!(r, Receipt::Held(_))) {
            return Err(anyhow!("master data is held: {}", refusal.code));
        }
        Ok(tx.commit()?)
    }

    fn enrol(&self, office: &Office<'_>, n: usize) -> Result<()> {
        let (name, _) = PHONES.get(n).context("no such phone")?;
        let machine = Arc::new(Machine::new(NOW, Rng::new(n as u64).draw()));
        let rounds = Rounds::open(&self.phone(n), store_key(), machine)?;
        rounds.enrol(office, "https://sim.invalid", &n.to_string(), name)?;
        if n + 1 < PHONES.len() {
            rounds.sync(office)?;
        }
        Ok(rounds.close()?)
    }
}

/// The network on the day when everything was set up: nothing goes wrong. An invitation is the
/// number of the phone.
struct Office<'a> {
    cast: &'a Cast,
    server: Mutex<Server>,
}

impl Transport for Office<'_> {
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail> {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server
            .exchange(&self.cast.rules, token, request, NOW)
            .map_err(|e| Fail::Fault(Box::new(e.fault().body())))
    }

    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        enrol(&server, request).map_err(|e| Fail::Offline(format!("{e:#}")))
    }
}

fn enrol(server: &Server, request: &EnrolRequest) -> Result<EnrolAnswer> {
    let n: usize = request.code.parse()?;
    let (_, person) = PHONES.get(n).context("no such phone")?;
    let (device, token) = (device(n), server::token(device(n)));
    let (_, hash) = rounds_server::secrets::token::read(&token).context("a token that is none")?;
    let mut tx = server.storage()?.write(TEAM)?;
    tx.put_device(&device_row(device, *person, hash, request.key, None))?;
    log(&mut *tx, What::Device, device.0.to_vec())?;
    let (team, person) = (tx.team()?, tx.person(*person)?.context("no such person")?);
    tx.commit()?;
    Ok(EnrolAnswer { device, token, person, team, server_ms: NOW })
}

/// The device of a phone.
pub fn device(n: usize) -> DeviceId {
    DeviceId([u8::try_from(n).unwrap_or(0) + 20; 16])
}

fn own_device() -> DeviceId {
    DeviceId([19; 16])
}

fn device_row(
    device: DeviceId,
    person: PersonId,
    token_hash: [u8; 32],
    key: PublicKey,
    revoked: Option<i64>,
) -> DeviceRow {
    let name = "phone".to_owned();
    DeviceRow { device, person, token_hash, key, name, enrolled: NOW, revoked, last_sync: None, unsent: 0 }
}

fn log(tx: &mut dyn Write, what: What, reference: Vec<u8>) -> Result<()> {
    let seq = tx.next_seq();
    Ok(tx.put_log(&[LogRow { seq, scope: Scope::Team, what, doc: None, reference, bytes: 150 }])?)
}
