//! Sorts of values: whether a condition is one, and comparisons that can never be meant.

use super::checker::Checker;
use super::expressions::{Carried, Names, quoted};
use super::through::{Through, told};
use crate::dates;
use crate::expression::{Expression, Use};
use crate::manifest::{FieldSource, KindSource, Word};
use rounds_forms::expr::{Named, Sort};
use std::collections::BTreeMap;
use std::ops::Range;

/// The sorts of what the expressions of a kind may name.
#[derive(Debug, Default)]
pub(super) struct Sorts {
    /// By key.
    pub answers: BTreeMap<String, Sort>,
    pub stages: Vec<String>,
    /// By act and part.
    pub acts: BTreeMap<(String, String), Sort>,
}

impl Sorts {
    pub fn of(kind: &KindSource) -> Sorts {
        let answers = kind.fields.iter().map(|field| (field.name.get_ref().clone(), of_field(field)));
        let acts = kind.acts.iter().flat_map(|(act, source)| {
            let said = source.payload.iter().map(|field| (field.name.get_ref().clone(), of_field(field)));
            said.map(|(name, sort)| ((act.get_ref().clone(), name), sort))
        });
        let stages = kind.stages.keys().map(|stage| stage.get_ref().clone()).collect();
        Sorts { answers: answers.collect(), stages, acts: acts.collect() }
    }
}

/// The sort of an answer; a field with problems of its own can be anything.
pub(super) fn of_field(field: &FieldSource) -> Sort {
    let choices = || field.choices.iter().map(|choice| choice.name.get_ref().clone()).collect();
    match field.kind.get_ref().as_str() {
        "boolean" => Sort::Bool,
        "integer" | "decimal" => Sort::Number,
        "select_one" => Sort::Words(choices()),
        "text" | "barcode" | "person" | "record" => Sort::Prose,
        "date" | "time" | "datetime" => Sort::Text,
        _ => Sort::Any,
    }
}

impl Checker<'_, '_> {
    /// An expression that holds or does not.
    pub fn condition(
        &mut self,
        word: &Word,
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) -> Option<Expression> {
        let expression = self.expression(word, place, names, carried)?;
        let (sort, _) = expression.expr().sort(&|named| self.named(named, names, carried));
        if !matches!(sort, Sort::Bool | Sort::Any) {
            self.problems.add(word.span(), "no-condition", &[("expression", word.get_ref())]);
        }
        Some(expression)
    }

    /// An expression that is counted: what a claim takes, and how much there is.
    pub(super) fn amount(&mut self, word: &Word, expression: &Expression, names: &Names) {
        let (sort, _) = expression.expr().sort(&|named| self.named(named, names, &Carried::default()));
        if !matches!(sort, Sort::Number | Sort::Any) {
            self.problems.add(word.span(), "amount-no-number", &[("expression", word.get_ref())]);
        }
    }

    /// An expression that comes to a day.
    pub(super) fn day(&mut self, word: &Word, expression: &Expression, names: &Names) {
        let (sort, _) = expression.expr().sort(&|named| self.named(named, names, &Carried::default()));
        let written = quoted(expression.source()).filter(|text| !text.is_empty());
        let no_day = written.is_some_and(|text| dates::day(text, 0).is_none());
        if no_day || !matches!(sort, Sort::Text | Sort::Any) {
            self.problems.add(word.span(), "due-no-date", &[("expression", word.get_ref())]);
        }
    }

    /// Tells of comparisons and sums that can never be meant.
    pub(super) fn mistakes(
        &mut self,
        expression: &Expression,
        span: &Range<usize>,
        names: &mut Names,
        carried: &Carried,
    ) {
        if expression.calls().iter().any(|(function, _)| function == "linked") {
            let links = names.links.iter().chain(&carried.links).map(|(a, b)| (a.clone(), b.clone()));
            let (source, line) = (expression.source().to_owned(), self.line(span.clone()));
            names.through.push(Through { source, links: links.collect(), line });
        }
        let names = &*names;
        let (_, mistakes) = expression.expr().sort(&|named| self.named(named, names, carried));
        for mistake in mistakes {
            let (code, name, known) = told(mistake);
            self.problems.add(span.clone(), code, &[("name", &name), ("choices", &known)]);
        }
    }

    fn named(&self, named: Named<'_>, names: &Names, carried: &Carried) -> Sort {
        let sorts = &names.sorts;
        let words = |words: &[&str]| Sort::Words(words.iter().map(|word| (*word).to_owned()).collect());
        match named {
            Named::Reference(name) => {
                let key = names.questions.as_ref().and_then(|questions| questions.key(name));
                key.and_then(|key| sorts.answers.get(&key)).cloned().unwrap_or(Sort::Any)
            }
            Named::Call("stage", _) => Sort::Words(sorts.stages.clone()),
            Named::Call("role", _) => Sort::Words(self.known_roles()),
            Named::Call("clock", _) => words(&["estimated", "unchecked", "suspect"]),
            Named::Call("printed", _) => Sort::Bool,
            Named::Call("missing" | "tally" | "waiting" | "held" | "limit" | "left" | "kept", _) => {
                Sort::Number
            }
            Named::Call("owner" | "record" | "person" | "holder" | "date-shift", _) => Sort::Text,
            Named::Call("slot-start" | "slot-end", _) => Sort::Text,
            Named::Call("slot", [Some(name)]) => self.schedules.get(*name).map_or(Sort::Any, |schedule| {
                Sort::Words(schedule.slots.iter().map(|slot| slot.name.clone()).collect())
            }),
            Named::Call("season", [Some(name)]) => self.schedules.get(*name).map_or(Sort::Any, |schedule| {
                Sort::Words(schedule.seasons.iter().map(|season| season.name.clone()).collect())
            }),
            Named::Call("payload", [Some(name)]) => carried.sorts.get(*name).cloned().unwrap_or(Sort::Any),
            Named::Call("act", [Some(act), Some(part)]) => {
                let said = sorts.acts.get(&((*act).to_owned(), (*part).to_owned()));
                said.cloned().unwrap_or(Sort::Any)
            }
            Named::Call("linked", [Some(field), Some("@stage")]) => {
                let kind = names.links.get(*field).or(carried.links.get(*field));
                let kind = kind.and_then(|kind| {
                    self.manifest.kinds.iter().find(|(name, _)| name.get_ref() == kind).map(|(_, kind)| kind)
                });
                // Of a kind of another pack it is not known here.
                kind.map_or(Sort::Any, |kind| {
                    Sort::Words(kind.stages.keys().map(|stage| stage.get_ref().clone()).collect())
                })
            }
            Named::Call("linked", [Some(field), Some(theirs)]) => {
                let kind = names.links.get(*field).or(carried.links.get(*field));
                let kind = kind.and_then(|kind| {
                    self.manifest.kinds.iter().find(|(name, _)| name.get_ref() == kind).map(|(_, kind)| kind)
                });
                let field =
                    kind.and_then(|kind| kind.fields.iter().find(|field| field.name.get_ref() == theirs));
                // What is not held here is the empty text, whatever its sort.
                match field.map(of_field) {
                    Some(Sort::Words(known)) => Sort::Words(known),
                    _ => Sort::Any,
                }
            }
            Named::Call(..) => Sort::Any,
        }
    }
}
