//! Today: the day's records in their order, with the chip. Reads the projection only; no document
//! is opened.

use super::row::{Row, row};
use super::status::{Status, status};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::records;
use chrono::TimeZone;
use rounds_model::text::Lang;
use rusqlite::Connection;
use serde::Serialize;

/// The Today screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Today {
    /// The team's day: `2026-11-23`.
    pub day: String,
    /// Whose day.
    pub person: String,
    /// The chip.
    pub status: Status,
    /// Of the day's records, how many are dealt with.
    pub done: u64,
    /// The day's records in their order; what is dealt with comes last.
    pub rows: Vec<Row>,
}

impl Rounds {
    /// The Today screen.
    pub fn today(&self, lang: Lang) -> Result<Today, RoundsError> {
        Ok(self.store.read(|db| today(self, db, lang))?)
    }
}

fn today(rounds: &Rounds, db: &Connection, lang: Lang) -> Result<Today, Fail> {
    let me = rounds.identity()?;
    let catalogue = rounds.catalogue();
    let utc = chrono::DateTime::from_timestamp_millis(rounds.now(db)?.at_ms).unwrap_or_default();
    let day = me.zone().from_utc_datetime(&utc.naive_utc()).format("%Y-%m-%d").to_string();
    let mut mine = records::of_day(db, &day)?;
    mine.retain(|r| r.projection.owner == me.person.id);
    mine.sort_by(|a, b| {
        let key = |r: &records::Record| (r.projection.done, r.projection.order.unwrap_or(f64::MAX));
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let done = mine.iter().filter(|r| r.projection.done).count() as u64;
    let rows = mine.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, _>>()?;
    Ok(Today { day, person: me.person.name, status: status(rounds, db, lang)?, done, rows })
}
