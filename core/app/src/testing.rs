//! What the tests of this crate share.

use crate::machine::Machine;
use crate::simulated::Simulated;
use rounds_device::platform::Replay;
use std::sync::Arc;

/// A machine whose clock and whose key store obey.
pub(crate) struct Fake {
    pub clock: Arc<Replay>,
    pub made_up: Arc<Simulated>,
    pub machine: Machine,
}

/// A machine in a folder that is gone afterwards with the process.
pub(crate) fn fake() -> Fake {
    let folder = tempfile::tempdir().unwrap().keep();
    let (clock, made_up) = (Arc::new(Replay::new(1_795_000_000_000, 7)), Simulated::new(&folder));
    let machine = made_up.machine(clock.clone());
    Fake { clock, made_up, machine }
}
