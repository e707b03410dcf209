//! Whether the network costs money. A phone goes from one network to another in the middle of a sync, so
//! this is asked anew before each photo and each part of one, and never remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the network costs the rep money, as the shell says it last. Clones are one and the same.
#[derive(Debug, Clone, Default)]
pub struct Metered(Arc<AtomicBool>);

impl Metered {
    /// Whether it does now.
    pub fn is(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// From now on it does, or does not.
    pub fn set(&self, metered: bool) {
        self.0.store(metered, Ordering::SeqCst);
    }
}

impl From<bool> for Metered {
    fn from(metered: bool) -> Metered {
        Metered(Arc::new(AtomicBool::new(metered)))
    }
}
