//! What whoever keeps a phone in sync does next: a plain state machine. What happened is told to it, the
//! state between two tries is an argument; [`super::keep`] gives it real time and a real network, the
//! simulation others.

use super::attempt;
use super::backoff::{Backoff, Cause, Plan};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{outbox, uploads};
use rounds_model::time::Reading;
use std::time::Duration;

/// How often it is looked whether there is something new to be sent: another process, or another
/// thread, may have written it.
const LOOK: Duration = Duration::from_secs(1);
/// The pause after a try of which nothing could be noted, or when the store or the clock could not be asked.
pub(super) const UNNOTED: Duration = Duration::from_millis(if cfg!(test) { 10 } else { 60_000 });

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Sync, for this reason; then say how it [`Keeper::ended`].
    Try(Cause),
    /// Wait so long, or until something happens.
    Wait(Duration),
    /// Wait so long, whatever happens.
    Rest(Duration),
}

/// What has happened and was not acted upon.
#[derive(Debug, Default)]
pub struct Keeper {
    causes: Vec<Cause>,
    /// Up to where what is to be sent is known.
    seen: i64,
    rests: bool,
}

impl Keeper {
    /// Of an app that has just started.
    pub fn new() -> Keeper {
        Keeper { causes: vec![Cause::AppStarted], ..Keeper::default() }
    }

    /// Something happened that may be a reason to try.
    pub fn tell(&mut self, cause: Cause) {
        if !self.causes.contains(&cause) {
            self.causes.push(cause);
        }
    }

    /// What to do, as this phone stands now.
    ///
    /// # Errors
    /// Of the store or of the clock: this phone cannot be looked at just now.
    pub fn next(&mut self, rounds: &Rounds) -> Result<Step, RoundsError> {
        let (backoff, newest) = rounds.store.read(|db| Ok((attempt::load(db)?, newest(db)?)))?;
        Ok(self.step(&backoff, rounds.platform.clocks()?, newest))
    }

    /// A try ended, well or not. Its pause is noted, unless it could not be, as on a full disk: also a try
    /// that went well, because there was nothing to be stored, must not be followed by the next at once.
    pub fn ended(&mut self, rounds: &Rounds) {
        let plan = || -> Result<Plan, Fail> {
            Ok(rounds.store.read(attempt::load)?.plan(rounds.platform.clocks()?))
        };
        self.rests = plan().unwrap_or(Plan::Now) == Plan::Now;
    }

    fn step(&mut self, backoff: &Backoff, now: Reading, newest: i64) -> Step {
        if std::mem::take(&mut self.rests) {
            return Step::Rest(UNNOTED);
        }
        // What is written while a sync is under way is after this.
        if newest > self.seen {
            self.seen = newest;
            self.tell(Cause::EditFinished);
        }
        let causes = std::mem::take(&mut self.causes);
        let lets = |cause: &Cause| causes.contains(cause) && backoff.lets(*cause, now);
        if let Some(cause) = Cause::ALL.into_iter().find(lets) {
            return Step::Try(cause);
        }
        match backoff.plan(now) {
            Plan::Now => Step::Try(Cause::Timer),
            Plan::Wait(ms) => Step::Wait(LOOK.min(Duration::from_millis(ms))),
        }
    }
}

/// Moves when something new is to be sent.
pub(super) fn newest(db: &rusqlite::Connection) -> Result<i64, Fail> {
    Ok(outbox::newest(db)?.saturating_add(uploads::newest(db)?))
}

#[cfg(test)]
mod tests {
    use super::super::backoff::{Trouble, Where};
    use super::*;
    use rounds_model::ids::BootId;
    use rounds_model::refusal::Refusal;
    use rounds_model::text::Text;

    fn at(ms: u64) -> Reading {
        Reading { wall_ms: ms as i64, mono_ms: ms, boot: BootId([1; 16]) }
    }

    fn trouble(place: Where, asked_ms: Option<u64>) -> Trouble {
        Trouble { place, why: Refusal::new("x", Text::default(), Text::default()), asked_ms }
    }

    #[test]
    fn what_happens_is_acted_upon_once_and_by_its_weight() {
        let (mut keeper, mut backoff) = (Keeper::new(), Backoff::default());
        assert_eq!(keeper.step(&backoff, at(0), 0), Step::Try(Cause::AppStarted));
        backoff.succeeded(at(0), 0, None);
        assert_eq!(keeper.step(&backoff, at(0), 0), Step::Wait(LOOK));
        keeper.tell(Cause::WakeUp);
        keeper.tell(Cause::UserAsked);
        assert_eq!(keeper.step(&backoff, at(1), 5), Step::Try(Cause::UserAsked), "all of them by one try");
        assert_eq!(keeper.step(&backoff, at(1), 5), Step::Wait(LOOK));
        assert_eq!(keeper.step(&backoff, at(1), 6), Step::Try(Cause::EditFinished));
        assert_eq!(keeper.step(&backoff, at(16 * 60_000), 6), Step::Try(Cause::Timer));
    }

    #[test]
    fn a_pause_that_was_asked_for_is_kept_and_the_last_of_it_not_overslept() {
        let (mut keeper, mut backoff) = (Keeper::default(), Backoff::default());
        backoff.failed(trouble(Where::Passing, Some(5_000)), Cause::Timer, at(0), 0);
        keeper.tell(Cause::NetworkReturned);
        assert_eq!(keeper.step(&backoff, at(0), 1), Step::Wait(LOOK));
        assert_eq!(keeper.step(&backoff, at(4_900), 1), Step::Wait(Duration::from_millis(100)));
        assert_eq!(keeper.step(&backoff, at(5_000), 1), Step::Try(Cause::Timer));
        backoff.failed(trouble(Where::Person, None), Cause::Timer, at(5_000), 0);
        keeper.tell(Cause::WakeUp);
        assert_eq!(keeper.step(&backoff, at(6_000), 2), Step::Wait(LOOK), "about once an hour");
        keeper.tell(Cause::UserAsked);
        assert_eq!(keeper.step(&backoff, at(7_000), 2), Step::Try(Cause::UserAsked), "or when asked");
        assert_eq!(keeper.step(&backoff, at(5_000 + 3_600_000), 2), Step::Try(Cause::Timer));
    }

    #[test]
    fn an_end_that_could_not_be_noted_does_not_make_it_loop() {
        let mut keeper = Keeper { rests: true, ..Keeper::new() };
        assert_eq!(keeper.step(&Backoff::default(), at(0), 1), Step::Rest(UNNOTED));
        assert_eq!(
            keeper.step(&Backoff::default(), at(0), 1),
            Step::Try(Cause::AppStarted),
            "then it goes on"
        );
    }
}
