//! The supervisors' console: plain HTML pages from the server's own binary.
//!
//! Nothing is fetched from anywhere else and nothing is built: templates are compiled in, the one
//! style sheet and the one script are part of the binary. A page is made in three steps: a pure
//! function reads the database into a view ([`board::board`], [`record::record_page`],
//! [`list::record_list`]), which is plain data in the reader's language ([`view`]); a template
//! lays it out ([`mod@pages`]); every answer gets the same strict headers ([`headers`]).
//!
//! - [`viewer`]: who looks and what they may see; what they may not see is not there (404).
//! - [`door`]: signing in and out; [`session`]: cookies and the tokens of forms; [`tries`]: the
//!   bound on guesses.
//! - [`holding`]: work that was handed over, with the forms that decide about it.
//! - [`blob`]: a record's photos and files. - [`choose`]: choosing between two versions.
//! - [`kinds`]: what the console must know of the packs. It knows no kind by name.
//! - [`words`]: the messages, dates and times.
//! - [`routes`]: the addresses.

pub mod answers;
pub mod assets;
pub mod blob;
pub mod board;
pub mod choose;
pub mod conflicts;
pub mod door;
pub mod headers;
pub mod history;
pub mod holding;
pub mod kinds;
pub mod list;
pub mod names;
pub mod packs;
pub mod pages;
pub mod problem;
pub mod record;
pub mod reminders;
pub mod routes;
pub mod score;
mod session;
pub mod timeline;
pub mod tries;
pub mod view;
pub mod viewer;
pub mod words;

#[cfg(test)]
mod tests;

use crate::blobs::Blobs;
use crate::error::{Error, Result};
use crate::storage::Storage;
use kinds::Library;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use tries::Tries;

/// Passwords that are checked at a time: each takes 19 MiB and a core.
const CHECKS: usize = 2;

/// The console over a database, the packs that are published in it and the blobs of its records, to
/// be merged into the server's router. `secure` if browsers come by TLS.
pub fn pages(storage: Arc<dyn Storage>, blobs: Option<Arc<Blobs>>, secure: bool) -> axum::Router {
    let library = Arc::new(packs::PublishedPacks::default());
    routes::routes(Console { blobs, ..Console::new(storage, library, crate::clock::now_ms, secure) })
}

/// What the pages share.
#[derive(Clone)]
pub struct Console {
    storage: Arc<dyn Storage>,
    library: Arc<dyn Library>,
    /// Photos and files, if this server has a place for them.
    blobs: Option<Arc<Blobs>>,
    clock: fn() -> i64,
    /// Whether browsers come by TLS: cookies are then for TLS only.
    secure: bool,
    tries: Arc<Mutex<Tries>>,
    checks: Arc<Semaphore>,
}

impl Console {
    /// A console over a database. `clock` gives Unix milliseconds.
    pub fn new(
        storage: Arc<dyn Storage>,
        library: Arc<dyn Library>,
        clock: fn() -> i64,
        secure: bool,
    ) -> Console {
        let checks = Arc::new(Semaphore::new(CHECKS));
        Console { storage, library, blobs: None, clock, secure, tries: Arc::default(), checks }
    }

    fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what waits for the database or burns a core where that stops nobody else.
    async fn blocking<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Console) -> Result<T> + Send + 'static,
    {
        let console = self.clone();
        tokio::task::spawn_blocking(move || work(&console)).await.map_err(|_| Error::Cancelled)?
    }
}
