//! What is new: records, changes, rulings, colleagues.

use super::absorb::Absorbing;
use crate::error::Fail;
use crate::store::gone::{self, Tombstone};
use crate::store::{acts, documents, from_column, handed, records, roster};
use rounds_model::act::SignedAct;
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::people::Device;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Handed, PullItem};
use rounds_workflow::Projection;
use std::collections::{BTreeMap, BTreeSet};

impl Absorbing<'_> {
    pub(super) fn news(&mut self, pull: &[PullItem]) -> Result<(), Fail> {
        // First: what left one scope may come back under another on this very page.
        for item in pull {
            if let PullItem::Left { doc } = item {
                gone::mark_leaving(self.tx, *doc)?;
            }
        }
        let fresh = self.snapshots(pull)?;
        self.changes(pull)?;
        for item in pull {
            match item {
                PullItem::Ruled { act, verdict } => {
                    self.ruled(act, verdict)?;
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
                    self.dirty.insert(*doc);
                }
                PullItem::Handed(handed) => self.handed(handed)?,
                PullItem::Change { .. }
                | PullItem::Snapshot { .. }
                | PullItem::Earlier { .. }
                | PullItem::Left { .. }
                | PullItem::Access { .. }
                | PullItem::Pack { .. } => {}
            }
        }
        Ok(())
    }

    /// Stores new records as they come. Returns which; those need no projecting.
    fn snapshots(&mut self, pull: &[PullItem]) -> Result<BTreeSet<DocId>, Fail> {
        let mut fresh = BTreeSet::new();
        for item in pull {
            if let PullItem::Earlier { doc, bytes } = item {
                gone::mark_here(self.tx, *doc)?;
                self.merge(*doc, bytes)?;
            }
            let PullItem::Snapshot { doc, bytes, projection, conflicts } = item else { continue };
            gone::mark_here(self.tx, *doc)?;
            if documents::exists(self.tx, *doc)? {
                self.merge(*doc, bytes)?;
            } else {
                documents::store_snapshot(self.tx, *doc, bytes)?;
                let read: Projection = from_column(projection)?;
                records::insert(self.tx, *doc, &read, projection, *conflicts)?;
                fresh.insert(*doc);
            }
        }
        Ok(fresh)
    }

    /// The phone has a part of the record, perhaps with unsent work on top.
    fn merge(&mut self, doc: DocId, bytes: &[u8]) -> Result<(), Fail> {
        let theirs = Document::load(bytes)?;
        let mut mine = documents::load(self.tx, doc)?.unwrap_or_default();
        if mine.merge(&theirs).is_err() {
            mine = self.give_way(doc, &mine)?;
            mine.merge(&theirs)?;
        }
        documents::replace(self.tx, doc, &mine)?;
        self.dirty.insert(doc);
        Ok(())
    }

    fn changes(&mut self, pull: &[PullItem]) -> Result<(), Fail> {
        let mut by_doc: BTreeMap<DocId, Vec<&[u8]>> = BTreeMap::new();
        for item in pull {
            if let PullItem::Change { doc, bytes } = item {
                by_doc.entry(*doc).or_default().push(bytes);
            }
        }
        for (doc, bytes) in by_doc {
            let mut document = documents::load(self.tx, doc)?.unwrap_or_default();
            match document.apply_bytes(bytes.iter().copied()) {
                Ok(hashes) => documents::append(self.tx, doc, &document, &hashes)?,
                Err(_) => {
                    document = self.give_way(doc, &document)?;
                    document.apply_bytes(bytes)?;
                    documents::replace(self.tx, doc, &document)?;
                }
            }
            self.dirty.insert(doc);
        }
        Ok(())
    }

    /// Work that waits for a decision, or was decided about.
    fn handed(&mut self, handed: &Handed) -> Result<(), Fail> {
        let Some(decision) = &handed.decision else { return handed::put(self.tx, handed) };
        let by = roster::person(self.tx, decision.by)?.map(|person| person.name).unwrap_or_default();
        handed::decided(self.tx, handed.hash, decision, &by)?;
        handed::remove(self.tx, handed)
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
        let own = acts::get(self.tx, act.id)?.is_some_and(|known| known.verdict.is_none());
        acts::insert_ruled(self.tx, signed, verdict)?;
        if own {
            match verdict.outcome {
                Outcome::Accepted => self.out.accepted += 1,
                Outcome::Blocked(_) => self.out.blocked += 1,
            }
        }
        Ok(())
    }
}
