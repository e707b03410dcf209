//! Whether answers are what their questions ask for: of a record's declared fields, and of the
//! payload of an act.

use crate::env::Env;
use crate::field::{Answer, Field};
use crate::kind::Kind;
use crate::messages::refusal;
use crate::stop::Stop;
use crate::world::{World, WorldError};
use chrono::{DateTime, NaiveDate, NaiveTime};
use rounds_model::ids::{BlobHash, DocId, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;
use std::str::FromStr;

/// A declared field as it stands.
#[derive(Debug)]
pub struct Asked<'k> {
    /// The field.
    pub field: &'k Field,
    /// Whether it is asked at all now.
    pub relevant: bool,
    /// What is wrong with its answer: `missing`, of the wrong sort, or against its constraint.
    pub wrong: Option<Refusal>,
}

/// The codes for the three ways of being wrong.
pub(crate) struct Codes {
    pub missing: &'static str,
    pub sort: &'static str,
    pub constraint: &'static str,
}

/// For the answers of a record.
pub(crate) const FORM: Codes =
    Codes { missing: "form-incomplete", sort: "form-invalid", constraint: "form-invalid" };
/// For what an act carries.
pub(crate) const PAYLOAD: Codes =
    Codes { missing: "payload-missing", sort: "payload-type", constraint: "payload-invalid" };

/// Every field with what is wrong about it. An answer to a question that is not asked now is
/// neither demanded nor judged.
pub(crate) fn examine<'k>(
    fields: &'k [Field],
    answers: &BTreeMap<String, Scalar>,
    env: &Env<'_>,
    codes: &Codes,
) -> Result<Vec<Asked<'k>>, Stop> {
    fields.iter().map(|field| asked(field, answers.get(&field.name), env, codes)).collect()
}

/// The first refusal among all fields.
pub(crate) fn demand(
    fields: &[Field],
    answers: &BTreeMap<String, Scalar>,
    env: &Env<'_>,
    codes: &Codes,
) -> Result<(), Stop> {
    let wrong = examine(fields, answers, env, codes)?.into_iter().find_map(|asked| asked.wrong);
    wrong.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// One field with what is wrong about it.
pub(crate) fn asked<'k>(
    field: &'k Field,
    answer: Option<&Scalar>,
    env: &Env<'_>,
    codes: &Codes,
) -> Result<Asked<'k>, Stop> {
    let relevant = match &field.relevant {
        Some(condition) => condition.holds(env)?,
        None => true,
    };
    let wrong = match answer.filter(|answer| !answer.is_blank()) {
        _ if !relevant => None,
        None => field.required.then_some(codes.missing),
        Some(answer) if !fits(field, answer) => Some(codes.sort),
        Some(answer) => match &field.constraint {
            Some(constraint) if !constraint.holds(&env.at(answer))? => Some(codes.constraint),
            _ => return Ok(Asked { field, relevant, wrong: beyond(field, answer, env)? }),
        },
    };
    let wrong = wrong.map(|code| {
        let mut refusal = refusal(code, &[("field", &field.title)]).on(&field.name);
        // The author's own words say more than "is not right".
        if let (true, Some(message)) = (code == codes.constraint, &field.message) {
            refusal.reason = message.clone();
        }
        refusal.rule.clone_from(&field.rule);
        refusal
    });
    Ok(Asked { field, relevant, wrong })
}

/// What is wrong with an answer of the right sort: it links to something else than it is meant for, or
/// one of the field's checks does not hold.
fn beyond(field: &Field, answer: &Scalar, env: &Env<'_>) -> Result<Option<Refusal>, Stop> {
    if let Some(no) = misled(field, answer, |id| env.kind_of(id))? {
        return Ok(Some(no));
    }
    for check in &field.checks {
        let env = env.at(answer);
        if !check.require.holds(&env)? {
            return check.refusal.made(&env).map(|no| Some(no.by(field.rule.as_ref())));
        }
    }
    Ok(None)
}

/// Refusal: `link-other-kind`. A record that is not known here may well be of the right kind.
fn misled(
    field: &Field,
    answer: &Scalar,
    kind_of: impl Fn(DocId) -> Result<Option<String>, WorldError>,
) -> Result<Option<Refusal>, WorldError> {
    let linked = answer.as_text().and_then(|id| id.parse::<DocId>().ok());
    let Some((meant, id)) = field.link.as_ref().zip(linked) else { return Ok(None) };
    let other = kind_of(id)?.filter(|kind| kind != meant);
    Ok(other.map(|_| {
        refusal("link-other-kind", &[("field", &field.title)]).on(&field.name).by(field.rule.as_ref())
    }))
}

/// Whether what is being written links to records of the kinds that are meant, as far as they are
/// known here.
///
/// Refusal: `link-other-kind`.
pub fn may_link(
    kind: &Kind,
    values: &[(String, Scalar)],
    world: &dyn World,
) -> Result<Result<(), Refusal>, WorldError> {
    for (key, value) in values {
        if let Some(field) = kind.field(key)
            && let Some(no) = misled(field, value, |id| Ok(world.record(id)?.map(|known| known.kind)))?
        {
            return Ok(Err(no));
        }
    }
    Ok(Ok(()))
}

/// Whether a value is of the sort that the field keeps. Nothing (yet) always fits.
pub fn fits(field: &Field, value: &Scalar) -> bool {
    if value.is_blank() {
        return true;
    }
    match (field.answer, value) {
        (Answer::Boolean, Scalar::Bool(_)) | (Answer::Integer | Answer::Decimal, Scalar::Int(_)) => true,
        (Answer::Decimal, Scalar::Float(number)) => number.is_finite(),
        (_, Scalar::Text(text)) => fits_text(field, text),
        _ => false,
    }
}

fn fits_text(field: &Field, text: &str) -> bool {
    let offered = |name: &str| field.choices.iter().any(|choice| choice.name == name);
    match field.answer {
        Answer::Text | Answer::Barcode => true,
        Answer::Boolean | Answer::Integer | Answer::Decimal => false,
        Answer::Date => text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        Answer::Time => {
            ["%H:%M", "%H:%M:%S%.f"].iter().any(|form| NaiveTime::parse_from_str(text, form).is_ok())
        }
        Answer::DateTime => DateTime::parse_from_rfc3339(text).is_ok(),
        Answer::Place => is_place(text),
        Answer::One => offered(text),
        Answer::Several => text.split_whitespace().all(offered),
        Answer::Blob(_) => is_spelled::<BlobHash>(text),
        Answer::Person => is_spelled::<PersonId>(text),
        Answer::Record => is_spelled::<DocId>(text),
    }
}

/// An id in its one spelling: in capitals it would be another key of an arbitration rule.
fn is_spelled<T: FromStr + ToString>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|id| id.to_string() == text)
}

/// `latitude longitude [altitude [accuracy]]`: degrees in range, an accuracy that is no less than 0.
fn is_place(text: &str) -> bool {
    let numbers: Option<Vec<f64>> =
        text.split_whitespace().map(|part| part.parse().ok().filter(|n: &f64| n.is_finite())).collect();
    match numbers.as_deref() {
        Some([latitude, longitude, rest @ ..]) => {
            latitude.abs() <= 90.0
                && longitude.abs() <= 180.0
                && rest.len() <= 2
                && rest.get(1).is_none_or(|accuracy| *accuracy >= 0.0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::ChoiceItem;
    use rounds_model::text::Text;

    fn field(answer: Answer) -> Field {
        Field {
            name: "x".into(),
            answer,
            title: Text::default(),
            hint: None,
            required: false,
            link: None,
            choices: ["a", "b"].map(|name| ChoiceItem { name: name.into(), title: Text::default() }).into(),
            relevant: None,
            constraint: None,
            message: None,
            rule: None,
            checks: Vec::new(),
        }
    }

    #[test]
    fn each_sort_of_answer_takes_its_own_values_only() {
        let id = DocId([0xab; 16]).to_string();
        let shouted = id.to_uppercase();
        let cases: [(Answer, &[&str], &[&str]); 9] = [
            (Answer::Text, &["anything"], &[]),
            (Answer::Date, &["2026-11-23"], &["2026-11-31", "23.11.2026", "2026-1-2", "2026-11-23T08:00"]),
            (Answer::Time, &["09:30", "09:30:15", "09:30:15.5"], &["25:00", "9"]),
            (Answer::DateTime, &["2026-11-23T09:30:00+08:00"], &["2026-11-23"]),
            (
                Answer::Place,
                &["38.9 121.6", "38.9 121.6 0 12.5"],
                &["38.9", "91 0", "0 181", "a b", "1 2 3 -1", "1 2 NaN 1", "1 2 3 4 5"],
            ),
            (Answer::One, &["a"], &["c", "a b"]),
            (Answer::Several, &["a", "b a"], &["a c"]),
            (Answer::Record, &[&id], &["S0001", &shouted]),
            (Answer::Integer, &[], &["3"]),
        ];
        for (answer, good, bad) in cases {
            let field = field(answer);
            assert!(fits(&field, &Scalar::Null), "{answer:?}: clearing is always possible");
            for (texts, expected) in [(good, true), (bad, false)] {
                for text in texts {
                    assert_eq!(fits(&field, &Scalar::from(*text)), expected, "{answer:?} {text}");
                }
            }
        }
        assert!(fits(&field(Answer::Decimal), &Scalar::Int(1)));
        assert!(fits(&field(Answer::Decimal), &Scalar::Float(0.5)));
        assert!(!fits(&field(Answer::Integer), &Scalar::Float(0.5)));
        assert!(!fits(&field(Answer::Text), &Scalar::Int(1)));
    }
}
