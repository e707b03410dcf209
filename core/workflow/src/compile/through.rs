//! What is compared through links: the sort of another kind's answer is known when that kind is, in this
//! pack or when all packs are together.

use crate::bundle::MANIFEST;
use crate::expression::Expression;
use crate::field::{Answer, Field};
use crate::kind::Kind;
use crate::problem::Problem;
use rounds_forms::expr::{Mistake, Named, Sort};
use std::collections::BTreeMap;

/// An expression that reads through links.
#[derive(Debug)]
pub(crate) struct Through {
    pub source: String,
    /// The kinds that its links lead to.
    pub links: BTreeMap<String, String>,
    pub line: u32,
}

/// Comparisons and sums of these kinds that can never be meant, as far as the kinds that they read are
/// found.
pub(crate) fn doubts<'k>(
    kinds: impl IntoIterator<Item = &'k Kind>,
    find: impl Fn(&str) -> Option<&'k Kind>,
) -> Vec<Problem> {
    let mut found = Vec::new();
    for through in kinds.into_iter().flat_map(|kind| &kind.through) {
        let Ok(expression) = Expression::parse(&through.source) else { continue };
        let sort = |named: Named<'_>| match named {
            Named::Call("linked", [Some(field), Some(theirs)]) => {
                let kind = through.links.get(*field).and_then(|kind| find(kind));
                kind.map_or(Sort::Any, |kind| of_key(kind, theirs))
            }
            _ => Sort::Any,
        };
        let (_, mistakes) = expression.expr().sort(&sort);
        found.extend(mistakes.into_iter().map(|mistake| {
            let (code, name, known) = told(mistake);
            Problem::new(MANIFEST, Some(through.line), code, &[("name", &name), ("choices", &known)])
        }));
    }
    found
}

/// How a mistake is told: its code, the word, and what it could be.
pub(crate) fn told(mistake: Mistake) -> (&'static str, String, String) {
    match mistake {
        Mistake::NeverIs { word, known } => ("never-is", word, known.join(", ")),
        Mistake::NoNumber(word) => ("no-number", word, String::new()),
        Mistake::YesOrNo(word) => ("yes-or-no", word, String::new()),
    }
}

/// The sort of what a kind's records say under a key.
fn of_key(kind: &Kind, key: &str) -> Sort {
    if key == "@stage" {
        return Sort::Words(kind.stages.iter().map(|stage| stage.name.clone()).collect());
    }
    let said = key.strip_prefix('@').and_then(|rest| rest.split_once('/'));
    let field = match said {
        None => kind.field(key),
        Some((act, part)) => {
            kind.act(act).and_then(|act| act.payload.iter().find(|field| field.name == part))
        }
    };
    field.map_or(Sort::Any, of_field)
}

fn of_field(field: &Field) -> Sort {
    match field.answer {
        Answer::Boolean => Sort::Bool,
        Answer::Integer | Answer::Decimal => Sort::Number,
        Answer::One => Sort::Words(field.choices.iter().map(|choice| choice.name.clone()).collect()),
        Answer::Text | Answer::Barcode | Answer::Person | Answer::Record => Sort::Prose,
        Answer::Date | Answer::Time | Answer::DateTime => Sort::Text,
        Answer::Several | Answer::Place | Answer::Blob(_) => Sort::Any,
    }
}
