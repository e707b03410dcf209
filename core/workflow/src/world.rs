//! Who acts, and what the rules may know beside the record itself.

use crate::record::Judged;
use rounds_model::claim::Claim;
use rounds_model::ids::{DocId, PersonId};
use rounds_model::people::Role;
use rounds_model::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
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

    /// The claims on this key of this ledger, each with the record whose projection has it.
    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError>;

    /// The acts about a record, with their rulings; none when it is not held here.
    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError>;

    /// What a person is called; none where that is not known. For texts only: nothing is ruled by a name.
    fn name(&self, _person: PersonId) -> Result<Option<String>, WorldError> {
        Ok(None)
    }

    /// The last number that a counter gave, 0 before any; none where numbers are not given: on a
    /// phone.
    fn issued(&self, _counter: &str) -> Result<Option<u64>, WorldError> {
        Ok(None)
    }

    /// Whether every record of the team is here. A phone holds a part of them, and what it sums up over
    /// records may lack some.
    fn is_whole(&self) -> bool {
        true
    }

    /// When what is being ruled on was received, Unix milliseconds: the server's clock. A phone has
    /// received nothing, and what counts there is when the act was stated.
    fn received_ms(&self) -> Option<i64> {
        None
    }
}

/// A world without other records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl World for Alone {
    fn record(&self, _id: DocId) -> Result<Option<Known>, WorldError> {
        Ok(None)
    }

    fn claims(&self, _rule: &str, _key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        Ok(Vec::new())
    }

    fn history(&self, _id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        Ok(Arc::default())
    }
}
