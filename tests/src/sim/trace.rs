//! What happened in a run, line by line: what a person reads when a seed fails, and what two runs
//! of one seed must have in common.

use std::sync::{Mutex, PoisonError};

/// The lines of a run.
#[derive(Debug, Default)]
pub struct Trace(Mutex<Vec<String>>);

impl Trace {
    /// Adds a line.
    pub fn say(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Takes the lines out.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Enough of an id to tell it from others in a trace: its last digits, which are the random ones.
pub fn short(id: &impl std::fmt::Display) -> String {
    let text = id.to_string();
    text.chars().skip(text.chars().count().saturating_sub(6)).collect()
}
