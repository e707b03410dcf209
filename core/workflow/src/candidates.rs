//! What a link could point to: each record of the linked kind, and why not, where it could not.
//!
//! A candidate is judged as if it were the answer: by the field's constraint and checks, and by the
//! ledgers in which the record would then have a claim.

use crate::answers::{FORM, asked};
use crate::arbitration;
use crate::complete;
use crate::env::Env;
use crate::field::Field;
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;

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
