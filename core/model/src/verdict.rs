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
    /// The server's time, Unix milliseconds.
    pub at_ms: i64,
}
