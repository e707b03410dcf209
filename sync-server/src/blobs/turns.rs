//! One writer for each upload. A phone whose connection died without a word comes again on another
//! one while the server still waits on the first: the newer request asks the older one to end, and
//! takes over from what that one had stored.

use crate::error::Result;
use crate::storage::blobs::UploadId;
use rounds_protocol::fault::Fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as Lock, OwnedMutexGuard, watch};

/// How long a newer request waits for the older one to end.
const PATIENCE: Duration = Duration::from_secs(20);
/// Uploads that are remembered before those that nobody writes to are forgotten.
const REMEMBERED: usize = 1_000;

/// Who writes to which upload.
#[derive(Debug, Default)]
pub struct Turns {
    slots: Mutex<HashMap<UploadId, Arc<Slot>>>,
}

#[derive(Debug)]
struct Slot {
    lock: Arc<Lock<()>>,
    asked: watch::Sender<u64>,
}

/// The right to write to an upload, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _lock: OwnedMutexGuard<()>,
    asked: watch::Receiver<u64>,
    _slot: Arc<Slot>,
}

impl Turns {
    /// Asks whoever writes to stop, and waits for it.
    pub async fn take(&self, upload: UploadId) -> Result<Turn> {
        let slot = self.slot(upload);
        slot.asked.send_modify(|n| *n += 1);
        let lock = tokio::time::timeout(PATIENCE, Arc::clone(&slot.lock).lock_owned()).await;
        let lock = lock.map_err(|_| Fault::BlobWriting)?;
        Ok(Turn { _lock: lock, asked: slot.asked.subscribe(), _slot: slot })
    }

    /// Takes an upload to which nobody writes; asks nobody to stop.
    pub fn take_idle(&self, upload: UploadId) -> Option<Turn> {
        let slot = self.slot(upload);
        let lock = Arc::clone(&slot.lock).try_lock_owned().ok()?;
        Some(Turn { _lock: lock, asked: slot.asked.subscribe(), _slot: slot })
    }

    fn slot(&self, upload: UploadId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= REMEMBERED {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let new = || Arc::new(Slot { lock: Arc::default(), asked: watch::Sender::new(0) });
        Arc::clone(slots.entry(upload).or_insert_with(new))
    }
}

impl Turn {
    /// Done when a newer request asks for the upload.
    pub async fn is_asked_for(&mut self) {
        if self.asked.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_newer_request_takes_over() {
        let turns = Arc::new(Turns::default());
        let mut first = turns.take([1; 16]).await.unwrap();
        let _other = turns.take([2; 16]).await.unwrap();
        assert!(turns.take_idle([1; 16]).is_none() && turns.take_idle([3; 16]).is_some());
        let waiting = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.take([1; 16]).await.map(|_| ()) }
        });
        first.is_asked_for().await;
        drop(first);
        waiting.await.unwrap().unwrap();
    }
}
