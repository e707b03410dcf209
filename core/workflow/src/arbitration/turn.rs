//! Acts that were overtaken: taken as another act, where the pack names one, instead of refused.
//!
//! The rep who offered the last seat while a colleague took it gets a place on the waiting list; the
//! clerk whose correction came after the audit has asked for one. What was stated is kept as it was
//! signed; the verdict says what it was taken as, and why.

use crate::kind::{ActRule, Kind};
use crate::rule::Issued;
use crate::stop::Stop;
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Turned;
use std::collections::BTreeMap;

/// How an act was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    /// The stage that it leads to.
    pub stage: String,
    /// What was worked out.
    pub facts: BTreeMap<String, Scalar>,
    /// The act that it was taken as, if it is another one.
    pub turned: Option<Turned>,
    /// The counts that its numbers take.
    pub issued: Vec<Issued>,
}

/// The outcome of an act, or, if others have overtaken it, of the act that stands in for it. What
/// stands in is not stood in for again, and if it is not possible either, the first no is the answer.
pub(crate) fn or_else(
    kind: &Kind,
    rule: &ActRule,
    attempt: impl Fn(&ActRule) -> Result<Taken, Stop>,
) -> Result<Taken, Stop> {
    let why = match attempt(rule) {
        Err(Stop::Overtaken(why)) => why,
        other => return other,
    };
    let Some(other) = rule.otherwise.as_deref().and_then(|name| kind.act(name)) else {
        return Err(Stop::Overtaken(why));
    };
    match attempt(other) {
        Ok(taken) => Ok(Taken { turned: Some(Turned { act: other.name.clone(), why: *why }), ..taken }),
        Err(Stop::World(error)) => Err(Stop::World(error)),
        Err(_) => Err(Stop::Overtaken(why)),
    }
}
