//! The index of finders: records by what some of their keys say.
//!
//! Which keys are kept follows from what finders ask, not from packs: a key is added the first time that
//! it is asked for, with the values of all rows, and is kept with every row from then on. So an upgrade
//! of the app or of a pack leaves nothing behind that would have to be made again.

use super::from_column;
use crate::error::Fail;
use rounds_model::ids::DocId;
use rounds_workflow::{Lookup, Projection};
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::collections::BTreeSet;

/// The keys of lookups that are not kept yet.
pub fn unkept(db: &Connection, kind: &str, lookups: &[Lookup]) -> Result<Vec<(String, String)>, Fail> {
    let mut out = vec![];
    for (kind, key) in lookups.iter().flat_map(|lookup| lookup.keys(kind)) {
        if id(db, kind, key)?.is_none() {
            out.push((kind.to_owned(), key.to_owned()));
        }
    }
    Ok(out)
}

/// Keeps a key of a kind from now on, for the rows that are there too.
pub fn keep(tx: &Transaction<'_>, kind: &str, key: &str) -> Result<(), Fail> {
    tx.prepare_cached("INSERT OR IGNORE INTO sought (kind, key) VALUES (?1, ?2)")?.execute((kind, key))?;
    let id = id(tx, kind, key)?.ok_or(Fail::Damaged("a key that was kept is not there"))?;
    let mut rows = tx.prepare_cached("SELECT n, body FROM records WHERE kind = ?1")?;
    let mut rows = rows.query([kind])?;
    while let Some(row) = rows.next()? {
        let projection: Projection = from_column(row.get_ref(1)?.as_blob()?)?;
        put_word(tx, id, key, row.get(0)?, &projection)?;
    }
    Ok(())
}

/// Keeps what a row says now. `is_new`: it said nothing before.
pub(super) fn put(tx: &Transaction<'_>, n: i64, row: &Projection, is_new: bool) -> Result<(), Fail> {
    let mut keys = tx.prepare_cached("SELECT id, key FROM sought WHERE kind = ?1")?;
    let mut keys = keys.query([&row.kind])?;
    let mut first = !is_new;
    while let Some(key) = keys.next()? {
        if std::mem::take(&mut first) {
            remove(tx, n)?;
        }
        put_word(tx, key.get(0)?, key.get_ref(1)?.as_str().unwrap_or_default(), n, row)?;
    }
    Ok(())
}

/// Forgets what a row said.
pub(super) fn remove(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM sought_words WHERE n = ?1")?.execute([n])?;
    Ok(())
}

/// The rows of a kind that are looked up like any of these, by their places in lists.
pub fn look_up(db: &Connection, kind: &str, lookups: &[Lookup]) -> Result<BTreeSet<i64>, Fail> {
    let mut found = BTreeSet::new();
    for lookup in lookups {
        match lookup {
            Lookup::Among { key, words } => among(db, kind, key, words, &mut found)?,
            Lookup::Days { key, from, before } => {
                let Some(id) = id(db, kind, key)? else { continue };
                let sql = "SELECT n FROM sought_words WHERE key = ?1 AND word >= ?2 AND word < ?3";
                let from = from.as_deref().unwrap_or_default();
                // After every day that a calendar can have.
                let before = before.as_deref().unwrap_or(":");
                rows(db, sql, (id, from, before), &mut found)?;
            }
            Lookup::Through { key, kind: other, to } => {
                let mut words = vec![];
                for n in look_up(db, other, to)? {
                    let mut doc = db.prepare_cached("SELECT doc FROM records WHERE n = ?1")?;
                    let doc: Option<[u8; 16]> = doc.query_row([n], |row| row.get(0)).optional()?;
                    words.extend(doc.map(|doc| Lookup::word(&DocId(doc).to_string())));
                }
                among(db, kind, key, &words, &mut found)?;
            }
        }
    }
    Ok(found)
}

fn among(
    db: &Connection,
    kind: &str,
    key: &str,
    words: &[String],
    found: &mut BTreeSet<i64>,
) -> Result<(), Fail> {
    let Some(id) = id(db, kind, key)? else { return Ok(()) };
    let sql = "SELECT n FROM sought_words WHERE key = ?1 AND word = ?2";
    words.iter().try_for_each(|word| rows(db, sql, (id, word), found))
}

fn rows(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    found: &mut BTreeSet<i64>,
) -> Result<(), Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    while let Some(row) = rows.next()? {
        found.insert(row.get(0)?);
    }
    Ok(())
}

fn put_word(tx: &Transaction<'_>, id: i64, key: &str, n: i64, row: &Projection) -> Result<(), Fail> {
    let Some(value) = row.data.get(key) else { return Ok(()) };
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO sought_words (key, word, n) VALUES (?1, ?2, ?3)")?;
    insert.execute((id, Lookup::word(&value.to_string()), n))?;
    Ok(())
}

fn id(db: &Connection, kind: &str, key: &str) -> Result<Option<i64>, Fail> {
    let mut query = db.prepare_cached("SELECT id FROM sought WHERE kind = ?1 AND key = ?2")?;
    Ok(query.query_row((kind, key), |row| row.get(0)).optional()?)
}
