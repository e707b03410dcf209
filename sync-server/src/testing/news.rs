//! What a phone makes of what it is told, and what that comes to.

use super::{NOW, Phone, packs::catalogue};
use rounds_model::act::SignedAct;
use rounds_model::digest::{Digest, Entry, Summing};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::scope::Scope;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Answer, PullItem};
use rounds_workflow::{Judged, Projection};

impl Phone {
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
        self.witness = answer.witness.or(self.witness);
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
        self.witness = None;
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
