//! What there is to look through.

use super::{Badge, Stamp};

/// The kinds by pack, and what waits for the viewer.
#[derive(Debug)]
pub struct WorkPage {
    /// What waits for the viewer, the oldest first.
    pub waiting: Vec<WaitRow>,
    /// How many there are.
    pub waiting_count: u64,
    /// Said when there are more than are shown.
    pub more: Option<String>,
    /// The packs with their kinds.
    pub packs: Vec<PackCard>,
}

/// A record that waits for somebody.
#[derive(Debug)]
pub struct WaitRow {
    /// Its id.
    pub doc: String,
    /// Where it is looked at.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its second line.
    pub subtitle: Option<String>,
    /// What it is.
    pub kind: String,
    /// Its stage.
    pub stage: Badge,
    /// Whose it is.
    pub owner: String,
    /// Since when, as far as its id tells.
    pub at: Option<Stamp>,
}

/// A pack with its kinds.
#[derive(Debug)]
pub struct PackCard {
    /// Its title.
    pub title: String,
    /// Its kinds.
    pub kinds: Vec<KindCard>,
}

/// A kind with its counts.
#[derive(Debug)]
pub struct KindCard {
    /// Its name.
    pub name: String,
    /// What several are called.
    pub title: String,
    /// How many there are.
    pub total: u64,
    /// By stage: the word and how many.
    pub stages: Vec<(Badge, u64)>,
    /// How many wait for the viewer, and where.
    pub waiting: Option<(u64, String)>,
}

impl PackCard {
    /// Whether some of its kinds have no records.
    pub fn has_empty(&self) -> bool {
        self.kinds.iter().any(|kind| kind.total == 0)
    }
}
