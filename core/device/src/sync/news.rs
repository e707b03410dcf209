//! What is new: records, changes, rulings, colleagues.

use super::absorb::{Absorbing, Otherwise, Renumbered};
use super::mending;
use super::passed;
use crate::error::Fail;
use crate::foreseeing;
use crate::store::gone::{self, Tombstone};
use crate::store::records::{self, Record};
use crate::store::{acts, documents, doubtful, foreseen, from_column, handed, lacking, notices, roster};
use rounds_model::act::{Act, SignedAct};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::people::Device;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Handed, PullItem, PushItem};
use rounds_workflow::{Projection, Ruling};
use std::collections::{BTreeMap, BTreeSet};

impl Absorbing<'_> {
    pub(super) fn news(&mut self, pull: &[PullItem]) -> Result<(), Fail> {
        // First: what left one scope may come back under another on this very page.
        for item in pull {
            if let PullItem::Left { doc } = item {
                gone::mark_leaving(self.tx, *doc)?;
            }
        }
        let watched = self.watched()?;
        let fresh = self.snapshots(pull, &watched)?;
        self.changes(pull, &watched)?;
        self.surprised |= pull.iter().any(changes_what_is_known);
        let mut ruled = BTreeSet::new();
        for item in pull {
            match item {
                PullItem::Ruled { act, verdict } => {
                    self.ruled(act, verdict)?;
                    ruled.insert(verdict.act);
                    if watched.contains(&verdict.doc) {
                        self.act_has_come(verdict.doc, verdict.act)?;
                    }
                    if !fresh.contains(&verdict.doc) {
                        self.dirty.insert(verdict.doc);
                    }
                }
                PullItem::Person(person) => roster::put_person(self.tx, person)?,
                PullItem::Device(device) => roster::put_device(self.tx, device)?,
                PullItem::Pen(pen) => roster::put_pen(self.tx, pen)?,
                PullItem::Removed { doc, scope, act, verdict } => {
                    self.ruled(act, verdict)?;
                    let (scope, stage) = (scope.clone(), verdict.stage.clone());
                    gone::put_tombstone(self.tx, &Tombstone { doc: *doc, scope, stage })?;
                    // Nothing more comes of it, and that is no loss.
                    doubtful::trust(self.tx, *doc)?;
                    self.dirty.insert(*doc);
                }
                PullItem::Handed(handed) => self.handed(handed)?,
                PullItem::Change { .. }
                | PullItem::Snapshot { .. }
                | PullItem::Earlier { .. }
                | PullItem::Left { .. }
                | PullItem::Access { .. }
                | PullItem::Leader { .. }
                | PullItem::Damaged { .. }
                | PullItem::Pack { .. } => {}
            }
        }
        passed::news_have_come(self.tx, &ruled, pull.iter().any(changes_what_is_known))
    }

    /// Stores new records as they come. Returns which; those need no projecting.
    fn snapshots(&mut self, pull: &[PullItem], watched: &BTreeSet<DocId>) -> Result<BTreeSet<DocId>, Fail> {
        let mut fresh = BTreeSet::new();
        for item in pull {
            if let PullItem::Earlier { doc, bytes } = item {
                gone::mark_here(self.tx, *doc)?;
                if watched.contains(doc)
                    && let Ok(theirs) = Document::load(bytes)
                {
                    self.have_come(*doc, &theirs.seen_at(&theirs.heads()))?;
                }
                self.merge(*doc, bytes)?;
            }
            let PullItem::Snapshot { doc, bytes, projection, conflicts } = item else { continue };
            gone::mark_here(self.tx, *doc)?;
            if watched.contains(doc)
                && let Ok(theirs) = Document::load(bytes)
            {
                self.have_come(*doc, &theirs.seen_at(&theirs.heads()))?;
            }
            let is_new = documents::store_new(self.tx, *doc, bytes)?;
            match from_column::<Projection>(projection) {
                Ok(read) if is_new && !lacking::has(self.tx, *doc)? => {
                    records::insert(self.tx, *doc, &read, projection, *conflicts)?;
                    self.pinned.entry((read.kind, read.pack)).or_default().push(*doc);
                    fresh.insert(*doc);
                }
                // Its row is here, or cannot be read: it is made anew.
                _ if is_new => {
                    self.dirty.insert(*doc);
                }
                _ => self.merge(*doc, bytes)?,
            }
            mending::came(self.tx, *doc)?;
        }
        Ok(fresh)
    }

    /// The phone has a part of the record, perhaps with unsent work on top.
    fn merge(&mut self, doc: DocId, bytes: &[u8]) -> Result<(), Fail> {
        let merged = self.merge_in(doc, bytes);
        self.or_set_aside(doc, merged)
    }

    /// What cannot be read, or does not fit what is here, stops nothing but its record.
    fn or_set_aside(&mut self, doc: DocId, taken: Result<(), Fail>) -> Result<(), Fail> {
        match taken {
            Err(Fail::Document(_)) => mending::set_aside(self.tx, self.catalogue, doc, self.at_ms),
            taken => taken,
        }
    }

    fn merge_in(&mut self, doc: DocId, bytes: &[u8]) -> Result<(), Fail> {
        let theirs = match Document::load(bytes) {
            // What is here is whole, and more than nothing.
            Err(_) if documents::load(self.tx, doc).is_ok_and(|mine| mine.is_some()) => return Ok(()),
            theirs => theirs?,
        };
        let mine = mending::load(self.tx, self.catalogue, doc, self.at_ms)?;
        let mut mine = mine.unwrap_or_default();
        if let Err(e) = mine.merge(&theirs) {
            mine = self.give_way(doc, &mine, &mine.rivals_in(&theirs), e)?;
            mine.merge(&theirs)?;
        }
        documents::replace(self.tx, doc, &mine)?;
        self.dirty.insert(doc);
        Ok(())
    }

    fn changes(&mut self, pull: &[PullItem], watched: &BTreeSet<DocId>) -> Result<(), Fail> {
        let mut by_doc: BTreeMap<DocId, Vec<&[u8]>> = BTreeMap::new();
        for item in pull {
            if let PullItem::Change { doc, bytes } = item {
                by_doc.entry(*doc).or_default().push(bytes);
            }
        }
        for (doc, bytes) in by_doc {
            let changed = self.change(doc, &bytes);
            self.or_set_aside(doc, changed)?;
            if watched.contains(&doc) {
                let hashes: Result<_, _> = bytes.iter().map(|bytes| Document::hash_of(bytes)).collect();
                self.have_come(doc, &hashes?)?;
            }
            self.dirty.insert(doc);
        }
        Ok(())
    }

    fn change(&mut self, doc: DocId, bytes: &[&[u8]]) -> Result<(), Fail> {
        let document = mending::load(self.tx, self.catalogue, doc, self.at_ms)?;
        if lacking::has(self.tx, doc)? {
            // It comes with the whole.
            return Ok(());
        }
        let mut document = document.unwrap_or_default();
        match document.apply_bytes(bytes.iter().copied()) {
            Ok(hashes) => documents::append(self.tx, doc, &document, &hashes),
            Err(e) => {
                let rivals = document.rivals(bytes.iter().copied())?;
                document = self.give_way(doc, &document, &rivals, e)?;
                document.apply_bytes(bytes.iter().copied())?;
                documents::replace(self.tx, doc, &document)
            }
        }
    }

    /// Work that waits for a decision, or was decided about.
    fn handed(&mut self, handed: &Handed) -> Result<(), Fail> {
        let Some(decision) = &handed.decision else {
            handed::waits(self.tx, handed.hash)?;
            return handed::put(self.tx, handed);
        };
        let by = roster::person(self.tx, decision.by)?.map(|person| person.name).unwrap_or_default();
        handed::decided(self.tx, handed.hash, decision, &by)?;
        if decision.accepted {
            self.expect_ruling(handed)?;
        }
        handed::remove(self.tx, handed)
    }

    /// An act of this phone was taken over into its record, and ruled there; perhaps out of sight.
    fn expect_ruling(&mut self, handed: &Handed) -> Result<(), Fail> {
        let Some(item) = handed::item(self.tx, handed.hash)? else { return Ok(()) };
        if let Ok(PushItem::Act(signed)) = item.unpack()
            && let Ok(act) = signed.read()
        {
            acts::expect_ruling(self.tx, &act, &signed)?;
            self.surprised = true;
        }
        Ok(())
    }

    /// Stores an act with its ruling, if the device that made it really signed it.
    fn ruled(&mut self, signed: &SignedAct, verdict: &Verdict) -> Result<(), Fail> {
        let act = signed.read().map_err(|_| Fail::BadAnswer("an act cannot be read"))?;
        let device: Option<Device> = roster::device(self.tx, act.device)?;
        let device = device.ok_or(Fail::BadAnswer("an act of an unknown device"))?;
        let fits = act.person == device.person && act.id == verdict.act && act.doc == verdict.doc;
        if !fits || signed.verify(&device.key).is_err() {
            return Err(Fail::BadAnswer("an act that its device did not sign"));
        }
        let known = acts::get(self.tx, act.id)?;
        let own = known.as_ref().is_some_and(|known| known.verdict.is_none());
        let expected = foreseen::get(self.tx, act.id)?;
        let before = expected.as_ref().map(|expected| expected.facts.clone());
        let before = known.and_then(|known| known.verdict).map(|verdict| verdict.facts).or(before);
        if let Some(before) = before.filter(|before| *before != verdict.facts) {
            let (act, verdict) = (act.clone(), verdict.clone());
            self.renumbered.push(Renumbered { act, before, verdict });
        }
        self.surprised |= !self.was_expected(&act, verdict)?;
        acts::insert_ruled(self.tx, signed, verdict, act.device == self.device)?;
        // A server that was put back says again what was ruled before: nothing follows from that.
        if !foreseeing::is_offering_again(self.tx)? {
            notices::overruled(self.tx, verdict.doc)?;
        }
        if let Some(expected) = expected.filter(|expected| {
            let accepted = [&expected.outcome, &verdict.outcome].iter().all(|o| **o == Outcome::Accepted);
            accepted && expected.taken_as(&act) != taken_as(&act, verdict)
        }) {
            let (foreseen, verdict) = (expected.taken_as(&act).to_owned(), verdict.clone());
            self.turned.push(Otherwise { act, foreseen, verdict });
        }
        if own {
            match verdict.outcome {
                Outcome::Accepted => self.out.accepted += 1,
                Outcome::Blocked(_) => self.out.blocked += 1,
            }
        }
        Ok(())
    }
}

impl Absorbing<'_> {
    /// Whether an act was ruled as it was expected to be. What only the server can say, a number or a seal, was
    /// expected of it.
    fn was_expected(&self, act: &Act, verdict: &Verdict) -> Result<bool, Fail> {
        let Some(Ruling { outcome, stage, facts, turned, .. }) = foreseen::get(self.tx, act.id)? else {
            return Ok(false);
        };
        if (&outcome, &stage, &turned) != (&verdict.outcome, &verdict.stage, &verdict.turned) {
            return Ok(false);
        }
        if facts == verdict.facts {
            return Ok(true);
        }
        let Some(Record { projection, .. }) = records::get(self.tx, act.doc)? else { return Ok(false) };
        let kind = self.catalogue.kind_at(&projection.kind, projection.pack);
        let name = turned.as_ref().map_or(&act.name, |turned| &turned.act);
        let Some(rule) = kind.and_then(|kind| kind.act(name)) else { return Ok(false) };
        let mut names = facts.keys().chain(verdict.facts.keys()).filter(|fact| rule.works_out(fact));
        Ok(names.all(|fact| facts.get(fact) == verdict.facts.get(fact)))
    }
}

/// Whether an item may change what rules rest on. Rulings are looked at one by one.
fn changes_what_is_known(item: &PullItem) -> bool {
    match item {
        PullItem::Ruled { .. }
        | PullItem::Person(_)
        | PullItem::Device(_)
        | PullItem::Pen(_)
        | PullItem::Leader { .. } => false,
        PullItem::Change { .. }
        | PullItem::Snapshot { .. }
        | PullItem::Earlier { .. }
        | PullItem::Handed(_)
        | PullItem::Left { .. }
        | PullItem::Removed { .. }
        | PullItem::Access { .. }
        | PullItem::Damaged { .. }
        | PullItem::Pack { .. } => true,
    }
}

fn taken_as<'v>(act: &'v Act, verdict: &'v Verdict) -> &'v str {
    verdict.turned.as_ref().map_or(&act.name, |turned| &turned.act)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::store::{Key, Store, outbox};
    use rounds_model::edit::Edit;
    use rounds_model::ids::{ActorId, DeviceId};
    use rounds_model::scalar::Scalar;

    const DOC: DocId = DocId([1; 16]);

    fn write(document: &mut Document, value: &str) -> Edit {
        let values = [("x".to_owned(), Scalar::from(value))];
        document.write(DOC, ActorId([7; 16]), 1, &values).unwrap().unwrap()
    }

    /// Found by the simulation: a phone was put back to a copy in which its second edit was unsent,
    /// and wrote its third once more. The server has another third, built on that very second.
    #[test]
    fn what_was_sent_before_a_restore_stays_when_the_rest_gives_way() {
        for whole in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
            let mut mine = Document::new();
            write(&mut mine, "first");
            let second = write(&mut mine, "second");
            let mut theirs = mine.clone();
            let lost = write(&mut theirs, "third, sent");
            let third = write(&mut mine, "third, again");
            let pull = if whole {
                PullItem::Snapshot { doc: DOC, bytes: theirs.save(), projection: vec![], conflicts: 0 }
            } else {
                PullItem::Change { doc: DOC, bytes: theirs.change_bytes(&lost.hash().unwrap()).unwrap() }
            };
            let news = |pull: PullItem| {
                store.write(|tx| {
                    let (catalogue, platform) = (&Default::default(), &Replay::new(1, 1));
                    Absorbing::new(tx, catalogue, platform, DeviceId([1; 16]), 1).news(&[pull])
                })
            };
            store
                .write(|tx| {
                    documents::replace(tx, DOC, &mine)?;
                    outbox::push(tx, DOC, &PushItem::Edit(second.clone()), 1)?;
                    outbox::push(tx, DOC, &PushItem::Edit(third.clone()), 1)
                })
                .unwrap();
            news(pull).unwrap();
            let left = store.read(|db| documents::load(db, DOC)).unwrap().unwrap();
            assert_eq!(left.heads(), theirs.heads());
            let waiting = store.read(|db| outbox::of(db, DOC)).unwrap();
            assert_eq!(waiting.into_iter().map(|(_, i)| i).collect::<Vec<_>>(), [PushItem::Edit(second)]);
            let held = store.read(outbox::held).unwrap();
            assert_eq!(held.len(), 1);
            assert_eq!(
                (&held[0].item, held[0].refusal.code.as_str()),
                (&PushItem::Edit(third), "device-restored")
            );
        }
    }

    /// A record that is created and changed by several people: in whatever order a page brings it, and
    /// whether the creation comes whole or as a change, the end is the same.
    #[test]
    fn lesson_10_news_in_any_order_come_to_the_same() {
        let mut document = Document::new();
        let mut write = |pen: u8, key: &str| {
            let values = [(key.to_owned(), Scalar::from(format!("{pen}").as_str()))];
            document.write(DOC, ActorId([pen; 16]), 1, &values).unwrap().unwrap().hash().unwrap()
        };
        let hashes = [write(1, "x"), write(2, "x"), write(3, "y"), write(1, "x")];
        let change =
            |n: usize| PullItem::Change { doc: DOC, bytes: document.change_bytes(&hashes[n]).unwrap() };
        let first = document.fork_at(&hashes[..1]).unwrap().save();
        let whole = PullItem::Snapshot { doc: DOC, bytes: first, projection: vec![], conflicts: 0 };
        let mut orders = vec![];
        for a in 0..4 {
            for b in (0..4).filter(|b| *b != a) {
                for c in (0..4).filter(|c| *c != a && *c != b) {
                    orders.push([a, b, c, 6 - a - b - c]);
                }
            }
        }
        assert_eq!(orders.len(), 24);
        for order in orders {
            for is_whole in [false, true] {
                let dir = tempfile::tempdir().unwrap();
                let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
                let item = |n: usize| if is_whole && n == 0 { whole.clone() } else { change(n) };
                let pull: Vec<_> = order.into_iter().map(item).collect();
                store
                    .write(|tx| {
                        let (catalogue, platform) = (&Default::default(), &Replay::new(1, 1));
                        Absorbing::new(tx, catalogue, platform, DeviceId([1; 16]), 1).news(&pull)
                    })
                    .unwrap();
                let here = store.read(|db| documents::load(db, DOC)).unwrap().unwrap();
                assert_eq!(here.heads(), document.heads(), "{order:?}");
                assert_eq!(here.fields(), document.fields(), "{order:?}");
            }
        }
    }
}
