//! Who acts, and what the rules may know beside the record itself.

use rounds_model::ids::{DocId, PersonId};
use rounds_model::people::Role;
use rounds_model::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Who acts, writes or looks.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who.
    pub id: PersonId,
    /// What they may do.
    pub role: &'a Role,
}

/// Another record, as rules see it: a part of its projection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The name of its kind.
    pub kind: String,
    /// Its stage.
    pub stage: String,
    /// Whose it is.
    pub owner: PersonId,
    /// The `data` of its projection.
    pub data: BTreeMap<String, Scalar>,
}

/// What could not be read. The ruling is then not made at all: it must be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("what the rules need to know could not be read: {0}")]
pub struct WorldError(pub String);

/// The other records. The server answers from its database inside the transaction that rules; a
/// phone answers from what it holds, which may be less.
pub trait World {
    /// A record by its id; none when it is not held here.
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError>;

    /// The records whose projections claim this key of this arbitration rule.
    fn holders(&self, rule: &str, key: &str) -> Result<Vec<DocId>, WorldError>;
}

/// A world without other records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl World for Alone {
    fn record(&self, _id: DocId) -> Result<Option<Known>, WorldError> {
        Ok(None)
    }

    fn holders(&self, _rule: &str, _key: &str) -> Result<Vec<DocId>, WorldError> {
        Ok(Vec::new())
    }
}
