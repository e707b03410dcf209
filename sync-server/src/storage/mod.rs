//! Where everything is kept: the traits that a database must offer.
//!
//! The traits are synchronous and object-safe; callers run them on a blocking thread. A
//! transaction belongs to one team. A writing transaction takes the team's row lock first, so it
//! may number what it stores without gaps: a reader that saw `n` never finds `n - 1` later.
//! Dropping a transaction undoes it.
//!
//! - [`people`], [`records`], [`log`], [`holding`], [`blobs`], [`console`], [`evidence`]: rows and questions, by
//!   concept.
//! - [`sqlite`]: the embedded database.
//! - `contract.rs`: the tests that every database must pass.

pub mod blobs;
pub mod console;
#[cfg(test)]
pub(crate) mod contract;
pub mod evidence;
pub mod holding;
pub mod log;
pub mod people;
pub mod records;
pub mod sqlite;

pub use crate::error::{Error, Result};
use blobs::{ReadBlobs, WriteBlobs};
use console::{ReadConsole, WriteConsole};
use evidence::{ReadEvidence, WriteEvidence};
use holding::{ReadHolding, WriteHolding};
use log::{ReadLog, WriteLog};
use people::{ReadPeople, SecretHash, WritePeople};
use records::{ReadRecords, WriteRecords};
use rounds_model::ids::{DeviceId, DocId, Epoch, TeamId};
use rounds_protocol::enrol::Team;
use rounds_protocol::handover::TeamSecret;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// With what rows were made: [`rounds_workflow::Catalogue::stamp`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsMade {
    /// All of them.
    pub by: String,
    /// They are being made anew: with what, and up to which record.
    pub under_way: Option<(String, DocId)>,
}

/// A consistent view of one team.
pub trait Read:
    ReadPeople + ReadRecords + ReadLog + ReadBlobs + ReadHolding + ReadConsole + ReadEvidence
{
    /// The team.
    fn team(&self) -> Result<Team>;
    /// The life of the database: another after each restore.
    fn epoch(&self) -> Result<Epoch>;
    /// With what marks of the log are sealed; none for a team that has none.
    fn seal(&self) -> Result<Option<[u8; 32]>>;
    /// The secret half of the team's key for hand-over, once there is one.
    fn team_secret(&self) -> Result<Option<TeamSecret>>;
    /// With what the rows of its records were made.
    fn rows_made(&self) -> Result<RowsMade>;
}

/// A writing transaction of one team; it sees its own writes.
pub trait Write:
    Read + WritePeople + WriteRecords + WriteLog + WriteBlobs + WriteHolding + WriteConsole + WriteEvidence
{
    /// Sets the team's key for hand-over, once and for all.
    fn put_team_secret(&mut self, secret: &TeamSecret) -> Result<()>;
    /// Notes with what the rows of its records were made.
    fn put_rows_made(&mut self, made: &RowsMade) -> Result<()>;
    /// Makes everything durable, or nothing.
    fn commit(self: Box<Self>) -> Result<()>;
}

/// A database.
pub trait Storage: Send + Sync {
    /// Every team.
    fn teams(&self) -> Result<Vec<Team>>;
    /// Adds a team.
    fn add_team(&self, team: &Team) -> Result<()>;
    /// The team of a device: with [`Storage::team_of_invitation`] the only question across teams.
    fn team_of_device(&self, device: DeviceId) -> Result<Option<TeamId>>;
    /// The team of an invitation.
    fn team_of_invitation(&self, code_hash: &SecretHash) -> Result<Option<TeamId>>;
    /// A view that does not change while it is held.
    fn read<'a>(&'a self, team: TeamId) -> Result<Box<dyn Read + 'a>>;
    /// The same for people and their programs, who may look long: it never keeps a phone waiting.
    fn browse<'a>(&'a self, team: TeamId) -> Result<Box<dyn Read + 'a>>;
    /// A writing transaction. Waits for others of the same team.
    fn write<'a>(&'a self, team: TeamId) -> Result<Box<dyn Write + 'a>>;
    /// Notes that a device exchanged. Outside the team's order: it takes no number.
    fn touch_device(&self, team: TeamId, device: DeviceId, at_ms: i64, unsent: u64) -> Result<()>;
    /// Notes that a server started; returns the run.
    fn start_run(&self, at_ms: i64) -> Result<i64>;
    /// Notes that a run stopped by itself.
    fn stop_run(&self, run: i64, at_ms: i64) -> Result<()>;
    /// How many runs before the newest did not stop by themselves.
    fn unclean_runs(&self) -> Result<u64>;
    /// Begins another life, in which places of the log do not compare with those of before.
    fn begin_epoch(&self, team: TeamId, epoch: Epoch) -> Result<()>;
    /// Writes a consistent copy of everything to a new file.
    fn backup(&self, to: &Path) -> Result<()>;
    /// A copy of everything, to try something out in. It is gone when it is dropped.
    fn copy(&self) -> Result<Box<dyn Storage>>;
}
