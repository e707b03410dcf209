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
//! - [`moving`]: what should be known before records go to somebody else.
//! - [`entrusted`]: what everybody holds and one person looks after.
//! - [`filters`]: what addresses ask for, read strictly.
//! - [`kinds`]: what the console must know of the packs. It knows no kind by name.
//! - [`words`]: the messages, dates and times.
//! - [`evidence`]: a record's recordings, along their time ([`tape`]) and link by link.
//! - [`shown`]: what forms came to, at addresses of their own.
//! - [`since`]: whether a record is still as a form showed it.
//! - [`thumbnails`]: small copies of photos.
//! - [`smaller`]: which answers are compressed, and which never are.
//! - [`routes`]: the addresses.

pub mod acting;
pub mod answers;
pub mod assets;
pub mod blob;
pub mod board;
pub mod bulk;
pub mod choose;
pub mod conflicts;
pub mod data;
pub mod days;
pub mod desk;
pub mod door;
pub mod entrusted;
pub mod evidence;
pub mod exceptions;
pub mod export;
pub mod figures;
pub mod filters;
pub mod headers;
pub mod history;
pub mod holding;
pub mod kinds;
pub mod list;
pub mod live;
pub mod looked;
pub mod moving;
pub mod names;
pub mod offers;
pub mod office;
pub mod packs;
pub mod pages;
pub mod photos;
pub mod plot;
pub mod problem;
pub mod read_api;
pub mod record;
pub mod reminders;
pub mod reports;
pub mod routes;
pub mod saved;
pub mod score;
pub mod scores;
mod session;
pub mod shown;
pub mod signer;
pub mod since;
mod smaller;
mod tape;
mod thumbnails;
pub mod timeline;
pub mod tries;
pub mod view;
pub mod viewer;
pub mod words;
pub mod work;

#[cfg(test)]
mod tests;

use crate::blobs::Blobs;
use crate::error::{Error, Result};
use crate::storage::Storage;
use crate::wakes::Wakes;
use axum::http::HeaderValue;
use kinds::Library;
use rounds_model::ids::{DocId, TeamId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use tries::Tries;

/// Passwords that are checked at a time: each takes 19 MiB and a core.
const CHECKS: usize = 2;
/// Exports, reports and checks of recordings at a time: each takes a core and a reader for seconds.
const HEAVY: usize = 2;

/// The console over a database, the packs that are published in it and the blobs of its records, to
/// be merged into the server's router. `secure` if browsers come by TLS.
pub fn pages(
    storage: Arc<dyn Storage>,
    blobs: Option<Arc<Blobs>>,
    wakes: Option<Arc<Wakes>>,
    tiles: Option<Tiles>,
    secure: bool,
) -> axum::Router {
    let library = Arc::new(packs::PublishedPacks::default());
    let console = Console::new(storage, library, crate::clock::now_ms, secure);
    let policy = policy(tiles.as_ref());
    routes::routes(Console { blobs, wakes, tiles: tiles.map(Arc::new), policy, ..console })
}

fn policy(tiles: Option<&Tiles>) -> HeaderValue {
    let text = headers::policy(tiles.map(|tiles| tiles.origin.as_str()));
    // An origin is letters, digits and a few marks: always a valid header.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
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
    /// Lets through what takes long.
    heavy: Arc<Semaphore>,
    /// Who is told that something was stored.
    wakes: Option<Arc<Wakes>>,
    /// Where map tiles come from, if an operator has said so.
    tiles: Option<Arc<Tiles>>,
    /// What pages may load.
    policy: HeaderValue,
    /// What was uploaded and waits.
    uploads: Arc<data::Uploads>,
    /// What forms came to.
    results: Arc<shown::Results>,
    /// Small copies of photos.
    thumbnails: Arc<thumbnails::Thumbnails>,
}

/// A server of map tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    /// An address with `{z}`, `{x}` and `{y}` in it.
    pub template: String,
    /// The scheme and the host of it: what pages may load from.
    pub origin: String,
}

impl Tiles {
    /// Reads an address; none if it is not one of tiles.
    pub fn read(template: &str) -> Option<Tiles> {
        let whole = ["{z}", "{x}", "{y}"].iter().all(|part| template.contains(part));
        let (scheme, rest) = template.split_once("://").filter(|_| whole)?;
        let host = rest.split('/').next()?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".-:".contains(&b);
        let fine = ["http", "https"].contains(&scheme) && !host.is_empty() && host.bytes().all(plain);
        let clean = template.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>;,\\".contains(&b));
        (fine && clean).then(|| Tiles { template: template.to_owned(), origin: format!("{scheme}://{host}") })
    }
}

impl Console {
    /// A console over a database. `clock` gives Unix milliseconds.
    pub fn new(
        storage: Arc<dyn Storage>,
        library: Arc<dyn Library>,
        clock: fn() -> i64,
        secure: bool,
    ) -> Console {
        let (checks, heavy) = (Arc::new(Semaphore::new(CHECKS)), Arc::new(Semaphore::new(HEAVY)));
        let (blobs, wakes, tiles, tries) = (None, None, None, Arc::default());
        let (policy, uploads, results) = (policy(None), Arc::default(), Arc::default());
        Console {
            storage,
            library,
            blobs,
            clock,
            secure,
            tries,
            checks,
            heavy,
            wakes,
            tiles,
            policy,
            uploads,
            results,
            thumbnails: Arc::default(),
        }
    }

    /// Tells whoever listens that something was stored.
    fn poke(&self) {
        if let Some(wakes) = &self.wakes {
            wakes.poke();
        }
    }

    /// Checks the recordings of a record again after something of it was stored here; nobody waits for it.
    fn look_again(&self, team: TeamId, doc: DocId) {
        let (Some(blobs), Ok(runtime)) = (self.blobs.clone(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        runtime.spawn(async move {
            if let Err(e) = blobs.note_sealed(team, [doc].into()).await {
                tracing::warn!(error = %e, "a recording could not be checked");
            }
        });
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
