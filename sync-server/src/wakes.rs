//! Waking phones: who listens, and when there is something new for them.
//!
//! One task looks after all listeners of this process. It looks when somebody here has just
//! committed ([`Wakes::poke`]) and otherwise once a second, because another process (an operator's
//! command) may have written. A look is one read of the head of a team's log; only when it has moved
//! is each listener asked about, by one step into the log for each scope that they hold. Nobody
//! holds a transaction while they wait, and nobody polls for themselves.
//!
//! A wake-up says nothing but that there is something: what it is, the phone asks for with its
//! exchange, where it is judged what it may have.

mod seat;

#[cfg(test)]
mod tests;

pub use seat::Seat;

use crate::error::Result;
use crate::storage::Storage;
use rounds_model::ids::{DeviceId, Seq, TeamId};
use rounds_protocol::fault::Fault;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// Listeners of one device. A phone that lost its connection may be back before we notice.
pub const OF_ONE_DEVICE: usize = 2;
/// Listeners in all.
pub const MOST: usize = 10_000;

/// How long another process's writing may go unnoticed.
const POLL: Duration = Duration::from_secs(1);
/// The pause between two looks, so that a busy hour is not one look for each commit.
const PAUSE: Duration = Duration::from_millis(50);
/// How long what an answer brought counts as heard without a word of whoever was to hear it. A phone whose
/// answer was lost comes again by itself in most cases; this is for the others.
const UNHEARD: Duration = Duration::from_secs(30);
/// How often it is asked again whether a listener still has access, and to what.
const RECHECK: Duration = Duration::from_secs(5);

/// The listeners of a process.
#[derive(Default)]
pub struct Wakes {
    state: Mutex<State>,
    poke: Notify,
}

#[derive(Default)]
struct State {
    listeners: BTreeMap<u64, Listener>,
    next: u64,
    /// The head of each team's log at the last look.
    heads: HashMap<TeamId, Seq>,
    /// There is a task that looks.
    kept: bool,
    /// The server is stopping.
    ended: bool,
}

struct Listener {
    seat: Seat,
    /// Up to here it was told of everything, or said itself that it has it.
    told: Seq,
    /// Up to here an answer gave it everything, and when. Whether that arrived, its next request tells.
    given: Option<(Seq, Instant)>,
    bell: watch::Sender<u64>,
}

/// A listener's own end. Dropped, it listens no more.
pub struct Listening {
    id: u64,
    wakes: Arc<Wakes>,
    bell: watch::Receiver<u64>,
    fresh: bool,
}

impl Listening {
    /// Waits for the next wake-up; none when listening is over: the access was withdrawn, the server
    /// stops, or the device has a newer listener. The first one comes at once, because something
    /// may have happened before there was somebody to tell.
    pub async fn next(&mut self) -> Option<()> {
        if std::mem::take(&mut self.fresh) {
            return Some(());
        }
        self.bell.changed().await.ok()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.wakes.state().listeners.remove(&self.id);
    }
}

impl Wakes {
    /// Takes a seat. A device that has too many gives up its oldest one.
    ///
    /// # Errors
    /// [`Fault::Busy`] if all seats are taken or the server is stopping.
    pub fn listen(self: &Arc<Self>, seat: Seat, head: Seq) -> Result<Listening> {
        let mut state = self.state();
        let mut own: Vec<u64> = state.of_device(seat.device()).map(|(id, _)| id).collect();
        while own.len() >= OF_ONE_DEVICE {
            state.listeners.remove(&own.remove(0));
        }
        if state.ended || state.listeners.len() >= MOST {
            return Err(Fault::Busy.into());
        }
        let (ring, bell) = watch::channel(0);
        let id = state.next;
        state.next += 1;
        state.listeners.insert(id, Listener { seat, told: head, given: None, bell: ring });
        Ok(Listening { id, wakes: Arc::clone(self), bell, fresh: true })
    }

    /// Somebody in this process has committed: look now.
    pub fn poke(&self) {
        self.poke.notify_one();
    }

    /// A device asks from here on: it has everything before.
    pub fn has(&self, device: DeviceId, upto: Seq) {
        self.each_of(device, |listener| listener.told = listener.told.max(upto));
    }

    /// A device is given everything up to here, and need not be woken for it, if it arrives.
    pub fn giving(&self, device: DeviceId, upto: Seq) {
        self.each_of(device, |listener| listener.given = Some((upto, Instant::now())));
    }

    fn each_of(&self, device: DeviceId, change: impl Fn(&mut Listener)) {
        let mut state = self.state();
        state.listeners.values_mut().filter(|l| l.seat.device() == device).for_each(change);
    }

    /// Ends all listening: the server is stopping.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.listeners.clear();
    }

    /// How many listen.
    pub fn count(&self) -> usize {
        self.state().listeners.len()
    }

    /// Looks after the listeners for as long as there are any, if nobody does yet.
    pub fn keep(self: &Arc<Self>, storage: &Arc<dyn Storage>) {
        if std::mem::replace(&mut self.state().kept, true) {
            return;
        }
        let (wakes, storage) = (Arc::clone(self), Arc::clone(storage));
        tokio::spawn(async move {
            let mut rechecked = Instant::now();
            while wakes.is_needed() {
                let poked = tokio::time::timeout(POLL, wakes.poke.notified()).await.is_ok();
                let recheck = rechecked.elapsed() >= RECHECK;
                if recheck {
                    rechecked = Instant::now();
                }
                let (looking, storage) = (Arc::clone(&wakes), Arc::clone(&storage));
                let look = tokio::task::spawn_blocking(move || looking.look(&*storage, recheck));
                if let Ok(Err(error)) = look.await {
                    // Nobody is woken now; phones come by themselves from time to time.
                    tracing::warn!(%error, "the log could not be looked at");
                }
                if poked {
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
    }

    /// Whether there is anybody to look after; if not, the next one begins a new task.
    fn is_needed(&self) -> bool {
        let mut state = self.state();
        state.kept = !state.listeners.is_empty();
        state.kept
    }

    /// One look: rings for whom there is something new, and ends what has no access any more.
    pub fn look(&self, storage: &dyn Storage, recheck: bool) -> Result<()> {
        let teams: BTreeSet<TeamId> = self.state().listeners.values().map(|l| l.seat.team()).collect();
        for team in teams {
            if recheck {
                self.recheck(storage, team)?;
            }
            self.look_at(storage, team)?;
        }
        Ok(())
    }

    fn look_at(&self, storage: &dyn Storage, team: TeamId) -> Result<()> {
        let view = storage.read(team)?;
        let head = view.head()?;
        let asked: Vec<(u64, Seat, Seq)> = {
            let mut state = self.state();
            let moved = state.heads.insert(team, head) != Some(head);
            let of_team = state.listeners.iter_mut().filter(|(_, l)| l.seat.team() == team);
            of_team.filter_map(|(id, l)| Some((*id, l.seat.clone(), l.ask_from(moved, head)?))).collect()
        };
        for (id, seat, told) in asked {
            let cursors: Vec<_> = seat.scopes().iter().map(|scope| (scope.clone(), told)).collect();
            let new = seat.hears_everything() || !view.log(&cursors, 1)?.is_empty();
            if let Some(listener) = self.state().listeners.get_mut(&id) {
                listener.tell(head, new);
            }
        }
        Ok(())
    }

    fn recheck(&self, storage: &dyn Storage, team: TeamId) -> Result<()> {
        let view = storage.read(team)?;
        let seats: Vec<(u64, Seat)> = {
            let state = self.state();
            let of_team = state.listeners.iter().filter(|(_, l)| l.seat.team() == team);
            of_team.map(|(id, l)| (*id, l.seat.clone())).collect()
        };
        for (id, seat) in seats {
            let again = seat.again(&*view)?;
            let mut state = self.state();
            match (again, state.listeners.get_mut(&id)) {
                (Some(again), Some(listener)) if again.scopes() != listener.seat.scopes() => {
                    listener.seat = again;
                    listener.ring();
                }
                (None, Some(listener)) => {
                    // Rung for before it ends: a phone asks why at once, and hears that it was revoked.
                    listener.ring();
                    state.listeners.remove(&id);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of_device(&self, device: DeviceId) -> impl Iterator<Item = (u64, &Listener)> {
        self.listeners.iter().filter(move |(_, l)| l.seat.device() == device).map(|(id, l)| (*id, l))
    }
}

impl Listener {
    /// From where on the log is to be looked at, if it is: what it is just given is not new, unless nothing was
    /// heard of it for too long.
    fn ask_from(&mut self, moved: bool, head: Seq) -> Option<Seq> {
        let lost = self.given.take_if(|(_, at)| at.elapsed() >= UNHEARD);
        let lost = lost.is_some_and(|(upto, _)| upto > self.told);
        let from = self.given.map_or(self.told, |(upto, _)| self.told.max(upto));
        ((moved || lost) && from < head).then_some(from)
    }

    /// Notes how far the log was looked at. What it was given meanwhile is not new any more; while it may be
    /// lost, it stays to be looked at.
    fn tell(&mut self, head: Seq, new: bool) {
        if self.given.is_some_and(|(upto, _)| upto >= head) {
            return;
        }
        let known = self.told >= head;
        if new || self.given.is_none() {
            // Rung for, it comes, and says what it has.
            (self.told, self.given) = (self.told.max(head), None);
        }
        if new && !known {
            self.ring();
        }
    }

    #[cfg(test)]
    fn forget_when(&mut self) {
        self.given = self.given.and_then(|(upto, at)| Some((upto, at.checked_sub(UNHEARD)?)));
    }

    fn ring(&self) {
        self.bell.send_modify(|rings| *rings = rings.wrapping_add(1));
    }
}
