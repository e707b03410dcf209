//! Everything that is checked before an edit may touch a document.
//!
//! automerge trusts its callers: a number gap, an unknown predecessor or a predecessor of another
//! key panics inside `apply_changes`, deletes a value that the edit never named, or makes a
//! document that saves and then never loads again. So an edit is held against the document first,
//! and only the change that we build from it ourselves is ever applied.

use crate::document::{Document, op_id};
use crate::edit::{Edit, OpId, Put, limits};
use crate::ids::ChangeHash;
use automerge::{ChangeHash as AmHash, ROOT, ReadDoc};
use std::collections::{HashMap, HashSet};
use thiserror::Error;

/// Why an edit cannot be part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Inadmissible {
    /// Beyond the limits of an edit: too many puts, too long a key or value, an impossible time.
    #[error("edit out of bounds")]
    OutOfBounds,
    /// It builds on changes that are not here (yet).
    #[error("edit builds on unknown changes")]
    MissingDeps,
    /// This actor already wrote its edit of that number here, with this hash. If the hash is the
    /// edit's own, it is a repeat; if not, the device went back in time (a restored backup).
    #[error("edit number already used")]
    NumberUsed(ChangeHash),
    /// Edits of this actor are missing before it.
    #[error("edit number leaves a gap")]
    NumberGap,
    /// The counter is not the one that follows from what it builds on.
    #[error("edit counter does not follow")]
    Counter,
    /// It replaces values that are not the values of that key at that point.
    #[error("edit replaces values that are not there")]
    Replaces,
    /// It would leave more changes side by side, or more values of a key, than a document may have.
    #[error("edit leaves too much side by side")]
    Crowded,
    /// A key is written twice in one edit.
    #[error("edit writes a key twice")]
    Twice,
    /// The change built from it is not the one that the author made: a changed byte.
    #[error("edit is damaged")]
    Damaged,
    /// automerge refused or failed all the same.
    #[error("edit cannot be applied")]
    Refused,
}

impl Inadmissible {
    /// Stable code, also the key of its message.
    pub fn code(self) -> &'static str {
        match self {
            Inadmissible::OutOfBounds => "edit-out-of-bounds",
            Inadmissible::MissingDeps => "edit-missing-deps",
            Inadmissible::NumberUsed(_) => "edit-number-used",
            Inadmissible::NumberGap => "edit-number-gap",
            Inadmissible::Counter => "edit-counter",
            Inadmissible::Replaces => "edit-replaces",
            Inadmissible::Crowded => "edit-crowded",
            Inadmissible::Twice => "edit-key-twice",
            Inadmissible::Damaged => "edit-damaged",
            Inadmissible::Refused => "edit-refused",
        }
    }
}

impl Document {
    /// Checks an edit and applies it. On error the document is as it was.
    /// Returns the hash of the change that it became.
    pub fn admit(&mut self, edit: &Edit) -> Result<ChangeHash, Inadmissible> {
        if !edit.is_bounded() {
            return Err(Inadmissible::OutOfBounds);
        }
        self.check_order(edit)?;
        self.check_replaced(edit)?;
        self.check_crowd(edit)?;
        let change = edit.to_change().ok_or(Inadmissible::OutOfBounds)?;
        let hash = ChangeHash(change.hash().0);
        if !edit.is_change(&hash) {
            return Err(Inadmissible::Damaged);
        }
        if self.is_empty() {
            // Flat, with every key once and nothing to replace: there is nothing left to go wrong,
            // and automerge is not asked before somebody writes on top.
            self.sprout(edit, hash);
            return Ok(hash);
        }
        if self.apply_safely(change) { Ok(hash) } else { Err(Inadmissible::Refused) }
    }

    /// True if the edit says nothing new: each of its puts chooses one of several values that stood
    /// at what it builds on.
    pub fn settles(&self, edit: &Edit) -> bool {
        let deps: Vec<_> = edit.deps.iter().map(|h| AmHash(h.0)).collect();
        self.has_all(&edit.deps)
            && !edit.puts.is_empty()
            && edit.puts.iter().all(|put| {
                let there = self.automerge().get_all_at(ROOT, put.key.as_str(), &deps).unwrap_or_default();
                let stood = |(value, _): &(automerge::Value<'_>, _)| {
                    crate::document::from_automerge(value).as_ref() == Some(&put.value)
                };
                there.len() > 1 && there.iter().any(stood)
            })
    }

    fn check_order(&self, edit: &Edit) -> Result<(), Inadmissible> {
        let last = self.last_seq(edit.actor);
        if edit.seq <= last {
            let used = self.change_of(edit.actor, edit.seq).ok_or(Inadmissible::Refused)?;
            return Err(Inadmissible::NumberUsed(used));
        }
        if edit.seq > last + 1 {
            return Err(Inadmissible::NumberGap);
        }
        let distinct: HashSet<_> = edit.deps.iter().collect();
        if distinct.len() != edit.deps.len() || !edit.deps.is_sorted() {
            return Err(Inadmissible::OutOfBounds);
        }
        if !self.has_all(&edit.deps) {
            return Err(Inadmissible::MissingDeps);
        }
        if edit.start_op != self.max_op(&edit.deps) + 1 {
            return Err(Inadmissible::Counter);
        }
        // An actor sees its own edits: one that is not among the ancestors would be a second
        // branch by the same pen.
        if last > 0 && edit.deps != self.heads() {
            let deps: Vec<_> = edit.deps.iter().map(|h| AmHash(h.0)).collect();
            let actor = crate::edit::to_actor(edit.actor);
            let after = self.automerge().get_changes_meta(&deps);
            if after.iter().any(|m| *m.actor == actor) {
                return Err(Inadmissible::Counter);
            }
        }
        Ok(())
    }

    /// Whoever writes next names every change that stands side by side, and every value of a key: more
    /// than an edit may name, and nobody could write any more. What does not make it worse is let pass.
    fn check_crowd(&self, edit: &Edit) -> Result<(), Inadmissible> {
        let heads = self.heads();
        if edit.deps == heads {
            return Ok(());
        }
        let beside = heads.iter().filter(|head| !edit.deps.contains(head)).count() + 1;
        if beside > limits::HEADS && beside > heads.len() {
            return Err(Inadmissible::Crowded);
        }
        let is_crowded = |put: &Put| {
            let now = self.versions(&put.key);
            let beside = now.iter().filter(|version| !put.replaces.contains(&version.op)).count() + 1;
            beside > limits::VERSIONS && beside > now.len()
        };
        if edit.puts.iter().any(is_crowded) { Err(Inadmissible::Crowded) } else { Ok(()) }
    }

    fn check_replaced(&self, edit: &Edit) -> Result<(), Inadmissible> {
        let deps: Vec<_> = edit.deps.iter().map(|h| AmHash(h.0)).collect();
        let now = edit.deps == self.heads();
        let mut seen: HashMap<&str, ()> = HashMap::with_capacity(edit.puts.len());
        for put in &edit.puts {
            if seen.insert(&put.key, ()).is_some() {
                return Err(Inadmissible::Twice);
            }
            let all = if deps.is_empty() {
                vec![]
            } else if now {
                // What stands now need not be worked out from the history.
                self.automerge().get_all(ROOT, put.key.as_str()).unwrap_or_default()
            } else {
                self.automerge().get_all_at(ROOT, put.key.as_str(), &deps).unwrap_or_default()
            };
            let there: Vec<OpId> = all.iter().filter_map(|(_, id)| op_id(id)).collect();
            if there != put.replaces {
                return Err(Inadmissible::Replaces);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
