//! Instances of repeats: adding and removing them, how many there are, and how many there should be.

use super::error::FillError;
use super::frames::{FrameId, ROOT_FRAME};
use super::{Changed, Filling};
use crate::answers::is_instance_id;
use crate::form::NodeId;
use crate::kind::Kind;
use crate::limits;

/// Instances that a form asks for and that are not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsDue {
    /// The key of the repeat, for [`Filling::add`].
    pub repeat: String,
    /// How many are there.
    pub have: usize,
    /// How many more.
    pub missing: usize,
    /// Whether `repeat_count` asks; otherwise it is the first instance of a repeat that never had
    /// one, which ODK shows at once.
    pub counted: bool,
}

impl Filling {
    /// Adds an instance to a repeat, named by its path (`/data/sku`) or key (`sku`). The id is 13
    /// characters of lower-case base32; `ord` says where it sorts. A removed instance that is
    /// added again has its answers back.
    pub fn add(&mut self, repeat: &str, instance_id: &str, ord: &str) -> Result<Changed, FillError> {
        self.add_all(repeat, &[(instance_id.to_owned(), ord.to_owned())])
    }

    /// Adds instances, each an id and where it sorts, and evaluates once what follows from all of them. One that
    /// is refused ends it: those before it are there.
    pub fn add_all(&mut self, repeat: &str, rows: &[(String, String)]) -> Result<Changed, FillError> {
        let (node, parent) = self.locate_repeat(repeat)?;
        self.begin();
        let first = self.frames.len();
        let refused = rows.iter().find_map(|(id, ord)| self.insert(repeat, (node, parent), id, ord).err());
        if self.frames.len() > first {
            self.mark_shape(node, parent);
            for frame in first..self.frames.len() {
                self.apply_defaults(frame);
            }
            self.settle();
        }
        let changed = self.finish();
        match refused {
            Some(refused) if changed.written.is_empty() => Err(refused),
            _ => Ok(changed),
        }
    }

    fn insert(
        &mut self,
        repeat: &str,
        (node, parent): (NodeId, FrameId),
        id: &str,
        ord: &str,
    ) -> Result<(), FillError> {
        let field = || repeat.to_owned();
        let value = || id.to_owned();
        if !is_instance_id(id) {
            return Err(FillError::BadInstanceId { field: field(), value: value() });
        }
        if self.row(node, parent, id).is_some() {
            return Err(FillError::InstanceExists { field: field(), value: value() });
        }
        if self.live >= limits::INSTANCES {
            return Err(FillError::TooManyInstances { field: field() });
        }
        let key = format!("{}/{id}", self.key(node, parent));
        self.answers.insert(format!("{key}/@ord"), ord.to_owned())?;
        self.written.insert(format!("{key}/@ord"), ord.to_owned());
        if self.answers.get(&format!("{key}/@del")).is_some() {
            self.answers.insert(format!("{key}/@del"), "false".to_owned())?;
            self.written.insert(format!("{key}/@del"), "false".to_owned());
        }
        match self.put_in(node, parent, id, ord) {
            true => Ok(()),
            false => Err(FillError::TooManyInstances { field: field() }),
        }
    }

    /// Makes the frame of an instance and marks what is in it; false if there are too many.
    pub(super) fn put_in(&mut self, node: NodeId, parent: FrameId, id: &str, ord: &str) -> bool {
        let Some(frame) = self.load(Some(node), parent, id, ord) else {
            return false;
        };
        let rows = self.rows(parent, node);
        let place = rows.partition_point(|row| {
            self.frame(*row).is_some_and(|row| (row.ord.as_str(), row.id.as_str()) < (ord, id))
        });
        if let Some(Some(parent)) = self.frames.get_mut(parent) {
            parent.rows.entry(node).or_default().insert(place, frame);
        }
        self.mark_frame(frame);
        true
    }

    /// Removes an instance. Its answers stay in the document, marked as removed.
    pub fn remove(&mut self, repeat: &str, instance_id: &str) -> Result<Changed, FillError> {
        let (node, parent) = self.locate_repeat(repeat)?;
        let frame = self.row(node, parent, instance_id).ok_or_else(|| FillError::NoSuchInstance {
            field: repeat.to_owned(),
            value: instance_id.to_owned(),
        })?;
        let key = format!("{}/{instance_id}/@del", self.key(node, parent));
        self.answers.insert(key.clone(), "true".to_owned())?;
        self.begin();
        self.written.insert(key, "true".to_owned());
        self.take_away(node, parent, frame);
        self.settle();
        Ok(self.finish())
    }

    /// Forgets the frame of an instance and marks what looked at it.
    pub(super) fn take_away(&mut self, node: NodeId, parent: FrameId, frame: FrameId) {
        if let Some(Some(parent)) = self.frames.get_mut(parent)
            && let Some(rows) = parent.rows.get_mut(&node)
        {
            rows.retain(|row| *row != frame);
        }
        self.unload(frame);
        self.mark_shape(node, parent);
    }

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
                due.push(RowsDue { repeat: key, have, missing, counted });
            }
        });
        due
    }

    /// Whether a repeat, named by its key, has or had an instance with this id.
    pub fn knows_row(&self, repeat: &str, id: &str) -> bool {
        self.answers.ever_had(&format!("{repeat}/{id}/"))
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
