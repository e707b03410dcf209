//! Runs: every opening is recorded, and every orderly end. What was opened and never closed was
//! killed, by the system, by an empty battery or by a test.

use crate::error::Fail;
use rusqlite::{Connection, Transaction};

/// Records an opening; returns its number.
pub fn opened(tx: &Transaction<'_>, now_ms: i64) -> Result<i64, Fail> {
    tx.execute("INSERT INTO runs (opened_ms) VALUES (?1)", [now_ms])?;
    Ok(tx.last_insert_rowid())
}

/// Records an orderly end.
pub fn closed(tx: &Transaction<'_>, run: i64, now_ms: i64) -> Result<(), Fail> {
    tx.execute("UPDATE runs SET closed_ms = ?2 WHERE n = ?1", (run, now_ms))?;
    Ok(())
}

/// How many earlier runs ended by a kill.
pub fn killed(db: &Connection, this_run: i64) -> Result<u64, Fail> {
    let sql = "SELECT count(*) FROM runs WHERE closed_ms IS NULL AND n < ?1";
    Ok(db.query_row(sql, [this_run], |r| r.get(0))?)
}
