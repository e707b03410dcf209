//! HTTP: requests become calls, errors become faults.
//!
//! - [`exchange`] and [`enrol`]: the two messages of phones. `GET /healthz` for who watches over
//!   the process. Anything else is a fault, also a known address with another method.
//! - [`events`]: wake-ups, for as long as a phone listens.
//! - [`blobs`]: photos and files, up in parts that can be resumed, and down.
//! - [`handover`]: bundles that phones carry for each other.
//! - [`places`]: what slow requests may hold.
//! - [`gate`]: what is checked of every request of a phone before its body is read, and the body
//!   itself, bounded.
//! - [`limit`]: how often an address may guess. [`answer`]: faults as JSON. [`log`]: one line for
//!   each request, of nobody. [`proxy`]: where a request came from that a proxy passes on.
//! - [`serve`]: the listener, TLS, stopping in order.
//!
//! The console's pages are merged in by [`router`]'s caller: they are a [`Router`] of their own.

mod answer;
mod blobs;
mod enrol;
mod events;
mod exchange;
mod gate;
mod handover;
mod limit;
mod log;
mod places;
pub mod proxy;
pub mod serve;

#[cfg(test)]
mod tests;

use crate::blobs::Blobs;
use crate::error::{Error, Result};
use crate::exchange::rules::RulesCache;
use crate::storage::Storage;
use crate::wakes::Wakes;
use answer::Refusal;
use axum::Router;
use axum::routing::{get, post};
use limit::Tries;
use places::{Places, Room};
use rounds_protocol::fault::Fault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Requests that are worked on at one time; the others wait.
const WORKING: usize = 32;
/// Parts of uploads that are written at one time, and those of one device; the others are told to come again.
const PARTS: (usize, usize) = (64, 4);
/// Bundles that are taken at one time, each of which may lie on the disk with all of its photos; and those of
/// one device, which may come again before it is noticed that its connection died.
const BUNDLES: (usize, usize) = (4, 2);
/// Exchanges whose messages are on their way, and those of one device. One whose connection died without a
/// word has its place until the silence is noticed.
const MESSAGES: (usize, usize) = (5_000, 4);
/// What they may come to while they are collected and wait, bytes.
const COLLECTED: usize = 256 << 20;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// What every request can use.
pub struct App {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The packs, loaded.
    pub rules: RulesCache,
    /// Photos and files, if this server takes them.
    pub blobs: Option<Arc<Blobs>>,
    /// Who waits to be told of something new.
    pub wakes: Arc<Wakes>,
    /// How often a listener hears something at least.
    pub(crate) beat: Duration,
    turns: Semaphore,
    parts: Arc<Places>,
    bundles: Arc<Places>,
    messages: Arc<Places>,
    room: Arc<Room>,
    tries: Tries,
}

impl App {
    /// Over a database, without blobs.
    pub fn new(storage: Arc<dyn Storage>) -> Arc<App> {
        App::with(storage, None)
    }

    /// Over a database and blobs.
    pub fn with_blobs(storage: Arc<dyn Storage>, blobs: Arc<Blobs>) -> Arc<App> {
        App::with(storage, Some(blobs))
    }

    fn with(storage: Arc<dyn Storage>, blobs: Option<Arc<Blobs>>) -> Arc<App> {
        let (turns, room) = (Semaphore::new(WORKING), Room::new(COLLECTED));
        let [parts, bundles, messages] =
            [PARTS, BUNDLES, MESSAGES].map(|(all, of_one)| Places::new(all, of_one));
        let (rules, wakes, tries) = (RulesCache::default(), Arc::default(), Tries::default());
        let beat = rounds_protocol::events::HEART_BEAT;
        Arc::new(App { storage, rules, blobs, wakes, beat, turns, parts, bundles, messages, room, tries })
    }

    /// Runs work that waits for the database on a thread that may wait.
    pub async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| Fault::Busy)?.map_err(|_| Error::Cancelled)?;
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        done.map_err(|e| if e.is_panic() { Error::Fault(Fault::Internal) } else { Error::Cancelled })?
    }
}

/// Every address of the phones' interface.
pub fn router(app: Arc<App>) -> Router {
    let nothing = || async { Refusal::from(Fault::NotFound) };
    Router::new()
        .route("/v1/exchange", post(exchange::exchange).fallback(nothing))
        .route(rounds_protocol::events::PATH, get(events::events).fallback(nothing))
        .route("/v1/enrol", post(enrol::enrol).fallback(nothing))
        .route(rounds_protocol::handover::PATH, post(handover::handover).fallback(nothing))
        .route("/healthz", get(|| async { "ok" }).fallback(nothing))
        .merge(blobs::routes())
        .with_state(app)
}

/// The same with more pages beside it, and what every answer has.
pub fn complete(app: Arc<App>, pages: Router) -> Router {
    router(app)
        .merge(pages)
        .fallback(|| async { Refusal::from(Fault::NotFound) })
        .layer(axum::middleware::from_fn(log::log))
}
