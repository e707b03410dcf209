//! The records of one kind.

use super::{Badge, Stamp, Tone};
use crate::console::list::Ask;

/// A page of records.
#[derive(Debug)]
pub struct RecordList {
    /// The kind's name, for addresses.
    pub name: String,
    /// The kind's plural title.
    pub title: String,
    /// The title of its pack.
    pub pack: String,
    /// Which of how many are shown.
    pub count: String,
    /// How many there are.
    pub total: u64,
    /// What was asked for.
    pub ask: Ask,
    /// Each stage, with how many are in it.
    pub stages: Vec<Facet>,
    /// Whose records there can be.
    pub owners: Vec<Chosen>,
    /// The orders on offer.
    pub sorts: Vec<Chosen>,
    /// Whether the kind has days.
    pub dated: bool,
    /// Whether its records have scores.
    pub scored: bool,
    /// Whether some of its stages wait for the viewer.
    pub waits: bool,
    /// The address of what waits for the viewer.
    pub waiting: String,
    /// It is what is shown.
    pub waiting_here: bool,
    /// What the viewer could do with several: names and titles.
    pub acts: Vec<(String, String)>,
    /// All that match can be chosen, not this page alone: the address of the list, how many that are, and
    /// what is said of it.
    pub whole: Option<(String, u64, String)>,
    /// The records.
    pub rows: Vec<ListRow>,
    /// What is not shown, in words.
    pub cut: Option<String>,
    /// The headings of what the pack's list shows beside.
    pub columns: Vec<String>,
    /// The lists of the pack: words, address, whether it is this one.
    pub lists: Vec<(String, String, bool)>,
    /// The page before.
    pub previous: Option<String>,
    /// The next page.
    pub next: Option<String>,
    /// The list without a record beside it.
    pub close: String,
    /// The list without filters.
    pub clear: String,
    /// It is filtered.
    pub filtered: bool,
    /// The address of the photos, for a kind with photos.
    pub photos: Option<String>,
    /// The address of the scores, for a kind with something to compare.
    pub scores: Option<String>,
    /// The address of the same as CSV.
    pub csv: String,
    /// And as a workbook.
    pub xlsx: String,
    /// Said when there are none.
    pub empty: String,
    /// And what to do then.
    pub empty_how: String,
    /// The viewer's own views.
    pub views: Vec<ViewLink>,
}

/// A value of a filter, with what is in it.
#[derive(Debug)]
pub struct Facet {
    /// Its name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// How it is set off.
    pub tone: Tone,
    /// How many.
    pub count: u64,
    /// It is chosen.
    pub here: bool,
    /// Where it leads.
    pub href: String,
}

/// Something to choose.
#[derive(Debug)]
pub struct Chosen {
    /// What is kept.
    pub value: String,
    /// What people read.
    pub label: String,
    /// It is chosen.
    pub here: bool,
}

/// A saved view.
#[derive(Debug)]
pub struct ViewLink {
    /// Its id, in hex.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// It is what is shown.
    pub here: bool,
}

/// One record.
#[derive(Debug)]
pub struct ListRow {
    /// Its id.
    pub doc: String,
    /// The address of the list with it beside.
    pub href: String,
    /// It is beside the list.
    pub open: bool,
    /// Its title.
    pub title: String,
    /// A second line.
    pub subtitle: Option<String>,
    /// Its stage.
    pub stage: Badge,
    /// Whose it is.
    pub owner: String,
    /// Its day; when it was made, for kinds without days.
    pub day: Option<Stamp>,
    /// Its score.
    pub score: Option<String>,
    /// How many answers have two versions.
    pub conflicts: u32,
    /// It waits for the viewer.
    pub waits: bool,
    /// What the pack's list shows beside: headings and values.
    pub columns: Vec<(String, String)>,
}
