//! What can be wrong with a batch as a whole.

use super::{BYTES, COLUMNS, ITEMS, OPEN};
use thiserror::Error;

/// Nothing of the batch is stored or done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BatchFault {
    /// It has no rows, or nothing is chosen.
    #[error("an empty batch")]
    Empty,
    /// It has more items than [`ITEMS`]; at least this many.
    #[error("{0} items are too many")]
    TooMany(usize),
    /// The file, or all that is typed, is larger than [`BYTES`].
    #[error("the batch is too large")]
    TooLarge,
    /// The file is in this encoding, and not in UTF-8.
    #[error("not UTF-8: {0}")]
    Encoding(&'static str),
    /// The file is no CSV with a header and no JSON list of objects; where it ends to be one.
    #[error("no table: {0}")]
    NoTable(String),
    /// A row has more cells than there are columns, or more columns than are possible.
    #[error("row {0} has too many cells")]
    Cells(usize),
    /// A value is neither text, number, boolean nor null.
    #[error("row {0}: {1} is no single value")]
    NoValue(usize, String),
    /// A column is there twice.
    #[error("column {0} twice")]
    ColumnTwice(String),
    /// The kind has no such question; it has these.
    #[error("no question {0}")]
    NoColumn(String, String),
    /// The kind has no such act; it has these.
    #[error("no act {0}")]
    NoAct(String, String),
    /// The question is no link to records of the kind that was chosen from.
    #[error("{0} is no link to what was chosen")]
    NoLink(String),
    /// Records of several kinds are chosen.
    #[error("records of several kinds")]
    Mixed,
    /// Too many batches are open.
    #[error("too many open batches")]
    TooManyOpen,
    /// There is no batch with this number.
    #[error("no batch")]
    Unknown,
    /// Nothing is left to do in it.
    #[error("the batch has ended")]
    Ended,
    /// It has no item with this number that could be decided about.
    #[error("no such item: {0}")]
    NoItem(u32),
}

impl BatchFault {
    /// The stable code; its text and remedy are under it.
    pub fn code(&self) -> &'static str {
        match self {
            BatchFault::Empty => "batch-empty",
            BatchFault::TooMany(_) => "batch-too-many",
            BatchFault::TooLarge => "batch-too-large",
            BatchFault::Encoding(_) => "batch-encoding",
            BatchFault::NoTable(_) => "batch-no-table",
            BatchFault::Cells(_) => "batch-cells",
            BatchFault::NoValue(..) => "batch-no-value",
            BatchFault::ColumnTwice(_) => "batch-column-twice",
            BatchFault::NoColumn(..) => "batch-no-column",
            BatchFault::NoAct(..) => "batch-no-act",
            BatchFault::NoLink(_) => "batch-no-link",
            BatchFault::Mixed => "batch-mixed",
            BatchFault::TooManyOpen => "batch-too-many-open",
            BatchFault::Unknown => "batch-unknown",
            BatchFault::Ended => "batch-ended",
            BatchFault::NoItem(_) => "batch-no-item",
        }
    }

    /// What it is about, and what is known or possible instead.
    pub fn about(&self) -> (String, String) {
        let what = |what: &dyn ToString| (what.to_string(), String::new());
        match self {
            BatchFault::TooMany(items) => (items.to_string(), ITEMS.to_string()),
            BatchFault::TooLarge => (String::new(), (BYTES / 1024 / 1024).to_string()),
            BatchFault::Encoding(encoding) => what(encoding),
            BatchFault::NoTable(place) => what(place),
            BatchFault::Cells(row) => (row.to_string(), COLUMNS.to_string()),
            BatchFault::NoValue(row, key) => (key.clone(), row.to_string()),
            BatchFault::ColumnTwice(key) | BatchFault::NoLink(key) => what(key),
            BatchFault::NoColumn(key, known) | BatchFault::NoAct(key, known) => (key.clone(), known.clone()),
            BatchFault::TooManyOpen => (OPEN.to_string(), String::new()),
            BatchFault::NoItem(item) => what(item),
            BatchFault::Empty | BatchFault::Mixed | BatchFault::Unknown | BatchFault::Ended => what(&""),
        }
    }
}
