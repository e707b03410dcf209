//! The choices of a question: of a list through its filter, or answers of a repeat.

use std::cell::Cell;

use super::Filling;
use super::frames::FrameId;
use super::place::Place;
use crate::choices::{Choice, List};
use crate::expr::{Expr, RowPlace, Spot, Value, seed_of, shuffled};
use crate::form::{NodeId, Question};
use crate::kind::Kind;
use crate::limits;
use crate::template::Template;

/// A question that the choices of another one depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its key.
    pub key: String,
    /// What people read of it.
    pub label: String,
    /// Its answer as people read it; empty if there is none.
    pub answer: String,
}

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

    /// The questions that the choices of a question depend on, with their answers as they are now: while
    /// one is empty, or has another answer than was meant, there may be nothing to choose.
    pub fn chosen_after(&self, target: &str, language: &str) -> Vec<Source> {
        let Ok((node, frame)) = self.locate(target) else { return Vec::new() };
        let Some(question) = self.form.node(node) else { return Vec::new() };
        let references = question.choice_filter.as_ref().map(Expr::references).unwrap_or_default();
        let named = references.iter().filter(|reference| !reference.bare);
        let sources = named.filter_map(|reference| self.form.resolve(Some(node), &reference.target).ok());
        let mut all: Vec<Source> = Vec::new();
        for source in sources {
            let Some(asked) = self.form.node(source) else { continue };
            let around = self.beside(frame, asked.repeat);
            let Some(at) = around.into_iter().next() else { continue };
            let answer = self.cell(source, at).map_or("", |cell| cell.effective());
            let chosen = self.chosen(source, asked, at, language, answer);
            let labels: Vec<&str> = chosen.iter().map(|choice| choice.label.as_str()).collect();
            let shown = if labels.is_empty() { answer.to_owned() } else { labels.join(", ") };
            let label = self.fill(&asked.label, source, at, language);
            let one = Source { key: self.key(source, at), label, answer: shown };
            if !asked.kind.is_container() && !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    /// The choices of a question, the first `most`, and whether there are more.
    pub(super) fn choices(
        &self,
        node: NodeId,
        question: &Question,
        frame: FrameId,
        language: &str,
        (most, left): (usize, &Cell<u32>),
    ) -> (Vec<Choice>, bool) {
        if let Some(source) = question.choices_from {
            let mut offered = self.offered(node, question, source, frame);
            let more = offered.len() > most;
            offered.truncate(most);
            let choice = |value: String| Choice { label: value.clone(), value };
            return (offered.into_iter().map(choice).collect(), more);
        }
        let Some(list) = self.form.list_of(question) else {
            return (Vec::new(), false);
        };
        let mut rows = self.rows_offered(node, question, list, frame, (most.saturating_add(1), left));
        let more = rows.len() > most;
        rows.truncate(most);
        (rows.into_iter().map(|row| self.choice(list, row, node, frame, language)).collect(), more)
    }

    /// A page of the choices of a question, named by path or key: those whose label or value has what
    /// was typed, without the first `skip`, at most `most`; and whether there are more.
    ///
    /// Costs one look at each row that the filter lets through, so that a list of 50,000 rows can be
    /// searched letter by letter. Empty when there is no such question.
    pub fn offer(
        &self,
        target: &str,
        language: &str,
        typed: &str,
        skip: usize,
        most: usize,
    ) -> (Vec<Choice>, bool) {
        let Ok((node, frame)) = self.locate(target) else { return (Vec::new(), false) };
        let Some(question) = self.form.node(node) else { return (Vec::new(), false) };
        let typed = typed.trim().to_lowercase();
        let fits = |choice: &Choice| {
            typed.is_empty()
                || choice.label.to_lowercase().contains(&typed)
                || choice.value.to_lowercase().contains(&typed)
        };
        let left = &Cell::new(limits::EVALUATION_STEPS);
        let wanted = skip.saturating_add(most).saturating_add(1);
        let all = match self.form.list_of(question) {
            Some(list) if question.choices_from.is_none() => {
                let limit = if typed.is_empty() { wanted } else { usize::MAX };
                let rows = self.rows_offered(node, question, list, frame, (limit, left));
                let choices = rows.into_iter().map(|row| self.choice(list, row, node, frame, language));
                choices.filter(fits).take(wanted).collect()
            }
            _ => {
                let all = self.choices(node, question, frame, language, (usize::MAX, left)).0;
                all.into_iter().filter(fits).collect()
            }
        };
        let all: Vec<Choice> = all;
        let more = all.len() > skip.saturating_add(most);
        (all.into_iter().skip(skip).take(most).collect(), more)
    }

    /// The choices that an answer is made of.
    pub(super) fn chosen(
        &self,
        node: NodeId,
        question: &Question,
        frame: FrameId,
        language: &str,
        answer: &str,
    ) -> Vec<Choice> {
        if answer.is_empty() || !question.kind.has_choices() {
            return Vec::new();
        }
        let values: Vec<&str> = match question.kind {
            Kind::SelectOne => vec![answer],
            _ => answer.split_whitespace().collect(),
        };
        let list = self.form.list_of(question);
        let one = |value: &str| {
            let row = list.and_then(|list| Some((list, *list.table.find(list.value, value).first()?)));
            match row {
                Some((list, row)) => self.choice(list, row, node, frame, language),
                None => Choice { value: value.to_owned(), label: value.to_owned() },
            }
        };
        values.into_iter().map(one).collect()
    }

    /// The rows of a list that the filter lets through, in the order in which they are shown.
    fn rows_offered(
        &self,
        node: NodeId,
        question: &Question,
        list: &List,
        frame: FrameId,
        (most, left): (usize, &Cell<u32>),
    ) -> Vec<u32> {
        let place = Place { filling: self, node: Some(node), frame, row: None };
        let seed = question.randomize.as_ref().map(|seed| match seed {
            Some(seed) => seed_of(&seed.eval(&place).unwrap_or_else(|_| Value::from(""))),
            None => self.moment.seed as i64,
        });
        // Chance decides among all of them.
        let most = if seed.is_some() { usize::MAX } else { most };
        let all = || (0..list.table.rows().min(most) as u32).collect();
        let rows: Vec<u32> = match &question.choice_filter {
            Some(filter) => filter.first_rows(&list.table, &place, most, left).unwrap_or_else(|_| all()),
            None => all(),
        };
        match seed {
            Some(seed) => shuffled(&rows, seed),
            None => rows,
        }
    }

    fn choice(&self, list: &List, row: u32, node: NodeId, frame: FrameId, language: &str) -> Choice {
        let mut choice = list.choice(row, language, self.form.default_language.as_str());
        if choice.label.contains("${") {
            let place = Place { filling: self, node: Some(node), frame, row: None };
            let filled = Template::new(&choice.label).fill(&place);
            choice.label = filled.unwrap_or(choice.label);
        }
        choice
    }
}
