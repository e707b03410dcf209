//! The holding queue: work that was taken although its author did not hold the record (any more).

use super::Result;
use rounds_model::ids::{DeviceId, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{Decision, ItemHash, RuledBefore};

/// One item that somebody has to decide about.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldingRow {
    /// Its number: the place at which it was first told.
    pub number: Seq,
    /// The device that sent it.
    pub device: DeviceId,
    /// Whose the device is.
    pub person: PersonId,
    /// The record that it is about.
    pub doc: DocId,
    /// What the device knows it by.
    pub hash: ItemHash,
    /// The item as it was sent. Empty once it was accepted: then it is in the log.
    pub item: Vec<u8>,
    /// Why it was not applied.
    pub refusal: Refusal,
    /// When it arrived, Unix milliseconds.
    pub received: i64,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Of an act: how it was ruled before the server was put back to a backup, as its phone was told.
    pub ruled: Option<RuledBefore>,
}

/// How much of one device is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Items that wait for a decision.
    pub waiting: u64,
    /// Every item, decided or not.
    pub items: u64,
    /// The bytes of all items.
    pub bytes: u64,
}

/// What can be asked of the queue.
pub trait ReadHolding {
    /// One item.
    fn holding(&self, number: Seq) -> Result<Option<HoldingRow>>;
    /// These items of a device; unknown ones are left out.
    fn holding_of(&self, device: DeviceId, hashes: &[ItemHash]) -> Result<Vec<HoldingRow>>;
    /// How much of a device is kept.
    fn holding_load(&self, device: DeviceId) -> Result<Load>;
    /// What waits for a decision, oldest first: all of it, or what is about records in these scopes or of
    /// people whose scopes are among them.
    fn holding_waiting(&self, scopes: Option<&[Scope]>, limit: u32) -> Result<Vec<HoldingRow>>;
    /// Everything about a record, oldest first.
    fn holding_about(&self, doc: DocId) -> Result<Vec<HoldingRow>>;
}

/// What can be written to the queue.
pub trait WriteHolding {
    /// Adds an item, or replaces it.
    fn put_holding(&mut self, row: &HoldingRow) -> Result<()>;
}
