//! The page of reminders.

use super::Stamp;

/// What is overdue, then what is due soon.
#[derive(Debug)]
pub struct ReminderList {
    /// How many are overdue, in words.
    pub count: String,
    /// The longest overdue first.
    pub rows: Vec<DueRow>,
    /// Said when there are more than are shown.
    pub more: Option<String>,
}

/// Something that should be done about a record.
#[derive(Debug)]
pub struct DueRow {
    /// The record.
    pub doc: String,
    /// What should be done.
    pub text: String,
    /// What the record is called.
    pub title: String,
    /// Whose it is.
    pub owner: String,
    /// By when.
    pub due: Stamp,
    /// How late it is, in words.
    pub overdue: Option<String>,
    /// It has come up to the viewer's role.
    pub mine: bool,
    /// The requirement that it comes from.
    pub rule: Option<String>,
}
