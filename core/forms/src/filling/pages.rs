//! Pages: what a phone shows at once, and what is checked before a person goes on.
//!
//! A page is one question, or the outermost group with the appearance `field-list` around it.

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use super::state::Wrong;
use crate::form::NodeId;

impl Filling {
    /// The keys of the relevant questions on the page of a question, named by path or key; none when
    /// there is no such question.
    pub fn page(&self, target: &str) -> Vec<String> {
        let mut keys = Vec::new();
        self.on_page(target, &mut |node, frame| {
            let shown = self.form.node(node).is_some_and(|question| {
                !question.kind.is_container()
                    && !question.kind.is_metadata()
                    && !question.kind.is_measured()
                    && !question.unseen
            });
            if shown && self.cell(node, frame).is_some_and(|cell| cell.relevant) {
                keys.push(self.key(node, frame));
            }
        });
        keys
    }

    /// What is wrong on the page of a question: what stands between it and the next one. None too when
    /// there is no such question.
    pub fn page_problems(&self, target: &str, language: &str) -> Vec<Wrong> {
        let mut found = Vec::new();
        self.on_page(target, &mut |node, frame| found.extend(self.problem_at((node, frame), language)));
        found
    }

    fn on_page(&self, target: &str, visit: &mut dyn FnMut(NodeId, FrameId)) {
        let Ok((node, frame)) = self.locate(target) else { return };
        let end = |id: NodeId| self.form.node(id).map_or(id, |question| question.end);
        let mut page = (frame, node, end(node));
        let (mut at, mut at_frame) = (node, frame);
        while let Some((question, parent)) = self.form.node(at).and_then(|q| Some((q, q.parent?))) {
            // Of a repeat, each instance is a page of its own.
            let inside = question.repeat == Some(parent);
            if self.form.node(parent).is_some_and(|group| is_page(&group.appearance)) {
                page = (at_frame, parent + usize::from(inside), end(parent));
            }
            if inside {
                at_frame = self.frame(at_frame).map_or(ROOT_FRAME, |frame| frame.parent);
            }
            at = parent;
        }
        let (frame, from, to) = page;
        self.walk(frame, from, to, visit);
    }
}

fn is_page(appearance: &str) -> bool {
    appearance.split_whitespace().any(|word| word == "field-list" || word == "table-list")
}
