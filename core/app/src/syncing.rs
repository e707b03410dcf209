//! Syncing, as a shell asks for it: with somebody who is told how far it is, and a way to stop.

use crate::phone::Inner;
use crate::session::{Inside, Keeper, lock};
use crate::words::{plain, say, wrong};
use rounds_device::sync::backoff::Cause;
use rounds_device::sync::compose::Bounds;
use rounds_device::sync::keep::Keeping;
use rounds_device::sync::progress::{Observer, Progress, Session as SyncSession};
use rounds_device::sync::run::Synced;
use rounds_device::sync::stop::Stop;
use rounds_device::sync::transport::Http;
use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;
use serde::Serialize;
use std::sync::Arc;

/// A step of a sync.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SyncStep {
    /// `started`, `sent`, `received`, `photo`, `finished`, `failed`.
    pub step: String,
    /// In words.
    pub text: String,
    /// So much of it: items with a receipt, bytes of the photo.
    pub done: u64,
    /// Of so much; zero where that is not known.
    pub of: u64,
}

/// What a sync came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SyncReport {
    /// In words.
    pub text: String,
    /// It was stopped before its end: `cancelled` or `deadline`. What was exchanged stays.
    pub unfinished: Option<String>,
    /// Exchanges made.
    pub exchanges: u64,
    /// Photos and files sent whole.
    pub photos: u64,
}

/// Somebody who is told.
pub trait SyncObserver: Send + Sync {
    /// A step was made. Called on the thread that syncs, with no lock held: it may call the phone.
    fn on(&self, step: SyncStep);
}

/// What made a sync begin, as a shell says it.
pub(crate) fn cause(told: &str) -> Option<Cause> {
    Some(match told {
        "network" => Cause::NetworkReturned,
        "start" => Cause::AppStarted,
        "push" => Cause::WakeUp,
        "now" => Cause::UserAsked,
        _ => return None,
    })
}

pub(crate) fn sync(
    inner: &Inner,
    session: &Inside,
    observer: Option<&dyn SyncObserver>,
    stop: &Stop,
    cause: Cause,
) -> Result<SyncReport, RoundsError> {
    let lang = inner.lang();
    let stoppable = session.stoppable(stop);
    let done = (|| {
        let server = session.rounds.identity()?.server;
        let http = Http::new(&server)?.with_metered(inner.metered.clone()).with_stop(stop.clone());
        let telling = Telling { inner, observer };
        let run = SyncSession { cause, stop, observer: Some(&telling), bounds: Bounds::default() };
        session.rounds.sync_with(&http, &run)
    })();
    drop(stoppable);
    inner.tell();
    Ok(report(&done?, lang))
}

/// Keeps the phone in sync from now on, until the session ends or it is told to rest.
pub(crate) fn keep(inner: &Arc<Inner>, session: &Arc<crate::session::Session>) -> Result<(), RoundsError> {
    let mut keeper = lock(&session.keeper);
    if keeper.as_ref().is_some_and(|keeper| !keeper.thread.is_finished()) {
        return Ok(());
    }
    let keeping = Keeping::default();
    let handle = keeping.handle();
    let (session, inner) = (Arc::clone(session), Arc::downgrade(inner));
    let thread = std::thread::Builder::new().name("rounds-keeper".to_owned()).spawn(move || {
        let Some(known) = inner.upgrade() else { return };
        let metered = known.metered.clone();
        drop(known);
        let inside = session.enter();
        drop(session);
        let telling = Weakly { inner };
        // What fails is told on the chip and tried again; without an identity nothing can be kept.
        let _ = keeping.run(&inside.rounds, metered, &telling);
    });
    let thread = thread.map_err(|_| wrong("app-no-thread", Class::Internal, &[]))?;
    *keeper = Some(Keeper { handle, thread });
    Ok(())
}

struct Telling<'a> {
    inner: &'a Inner,
    observer: Option<&'a dyn SyncObserver>,
}

impl Observer for Telling<'_> {
    fn on(&self, progress: &Progress) {
        if let Some(observer) = self.observer {
            observer.on(step(progress, self.inner.lang()));
        }
        self.inner.tell();
    }
}

struct Weakly {
    inner: std::sync::Weak<Inner>,
}

impl Observer for Weakly {
    fn on(&self, _: &Progress) {
        if let Some(inner) = self.inner.upgrade() {
            inner.tell();
        }
    }
}

fn step(progress: &Progress, lang: Lang) -> SyncStep {
    let one =
        |step: &str, text: String, done: u64, of: u64| SyncStep { step: step.to_owned(), text, done, of };
    match progress {
        Progress::Started { waiting, .. } => {
            let text = say(lang, "sync-started", &[("n", waiting.to_string())]);
            one("started", text, 0, *waiting)
        }
        Progress::Sent { n, of } => {
            let text = say(lang, "sync-sent", &[("n", n.to_string()), ("of", of.to_string())]);
            one("sent", text, *n, *of)
        }
        Progress::Received { items } => {
            one("received", say(lang, "sync-received", &[("n", items.to_string())]), *items, 0)
        }
        Progress::Photo { number, of, bytes, size } => {
            let args = [("n", number.to_string()), ("of", of.to_string())];
            one("photo", say(lang, "sync-photo", &args), *bytes, *size)
        }
        Progress::Finished { synced } => one("finished", report(synced, lang).text, 1, 1),
        Progress::Failed { error, .. } => one("failed", error.message(lang), 0, 0),
    }
}

pub(crate) fn report(synced: &Synced, lang: Lang) -> SyncReport {
    let unfinished = synced.unfinished.map(|why| why.code().to_owned());
    let text = match &unfinished {
        Some(_) => plain(lang, "sync-unfinished"),
        None => plain(lang, "sync-finished"),
    };
    SyncReport { text, unfinished, exchanges: synced.exchanges, photos: synced.media.sent }
}
