//! Recordings are in the hands of one process at a time: a support tool that opens the store beside the app
//! must not take what is being recorded for something that a killed run has left.

use crate::Rounds;
use crate::error::Fail;
use crate::private;
use std::fs::{File, TryLockError};

/// No other process has recordings in hand, for as long as this is kept; also not when it is killed.
#[derive(Debug)]
pub(crate) struct Alone {
    lock: File,
}

/// Told, not left to the closing: a program that another thread is just starting has the file open too, for a
/// moment.
impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

impl Rounds {
    /// Takes recordings in hand; none if somebody else has them.
    pub(super) fn alone_with_recordings(&self) -> Result<Option<Alone>, Fail> {
        let path = self.blobs.with_file_name("recording.lock");
        private::file(&path)?;
        let file = File::options().append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Alone { lock: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e.into()),
        }
    }
}
