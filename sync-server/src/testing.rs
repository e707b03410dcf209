//! For tests: an office with a small pack, and phones that exchange with it in process.

use crate::admin::{publish, report, team};
use crate::enrol::enrol;
use crate::error::Result;
use crate::exchange::exchange;
use crate::exchange::rules::RulesCache;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use ed25519_dalek::SigningKey;
use rounds_model::act::{Act, SignedAct};
use rounds_model::digest::{Digest, Entry, Summing};
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{ActId, ActorId, BootId, DeviceId, DocId, PersonId, TeamId};
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::time::{Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{
    Answer, Cursors, Handed, Packed, PullItem, PushItem, Receipt, Request, Take,
};
use rounds_workflow::bundle::Bundle;
use rounds_workflow::{Catalogue, Judged, Pack, Projection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use tempfile::TempDir;

/// 2026-11-23, in the morning.
pub const NOW: i64 = 1_795_400_000_000;
pub const BOSS: &str = "王主管";
pub const PASSWORD: &str = "correct horse";

pub struct Office {
    pub dir: TempDir,
    pub db: Sqlite,
    pub rules: RulesCache,
    pub team: TeamId,
    phones: AtomicU8,
}

pub struct Phone {
    pub device: DeviceId,
    pub token: String,
    pub key: SigningKey,
    pub actor: ActorId,
    pub person: PersonId,
    pub cursors: Cursors,
    pub docs: BTreeMap<DocId, Document>,
    pub stages: BTreeMap<DocId, String>,
    pub verdicts: BTreeMap<DocId, Vec<Verdict>>,
    pub history: BTreeMap<DocId, Vec<Judged>>,
    pub handed: BTreeMap<u64, Handed>,
    /// Where each tombstone is, and its stage.
    pub removed: BTreeMap<DocId, (Scope, String)>,
    leaving: BTreeSet<DocId>,
    pub take: Take,
    number: u64,
}

impl Office {
    pub fn new() -> Office {
        let dir = TempDir::new().unwrap();
        let db = Sqlite::open(&dir.path().join("rounds.db")).unwrap();
        let (team, _) = team::init(&db, "大连", "Asia/Shanghai", BOSS, PASSWORD, NOW).unwrap();
        let office =
            Office { dir, db, rules: RulesCache::default(), team: team.id, phones: AtomicU8::new(1) };
        office.publish(PACK);
        office
    }

    pub fn publish(&self, manifest: &str) {
        let bundle = Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap();
        publish::publish(&self.db, self.team, &bundle, false).unwrap();
    }

    pub fn invite(&self, name: &str, role: &str, led_by: Option<&str>) -> String {
        // Also servers of tests that run by the real clock must take it.
        let a_century = 100 * 365 * 24 * 3600 * 1000;
        team::invite(&self.db, self.team, name, role, led_by, a_century, NOW).unwrap().1.to_string()
    }

    /// A new phone of a rep who is led by the boss, or of the boss.
    pub fn phone(&self, name: &str) -> Phone {
        let (role, led_by) = if name == BOSS { ("supervisor", None) } else { ("rep", Some(BOSS)) };
        let code = self.invite(name, role, led_by);
        let n = self.phones.fetch_add(1, Ordering::Relaxed);
        let key = SigningKey::from_bytes(&[n; 32]);
        let answer = enrol(&self.db, &EnrolRequest::new(&code, "phone", &key), NOW).unwrap();
        Phone::of(answer, key, n)
    }

    /// What the server says all records of a person's scopes come to.
    pub fn digest(&self, phone: &Phone) -> Digest {
        let view = self.db.read(self.team).unwrap();
        report::digest(&*view, Some(&phone.person.to_string())).unwrap()
    }

    pub fn numbers(&self) -> Vec<u64> {
        let sql = "SELECT seq FROM log ORDER BY seq";
        let file = rusqlite::Connection::open(self.dir.path().join("rounds.db")).unwrap();
        let mut statement = file.prepare(sql).unwrap();
        statement.query_map([], |row| row.get::<_, i64>(0)).unwrap().map(|n| n.unwrap() as u64).collect()
    }
}

impl Phone {
    pub fn of(answer: EnrolAnswer, key: SigningKey, n: u8) -> Phone {
        Phone {
            device: answer.device,
            token: answer.token,
            key,
            actor: ActorId([n; 16]),
            person: answer.person.id,
            cursors: Cursors::new(),
            docs: BTreeMap::new(),
            stages: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            history: BTreeMap::new(),
            handed: BTreeMap::new(),
            removed: BTreeMap::new(),
            leaving: BTreeSet::new(),
            take: Take::default(),
            number: 0,
        }
    }

    /// The first edit of a record of a kind.
    pub fn create(&mut self, doc: DocId, kind: &str, owner: PersonId, answers: &[(&str, &str)]) -> Edit {
        let mut values: Vec<(String, Scalar)> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        values.push(("@kind".into(), kind.into()));
        values.push(("@owner".into(), owner.to_string().into()));
        values.push(("@pack".into(), 1.into()));
        self.write(doc, &values)
    }

    /// The same for the phone's person, with answers that are no texts.
    pub fn create_with(
        &mut self,
        doc: DocId,
        kind: &str,
        answers: &[(&str, &str)],
        more: &[(&str, Scalar)],
    ) -> Edit {
        let mut values: Vec<(String, Scalar)> =
            answers.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
        values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        values.push(("@kind".into(), kind.into()));
        values.push(("@owner".into(), self.person.to_string().into()));
        values.push(("@pack".into(), 1.into()));
        self.write(doc, &values)
    }

    pub fn ticket(&mut self, n: u8, title: &str) -> Edit {
        self.create(doc(n), "ticket", self.person, &[("title", title)])
    }

    pub fn set(&mut self, doc: DocId, key: &str, value: &str) -> Edit {
        self.write(doc, &[(key.to_owned(), value.into())])
    }

    fn write(&mut self, doc: DocId, values: &[(String, Scalar)]) -> Edit {
        let document = self.docs.entry(doc).or_default();
        document.write(doc, self.actor, NOW / 1000, values).unwrap().unwrap()
    }

    pub fn act(&mut self, doc: DocId, name: &str, stage: &str) -> SignedAct {
        self.act_with(doc, name, stage, &[])
    }

    pub fn act_with(&mut self, doc: DocId, name: &str, stage: &str, payload: &[(&str, &str)]) -> SignedAct {
        self.number += 1;
        let reading = Reading { wall_ms: NOW, mono_ms: 1, boot: BootId([0; 16]) };
        let act = Act {
            id: ActId::v7(NOW as u64 + self.number, [self.actor.0[0]; 10]),
            doc,
            name: name.into(),
            person: self.person,
            device: self.device,
            number: self.number,
            pack: 1,
            heads: self.docs.get(&doc).map(Document::heads).unwrap_or_default(),
            stage: stage.into(),
            payload: payload.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect(),
            proofs: vec![],
            time: TrustedTime::judge(reading, None),
        };
        act.sign(&self.key).unwrap()
    }

    pub fn request(&self, push: Vec<Packed>) -> Request {
        Request {
            device: self.device,
            epoch: None,
            cursors: self.cursors.clone(),
            push,
            take: self.take,
            unsent: 0,
            wants_key: false,
            packs: vec![],
        }
    }

    /// One exchange; the answer is lost if `lost`.
    pub fn try_exchange(&mut self, office: &Office, push: Vec<Packed>, lost: bool) -> Result<Answer> {
        let request = self.request(push);
        let answer = exchange(&office.db, &office.rules, &self.token, &request, NOW)?;
        if !lost {
            self.take_in(&answer);
        }
        Ok(answer)
    }

    pub fn push(&mut self, office: &Office, push: Vec<Packed>) -> Vec<Receipt> {
        self.try_exchange(office, push, false).unwrap().receipts
    }

    /// Exchanges until there is no more.
    pub fn sync(&mut self, office: &Office) -> Vec<PullItem> {
        let mut items = vec![];
        loop {
            let answer = self.try_exchange(office, vec![], false).unwrap();
            items.extend(answer.pull);
            if !answer.more {
                return items;
            }
        }
    }

    pub fn take_in(&mut self, answer: &Answer) {
        for item in &answer.pull {
            if let PullItem::Left { doc } = item
                && (self.docs.contains_key(doc) || self.removed.contains_key(doc))
            {
                self.leaving.insert(*doc);
            }
        }
        for item in &answer.pull {
            match item {
                PullItem::Earlier { doc, bytes } => {
                    let new = Document::load(bytes).unwrap();
                    self.docs.entry(*doc).or_default().merge(&new).unwrap();
                    self.back(doc);
                }
                PullItem::Removed { doc, scope, act, verdict } => {
                    self.back(doc);
                    self.ruled(act, verdict);
                    self.removed.insert(*doc, (scope.clone(), verdict.stage.clone()));
                }
                PullItem::Handed(handed) => {
                    self.handed.insert(handed.number.0, (**handed).clone());
                }
                PullItem::Change { doc, bytes } => {
                    self.docs.entry(*doc).or_default().apply_bytes([bytes.as_slice()]).unwrap();
                    self.stages.entry(*doc).or_insert_with(|| "open".into());
                }
                PullItem::Snapshot { doc, bytes, projection, .. } => {
                    let new = Document::load(bytes).unwrap();
                    self.docs.entry(*doc).or_default().merge(&new).unwrap();
                    let projection: Projection = rounds_model::canonical::decode(projection).unwrap();
                    self.stages.insert(*doc, projection.stage);
                    self.back(doc);
                }
                PullItem::Ruled { act, verdict } => self.ruled(act, verdict),
                _ => {}
            }
        }
        self.cursors = answer.cursors.clone();
        if !answer.more {
            self.tidy();
        }
    }

    fn ruled(&mut self, act: &SignedAct, verdict: &Verdict) {
        let act = act.read().unwrap();
        let all = self.verdicts.entry(verdict.doc).or_default();
        if !all.contains(verdict) {
            all.push(verdict.clone());
            let judged = Judged { act, verdict: Some(verdict.clone()) };
            self.history.entry(verdict.doc).or_default().push(judged);
        }
        // The last one by the server's order counts, whatever the order on the way.
        let last = all.iter().max_by_key(|v| v.seq).unwrap();
        self.stages.insert(verdict.doc, last.stage.clone());
    }

    /// Begins anew: everything comes again.
    pub fn forget(&mut self) {
        self.docs.clear();
        self.stages.clear();
        self.verdicts.clear();
        self.history.clear();
        self.handed.clear();
        self.removed.clear();
        self.leaving.clear();
        self.cursors.clear();
    }

    fn back(&mut self, doc: &DocId) {
        self.leaving.remove(doc);
        self.removed.remove(doc);
    }

    fn tidy(&mut self) {
        let mut gone: Vec<DocId> = std::mem::take(&mut self.leaving).into_iter().collect();
        let left = |doc: &&DocId| self.known_scope(doc).is_some_and(|s| !self.cursors.contains_key(&s));
        gone.extend(self.docs.keys().filter(left));
        for doc in gone {
            self.docs.remove(&doc);
            self.stages.remove(&doc);
            self.verdicts.remove(&doc);
            self.history.remove(&doc);
            self.removed.remove(&doc);
        }
        self.removed.retain(|_, (scope, _)| self.cursors.contains_key(scope));
    }

    /// In which scope a record is, as this phone sees it.
    pub fn scope(&self, doc: &DocId) -> Scope {
        let owner = |doc| Scope::Person(rounds_workflow::identity(&self.docs[doc].fields()).unwrap().owner);
        self.known_scope(doc).unwrap_or_else(|| owner(doc))
    }

    /// The same; none if this phone does not know the record's kind.
    fn known_scope(&self, doc: &DocId) -> Option<Scope> {
        let fields = self.docs[doc].fields();
        let none = vec![];
        let history = self.history.get(doc).unwrap_or(&none);
        let moment = rounds_workflow::moment(NOW, chrono_tz::Asia::Shanghai);
        let projection = rounds_workflow::project(catalogue(), *doc, &fields, history, moment, None);
        projection.ok().map(|projection| projection.scope)
    }

    /// What the phone says they come to.
    pub fn digest(&self) -> Digest {
        sum(&self.sums())
    }

    fn sums(&self) -> Vec<(Scope, Entry)> {
        let mut out = vec![];
        for (doc, (scope, stage)) in &self.removed {
            out.push((scope.clone(), Entry::removed(*doc, stage.clone())));
        }
        for (doc, document) in self.docs.iter().filter(|(doc, _)| !self.removed.contains_key(doc)) {
            let fields = document.fields();
            let scope = self.scope(doc);
            let stage = self.stages.get(doc).cloned().unwrap_or_else(|| "open".into());
            let mut verdicts = self.verdicts.get(doc).cloned().unwrap_or_default();
            verdicts.sort_by_key(|v| v.seq);
            let verdicts = verdicts.iter().map(|v| (v.act, v.outcome == Outcome::Accepted)).collect();
            let entry = Entry { doc: *doc, heads: document.heads(), fields, stage, verdicts };
            out.push((scope, entry));
        }
        out.sort_by_key(|(_, entry)| entry.doc);
        out
    }
}

fn sum(entries: &[(Scope, Entry)]) -> Digest {
    let mut summing = Summing::default();
    entries.iter().for_each(|(scope, entry)| summing.add(scope.clone(), entry).unwrap());
    summing.finish()
}

/// The folder of the pack whose acts have rules across records.
pub fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/rules")
}

/// The rules of [`MOVING`], which are those of [`PACK`] and more, and those of [`rules_folder`].
fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let moving = Bundle::new([("pack.toml", moving().into_bytes())]).unwrap();
        let rules = crate::admin::publish::read_folder(&rules_folder()).unwrap();
        Catalogue::new([Pack::load(&moving).unwrap(), Pack::load(&rules).unwrap()]).unwrap()
    })
}

/// [`PACK`], and how its tickets change hands and are removed, and notices of an area.
pub fn moving() -> String {
    format!("{}{MOVING}", PACK.replace("version = 1", "version = 2"))
}

const MOVING: &str = r#"
[kinds.ticket.stages.gone]
title = { zh = "已移除", en = "Removed" }
[kinds.ticket.acts.give]
title = { zh = "转交", en = "Give" }
from = ["open", "sent"]
to = "open"
roles = ["rep", "supervisor"]
who = "anyone"
assigns = "whom"
payload = [{ name = "whom", type = "person", title = { zh = "给谁", en = "To whom" }, required = true }]
[kinds.ticket.acts.remove]
title = { zh = "移除", en = "Remove" }
from = ["open", "sent"]
to = "gone"
roles = ["rep", "supervisor"]
who = "anyone"
removes = true
[kinds.ticket.acts.undo]
title = { zh = "恢复", en = "Bring back" }
from = ["gone"]
to = "open"
roles = ["rep", "supervisor"]
who = "anyone"

[kinds.notice]
title = { zh = "通知", en = "Notice" }
plural = { zh = "通知", en = "Notices" }
scope = { area = "region" }
create = ["rep", "supervisor"]
initial = "open"
fields = [
    { name = "text", type = "text", title = { zh = "内容", en = "Text" } },
    { name = "region", type = "text", title = { zh = "区域", en = "Region" } },
]
[kinds.notice.display]
title = { zh = "${text}", en = "${text}" }
[kinds.notice.stages]
open = { title = { zh = "有效", en = "Open" } }
[[kinds.notice.write]]
stages = ["*"]
roles = ["rep", "supervisor"]
who = "anyone"
fields = ["*"]
"#;

pub fn doc(n: u8) -> DocId {
    DocId([n; 16])
}

pub fn edit(edit: &Edit) -> Packed {
    PushItem::Edit(edit.clone()).pack().unwrap()
}

pub fn act(act: &SignedAct) -> Packed {
    PushItem::Act(act.clone()).pack().unwrap()
}

/// What became of each item, in one word.
pub fn words(receipts: &[Receipt]) -> Vec<String> {
    let word = |receipt: &Receipt| match receipt {
        Receipt::Stored(_) => "stored".to_owned(),
        Receipt::Duplicate(_) => "duplicate".to_owned(),
        Receipt::Held(refusal) => refusal.code.clone(),
        Receipt::Taken(refusal) => format!("taken {}", refusal.code),
    };
    receipts.iter().map(word).collect()
}

pub fn ruling(verdict: &Verdict) -> String {
    match &verdict.outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Blocked(refusal) => refusal.code.clone(),
    }
}

pub const PACK: &str = r#"
id = "tickets"
version = 1
title = { zh = "工单", en = "Tickets" }

[kinds.place]
title = { zh = "地点", en = "Place" }
plural = { zh = "地点", en = "Places" }
scope = "team"
create = ["operator"]
initial = "open"
fields = [
    { name = "code", type = "text", title = { zh = "编号", en = "Code" }, required = true },
    { name = "size", type = "integer", title = { zh = "大小", en = "Size" } },
]
[kinds.place.display]
title = { zh = "${code}", en = "${code}" }
[kinds.place.stages]
open = { title = { zh = "营业", en = "Open" } }
[[kinds.place.write]]
stages = ["*"]
roles = ["operator"]
who = "anyone"
fields = ["*"]

[kinds.ticket]
title = { zh = "工单", en = "Ticket" }
plural = { zh = "工单", en = "Tickets" }
scope = "owner"
create = ["rep", "supervisor"]
assign = ["supervisor"]
initial = "open"
search = ["title"]
fields = [
    { name = "title", type = "text", title = { zh = "标题", en = "Title" }, required = true },
    { name = "seat", type = "text", title = { zh = "座位", en = "Seat" } },
    { name = "note", type = "text", title = { zh = "说明", en = "Note" } },
]
[kinds.ticket.display]
title = { zh = "${title}", en = "${title}" }
[kinds.ticket.stages]
open = { title = { zh = "未办", en = "Open" } }
sent = { title = { zh = "已交", en = "Sent" } }
done = { title = { zh = "办结", en = "Done" } }
[[kinds.ticket.write]]
stages = ["open"]
roles = ["rep", "supervisor"]
who = "owner"
fields = ["title", "seat"]
[[kinds.ticket.write]]
stages = ["*"]
roles = ["rep", "supervisor"]
who = "anyone"
fields = ["note"]
[kinds.ticket.acts.send]
title = { zh = "提交", en = "Send" }
from = ["open"]
to = "sent"
roles = ["rep", "supervisor"]
who = "owner"
complete = true
[kinds.ticket.acts.finish]
title = { zh = "办结", en = "Finish" }
from = ["sent"]
to = "done"
roles = ["supervisor"]
who = "anyone"

[[arbitration]]
type = "one_open"
name = "one-seat"
kind = "ticket"
key = "${seat}"
open = ["sent"]
code = "seat-taken"
field = "seat"
reason = { zh = "座位已占。", en = "The seat is taken." }
remedy = { zh = "换一个座位。", en = "Choose another seat." }
"#;
