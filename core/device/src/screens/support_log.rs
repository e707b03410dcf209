//! The log that a support person reads: what was tried, what crossed the network, what came of it.
//! No content and nobody's name is in it.

use super::record::Reason;
use super::say;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::sync_log::{self, Tried};
use crate::store::{Key, Store, acts, outbox, runs, uploads};
use chrono::{DateTime, TimeZone};
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;
use rusqlite::Connection;
use serde::Serialize;
use std::path::Path;

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
    /// Why not everything could be read, if that is so: the log is of what could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Reason>,
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
        Ok(self.store.read(|db| Ok(support_log(db, |db| self.kills(db), None, lang)))?)
    }
}

/// The log of a phone that cannot be opened, because something of it is damaged or there is no room: what can be
/// read of it. It is what support asks for just then.
pub fn rescued(folder: &Path, key: &Key, why: RoundsError, lang: Lang) -> SupportLog {
    let reason = Refusal::new(&why.code, why.text, why.remedy);
    match Store::peek(&folder.join("rounds.db"), key) {
        Ok(db) => support_log(&db, |db| runs::killed(db, i64::MAX), Some(reason), lang),
        Err(_) => SupportLog { trouble: Some(Reason::of(&reason, lang)), ..SupportLog::empty() },
    }
}

impl SupportLog {
    fn empty() -> SupportLog {
        SupportLog {
            app: env!("CARGO_PKG_VERSION"),
            protocol: rounds_protocol::VERSION,
            store: Store::VERSION,
            kills_survived: 0,
            waiting: 0,
            held: 0,
            blocked: 0,
            photos_waiting: 0,
            tries: vec![],
            trouble: None,
        }
    }
}

/// Reads what can be read, each figure by itself: a page of the file that is damaged has not all of them.
fn support_log(
    db: &Connection,
    kills: impl Fn(&Connection) -> Result<u64, Fail>,
    mut trouble: Option<Refusal>,
    lang: Lang,
) -> SupportLog {
    let mut note = |fail: Fail| {
        let error = RoundsError::from(fail);
        trouble.get_or_insert_with(|| Refusal::new(&error.code, error.text, error.remedy));
    };
    let mut figure = |read: &dyn Fn(&Connection) -> Result<u64, Fail>| {
        read(db).unwrap_or_else(|fail| {
            note(fail);
            0
        })
    };
    let kills_survived = figure(&kills);
    let waiting = figure(&|db| Ok(outbox::count(db)?.0));
    let held = figure(&outbox::held_total);
    let blocked = figure(&acts::blocked_count);
    let photos_waiting = figure(&uploads::count_waiting);
    let zone = match crate::identity::load(db) {
        Ok(me) => me.map_or(chrono_tz::UTC, |me| me.zone()),
        Err(fail) => {
            note(fail);
            chrono_tz::UTC
        }
    };
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
    let (tries, left) = sync_log::newest_readable(db, SHOWN);
    left.into_iter().for_each(&mut note);
    let tries = tries.into_iter().map(entry).collect();
    let trouble = trouble.as_ref().map(|why| Reason::of(why, lang));
    let counts = SupportLog { kills_survived, waiting, held, blocked, photos_waiting, ..SupportLog::empty() };
    SupportLog { tries, trouble, ..counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by a user: whoever was told to send the support log got no log, because the store was damaged.
    #[test]
    fn what_can_be_read_of_a_damaged_phone_is_in_its_log() {
        let dir = tempfile::tempdir().unwrap();
        let key = Key([1; 32]);
        let store = Store::open(&dir.path().join("rounds.db"), key.clone()).unwrap();
        let tried = Tried { outcome: "offline".into(), cause: "timer".into(), ..Tried::default() };
        store.write(|tx| sync_log::add(tx, &tried)).unwrap();
        store.write(|tx| Ok(tx.execute_batch("ALTER TABLE outbox RENAME TO gone")?)).unwrap();
        drop(store);
        let why = || RoundsError::from(Fail::Damaged("the database file"));
        let log = rescued(dir.path(), &key, why(), Lang::En);
        assert_eq!((log.tries.len(), log.trouble.unwrap().code.as_str()), (1, "store-damaged"));
        let other = rescued(dir.path(), &Key([2; 32]), why(), Lang::En);
        assert!(
            other.tries.is_empty() && other.trouble.is_some(),
            "nothing of it can be read, and it says so"
        );
        let nowhere = rescued(&dir.path().join("nowhere"), &key, why(), Lang::En);
        assert!(nowhere.tries.is_empty() && !dir.path().join("nowhere").exists());
    }
}
