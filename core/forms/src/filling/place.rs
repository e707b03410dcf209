//! What names mean to an expression of a form: the scope of one node in one frame.

use super::Filling;
use super::frames::FrameId;
use crate::expr::{EvalError, Moment, Scope, Value};
use crate::form::NodeId;
use crate::kind::Kind;
use crate::table::Table;

pub(super) struct Place<'a> {
    pub(super) filling: &'a Filling,
    /// None for the instance name.
    pub(super) node: Option<NodeId>,
    pub(super) frame: FrameId,
}

impl Place<'_> {
    fn resolve(&self, target: &str) -> Result<NodeId, EvalError> {
        let resolved = self.filling.form.resolve(self.node, target);
        resolved.map_err(|_| EvalError::UnknownReference(target.to_owned()))
    }

    fn single(&self, node: NodeId, frame: FrameId) -> Value {
        let kind = self.filling.form.node(node).map(|node| node.kind);
        match kind {
            Some(Kind::Repeat) => {
                let relevant = self.filling.cell(node, frame).is_some_and(|cell| cell.relevant);
                let rows = self.filling.rows(frame, node).len();
                Value::Nodes(vec![String::new(); if relevant { rows } else { 0 }])
            }
            _ => Value::from(self.filling.cell(node, frame).map_or("", |cell| cell.effective())),
        }
    }
}

impl Scope for Place<'_> {
    fn reference(&self, target: &str) -> Result<Value, EvalError> {
        let node = self.resolve(target)?;
        let repeat = self.filling.form.node(node).and_then(|node| node.repeat);
        let mut own = Some(self.frame);
        while let Some(frame) = own.and_then(|id| self.filling.frame(id)) {
            if frame.repeat == repeat {
                return Ok(self.single(node, own.unwrap_or_default()));
            }
            own = frame.repeat.map(|_| frame.parent);
        }
        let mut nodes = Vec::new();
        for frame in self.filling.beside(self.frame, repeat) {
            match self.single(node, frame) {
                Value::Nodes(inner) => nodes.extend(inner),
                // What is not relevant is not in a node-set at all.
                value => {
                    let cell = self.filling.cell(node, frame);
                    if cell.is_some_and(|cell| cell.relevant) {
                        nodes.push(value.into_text());
                    }
                }
            }
        }
        Ok(Value::Nodes(nodes))
    }

    fn moment(&self) -> &Moment {
        &self.filling.moment
    }

    fn current(&self) -> Option<Value> {
        let cell = self.filling.cell(self.node?, self.frame)?;
        Some(Value::from(cell.effective()))
    }

    fn previous(&self) -> Option<String> {
        let cell = self.filling.cell(self.node?, self.frame)?;
        Some(cell.raw.clone())
    }

    fn instance(&self, name: &str) -> Option<&Table> {
        self.filling.form.list(name).map(|list| list.table())
    }

    fn position(&self, path: Option<&str>) -> Option<usize> {
        let node = self.resolve(path.unwrap_or("..")).ok()?;
        if self.filling.form.node(node)?.kind != Kind::Repeat {
            return Some(1);
        }
        let mut at = self.frame;
        loop {
            let frame = self.filling.frame(at)?;
            if frame.repeat? == node {
                let rows = self.filling.rows(frame.parent, node);
                return rows.iter().position(|row| *row == at).map(|place| place + 1);
            }
            at = frame.parent;
        }
    }

    fn indexed(&self, target: &str, steps: &[(String, usize)]) -> Result<Value, EvalError> {
        let node = self.resolve(target)?;
        let mut wanted = Vec::new();
        for (repeat, index) in steps {
            wanted.push((self.resolve(repeat)?, *index));
        }
        let mut frame = super::frames::ROOT_FRAME;
        for repeat in self.filling.form.repeats_around(node, false) {
            let rows = self.filling.rows(frame, repeat);
            let own = self.filling.beside(self.frame, Some(repeat));
            let next = match wanted.iter().find(|(have, _)| *have == repeat) {
                Some((_, index)) => rows.get(index - 1),
                None => rows.iter().find(|row| own.contains(row)),
            };
            match next {
                Some(next) => frame = *next,
                None => return Ok(Value::from("")),
            }
        }
        Ok(self.single(node, frame))
    }

    fn choice_label(&self, question: &str, value: &str) -> Option<String> {
        let name = question.trim().trim_start_matches("${").trim_end_matches('}').trim();
        let form = &self.filling.form;
        let list = form.list_of(form.node(self.resolve(name).ok()?)?)?;
        let row = list.table.find(list.value, value).first()?;
        let language = form.default_language.as_str();
        Some(list.label_of(*row, language, language).to_owned())
    }

    fn salt(&self) -> u64 {
        // FNV-1a of the key: the same place draws the same numbers on every device.
        let key = self.node.map_or(String::new(), |node| self.filling.key(node, self.frame));
        key.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    }
}
