//! A server in memory: it takes what phones say, rules on their acts with the code that the real one rules with, and
//! sends what is new, page by page. And a line to it that breaks off where a test says so, and that watches whether
//! what a phone expects of its acts is how they are ruled.

#![allow(clippy::unwrap_used, clippy::panic, dead_code)] // Helpers of tests may, and each target uses its part.

use super::{Phone, ZONE, someone};
use rounds_device::error::Fail;
use rounds_device::store::{acts, foreseen};
use rounds_device::sync::compose::Bounds;
use rounds_device::sync::transport::Transport;
use rounds_model::document::Document;
use rounds_model::ids::{ActId, DeviceId, DocId, Epoch, PersonId, PublicKey, Seq};
use rounds_model::people::{Device, Role};
use rounds_model::scope::Scope;
use rounds_model::verdict::Verdict;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Packed, PullItem, PushItem, Receipt, Request, Take};
use rounds_protocol::fault::Fault;
use rounds_workflow::{
    Catalogue, Claim, Content, Judged, Known, Person, Projection, Ruling, World, WorldError,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// What the server of a team has.
#[derive(Clone, Default)]
pub struct Team {
    epoch: u8,
    roles: BTreeMap<PersonId, Role>,
    /// What happened, with who did it.
    log: Vec<(Option<DeviceId>, PullItem)>,
    has: HashMap<Packed, Seq>,
    documents: BTreeMap<DocId, Document>,
    histories: BTreeMap<DocId, Vec<Judged>>,
    rows: BTreeMap<DocId, Projection>,
    counters: BTreeMap<String, u64>,
    /// How far each phone had all news when it was last told so.
    knew: BTreeMap<DeviceId, usize>,
}

impl Team {
    /// With phones of these people.
    pub fn of(people: &[(u8, &str)]) -> Team {
        let mut team = Team::default();
        for (n, role) in people {
            let me = someone(*n, role);
            team.roles.insert(me.person.id, me.person.role.clone());
            let key = PublicKey(me.signing_key().verifying_key().to_bytes());
            let (id, name, person) = (me.device, String::new(), me.person.id);
            team.log.push((None, PullItem::Device(Device { id, name, person, key })));
        }
        team
    }

    /// Put back to a backup from before there was anything.
    pub fn restore(&mut self, people: &[(u8, &str)]) {
        *self = Team { epoch: self.epoch + 1, ..Team::of(people) };
    }

    pub fn stage(&self, doc: DocId) -> String {
        self.rows[&doc].stage.clone()
    }

    /// How an act was ruled.
    pub fn verdict(&self, act: ActId) -> Option<&Verdict> {
        let all = self.histories.values().flatten();
        all.filter_map(|judged| judged.verdict.as_ref()).find(|verdict| verdict.act == act)
    }

    fn seq(&self) -> Seq {
        Seq(self.log.len() as u64 + 1)
    }

    fn take(&mut self, catalogue: &Catalogue, device: DeviceId, packed: &Packed) -> Receipt {
        if let Some(seq) = self.has.get(packed) {
            return Receipt::Duplicate(*seq);
        }
        let seq = self.seq();
        self.has.insert(packed.clone(), seq);
        let (doc, item) = match packed.unpack().unwrap() {
            PushItem::Edit(edit) => {
                let document = self.documents.entry(edit.doc).or_default();
                document.admit(&edit).unwrap();
                let bytes = document.change_bytes(&edit.hash().unwrap()).unwrap();
                (edit.doc, PullItem::Change { doc: edit.doc, bytes })
            }
            PushItem::Act(signed) => {
                let act = signed.read().unwrap();
                let (doc, document) = (act.doc, &self.documents[&act.doc]);
                let history = self.histories.get(&doc).cloned().unwrap_or_default();
                let stand =
                    |fields| rounds_workflow::stand(catalogue, doc, &fields, &history, None).unwrap().record;
                let heads = document.heads();
                let now = stand(document.fields());
                let seen = (act.heads != heads).then(|| stand(document.fields_at(&act.heads).unwrap()));
                let content = Content { now: &now, heads: &heads, seen: seen.as_ref() };
                let who = Person { id: act.person, role: &self.roles[&act.person] };
                let ruled = rounds_workflow::rule_on(catalogue, content, &act, &who, self, ZONE).unwrap();
                let Ruling { outcome, stage, facts, turned, issued } = ruled;
                self.counters.extend(issued.into_iter().map(|issued| (issued.counter, issued.number)));
                let verdict =
                    Verdict { act: act.id, doc, seq, outcome, stage, facts, turned, at_ms: act.time.at_ms };
                let judged = Judged { act, verdict: Some(verdict.clone()) };
                self.histories.entry(doc).or_default().push(judged);
                (doc, PullItem::Ruled { act: signed, verdict: Box::new(verdict) })
            }
        };
        let (document, history) =
            (&self.documents[&doc], self.histories.get(&doc).cloned().unwrap_or_default());
        let moment = rounds_workflow::moment(document.last_written() * 1000, ZONE);
        let row =
            rounds_workflow::project(catalogue, doc, &document.fields(), &history, moment, None).unwrap();
        self.rows.insert(doc, row);
        self.log.push((Some(device), item));
        Receipt::Stored(seq)
    }

    /// True if nothing has happened that this phone was not told of, but what it did itself.
    fn is_known_to(&self, device: DeviceId) -> bool {
        let knew = self.knew.get(&device).copied().unwrap_or(0);
        self.log.iter().skip(knew).all(|(by, _)| *by == Some(device))
    }

    fn exchange(&mut self, catalogue: &Catalogue, request: &Request) -> Result<Answer, Fail> {
        let epoch = Epoch([self.epoch; 16]);
        if request.epoch.is_some_and(|known| known != epoch) {
            return Err(Fail::Fault(Box::new(Fault::ServerRestored.body())));
        }
        let device = request.device;
        let receipts = request.push.iter().map(|item| self.take(catalogue, device, item)).collect();
        let from = request.cursors.get(&Scope::Team).map_or(0, |seq| seq.0 as usize);
        let to = (from + request.take.items as usize).min(self.log.len());
        let is_news = |(by, item): &&(Option<DeviceId>, PullItem)| {
            *by != Some(device) || !matches!(item, PullItem::Change { .. })
        };
        let pull = self.log[from..to].iter().filter(is_news).map(|(_, item)| item.clone()).collect();
        let more = to < self.log.len();
        if !more {
            self.knew.insert(device, to);
        }
        let scopes = self.roles.keys().map(|person| Scope::Person(*person)).chain([Scope::Team]);
        Ok(Answer {
            receipts,
            pull,
            cursors: scopes.map(|scope| (scope, Seq(to as u64))).collect(),
            epoch,
            more,
            server_ms: super::NOW as i64,
            team_key: None,
            ended: None,
            level: None,
            witness: None,
            lost: vec![],
        })
    }
}

impl World for Team {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        Ok(self.rows.get(&id).map(Projection::known))
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        let all =
            self.rows.iter().flat_map(|(doc, row)| row.claims.iter().map(|claim| (*doc, claim.clone())));
        Ok(all.filter(|(_, claim)| claim.rule == rule && claim.key == key).collect())
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        Ok(Arc::new(self.histories.get(&id).cloned().unwrap_or_default()))
    }

    fn name(&self, _: PersonId) -> Result<Option<String>, WorldError> {
        Ok(None)
    }

    fn issued(&self, counter: &str) -> Result<Option<u64>, WorldError> {
        Ok(Some(self.counters.get(counter).copied().unwrap_or(0)))
    }
}

/// A phone's line to the server.
pub struct Line<'a> {
    team: &'a Mutex<Team>,
    phone: &'a Phone,
    /// Exchanges until it breaks off.
    left: AtomicU64,
    /// What was expected of the acts that the server has taken.
    expected: Mutex<BTreeMap<ActId, Ruling>>,
}

impl<'a> Line<'a> {
    pub fn new(team: &'a Mutex<Team>, phone: &'a Phone) -> Line<'a> {
        Line { team, phone, left: AtomicU64::new(0), expected: Mutex::default() }
    }

    /// Syncs in messages of so many items until all is done, or so many exchanges are. True if it is done.
    pub fn sync(&self, items: u32, exchanges: u64) -> bool {
        self.sync_taking(items, items, exchanges)
    }

    /// The same with so many items in an answer.
    pub fn sync_taking(&self, items: u32, take: u32, exchanges: u64) -> bool {
        self.left.store(exchanges, Ordering::Relaxed);
        let take = Take { items: take, bytes: 1 << 20 };
        let done = self.phone.sync_within(self, &Bounds { items: items as usize, bytes: 1 << 20, take });
        self.watch();
        done.is_ok()
    }

    fn foreseen(&self, act: ActId) -> Option<Ruling> {
        self.phone.store().read(|db| foreseen::get(db, act)).unwrap()
    }

    /// What the server has is expected to be ruled as it was when it was sent, until the ruling is here.
    pub fn watch(&self) {
        let waiting = self.phone.store().read(acts::waiting).unwrap();
        for act in waiting {
            if let Some(expected) = self.expected.lock().unwrap().get(&act.id) {
                assert_eq!(self.foreseen(act.id).as_ref(), Some(expected), "{act:?}");
            }
        }
    }
}

impl Transport for Line<'_> {
    fn exchange(&self, _: &str, request: &Request) -> Result<Answer, Fail> {
        self.watch();
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(Fail::Offline("net-no-connection".to_owned()));
        }
        self.left.store(left - 1, Ordering::Relaxed);
        let acts = request.push.iter().filter_map(|item| match item.unpack().unwrap() {
            PushItem::Act(signed) => Some(signed.read().unwrap().id),
            PushItem::Edit(_) => None,
        });
        let expected: Vec<_> = acts.filter_map(|act| Some((act, self.foreseen(act)?))).collect();
        let catalogue = self.phone.catalogue();
        let mut team = self.team.lock().unwrap();
        let knows_all = team.is_known_to(request.device);
        let answer = team.exchange(&catalogue, request)?;
        for (act, expected) in expected {
            let verdict = team.verdict(act).unwrap();
            if knows_all {
                let (outcome, stage, turned) = (&verdict.outcome, &verdict.stage, &verdict.turned);
                let Ruling { outcome: o, stage: s, turned: t, .. } = &expected;
                assert_eq!((o, s, t), (outcome, stage, turned), "what the phone knows is all that there is");
            }
            self.expected.lock().unwrap().insert(act, expected);
        }
        Ok(answer)
    }

    fn enrol(&self, _: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        Err(Fail::BadAnswer("not asked for"))
    }
}
