//! The sync chip: where this phone stands, in a few words, on every screen.

use super::record::Reason;
use super::row::photos;
use super::say;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::store::uploads::{self, Count};
use crate::store::{acts, handed, meta, notices, outbox, records};
use crate::sync::attempt;
use crate::sync::backoff::{Plan, Where};
use crate::sync::ending::{self, SignedOut};
use chrono::{DateTime, TimeZone};
use rounds_model::text::Lang;
use rounds_model::time::Anchor;
use rusqlite::Connection;
use serde::Serialize;

/// Where this phone stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// `signed_out`, `syncing`, `no_access`, `stopped` (most likely a person must do something; it is tried
    /// about once an hour, and `next_try` says when), `needs_you`, `offline`, `waiting`, `never` or `up_to_date`.
    pub state: &'static str,
    /// The chip's words.
    pub text: String,
    /// Records with something unsent.
    pub waiting: u64,
    /// Items (edits and acts) unsent.
    pub items: u64,
    /// Records that need a decision: blocked, held, or with two versions; what was handed over; and acts that
    /// were taken otherwise than foreseen.
    pub needs_you: u64,
    /// Photos and files of records that still have one to send: sent and in all. None waits: 0/0.
    pub media: Count,
    /// While a sync is under way: how far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syncing: Option<Syncing>,
    /// Why the last try failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Reason>,
    /// When the next try is, after one that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_try: Option<NextTry>,
    /// How often this app was killed and came back with everything.
    pub kills_survived: u64,
    /// The server does not let this phone in: what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_access: Option<String>,
    /// Things to know that nobody has put aside: `notices` says them.
    pub notices: u64,
    /// Packs of the team that this app cannot use; its records are kept and shown once it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packs_problem: Option<String>,
    /// When the server last answered, Unix milliseconds of its clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sync_ms: Option<i64>,
}

/// How far a sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Syncing {
    /// Items with a receipt.
    pub sent: u64,
    /// Items in all.
    pub of: u64,
}

/// When it is tried again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextTry {
    /// The time of day, in the team's time zone.
    pub at: String,
    /// The same, Unix milliseconds.
    pub at_ms: i64,
    /// In so many seconds.
    pub in_s: u64,
    /// Tries that failed, in a row.
    pub failures: u32,
}

impl NextTry {
    /// "next try at 14:32"
    pub fn text(&self, lang: Lang) -> String {
        say(lang, "next-try", &[("at", self.at.clone())])
    }
}

impl Rounds {
    /// Where this phone stands.
    pub fn status(&self, lang: Lang) -> Result<Status, RoundsError> {
        Ok(self.store.read(|db| status(self, db, lang))?)
    }
}

pub(crate) fn status(rounds: &Rounds, db: &Connection, lang: Lang) -> Result<Status, Fail> {
    let (items, waiting) = outbox::count(db)?;
    let needs_you = acts::blocked_count(db)?
        + outbox::held_total(db)?
        + records::conflict_count(db)?
        + handed::unseen(db)?
        + notices::turned(db)?.len() as u64;
    let signed_out = ending::signed_out(db)?.map(|ended| signed_out(&ended, lang));
    let last_sync_ms = meta::get::<Anchor>(db, "synced")?.map(|a| a.server_ms);
    let now = rounds.now(db)?.at_ms;
    let ago = last_sync_ms.map(|at| ago(lang, now, at)).unwrap_or_default();
    // Whoever is signed out has nothing here any more: that it stays would be untrue.
    let no_access = match signed_out {
        Some(_) => None,
        None => meta::get::<String>(db, "no_access")?.filter(|code| !code.is_empty()),
    };
    let no_access = no_access.map(|what| say(lang, "no-access", &[("what", what)]));
    let media = uploads::count_open(db)?;
    let backoff = attempt::load(db)?;
    let place = backoff.trouble().map(|trouble| trouble.place);
    let trouble = backoff.trouble().map(|trouble| Reason::of(&trouble.why, lang));
    let syncing = rounds.now_under_way().map(|now| Syncing { sent: now.sent, of: now.of });
    let wait = |n: u64| say(lang, "chip-waiting", &[("n", n.to_string())]);
    let (state, text) = if let Some(said) = &signed_out {
        ("signed_out", said.clone())
    } else if let Some(Syncing { sent, of }) = syncing {
        let args = [("sent", sent.to_string()), ("of", of.to_string())];
        ("syncing", say(lang, if of > 0 { "chip-syncing" } else { "chip-syncing-news" }, &args))
    } else if no_access.is_some() {
        ("no_access", say(lang, "chip-no-access", &[]))
    } else if place == Some(Where::Person) {
        ("stopped", say(lang, "chip-stopped", &[]))
    } else if needs_you > 0 {
        // What waits, and that there is no network, is not less true for it.
        let mut parts = vec![say(lang, "chip-needs-you", &[("n", needs_you.to_string())])];
        if place == Some(Where::Network) {
            parts.push(say(lang, "chip-offline", &[]));
        }
        if waiting > 0 {
            parts.push(wait(waiting));
        }
        ("needs_you", parts.join(" · "))
    } else if place == Some(Where::Network) {
        let offline = say(lang, "chip-offline", &[]);
        ("offline", if waiting > 0 { format!("{offline} · {}", wait(waiting)) } else { offline })
    } else if waiting > 0 {
        ("waiting", wait(waiting))
    } else if media.total > 0 {
        // Records are synced and photos are not: never "up to date".
        ("waiting", photos(media, lang))
    } else if last_sync_ms.is_none() {
        ("never", say(lang, "chip-never", &[]))
    } else {
        ("up_to_date", say(lang, "chip-up-to-date", &[("ago", ago)]))
    };
    let text = if media.total > 0 && waiting + needs_you > 0 && syncing.is_none() {
        format!("{text} · {}", photos(media, lang))
    } else {
        text
    };
    let kills_survived = rounds.kills(db)?;
    let packs_problem = meta::get::<String>(db, "packs_problem")?.filter(|p| !p.is_empty());
    let packs_problem = packs_problem.map(|what| say(lang, "packs-problem", &[("what", what)]));
    Ok(Status {
        state,
        text,
        waiting,
        items,
        needs_you,
        media,
        syncing,
        trouble,
        next_try: next_try(rounds, db)?,
        kills_survived,
        no_access,
        notices: notices::count(db)?,
        packs_problem,
        last_sync_ms,
    })
}

fn signed_out(ended: &SignedOut, lang: Lang) -> String {
    let zone = ended.zone.parse().unwrap_or(chrono_tz::UTC);
    let (team, at) = (ended.team.clone(), clock(zone, ended.at_ms));
    let said = say(lang, "signed-out", &[("team", team), ("at", at), ("n", ended.taken.to_string())]);
    match ended.given_up {
        0 => said,
        n => format!("{said} {}", say(lang, "signed-out-given-up", &[("n", n.to_string())])),
    }
}

/// When the next try is, after one that failed.
pub(crate) fn next_try(rounds: &Rounds, db: &Connection) -> Result<Option<NextTry>, Fail> {
    let backoff = attempt::load(db)?;
    let left = match (backoff.trouble(), backoff.plan(rounds.platform.clocks()?)) {
        (None, _) => return Ok(None),
        (_, Plan::Now) => 0,
        (_, Plan::Wait(left)) => left,
    };
    let at_ms = rounds.now(db)?.at_ms.saturating_add(i64::try_from(left).unwrap_or(i64::MAX));
    let zone = identity::load(db)?.map_or(chrono_tz::UTC, |me| me.zone());
    let utc = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    let at = zone.from_utc_datetime(&utc.naive_utc()).format("%H:%M").to_string();
    Ok(Some(NextTry { at, at_ms, in_s: left.div_ceil(1_000), failures: backoff.failures() }))
}

/// "5 min ago".
pub(crate) fn ago(lang: Lang, now_ms: i64, at_ms: i64) -> String {
    let minutes = now_ms.saturating_sub(at_ms).max(0) / 60_000;
    let (key, n) = match minutes {
        0 => ("ago-now", 0),
        1..60 => ("ago-minutes", minutes),
        60..1440 => ("ago-hours", minutes / 60),
        _ => ("ago-days", minutes / 1440),
    };
    say(lang, key, &[("n", n.to_string())])
}

/// A time of the team's day: `2026-11-23 09:12`.
pub(crate) fn clock(zone: chrono_tz::Tz, at_ms: i64) -> String {
    let utc = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    zone.from_utc_datetime(&utc.naive_utc()).format("%Y-%m-%d %H:%M").to_string()
}
