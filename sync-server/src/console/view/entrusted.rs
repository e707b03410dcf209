//! Records that everybody holds and one person looks after.

use super::{Chosen, Stamp};
use crate::console::list::Ask;

/// A page of them.
#[derive(Debug)]
pub struct Entrusted {
    /// The kind's name.
    pub name: String,
    /// Its plural title.
    pub title: String,
    /// The page's address.
    pub path: String,
    /// Which of how many are shown.
    pub count: String,
    /// What was asked for.
    pub ask: Ask,
    /// Whoever looks after some.
    pub owners: Vec<Chosen>,
    /// The headings of what stands beside a record.
    pub columns: Vec<String>,
    /// The act that gives them to somebody, if the viewer may state it.
    pub act: Option<String>,
    /// Its title.
    pub gives: String,
    /// All that match can be chosen: the address of the list, how many that are, and what is said of it.
    pub whole: Option<(String, u64, String)>,
    /// They.
    pub rows: Vec<EntrustedRow>,
    /// The page before.
    pub previous: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// One of them.
#[derive(Debug)]
pub struct EntrustedRow {
    /// Its id.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// A second line.
    pub subtitle: Option<String>,
    /// What stands beside: headings and values.
    pub columns: Vec<(String, String)>,
    /// Who looks after it.
    pub owner: String,
    /// What waits on their phones; none where that is not the viewer's to know, or there is no phone.
    pub unsent: Option<u64>,
    /// When one of these phones last synced.
    pub last: Option<Stamp>,
}
