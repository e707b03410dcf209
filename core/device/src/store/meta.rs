//! Single values: who this phone is, its keys and counters.

use super::{from_column, to_column};
use crate::error::Fail;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a value; `None` if it was never set.
pub fn get<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<Option<T>, Fail> {
    let mut query = db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let bytes: Option<Vec<u8>> = query.query_row([key], |r| r.get(0)).optional()?;
    bytes.map(|b| from_column(&b)).transpose()
}

/// Forgets a value.
pub fn remove(tx: &Transaction<'_>, key: &str) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Sets a value.
pub fn set<T: Serialize>(tx: &Transaction<'_>, key: &str, value: &T) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute((key, to_column(value)?))?;
    Ok(())
}
