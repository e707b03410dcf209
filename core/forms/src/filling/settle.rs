//! Bringing values up to date: only what depends on a change, each once, in dependency order.

use std::cell::Cell;
use std::sync::Arc;

use super::frames::{FrameId, ROOT_FRAME, nodes_of};
use super::place::Place;
use super::{Filling, Tier};
use crate::expr::{EvalError, Expr, Value, iso, local_now};
use crate::form::{FirstValue, Form, NodeId, Question};
use crate::graph::Edge;
use crate::kind::Kind;

impl Filling {
    /// Marks all nodes of a frame and of those inside it.
    pub(super) fn mark_frame(&mut self, frame: FrameId) {
        let form = Arc::clone(&self.form);
        let Some(repeat) = self.frame(frame).map(|frame| frame.repeat) else {
            return;
        };
        for node in nodes_of(&form, repeat) {
            let Some(question) = form.node(node) else {
                continue;
            };
            if question.repeat == repeat {
                self.mark(node, frame);
                self.checks.insert((node, frame));
            }
        }
        let rows = self.frame(frame).map(|frame| frame.rows.values().flatten().copied().collect());
        let rows: Vec<FrameId> = rows.unwrap_or_default();
        for row in rows {
            self.mark_frame(row);
        }
    }

    /// Marks what looks across the instances of a repeat, after one came or went.
    pub(super) fn mark_shape(&mut self, repeat: NodeId, parent: FrameId) {
        let form = Arc::clone(&self.form);
        let end = form.node(repeat).map_or(repeat, |node| node.end);
        for node in repeat..end {
            for edge in form.graph.shape.get(node).into_iter().flatten() {
                self.mark_edge(*edge, parent);
            }
        }
    }

    /// Marks what reads the clock.
    pub(super) fn mark_clocked(&mut self) {
        let form = Arc::clone(&self.form);
        for node in &form.graph.clocked {
            let repeat = form.node(*node).and_then(|node| node.repeat);
            for frame in self.all_frames(repeat) {
                self.mark(*node, frame);
                self.checks.insert((*node, frame));
            }
        }
    }

    /// Marks what answers in a language.
    pub(super) fn mark_spoken(&mut self) {
        let form = Arc::clone(&self.form);
        for node in &form.graph.spoken {
            let repeat = form.node(*node).and_then(|node| node.repeat);
            for frame in self.all_frames(repeat) {
                self.mark(*node, frame);
                self.checks.insert((*node, frame));
            }
        }
    }

    pub(super) fn mark(&mut self, node: NodeId, frame: FrameId) {
        if let Some(rank) = self.form.graph.rank.get(node) {
            self.dirty.insert((*rank, frame));
        }
    }

    /// Evaluates what is marked and all that depends on it.
    pub(super) fn settle(&mut self) {
        let form = Arc::clone(&self.form);
        while let Some((rank, frame)) = self.dirty.pop_first() {
            let Some(node) = form.graph.order.get(rank as usize).copied() else {
                continue;
            };
            let Some(question) = form.node(node) else {
                continue;
            };
            self.revalue(&form, node, question, frame);
        }
        while let Some((node, frame)) = self.checks.pop_first() {
            if let Some(question) = form.node(node) {
                self.recheck(node, question, frame);
            }
        }
    }

    fn revalue(&mut self, form: &Form, node: NodeId, question: &Question, frame: FrameId) {
        let Some(before) = self.cell(node, frame) else {
            return;
        };
        let (old_relevant, old_value) = (before.relevant, before.value.clone());
        self.faults.remove(&(node, frame, Tier::Value));
        let relevant =
            self.parent_relevant(question, frame) && self.truth(&question.relevant, node, frame, true);
        let value = if relevant { self.value_of(form, node, question, frame) } else { None };
        let Some(cell) = self.cell_mut(node, frame) else {
            return;
        };
        cell.relevant = relevant;
        // A value that is not relevant is not recalculated: it comes back as it was.
        if let Some(value) = value {
            cell.value = value;
        }
        let revalued = cell.value != old_value;
        let changed = revalued || cell.relevant != old_relevant;
        let kept = question.calculation.as_ref().is_some_and(Expr::is_kept)
            || matches!(
                question.kind,
                Kind::Start | Kind::Today | Kind::DeviceId | Kind::Username | Kind::PhoneNumber | Kind::Email
            );
        if kept && relevant && !cell.value.is_empty() && cell.raw != cell.value {
            let value = cell.value.clone();
            self.write(node, frame, value);
        }
        if !changed {
            return;
        }
        self.changed.insert((node, frame));
        self.checks.insert((node, frame));
        // That a question comes or goes is no answer to it.
        if revalued && form.triggered.contains_key(&node) {
            self.pulled.insert((node, frame));
        }
        for edge in form.graph.values.get(node).into_iter().flatten() {
            self.mark_edge(*edge, frame);
        }
        for edge in form.graph.checks.get(node).into_iter().flatten() {
            self.mark_edge(*edge, frame);
        }
    }

    /// The value of a relevant node; `None` for nodes without one.
    fn value_of(&mut self, form: &Form, node: NodeId, question: &Question, frame: FrameId) -> Option<String> {
        let raw = self.cell(node, frame).map(|cell| cell.raw.clone())?;
        let given = |session: &str| Some(if raw.is_empty() { session.to_owned() } else { raw.clone() });
        match question.kind {
            Kind::Group => return None,
            Kind::Repeat => return self.count_of(question, node, frame),
            Kind::Start => return given(&iso(local_now(&self.moment))),
            Kind::Today => return given(&local_now(&self.moment).format("%Y-%m-%d").to_string()),
            Kind::DeviceId => return given(&self.session.device),
            Kind::Username => return given(&self.session.username),
            Kind::PhoneNumber => return given(&self.session.phone),
            Kind::Email => return given(&self.session.email),
            Kind::SimSerial | Kind::SubscriberId => return given(""),
            _ => {}
        }
        if let Some(calculation) = &question.calculation {
            // A formula without a value, or a faulty one, leaves no answer.
            return Some(match self.evaluate(calculation, node, frame) {
                None => String::new(),
                Some(Value::Number(number)) if number.is_nan() => String::new(),
                Some(other) => other.into_text(),
            });
        }
        if let Some(source) = question.choices_from
            && !form.is_beside(node, source)
        {
            let offered = self.offered(node, question, source, frame);
            let chosen = raw.split_whitespace().filter(|value| offered.iter().any(|have| have == value));
            return Some(match question.kind {
                Kind::SelectOne if offered.contains(&raw) => raw,
                Kind::SelectOne => String::new(),
                _ => chosen.collect::<Vec<_>>().join(" "),
            });
        }
        let (Some(filter), Some(list)) = (&question.choice_filter, form.list_of(question)) else {
            return Some(raw);
        };
        let mut faults = Vec::new();
        let chosen: Vec<&str> = match question.kind {
            Kind::SelectOne => vec![raw.as_str()],
            _ => raw.split_whitespace().collect(),
        };
        let steps = Cell::new(self.steps);
        let left: Vec<&str> = chosen
            .into_iter()
            .filter(|value| {
                let place = Place { filling: self, node: Some(node), frame, row: None };
                let rows = list.table.find(list.value, value);
                rows.iter().any(|row| {
                    filter.holds_within(&list.table, *row, &place, &steps).unwrap_or_else(|error| {
                        faults.push(error);
                        true
                    })
                })
            })
            .collect();
        let left = left.join(" ");
        self.steps = steps.get();
        if let Some(fault) = faults.pop() {
            self.faults.insert((node, frame, Tier::Value), fault);
        }
        Some(left)
    }

    /// How many instances a repeat has; empty when it has any number.
    fn count_of(&mut self, question: &Question, node: NodeId, frame: FrameId) -> Option<String> {
        let count = question.repeat_count.as_ref()?;
        let number = self.evaluate(count, node, frame).map(|value| value.as_number());
        Some(match number {
            None => String::new(),
            Some(number) if number >= 1.0 => (number as usize).min(crate::limits::INSTANCES).to_string(),
            Some(_) => "0".to_owned(),
        })
    }

    fn recheck(&mut self, node: NodeId, question: &Question, frame: FrameId) {
        let Some(cell) = self.cell(node, frame) else {
            return;
        };
        let before = (cell.required, cell.read_only, cell.broken);
        let answered = !cell.effective().is_empty();
        self.faults.remove(&(node, frame, Tier::Check));
        self.tier = Tier::Check;
        let required = self.truth(&question.required, node, frame, false);
        let read_only = self.truth(&question.read_only, node, frame, false);
        let broken = answered && !self.truth(&question.constraint, node, frame, true);
        self.tier = Tier::Value;
        if let Some(cell) = self.cell_mut(node, frame) {
            cell.required = required && question.required.is_some();
            cell.read_only = read_only && question.read_only.is_some();
            cell.broken = broken;
            if (cell.required, cell.read_only, cell.broken) != before {
                self.changed.insert((node, frame));
            }
        }
    }

    /// Gives first values to the nodes of a frame that the document says nothing about.
    pub(super) fn apply_defaults(&mut self, frame: FrameId) {
        let form = Arc::clone(&self.form);
        let Some(repeat) = self.frame(frame).map(|frame| frame.repeat) else {
            return;
        };
        for node in nodes_of(&form, repeat) {
            let Some(question) = form.node(node).filter(|node| node.repeat == repeat) else {
                continue;
            };
            if self.cell(node, frame).is_none_or(|cell| cell.answered) {
                continue;
            }
            let value = match &question.default {
                None => continue,
                Some(FirstValue::Static(text)) => text.clone(),
                Some(FirstValue::Dynamic(expr)) => {
                    self.settle();
                    self.recalls = true;
                    let value = self.evaluate(expr, node, frame);
                    self.recalls = false;
                    match value {
                        Some(Value::Number(number)) if number.is_nan() => continue,
                        Some(value) => value.into_text(),
                        None => continue,
                    }
                }
            };
            // A default that its own type refuses is left out rather than stored broken.
            if let Ok(value) = super::entry::normalised(&form, question, &value) {
                self.write(node, frame, value);
                self.mark(node, frame);
            }
        }
    }

    /// Stores what the form itself fills in, for the caller to keep.
    pub(super) fn write(&mut self, node: NodeId, frame: FrameId, value: String) {
        let key = self.key(node, frame);
        if self.answers.insert(key.clone(), value.clone()).is_err() {
            return;
        }
        if let Some(cell) = self.cell_mut(node, frame) {
            cell.raw.clone_from(&value);
            cell.answered = true;
        }
        self.written.insert(key, value);
    }

    fn mark_edge(&mut self, edge: Edge, from: FrameId) {
        let repeat = self.form.node(edge.to).and_then(|node| node.repeat);
        let frames = if edge.wide { self.all_frames(repeat) } else { self.beside(from, repeat) };
        for frame in frames {
            if edge.check {
                self.checks.insert((edge.to, frame));
            } else {
                self.mark(edge.to, frame);
            }
        }
    }

    fn all_frames(&self, repeat: Option<NodeId>) -> Vec<FrameId> {
        match repeat {
            None => vec![ROOT_FRAME],
            Some(repeat) => self.instances.get(&repeat).cloned().unwrap_or_default(),
        }
    }

    fn parent_relevant(&self, question: &Question, frame: FrameId) -> bool {
        let Some(parent) = question.parent else {
            return true;
        };
        let inside_repeat = question.repeat == Some(parent);
        let at = match self.frame(frame) {
            Some(own) if inside_repeat => own.parent,
            _ => frame,
        };
        let there = self.cell(parent, at).is_none_or(|cell| cell.relevant);
        // Instances beyond the count are kept, and come back when the count goes up again.
        there && (!inside_repeat || self.counts(parent, at, frame))
    }

    /// A condition; `otherwise` when there is none or it cannot be evaluated, so that a faulty
    /// formula never hides a question or blocks an answer.
    fn truth(&mut self, expr: &Option<Expr>, node: NodeId, frame: FrameId, otherwise: bool) -> bool {
        let Some(expr) = expr else { return otherwise };
        self.evaluate(expr, node, frame).map_or(otherwise, |value| value.as_bool())
    }

    pub(super) fn evaluate(&mut self, expr: &Expr, node: NodeId, frame: FrameId) -> Option<Value> {
        let place = Place { filling: self, node: Some(node), frame, row: None };
        let left = Cell::new(self.steps);
        let result: Result<Value, EvalError> = expr.eval_within(&place, &left);
        self.steps = left.get();
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.faults.insert((node, frame, self.tier), error);
                None
            }
        }
    }
}
