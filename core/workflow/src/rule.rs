//! The ruling on an act: the same on the phone (provisional) and on the server (final).
//!
//! The order of the questions is the order in which a person would ask them: does this act exist,
//! may you, is it possible now, is the record complete, is the act itself, do the pack's guards
//! hold, and does another record stand in the way.

use crate::answers::{self, PAYLOAD};
use crate::catalogue::Catalogue;
use crate::env::Env;
use crate::kind::{ActRule, Guard, Kind, RefusalRule};
use crate::messages::{refusal, same};
use crate::moment::moment;
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use crate::{arbitration, complete};
use chrono_tz::Tz;
use rounds_forms::expr::Moment;
use rounds_model::act::Act;
use rounds_model::ids::ChangeHash;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an act is ruled, before it has a place in anyone's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    /// Accepted, or blocked with the reason.
    pub outcome: Outcome,
    /// The stage of the record after it.
    pub stage: String,
    /// What was worked out; empty when it is blocked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Scalar>,
}

/// Rules on an act about a record as it stands. `zone` is the team's, for "today".
///
/// Fails only when the world cannot be read: then nothing is ruled. The caller has checked the
/// signature, the author and the heads.
pub fn rule(
    catalogue: &Catalogue,
    record: &Record,
    act: &Act,
    who: &Person<'_>,
    world: &dyn World,
    zone: Tz,
) -> Result<Ruling, WorldError> {
    Ok(match settle(judge(catalogue, record, act, who, world, zone))? {
        Ok((stage, facts)) => Ruling { outcome: Outcome::Accepted, stage, facts },
        Err(refusal) => Ruling::blocked(refusal, &record.stage),
    })
}

impl Ruling {
    /// A no, at the stage that the record is in.
    pub fn blocked(refusal: Refusal, stage: &str) -> Ruling {
        Ruling { outcome: Outcome::Blocked(refusal), stage: stage.to_owned(), facts: BTreeMap::new() }
    }
}

/// Whether the author of an act that asks for it (`exact`) saw all of the content as it stands:
/// what nobody has seen is not removed or signed off unseen. `heads` are the document's, sorted.
///
/// Refusal: `content-moved`.
pub fn saw_all(kind: &Kind, act: &Act, heads: &[ChangeHash]) -> Result<(), Refusal> {
    match kind.act(&act.name) {
        Some(rule) if rule.exact && act.heads != heads => {
            Err(refusal("content-moved", &[("act", &rule.title)]))
        }
        _ => Ok(()),
    }
}

fn judge(
    catalogue: &Catalogue,
    record: &Record,
    act: &Act,
    who: &Person<'_>,
    world: &dyn World,
    zone: Tz,
) -> Result<(String, BTreeMap<String, Scalar>), Stop> {
    let Some(kind) = catalogue.kind(&record.kind) else {
        return Err(refusal("unknown-kind", &[("kind", &same(&record.kind))]).into());
    };
    let Some(rule) = kind.act(&act.name) else {
        return Err(refusal("act-unknown", &[("act", &same(&act.name)), ("kind", &kind.title)]).into());
    };
    may_act(rule, record, who)?;
    is_possible(kind, rule, record, Some(&act.stage))?;
    let moment = moment_of(act, zone);
    let whole = complete::worked_out(kind, record, moment);
    let env = Env::new(kind, &whole, world, moment).by(*who).carrying(&act.payload);
    if rule.complete {
        complete::demand(kind, record, &env, moment)?;
    }
    payload(rule, &act.payload, &env)?;
    let mut facts = BTreeMap::new();
    for (name, expression) in &rule.facts {
        let env = env.knowing(&facts);
        let value = expression.scalar(&env)?;
        if !value.is_blank() {
            facts.insert(name.clone(), value);
        }
    }
    let env = env.knowing(&facts);
    for guard in &rule.guards {
        hold(guard, &env)?;
    }
    arbitration::contest(kind, record, &rule.to, &env, world)?;
    Ok((rule.to.clone(), facts))
}

/// Whether somebody of this role could ever state this about a record of this kind. What nobody
/// could is no statement that anyone has to rule on.
///
/// Refusals: `act-unknown`, `act-role`.
pub fn may_state(kind: &Kind, act: &str, who: &Person<'_>) -> Result<(), Refusal> {
    match kind.act(act) {
        None => Err(refusal("act-unknown", &[("act", &same(act)), ("kind", &kind.title)])),
        Some(rule) if !rule.roles.contains(who.role) => Err(refusal("act-role", &[("act", &rule.title)])),
        Some(_) => Ok(()),
    }
}

/// Refusals: `act-role`, `act-not-owner`.
pub(crate) fn may_act(rule: &ActRule, record: &Record, who: &Person<'_>) -> Result<(), Refusal> {
    if !rule.roles.contains(who.role) {
        return Err(refusal("act-role", &[("act", &rule.title)]));
    }
    if !rule.who.allows(who.id, record.owner) {
        return Err(refusal("act-not-owner", &[("act", &rule.title)]));
    }
    Ok(())
}

/// Refusals: `stage-moved` when the author assumed another stage, else `act-not-now`.
pub(crate) fn is_possible(
    kind: &Kind,
    rule: &ActRule,
    record: &Record,
    assumed: Option<&str>,
) -> Result<(), Refusal> {
    if rule.from.contains(&record.stage) {
        return Ok(());
    }
    let now = kind.stage_title(&record.stage);
    Err(match assumed.filter(|assumed| *assumed != record.stage) {
        Some(assumed) => {
            let assumed = kind.stage_title(assumed);
            refusal("stage-moved", &[("act", &rule.title), ("stage", &now), ("assumed", &assumed)])
        }
        None => refusal("act-not-now", &[("act", &rule.title), ("stage", &now)]),
    })
}

fn payload(rule: &ActRule, payload: &BTreeMap<String, Scalar>, env: &Env<'_>) -> Result<(), Stop> {
    let known = |name: &str| rule.payload.iter().any(|field| field.name == name);
    if let Some(name) = payload.keys().find(|name| !known(name)) {
        let args = [("field", &same(name)), ("act", &rule.title)];
        return Err(refusal("payload-unknown", &args).on(name).into());
    }
    answers::demand(&rule.payload, payload, env, &PAYLOAD)
}

pub(crate) fn hold(guard: &Guard, env: &Env<'_>) -> Result<(), Stop> {
    if guard.require.holds(env)? { Ok(()) } else { Err(guard.refusal.made(env)?.into()) }
}

impl RefusalRule {
    pub(crate) fn made(&self, env: &Env<'_>) -> Result<Refusal, Stop> {
        let mut refusal = Refusal::new(&self.code, self.reason.fill(env)?, self.remedy.fill(env)?);
        refusal.field.clone_from(&self.field);
        refusal.rule.clone_from(&self.rule);
        Ok(refusal)
    }
}

fn moment_of(act: &Act, zone: Tz) -> Moment {
    let mut seed = [0; 8];
    for (to, from) in seed.iter_mut().zip(act.id.0) {
        *to = from;
    }
    Moment { seed: u64::from_be_bytes(seed), ..moment(act.time.at_ms, zone) }
}
