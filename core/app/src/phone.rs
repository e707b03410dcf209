//! The app on one phone: what a shell holds. It knows who is signed in, and hands every tap to whoever
//! understands it.

use crate::ask::Given;
use crate::machine::Machine;
use crate::reps::{self, Reps};
use crate::screen::{After, Chip, File, Notice, Page, Screen, Tone};
use crate::session::{Busy, Inside, Session, lock};
use crate::syncing::{self, SyncObserver, SyncReport};
use crate::tap::Tap;
use crate::watch::{Pulse, Watcher, Watchers, Watching};
use crate::words::wrong;
use crate::{deeds, gate, pictures, screens};
use rounds_device::capture::FixAsk;
use rounds_device::error::Fail;
use rounds_device::sync::backoff::Cause;
use rounds_device::sync::metered::Metered;
use rounds_device::sync::stop::Stop;
use rounds_device::{Class, Key, RoundsError};
use rounds_model::text::Lang;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Answers that come with one tap.
const GIVEN: usize = 500;

/// The app.
pub struct Phone {
    inner: Arc<Inner>,
}

/// What the app is made of.
pub(crate) struct Inner {
    /// Everything of the app is in it.
    pub folder: PathBuf,
    /// The reps of this phone.
    pub reps: Reps,
    /// The machine.
    pub machine: Machine,
    pub(crate) state: Mutex<State>,
    watchers: Watchers,
    /// What the network costs, as a shell says it; asked by whatever syncs, whenever it matters.
    pub metered: Metered,
    /// Closing and opening again are one after the other, and each is done when it returns.
    lifecycle: Mutex<()>,
    awake: AtomicBool,
}

pub(crate) struct State {
    /// What is set on this phone, whoever is signed in.
    pub set: Set,
    /// Where somebody is who has not signed in.
    pub gate: Gate,
    /// Who has signed in.
    pub session: Option<Arc<Session>>,
    /// Closed for a while; with whom to open again.
    pub closed: Option<Option<(String, Key)>>,
    /// Who is still inside what is being closed.
    pub closing: Option<Arc<Busy>>,
}

/// What is set on this phone, whoever is signed in. Nobody's name is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Set {
    /// The language.
    pub lang: Lang,
    /// Questions stand one after the other instead of in one column.
    pub single: bool,
}

/// Before somebody has signed in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Gate {
    /// Who is it?
    Reps,
    /// A new device.
    Enrol {
        /// What is typed so far.
        server: String,
        /// What is typed so far.
        code: String,
        /// What is typed so far.
        device: String,
    },
    /// The rep's PIN.
    Pin(String),
    /// What a forgotten PIN means.
    Forgot(String),
    /// A PIN has to be chosen before anything else.
    FirstPin(String),
}

/// What came of a tap, beside the screen.
#[derive(Default)]
pub(crate) struct Done {
    pub said: Option<Notice>,
    pub file: Option<File>,
}

impl Done {
    pub fn saying(tone: Tone, text: String) -> Done {
        Done { said: Some(Notice::saying(tone, text)), file: None }
    }
}

impl Phone {
    /// Opens the app in a folder of its own, which is created if it is new. `language` is the system's,
    /// for a phone on which nobody has set another.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn open(folder: &Path, machine: Machine, language: &str) -> Result<Phone, RoundsError> {
        std::fs::create_dir_all(folder).map_err(Fail::from)?;
        pictures::sweep(folder);
        let set = folder.join("phone.json");
        let set = match set.is_file() {
            true => reps::read(&set).unwrap_or_default(),
            false => Set { lang: Lang::best(language), ..Set::default() },
        };
        let reps = Reps::new(folder);
        let gate = gate::first(&reps, &machine)?;
        let state = State { set, gate, session: None, closed: None, closing: None };
        let inner = Arc::new(Inner {
            folder: folder.to_owned(),
            reps,
            machine,
            state: Mutex::new(state),
            watchers: Watchers::default(),
            metered: Metered::default(),
            lifecycle: Mutex::default(),
            awake: AtomicBool::new(false),
        });
        inner.begin_unpinned()?;
        Ok(Phone { inner })
    }

    /// The screen that is now. Asking changes nothing.
    ///
    /// # Errors
    /// `app-closed`; trouble with the store.
    pub fn now(&self) -> Result<Screen, RoundsError> {
        screens::now(&self.inner)
    }

    /// Does what a screen offers, with what was given beside it. Rules that say no, taps that are no
    /// longer there and the like are said in [`After::said`]; the screen is then the one that was.
    ///
    /// Call it beside the thread that paints: it stores durably, and one that takes a photo or a place
    /// returns when the person is through with it.
    ///
    /// # Errors
    /// `app-closed`; trouble with the store.
    pub fn tap(&self, tap: &str, given: &[Given]) -> Result<After, RoundsError> {
        self.inner.open_for_use()?;
        let known = Tap::read(tap).filter(|_| given.len() <= GIVEN);
        let done = match known {
            Some(tap) => deeds::done(&self.inner, tap, given),
            None => Err(wrong("tap-unknown", Class::Usage, &[])),
        };
        self.inner.take_places();
        self.after(done)
    }

    /// Goes back.
    ///
    /// # Errors
    /// As [`Phone::tap`].
    pub fn back(&self) -> Result<After, RoundsError> {
        self.inner.open_for_use()?;
        let done = deeds::back(&self.inner);
        self.after(done)
    }

    /// Keeps what is being typed at a question of the present screen, durably: it is no answer yet. What
    /// is typed at a secret is kept nowhere.
    ///
    /// # Errors
    /// As [`Phone::tap`]; `answer-too-large`.
    pub fn typing(&self, key: &str, text: &str) -> Result<(), RoundsError> {
        self.inner.open_for_use()?;
        deeds::typing(&self.inner, key, text)
    }

    /// More lines of a list, by what its last block says.
    ///
    /// # Errors
    /// `app-closed`; trouble with the store. A list that is not there any more gives no lines.
    pub fn page(&self, more: &str) -> Result<Page, RoundsError> {
        screens::page(&self.inner, more)
    }

    /// A picture, as the bytes of a JPEG or PNG, no larger than so many pixels on its longer side where
    /// that can be; fetched from the server if it is not here.
    ///
    /// # Errors
    /// `no-photo`, `offline`, `blob-damaged`.
    pub fn picture(&self, name: &str, max_px: u32) -> Result<Vec<u8>, RoundsError> {
        pictures::picture(&self.inner, name, max_px)
    }

    /// Tells somebody at once how things are, and from then on whenever the screen may have changed by
    /// itself.
    pub fn watch(&self, watcher: Arc<dyn Watcher>) -> Watching {
        let watching = self.inner.watchers.add(Arc::clone(&watcher));
        watcher.on(self.inner.pulse());
        watching
    }

    /// Exchanges with the server until both sides have everything, or it is stopped.
    ///
    /// # Errors
    /// `app-closed`, `nobody-signed-in`; why the exchange failed.
    pub fn sync(&self, observer: Option<&dyn SyncObserver>, stop: &Stop) -> Result<SyncReport, RoundsError> {
        let session = self.inner.inside()?;
        syncing::sync(&self.inner, &session, observer, stop, Cause::UserAsked)
    }

    /// Syncs in the background for at most so long, and ends in good order. `metered` says what the network
    /// costs now; without it what was told last counts, and that may be an hour old.
    ///
    /// # Errors
    /// As [`Phone::sync`].
    pub fn sync_until(
        &self,
        left: Duration,
        metered: Option<bool>,
        stop: &Stop,
    ) -> Result<SyncReport, RoundsError> {
        let session = self.inner.inside()?;
        if let Some(metered) = metered {
            self.inner.metered.set(metered);
        }
        let both = stop.until(left);
        syncing::sync(&self.inner, &session, None, &both, Cause::Background)
    }

    /// Another network is there, which costs money or does not: from now on, for a sync that is under way too.
    pub fn metered(&self, metered: bool) {
        self.inner.metered.set(metered);
    }

    /// The app is in front of somebody: from now on the phone is kept in sync, whoever signs in. `told`
    /// says what happened, and may be told again: `start`, `network` (it returned), `push`.
    ///
    /// # Errors
    /// `app-closed`.
    pub fn awake(&self, told: &str, metered: bool) -> Result<(), RoundsError> {
        self.inner.open_for_use()?;
        self.inner.metered.set(metered);
        self.inner.awake.store(true, Ordering::SeqCst);
        let session = lock(&self.inner.state).session.clone();
        let Some(session) = session else { return Ok(()) };
        syncing::keep(&self.inner, &session)?;
        deeds::check(&session.enter())?;
        if let (Some(cause), Some(keeper)) = (syncing::cause(told), lock(&session.keeper).as_ref()) {
            keeper.handle.tell(cause);
        }
        Ok(())
    }

    /// Nobody looks any more: the phone is not kept in sync, and times are not counted.
    ///
    /// # Errors
    /// `app-closed`.
    pub fn rest(&self) -> Result<(), RoundsError> {
        self.inner.open_for_use()?;
        self.inner.awake.store(false, Ordering::SeqCst);
        let session = lock(&self.inner.state).session.clone();
        let Some(session) = session else { return Ok(()) };
        if let Some(keeper) = lock(&session.keeper).take() {
            keeper.handle.stop();
        }
        deeds::pause(&session.enter())
    }

    /// Closes the database, for a system that suspends the app: syncs are stopped in good order, and
    /// whoever is inside ends first. Every call after it is an error, until [`Phone::reopen`].
    ///
    /// # Errors
    /// Trouble with the store; it is closed all the same.
    pub fn close(&self) -> Result<(), RoundsError> {
        let session = loop {
            {
                let mut state = lock(&self.inner.state);
                if state.closed.is_none() {
                    let session = state.session.take();
                    state.closed = Some(session.as_ref().map(|session| (session.rep.clone(), session.key())));
                    state.closing = session.as_ref().map(|session| session.busy());
                    break session;
                }
                // Whoever closes it waits for this very call.
                if state.closing.as_ref().is_some_and(|busy| busy.has_me()) {
                    return Ok(());
                }
            }
            // It is being closed, or opened again, by somebody else.
            let over = lock(&self.inner.lifecycle);
            if lock(&self.inner.state).closed.is_some() {
                return Ok(());
            }
            drop(over);
        };
        let _one_at_a_time = lock(&self.inner.lifecycle);
        let ended = match session {
            Some(session) => {
                let paused = deeds::pause(&session.enter());
                session.finish().and(paused)
            }
            None => Ok(()),
        };
        lock(&self.inner.state).closing = None;
        self.inner.tell();
        ended
    }

    /// Opens what was closed: the same person is signed in, at the same screen. Nothing happens if it is
    /// open; where it is being closed, this waits for it.
    ///
    /// # Errors
    /// Trouble with the store; then it stays closed. `app-closed` from a call that the closing waits for.
    pub fn reopen(&self) -> Result<(), RoundsError> {
        if lock(&self.inner.state).closing.as_ref().is_some_and(|busy| busy.has_me()) {
            return self.inner.open_for_use();
        }
        let one_at_a_time = lock(&self.inner.lifecycle);
        let who = lock(&self.inner.state).closed.clone();
        let Some(who) = who else { return Ok(()) };
        let session = match who {
            Some((rep, key)) => Some(self.inner.opened(&rep, key)?),
            None => None,
        };
        {
            let mut state = lock(&self.inner.state);
            state.closed = None;
            state.session = session.clone();
        }
        drop(one_at_a_time);
        self.inner.began(session.as_ref())?;
        self.inner.tell();
        Ok(())
    }

    /// The language that texts are in: `zh-CN` or `en`.
    pub fn language(&self) -> &'static str {
        self.inner.lang().tag()
    }

    /// The language as the core's other crates name it.
    pub fn lang(&self) -> Lang {
        self.inner.lang()
    }

    fn after(&self, done: Result<Done, RoundsError>) -> Result<After, RoundsError> {
        let done = match done {
            Ok(done) => done,
            Err(error) if error.code == "app-closed" => return Err(error),
            Err(error) => Done { said: Some(Notice::of(&error, self.inner.lang())), file: None },
        };
        let screen = self.now()?;
        self.inner.tell();
        Ok(After { screen, said: done.said, file: done.file })
    }
}

impl Inner {
    /// The language of this phone.
    pub fn lang(&self) -> Lang {
        lock(&self.state).set.lang
    }

    /// What is set on this phone.
    pub fn set(&self) -> Set {
        lock(&self.state).set.clone()
    }

    /// Sets it, durably.
    pub fn change_set(&self, change: impl FnOnce(&mut Set)) -> Result<(), RoundsError> {
        let set = {
            let mut state = lock(&self.state);
            change(&mut state.set);
            state.set.clone()
        };
        let text = serde_json::to_vec(&set).map_err(|_| Fail::Damaged("the settings"))?;
        reps::write(&self.folder.join("phone.json"), &text)
    }

    /// Fails while the app is closed.
    pub fn open_for_use(&self) -> Result<(), RoundsError> {
        match lock(&self.state).closed {
            Some(_) => Err(wrong("app-closed", Class::Usage, &[])),
            None => Ok(()),
        }
    }

    /// Goes inside the session of whoever is signed in.
    pub fn inside(&self) -> Result<Inside, RoundsError> {
        let state = lock(&self.state);
        if state.closed.is_some() {
            return Err(wrong("app-closed", Class::Usage, &[]));
        }
        match &state.session {
            Some(session) => Ok(session.enter()),
            None => Err(wrong("nobody-signed-in", Class::Access, &[])),
        }
    }

    /// Has the places taken that a workbook asks for by itself. Nobody waits for them, and nobody is inside the
    /// session meanwhile; without a position, or once somebody else has signed in, the questions stay without.
    pub fn take_places(self: &Arc<Self>) {
        let Ok(Some(session)) = self.maybe_inside() else { return };
        let (due, rep) = (session.rounds.due_places(), session.rep.clone());
        drop(session);
        let Some(location) = self.machine.kit.location.clone().filter(|_| !due.is_empty()) else { return };
        let own = Arc::clone(self);
        // Without a thread there is no place, as without a position.
        let _ = std::thread::Builder::new().name("rounds-place".to_owned()).spawn(move || {
            let Ok(fix) = location.fix(FixAsk::default()) else { return };
            let Ok(Some(session)) = own.maybe_inside() else { return };
            let placed = session.rep == rep && session.rounds.put_places(due, fix).is_ok();
            drop(session);
            if placed {
                own.tell();
            }
        });
    }

    /// The same; none if nobody is signed in.
    pub fn maybe_inside(&self) -> Result<Option<Inside>, RoundsError> {
        match self.inside() {
            Err(error) if error.code == "nobody-signed-in" => Ok(None),
            inside => inside.map(Some),
        }
    }

    /// Opens a rep's store.
    pub fn opened(&self, rep: &str, key: Key) -> Result<Arc<Session>, RoundsError> {
        Session::open(&self.reps.home(rep), rep, key, &self.machine)
    }

    /// Somebody is signed in from now on.
    pub fn sign_in(self: &Arc<Self>, session: Arc<Session>) -> Result<(), RoundsError> {
        self.hold(Arc::clone(&session))?;
        self.began(Some(&session))
    }

    /// This is whoever is signed in. Where the app was closed meanwhile, they are once it is open again.
    pub fn hold(&self, session: Arc<Session>) -> Result<(), RoundsError> {
        {
            let mut state = lock(&self.state);
            if state.closed.is_none() {
                state.session = Some(session);
                return Ok(());
            }
            state.closed = Some(Some((session.rep.clone(), session.key())));
        }
        session.finish()?;
        self.open_for_use()
    }

    /// Nobody is signed in any more. Returns what was.
    pub fn sign_off(&self, gate: Gate) -> Option<Arc<Session>> {
        let mut state = lock(&self.state);
        state.gate = gate;
        state.session.take()
    }

    /// Goes on at the gate.
    pub fn at_gate(&self, gate: Gate) {
        lock(&self.state).gate = gate;
    }

    fn began(self: &Arc<Self>, session: Option<&Arc<Session>>) -> Result<(), RoundsError> {
        match session {
            Some(session) if self.awake.load(Ordering::SeqCst) && session.rounds.identity().is_ok() => {
                syncing::keep(self, session)
            }
            _ => Ok(()),
        }
    }

    /// The beginning, for whoever is on this phone now.
    pub fn begin_at_gate(self: &Arc<Self>) -> Result<(), RoundsError> {
        self.at_gate(gate::first(&self.reps, &self.machine)?);
        self.begin_unpinned()
    }

    /// A rep who was stopped between enrolling and choosing a PIN goes on there. Where that cannot be, it is
    /// told when somebody wants to, and keeps nobody else out.
    pub fn begin_unpinned(self: &Arc<Self>) -> Result<(), RoundsError> {
        let gate = lock(&self.state).gate.clone();
        let Gate::FirstPin(rep) = gate else { return Ok(()) };
        if self.first_pin(&rep).is_err() {
            self.at_gate(Gate::Pin(rep));
        }
        Ok(())
    }

    /// Goes on where a rep chooses their first PIN.
    ///
    /// # Errors
    /// `key-lost` and its like: what was theirs cannot be opened.
    pub fn first_pin(self: &Arc<Self>, rep: &str) -> Result<(), RoundsError> {
        let key = self.reps.unpinned(&self.machine, rep)?;
        let session = key.map(|key| self.opened(rep, key)).transpose()?;
        match session {
            Some(session) if session.rounds.identity().is_ok() => {
                self.at_gate(Gate::FirstPin(rep.to_owned()));
                self.hold(session)
            }
            // They never became a device: there is nothing to keep.
            session => {
                drop(session);
                self.reps.remove(&self.machine, rep)?;
                self.begin_at_gate()
            }
        }
    }

    pub fn tell(&self) {
        self.watchers.tell(|| self.chip());
    }

    fn pulse(&self) -> Pulse {
        Pulse { turn: self.watchers.turn(), chip: self.chip() }
    }

    fn chip(&self) -> Option<Chip> {
        let session = self.inside().ok()?;
        screens::chip(&session.rounds, self.lang()).ok()
    }

    /// The file of a rep's place to put what leaves the app.
    pub fn outgoing(&self) -> PathBuf {
        self.folder.join("outgoing")
    }
}
