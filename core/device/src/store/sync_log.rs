//! What was tried, for support: a bounded table without content or names.

use crate::error::Fail;
use rusqlite::{Connection, Row, Transaction};
use serde::Serialize;

/// Rows that are kept.
pub const KEPT: i64 = 500;

/// One try, or several in a row of which the same came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tried {
    /// When it began, Unix milliseconds as far as the time was known.
    pub at_ms: i64,
    /// How often in a row the same came of it.
    pub times: u64,
    /// When the last of them began.
    pub last_ms: i64,
    /// What made it begin.
    pub cause: String,
    /// What came of it: `done`, `cancelled`, `deadline`, or the code of the error.
    pub outcome: String,
    /// Exchanges that were completed.
    pub exchanges: u64,
    /// Bytes up.
    pub up: u64,
    /// Bytes down.
    pub down: u64,
    /// Items that the server stored.
    pub sent: u64,
    /// Items that it holds back.
    pub held: u64,
    /// News.
    pub received: u64,
    /// Photos and files that it has received.
    pub photos: u64,
    /// How long it took, milliseconds.
    pub took_ms: u64,
}

/// Adds a try. A failure like the one before it, with nothing exchanged, is only counted.
pub fn add(tx: &Transaction<'_>, tried: &Tried) -> Result<(), Fail> {
    if tried.exchanges == 0 && tried.photos == 0 {
        let mut again = tx.prepare_cached(include_str!("sql/tried_again.sql"))?;
        let bytes = (tried.up, tried.down);
        if again.execute((&tried.outcome, tried.at_ms, bytes.0, bytes.1, tried.took_ms))? > 0 {
            return Ok(());
        }
    }
    let mut insert = tx.prepare_cached(include_str!("sql/tried.sql"))?;
    insert.execute(rusqlite::params![
        tried.at_ms,
        tried.cause,
        tried.outcome,
        tried.exchanges,
        tried.up,
        tried.down,
        tried.sent,
        tried.held,
        tried.received,
        tried.photos,
        tried.took_ms
    ])?;
    let oldest = tx.last_insert_rowid() - KEPT;
    tx.prepare_cached("DELETE FROM sync_log WHERE n <= ?1")?.execute([oldest])?;
    Ok(())
}

/// The newest tries, newest first.
pub fn newest(db: &Connection, limit: u32) -> Result<Vec<Tried>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/tried_newest.sql"))?;
    let rows = query.query_map([limit], tried)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The same as far as they can be read, and why no further.
pub fn newest_readable(db: &Connection, limit: u32) -> (Vec<Tried>, Option<Fail>) {
    let mut out = vec![];
    let mut read = || -> Result<(), Fail> {
        let mut query = db.prepare_cached(include_str!("sql/tried_newest.sql"))?;
        for row in query.query_map([limit], tried)? {
            out.push(row?);
        }
        Ok(())
    };
    let trouble = read().err();
    (out, trouble)
}

fn tried(row: &Row<'_>) -> rusqlite::Result<Tried> {
    Ok(Tried {
        at_ms: row.get(0)?,
        times: row.get(1)?,
        last_ms: row.get(2)?,
        cause: row.get(3)?,
        outcome: row.get(4)?,
        exchanges: row.get(5)?,
        up: row.get(6)?,
        down: row.get(7)?,
        sent: row.get(8)?,
        held: row.get(9)?,
        received: row.get(10)?,
        photos: row.get(11)?,
        took_ms: row.get(12)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};

    #[test]
    fn the_log_is_bounded_and_counts_what_repeats() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let add = |at_ms, outcome: &str, exchanges| {
            let (cause, outcome) = ("timer".to_owned(), outcome.to_owned());
            let tried = Tried { at_ms, cause, outcome, exchanges, up: 10, ..Tried::default() };
            store.write(|tx| super::add(tx, &tried)).unwrap();
        };
        add(1, "done", 1);
        for at in 2..50 {
            add(at, "offline", 0);
        }
        add(50, "busy", 0);
        add(51, "done", 1);
        add(52, "done", 1);
        let rows = store.read(|db| newest(db, 100)).unwrap();
        let short: Vec<_> = rows.iter().map(|r| (r.outcome.as_str(), r.at_ms, r.times, r.last_ms)).collect();
        let wanted = [
            ("done", 52, 1, 52),
            ("done", 51, 1, 51),
            ("busy", 50, 1, 50),
            ("offline", 2, 48, 49),
            ("done", 1, 1, 1),
        ];
        assert_eq!(short, wanted);
        assert_eq!(rows[3].up, 480);
        store
            .write(|tx| {
                for at_ms in 0..2 * KEPT {
                    super::add(tx, &Tried { at_ms, exchanges: 1, ..Tried::default() })?;
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(store.read(|db| newest(db, 10_000)).unwrap().len() as i64, KEPT);
    }
}
