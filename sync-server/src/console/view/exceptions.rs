//! What is not as it should be.

use super::{Badge, ConflictRow, Facet, OtherRecord, Stamp};

/// The list.
#[derive(Debug)]
pub struct ExceptionList {
    /// What was asked for, as it stands in the address of the same as a file.
    pub query: String,
    /// How many are shown, in words.
    pub count: String,
    /// The sorts, with how many there are of each.
    pub sorts: Vec<Facet>,
    /// The longest waiting first.
    pub rows: Vec<Exception>,
    /// Back to the list alone.
    pub close: String,
}

/// One of them.
#[derive(Debug)]
pub struct Exception {
    /// Its sort, for tests.
    pub sort: String,
    /// The same in words.
    pub badge: Badge,
    /// The record, if there is one that the viewer may see.
    pub doc: Option<String>,
    /// Where it is shown beside the list.
    pub href: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: String,
    /// What happened and why.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// The record that stands in the way.
    pub other: Option<OtherRecord>,
    /// Whose it is.
    pub owner: String,
    /// Their id.
    pub owner_id: String,
    /// Since when.
    pub at: Stamp,
    /// The same, Unix milliseconds.
    pub since_ms: i64,
    /// What can be done about it here.
    pub settle: Settle,
}

/// What can be done about an exception on its page.
#[derive(Debug)]
pub enum Settle {
    /// Its record has to be opened, or somebody asked.
    Nothing,
    /// One of several values is chosen.
    Choose(Vec<ConflictRow>),
    /// The act of this id is noted as checked.
    Check(String),
    /// The doubt of this name is noted as looked at.
    Look {
        /// The record.
        doc: String,
        /// What it is about.
        code: String,
        /// Since when, Unix milliseconds.
        since: i64,
    },
    /// Handed-over work is accepted or dropped.
    Decide {
        /// Which.
        number: String,
        /// What it says, a line for each item.
        says: Vec<String>,
        /// Whether it is for the viewer to decide.
        decides: bool,
    },
}
