//! What the console keeps for the people who use it, and what it notes about them.

use super::Result;
use super::people::SecretHash;
use super::records::{ActRow, Among, ByPerson, RecordRow};
use rounds_model::ids::{ActId, DeviceId, DocId, PersonId, PublicKey};
use rounds_protocol::exchange::Status;
use std::collections::BTreeSet;

/// The console as a device of a person: the key with which their acts are signed, sealed under their
/// password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleKey {
    /// Whose.
    pub person: PersonId,
    /// As which device.
    pub device: DeviceId,
    /// What phones check its signatures with.
    pub key: PublicKey,
    /// What the password is hashed with to open it.
    pub salt: [u8; 16],
    /// The secret half, sealed.
    pub sealed: Vec<u8>,
}

/// A view of a list that somebody wants to come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Which.
    pub view: [u8; 16],
    /// Whose.
    pub person: PersonId,
    /// What they call it.
    pub name: String,
    /// Where it leads: a path of the console with its query.
    pub address: String,
}

/// Something that was done in the office, noted for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Counts from 1 without gaps.
    pub number: u64,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Who did it; none for whoever runs the server.
    pub person: Option<PersonId>,
    /// What, kebab-case: a message of the console.
    pub what: String,
    /// What the message names, as `name=value` lines.
    pub about: String,
}

/// A token with which a program reads what a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadToken {
    /// Which.
    pub token: [u8; 16],
    /// As whom it reads.
    pub person: PersonId,
    /// What is kept of it.
    pub secret_hash: SecretHash,
    /// What it is for.
    pub name: String,
    /// When it was made, Unix milliseconds.
    pub created: i64,
    /// When it was taken back.
    pub revoked: Option<i64>,
    /// When it was last used, to the hour.
    pub used: Option<i64>,
}

/// That somebody looked at a doubtful act and found it in order, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The act.
    pub act: ActId,
    /// Who looked.
    pub person: PersonId,
    /// When, Unix milliseconds.
    pub at: i64,
    /// What they found.
    pub note: String,
}

/// That somebody looked at a doubt about a record, and what they found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which.
    pub doubt: DoubtName,
    /// Who looked.
    pub person: PersonId,
    /// When, Unix milliseconds.
    pub at: i64,
    /// What they found.
    pub note: String,
}

/// Which doubt: the record, what it is about, and since when, Unix milliseconds.
pub type DoubtName = (DocId, String, i64);

/// The name of an act that was not accepted, by when it was stated. A further one is another.
pub fn refused_act(doc: DocId, act: ActId, at_ms: i64) -> DoubtName {
    (doc, format!("act:{}", hex::encode(act.0)), at_ms)
}

/// The name of what a phone keeps of a record since then.
pub fn held_item(doc: DocId, device: DeviceId, at_ms: i64) -> DoubtName {
    (doc, format!("held:{device}"), at_ms)
}

/// What can be asked of it.
pub trait ReadConsole {
    /// A person's key.
    fn console_key(&self, person: PersonId) -> Result<Option<ConsoleKey>>;
    /// How many acts a device has stated.
    fn acts_by(&self, device: DeviceId) -> Result<u64>;
    /// A person's views, by name.
    fn views_of(&self, person: PersonId) -> Result<Vec<SavedView>>;
    /// What was noted before this number, the newest first: all of it, or what a person did and what was
    /// done about these people.
    fn noted(
        &self,
        before: Option<u64>,
        limit: u32,
        of: Option<(PersonId, &[PersonId])>,
    ) -> Result<Vec<Noted>>;
    /// Every token, the newest first.
    fn read_tokens(&self) -> Result<Vec<ReadToken>>;
    /// One token.
    fn read_token(&self, token: &[u8; 16]) -> Result<Option<ReadToken>>;
    /// What devices last said of themselves.
    fn statuses(&self) -> Result<Vec<(DeviceId, Status)>>;
    /// What one said.
    fn status(&self, device: DeviceId) -> Result<Option<Status>>;
    /// The acts whose time cannot be believed and that nobody has checked, with their records, the oldest
    /// first: by whose device it is.
    fn doubtful(&self, among: &Among) -> Result<Vec<(RecordRow, ActRow)>>;
    /// How many there are, whatever the limit.
    fn doubtful_count(&self, among: &Among) -> Result<ByPerson>;
    /// Who checked which of these acts.
    fn checked(&self, acts: &[ActId]) -> Result<Vec<Checked>>;
    /// The doubts that were looked at.
    fn settled(&self) -> Result<BTreeSet<DoubtName>>;
    /// Those about a record.
    fn settled_of(&self, doc: DocId) -> Result<Vec<Settled>>;
}

/// What can be written.
pub trait WriteConsole {
    /// Sets a person's key.
    fn put_console_key(&mut self, key: &ConsoleKey) -> Result<()>;
    /// Takes it away.
    fn remove_console_key(&mut self, person: PersonId) -> Result<()>;
    /// Adds or replaces a view.
    fn put_view(&mut self, view: &SavedView) -> Result<()>;
    /// Forgets one of a person's.
    fn remove_view(&mut self, person: PersonId, view: &[u8; 16]) -> Result<()>;
    /// Notes something, under the next number. What is noted is never changed or removed.
    fn note(&mut self, at: i64, person: Option<PersonId>, what: &str, about: &str) -> Result<u64>;
    /// Adds or replaces a token.
    fn put_read_token(&mut self, token: &ReadToken) -> Result<()>;
    /// Sets what a device says of itself.
    fn put_status(&mut self, device: DeviceId, status: &Status) -> Result<()>;
    /// Notes that somebody checked an act; the first one stays.
    fn put_checked(&mut self, checked: &Checked) -> Result<()>;
    /// Notes that somebody looked at a doubt; the first one stays.
    fn put_settled(&mut self, settled: &Settled) -> Result<()>;
}
