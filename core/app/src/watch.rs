//! Who looks at the screen is told when it may have changed by itself: news came, a sync went on.

use crate::screen::Chip;
use crate::session::lock;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// What whoever looks is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pulse {
    /// Counts up. Where it is another one than at the last look, the screen is to be asked for again.
    pub turn: u64,
    /// The sync chip as it is now; none before somebody has signed in, and after closing.
    pub chip: Option<Chip>,
}

/// Somebody who looks.
pub trait Watcher: Send + Sync {
    /// Told at once what is, and from then on what changed. Never called while a lock is held: it may
    /// call the phone. What goes wrong in it is its own.
    fn on(&self, pulse: Pulse);
}

type Known = Mutex<Vec<(u64, Arc<dyn Watcher>)>>;

/// Everybody who looks.
#[derive(Default)]
pub(crate) struct Watchers {
    known: Arc<Known>,
    next: AtomicU64,
    turn: AtomicU64,
}

/// Looking. Dropped, it looks no more.
pub struct Watching {
    number: u64,
    known: Weak<Known>,
}

impl Watching {
    /// Looks no more.
    pub fn cancel(&self) {
        let known = self.known.upgrade();
        // What is dropped may call the phone, so it is dropped outside the lock.
        let gone = known.map(|known| {
            let mut known = lock(&known);
            let at = known.iter().position(|(number, _)| *number == self.number);
            at.map(|at| known.remove(at))
        });
        drop(gone);
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Watchers {
    pub fn add(&self, watcher: Arc<dyn Watcher>) -> Watching {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        lock(&self.known).push((number, watcher));
        Watching { number, known: Arc::downgrade(&self.known) }
    }

    pub fn turn(&self) -> u64 {
        self.turn.load(Ordering::SeqCst)
    }

    /// Counts up and tells everybody, outside all locks.
    pub fn tell(&self, chip: impl FnOnce() -> Option<Chip>) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
        let all: Vec<Arc<dyn Watcher>> = lock(&self.known).iter().map(|(_, one)| Arc::clone(one)).collect();
        if all.is_empty() {
            return;
        }
        let chip = chip();
        for one in all {
            one.on(Pulse { turn, chip: chip.clone() });
        }
    }
}
