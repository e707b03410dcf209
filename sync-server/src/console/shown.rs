//! What a form came to, at an address of its own. The form is answered with the way there, so that a page that
//! is loaded anew sends nothing a second time: no second invitation, no act once more.
//!
//! It is kept in memory for a few minutes, for the session that it came from and for nobody else.

use super::session::Guest;
use super::view::{BulkRow, Secret};
use crate::error::Result;
use crate::secrets::random;
use std::sync::{Mutex, PoisonError};

/// How long it can be looked at.
const PATIENCE_MS: i64 = 5 * 60_000;
/// Of so many forms.
const KEPT: usize = 64;

/// What a form came to.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Something that is shown once.
    Secret(Box<Secret>),
    /// What became of many records.
    Bulk(Box<Done>),
}

/// What became of many records.
#[derive(Debug, Clone)]
pub struct Done {
    /// The act's title.
    pub title: String,
    /// How many were accepted.
    pub count: String,
    /// The records.
    pub rows: Vec<BulkRow>,
    /// Where the selection was made.
    pub back: String,
}

/// What forms came to lately.
#[derive(Default)]
pub struct Results {
    kept: Mutex<Vec<One>>,
}

struct One {
    id: [u8; 16],
    session: [u8; 32],
    at_ms: i64,
    shown: Shown,
}

impl Results {
    /// Keeps it; the address at which it is shown.
    pub fn keep(&self, guest: &Guest, shown: Shown, now_ms: i64) -> Result<String> {
        let (id, session) = (random()?, guest.session());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| now_ms.saturating_sub(one.at_ms) < PATIENCE_MS);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let to = match shown {
            Shown::Secret(_) => format!("/shown/{}", hex::encode(id)),
            Shown::Bulk(_) => format!("/bulk/shown/{}", hex::encode(id)),
        };
        kept.push(One { id, session, at_ms: now_ms, shown });
        Ok(to)
    }

    /// What is there for this session.
    pub fn find(&self, guest: &Guest, id: &str, now_ms: i64) -> Option<Shown> {
        let mut wanted = [0; 16];
        hex::decode_to_slice(id, &mut wanted).ok()?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let own = |one: &&One| {
            (one.id, one.session) == (wanted, guest.session())
                && now_ms.saturating_sub(one.at_ms) < PATIENCE_MS
        };
        kept.iter().find(own).map(|one| one.shown.clone())
    }
}
