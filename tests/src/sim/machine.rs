//! A phone's hardware: a clock that jumps, a boot that ends, and system calls that fail.

use rounds_device::error::Fail;
use rounds_device::platform::{Platform, Replay};
use rounds_model::time::Reading;
use std::sync::atomic::{AtomicI64, Ordering};

/// The fuse is not armed.
const WHOLE: i64 = -1;
/// The fuse has gone.
const BURNT: i64 = -2;

/// [`Replay`], with a fuse.
#[derive(Debug)]
pub struct Machine {
    replay: Replay,
    fuse: AtomicI64,
}

impl Machine {
    /// A machine at a time, with a seed.
    pub fn new(now_ms: i64, seed: u64) -> Machine {
        let replay = Replay::new(u64::try_from(now_ms).unwrap_or(0), seed);
        Machine { replay, fuse: AtomicI64::new(WHOLE) }
    }

    /// Its clocks.
    pub fn clock(&self) -> &Replay {
        &self.replay
    }

    /// Lets system calls fail, after so many that succeed. Most of them are made inside a
    /// transaction, which is then undone.
    pub fn arm(&self, after: usize) {
        self.fuse.store(i64::try_from(after).unwrap_or(0), Ordering::SeqCst);
    }

    /// Lets all system calls succeed again. True if one had failed.
    pub fn disarm(&self) -> bool {
        self.fuse.swap(WHOLE, Ordering::SeqCst) == BURNT
    }

    fn call(&self) -> Result<(), Fail> {
        match self.fuse.load(Ordering::SeqCst) {
            WHOLE => Ok(()),
            0 | BURNT => {
                self.fuse.store(BURNT, Ordering::SeqCst);
                Err(Fail::System("answer"))
            }
            left => {
                self.fuse.store(left - 1, Ordering::SeqCst);
                Ok(())
            }
        }
    }
}

impl Platform for Machine {
    fn clocks(&self) -> Result<Reading, Fail> {
        self.call()?;
        self.replay.clocks()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), Fail> {
        self.call()?;
        self.replay.random(buffer)
    }
}
