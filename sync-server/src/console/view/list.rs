//! The records of one kind.

use super::{Badge, Stamp};

/// A page of records.
#[derive(Debug)]
pub struct RecordList {
    /// The kind's plural title.
    pub title: String,
    /// How many are shown.
    pub count: String,
    /// What was searched for.
    pub query: String,
    /// Whether the kind has days.
    pub dated: bool,
    /// The records.
    pub rows: Vec<ListRow>,
    /// The next page's address, if there is one.
    pub more: Option<String>,
    /// Said when there are none.
    pub empty: String,
    /// And what to do then.
    pub empty_how: String,
}

/// One record.
#[derive(Debug)]
pub struct ListRow {
    /// Its id.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// A second line.
    pub subtitle: Option<String>,
    /// Its stage.
    pub stage: Badge,
    /// Whose it is.
    pub owner: String,
    /// Its day.
    pub day: Option<Stamp>,
    /// How many answers have two versions.
    pub conflicts: u32,
    /// What a search looks through.
    pub search: String,
}
