//! What a record's own screen says of its course: how long it stays in a stage at least, and of which other record
//! it is a step. Neither holds anybody up (lesson 15): what came out otherwise is for a supervisor to look at.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::settle;
use crate::world::{World, WorldError};
use chrono::DateTime;
use rounds_forms::expr::Moment;
use rounds_model::scalar::Scalar;

/// A day: nothing stays longer at least.
const LONGEST_MS: u64 = 24 * 60 * 60_000;

/// How long a record stays in a stage at least.
#[derive(Debug)]
pub(crate) struct StayRule {
    pub stage: String,
    /// The act that it is counted from.
    pub since: String,
    pub minutes: Expression,
}

/// A stay that is under way, or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Milliseconds that it still is; 0 once it is over.
    pub left_ms: u64,
    /// Milliseconds of the whole, more than 0.
    pub of_ms: u64,
}

/// A kind's records are steps of the record that they link to: what is done in a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The question that links to it.
    pub of: String,
    /// There should be one.
    pub must: bool,
    /// The question of the record that it is a step of, whose answer says why there is none.
    pub skipped: Option<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
}

/// How long a record stays where it is, at least; none if nothing is said of that.
pub fn stay(
    kind: &Kind,
    record: &Record,
    world: &dyn World,
    moment: Moment,
) -> Result<Option<Stay>, WorldError> {
    let Some(rule) = kind.stay.as_ref().filter(|rule| rule.stage == record.stage) else { return Ok(None) };
    let since = record.acts.get(&format!("@{}/at", rule.since)).and_then(Scalar::as_text);
    let Some(since) = since.and_then(|at| DateTime::parse_from_rfc3339(at).ok()) else { return Ok(None) };
    let env = Env::new(kind, record, world, moment);
    let minutes = settle(rule.minutes.printed(&env))?.ok().and_then(|text| text.trim().parse::<f64>().ok());
    let Some(minutes) = minutes.filter(|minutes| *minutes > 0.0) else { return Ok(None) };
    // A float becomes the nearest number that fits.
    let of_ms = ((minutes * 60_000.0) as u64).clamp(1, LONGEST_MS);
    let stayed = u64::try_from(moment.now_ms.saturating_sub(since.timestamp_millis())).unwrap_or(0);
    Ok(Some(Stay { left_ms: of_ms.saturating_sub(stayed), of_ms }))
}
