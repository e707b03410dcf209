//! Proofs: an act that needs the act of another names it.
//!
//! A proof is an act that its author's device signed and that the server accepted; a phone has
//! checked the signature before it kept it. To name one is to have seen it, so that the order of the
//! two is beyond doubt whenever they arrive.
//!
//! Without an end, what was proven must still be so when the act is ruled. With one, it is a token:
//! good from then until its end, by the trusted time of the act, whatever others have done meanwhile
//! that the author could not know. That is what makes an approval work offline, and the end is what
//! bounds it. What the author themselves did to the record before counts, because that they knew: on the
//! same phone by its own count, on another one of theirs by time.

use crate::catalogue::Catalogue;
use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{ActRule, RefusalRule};
use crate::messages::{refusal, same};
use crate::moment::{instant, moment};
use crate::record::{Judged, Record, pending_order};
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
    /// Nobody may have stated it again since: what is signed off is what its author saw.
    pub latest: bool,
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
        if let Ok(act) = settle(standing(need, &env, world))? {
            found.push(act);
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

/// The same of what links by one question alone, as far as it is known now.
pub(crate) fn demand_of(rule: &ActRule, field: &str, env: &Env<'_>, world: &dyn World) -> Result<(), Stop> {
    for need in rule.needs.iter().filter(|need| need.record.as_deref() == Some(field)) {
        if need.applies(env)? {
            standing(need, env, world)?;
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
fn standing(need: &Need, env: &Env<'_>, world: &dyn World) -> Result<ActId, Stop> {
    let no = || -> Result<ActId, Stop> { Err(need.refusal.made(env)?.into()) };
    let Some(target) = target(need, env)? else { return no() };
    if !need.stages.is_empty() && !need.stages.contains(&target.stage) {
        return no();
    }
    let history = world.history(target.doc)?;
    let latest = stated(need, &target, &history).into_iter().rfind(|stated| stated.name == need.act);
    let Some(stated) = latest else { return no() };
    in_time(need, &stated, env)?;
    Ok(stated.act.id)
}

/// Whether an act names what it needs, and that is good.
fn named(need: &Need, act: &Act, env: &Env<'_>, world: &dyn World) -> Result<(), Stop> {
    let no = || -> Result<(), Stop> { Err(need.refusal.made(env)?.into()) };
    let Some(target) = target(need, env)? else { return no() };
    let history = world.history(target.doc)?;
    let history = stated(need, &target, &history);
    let meant = |stated: &Stated<'_>| stated.name == need.act && act.proofs.contains(&stated.act.id);
    let Some(at) = history.iter().rposition(meant) else {
        // A phone names nothing that has ended: then that is the reason.
        return standing(need, env, world).and_then(|_| no());
    };
    let (proof, later) = history.split_at(at + 1);
    let Some(proof) = proof.last() else { return no() };
    if need.latest && later.iter().any(|stated| stated.name == need.act) {
        return no();
    }
    in_time(need, proof, env)?;
    let stands = |stage: &String| need.stages.is_empty() || need.stages.contains(stage);
    if stands(&target.stage) {
        return Ok(());
    }
    let own = |stated: &&Stated<'_>| {
        let before = match stated.act.device == act.device {
            true => stated.act.number < act.number,
            false => stated.act.time.at_ms <= act.time.at_ms,
        };
        stated.act.person == act.person && before
    };
    let known = later.iter().rfind(own).unwrap_or(proof);
    let stood = known.verdict.is_some_and(|verdict| stands(&verdict.stage));
    if need.until.is_some() && stood { Ok(()) } else { no() }
}

/// Refusal: `proof-expired`.
fn in_time(need: &Need, proof: &Stated<'_>, env: &Env<'_>) -> Result<(), Stop> {
    let Some(name) = &need.until else { return Ok(()) };
    let fact = proof.verdict.and_then(|verdict| verdict.facts.get(name));
    let said = fact.or_else(|| proof.act.payload.get(name)).map(Scalar::to_string).unwrap_or_default();
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
    /// The place of the latest act of the needed name, ruled or awaited.
    order: Option<Scalar>,
}

fn target(need: &Need, env: &Env<'_>) -> Result<Option<Target>, Stop> {
    let order = format!("@{}/@order", need.act);
    Ok(match &need.record {
        None => {
            let record = env.record();
            let (stage, order) = (record.stage.clone(), record.acts.get(&order).cloned());
            Some(Target { doc: record.id, stage, order })
        }
        Some(field) => env.linked_record(field)?.map(|(doc, known)| {
            let order = known.data.get(&order).cloned();
            Target { doc, stage: known.stage, order }
        }),
    })
}

/// An act that counts.
struct Stated<'h> {
    act: &'h Act,
    /// What it was taken as.
    name: &'h str,
    /// None while the author's own phone waits for it.
    verdict: Option<&'h Verdict>,
}

/// The accepted acts in the server's order. Where the latest is asked for, also the one that the author's
/// own phone waits for: who quotes and then checks without a network has seen what they quoted, and the
/// server rules on the two in that order.
fn stated<'h>(need: &'h Need, target: &Target, history: &'h [Judged]) -> Vec<Stated<'h>> {
    let mut stated: Vec<_> = history.iter().filter_map(accepted).collect();
    stated.sort_by_key(|(verdict, _)| verdict.seq);
    let mut stated: Vec<_> = stated.into_iter().map(|(_, stated)| stated).collect();
    let awaited = |judged: &&Judged| {
        judged.verdict.is_none() && target.order == Some(Scalar::Int(pending_order(&judged.act)))
    };
    let own = history.iter().find(awaited).filter(|_| need.latest);
    stated.extend(own.map(|judged| Stated { act: &judged.act, name: &need.act, verdict: None }));
    stated
}

fn accepted(judged: &Judged) -> Option<(&Verdict, Stated<'_>)> {
    let verdict = judged.verdict.as_ref().filter(|verdict| verdict.outcome == Outcome::Accepted)?;
    let name = verdict.turned.as_ref().map_or(judged.act.name.as_str(), |turned| turned.act.as_str());
    Some((verdict, Stated { act: &judged.act, name, verdict: Some(verdict) }))
}
