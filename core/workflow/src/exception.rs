//! Exceptions: what a supervisor should look at although it was accepted. They hold nobody up.
//!
//! Worked out when somebody looks, like reminders, from the record alone.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::template::Template;
use crate::world::{World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::text::Text;

/// An exception of a kind.
#[derive(Debug)]
pub(crate) struct ExceptionRule {
    pub name: String,
    pub title: Text,
    pub stages: Vec<String>,
    pub when: Expression,
    pub reason: Template,
    pub evidence: Vec<String>,
    pub rule: Option<String>,
}

/// Something about a record that a supervisor should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// Why, with what was found.
    pub reason: Text,
    /// The answers, or words of acts (`@check_in/place`), that it rests on.
    pub evidence: Vec<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
}

impl Kind {
    /// Whether its records can be exceptions at all.
    pub fn has_exceptions(&self) -> bool {
        !self.exceptions.is_empty()
    }
}

/// The exceptions of a record, as lists know it. One that cannot be worked out is left out.
pub fn exceptions(
    kind: &Kind,
    record: &Record,
    world: &dyn World,
    moment: Moment,
) -> Result<Vec<Exception>, WorldError> {
    let mut found = Vec::new();
    if kind.is_removed(&record.stage) {
        return Ok(found);
    }
    let env = Env::new(kind, record, world, moment);
    for rule in &kind.exceptions {
        if rule.stages.is_empty() || rule.stages.contains(&record.stage) {
            found.extend(settle(one(rule, &env))?.ok().flatten());
        }
    }
    Ok(found)
}

fn one(rule: &ExceptionRule, env: &Env<'_>) -> Result<Option<Exception>, Stop> {
    if !rule.when.holds(env)? {
        return Ok(None);
    }
    Ok(Some(Exception {
        name: rule.name.clone(),
        title: rule.title.clone(),
        reason: rule.reason.fill(env)?,
        evidence: rule.evidence.clone(),
        rule: rule.rule.clone(),
    }))
}
