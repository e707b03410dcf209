//! Proofs: an act that needs the act of another names it.
//!
//! A proof is an act that its author's device signed and that the server accepted; a phone has
//! checked the signature before it kept it. To name one is to have seen it, so that the order of the
//! two is beyond doubt whenever they arrive.
//!
//! Without an end, what was proven must still be so when the act is ruled. With one, it is a token:
//! good from then until its end, by the trusted time of the act, whatever others have done meanwhile
//! that the author could not know. That is what makes an approval work offline, and the end is what
//! bounds it. What the author's own phone did to the record counts, because that they knew.

use crate::catalogue::Catalogue;
use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{ActRule, RefusalRule};
use crate::messages::{refusal, same};
use crate::moment::{instant, moment};
use crate::record::{Judged, Record};
use crate::stop::{Stop, settle};
use crate::world::{World, WorldError};
use chrono_tz::Tz;
use rounds_model::act::Act;
use rounds_model::ids::{ActId, DocId};
use rounds_model::scalar::Scalar;
use rounds_model::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;

/// An act of another record, or of the same one, that an act needs.
#[derive(Debug)]
pub(crate) struct Need {
    /// The field (of the record or the payload) that links to the record it is about; none for the
    /// record itself.
    pub record: Option<String>,
    /// When it is needed; always, if nothing is said.
    pub when: Option<Expression>,
    /// Its name.
    pub act: String,
    /// What of its payload or facts says until when it is good.
    pub until: Option<String>,
    /// The stages in which the record must be; any, if none are given.
    pub stages: Vec<String>,
    pub refusal: RefusalRule,
}

/// The acts that an act of this name about this record can rest on now: what a phone names in it.
/// Only what still stands as far as is known here, whatever was known when.
pub fn proofs(
    catalogue: &Catalogue,
    record: &Record,
    act: &str,
    payload: &BTreeMap<String, Scalar>,
    world: &dyn World,
    at_ms: i64,
    zone: Tz,
) -> Result<Vec<ActId>, WorldError> {
    let Some(kind) = catalogue.kind_at(&record.kind, record.pack) else { return Ok(Vec::new()) };
    let Some(rule) = kind.act(act) else { return Ok(Vec::new()) };
    let env = Env::new(kind, record, world, moment(at_ms, zone)).carrying(payload);
    let other = rule.otherwise.as_deref().and_then(|name| kind.act(name));
    let needs = rule.needs.iter().chain(other.into_iter().flat_map(|other| &other.needs));
    let mut found = Vec::new();
    for need in needs {
        if !matches!(settle(need.applies(&env))?, Ok(true)) {
            continue;
        }
        // A need that cannot be met is told when the act is ruled.
        if let Ok(stated) = settle(standing(need, &env, world))? {
            found.push(stated.act.id);
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Refuses an act that does not prove what it needs; with `None`, one that could not prove it now.
pub(crate) fn demand(
    rule: &ActRule,
    act: Option<&Act>,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(), Stop> {
    for need in &rule.needs {
        if !need.applies(env)? {
            continue;
        }
        match act {
            Some(act) => named(need, act, env, world)?,
            None => standing(need, env, world).map(|_| ())?,
        }
    }
    Ok(())
}

impl Need {
    fn applies(&self, env: &Env<'_>) -> Result<bool, Stop> {
        self.when.as_ref().map_or(Ok(true), |when| when.holds(env))
    }
}

/// The latest act that a need could be met with now.
fn standing(need: &Need, env: &Env<'_>, world: &dyn World) -> Result<Stated, Stop> {
    let no = || -> Result<Stated, Stop> { Err(need.refusal.made(env)?.into()) };
    let Some(target) = target(need, env)? else { return no() };
    if !need.stages.is_empty() && !need.stages.contains(&target.stage) {
        return no();
    }
    let latest = accepted(world.history(target.doc)?).into_iter().rfind(|stated| stated.name() == need.act);
    let Some(stated) = latest else { return no() };
    in_time(need, &stated, env)?;
    Ok(stated)
}

/// Whether an act names what it needs, and that is good.
fn named(need: &Need, act: &Act, env: &Env<'_>, world: &dyn World) -> Result<(), Stop> {
    let no = || -> Result<(), Stop> { Err(need.refusal.made(env)?.into()) };
    let Some(target) = target(need, env)? else { return no() };
    let history = accepted(world.history(target.doc)?);
    let meant = |stated: &Stated| stated.name() == need.act && act.proofs.contains(&stated.act.id);
    let Some(at) = history.iter().rposition(meant) else {
        // A phone names nothing that has ended: then that is the reason.
        return standing(need, env, world).and_then(|_| no());
    };
    let (proof, later) = history.split_at(at + 1);
    let Some(proof) = proof.last() else { return no() };
    in_time(need, proof, env)?;
    let stands = |stage: &String| need.stages.is_empty() || need.stages.contains(stage);
    if stands(&target.stage) {
        return Ok(());
    }
    let own = |stated: &&Stated| stated.act.device == act.device && stated.act.number < act.number;
    let known = later.iter().rfind(own).unwrap_or(proof);
    if need.until.is_some() && stands(&known.verdict.stage) { Ok(()) } else { no() }
}

/// Refusal: `proof-expired`.
fn in_time(need: &Need, proof: &Stated, env: &Env<'_>) -> Result<(), Stop> {
    let Some(name) = &need.until else { return Ok(()) };
    let said = proof.verdict.facts.get(name).or_else(|| proof.act.payload.get(name));
    let said = said.map(Scalar::to_string).unwrap_or_default();
    let end = instant(&said, env.time().offset_minutes);
    if end.is_some_and(|end| env.time().now_ms < end) {
        return Ok(());
    }
    let mut expired = refusal("proof-expired", &[("until", &same(said))]);
    expired.rule.clone_from(&need.refusal.rule);
    expired.field.clone_from(&need.refusal.field);
    Err(expired.into())
}

/// The record that the needed act is about.
struct Target {
    doc: DocId,
    stage: String,
}

fn target(need: &Need, env: &Env<'_>) -> Result<Option<Target>, Stop> {
    Ok(match &need.record {
        None => Some(Target { doc: env.record().id, stage: env.record().stage.clone() }),
        Some(field) => env.linked_record(field)?.map(|(doc, known)| Target { doc, stage: known.stage }),
    })
}

/// An accepted act.
struct Stated {
    act: Act,
    verdict: Verdict,
}

impl Stated {
    fn name(&self) -> &str {
        self.verdict.turned.as_ref().map_or(self.act.name.as_str(), |turned| turned.act.as_str())
    }
}

/// In the server's order.
fn accepted(history: Vec<Judged>) -> Vec<Stated> {
    let stated = |judged: Judged| {
        let verdict = judged.verdict.filter(|verdict| verdict.outcome == Outcome::Accepted)?;
        Some(Stated { act: judged.act, verdict })
    };
    let mut stated: Vec<Stated> = history.into_iter().filter_map(stated).collect();
    stated.sort_by_key(|stated| stated.verdict.seq);
    stated
}
