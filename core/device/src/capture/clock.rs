//! The clocks of a phone.

use super::{CaptureFault, Tool};
use crate::error::Fail;
use crate::platform::Platform;
use rounds_model::time::Reading;
use std::sync::Arc;

/// Looks at the clocks: at once, and often.
///
/// The monotonic clock must go on while the phone sleeps and can be set by nobody; the boot id must
/// be another one after each start of the phone and the same for every start of the app in between:
///
/// - Android: `SystemClock.elapsedRealtime()`; `Settings.Global.BOOT_COUNT`, hashed with the Android id.
/// - iPhone: `mach_continuous_time()`; `kern.bootsessionuuid`.
pub trait Clock: Send + Sync {
    /// All clocks, read together.
    ///
    /// # Errors
    /// `Failed` only.
    fn read(&self) -> Result<Reading, CaptureFault>;
}

/// A machine whose clocks are a shell's, with the system's random numbers.
pub struct ShellClock(pub Arc<dyn Clock>);

impl Platform for ShellClock {
    fn clocks(&self) -> Result<Reading, Fail> {
        self.0.read().map_err(|fault| Fail::Capture(Tool::Clock, fault))
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), Fail> {
        getrandom::fill(buffer).map_err(|_| Fail::System("random numbers"))
    }
}
