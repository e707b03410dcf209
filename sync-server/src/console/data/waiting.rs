//! What was uploaded and waits for its author's word: in memory, by a random name.

use crate::console::session::Guest;
use rounds_model::ids::{PersonId, TeamId};
use rounds_workflow::bundle::Bundle;
use std::sync::{Mutex, PoisonError};

/// Uploads that wait.
const WAITING: usize = 12;
/// How long they do.
const PATIENCE_MS: i64 = 30 * 60_000;

/// What was uploaded and waits for its author's word.
#[derive(Default)]
pub struct Uploads {
    waiting: Mutex<Vec<Upload>>,
}

/// Something that was uploaded.
pub struct Upload {
    pub(super) id: [u8; 16],
    pub(super) team: TeamId,
    pub(super) person: PersonId,
    pub(super) at_ms: i64,
    pub(super) what: What,
}

/// What it is.
#[derive(Clone)]
pub enum What {
    /// A pack, to be published.
    Pack(Bundle),
    /// Rows of a kind, to be imported.
    Rows { kind: String, key: Option<String>, bytes: Vec<u8> },
}

impl Uploads {
    /// Keeps one; the oldest goes where there are too many.
    pub fn keep(&self, upload: Upload) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|other| upload.at_ms.saturating_sub(other.at_ms) < PATIENCE_MS);
        if waiting.len() >= WAITING {
            waiting.remove(0);
        }
        waiting.push(upload);
    }

    /// Takes it, if it is this person's and not over.
    pub fn take(&self, id: &str, guest: &Guest, now_ms: i64) -> Option<What> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(id, &mut bytes).ok()?;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |upload: &Upload| {
            upload.id == bytes
                && (upload.team, upload.person) == (guest.team.id, guest.viewer.person.id)
                && now_ms.saturating_sub(upload.at_ms) < PATIENCE_MS
        };
        let at = waiting.iter().position(own)?;
        Some(waiting.remove(at).what)
    }
}
