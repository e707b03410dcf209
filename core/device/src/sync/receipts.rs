//! Receipts: what the server has is taken out of the outbox; what it holds back becomes a branch
//! beside its record; what it takes for somebody to decide about is let go of.

use super::absorb::Absorbing;
use super::compose::Composed;
use crate::error::Fail;
use crate::identity;
use crate::screens::outbox::in_words;
use crate::store::handed::{self, Taken};
use crate::store::outbox::Waiting;
use crate::store::{acts, documents, outbox, records};
use rounds_model::document::Document;
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
        for (waiting, receipt) in composed.sent.iter().zip(&answer.receipts) {
            match receipt {
                Receipt::Stored(_) | Receipt::Duplicate(_) => {
                    self.out.sent += 1;
                    self.out.duplicates += u64::from(matches!(receipt, Receipt::Duplicate(_)));
                    outbox::remove(self.tx, waiting.n)?;
                }
                Receipt::Held(refusal) => {
                    self.out.held += 1;
                    self.hold(waiting.n, waiting.doc, waiting.item.unpack().ok(), refusal, &mut held)?;
                }
                Receipt::Taken(refusal) => {
                    self.out.taken += 1;
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
                self.branch(doc, &hashes)?;
            }
        }
        Ok(())
    }

    /// A phone that was restored from a copy wrote under numbers that it had used before: the
    /// server's changes and its own unsent ones exclude each other. Its own are held, to be decided
    /// about; what is left goes together with the server's.
    pub(super) fn give_way(&mut self, doc: DocId, document: &Document) -> Result<Document, Fail> {
        let refusal = said("device-restored");
        let mut held = HeldChanges::new();
        for (n, item) in outbox::of(self.tx, doc)? {
            self.out.held += 1;
            self.hold(n, doc, Some(item), &refusal, &mut held)?;
        }
        identity::new_pen(self.tx, self.platform)?;
        Ok(document.without(&held.remove(&doc).unwrap_or_default())?)
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
        let words = Taken { doc, title, what, refusal, at_ms, decision };
        handed::take(self.tx, waiting.item.hash(), &words)?;
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
        let Some(document) = documents::load(self.tx, doc)? else { return Ok(()) };
        self.keep(doc, &document.without(hashes)?)
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
    fn branch(&mut self, doc: DocId, hashes: &HashSet<ChangeHash>) -> Result<(), Fail> {
        identity::new_pen(self.tx, self.platform)?;
        let Some(document) = documents::load(self.tx, doc)? else { return Ok(()) };
        let trunk = document.without(hashes)?;
        let refusal = said("builds-on-held");
        for (n, item) in outbox::of(self.tx, doc)? {
            let on_top = match &item {
                PushItem::Edit(edit) => edit.hash().is_none_or(|h| !trunk.has_all(&[h])),
                PushItem::Act(signed) => signed.read().map_or(true, |a| !trunk.has_all(&a.heads)),
            };
            if on_top {
                self.out.held += 1;
                self.hold(n, doc, Some(item), &refusal, &mut HeldChanges::new())?;
            }
        }
        self.keep(doc, &trunk)
    }
}

/// A refusal that this phone makes itself.
fn said(code: &str) -> Refusal {
    let text = |key: &str| crate::error::messages().text(key, &[]);
    Refusal::new(code, text(code), text(&format!("{code}-remedy")))
}
