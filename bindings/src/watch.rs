//! Being told that the screen may have changed.

use crate::machine::CaptureError;
use rounds_app::watch::{Pulse, Watcher as AppWatcher, Watching as AppWatching};
use std::sync::Arc;

/// Somebody who looks at the screen.
#[uniffi::export(with_foreign)]
pub trait Watcher: Send + Sync {
    /// Told at once what is, and from then on what changed. May call the phone. What it throws is its own
    /// and ends nothing.
    fn on(&self, pulse: Pulse) -> Result<(), CaptureError>;
}

/// Looking. It ends with `cancel`, or when this is let go of.
#[derive(uniffi::Object)]
pub struct Watching(pub(crate) AppWatching);

#[uniffi::export]
impl Watching {
    /// Looks no more.
    pub fn cancel(&self) -> Result<(), CaptureError> {
        self.0.cancel();
        Ok(())
    }
}

pub(crate) struct Foreign(pub Arc<dyn Watcher>);

impl AppWatcher for Foreign {
    fn on(&self, pulse: Pulse) {
        // There is nobody else to tell.
        let _ = self.0.on(pulse);
    }
}
