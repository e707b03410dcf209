//! Receipts: what the server has is taken out of the outbox; what it holds back becomes a branch
//! beside its record; what it takes for somebody to decide about is let go of.

use super::absorb::Absorbing;
use super::compose::Composed;
use super::mending;
use super::passed;
use crate::error::Fail;
use crate::identity;
use crate::screens::outbox::in_words;
use crate::store::handed::{self, Taken};
use crate::store::outbox::Waiting;
use crate::store::{acts, documents, outbox, records};
use rounds_model::document::{Document, DocumentError};
use rounds_model::ids::{ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_protocol::exchange::{Answer, PushItem, Receipt};
use std::collections::{BTreeMap, HashSet};

/// The changes that are held, by record; none for a record of which only an act is.
type HeldChanges = BTreeMap<DocId, HashSet<ChangeHash>>;

impl Absorbing<'_> {
    pub(super) fn receipts(&mut self, composed: &Composed, answer: &Answer) -> Result<(), Fail> {
        if answer.receipts.len() != composed.sent.len() {
            return Err(Fail::BadAnswer("receipts do not match what was sent"));
        }
        let (mut held, mut taken) = (HeldChanges::new(), HeldChanges::new());
        let old = composed.sent.last().map_or(0, |waiting| waiting.n) - outbox::TAKEN;
        let handed_over = handed::any(self.tx)?;
        let mut waited_for = BTreeMap::new();
        for (waiting, receipt) in composed.sent.iter().zip(&answer.receipts) {
            match receipt {
                Receipt::Stored(seq) | Receipt::Duplicate(seq) => {
                    if handed_over {
                        handed::applied(self.tx, &waiting.item)?;
                    }
                    if let Some((act, ruled)) = waiting.before.ruling(&waiting.item)? {
                        acts::remember(self.tx, act, ruled)?;
                    }
                    self.out.sent += 1;
                    self.out.duplicates += u64::from(matches!(receipt, Receipt::Duplicate(_)));
                    match waiting.n > old {
                        true => outbox::take(self.tx, waiting.n, seq.0, self.at_ms)?,
                        false => outbox::remove(self.tx, waiting.n)?,
                    }
                }
                Receipt::Held(refusal) => {
                    (self.out.held, self.surprised) = (self.out.held + 1, true);
                    let item = waiting.item.unpack().ok();
                    let follows = matches!(item, Some(PushItem::Edit(_)))
                        && !passed::may_pass(&refusal.code)
                        && self.is_waited_for(waiting.doc, &mut waited_for)?;
                    // Written at the stage that an act led to which waits: it is right once that is through.
                    let refusal = if follows { said("builds-on-held") } else { refusal.clone() };
                    self.hold(waiting.n, waiting.doc, item, &refusal, &mut held)?;
                    if passed::is_waiting(&refusal) {
                        waited_for.insert(waiting.doc, true);
                        self.hold_later_acts(waiting.doc, composed)?;
                    }
                }
                Receipt::Taken(refusal) => {
                    (self.out.taken, self.surprised) = (self.out.taken + 1, true);
                    self.hand_over(waiting, refusal, &mut taken)?;
                }
            }
        }
        for (doc, hashes) in taken {
            self.dirty.insert(doc);
            self.strip(doc, &hashes)?;
        }
        for (doc, hashes) in held {
            self.dirty.insert(doc);
            if !hashes.is_empty() {
                self.branch(doc, &hashes, &said("builds-on-held"))?;
            }
        }
        Ok(())
    }

    /// Asked once for each record: there may be thousands of its edits in an answer.
    fn is_waited_for(&self, doc: DocId, known: &mut BTreeMap<DocId, bool>) -> Result<bool, Fail> {
        if let Some(known) = known.get(&doc) {
            return Ok(*known);
        }
        let waited_for = passed::is_waited_for(self.tx, doc)?;
        known.insert(doc, waited_for);
        Ok(waited_for)
    }

    /// A phone that was restored from a copy wrote under numbers that it had used before: the
    /// server's changes and its own exclude each other. Its own, and what is built on them, are held,
    /// to be decided about. Nothing else is: what it had sent before the copy was put back, the
    /// server's changes may build on. What fails for another reason still fails.
    pub(super) fn give_way(
        &mut self,
        doc: DocId,
        document: &Document,
        rivals: &HashSet<ChangeHash>,
        why: DocumentError,
    ) -> Result<Document, Fail> {
        if rivals.is_empty() {
            return Err(why.into());
        }
        identity::new_pen(self.tx, self.platform)?;
        let trunk = document.without(rivals)?;
        self.set_aside_above(doc, document, &trunk)?;
        self.hold_above(doc, &trunk, &said("device-restored"))?;
        Ok(trunk)
    }

    /// Holds what is unsent of a record and not in its trunk.
    fn hold_above(&mut self, doc: DocId, trunk: &Document, refusal: &Refusal) -> Result<(), Fail> {
        for (n, item) in outbox::of(self.tx, doc)? {
            let is_above = match &item {
                PushItem::Edit(edit) => edit.hash().is_none_or(|h| !trunk.has_all(&[h])),
                PushItem::Act(signed) => signed.read().map_or(true, |a| !trunk.has_all(&a.heads)),
            };
            if is_above {
                (self.out.held, self.surprised) = (self.out.held + 1, true);
                self.hold(n, doc, Some(item), refusal, &mut HeldChanges::new())?;
            }
        }
        Ok(())
    }

    /// What was stated of the record after an act that waits was stated at the stage that it led to: it waits too.
    /// Of what was sent with it the server says so itself.
    fn hold_later_acts(&mut self, doc: DocId, composed: &Composed) -> Result<(), Fail> {
        let newest = composed.sent.last().map_or(0, |waiting| waiting.n);
        for (n, item) in outbox::of(self.tx, doc)?.into_iter().filter(|(n, _)| *n > newest) {
            if matches!(item, PushItem::Act(_)) {
                self.out.held += 1;
                self.hold(n, doc, Some(item), &said("builds-on-held"), &mut HeldChanges::new())?;
            }
        }
        Ok(())
    }

    fn hold(
        &mut self,
        n: i64,
        doc: DocId,
        item: Option<PushItem>,
        refusal: &Refusal,
        held: &mut HeldChanges,
    ) -> Result<(), Fail> {
        outbox::hold(self.tx, n, refusal, self.at_ms)?;
        let changes = held.entry(doc).or_default();
        match item {
            Some(PushItem::Edit(edit)) => changes.extend(edit.hash()),
            Some(PushItem::Act(signed)) => {
                if let Ok(act) = signed.read() {
                    acts::remove_unruled(self.tx, act.id)?;
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Lets go of an item that the server keeps for somebody to decide about, and notes in words what
    /// it was: the record may be gone soon.
    fn hand_over(
        &mut self,
        waiting: &Waiting,
        refusal: &Refusal,
        taken: &mut HeldChanges,
    ) -> Result<(), Fail> {
        let item = waiting.item.unpack().map_err(|_| Fail::Damaged("an item of the outbox"))?;
        let doc = waiting.doc;
        let (title, what) = in_words(self.tx, self.catalogue, doc, &item)?;
        let (refusal, at_ms, decision) = (refusal.clone(), self.at_ms, None);
        let scope = records::get(self.tx, doc)?.map(|record| record.projection.scope);
        let words = Taken { doc, title, what, refusal, at_ms, scope, decision };
        handed::take(self.tx, &waiting.item, &words)?;
        outbox::remove(self.tx, waiting.n)?;
        let changes = taken.entry(doc).or_default();
        match item {
            PushItem::Edit(edit) => changes.extend(edit.hash()),
            PushItem::Act(signed) => {
                if let Ok(act) = signed.read() {
                    acts::remove_unruled(self.tx, act.id)?;
                }
            }
        }
        Ok(())
    }

    /// Takes edits that were handed over out of the record, and what was written on top of them: that
    /// is still in the outbox, and is handed over too.
    fn strip(&mut self, doc: DocId, hashes: &HashSet<ChangeHash>) -> Result<(), Fail> {
        if hashes.is_empty() {
            return Ok(());
        }
        identity::new_pen(self.tx, self.platform)?;
        let loaded = mending::load(self.tx, self.catalogue, doc, self.at_ms)?;
        let Some(document) = loaded else { return Ok(()) };
        let trunk = self.what_is_left(doc, document.without(hashes)?)?;
        self.set_aside_above(doc, &document, &trunk)?;
        self.keep(doc, &trunk)
    }

    /// A record without what began it is none, whatever else was written in it: an edit that was tried again after
    /// all that it was built on was lost stands on nothing.
    fn what_is_left(&self, doc: DocId, trunk: Document) -> Result<Document, Fail> {
        let was_a_record = records::get(self.tx, doc)?.is_some();
        let is_none = was_a_record && rounds_workflow::identity(&trunk.fields()).is_err();
        Ok(if is_none { Document::new() } else { trunk })
    }

    /// Keeps what is left of a record, if anything is.
    fn keep(&self, doc: DocId, trunk: &Document) -> Result<(), Fail> {
        documents::replace(self.tx, doc, trunk)?;
        if trunk.is_empty() {
            documents::remove(self.tx, doc)?;
            records::remove(self.tx, doc)?;
        }
        Ok(())
    }

    /// Takes held edits, and what was written on top of them and is still unsent, out of the record:
    /// it shows the server's content again, and the held edits stay beside it. The pen is changed,
    /// because its numbers after the held one are used up.
    pub(super) fn branch(
        &mut self,
        doc: DocId,
        hashes: &HashSet<ChangeHash>,
        on_top: &Refusal,
    ) -> Result<(), Fail> {
        identity::new_pen(self.tx, self.platform)?;
        let loaded = mending::load(self.tx, self.catalogue, doc, self.at_ms)?;
        let Some(document) = loaded else { return Ok(()) };
        let trunk = self.what_is_left(doc, document.without(hashes)?)?;
        self.set_aside_above(doc, &document, &trunk)?;
        self.hold_above(doc, &trunk, on_top)?;
        self.keep(doc, &trunk)
    }
}

/// A refusal that this phone makes itself.
pub(super) fn said(code: &str) -> Refusal {
    said_of(code, &[])
}

/// The same, naming something.
pub(super) fn said_of(code: &str, args: &[(&str, String)]) -> Refusal {
    let text = |key: &str| crate::error::messages().text(key, args);
    Refusal::new(code, text(code), text(&format!("{code}-remedy")))
}
