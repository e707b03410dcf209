//! Staying in sync: tries at once when something happened, by the pauses of [`super::backoff`] when
//! nothing did, and listens for news meanwhile.

use super::attempt;
use super::backoff::{Cause, Plan};
use super::compose::Bounds;
use super::listen::Listener;
use super::progress::{Observer, Session};
use super::stop::Stop;
use super::transport::Http;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{outbox, uploads};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it is looked whether there is something new to be sent: another process, or another
/// thread, may have written it.
/// The pause after a try of which nothing could be noted.
const UNNOTED: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_secs(1);

/// What keeps a phone in sync, not yet running.
#[derive(Debug)]
pub struct Keeping {
    handle: Handle,
    told: Receiver<Cause>,
}

/// How the rest of an app speaks to it.
#[derive(Debug, Clone)]
pub struct Handle {
    tell: Sender<Cause>,
    stop: Stop,
}

impl Handle {
    /// Something happened that is a reason to try.
    pub fn tell(&self, cause: Cause) {
        // If nobody keeps the phone in sync any more, there is nobody to tell.
        let _ = self.tell.send(cause);
    }

    /// Ends it, in the middle of a sync too.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Default for Keeping {
    fn default() -> Keeping {
        let (tell, told) = channel();
        Keeping { handle: Handle { tell, stop: Stop::new() }, told }
    }
}

impl Keeping {
    /// To speak to it.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Keeps the phone in sync until it is stopped. Failures are told to the observer and tried
    /// again; an error is returned only if nothing can be kept.
    pub fn run(&self, rounds: &Rounds, metered: bool, observer: &dyn Observer) -> Result<(), RoundsError> {
        Ok(self.keep(rounds, metered, observer)?)
    }

    fn keep(&self, rounds: &Rounds, metered: bool, observer: &dyn Observer) -> Result<(), Fail> {
        let me = rounds.identity()?;
        let stop = &self.handle.stop;
        let server = Http::new(&me.server)?.with_metered(metered).with_stop(stop.clone());
        let listen = || {
            let (heard, server) = (self.handle(), Http::new(&me.server)?);
            Listener::start(server, me.token(), Arc::clone(&rounds.platform), move || {
                heard.tell(Cause::WakeUp)
            })
        };
        let mut listener = listen()?;
        let mut seen = 0;
        let mut next = allowed(rounds, &[Cause::AppStarted])?;
        while stop.is_over().is_none() {
            let Some(cause) = next else {
                next = self.next(rounds, &mut seen)?;
                continue;
            };
            seen = seen.max(newest(rounds)?);
            let done = rounds.sync_with(
                &server,
                &Session { cause, stop, observer: Some(observer), bounds: Bounds::default() },
            );
            let plan = rounds.store.read(attempt::load)?.plan(rounds.platform.clocks()?);
            if done.is_err() && matches!(plan, Plan::Now) {
                // The failure could not be noted, as on a full disk: no pause stands there.
                self.handle.stop.sleep(UNNOTED);
            }
            if done.is_ok() && listener.is_over() {
                listener = listen()?;
            }
            next = None;
        }
        Ok(())
    }

    /// Waits for the next reason to try; none if there is none yet.
    fn next(&self, rounds: &Rounds, seen: &mut i64) -> Result<Option<Cause>, Fail> {
        let backoff = rounds.store.read(attempt::load)?;
        let wait = match backoff.plan(rounds.platform.clocks()?) {
            Plan::Now => return Ok(Some(Cause::Timer)),
            Plan::Wait(ms) => LOOK.min(Duration::from_millis(ms)),
            Plan::Person => LOOK,
        };
        let mut causes = Vec::new();
        match self.told.recv_timeout(wait) {
            Ok(cause) => causes.extend(std::iter::once(cause).chain(self.told.try_iter())),
            Err(RecvTimeoutError::Timeout) => {}
            // Cannot be: the handle holds the other end.
            Err(RecvTimeoutError::Disconnected) => drop(self.handle.stop.sleep(wait)),
        }
        let newest = newest(rounds)?;
        if newest > *seen {
            *seen = newest;
            causes.push(Cause::EditFinished);
        }
        allowed(rounds, &causes)
    }
}

/// The first of these, by weight, that is a reason to try now.
fn allowed(rounds: &Rounds, causes: &[Cause]) -> Result<Option<Cause>, Fail> {
    if causes.is_empty() {
        return Ok(None);
    }
    let (backoff, now) = (rounds.store.read(attempt::load)?, rounds.platform.clocks()?);
    let lets = |cause: &Cause| causes.contains(cause) && backoff.lets(*cause, now);
    Ok(Cause::ALL.into_iter().find(lets))
}

/// Moves when something new is to be sent.
fn newest(rounds: &Rounds) -> Result<i64, Fail> {
    rounds.store.read(|db| Ok(outbox::newest(db)?.saturating_add(uploads::newest(db)?)))
}
