//! The names that the expressions of a kind may use, and the ones that packs may not give.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::sorts::Sorts;
use crate::manifest::{ActSource, KindSource, Word};
use crate::questions::Questions;
use crate::workbook::Workbook;

/// What every act says of itself, and so no payload field or fact can be called.
pub(super) const SAID: [&str; 2] = ["at", "by"];
/// What it says beside, under names that no field can have.
const BESIDE: [&str; 2] = ["@clock", "@order"];

pub(super) fn names(source: &KindSource, workbook: Option<&Workbook>, readable: bool) -> Names {
    let mut questions = Questions::default();
    for place in workbook.map(Workbook::places).unwrap_or_default() {
        questions.add(place);
    }
    for field in &source.fields {
        questions.add(vec![(field.name.get_ref().clone(), false)]);
    }
    let links = source
        .fields
        .iter()
        .filter_map(|field| Some((field.name.get_ref().clone(), field.link.as_ref()?.get_ref().clone())));
    let said = |act: &ActSource| {
        let payload = act.payload.iter().map(|field| field.name.get_ref().clone());
        let facts = act.facts.keys().map(|fact| fact.get_ref().clone());
        let numbers = act.numbers.keys().map(|number| number.get_ref().clone());
        let beside = SAID.into_iter().chain(BESIDE).map(str::to_owned);
        payload.chain(facts).chain(numbers).chain(beside).collect()
    };
    Names {
        questions: readable.then_some(questions),
        acts: source.acts.iter().map(|(name, act)| (name.get_ref().clone(), said(act))).collect(),
        links: links.collect(),
        sorts: Sorts::of(source),
        lists: source.checklists.iter().map(|list| list.name.get_ref().clone()).collect(),
        recordings: source.recordings.iter().map(|rule| rule.field.get_ref().clone()).collect(),
        prints: source
            .prints
            .iter()
            .map(|(name, print)| (name.get_ref().clone(), print.act.is_some()))
            .collect(),
        reads: Vec::new(),
        tallies: Vec::new(),
        cells: Vec::new(),
        unsaid: Vec::new(),
        summed: Vec::new(),
        through: Vec::new(),
    }
}

/// The key of a question outside repeats.
pub(super) fn question(c: &mut Checker<'_, '_>, names: &Names, word: &Word) -> Option<String> {
    let questions = names.questions.as_ref()?;
    let key = questions.key(word.get_ref());
    if key.is_none() {
        c.problems.add(word.span(), "unknown-field", &[("name", word.get_ref()), ("kind", "")]);
    }
    key
}

/// The field that a refusal points at: of the payload or of the record.
pub(super) fn asked_for(
    c: &mut Checker<'_, '_>,
    names: &Names,
    carried: &Carried,
    field: &Word,
) -> Option<String> {
    if carried.payload.contains(field.get_ref()) {
        return Some(field.get_ref().clone());
    }
    question(c, names, field)
}

/// What a search looks through: a question, or what the latest act of a name says (`@accept/number`).
pub(super) fn searched(c: &mut Checker<'_, '_>, names: &Names, word: &Word) -> Option<String> {
    let said = word.get_ref().strip_prefix('@').and_then(|rest| rest.split_once('/'));
    match said {
        Some((act, part)) if names.acts.get(act).is_some_and(|parts| parts.contains(part)) => {
            Some(word.get_ref().clone())
        }
        _ => question(c, names, word),
    }
}
