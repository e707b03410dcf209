//! What a sync tells while it is under way, and what makes it begin.
//!
//! An item counts as sent when its receipt is stored, never before.

use super::backoff::Cause;
use super::compose::Bounds;
use super::run::Synced;
use super::stop::Stop;
use crate::error::RoundsError;
use crate::screens::status::NextTry;
use serde::Serialize;

/// What happens in a sync.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Progress {
    /// It begins.
    Started {
        /// Why.
        cause: Cause,
        /// Items that wait.
        waiting: u64,
    },
    /// The server has stored, or holds, so many of the items.
    Sent {
        /// Items with a receipt.
        n: u64,
        /// Items in all.
        of: u64,
    },
    /// News arrived and is stored.
    Received {
        /// Items so far.
        items: u64,
    },
    /// A photo or file is on its way.
    Photo {
        /// Which one, from 1.
        number: u64,
        /// Of how many.
        of: u64,
        /// Bytes of it that the server has.
        bytes: u64,
        /// Its bytes.
        size: u64,
    },
    /// Both sides have everything, or it was stopped in good order (`unfinished`).
    Finished {
        /// What was done.
        synced: Synced,
    },
    /// It failed. What was exchanged before stays.
    Failed {
        /// Why.
        error: RoundsError,
        /// When it is tried again; none if a person must do something first.
        next_try: Option<NextTry>,
    },
}

/// Somebody who is told: a screen.
pub trait Observer: Send + Sync {
    /// Something happened. Called on the thread that syncs, which waits for it.
    fn on(&self, progress: &Progress);
}

/// How a sync is run.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    /// What made it begin.
    pub cause: Cause,
    /// With what it can be stopped. Give the same to [`super::transport::Http::with_stop`].
    pub stop: &'a Stop,
    /// Who is told.
    pub observer: Option<&'a dyn Observer>,
    /// How large its messages are.
    pub bounds: Bounds,
}

impl Session<'_> {
    pub(crate) fn tell(&self, progress: impl FnOnce() -> Progress) {
        if let Some(observer) = self.observer {
            observer.on(&progress());
        }
    }
}

/// What is under way now, for whoever looks at a screen meanwhile.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct UnderWay {
    /// Items with a receipt.
    pub sent: u64,
    /// Items in all.
    pub of: u64,
    /// The outbox's numbers of those that are in the request just now.
    pub sending: Vec<i64>,
    /// The upload whose bytes are on their way just now.
    pub photo: Option<i64>,
}
