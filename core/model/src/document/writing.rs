//! How a document comes to hold more, or less: writing, taking in, forking.

use super::{Document, DocumentError, Safe};
use crate::edit::{Edit, Put, Spent};
use crate::ids::{ActorId, ChangeHash, DocId};
use crate::scalar::Scalar;
use crate::seed::Seed;
use automerge::{Automerge, Change};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// Checked edits that share one copy to go back to.
const RUN: usize = 500;

impl Document {
    /// Writes values, as one edit by `actor`. Values that already stand undisputed are left out;
    /// `None` if nothing is left. A key with several values gets one again: that is a choice.
    pub fn write(
        &mut self,
        doc: DocId,
        actor: ActorId,
        time: i64,
        values: &[(String, Scalar)],
    ) -> Result<Option<Edit>, DocumentError> {
        Ok(self.write_telling(doc, actor, time, values, Vec::new())?.map(|(edit, _)| edit))
    }

    /// As [`Document::write`], and tells how long the author was at which question. Also returns
    /// the change that the edit became, for a store that keeps it.
    pub fn write_telling(
        &mut self,
        doc: DocId,
        actor: ActorId,
        time: i64,
        values: &[(String, Scalar)],
        spent: Vec<Spent>,
    ) -> Result<Option<(Edit, Vec<u8>)>, DocumentError> {
        let mut puts: Vec<Put> = Vec::with_capacity(values.len());
        for (key, value) in values {
            let now = self.versions(key);
            let stands = match now.as_slice() {
                [] => *value == Scalar::Null,
                [one] => one.value == *value,
                _ => false,
            };
            puts.retain(|p| p.key != *key);
            if !stands {
                let replaces = now.iter().map(|v| v.op).collect();
                puts.push(Put { key: key.clone(), value: value.clone(), replaces });
            }
        }
        if puts.is_empty() {
            return Ok(None);
        }
        let deps = self.heads();
        let mut edit = Edit {
            doc,
            actor,
            seq: self.last_seq(actor) + 1,
            start_op: self.max_op(&deps) + 1,
            deps,
            time: time.clamp(0, crate::edit::limits::TIME - 1),
            puts,
            spent,
            check: [0; 8],
        };
        if !edit.is_bounded() {
            return Err(DocumentError::TooLarge);
        }
        let change = edit.to_change().ok_or(DocumentError::TooLarge)?;
        let hash = ChangeHash(change.hash().0);
        edit.check = edit.check_of(&hash);
        let bytes = change.raw_bytes().to_vec();
        if self.is_empty() {
            self.sprout(&edit, hash);
        } else {
            self.apply(change)?;
        }
        Ok(Some((edit, bytes)))
    }

    /// Applies changes that the server sent or this store kept, in any order as long as they are
    /// complete. Returns the hashes of those that were new. On error the document is as it was.
    pub fn apply_bytes<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<ChangeHash>, DocumentError> {
        let parsed: Result<Vec<Change>, _> =
            changes.into_iter().map(|b| Change::from_bytes(b.to_vec())).collect();
        let mut new = parsed.map_err(|e| DocumentError::Damaged(e.to_string()))?;
        new.retain(|c| self.am().get_change_meta_by_hash(&c.hash()).is_none());
        let hashes: Vec<_> = new.iter().map(|c| ChangeHash(c.hash().0)).collect();
        let mut copy = self.am().clone();
        copy.apply_changes(new).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        let next = Document::from(copy);
        // automerge queues what it cannot place, and would save the queue too.
        if !next.has_all(&hashes) {
            return Err(DocumentError::Damaged("changes are missing".to_owned()));
        }
        *self = next;
        Ok(hashes)
    }

    /// Takes in everything that another copy of the same document holds.
    pub fn merge(&mut self, other: &Document) -> Result<(), DocumentError> {
        let mut other = other.am().clone();
        self.grow()?.merge(&mut other).map(|_| ()).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// A copy as it was at earlier heads.
    pub fn fork_at(&self, heads: &[ChangeHash]) -> Result<Document, DocumentError> {
        if heads.is_empty() {
            return Ok(Document::new());
        }
        let heads: Vec<_> = heads.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        self.am().fork_at(&heads).map(Document::from).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// A copy without some changes and without whatever builds on them: what is left of a record
    /// when the server holds an edit back.
    pub fn without(&self, held: &HashSet<ChangeHash>) -> Result<Document, DocumentError> {
        let mut gone: HashSet<automerge::ChangeHash> =
            held.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        let mut kept = Vec::new();
        for change in self.am().get_changes(&[]) {
            if gone.contains(&change.hash()) || change.deps().iter().any(|d| gone.contains(d)) {
                gone.insert(change.hash());
            } else {
                kept.push(change);
            }
        }
        let mut am = Automerge::new();
        am.apply_changes(kept).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        Ok(Document::from(am))
    }

    /// Applies a change that was checked, so that whatever automerge does to it, the document stays whole.
    /// The copy to go back to is made for a run of them: of a long history it costs milliseconds.
    pub(crate) fn apply_safely(&mut self, change: Change) -> bool {
        let (before, mut since) = match self.safe.0.take() {
            Some((before, since)) if since.len() < RUN => (before, since),
            _ => (self.am().clone(), vec![]),
        };
        let hash = ChangeHash(change.hash().0);
        let again = change.clone();
        let applied = catch_unwind(AssertUnwindSafe(|| self.apply(change).is_ok() && self.has_all(&[hash])));
        if applied.unwrap_or(false) {
            since.push(again);
            self.safe = Safe(Some((before, since)));
            return true;
        }
        let mut whole = before.clone();
        // They were applied once, one after the other.
        let is_whole = whole.apply_changes(since).is_ok();
        *self = Document::from(if is_whole { whole } else { before });
        false
    }

    /// Lets go of the copy for a run of checked edits: nothing more is written now.
    pub fn rest(&mut self) {
        self.safe = Safe(None);
    }

    pub(crate) fn apply(&mut self, change: Change) -> Result<(), DocumentError> {
        let mut tips = self.tips.take();
        if let (Some(tips), Ok(actor)) = (&mut tips, ActorId::from_slice(change.actor_id().to_bytes())) {
            tips.insert(actor, change.seq());
        }
        self.grow()?.apply_changes([change]).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        self.tips = tips.map(OnceLock::from).unwrap_or_default();
        Ok(())
    }

    /// Takes a checked edit, which becomes the change with this hash, for all there is.
    pub(crate) fn sprout(&mut self, edit: &Edit, hash: ChangeHash) {
        *self = Document::from(Seed::new(edit, hash));
    }
}
