//! The ruling on an act: the same on the phone (provisional) and on the server (final).
//!
//! The order of the questions is the order in which a person would ask them: does this act exist,
//! may you, is it possible now, is the record complete, is the act itself, are
//! its documents there, is what it needs proven, do
//! the pack's guards hold, and does another record stand in the way.

use crate::answers::{self, PAYLOAD};
use crate::arbitration::{self, Taken};
use crate::catalogue::Catalogue;
use crate::comments;
use crate::complete;
use crate::documents;
use crate::env::Env;
use crate::kind::{ActRule, Guard, Kind, RefusalRule};
use crate::messages::{refusal, same};
use crate::moment::moment;
use crate::number;
use crate::photos;
use crate::record::{Record, clock};
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use chrono_tz::Tz;
use rounds_forms::expr::Moment;
use rounds_model::act::Act;
use rounds_model::ids::ChangeHash;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use rounds_model::verdict::{Outcome, Turned};
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
    /// For an accepted act that was taken as another one: which, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned: Option<Turned>,
    /// How far the counters of its numbers have come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issued: Vec<Issued>,
}

/// A number that a counter gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The counter: a series, or what stands before the digits.
    pub counter: String,
    /// How far it has counted.
    pub number: u64,
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
    let kind = catalogue.kind_at(&record.kind, record.pack);
    Ok(match settle(judge(catalogue, record, act, who, world, zone))? {
        Ok(Taken { stage, facts, turned, issued }) => {
            Ruling { outcome: Outcome::Accepted, stage, facts, turned, issued }
        }
        Err(refusal) => {
            let refusal = match kind {
                Some(kind) => required(kind, &act.name, refusal),
                None => refusal,
            };
            Ruling::blocked(refusal, &record.stage)
        }
    })
}

impl Ruling {
    /// A no: the record stays in its stage.
    pub fn blocked(refusal: Refusal, stage: &str) -> Ruling {
        let (outcome, stage) = (Outcome::Blocked(refusal), stage.to_owned());
        Ruling { outcome, stage, facts: BTreeMap::new(), turned: None, issued: Vec::new() }
    }

    /// The name of the act that this one was taken as.
    pub fn taken_as<'r>(&'r self, act: &'r Act) -> &'r str {
        self.turned.as_ref().map_or(&act.name, |turned| &turned.act)
    }

    /// How far it is from what was stated: taken as it was, taken as another act, not taken.
    pub fn severity(&self) -> u8 {
        match (&self.outcome, &self.turned) {
            (Outcome::Accepted, None) => 0,
            (Outcome::Accepted, Some(_)) => 1,
            (Outcome::Blocked(_), _) => 2,
        }
    }
}

/// Whether the author of an act that asks for it (`exact`) saw all of the content as it stands:
/// what nobody has seen is not removed or signed off unseen. `taken_as` is the act that it was
/// taken as, `heads` are the document's, sorted.
///
/// Refusal: `content-moved`.
pub fn saw_all(kind: &Kind, act: &Act, taken_as: &str, heads: &[ChangeHash]) -> Result<(), Refusal> {
    let rules = [kind.act(&act.name), kind.act(taken_as)];
    match rules.into_iter().flatten().find(|rule| rule.exact) {
        Some(rule) if act.heads != heads => {
            let moved = refusal("content-moved", &[("act", &rule.title)]);
            Err(moved.by(rule.rule.as_ref()).by(kind.rule.as_ref()))
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
) -> Result<Taken, Stop> {
    let Some(kind) = catalogue.kind_at(&record.kind, record.pack) else {
        return Err(refusal("unknown-kind", &[("kind", &same(&record.kind))]).into());
    };
    let Some(rule) = kind.act(&act.name) else {
        return Err(unknown_act(kind, &act.name).into());
    };
    let moment = moment_of(act, zone);
    let whole = complete::worked_out(kind, record, moment);
    let clock = clock(&act.time, world.received_ms());
    let env = Env::new(kind, &whole, world, moment).by(*who).carrying(&act.payload).timed(clock);
    arbitration::or_else(kind, rule, |taken| attempt(kind, rule, taken, record, act, &env, world))
}

/// The ruling on an act if it is taken as this one.
fn attempt(
    kind: &Kind,
    stated: &ActRule,
    rule: &ActRule,
    record: &Record,
    act: &Act,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<Taken, Stop> {
    if let Some(who) = env.who() {
        may_act(rule, record, &who)?;
    }
    is_possible(kind, rule, record, Some(&act.stage)).map_err(|no| Stop::Overtaken(Box::new(no)))?;
    is_decided(kind, rule, record)?;
    if rule.complete {
        complete::demand(kind, record, env, env.time())?;
    }
    payload(kind, stated, rule, &act.payload, env)?;
    documents::demand(kind, rule, env)?;
    arbitration::demand(rule, Some(act), env, world)?;
    let mut facts = BTreeMap::new();
    for (name, expression) in &rule.facts {
        let env = env.knowing(&facts);
        let value = expression.scalar(&env)?;
        if !value.is_blank() {
            facts.insert(name.clone(), value);
        }
    }
    let knowing = env.knowing(&facts);
    for guard in &rule.guards {
        hold(guard, &knowing)?;
    }
    arbitration::contest(kind, record, &rule.to, &knowing, world)?;
    if !env.is_whole() {
        // A number that is too small is no fact; the server's ruling brings the right one.
        facts.retain(|name, _| !rule.told.iter().any(|told| told.waits && told.name == *name));
    }
    // Last, so that nothing that is refused takes a number.
    let (numbers, issued) = number::give(rule, record, act, env, world)?;
    facts.extend(numbers);
    Ok(Taken { stage: rule.to.clone(), facts, turned: None, issued })
}

/// Whether somebody of this role could ever state this about a record of this kind. What nobody
/// could is no statement that anyone has to rule on.
///
/// Refusals: `act-unknown`, `act-role`.
pub fn may_state(kind: &Kind, act: &str, who: &Person<'_>) -> Result<(), Refusal> {
    match kind.act(act) {
        None => Err(required(kind, act, unknown_act(kind, act))),
        Some(rule) if !rule.roles.contains(who.role) => {
            Err(required(kind, act, refusal("act-role", &[("act", &rule.title)])))
        }
        Some(_) => Ok(()),
    }
}

/// A refusal of this act with the requirement that it comes from: its own, else the act's, else the kind's. Every
/// no about an act goes through here, so that each says why there is such a rule.
pub fn required(kind: &Kind, act: &str, refused: Refusal) -> Refusal {
    refused.by(kind.act(act).and_then(|rule| rule.rule.as_ref())).by(kind.rule.as_ref())
}

/// Refused with the acts that there are, by title and name.
fn unknown_act(kind: &Kind, name: &str) -> Refusal {
    let acts = |lang| {
        let named = kind.acts.iter().map(|act| format!("{} ({})", act.title.get(lang), act.name));
        named.collect::<Vec<_>>().join(", ")
    };
    let acts = Text { zh: acts(Lang::Zh), en: acts(Lang::En) };
    refusal("act-unknown", &[("act", &same(name)), ("kind", &kind.title), ("acts", &acts)])
}

/// Refusals: `act-role`, `act-not-owner`.
pub(crate) fn may_act(rule: &ActRule, record: &Record, who: &Person<'_>) -> Result<(), Refusal> {
    if !rule.roles.contains(who.role) {
        return Err(refusal("act-role", &[("act", &rule.title)]).by(rule.rule.as_ref()));
    }
    if !rule.who.allows(who.id, record.owner) {
        return Err(refusal("act-not-owner", &[("act", &rule.title)]).by(rule.rule.as_ref()));
    }
    Ok(())
}

/// Refusals: `stage-moved` when the author assumed another stage (even if the act is possible in this
/// one, if it must be in the one that they saw), else `act-not-now`.
pub(crate) fn is_possible(
    kind: &Kind,
    rule: &ActRule,
    record: &Record,
    assumed: Option<&str>,
) -> Result<(), Refusal> {
    let moved = assumed.filter(|assumed| *assumed != record.stage);
    if rule.from.contains(&record.stage) && !(rule.same_stage && moved.is_some()) {
        return Ok(());
    }
    let now = kind.stage_title(&record.stage);
    let refused = match moved {
        Some(assumed) => {
            let assumed = kind.stage_title(assumed);
            refusal("stage-moved", &[("act", &rule.title), ("stage", &now), ("assumed", &assumed)])
        }
        None => refusal("act-not-now", &[("act", &rule.title), ("stage", &now)]),
    };
    Err(refused.by(rule.rule.as_ref()))
}

/// Whether what the act makes others rely on says one thing: the answers that a claim in its stage
/// rests on, and for an act that signs off the very content, all of them. Two people may have written
/// at once, and what is chosen between them later must not change what was ruled.
///
/// Refusal: `content-undecided`.
pub(crate) fn is_decided(kind: &Kind, rule: &ActRule, record: &Record) -> Result<(), Refusal> {
    let signs_off = rule.exact && !kind.is_removed(&rule.to);
    let counts = |key: &str| kind.ledgers.iter().any(|ledger| ledger.rests_on(key, &rule.to));
    match record.contested.iter().find(|key| signs_off || counts(key)) {
        None => Ok(()),
        Some(key) => {
            let title = kind.question_title(key).unwrap_or_else(|| same(key));
            let args = [("field", &title), ("act", &rule.title)];
            Err(refusal("content-undecided", &args).on(key).by(rule.rule.as_ref()))
        }
    }
}

fn payload(
    kind: &Kind,
    stated: &ActRule,
    rule: &ActRule,
    payload: &BTreeMap<String, Scalar>,
    env: &Env<'_>,
) -> Result<(), Stop> {
    let is_comment = |name: &str| stated.comments && kind.commented(name).is_some();
    let known = |name: &str| {
        let asked = stated.payload.iter().any(|field| field.name == name);
        asked || is_comment(name) || stated.photo_told(name).is_some()
    };
    let misfits = |name: &str, said: &Scalar| match stated.photo_told(name) {
        Some(photo) => !photos::is_of(said, payload.get(photo)),
        None => is_comment(name) && !comments::fits(said),
    };
    if let Some((name, _)) = payload.iter().find(|(name, said)| misfits(name, said)) {
        return Err(refusal("payload-type", &[("field", &same(name))]).on(name).into());
    }
    if let Some(name) = payload.keys().find(|name| !known(name)) {
        let args = [("field", &same(name)), ("act", &stated.title)];
        return Err(refusal("payload-unknown", &args).on(name).into());
    }
    answers::demand(&rule.payload, payload, env, &PAYLOAD)
}

/// Whether a guard holds. Where only a part of the records is known, one that rests on all of them says
/// nothing yet.
pub(crate) fn hold(guard: &Guard, env: &Env<'_>) -> Result<(), Stop> {
    if guard.waits && !env.is_whole() {
        return Ok(());
    }
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
