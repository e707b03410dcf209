//! The team's log, and its packs: what a phone pulls.

use super::Result;
use rounds_model::ids::{DocId, Seq};
use rounds_model::scope::Scope;

/// What a row of the log is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A change of a document; the reference is its hash.
    Edit,
    /// An act with its ruling; the reference is its id.
    Act,
    /// A device, newly enrolled; the reference is its id.
    Device,
    /// A person, new or changed; the reference is their id.
    Person,
    /// An actor bound to a device; the reference is the actor.
    Pen,
    /// A version of a pack; the reference is its id, a NUL and the version.
    Pack,
    /// A record came into the scope with everything that it had; the reference is the number of
    /// its acts, four bytes. It stands for all their rows, which were in another log or in none.
    Arrived,
    /// A record left the scope.
    Left,
    /// A record was removed; the reference is the act that did it. It stands for all their rows.
    Removed,
    /// Work about a record that waits for a decision, or was decided about; the reference is its
    /// number, eight bytes.
    Holding,
    /// The scope's person was granted another scope, or lost it: the reference is 1 or 0, when (Unix
    /// milliseconds, eight bytes), and the scope as text.
    Access,
    /// Somebody leads the scope's person now, or no more: the reference is 1 or 0, when (Unix
    /// milliseconds, eight bytes), and who (sixteen bytes).
    Leader,
}

/// One accepted thing, at its place in the team's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The place.
    pub seq: Seq,
    /// Who gets it.
    pub scope: Scope,
    /// What it is about.
    pub what: What,
    /// The document, for edits and acts.
    pub doc: Option<DocId>,
    /// Which of its kind.
    pub reference: Vec<u8>,
    /// How many bytes it is on its way down, for the bounds of a page.
    pub bytes: u32,
}

/// One version of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRow {
    /// The pack's id.
    pub pack: String,
    /// Its version.
    pub version: u32,
    /// Its place in the log.
    pub seq: Seq,
    /// The bundle's hash.
    pub hash: [u8; 32],
    /// The encoded bundle.
    pub bundle: Vec<u8>,
}

/// What is known of a place at which the head of the log once was, or was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It was there, and this was drawn then.
    With([u8; 8]),
    /// It was never there.
    Never,
    /// That was before anything was marked, or too long ago.
    Unknown,
}

/// What can be asked of the log.
pub trait ReadLog {
    /// The last number given out.
    fn head(&self) -> Result<Seq>;
    /// With what the head was marked when it was at a place.
    fn marked(&self, at: Seq) -> Result<Marked>;
    /// The rows after each scope's cursor, merged in order, at most `limit`.
    fn log(&self, cursors: &[(Scope, Seq)], limit: usize) -> Result<Vec<LogRow>>;
    /// The rows of a scope at these places; where there is none, it is left out.
    fn log_at(&self, scope: &Scope, places: &[Seq]) -> Result<Vec<LogRow>>;
    /// The place of the newest pack: as long as it stands, the packs are the same.
    fn packs_seq(&self) -> Result<Seq>;
    /// The newest version of each pack.
    fn packs(&self) -> Result<Vec<PackRow>>;
    /// One version of a pack.
    fn pack(&self, pack: &str, version: u32) -> Result<Option<PackRow>>;
    /// The versions of a pack, without their content.
    fn pack_versions(&self, pack: &str) -> Result<Vec<u32>>;
    /// Every version of each pack, oldest first.
    fn all_packs(&self) -> Result<Vec<PackRow>>;
}

/// What can be written to the log.
pub trait WriteLog {
    /// The next place in the team's order. Given back if the transaction is not committed.
    fn next_seq(&mut self) -> Seq;
    /// Adds rows.
    fn put_log(&mut self, rows: &[LogRow]) -> Result<()>;
    /// Takes a record's rows out of a scope's log: those of its edits and acts, and the one at
    /// `first`. Nothing else is at these places.
    fn take_out(&mut self, scope: &Scope, doc: DocId, first: Seq) -> Result<()>;
    /// Adds a version of a pack.
    fn put_pack(&mut self, row: &PackRow) -> Result<()>;
}
