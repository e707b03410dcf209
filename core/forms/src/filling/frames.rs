//! Where answers live: a frame for the form and one for each instance of a repeat, with a cell for
//! each node.

use std::collections::HashMap;

use super::Filling;
use crate::form::{Form, NodeId};
use crate::kind::Kind;
use crate::limits;

pub(super) type FrameId = usize;

/// The frame of the form itself.
pub(super) const ROOT_FRAME: FrameId = 0;

/// The form, or one instance of a repeat.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) repeat: Option<NodeId>,
    pub(super) parent: FrameId,
    pub(super) id: String,
    pub(super) ord: String,
    /// What keys in here start with: nothing, or `sku/<id>/`.
    pub(super) prefix: String,
    pub(super) cells: Vec<Cell>,
    /// Instances of the repeats directly in here, in order.
    pub(super) rows: HashMap<NodeId, Vec<FrameId>>,
}

/// The state of one node in one frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cell {
    /// What the document says.
    pub(super) raw: String,
    /// Whether the document says anything, be it that the answer was cleared.
    pub(super) answered: bool,
    /// What expressions read if the node is relevant.
    pub(super) value: String,
    pub(super) relevant: bool,
    pub(super) required: bool,
    pub(super) read_only: bool,
    pub(super) broken: bool,
}

impl Cell {
    pub(super) fn effective(&self) -> &str {
        if self.relevant { &self.value } else { "" }
    }
}

impl Filling {
    pub(super) fn frame(&self, frame: FrameId) -> Option<&Frame> {
        self.frames.get(frame).and_then(Option::as_ref)
    }

    pub(super) fn cell(&self, node: NodeId, frame: FrameId) -> Option<&Cell> {
        let slot = self.form.node(node)?.slot;
        self.frame(frame)?.cells.get(slot)
    }

    pub(super) fn cell_mut(&mut self, node: NodeId, frame: FrameId) -> Option<&mut Cell> {
        let slot = self.form.node(node)?.slot;
        self.frames.get_mut(frame)?.as_mut()?.cells.get_mut(slot)
    }

    pub(super) fn key(&self, node: NodeId, frame: FrameId) -> String {
        let prefix = self.frame(frame).map_or("", |frame| &frame.prefix);
        let tail = self.form.node(node).map_or("", |node| &node.tail);
        [prefix, tail].concat()
    }

    /// The instances of a repeat in a frame, in order.
    pub(super) fn rows(&self, frame: FrameId, repeat: NodeId) -> &[FrameId] {
        self.frame(frame).and_then(|frame| frame.rows.get(&repeat)).map_or(&[], Vec::as_slice)
    }

    /// Makes a frame, its cells and the frames inside it from the answers. `None` when there are
    /// too many.
    pub(super) fn load(
        &mut self,
        repeat: Option<NodeId>,
        parent: FrameId,
        id: &str,
        ord: &str,
    ) -> Option<FrameId> {
        if self.live > limits::INSTANCES {
            self.overfull = true;
            return None;
        }
        let form = std::sync::Arc::clone(&self.form);
        let prefix = match repeat {
            Some(repeat) => format!("{}/{id}/", self.key(repeat, parent)),
            None => String::new(),
        };
        let slots = form.graph.slots.get(repeat.unwrap_or(form.questions.len()));
        let mut cells = vec![Cell::default(); slots.copied().unwrap_or(0)];
        let inside = nodes_of(&form, repeat);
        let mut repeats = Vec::new();
        for node in inside {
            let Some(question) = form.node(node).filter(|question| question.repeat == repeat) else {
                continue;
            };
            if question.kind == Kind::Repeat {
                repeats.push(node);
            }
            let raw = self.answers.get(&[prefix.as_str(), &question.tail].concat());
            if let (Some(cell), Some(raw)) = (cells.get_mut(question.slot), raw) {
                cell.raw = raw.to_owned();
                cell.answered = true;
            }
        }
        let frame = Frame {
            repeat,
            parent,
            id: id.to_owned(),
            ord: ord.to_owned(),
            prefix: prefix.clone(),
            cells,
            rows: HashMap::new(),
        };
        let number = self.frames.len();
        self.frames.push(Some(frame));
        self.live += 1;
        if let Some(repeat) = repeat {
            self.instances.entry(repeat).or_default().push(number);
        }
        for inner in repeats {
            let tail = form.node(inner).map_or("", |node| &node.tail);
            for (ord, id) in self.answers.instances(&format!("{prefix}{tail}/")) {
                if let Some(row) = self.load(Some(inner), number, &id, &ord)
                    && let Some(Some(frame)) = self.frames.get_mut(number)
                {
                    frame.rows.entry(inner).or_default().push(row);
                }
            }
        }
        Some(number)
    }

    /// Forgets a frame and those inside it.
    pub(super) fn unload(&mut self, frame: FrameId) {
        let Some(gone) = self.frames.get_mut(frame).and_then(Option::take) else {
            return;
        };
        self.live -= 1;
        if let Some(list) = gone.repeat.and_then(|repeat| self.instances.get_mut(&repeat)) {
            list.retain(|other| *other != frame);
        }
        self.faults.retain(|(_, at, _), _| *at != frame);
        for inner in gone.rows.into_values().flatten() {
            self.unload(inner);
        }
    }

    /// The frames of `repeat` that belong to the same place as `from`: its own one when `repeat`
    /// is around it, otherwise all below the nearest frame that both share.
    pub(super) fn beside(&self, from: FrameId, repeat: Option<NodeId>) -> Vec<FrameId> {
        if self.frame(from).is_some_and(|frame| frame.repeat == repeat) {
            return vec![from];
        }
        let mut chain = Vec::new();
        let mut at = repeat;
        while let Some(repeat) = at {
            chain.push(repeat);
            at = self.form.node(repeat).and_then(|node| node.repeat);
        }
        chain.reverse();
        let mut shared = from;
        let start = loop {
            match self.frame(shared).map(|frame| (frame.repeat, frame.parent)) {
                Some((Some(own), parent)) => match chain.iter().position(|have| *have == own) {
                    Some(place) => break place + 1,
                    None => shared = parent,
                },
                _ => break 0,
            }
        };
        let mut frames = vec![shared];
        for repeat in chain.into_iter().skip(start) {
            frames = frames.into_iter().flat_map(|frame| self.rows(frame, repeat).iter().copied()).collect();
        }
        frames
    }
}

/// The nodes inside a repeat, or all of the form.
pub(super) fn nodes_of(form: &Form, repeat: Option<NodeId>) -> std::ops::Range<NodeId> {
    match repeat.and_then(|id| Some((id, form.node(id)?.end))) {
        Some((id, end)) => id + 1..end,
        None => 0..form.questions.len(),
    }
}
