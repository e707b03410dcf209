//! Photos and files: uploaded in parts, checked, kept once under their content, given to whoever
//! holds a record that has them.
//!
//! - [`uploads`]: an upload from its creation to its receipt. [`staging`]: its parts on disk, as far
//!   as they are durable. [`turns`]: one writer for each upload, and the newest wins.
//! - [`awaited`]: whether a record has what a device wants to send.
//! - [`keep`]: where whole blobs are, a folder or S3. [`fetch`]: who may read one. [`media`]: what
//!   its first bytes say that it is. [`recordings`]: those whose parts have arrived, checked.
//!   its first bytes say that it is. [`adopt`]: what a restored database does not know any more.
//!
//! What is known of a blob is in [`crate::storage::blobs`]; a row is written only when the bytes
//! are durable, so that a receipt never names what is not there. Nothing here holds more than a few
//! parts of a body in memory.

pub mod adopt;
mod awaited;
pub mod fetch;
pub mod keep;
pub mod media;
pub mod recordings;
pub mod staging;
pub mod turns;
pub mod uploads;

#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use crate::exchange::caller::Caller;
use crate::exchange::rules::RulesCache;
use crate::storage::Storage;
use keep::Keep;
use rounds_model::ids::{DeviceId, TeamId};
use rounds_model::scope::Scope;
use rounds_protocol::fault::Fault;
use staging::Staging;
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::NamedTempFile;
use turns::Turns;

/// How much there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one blob.
    pub blob: u64,
    /// Bytes of all blobs of a team, and of what has arrived of those on their way.
    pub team: u64,
    /// Uploads that one device has begun and not finished.
    pub unfinished: u64,
    /// Bytes that one device has announced and not finished, if that is more than one upload.
    pub announced: u64,
    /// How long an unfinished upload is kept, milliseconds.
    pub patience_ms: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        const GIB: u64 = 1 << 30;
        let patience_ms = 14 * 24 * 3_600_000;
        Limits { blob: 2 * GIB, team: 200 * GIB, unfinished: 100, announced: 20 * GIB, patience_ms }
    }
}

/// The blobs of an installation.
pub struct Blobs {
    storage: Arc<dyn Storage>,
    keep: Keep,
    staging: Staging,
    turns: Turns,
    limits: Limits,
    clock: fn() -> i64,
    /// What is a recording, packs say.
    rules: RulesCache,
}

/// A device that asks, and what it holds.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Its team.
    pub team: TeamId,
    /// Which.
    pub device: DeviceId,
    /// Whose records it holds.
    pub scopes: BTreeSet<Scope>,
}

impl Blobs {
    /// Over a database, a place for whole blobs and one for parts. `clock` gives Unix milliseconds.
    pub fn new(
        storage: Arc<dyn Storage>,
        keep: Keep,
        staging: Staging,
        limits: Limits,
        clock: fn() -> i64,
    ) -> Arc<Blobs> {
        let (turns, rules) = (Turns::default(), RulesCache::default());
        Arc::new(Blobs { storage, keep, staging, turns, limits, clock, rules })
    }

    /// A file for a bundle while it is taken in.
    pub fn scratch(&self) -> Result<NamedTempFile> {
        self.staging.scratch()
    }

    /// The limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Believes a device that knows its token, as an exchange does.
    pub async fn asker(self: &Arc<Self>, token: &str) -> Result<Asker> {
        let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
        self.blocking(move |blobs| {
            let team = blobs.storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
            let caller = Caller::recognise(&*blobs.storage.read(team)?, device, &token_hash)?;
            Ok(Asker { team, device, scopes: caller.scopes() })
        })
        .await
    }

    fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Runs what waits for a disk on a thread that may wait.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Blobs) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let blobs = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&blobs)).await.map_err(|_| Error::Cancelled)?
    }
}
