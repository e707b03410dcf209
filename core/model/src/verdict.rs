//! Verdicts: the server's final ruling on an act.

use crate::ids::{ActId, DocId, Seq};
use crate::refusal::Refusal;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an act was ruled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds: the record is in its new stage.
    Accepted,
    /// It does not hold, and here is why. The record stays as it was; the author can act again.
    Blocked(Refusal),
}

/// An act that could not be taken as it was stated and was taken as another one: a seat that was
/// gone became a place on the waiting list, a correction that came late a request for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// The name of the act that it was taken as.
    pub act: String,
    /// Why it could not be taken as it was.
    pub why: Refusal,
}

/// A ruling. There is exactly one for each act that the server stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The act.
    pub act: ActId,
    /// The record it is about.
    pub doc: DocId,
    /// The act's place in the team's order.
    pub seq: Seq,
    /// The ruling.
    pub outcome: Outcome,
    /// The stage of the record after it.
    pub stage: String,
    /// What the rule computed when it ruled, such as the distance to the store. Kept, because the
    /// records that it was computed from may change.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Scalar>,
    /// For an accepted act that was taken as another one: which, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned: Option<Turned>,
    /// The server's time, Unix milliseconds.
    pub at_ms: i64,
}
