//! A digest of everything that a phone or the server holds, scope by scope: equal data, equal
//! digest, on both ends. What a support person compares when somebody says "it is not the same".

use crate::canonical::{self, Malformed};
use crate::ids::{ActId, ChangeHash, DocId};
use crate::scalar::Scalar;
use crate::scope::Scope;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// One record as it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Which.
    pub doc: DocId,
    /// Its document's heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// What it shows.
    pub fields: BTreeMap<String, Scalar>,
    /// Its stage after the rulings of the server.
    pub stage: String,
    /// The rulings in the server's order: which act, and whether it was accepted.
    pub verdicts: Vec<(ActId, bool)>,
}

impl Entry {
    /// A record that was removed. Some phones have its content and some never got it, so only that
    /// it was removed counts.
    pub fn removed(doc: DocId, stage: String) -> Entry {
        Entry { doc, heads: vec![], fields: BTreeMap::new(), stage, verdicts: vec![] }
    }
}

/// What one scope comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Records in it.
    pub records: u64,
    /// SHA-256 over them in the order of their ids, hex.
    pub hash: String,
}

/// Every scope with its sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// By scope.
    pub scopes: BTreeMap<Scope, Sum>,
}

/// Sums up records one by one, so that nobody has to hold them all.
#[derive(Default)]
pub struct Summing {
    scopes: BTreeMap<Scope, (u64, Sha256, Option<DocId>)>,
}

impl Summing {
    /// Adds a record. Records must come in the order of their ids; out of order they give a sum
    /// that differs from every honest one.
    pub fn add(&mut self, scope: Scope, entry: &Entry) -> Result<(), Malformed> {
        let (records, hasher, last) = self.scopes.entry(scope).or_default();
        if last.is_some_and(|last| last >= entry.doc) {
            hasher.update(b"out of order");
        }
        hasher.update(canonical::encode(entry)?);
        (*records, *last) = (*records + 1, Some(entry.doc));
        Ok(())
    }

    /// The digest of everything added.
    pub fn finish(self) -> Digest {
        let sum =
            |(records, hasher, _): (u64, Sha256, _)| Sum { records, hash: hex::encode(hasher.finalize()) };
        Digest { scopes: self.scopes.into_iter().map(|(scope, s)| (scope, sum(s))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_difference_shows() {
        let entry = |stage: &str, n: u8| Entry {
            doc: DocId([n; 16]),
            heads: vec![ChangeHash([1; 32])],
            fields: [("a".to_owned(), Scalar::Int(1))].into(),
            stage: stage.to_owned(),
            verdicts: vec![(ActId([2; 16]), true)],
        };
        let of = |entries: &[Entry]| {
            let mut s = Summing::default();
            entries.iter().for_each(|e| s.add(Scope::Team, e).unwrap());
            s.finish()
        };
        assert_eq!(of(&[entry("x", 1), entry("x", 2)]), of(&[entry("x", 1), entry("x", 2)]));
        assert_ne!(of(&[entry("x", 1), entry("x", 2)]), of(&[entry("x", 1), entry("y", 2)]));
        assert_ne!(of(&[entry("x", 1), entry("x", 2)]), of(&[entry("x", 2), entry("x", 1)]));
        assert_eq!(of(&[entry("x", 1)]).scopes[&Scope::Team].records, 1);
    }
}
