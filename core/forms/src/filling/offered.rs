//! The choices of a question: of a list through its filter, or answers of a repeat.

use std::cell::Cell;

use super::Filling;
use super::frames::FrameId;
use super::place::Place;
use crate::choices::Choice;
use crate::expr::{Expr, RowPlace, Spot, Value, seed_of, shuffled};
use crate::form::{NodeId, Question};
use crate::limits;
use crate::template::Template;

impl Filling {
    /// Answers given in a repeat, as choices of another question: those that are not empty and that
    /// the filter lets through, each once.
    pub(super) fn offered(
        &self,
        node: NodeId,
        question: &Question,
        source: NodeId,
        frame: FrameId,
    ) -> Vec<String> {
        let repeat = self.form.node(source).and_then(|node| node.repeat);
        let left = Cell::new(limits::EVALUATION_STEPS);
        let mut offered: Vec<String> = Vec::new();
        // All instances beside the own one too, if the question is inside that repeat itself.
        let around = repeat.and_then(|repeat| self.form.node(repeat)?.repeat);
        let rows: Vec<FrameId> = self
            .beside(frame, around)
            .into_iter()
            .flat_map(|outer| repeat.map_or(&[][..], |repeat| self.rows_that_count(outer, repeat)))
            .copied()
            .collect();
        let size = rows.len();
        for (at, row) in rows.into_iter().enumerate() {
            let text = self.cell(source, row).map_or("", |cell| cell.effective());
            let place = Place { filling: self, node: Some(node), frame, row: Some(row) };
            let fits = |filter: &Expr| {
                let spot = Spot { node: repeat.unwrap_or_default(), frame: row };
                filter.holds_at(spot, RowPlace { position: at + 1, size }, &place, &left).unwrap_or(true)
            };
            if !text.is_empty() && question.choice_filter.as_ref().is_none_or(fits) {
                offered.push(text.to_owned());
            }
        }
        offered
    }

    pub(super) fn choices(
        &self,
        node: NodeId,
        question: &Question,
        frame: FrameId,
        language: &str,
    ) -> Vec<Choice> {
        if let Some(source) = question.choices_from {
            let offered = self.offered(node, question, source, frame);
            return offered.into_iter().map(|value| Choice { label: value.clone(), value }).collect();
        }
        let Some(list) = self.form.list_of(question) else {
            return Vec::new();
        };
        let place = Place { filling: self, node: Some(node), frame, row: None };
        let all = || (0..list.table.rows() as u32).collect();
        let mut rows: Vec<u32> = match &question.choice_filter {
            Some(filter) => filter.matching_rows(&list.table, &place).unwrap_or_else(|_| all()),
            None => all(),
        };
        if let Some(seed) = &question.randomize {
            let seed = match seed {
                Some(seed) => seed_of(&seed.eval(&place).unwrap_or_else(|_| Value::from(""))),
                None => self.moment.seed as i64,
            };
            rows = shuffled(&rows, seed);
        }
        let default = self.form.default_language.as_str();
        rows.into_iter()
            .map(|row| {
                let mut choice = list.choice(row, language, default);
                if choice.label.contains("${") {
                    let filled = Template::new(&choice.label).fill(&place);
                    choice.label = filled.unwrap_or(choice.label);
                }
                choice
            })
            .collect()
    }
}
