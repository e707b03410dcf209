//! The team's board of today.

use super::{Badge, OtherRecord, Stamp};

/// Today's board: numbers first, then what needs a decision, then each rep.
#[derive(Debug)]
pub struct Board {
    /// Today in the team's zone, `2026-11-23`.
    pub day: String,
    /// The same as people write it.
    pub day_shown: String,
    /// When this was read.
    pub now: Stamp,
    /// The team's time zone.
    pub zone: String,
    /// The team's numbers.
    pub numbers: Vec<Number>,
    /// What needs a decision, the newest first.
    pub decisions: Vec<Decision>,
    /// Said when there are more decisions than are shown.
    pub more_decisions: Option<String>,
    /// The kinds that have an agenda, by their plural titles.
    pub kinds: Vec<String>,
    /// One row for each rep.
    pub rows: Vec<BoardRow>,
    /// No phone of the team has ever synced.
    pub never_synced: bool,
}

/// One number of the team.
#[derive(Debug, PartialEq, Eq)]
pub struct Number {
    /// Stable, for tests.
    pub key: String,
    /// What is counted.
    pub label: String,
    /// How many.
    pub value: String,
    /// Of how many.
    pub of: Option<String>,
    /// The same as a bar: done and planned.
    pub share: Option<(u64, u64)>,
    /// A word more.
    pub note: Option<String>,
    /// Somebody should look.
    pub alarm: bool,
}

/// A record that waits for somebody's decision.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// Not accepted, or two versions.
    pub badge: Badge,
    /// The record's id.
    pub doc: String,
    /// The record's title.
    pub title: String,
    /// Its kind.
    pub kind: String,
    /// What happened and why.
    pub reason: String,
    /// What to do now.
    pub remedy: Option<String>,
    /// The record that stands in the way.
    pub other: Option<OtherRecord>,
    /// Whose act or record it is.
    pub who: String,
    /// Since when, if that is known.
    pub at: Option<Stamp>,
}

/// One rep's day.
#[derive(Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// The rep's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// For each kind of the agenda, in the order of [`Board::kinds`].
    pub progress: Vec<Progress>,
    /// When a phone of theirs last synced.
    pub sync: Sync,
    /// How many items their phones last said were waiting; none without a phone.
    pub unsent: Option<u64>,
    /// How many of their records were not accepted.
    pub blocked: usize,
    /// How many of their records have two versions.
    pub conflicts: usize,
}

/// How far a day's work of one kind is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The kind's plural title.
    pub label: String,
    /// How many are dealt with.
    pub done: u64,
    /// How many there are.
    pub planned: u64,
}

/// When a phone last synced.
#[derive(Debug, PartialEq, Eq)]
pub struct Sync {
    /// When; none is never.
    pub at: Option<Stamp>,
    /// The word for never.
    pub never: String,
    /// Not today.
    pub stale: bool,
    /// How to set it off.
    pub tone: super::Tone,
}
