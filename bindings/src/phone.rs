//! The app: what a shell holds.

use crate::error::PhoneError;
use crate::machine::{Machine, SimulatedMachine};
use crate::sync::{self, StopOnDrop, SyncObserver, SyncStop};
use crate::watch::{self, Watcher, Watching};
use futures_channel::oneshot;
use rounds_app::Phone as App;
use rounds_app::ask::Given;
use rounds_app::screen::{After, Page, Screen};
use rounds_app::syncing::SyncReport;
use rounds_device::RoundsError;
use rounds_device::error::Fail;
use rounds_device::sync::stop::Stop;
use rounds_model::text::Lang;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The app on one phone. It may be called from any thread; none of its calls belongs on the thread that
/// paints.
#[derive(uniffi::Object)]
pub struct Phone {
    app: Arc<App>,
}

#[uniffi::export]
impl Phone {
    /// Opens the app in a folder of its own. `language` is the system's.
    #[uniffi::constructor]
    pub fn open(folder: String, language: String, machine: Machine) -> Result<Arc<Phone>, PhoneError> {
        Phone::of(App::open(Path::new(&folder), machine.into(), &language), &language)
    }

    /// The same with a made-up machine.
    #[uniffi::constructor]
    pub fn simulated(
        folder: String,
        language: String,
        machine: Arc<SimulatedMachine>,
    ) -> Result<Arc<Phone>, PhoneError> {
        Phone::of(App::open(Path::new(&folder), machine.machine(), &language), &language)
    }

    /// The screen that is now. Asking changes nothing.
    pub fn now(&self) -> Result<Screen, PhoneError> {
        self.said(self.app.now())
    }

    /// Does what a screen offers, with what was given beside it. A tap that takes a photo or a place returns
    /// when the person is through with it.
    pub fn tap(&self, tap: String, given: Vec<Given>) -> Result<After, PhoneError> {
        self.said(self.app.tap(&tap, &given))
    }

    /// Goes back.
    pub fn back(&self) -> Result<After, PhoneError> {
        self.said(self.app.back())
    }

    /// Keeps what is being typed at a question of the present screen, durably.
    pub fn typing(&self, key: String, text: String) -> Result<(), PhoneError> {
        self.said(self.app.typing(&key, &text))
    }

    /// More lines of a list, by what its last block says.
    pub fn page(&self, more: String) -> Result<Page, PhoneError> {
        self.said(self.app.page(&more))
    }

    /// A picture, as the bytes of a JPEG or PNG.
    pub fn picture(&self, name: String, max_px: u32) -> Result<Vec<u8>, PhoneError> {
        self.said(self.app.picture(&name, max_px))
    }

    /// Tells somebody at once how things are, and from then on whenever the screen may have changed.
    pub fn watch(&self, watcher: Arc<dyn Watcher>) -> Result<Arc<Watching>, PhoneError> {
        Ok(Arc::new(Watching(self.app.watch(Arc::new(watch::Foreign(watcher))))))
    }

    /// Exchanges with the server until both sides have everything. It is stopped by its handle, and where
    /// whoever waits for it is cancelled; a Swift task that is cancelled has to use the handle.
    pub async fn sync(
        &self,
        observer: Option<Arc<dyn SyncObserver>>,
        stop: Arc<SyncStop>,
    ) -> Result<SyncReport, PhoneError> {
        let (tell, told) = oneshot::channel();
        let (app, handle) = (Arc::clone(&self.app), stop.0.clone());
        let mut guard = StopOnDrop(Some(stop.0.clone()));
        let begun = std::thread::Builder::new().name("rounds-sync".to_owned()).spawn(move || {
            let observer = observer.map(sync::Foreign);
            let observer = observer.as_ref().map(|one| one as &dyn rounds_app::syncing::SyncObserver);
            // Whoever waited may be gone.
            let _ = tell.send(app.sync(observer, &handle));
        });
        let no_thread = || RoundsError::from(Fail::System("thread"));
        self.said(begun.map_err(|_| no_thread()))?;
        let done = told.await.unwrap_or_else(|_| Err(no_thread()));
        guard.0 = None;
        self.said(done)
    }

    /// Syncs for at most so many milliseconds and ends in good order: for the time that the system gives an
    /// app in the background. `metered` says what the network costs now; without it what was told last counts.
    /// Returns when it is done, so it is called on a thread of its own.
    #[uniffi::method(default(metered = None))]
    pub fn sync_until(
        &self,
        left_ms: u64,
        stop: Option<Arc<SyncStop>>,
        metered: Option<bool>,
    ) -> Result<SyncReport, PhoneError> {
        let stop = stop.map_or_else(Stop::new, |stop| stop.0.clone());
        self.said(self.app.sync_until(Duration::from_millis(left_ms), metered, &stop))
    }

    /// Another network is there, which costs money or does not: from now on, for a sync that is under way too.
    pub fn metered(&self, metered: bool) -> Result<(), PhoneError> {
        self.app.metered(metered);
        Ok(())
    }

    /// The app is in front of somebody: it keeps itself in sync from now on. `told` says what happened, and
    /// may be told again: `start`, `network` (it returned), `push`.
    pub fn awake(&self, told: String, metered: bool) -> Result<(), PhoneError> {
        self.said(self.app.awake(&told, metered))
    }

    /// Nobody looks any more: it does not keep itself in sync.
    pub fn rest(&self) -> Result<(), PhoneError> {
        self.said(self.app.rest())
    }

    /// Closes the database before the system suspends the app. Every call after it is an error, until
    /// `reopen`.
    pub fn close(&self) -> Result<(), PhoneError> {
        self.said(self.app.close())
    }

    /// Opens what was closed, at the same screen.
    pub fn reopen(&self) -> Result<(), PhoneError> {
        self.said(self.app.reopen())
    }

    /// The language that the app is in: `zh-CN` or `en`.
    pub fn language(&self) -> Result<String, PhoneError> {
        Ok(self.app.language().to_owned())
    }
}

impl Phone {
    fn of(opened: Result<App, RoundsError>, language: &str) -> Result<Arc<Phone>, PhoneError> {
        let app = opened.map_err(|error| PhoneError::of(error, Lang::best(language)))?;
        Ok(Arc::new(Phone { app: Arc::new(app) }))
    }

    fn said<T>(&self, done: Result<T, RoundsError>) -> Result<T, PhoneError> {
        done.map_err(|error| PhoneError::of(error, self.app.lang()))
    }
}
