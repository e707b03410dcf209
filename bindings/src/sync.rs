//! Syncing with progress, and a way to stop it.

use crate::machine::CaptureError;
use rounds_app::syncing::{SyncObserver as AppObserver, SyncStep};
use rounds_device::sync::stop::Stop;
use std::sync::Arc;

/// Somebody who is told how far a sync is.
#[uniffi::export(with_foreign)]
pub trait SyncObserver: Send + Sync {
    /// A step was made. May call the phone. What it throws is its own and ends nothing.
    fn on(&self, step: SyncStep) -> Result<(), CaptureError>;
}

/// With what syncs can be stopped. One stops everything that it was given to, for good.
#[derive(Debug, uniffi::Object)]
pub struct SyncStop(pub(crate) Stop);

#[uniffi::export]
impl SyncStop {
    /// A new one.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<SyncStop>, CaptureError> {
        Ok(Arc::new(SyncStop(Stop::new())))
    }

    /// Stops. What was exchanged stays.
    pub fn cancel(&self) -> Result<(), CaptureError> {
        self.0.cancel();
        Ok(())
    }
}

pub(crate) struct Foreign(pub Arc<dyn SyncObserver>);

impl AppObserver for Foreign {
    fn on(&self, step: SyncStep) {
        // There is nobody else to tell.
        let _ = self.0.on(step);
    }
}

/// Stops when it is dropped: a coroutine that is cancelled drops what it waits for.
pub(crate) struct StopOnDrop(pub Option<Stop>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(stop) = &self.0 {
            stop.cancel();
        }
    }
}
