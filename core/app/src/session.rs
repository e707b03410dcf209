//! A rep who has signed in: their open store, where they are, and what syncs meanwhile.

use crate::machine::Machine;
use crate::route::{DEEPEST, Route};
use crate::words::wrong;
use rounds_device::batch::Plan;
use rounds_device::error::Fail;
use rounds_device::store::meta;
use rounds_device::sync::keep::Handle;
use rounds_device::sync::stop::Stop;
use rounds_device::{Class, Key, Rounds, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::text::{Lang, Text};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Under which the stack of routes is kept.
const ROUTES: &str = "app_routes";

/// A rep who has signed in.
pub(crate) struct Session {
    /// The rep's folder.
    pub rep: String,
    /// Their store.
    pub rounds: Rounds,
    key: Key,
    routes: Mutex<Vec<Route>>,
    /// What can be stopped: every sync that is under way, every picture that is on its way.
    stops: Mutex<Stops>,
    pub keeper: Mutex<Option<Keeper>>,
    /// What was refused last, at which question: said there until something else happens.
    refused: Mutex<Option<(DocId, String, Text)>>,
    /// The record in which somebody wanted to go on: what is missing is told from then on.
    checked: Mutex<Option<DocId>>,
    busy: Arc<Busy>,
}

/// The thread that keeps the phone in sync.
pub(crate) struct Keeper {
    pub handle: Handle,
    pub thread: JoinHandle<()>,
}

#[derive(Default)]
struct Stops {
    next: u64,
    known: Vec<(u64, Stop)>,
    /// The session ends: whatever begins now is over.
    ending: bool,
}

/// Something that is ended before the store is closed, for as long as this is kept.
pub(crate) struct Stoppable<'a> {
    session: &'a Session,
    number: u64,
}

impl Drop for Stoppable<'_> {
    fn drop(&mut self) {
        lock(&self.session.stops).known.retain(|(known, _)| *known != self.number);
    }
}

/// How many calls are inside a session, and on which threads.
#[derive(Default)]
pub(crate) struct Busy {
    count: Mutex<HashMap<std::thread::ThreadId, usize>>,
    less: Condvar,
}

impl Busy {
    /// Whether this very thread is inside.
    pub fn has_me(&self) -> bool {
        lock(&self.count).contains_key(&std::thread::current().id())
    }
}

/// A call that is inside a session. Dropped, it is outside again.
pub(crate) struct Inside {
    session: Option<Arc<Session>>,
    busy: Arc<Busy>,
}

impl std::ops::Deref for Inside {
    type Target = Session;
    fn deref(&self) -> &Session {
        // It is taken out by the drop alone.
        self.session.as_ref().unwrap_or_else(|| std::process::abort())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // The store goes first: whoever waits wants it closed.
        drop(self.session.take());
        let mut count = lock(&self.busy.count);
        let me = std::thread::current().id();
        if let Some(n) = count.get_mut(&me) {
            *n -= 1;
            if *n == 0 {
                count.remove(&me);
            }
        }
        self.busy.less.notify_all();
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// Opens a rep's store.
    pub fn open(home: &Path, rep: &str, key: Key, machine: &Machine) -> Result<Arc<Session>, RoundsError> {
        let rounds = Rounds::open(home, key.clone(), Arc::clone(&machine.platform))?;
        rounds.set_kit(machine.kit.clone());
        let routes = rounds.store().read(|db| meta::get::<Vec<Route>>(db, ROUTES));
        // A newer app wrote routes that this one does not know: it begins at the beginning.
        let routes = routes.unwrap_or_default().unwrap_or_default();
        let routes = if routes.is_empty() { vec![Route::Today] } else { routes };
        Ok(Arc::new(Session {
            rep: rep.to_owned(),
            rounds,
            key,
            routes: Mutex::new(routes),
            stops: Mutex::default(),
            keeper: Mutex::default(),
            refused: Mutex::default(),
            checked: Mutex::default(),
            busy: Arc::default(),
        }))
    }

    /// The key, for whoever opens the store again.
    pub fn key(&self) -> Key {
        self.key.clone()
    }

    /// Goes inside, so that the store stays open.
    pub fn enter(self: &Arc<Session>) -> Inside {
        *lock(&self.busy.count).entry(std::thread::current().id()).or_default() += 1;
        Inside { session: Some(Arc::clone(self)), busy: Arc::clone(&self.busy) }
    }

    /// Where the person is.
    pub fn here(&self) -> Route {
        lock(&self.routes).last().cloned().unwrap_or(Route::Today)
    }

    /// The route under the present one.
    pub fn below(&self) -> Option<Route> {
        self.under(1)
    }

    /// The route so many under the present one.
    pub fn under(&self, deep: usize) -> Option<Route> {
        lock(&self.routes).iter().rev().nth(deep).cloned()
    }

    /// How deep the person is.
    pub fn depth(&self) -> usize {
        lock(&self.routes).len()
    }

    /// Goes deeper.
    pub fn push(&self, route: Route) -> Result<(), RoundsError> {
        self.change(|routes| {
            if routes.last() != Some(&route) {
                routes.push(route);
            }
            if routes.len() > DEEPEST {
                routes.drain(1..routes.len() - DEEPEST + 1);
            }
        })
    }

    /// Puts another route in the place of the present one.
    pub fn turn(&self, route: Route) -> Result<(), RoundsError> {
        self.change(|routes| {
            routes.pop();
            routes.push(route);
        })
    }

    /// Leaves everything for a place.
    pub fn place(&self, route: Route) -> Result<(), RoundsError> {
        self.change(|routes| *routes = vec![route])
    }

    /// Goes back; false at the beginning.
    pub fn pop(&self) -> Result<bool, RoundsError> {
        let mut went = false;
        self.change(|routes| {
            if routes.len() > 1 {
                routes.pop();
                went = true;
            } else if routes.first() != Some(&Route::Today) {
                *routes = vec![Route::Today];
                went = true;
            }
        })?;
        Ok(went)
    }

    /// Leaves what is about records that are not here any more.
    pub fn forget(&self, is_gone: impl Fn(&Route) -> bool) -> Result<(), RoundsError> {
        self.change(|routes| {
            routes.retain(|route| !is_gone(route));
            if routes.is_empty() {
                routes.push(Route::Today);
            }
        })
    }

    /// Begins a batch in the place of the route that asked for it and of what led there, all at once: whoever is
    /// killed in between finds the batch, or has begun none. A second tap of the same button is stale.
    pub fn begin_batch(
        &self,
        plan: &Plan,
        asked: &Route,
        is_over: impl Fn(&Route) -> bool,
    ) -> Result<i64, RoundsError> {
        let mut routes = lock(&self.routes);
        if routes.last() != Some(asked) {
            return Err(wrong("tap-stale", Class::Usage, &[]));
        }
        let mut next: Vec<Route> = routes.iter().filter(|route| !is_over(route)).cloned().collect();
        if next.is_empty() {
            next.push(Route::Today);
        }
        let number = self.rounds.begin_beside(plan, |tx, number| {
            next.push(Route::Batch { number });
            meta::set(tx, ROUTES, &next)
        })?;
        *routes = next;
        Ok(number)
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Route>)) -> Result<(), RoundsError> {
        let mut routes = lock(&self.routes);
        let mut next = routes.clone();
        change(&mut next);
        if next == *routes {
            return Ok(());
        }
        let kept = self.rounds.store().write(|tx| meta::set(tx, ROUTES, &next));
        match kept {
            // Where a person is, is not worth more than that they get on.
            Ok(()) | Err(Fail::StorageFull) => {}
            Err(fail) => return Err(fail.into()),
        }
        *routes = next;
        Ok(())
    }

    /// Keeps why an answer was refused.
    pub fn refuse(&self, doc: DocId, key: &str, error: &RoundsError) {
        *lock(&self.refused) = Some((doc, key.to_owned(), error.text.clone()));
    }

    /// What was refused last, in a record: at which question, and why.
    pub fn refused(&self, doc: DocId, lang: Lang) -> Option<(String, String)> {
        let refused = lock(&self.refused);
        let (_, key, text) = refused.as_ref().filter(|(at, ..)| *at == doc)?;
        Some((key.clone(), text.get(lang).to_owned()))
    }

    /// Nothing was refused any more.
    pub fn forget_refusal(&self) {
        *lock(&self.refused) = None;
    }

    /// Somebody wants to go on in a record, or has just opened it.
    pub fn check(&self, doc: DocId, checked: bool) {
        *lock(&self.checked) = Some(doc).filter(|_| checked);
    }

    /// Whether what is missing in a record is to be told.
    pub fn is_checked(&self, doc: DocId) -> bool {
        *lock(&self.checked) == Some(doc)
    }

    /// Notes something that has to end before the store is closed.
    pub fn stoppable(&self, stop: &Stop) -> Stoppable<'_> {
        let mut stops = lock(&self.stops);
        let number = stops.next;
        stops.next += 1;
        stops.known.push((number, stop.clone()));
        // Whoever ends the session has looked already.
        if stops.ending {
            stop.cancel();
        }
        Stoppable { session: self, number }
    }

    /// Who is inside.
    pub fn busy(&self) -> Arc<Busy> {
        Arc::clone(&self.busy)
    }

    /// Stops everything that runs, and waits until nobody is inside any more, but for this very thread.
    pub fn finish(self: Arc<Session>) -> Result<(), RoundsError> {
        let keeper = lock(&self.keeper).take();
        if let Some(keeper) = &keeper {
            keeper.handle.stop();
        }
        {
            let mut stops = lock(&self.stops);
            stops.ending = true;
            stops.known.iter().for_each(|(_, stop)| stop.cancel());
        }
        if let Some(keeper) = keeper
            && keeper.thread.thread().id() != std::thread::current().id()
        {
            let _ = keeper.thread.join();
        }
        let me = std::thread::current().id();
        let mut count = lock(&self.busy.count);
        while count.keys().any(|thread| *thread != me) {
            count = self.busy.less.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
        drop(count);
        self.rounds.end()
    }
}
