//! Answers that only one record of a kind may have: the number of a policy, the code of a product.
//!
//! A record holds them in a ledger through all its stages, as it holds what an arbitration rule is about.
//! But they are answers and not a stage: nobody rules on writing, so what another record has already is
//! not written. A phone asks what it holds; the server asks all records, also of what is imported.

use crate::kind::Kind;
use crate::messages::{refusal, same};
use crate::record::Record;
use crate::stop::Stop;
use crate::world::{World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use std::collections::BTreeMap;

/// The answers that together are those of one record only.
#[derive(Debug)]
pub(crate) struct Unique {
    /// Their keys.
    pub fields: Vec<String>,
    /// The ledger that knows which record has which.
    pub book: String,
}

/// Whether a record with these answers stands alone with what its kind wants unique; `written` are the keys
/// that change now. Answers that nobody touches are no reason against the others.
///
/// Refusal: `taken-already`, with a link to the record that has them.
pub fn is_unique<'k>(
    kind: &Kind,
    id: DocId,
    fields: &BTreeMap<String, Scalar>,
    written: impl IntoIterator<Item = &'k str>,
    world: &dyn World,
) -> Result<Result<(), Refusal>, WorldError> {
    let Some(unique) = kind.unique.as_ref().filter(|_| kind.is_to_be_unique(written)) else {
        return Ok(Ok(()));
    };
    let Some(ledger) = kind.ledgers.iter().find(|ledger| ledger.name == unique.book) else {
        return Ok(Ok(()));
    };
    // Control keys that are not in order are refused elsewhere.
    let Ok(record) = Record::new(kind, id, fields.clone()) else { return Ok(Ok(())) };
    let claim =
        match ledger.claim(kind, &record, &record.stage, Moment { now_ms: 0, offset_minutes: 0, seed: 0 }) {
            Ok(Some(claim)) => claim,
            Err(Stop::World(error)) => return Err(error),
            _ => return Ok(Ok(())),
        };
    let others = world.claims(&claim.rule, &claim.key)?;
    Ok(match others.into_iter().map(|(doc, _)| doc).filter(|doc| *doc != id).min() {
        None => Ok(()),
        Some(other) => Err(taken(kind, unique, &claim.key, other)),
    })
}

impl Kind {
    /// Whether one of these answers is among those that only one record of the kind may have.
    pub fn is_to_be_unique<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> bool {
        let unique = self.unique.as_ref();
        unique
            .is_some_and(|unique| keys.into_iter().any(|key| unique.fields.iter().any(|field| field == key)))
    }
}

fn taken(kind: &Kind, unique: &Unique, value: &str, other: DocId) -> Refusal {
    let titles = |lang, joint: &str| {
        let titles = unique.fields.iter().filter_map(|key| kind.question_title(key));
        titles.map(|title| title.get(lang).to_owned()).collect::<Vec<_>>().join(joint)
    };
    let fields = Text { zh: titles(Lang::Zh, "、"), en: titles(Lang::En, ", ") };
    let args = [("kind", &kind.title), ("fields", &fields), ("value", &same(value))];
    let first = unique.fields.first().map(String::as_str).unwrap_or_default();
    let rule = kind.field(first).and_then(|field| field.rule.as_ref());
    let mut taken = refusal("taken-already", &args).on(first).by(rule).by(kind.rule.as_ref());
    taken.link = Some(other);
    taken
}
