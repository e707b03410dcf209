//! What names mean to an expression of a form: the scope of one node in one frame.

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use crate::expr::{EvalError, Moment, Origin, Scope, Spot, Value};
use crate::form::NodeId;
use crate::kind::Kind;
use crate::table::Table;

pub(super) struct Place<'a> {
    pub(super) filling: &'a Filling,
    /// None for the instance name.
    pub(super) node: Option<NodeId>,
    pub(super) frame: FrameId,
    /// The instance that `${names}` of its repeat are read from first, in a filter of its answers.
    pub(super) row: Option<FrameId>,
}

/// The form itself, among the numbers of its nodes.
const FORM: usize = usize::MAX;

impl Place<'_> {
    /// A node, or all instances of a repeat, in the frame around it.
    fn within(&self, node: NodeId, frame: FrameId) -> Vec<Spot> {
        if !self.filling.cell(node, frame).is_some_and(|cell| cell.relevant) {
            return Vec::new();
        }
        match self.filling.form.node(node).map(|node| node.kind) {
            Some(Kind::Repeat) => {
                let rows = self.filling.rows_that_count(frame, node);
                rows.iter().map(|row| Spot { node, frame: *row }).collect()
            }
            _ => vec![Spot { node, frame }],
        }
    }

    /// `${name}`: the own one, or all beside the nearest shared frame.
    fn all_of(&self, node: NodeId) -> Vec<Spot> {
        let repeat = self.filling.form.node(node).and_then(|node| node.repeat);
        let frames = self.filling.beside(self.frame, repeat);
        frames.into_iter().flat_map(|frame| self.within(node, frame)).collect()
    }

    fn resolve(&self, target: &str) -> Result<NodeId, EvalError> {
        let resolved = self.filling.form.resolve(self.node, target);
        resolved.map_err(|_| EvalError::UnknownReference(target.to_owned()))
    }

    fn single(&self, node: NodeId, frame: FrameId) -> Value {
        let kind = self.filling.form.node(node).map(|node| node.kind);
        match kind {
            Some(Kind::Repeat) => {
                let relevant = self.filling.cell(node, frame).is_some_and(|cell| cell.relevant);
                let rows = self.filling.rows_that_count(frame, node).len();
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
        let row = self.row.filter(|_| !target.contains('/'));
        let mut own = row
            .filter(|row| self.filling.frame(*row).is_some_and(|frame| frame.repeat == repeat))
            .or(Some(self.frame));
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
        let path = path.unwrap_or("..");
        let Ok(node) = self.resolve(path) else {
            // The form itself is the only one of its kind.
            return path.split('/').all(|step| step == "..").then_some(1);
        };
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
        let mut frame = ROOT_FRAME;
        for repeat in self.filling.form.repeats_around(node, false) {
            let rows = self.filling.rows(frame, repeat);
            let own = self.filling.beside(self.frame, Some(repeat));
            let next = match wanted.iter().find(|(have, _)| *have == repeat) {
                Some((_, index)) => index.checked_sub(1).and_then(|at| rows.get(at)),
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
        let default = form.default_language.as_str();
        let language = self.filling.language.as_deref().unwrap_or(default);
        Some(list.label_of(*row, language, default).to_owned())
    }

    fn spots(&self, from: Origin<'_>) -> Option<Result<Vec<Spot>, EvalError>> {
        let root = Spot { node: FORM, frame: ROOT_FRAME };
        Some(match from {
            Origin::Root => Ok(vec![root]),
            Origin::Question => Ok(vec![self.node.map_or(root, |node| Spot { node, frame: self.frame })]),
            Origin::Named(name) => self.resolve(name).map(|node| self.all_of(node)),
        })
    }

    fn children(&self, of: Spot, name: &str) -> Vec<Spot> {
        let parent = (of.node != FORM).then_some(of.node);
        let Some(node) = self.filling.form.child(parent, name) else {
            return Vec::new();
        };
        self.within(node, of.frame)
    }

    fn inside(&self, of: Spot) -> Vec<Spot> {
        let form = &self.filling.form;
        let (mut at, end) = match of.node {
            FORM => (0, form.questions.len()),
            node => (node + 1, form.node(node).map_or(node, |question| question.end)),
        };
        let mut found = Vec::new();
        while at < end {
            found.extend(self.within(at, of.frame));
            at = form.node(at).map_or(end, |question| question.end.max(at + 1));
        }
        found
    }

    fn last_saved(&self, name: &str) -> Option<String> {
        let before = self.filling.session.last_saved.as_ref().filter(|_| self.filling.recalls)?;
        let question = self.filling.form.node(self.resolve(name).ok()?)?;
        // Of which instance, nobody can say.
        if question.repeat.is_some() {
            return None;
        }
        before.get(&question.tail).map(str::to_owned)
    }

    fn parent(&self, of: Spot) -> Option<Spot> {
        let question = self.filling.form.node(of.node)?;
        // A repeat's own node is in the frame around it, an instance is a frame.
        let instance = self.filling.frame(of.frame).filter(|frame| frame.repeat == Some(of.node));
        let frame = instance.map_or(of.frame, |frame| frame.parent);
        Some(Spot { node: question.parent.unwrap_or(FORM), frame })
    }

    fn text_at(&self, spot: Spot) -> String {
        let question = self.filling.form.node(spot.node);
        if question.is_none_or(|question| question.kind.is_container()) {
            return String::new();
        }
        self.filling.cell(spot.node, spot.frame).map_or(String::new(), |cell| cell.effective().to_owned())
    }

    fn property(&self, name: &str) -> Option<String> {
        let session = &self.filling.session;
        Some(match name {
            "deviceid" => session.device.clone(),
            "username" => session.username.clone(),
            "phonenumber" => session.phone.clone(),
            "email" => session.email.clone(),
            "version" => self.filling.form.version.clone(),
            _ => return None,
        })
    }

    fn salt(&self) -> u64 {
        // FNV-1a of the key: the same place draws the same numbers on every device.
        let key = self.node.map_or(String::new(), |node| self.filling.key(node, self.frame));
        key.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
    }
}
