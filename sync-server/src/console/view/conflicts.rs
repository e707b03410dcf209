//! The page of all conflicts.

use super::ConflictRow;

/// Answers with several values, record by record.
#[derive(Debug)]
pub struct ConflictList {
    /// How many records there are, in words.
    pub count: String,
    /// The records.
    pub records: Vec<Conflicted>,
    /// Said when there are more than are shown.
    pub more: Option<String>,
}

/// A record with such answers.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflicted {
    /// Its id.
    pub doc: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: String,
    /// Whose it is.
    pub owner: String,
    /// The answers.
    pub conflicts: Vec<ConflictRow>,
}
