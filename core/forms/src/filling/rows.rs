//! How many instances a repeat has, and how many it should have.

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use crate::form::NodeId;
use crate::kind::Kind;

/// Instances that a form asks for and that are not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsDue {
    /// The key of the repeat, for [`Filling::add`].
    pub repeat: String,
    /// How many.
    pub missing: usize,
    /// Whether `repeat_count` asks; otherwise it is the first instance of a repeat that never had
    /// one, which ODK shows at once.
    pub counted: bool,
}

impl Filling {
    /// Instances for the caller to add, who makes their ids: those that `repeat_count` asks for, and
    /// the first one of repeats without a count. Adding them may ask for more, inside them.
    pub fn rows_due(&self) -> Vec<RowsDue> {
        let mut due = Vec::new();
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            let Some(question) = self.form.node(node).filter(|node| node.kind == Kind::Repeat) else {
                return;
            };
            let have = self.rows(frame, node).len();
            let key = self.key(node, frame);
            let (missing, counted) = match &question.repeat_count {
                Some(_) => (self.wanted(node, frame).unwrap_or(0).saturating_sub(have), true),
                None => (usize::from(have == 0 && !self.answers.ever_had(&format!("{key}/"))), false),
            };
            if missing > 0 {
                due.push(RowsDue { repeat: key, missing, counted });
            }
        });
        due
    }

    /// How many instances `repeat_count` asks for; none when there is no count or no telling.
    pub(super) fn wanted(&self, repeat: NodeId, frame: FrameId) -> Option<usize> {
        self.form.node(repeat)?.repeat_count.as_ref()?;
        self.cell(repeat, frame)?.value.parse().ok()
    }

    /// The instances up to the count.
    pub(super) fn rows_that_count(&self, frame: FrameId, repeat: NodeId) -> &[FrameId] {
        let rows = self.rows(frame, repeat);
        let most = self.wanted(repeat, frame).unwrap_or(rows.len());
        rows.get(..most.min(rows.len())).unwrap_or(rows)
    }

    /// Whether an instance is within the count of its repeat.
    pub(super) fn counts(&self, repeat: NodeId, parent: FrameId, frame: FrameId) -> bool {
        match self.wanted(repeat, parent) {
            Some(most) if most < self.rows(parent, repeat).len() => {
                self.rows_that_count(parent, repeat).contains(&frame)
            }
            _ => true,
        }
    }
}
