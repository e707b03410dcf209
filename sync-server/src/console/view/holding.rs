//! Work that was handed over.

use super::{OtherRecord, Stamp};

/// The list of what waits.
#[derive(Debug)]
pub struct HoldingList {
    /// The pieces of work, oldest first.
    pub works: Vec<HoldingRow>,
}

/// One piece of work.
#[derive(Debug)]
pub struct HoldingRow {
    /// Its first and last item as the page shows them, for the forms.
    pub number: String,
    /// Whose it is.
    pub who: String,
    /// On which device.
    pub device: String,
    /// Their id.
    pub person: String,
    /// Since when it waits.
    pub at: Stamp,
    /// The same, Unix milliseconds.
    pub since_ms: i64,
    /// The record, if there is one that the viewer may see.
    pub record: Option<OtherRecord>,
    /// What to call it otherwise.
    pub title: String,
    /// What it says, a line for each item.
    pub says: Vec<String>,
    /// Why it was not applied.
    pub reason: String,
    /// Whether the viewer may decide about it: they hold the record, or lead its author if there is
    /// no record.
    pub decides: bool,
}
