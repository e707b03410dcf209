//! Paths and keys to nodes in frames, and back.

use super::Filling;
use super::error::FillError;
use super::frames::{FrameId, ROOT_FRAME};
use crate::form::{NodeId, ROOT};
use crate::kind::Kind;

impl Filling {
    /// `/data/grp/sku[2]/price` (positions from 1; none is the first) or `grp/sku/<id>/price`; instances
    /// may be named by position or id in both.
    pub(super) fn locate(&self, target: &str) -> Result<(NodeId, FrameId), FillError> {
        let found = match target.strip_prefix('/') {
            Some(path) => {
                path.strip_prefix(ROOT).and_then(|rest| self.by_steps(rest.strip_prefix('/')?, true))
            }
            None => self.by_steps(target, false),
        };
        found.ok_or_else(|| FillError::NoSuchQuestion { field: target.chars().take(200).collect() })
    }

    /// Where a question is, by its path or key, with the position of every instance on the way:
    /// `/data/sku[2]/price`. None when there is no such question, or no such instance any more.
    pub fn path_of(&self, target: &str) -> Option<String> {
        self.locate(target).ok().map(|(node, frame)| self.path(node, frame))
    }

    pub(super) fn locate_repeat(&self, target: &str) -> Result<(NodeId, FrameId), FillError> {
        let (node, frame) = self.locate(target)?;
        match self.form.node(node).map(|node| node.kind) {
            Some(Kind::Repeat) => Ok((node, frame)),
            _ => Err(FillError::NotAQuestion { field: target.to_owned() }),
        }
    }

    pub(super) fn row(&self, repeat: NodeId, parent: FrameId, id: &str) -> Option<FrameId> {
        let mut rows = self.rows(parent, repeat).iter().copied();
        rows.find(|row| self.frame(*row).is_some_and(|row| row.id == id))
    }

    /// The path of a node, with the position of every instance on the way.
    pub(super) fn path(&self, node: NodeId, frame: FrameId) -> String {
        let mut base = match self.frame(frame) {
            Some(own) => match own.repeat {
                Some(repeat) => {
                    let rows = self.rows(own.parent, repeat);
                    let place = rows.iter().position(|row| *row == frame).map_or(1, |at| at + 1);
                    format!("{}[{place}]", self.path(repeat, own.parent))
                }
                None => format!("/{ROOT}"),
            },
            None => String::new(),
        };
        base.push('/');
        base.push_str(self.form.node(node).map_or("", |node| &node.tail));
        base
    }

    /// Step by step. `first`: an instance that is not named is the first one.
    fn by_steps(&self, steps: &str, first: bool) -> Option<(NodeId, FrameId)> {
        let mut steps = steps.split('/').peekable();
        let (mut node, mut frame) = (None, ROOT_FRAME);
        while let Some(step) = steps.next() {
            let (name, position) = match step.split_once('[') {
                Some((name, rest)) => (name, Some(rest.strip_suffix(']')?.parse::<usize>().ok()?)),
                None => (step, None),
            };
            let next = self.form.child(node, name)?;
            if self.form.node(next)?.kind == Kind::Repeat && steps.peek().is_some() {
                frame = match position {
                    Some(position) => *self.rows(frame, next).get(position.checked_sub(1)?)?,
                    None => match self.row(next, frame, steps.peek()?) {
                        Some(row) => {
                            steps.next();
                            row
                        }
                        None if first => *self.rows(frame, next).first()?,
                        None => return None,
                    },
                };
                steps.peek()?;
            }
            node = Some(next);
        }
        Some((node?, frame))
    }
}
