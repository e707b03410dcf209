//! A document of one edit, which most documents are.
//!
//! Everything that is asked of it follows from the edit, so that automerge is not needed before
//! somebody writes on top. Measured on the server with a push of new records: automerge's building
//! and dropping of documents was half of the judging. At rest and on the wire the edit is two
//! thirds of what automerge saves: its keys lie together, and its hash follows from it.

use crate::canonical;
use crate::document::{DocumentError, Step, Version};
use crate::edit::{Edit, OpId};
use crate::ids::{ChangeHash, DocId};
use crate::scalar::Scalar;
use automerge::Automerge;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// One edit on nothing.
#[derive(Clone)]
pub(crate) struct Seed {
    /// Of no document in particular: whose content it is, its place says.
    edit: Edit,
    hash: OnceLock<ChangeHash>,
}

impl Seed {
    /// From an edit that was checked, and the hash of its change.
    pub fn new(edit: &Edit, hash: ChangeHash) -> Self {
        Seed { edit: Edit { doc: NO_DOC, ..edit.clone() }, hash: OnceLock::from(hash) }
    }

    /// From an edit as [`Seed::save`] wrote it.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        let edit: Edit = canonical::decode(bytes).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        if edit.is_bounded() && edit.deps.is_empty() && edit.puts.iter().all(|put| put.replaces.is_empty()) {
            Ok(Seed { edit, hash: OnceLock::new() })
        } else {
            Err(DocumentError::Damaged("an edit that cannot stand alone".to_owned()))
        }
    }

    /// Compact bytes.
    pub fn save(&self) -> Option<Vec<u8>> {
        canonical::encode(&self.edit).ok()
    }

    /// What automerge makes of it; none if that is not what its author made.
    pub fn grow(&self) -> Option<Automerge> {
        let change = self.edit.to_change()?;
        if !self.edit.is_change(&ChangeHash(change.hash().0)) {
            return None;
        }
        let grown = catch_unwind(AssertUnwindSafe(|| {
            let mut am = Automerge::new();
            am.apply_changes([change]).ok().map(|()| am)
        }));
        grown.ok().flatten().filter(|am| am.get_heads().len() == 1)
    }

    /// The bytes of its change.
    pub fn change_bytes(&self) -> Option<Vec<u8>> {
        Some(self.edit.to_change()?.raw_bytes().to_vec())
    }

    /// The hash of its change.
    pub fn hash(&self) -> ChangeHash {
        *self.hash.get_or_init(|| self.edit.hash().unwrap_or(ChangeHash([0; 32])))
    }

    /// The edit, as one of this document.
    pub fn edit(&self, doc: DocId) -> Edit {
        Edit { doc, ..self.edit.clone() }
    }

    /// The same, to look at.
    pub fn said(&self) -> &Edit {
        &self.edit
    }

    pub fn fields(&self) -> BTreeMap<String, Scalar> {
        self.edit.puts.iter().map(|put| (put.key.clone(), put.value.clone())).collect()
    }

    pub fn version(&self, key: &str) -> Option<Version> {
        let (at, put) = self.edit.puts.iter().enumerate().find(|(_, put)| put.key == key)?;
        let op = OpId { counter: self.edit.start_op + at as u64, actor: self.edit.actor };
        Some(Version { value: put.value.clone(), op, at: self.edit.time })
    }

    pub fn step(&self) -> Step {
        let Edit { actor, seq, start_op, time, puts, spent, .. } = self.edit.clone();
        Step { hash: self.hash(), actor, seq, start_op, at: time, puts, spent }
    }

    /// The counter of its last put.
    pub fn max_op(&self) -> u64 {
        self.edit.start_op + (self.edit.puts.len() as u64).saturating_sub(1)
    }
}

pub(crate) const NO_DOC: DocId = DocId([0; 16]);

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::edit::Spent;
    use crate::ids::{ActorId, DocId};
    use crate::scalar::Scalar;
    use proptest::prelude::*;
    use std::collections::HashSet;

    const DOC: DocId = DocId([1; 16]);
    const A: ActorId = ActorId([0xa; 16]);
    const B: ActorId = ActorId([0xb; 16]);

    fn value() -> impl Strategy<Value = Scalar> {
        prop_oneof![
            Just(Scalar::Null),
            any::<bool>().prop_map(Scalar::Bool),
            any::<i64>().prop_map(Scalar::Int),
            (-1e9..1e9f64).prop_map(Scalar::Float),
            "[a-z中山广]{0,8}".prop_map(Scalar::Text),
        ]
    }

    proptest! {
        /// Asked in every way, a seed says what automerge says of the same change.
        #[test]
        fn a_seed_answers_as_automerge_does(
            values in prop::collection::btree_map("[a-e]{1,2}", value(), 1..9),
            time in 0i64..1 << 35,
            ms in prop::option::of(any::<u32>()),
        ) {
            let values: Vec<_> = values.into_iter().collect();
            let mut seed = Document::new();
            let spent: Vec<_> = ms.into_iter().map(|ms| Spent { key: "q".into(), ms }).collect();
            let written = seed.write_telling(DOC, A, time, &values, spent).unwrap();
            let Some((edit, change)) = written else { return Ok(()) };
            let mut grown = Document::new();
            grown.apply_bytes([change.as_slice()]).unwrap();
            let mut admitted = Document::new();
            prop_assert_eq!(admitted.admit(&edit).unwrap(), grown.heads()[0]);
            let loaded = Document::load(&grown.save()).unwrap();
            let key = &values[0].0;
            for d in [&seed, &admitted, &loaded] {
                prop_assert_eq!(d.save(), grown.save());
                prop_assert_eq!(d.heads(), grown.heads());
                prop_assert_eq!(d.fields(), grown.fields());
                prop_assert_eq!(d.get(key), grown.get(key));
                prop_assert_eq!(d.versions(key), grown.versions(key));
                prop_assert_eq!(d.versions("zz"), grown.versions("zz"));
                prop_assert_eq!(d.conflicts(), grown.conflicts());
                prop_assert_eq!(d.history(), grown.history());
                prop_assert_eq!((d.len(), d.last_written(), d.is_empty()), (1, time, false));
                prop_assert_eq!((d.last_seq(A), d.last_seq(B)), (1, 0));
                prop_assert_eq!(d.change_of(A, 1), grown.change_of(A, 1));
                prop_assert_eq!(d.change_of(A, 2), None);
                prop_assert_eq!(d.max_op(&d.heads()), grown.max_op(&grown.heads()));
                prop_assert_eq!(d.fields_at(&d.heads()), grown.fields_at(&grown.heads()));
                prop_assert_eq!(d.change_bytes(&d.heads()[0]), Some(change.clone()));
                prop_assert_eq!(d.edits(DOC), vec![edit.clone()]);
                prop_assert_eq!(d.seen_at(&d.heads()), grown.seen_at(&grown.heads()));
                prop_assert_eq!(d.rivals_in(&grown), HashSet::new());
            }
            // And what is written on top of it is the same.
            let next = [(key.clone(), Scalar::from("next"))];
            let (mut one, mut other) = (loaded.clone(), grown.clone());
            prop_assert_eq!(one.write(DOC, B, 5, &next).unwrap(), other.write(DOC, B, 5, &next).unwrap());
            prop_assert_eq!(one.save(), other.save());
            let mut merged = loaded;
            merged.merge(&other).unwrap();
            prop_assert_eq!(merged.heads(), other.heads());
        }
    }

    #[test]
    fn a_damaged_seed_is_noticed() {
        let mut d = Document::new();
        d.write(DOC, A, 1, &[("a".into(), "value".into())]).unwrap();
        let good = d.save();
        assert!(!good.starts_with(&[0x85]), "not automerge's format");
        let mut noticed = 0;
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            let Ok(mut loaded) = Document::load(&bad) else { continue };
            assert!(loaded.heads() != d.heads() || loaded.fields() == d.fields(), "byte {at}");
            let written = loaded.write(DOC, B, 2, &[("b".into(), 1.into())]);
            assert!(written.is_err() || loaded.fields()["a"] == "value".into(), "byte {at}");
            noticed += usize::from(written.is_err());
        }
        assert!(noticed > 10);
    }
}
