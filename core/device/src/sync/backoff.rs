//! When to try again: a plain state machine. Clocks and randomness are arguments, the store keeps
//! the state, and whoever keeps the phone in sync asks it what to do.
//!
//! After each failure in a row the next pause is drawn from a range that doubles, up to ten minutes,
//! and never ends ([`Backoff::failed`]). What changes the odds, or what a person asked for, is tried
//! at once ([`Backoff::lets`]). Two things are waited out: a pause that the server asked for, except
//! when a person insists, and trouble that most likely only a person can end: that is tried about once
//! an hour, because a person may have ended it elsewhere, at the office or in the server's settings.
//!
//! A pause is measured by the clock that only runs forward. Over a restart of the phone the wall
//! clock must do, and whatever it was set to, no pause grows longer than it was: one that began in what is
//! now the future is over.

use crate::error::{Class, RoundsError};
use rounds_model::refusal::Refusal;
use rounds_model::time::Reading;
use serde::{Deserialize, Serialize};

/// The shortest pause after a failure.
const SHORTEST_MS: u64 = 1_000;
/// The longest first pause; it doubles with each further failure.
const FIRST_MS: u64 = 4_000;
/// The longest pause.
pub const LONGEST_MS: u64 = 10 * 60_000;
/// The longest pause that a server may ask for.
const LONGEST_ASKED_MS: u64 = 60 * 60_000;
/// The longest pause after a failure that most likely only a person can end; up to a quarter less.
const PERSON_MS: u64 = 60 * 60_000;
/// How long a phone that is told of news waits until it asks by itself; up to a quarter less.
const ROUTINE_MS: u64 = 15 * 60_000;

/// What made a sync begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person asked for it.
    UserAsked,
    /// The app was started.
    AppStarted,
    /// The network returned.
    NetworkReturned,
    /// Something new is to be sent.
    EditFinished,
    /// The server said that there is something new.
    WakeUp,
    /// The system gave time in the background.
    Background,
    /// The pause is over.
    Timer,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Cause; 7] = [
        Cause::UserAsked,
        Cause::AppStarted,
        Cause::NetworkReturned,
        Cause::EditFinished,
        Cause::WakeUp,
        Cause::Background,
        Cause::Timer,
    ];

    /// For the log.
    pub fn code(self) -> &'static str {
        match self {
            Cause::UserAsked => "user_asked",
            Cause::AppStarted => "app_started",
            Cause::NetworkReturned => "network_returned",
            Cause::EditFinished => "edit_finished",
            Cause::WakeUp => "wake_up",
            Cause::Background => "background",
            Cause::Timer => "timer",
        }
    }
}

/// Where the trouble is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// No network, or no server of ours there.
    Network,
    /// The server, or this phone; it may pass.
    Passing,
    /// Most likely only a person can end it: no access, the wrong server, an app that is too old.
    Person,
}

/// Why the last try failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// Where it is.
    pub place: Where,
    /// What happened, and what to do.
    pub why: Refusal,
    /// The pause that the server asked for, milliseconds.
    pub asked_ms: Option<u64>,
}

impl Trouble {
    /// What an error means for the next try.
    pub fn of(error: &RoundsError) -> Trouble {
        let person = ["protocol-old", "protocol-missing", "not-found", "bad-address"];
        let place = match error.class {
            Class::Access => Where::Person,
            _ if person.contains(&error.code.as_str()) => Where::Person,
            // Whatever answers on a hotel's network is not our server; the next network may be.
            Class::Offline if ["offline", "bad-answer"].contains(&error.code.as_str()) => Where::Network,
            _ => Where::Passing,
        };
        let why = Refusal::new(&error.code, error.text.clone(), error.remedy.clone());
        Trouble { place, why, asked_ms: error.retry_s.map(|s| u64::from(s) * 1_000) }
    }
}

/// A pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Pause {
    since: Reading,
    for_ms: u64,
    /// The server asked for it.
    asked: bool,
}

impl Pause {
    fn left_ms(&self, now: Reading) -> u64 {
        let same = now.boot == self.since.boot && now.mono_ms >= self.since.mono_ms;
        let passed = if same {
            now.mono_ms - self.since.mono_ms
        } else {
            // A clock that was turned back says nothing of how long ago it was, and would say so until it has
            // caught up: days.
            u64::try_from(now.wall_ms.saturating_sub(self.since.wall_ms)).unwrap_or(self.for_ms)
        };
        self.for_ms.saturating_sub(passed)
    }
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Try.
    Now,
    /// Not before so many milliseconds, unless something happens.
    Wait(u64),
}

/// The state between two tries.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Backoff {
    failures: u32,
    pause: Option<Pause>,
    trouble: Option<Trouble>,
}

impl Backoff {
    /// What to do now, if nothing happens.
    pub fn plan(&self, now: Reading) -> Plan {
        match self.pause.map_or(0, |pause| pause.left_ms(now)) {
            0 => Plan::Now,
            left => Plan::Wait(left),
        }
    }

    /// Whether something that happened is a reason to try at once.
    pub fn lets(&self, cause: Cause, now: Reading) -> bool {
        let left = self.pause.map_or(0, |pause| pause.left_ms(now));
        let needs_person = self.needs_person() && left > 0;
        let asked = self.pause.is_some_and(|pause| pause.asked) && left > 0;
        match cause {
            Cause::UserAsked => true,
            // Perhaps it is a newer app, or access was given back.
            Cause::AppStarted => !asked,
            Cause::Timer => self.plan(now) == Plan::Now,
            Cause::NetworkReturned | Cause::EditFinished | Cause::WakeUp | Cause::Background => {
                !needs_person && !asked
            }
        }
    }

    /// A try failed. `draw` is any random number.
    pub fn failed(&mut self, trouble: Trouble, cause: Cause, now: Reading, draw: u64) {
        if matches!(cause, Cause::NetworkReturned | Cause::UserAsked) {
            // Not the network, or not the day, of the failures before.
            self.failures = 0;
            self.pause = None;
        }
        let asked = trouble.asked_ms;
        let mut left = self.pause.map_or(0, |pause| pause.left_ms(now));
        if self.needs_person() {
            // Its hour says nothing about other trouble.
            left = 0;
        }
        let was_in_trouble = self.trouble.is_some();
        self.trouble = Some(trouble);
        if let Some(asked) = asked {
            let asked = asked.min(LONGEST_ASKED_MS);
            // Not all phones at the same moment.
            let for_ms = asked + draw % (asked / 2 + SHORTEST_MS);
            self.failures = self.failures.saturating_add(1);
            self.pause = Some(Pause { since: now, for_ms, asked: true });
        } else if self.needs_person() {
            let for_ms = PERSON_MS - draw % (PERSON_MS / 4);
            self.failures = self.failures.saturating_add(1);
            self.pause = Some(Pause { since: now, for_ms, asked: false });
        } else if left == 0 || !was_in_trouble {
            let most = FIRST_MS.saturating_mul(1 << self.failures.min(20)).min(LONGEST_MS);
            let for_ms = SHORTEST_MS + draw % (most - SHORTEST_MS + 1);
            self.failures = self.failures.saturating_add(1);
            self.pause = Some(Pause { since: now, for_ms, asked: false });
        }
        // Otherwise it was tried before its time, for one answer of many that are typed in a cellar:
        // the pause neither grows nor begins anew.
    }

    /// A try succeeded. The next one, if nothing happens, is in a quarter of an hour, or sooner if
    /// something is known to be due then.
    pub fn succeeded(&mut self, now: Reading, draw: u64, due_ms: Option<u64>) {
        let routine = ROUTINE_MS - draw % (ROUTINE_MS / 4);
        let for_ms = due_ms.map_or(routine, |due| due.clamp(SHORTEST_MS, routine));
        let pause = Some(Pause { since: now, for_ms, asked: false });
        *self = Backoff { failures: 0, pause, trouble: None };
    }

    fn needs_person(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| trouble.place == Where::Person)
    }

    /// Why the last try failed, if it did.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests;
