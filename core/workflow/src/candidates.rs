//! What a link could point to: each record of the linked kind, and why not, where it could not.
//!
//! A candidate is judged as if it were the answer: by the field's constraint and checks, and by the
//! ledgers in which the record would then have a claim.

use crate::answers::{FORM, PAYLOAD, asked};
use crate::arbitration;
use crate::available::View;
use crate::complete;
use crate::env::Env;
use crate::expression::Expression;
use crate::field::Field;
use crate::kind::{ActRule, Guard, Kind};
use crate::record::Record;
use crate::rule::hold;
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

/// For each of these records, whether it can be the answer to a field of this one.
pub fn candidates(
    kind: &Kind,
    record: &Record,
    field: &Field,
    among: &[DocId],
    who: &Person<'_>,
    world: &dyn World,
    moment: Moment,
) -> Result<Vec<Result<(), Refusal>>, WorldError> {
    let mut supposed = complete::worked_out(kind, record, moment).into_owned();
    let one = |id: &DocId| {
        let answer = Scalar::from(id.to_string());
        supposed.fields.insert(field.name.clone(), answer.clone());
        let judged = settle(judge(kind, &supposed, field, &answer, who, world, moment))?;
        Ok(judged.map_err(|no| no.by(field.rule.as_ref()).by(kind.rule.as_ref())))
    };
    among.iter().map(one).collect()
}

/// The same for a question of an act's sheet, beside what is answered there so far: by the question's own
/// constraint and checks, and by the needs and guards of the act that are about it. What depends on an answer
/// that nobody has given yet is left to the act itself.
pub fn candidates_for_act(
    kind: &Kind,
    record: &Record,
    (rule, given): (&ActRule, &BTreeMap<String, Scalar>),
    field: &Field,
    among: &[DocId],
    view: &View<'_>,
) -> Result<Vec<Result<(), Refusal>>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    let mut payload = given.clone();
    let one = |id: &DocId| {
        let answer = Scalar::from(id.to_string());
        payload.insert(field.name.clone(), answer.clone());
        let env = view.env(kind, &whole).carrying(&payload);
        let judged = settle(judge_sheet(rule, &payload, field, &answer, &env, view.world))?;
        Ok(judged.map_err(|no| no.by(field.rule.as_ref()).by(rule.rule.as_ref()).by(kind.rule.as_ref())))
    };
    among.iter().map(one).collect()
}

fn judge_sheet(
    rule: &ActRule,
    payload: &BTreeMap<String, Scalar>,
    field: &Field,
    answer: &Scalar,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(), Stop> {
    if let Some(wrong) = known(asked(field, Some(answer), env, &PAYLOAD))?.and_then(|asked| asked.wrong) {
        return Err(wrong.into());
    }
    known(arbitration::demand_of(rule, &field.name, env, world))?;
    let about = |guard: &&Guard| guard.refusal.field.as_ref() == Some(&field.name);
    let mut guards = rule.guards.iter().filter(about).peekable();
    if guards.peek().is_none() {
        return Ok(());
    }
    let mut facts = BTreeMap::new();
    for (name, expression) in &rule.facts {
        if rests_on(rule, expression, payload, &facts)
            && let Some(value) = known(expression.scalar(&env.knowing(&facts)))?
        {
            facts.insert(name.clone(), value);
        }
    }
    let knowing = env.knowing(&facts);
    for guard in guards.filter(|guard| rests_on(rule, &guard.require, payload, &facts)) {
        known(hold(guard, &knowing))?;
    }
    Ok(())
}

/// What can be told before all of the sheet is answered; what cannot be worked out yet is left to the act.
fn known<T>(judged: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match judged {
        Err(Stop::Eval(_)) => Ok(None),
        judged => judged.map(Some),
    }
}

/// Whether all that an expression asks of the sheet is answered there, and what it asks of the act's facts is worked
/// out from that.
fn rests_on(
    rule: &ActRule,
    expression: &Expression,
    payload: &BTreeMap<String, Scalar>,
    facts: &BTreeMap<String, Scalar>,
) -> bool {
    expression.calls().iter().all(|(name, args)| match (name.as_str(), args.first()) {
        ("fact", Some(asked)) => facts.contains_key(asked),
        ("fact" | "payload", None) => false,
        ("payload" | "linked", Some(asked)) => {
            payload.contains_key(asked) || !rule.payload.iter().any(|field| field.name == *asked)
        }
        _ => true,
    })
}

fn judge(
    kind: &Kind,
    supposed: &Record,
    field: &Field,
    answer: &Scalar,
    who: &Person<'_>,
    world: &dyn World,
    moment: Moment,
) -> Result<(), Stop> {
    let env = Env::new(kind, supposed, world, moment).by(*who);
    if let Some(wrong) = asked(field, Some(answer), &env, &FORM)?.wrong {
        return Err(wrong.into());
    }
    // Each stage in which the record would hold a claim, once.
    let mut stages: Vec<&String> = kind.ledgers.iter().filter_map(|ledger| ledger.holds.first()).collect();
    stages.dedup();
    for stage in stages {
        match arbitration::contest(kind, supposed, stage, &env, world) {
            // What it claims may not be known before more is answered.
            Err(Stop::Eval(_)) => {}
            other => other?,
        }
    }
    Ok(())
}
