//! A team for tests: packs from the repository, people, and a world of records in memory that
//! does what a server does.

use rounds_forms::expr::Moment;
use rounds_model::act::Act;
use rounds_model::ids::{ActId, BootId, DeviceId, DocId, PersonId, Seq};
use rounds_model::people::Role;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::time::{Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_workflow::{
    Ahead, Bundle, Catalogue, Claim, Judged, Known, Pack, Person, Projection, Record, Ruling, World,
    WorldError, may_create, moment, project, proofs, rule,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// The packs of this repository, in the order in which they need each other.
pub fn packs() -> impl Iterator<Item = &'static str> {
    include_str!("../../../packs/order.txt").lines()
}

pub const ZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;
/// 2026-11-23 09:12 in Shanghai.
pub const MORNING: i64 = 1_795_396_320_000;
pub const LI: PersonId = PersonId([1; 16]);
pub const WANG: PersonId = PersonId([2; 16]);
pub const BOSS: PersonId = PersonId([3; 16]);
pub const OPERATOR: PersonId = PersonId([4; 16]);
/// At the counter of the branch.
pub const CLERK: PersonId = PersonId([5; 16]);
/// In the department that reviews.
pub const REVIEWER: PersonId = PersonId([6; 16]);
/// At the insurer.
pub const INSURER: PersonId = PersonId([7; 16]);
/// Who files papers at the branch.
pub const ARCHIVIST: PersonId = PersonId([8; 16]);

pub fn role(of: PersonId) -> &'static Role {
    static ROLES: OnceLock<[Role; 7]> = OnceLock::new();
    let names = [Role::REP, Role::SUPERVISOR, Role::OPERATOR, "clerk", "reviewer", "insurer", "archivist"];
    let roles = ROLES.get_or_init(|| names.map(Role::from));
    match of {
        BOSS => &roles[1],
        OPERATOR => &roles[2],
        CLERK => &roles[3],
        REVIEWER => &roles[4],
        INSURER => &roles[5],
        ARCHIVIST => &roles[6],
        _ => &roles[0],
    }
}

pub fn who(id: PersonId) -> Person<'static> {
    Person { id, role: role(id) }
}

pub fn bundle(id: &str) -> Bundle {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(id))
}

/// A pack that is for tests only.
pub fn rules() -> Bundle {
    for_tests("rules")
}

pub fn for_tests(id: &str) -> Bundle {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs").join(id))
}

fn read(root: &Path) -> Bundle {
    let mut files = Vec::new();
    for folder in ["", "forms", "tables"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let path = Path::new(folder).join(entry.file_name());
            files.push((path.to_str().unwrap().to_owned(), std::fs::read(entry.path()).unwrap()));
        }
    }
    Bundle::new(files).unwrap()
}

pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let bundles = packs().map(bundle).chain([rules(), for_tests("mechanisms")]);
        let packs: Vec<Pack> = bundles.map(|bundle| Pack::load(&bundle).unwrap()).collect();
        Catalogue::new(packs).unwrap()
    })
}

pub static NOTHING: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
/// Of no waiting act it is known how it is expected to be ruled.
pub static NONE_FORESEEN: rounds_workflow::Foreseen = rounds_workflow::Foreseen::new();

pub fn doc(n: u8) -> DocId {
    DocId([n; 16])
}

pub fn fields(pairs: &[(&str, Scalar)]) -> BTreeMap<String, Scalar> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

pub fn at(at_ms: i64) -> TrustedTime {
    let reading = Reading { wall_ms: at_ms, mono_ms: 1, boot: BootId([0; 16]) };
    TrustedTime::judge(reading, None)
}

pub fn now() -> Moment {
    moment(MORNING, ZONE)
}

#[derive(Default, Clone)]
pub struct Server {
    pub fields: BTreeMap<DocId, BTreeMap<String, Scalar>>,
    pub history: BTreeMap<DocId, Vec<Judged>>,
    pub broken: bool,
    /// It is a phone, which holds a part.
    pub partly: bool,
    /// What the server's clock says; the acts' own times, if it says nothing.
    pub clock: Option<i64>,
    /// The counters of automatic numbers; a phone has none.
    pub counters: Option<BTreeMap<String, u64>>,
    pub seq: u64,
    /// The answers of records that two people gave differently.
    pub contested: BTreeMap<DocId, std::collections::BTreeSet<String>>,
}

impl Server {
    pub fn create(
        &mut self,
        id: DocId,
        kind: &str,
        owner: PersonId,
        by: PersonId,
        answers: &[(&str, Scalar)],
    ) {
        let kind_of = catalogue().kind(kind).unwrap();
        let mut all = fields(answers);
        all.insert("@kind".into(), kind.into());
        all.insert("@owner".into(), owner.to_string().into());
        all.insert("@pack".into(), Scalar::Int(i64::from(kind_of.version)));
        may_create(kind_of, &who(by), owner, &all).unwrap();
        self.fields.insert(id, all);
    }

    pub fn set(&mut self, id: DocId, key: &str, value: impl Into<Scalar>) {
        self.fields.get_mut(&id).unwrap().insert(key.to_owned(), value.into());
    }

    pub fn history(&self, id: DocId) -> &[Judged] {
        self.history.get(&id).map_or(&[], Vec::as_slice)
    }

    pub fn record(&self, id: DocId) -> Record {
        let fields = self.fields[&id].clone();
        let kind = catalogue().kind(fields["@kind"].as_text().unwrap()).unwrap();
        let mut record = Record::after(kind, id, fields, self.history(id)).unwrap();
        record.contested = self.contested.get(&id).cloned().unwrap_or_default();
        record
    }

    pub fn project(&self, id: DocId) -> Projection {
        project(catalogue(), id, &self.fields[&id], self.history(id), now(), None).unwrap()
    }

    pub fn statement(&self, id: DocId, name: &str, by: PersonId, payload: &[(&str, Scalar)]) -> Act {
        Act {
            id: ActId([self.seq as u8; 16]),
            doc: id,
            name: name.into(),
            person: by,
            device: DeviceId(by.0),
            number: self.seq + 1,
            pack: 1,
            heads: vec![],
            stage: self.record(id).stage,
            payload: fields(payload),
            proofs: vec![],
            time: at(MORNING),
        }
    }

    pub fn judge(&mut self, act: Act) -> Ruling {
        let ruling = rule(catalogue(), &self.record(act.doc), &act, &who(act.person), self, ZONE).unwrap();
        self.seq += 1;
        for issued in &ruling.issued {
            let counters = self.counters.as_mut().unwrap();
            counters.insert(issued.counter.clone(), issued.number);
        }
        let verdict = Verdict {
            act: act.id,
            doc: act.doc,
            seq: Seq(self.seq),
            outcome: ruling.outcome.clone(),
            stage: ruling.stage.clone(),
            at_ms: act.time.at_ms,
            facts: ruling.facts.clone(),
            turned: ruling.turned.clone(),
        };
        self.history.entry(act.doc).or_default().push(Judged { act, verdict: Some(verdict) });
        ruling
    }

    pub fn act(&mut self, id: DocId, name: &str, by: PersonId, payload: &[(&str, Scalar)]) -> Ruling {
        self.judge(self.statement_at(MORNING, id, name, by, payload))
    }

    /// An act as the author's phone makes it, with what it rests on, at another time.
    pub fn statement_at(
        &self,
        at_ms: i64,
        id: DocId,
        name: &str,
        by: PersonId,
        payload: &[(&str, Scalar)],
    ) -> Act {
        let act = self.statement(id, name, by, payload);
        let record = self.record(id);
        let proofs = proofs(catalogue(), &record, name, &act.payload, self, at_ms, ZONE).unwrap();
        Act { proofs, time: at(at_ms), ..act }
    }

    pub fn stage(&self, id: DocId) -> String {
        self.record(id).stage
    }

    pub fn ahead(&self, by: PersonId) -> Ahead<'_> {
        Ahead {
            who: who(by),
            world: self,
            zone: ZONE,
            heads: &[],
            contested: &NOTHING,
            foreseen: &NONE_FORESEEN,
        }
    }
}

impl World for Server {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        if self.broken {
            return Err(WorldError("disk".into()));
        }
        Ok(self.fields.contains_key(&id).then(|| self.project(id).known()))
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        let all = self.fields.keys().flat_map(|id| self.project(*id).claims.into_iter().map(|c| (*id, c)));
        Ok(all.filter(|(_, claim)| claim.rule == rule && claim.key == key).collect())
    }

    fn history(&self, id: DocId) -> Result<std::sync::Arc<Vec<Judged>>, WorldError> {
        Ok(std::sync::Arc::new(Server::history(self, id).to_vec()))
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        let name = match person {
            LI => "李娜",
            WANG => "王强",
            _ => return Ok(None),
        };
        Ok(Some(name.to_owned()))
    }

    fn issued(&self, counter: &str) -> Result<Option<u64>, WorldError> {
        Ok(self.counters.as_ref().map(|counters| counters.get(counter).copied().unwrap_or(0)))
    }

    fn is_whole(&self) -> bool {
        !self.partly
    }

    fn received_ms(&self) -> Option<i64> {
        self.clock
    }
}

pub fn accepted(ruling: &Ruling) {
    assert_eq!(ruling.outcome, Outcome::Accepted, "{ruling:?}");
}

pub fn blocked(ruling: &Ruling, code: &str) -> Refusal {
    match &ruling.outcome {
        Outcome::Blocked(refusal) => {
            assert_eq!(refusal.code, code, "{refusal:?}");
            for text in [&refusal.reason, &refusal.remedy] {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{refusal:?}");
            }
            refusal.clone()
        }
        Outcome::Accepted => panic!("accepted, but should be blocked: {code}"),
    }
}
