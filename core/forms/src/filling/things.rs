//! Entities: what a finished form adds to lists of things, or changes in them.

use std::collections::BTreeMap;

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use super::place::Place;
use crate::expr::Expr;

/// One thing to add or to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// The list that it is in.
    pub list: String,
    /// The id of the thing that is changed; none when one is added, whose id the caller makes.
    pub id: Option<String>,
    /// The key prefix of the instance that it comes from: `tree/<id>/`; empty for the whole form.
    pub from: String,
    /// What it is called; empty when the form does not say.
    pub label: String,
    /// Properties and their values; what is not relevant or blank is an empty value.
    pub properties: BTreeMap<String, String>,
}

impl Filling {
    /// The entities of the answers as they stand, in the order of the sheet, then of instances.
    pub fn things(&self) -> Vec<Thing> {
        let mut things = Vec::new();
        let form = &self.form;
        for entity in &form.entities {
            let frames = match entity.repeat {
                None => vec![ROOT_FRAME],
                Some(repeat) => self.beside(ROOT_FRAME, Some(repeat)),
            };
            for frame in frames {
                let there = entity.repeat.is_none_or(|repeat| {
                    self.frame(frame).is_some_and(|own| {
                        self.cell(repeat, own.parent).is_some_and(|cell| cell.relevant)
                            && self.counts(repeat, own.parent, frame)
                    })
                });
                let holds = |expr: &Option<Expr>, otherwise: bool| {
                    expr.as_ref().map_or(otherwise, |expr| {
                        matches!(self.value_in(expr, entity.repeat, frame).as_str(), "true" | "1")
                    })
                };
                let update = entity.id.is_some() && holds(&entity.update_if, true);
                let create = holds(&entity.create_if, entity.id.is_none());
                if !there || !(update || create) {
                    continue;
                }
                let id = entity.id.as_ref().map(|id| self.value_in(id, entity.repeat, frame));
                things.push(Thing {
                    list: entity.list.clone(),
                    id: id.filter(|_| update),
                    from: self.frame(frame).map_or(String::new(), |frame| frame.prefix.clone()),
                    label: entity
                        .label
                        .as_ref()
                        .map_or(String::new(), |label| self.value_in(label, entity.repeat, frame)),
                    properties: self.saved(&entity.list, frame),
                });
            }
        }
        things
    }

    /// A value as a text; a condition is `true` or `1`.
    fn value_in(&self, expr: &Expr, repeat: Option<usize>, frame: FrameId) -> String {
        // Relative paths start inside the instance, at its first question.
        let node = repeat.map(|repeat| repeat + 1);
        let place = Place { filling: self, node, frame, row: None };
        match expr.eval(&place) {
            Ok(value) => value.into_text(),
            Err(_) => String::new(),
        }
    }

    fn saved(&self, list: &str, frame: FrameId) -> BTreeMap<String, String> {
        let only = self.form.entities.len() == 1;
        let mut properties = BTreeMap::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            let property = match question.save_to.split_once('#') {
                Some((own, property)) if own == list => property,
                None if only && !question.save_to.is_empty() => question.save_to.as_str(),
                _ => continue,
            };
            let value = self.beside(frame, question.repeat).into_iter().find_map(|at| self.cell(id, at));
            let value = value.map_or("", |cell| cell.effective());
            properties.insert(property.to_owned(), value.to_owned());
        }
        properties
    }
}
