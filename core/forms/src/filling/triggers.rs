//! Answers that are set once when another answer changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::frames::{FrameId, ROOT_FRAME};
use super::{Filling, Tier};
use crate::expr::Value;
use crate::form::NodeId;
use crate::kind::Kind;

impl Filling {
    /// Sets what the changes so far trigger, and what that triggers in turn. No node is set twice,
    /// so a circle of triggers ends.
    pub(super) fn pull(&mut self) {
        let form = Arc::clone(&self.form);
        let mut done: BTreeSet<(NodeId, FrameId)> = BTreeSet::new();
        while let Some((source, frame)) = self.pulled.pop_first() {
            for target in form.triggered.get(&source).into_iter().flatten() {
                let Some(question) = form.node(*target) else { continue };
                if question.kind == Kind::BackgroundGeopoint {
                    continue;
                }
                for at in self.beside(frame, question.repeat) {
                    if !done.insert((*target, at)) {
                        continue;
                    }
                    self.faults.remove(&(*target, at, Tier::Trigger));
                    self.tier = Tier::Trigger;
                    let value =
                        question.on_trigger.as_ref().and_then(|expr| self.evaluate(expr, *target, at));
                    self.tier = Tier::Value;
                    let value = match value {
                        // A whole number is what is left of any number, a day's count of a date.
                        Some(value) if question.kind == Kind::Integer => {
                            crate::expr::format_number(value.as_number().trunc())
                        }
                        Some(Value::Number(number)) if number.is_nan() => String::new(),
                        value => value.map_or(String::new(), Value::into_text),
                    };
                    // A value that its own type refuses leaves the answer empty.
                    let value = super::entry::normalised(&form, question, &value).unwrap_or_default();
                    self.write(*target, at, value);
                    self.mark(*target, at);
                }
            }
            self.settle();
        }
    }

    /// Places that a changed answer asks for: keys of `background-geopoint` questions beside the
    /// question of this path or key. The caller measures and hands each to [`Filling::place`].
    pub fn places_due(&self, target: &str) -> Vec<String> {
        let Ok((source, frame)) = self.locate(target) else {
            return Vec::new();
        };
        let targets = self.form.triggered.get(&source).into_iter().flatten();
        let places = targets.filter(|id| {
            self.form.node(**id).is_some_and(|question| question.kind == Kind::BackgroundGeopoint)
        });
        let mut keys = Vec::new();
        for id in places {
            let repeat = self.form.node(*id).and_then(|question| question.repeat);
            keys.extend(self.beside(frame, repeat).into_iter().map(|at| self.key(*id, at)));
        }
        keys
    }

    /// Places that a new document asks for: keys of `start-geopoint` questions that have none yet. The caller
    /// measures once, at the beginning, and hands each to [`Filling::place`].
    pub fn places_at_start(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            if question.kind != Kind::StartGeopoint {
                continue;
            }
            let frames = self.beside(ROOT_FRAME, question.repeat).into_iter();
            let due = frames.filter(|at| self.cell(id, *at).is_some_and(|cell| cell.raw.is_empty()));
            keys.extend(due.map(|at| self.key(id, at)));
        }
        keys
    }

    /// Stores a measured place in a `background-geopoint` or `start-geopoint`, which no person can answer.
    pub fn place(&mut self, target: &str, value: &str) -> Result<super::Changed, super::FillError> {
        let (node, frame) = self.locate(target)?;
        let form = Arc::clone(&self.form);
        let question = form
            .node(node)
            .filter(|question| question.kind.is_measured())
            .ok_or_else(|| super::FillError::NotAQuestion { field: target.to_owned() })?;
        let value = super::entry::normalised(&form, question, value)?;
        let key = self.key(node, frame);
        self.answers.insert(key, value.clone())?;
        self.begin();
        self.write(node, frame, value);
        self.mark(node, frame);
        self.settle();
        self.pull();
        Ok(self.finish())
    }
}
