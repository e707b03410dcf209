//! A team, its people and a morning's work, put straight into the database.

pub use super::browser::{Answer, Browser};
use super::kinds::Words;
use crate::console::{Console, routes};
use crate::secrets::password;
use crate::storage::Storage;
use crate::storage::people::DeviceRow;
use crate::storage::records::{ActRow, DocumentRow, RecordRow};
use crate::storage::sqlite::Sqlite;
use axum::Router;
use axum::http::StatusCode;
use ed25519_dalek::SigningKey;
use rounds_model::act::Act;
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::ids::*;
use rounds_model::people::Person;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_model::time::{Judgement, Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::enrol::Team;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;

/// Mon 23 Nov 2026, 14:32 in Dalian.
pub const NOW: i64 = 1_795_415_520_000;
pub const MINUTE: i64 = 60_000;
pub const PASSWORD: &str = "four quiet words";
pub const TEAM: TeamId = TeamId([1; 16]);

pub const CHEN: PersonId = PersonId([2; 16]);
pub const OTHER: PersonId = PersonId([3; 16]);
pub const LI: PersonId = PersonId([10; 16]);
pub const WANG: PersonId = PersonId([11; 16]);
pub const SUN: PersonId = PersonId([12; 16]);

pub const STORE: DocId = DocId([20; 16]);
pub const VISIT: DocId = DocId([21; 16]);
pub const DONE: DocId = DocId([22; 16]);
pub const CLAIM: DocId = DocId([23; 16]);
pub const FOREIGN: DocId = DocId([24; 16]);

fn clock() -> i64 {
    NOW
}

fn clock_later() -> i64 {
    NOW + 13 * 60 * MINUTE
}

/// A console, and the folder that its database is in.
pub struct Fixture {
    pub storage: Arc<Sqlite>,
    folder: TempDir,
}

impl Fixture {
    /// A team with people, and no work yet.
    pub fn people() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let storage = Arc::new(Sqlite::open(&folder.path().join("rounds.db")).unwrap());
        storage.add_team(&Team { id: TEAM, name: "大连一队".into(), zone: "Asia/Shanghai".into() }).unwrap();
        let mut tx = storage.write(TEAM).unwrap();
        let hash = password::hash(PASSWORD).unwrap();
        for (id, name, role) in [
            (CHEN, "陈静", "supervisor"),
            (OTHER, "Other", "supervisor"),
            (LI, "李娜", "rep"),
            (WANG, "王芳", "rep"),
            (SUN, "孙丽", "rep"),
        ] {
            tx.put_person(&Person { id, name: name.into(), role: role.into() }).unwrap();
            tx.put_password(id, Some(&hash)).unwrap();
        }
        tx.put_lead(CHEN, LI).unwrap();
        tx.put_lead(CHEN, WANG).unwrap();
        tx.put_lead(OTHER, SUN).unwrap();
        tx.commit().unwrap();
        Fixture { storage, folder }
    }

    /// The same with phones and a morning's work.
    pub fn morning() -> Fixture {
        let f = Fixture::people();
        f.phone(LI, "Li's phone", Some(NOW - 5 * MINUTE), 4);
        f.phone(WANG, "Wang's phone", None, 0);
        f.phone(SUN, "Sun's phone", Some(NOW - MINUTE), 9);
        f.record(
            STORE,
            "store",
            "open",
            LI,
            Scope::Team,
            None,
            &[edit(LI, 0, &[("name", "Zhongshan Square")])],
        );
        let visit = [("store", STORE.to_string()), ("note", "<script>alert(1)</script>".into())];
        let visit: Vec<_> = visit.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let day = Some("2026-11-23");
        let rows = [("sku/b/name", "Tea"), ("sku/b/@ord", "1"), ("sku/a/name", "Milk"), ("sku/a/@ord", "2")];
        f.record(
            VISIT,
            "visit",
            "planned",
            LI,
            Scope::Person(LI),
            day,
            &[edit(LI, 1, &visit), edit(LI, 2, &rows)],
        );
        f.record(DONE, "visit", "done", LI, Scope::Person(LI), day, &[edit(LI, 3, &[("note", "fine")])]);
        f.record(
            FOREIGN,
            "visit",
            "planned",
            SUN,
            Scope::Person(SUN),
            day,
            &[edit(SUN, 4, &[("note", "secret")])],
        );
        f.record(
            CLAIM,
            "claim",
            "draft",
            WANG,
            Scope::Person(WANG),
            None,
            &[edit(WANG, 5, &[("note", "0411-1")])],
        );
        f.act(VISIT, LI, "check_in", 1, None);
        let refusal = Refusal::new(
            "one-open-application",
            Text::new("这张保单已有一份申请", "One open application exists for this policy"),
            Text::new("打开另一份", "Open the other one"),
        );
        f.act(
            CLAIM,
            WANG,
            "submit",
            2,
            Some(Refusal { rule: Some("O.14".into()), link: Some(VISIT), ..refusal }),
        );
        f
    }

    pub fn phone(&self, person: PersonId, name: &str, last_sync: Option<i64>, unsent: u64) {
        let mut tx = self.storage.write(TEAM).unwrap();
        let device = device(person);
        tx.put_device(&DeviceRow {
            device,
            person,
            token_hash: [0; 32],
            key: PublicKey([0; 32]),
            name: name.into(),
            enrolled: 0,
            revoked: None,
            last_sync,
            unsent,
        })
        .unwrap();
        tx.bind_actors(device, &[pen(person)]).unwrap();
        tx.commit().unwrap();
    }

    /// Stores a record that was written by these edits, one after the other.
    #[allow(clippy::too_many_arguments)]
    pub fn record(
        &self,
        doc: DocId,
        kind: &str,
        stage: &str,
        owner: PersonId,
        scope: Scope,
        day: Option<&str>,
        edits: &[Written],
    ) {
        let mut document = Document::new();
        for w in edits {
            document.write(doc, pen(w.by), w.at / 1000, &w.values).unwrap();
        }
        self.document(doc, kind, stage, owner, scope, day, &document);
    }

    /// Stores a record with this content.
    #[allow(clippy::too_many_arguments)]
    pub fn document(
        &self,
        doc: DocId,
        kind: &str,
        stage: &str,
        owner: PersonId,
        scope: Scope,
        day: Option<&str>,
        document: &Document,
    ) {
        let mut tx = self.storage.write(TEAM).unwrap();
        let seq = tx.next_seq();
        let settled = 0;
        let conflicts = u32::try_from(document.conflicts().len()).unwrap();
        let row = DocumentRow {
            doc,
            scope: scope.clone(),
            snapshot: document.save(),
            heads: document.heads(),
            edits: document.len() as u64,
            plain: 0,
            first_seq: seq,
            last_seq: seq,
        };
        tx.put_documents(&[row]).unwrap();
        let (kind, stage, day) = (kind.to_owned(), stage.to_owned(), day.map(str::to_owned));
        let title = document.get("name").or(document.get("note")).map(|t| t.to_string()).unwrap_or_default();
        let data = BTreeMap::from([("title", title)]);
        let projection = canonical::encode(&BTreeMap::from([("data", data)])).unwrap();
        let (subject, removed) = (None, false);
        tx.put_records(&[RecordRow {
            doc,
            kind,
            stage,
            owner,
            scope,
            day,
            conflicts,
            settled,
            subject,
            projection,
            removed,
        }])
        .unwrap();
        tx.commit().unwrap();
    }

    /// Stores an act with its ruling.
    pub fn act(&self, doc: DocId, by: PersonId, name: &str, number: u8, blocked: Option<Refusal>) {
        let at = NOW - 60 * MINUTE + i64::from(number) * MINUTE;
        let reading = Reading { wall_ms: at, mono_ms: 1, boot: BootId([0; 16]) };
        let act = Act {
            id: ActId([number; 16]),
            doc,
            name: name.into(),
            person: by,
            device: device(by),
            number: number.into(),
            pack: 1,
            heads: vec![],
            stage: "planned".into(),
            payload: [("reason".to_owned(), Scalar::from("rain"))].into(),
            proofs: vec![],
            time: TrustedTime {
                at_ms: at,
                reading,
                anchor: None,
                seen: None,
                gps: None,
                judgement: Judgement::Suspect,
            },
        };
        let signed = act.sign(&SigningKey::from_bytes(&[7; 32])).unwrap();
        let mut tx = self.storage.write(TEAM).unwrap();
        let seq = tx.next_seq();
        let outcome = blocked.map_or(Outcome::Accepted, Outcome::Blocked);
        let facts = [("distance_m".to_owned(), Scalar::Int(35))].into();
        let stage = "planned".into();
        let verdict =
            Verdict { act: act.id, doc, seq, outcome, stage, facts, turned: None, at_ms: at + 1000 };
        let (device, body, signature) = (act.device, signed.body, signed.signature);
        tx.put_acts(&[ActRow { act: act.id, doc, seq, device, body, signature, verdict }]).unwrap();
        tx.commit().unwrap();
    }

    /// How many sessions the database has.
    pub fn sessions(&self) -> i64 {
        let file = rusqlite::Connection::open(self.folder.path().join("rounds.db")).unwrap();
        file.query_row("SELECT count(*) FROM sessions", [], |row| row.get(0)).unwrap()
    }

    pub fn router(&self) -> Router {
        routes::routes(Console::new(self.storage.clone(), Arc::new(Words), clock, false))
    }

    /// The same console thirteen hours later.
    pub fn router_later(&self) -> Router {
        routes::routes(Console::new(self.storage.clone(), Arc::new(Words), clock_later, false))
    }

    pub fn router_tls(&self) -> Router {
        routes::routes(Console::new(self.storage.clone(), Arc::new(Words), clock, true))
    }

    /// A browser that is signed in.
    pub async fn browser(&self, name: &str) -> Browser {
        let mut browser = Browser::new(self.router());
        let token = browser.get("/sign-in").await.token();
        let answer =
            browser.post("/sign-in", &[("csrf", &token), ("name", name), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }
}

/// One edit to be written.
pub struct Written {
    by: PersonId,
    at: i64,
    values: Vec<(String, Scalar)>,
}

/// Values written by a person, some minutes after the morning began.
pub fn edit(by: PersonId, minutes: i64, values: &[(&str, &str)]) -> Written {
    let values = values.iter().map(|(k, v)| ((*k).to_owned(), Scalar::from(*v))).collect();
    Written { by, at: NOW - 180 * MINUTE + minutes * MINUTE, values }
}

pub fn device(person: PersonId) -> DeviceId {
    DeviceId(person.0)
}

pub fn pen(person: PersonId) -> ActorId {
    ActorId(person.0)
}
