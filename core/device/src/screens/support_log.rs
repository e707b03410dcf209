//! The log that a support person reads: what was tried, what crossed the network, what came of it.
//! No content and nobody's name is in it.

use super::say;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::sync_log::{self, Tried};
use crate::store::{Store, acts, outbox, uploads};
use chrono::{DateTime, TimeZone};
use rounds_model::text::Lang;
use rusqlite::Connection;
use serde::Serialize;

/// Tries that are shown.
const SHOWN: u32 = 200;

/// The log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupportLog {
    /// The app's version.
    pub app: &'static str,
    /// The protocol's.
    pub protocol: u32,
    /// The store's.
    pub store: i64,
    /// How often the app was killed.
    pub kills_survived: u64,
    /// Items that wait.
    pub waiting: u64,
    /// Items that the server holds back.
    pub held: u64,
    /// Acts that were not accepted.
    pub blocked: u64,
    /// Photos and files that wait.
    pub photos_waiting: u64,
    /// What was tried, newest first.
    pub tries: Vec<Entry>,
}

/// One try, or several in a row of which the same came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// When it began, in the team's time zone.
    pub at: String,
    /// When the last of several began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What made it begin, in words.
    pub why: String,
    /// The figures.
    #[serde(flatten)]
    pub tried: Tried,
}

impl Rounds {
    /// The log for support.
    pub fn support_log(&self, lang: Lang) -> Result<SupportLog, RoundsError> {
        Ok(self.store.read(|db| support_log(self, db, lang))?)
    }
}

fn support_log(rounds: &Rounds, db: &Connection, lang: Lang) -> Result<SupportLog, Fail> {
    let zone = crate::identity::load(db)?.map_or(chrono_tz::UTC, |me| me.zone());
    let at = |ms: i64| {
        let utc = DateTime::from_timestamp_millis(ms).unwrap_or_default();
        zone.from_utc_datetime(&utc.naive_utc()).format("%Y-%m-%d %H:%M:%S").to_string()
    };
    let entry = |tried: Tried| Entry {
        at: at(tried.at_ms),
        until: (tried.times > 1).then(|| at(tried.last_ms)),
        why: say(lang, &format!("cause-{}", tried.cause.replace('_', "-")), &[]),
        tried,
    };
    Ok(SupportLog {
        app: env!("CARGO_PKG_VERSION"),
        protocol: rounds_protocol::VERSION,
        store: Store::VERSION,
        kills_survived: rounds.kills(db)?,
        waiting: outbox::count(db)?.0,
        held: outbox::held_total(db)?,
        blocked: acts::blocked_count(db)?,
        photos_waiting: uploads::count_waiting(db)?,
        tries: sync_log::newest(db, SHOWN)?.into_iter().map(entry).collect(),
    })
}
