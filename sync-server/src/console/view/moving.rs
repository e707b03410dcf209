//! Records that go to somebody else.

use super::Stamp;

/// What should be known before they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// Whose they are now, whoever has most unsent first.
    pub owners: Vec<MovingOwner>,
    /// Where what comes late waits, and who decides about it.
    pub late: String,
}

/// Somebody whose records go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovingOwner {
    /// Their name.
    pub name: String,
    /// How many of the records are theirs.
    pub count: String,
    /// What waits on their phones.
    pub unsent: u64,
    /// Their phones.
    pub phones: Vec<MovingDevice>,
    /// Their phones are the viewer's to know of.
    pub known: bool,
}

/// One of their phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovingDevice {
    /// Its name.
    pub name: String,
    /// What waits on it, as it last said.
    pub unsent: u64,
    /// When it last synced.
    pub last: Option<Stamp>,
    /// Which build it runs.
    pub app: String,
}
