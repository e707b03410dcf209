//! Fillings of the records that were looked at last, so that one more answer costs what depends on it and not
//! the whole form. What comes out is the same with and without: a filling that is brought to other answers equals
//! one that was opened with them.

use rounds_forms::Filling;
use std::sync::{Mutex, PoisonError};

/// How many records are kept: the one that is being filled, and one beside it. Each holds its answers.
const MOST: usize = 2;

/// The fillings of one form, each by the seed of its record, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Vec<(u64, Filling)>>);

impl Kept {
    /// The filling of a record, to be brought to its answers. Whoever comes at the same time opens their own.
    pub(crate) fn take(&self, seed: u64) -> Option<Filling> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|(have, _)| *have == seed)?;
        Some(all.remove(at).1)
    }

    /// Gives it back.
    pub(crate) fn put(&self, seed: u64, filling: Filling) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(have, _)| *have != seed);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((seed, filling));
    }
}
