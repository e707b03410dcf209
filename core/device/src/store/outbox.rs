//! What the server has not receipted, and what it holds.

use super::before::Before;
use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_protocol::exchange::{Packed, PushItem};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::collections::BTreeSet;

/// An item that waits for its receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its place in the outbox.
    pub n: i64,
    /// The record.
    pub doc: DocId,
    /// The bytes that are sent.
    pub item: Packed,
    /// When it was made, Unix milliseconds.
    pub at_ms: i64,
    /// It was held or handed over before, and is in no record here.
    pub again: bool,
    /// What the server had of it before it was put back.
    pub before: Before,
}

/// An item that the server did not apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Its place among the held.
    pub n: i64,
    /// The record.
    pub doc: DocId,
    /// What it says.
    pub item: PushItem,
    /// Why it is held.
    pub refusal: Refusal,
    /// When it was held, Unix milliseconds.
    pub at_ms: i64,
    /// What the server had of it before it was put back.
    pub before: Before,
    /// An act of the record has come since it was held.
    pub ruled_since: bool,
}

/// An item that the server has.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The record.
    pub doc: DocId,
    /// When the server's receipt was stored, Unix milliseconds.
    pub taken_ms: i64,
    /// Its place in the server's log.
    pub seq: u64,
}

/// Receipts that are remembered for the screen.
pub const TAKEN: i64 = 100;

/// Adds an item at the end.
pub fn push(tx: &Transaction<'_>, doc: DocId, item: &PushItem, at_ms: i64) -> Result<(), Fail> {
    push_as(tx, doc, item, at_ms, false, &Before::Nothing)
}

/// The same, of which the server had something before it was put back; or which was held or handed over before and is
/// in no record here, if that is so.
pub fn push_as(
    tx: &Transaction<'_>,
    doc: DocId,
    item: &PushItem,
    at_ms: i64,
    again: bool,
    before: &Before,
) -> Result<(), Fail> {
    let packed = item.pack().map_err(|_| Fail::Damaged("an item cannot be encoded"))?;
    let sql = "INSERT INTO outbox (doc, what, item, at_ms, again, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut insert = tx.prepare_cached(sql)?;
    insert.execute((doc.as_bytes(), what(item), packed.0, at_ms, again, before))?;
    Ok(())
}

/// The oldest items, up to a number and a size (but at least one).
pub fn oldest(db: &Connection, items: usize, bytes: usize) -> Result<Vec<Waiting>, Fail> {
    after(db, 0, items, bytes)
}

/// The same after a place.
pub fn after(db: &Connection, place: i64, items: usize, bytes: usize) -> Result<Vec<Waiting>, Fail> {
    let sql = "SELECT n, doc, item, at_ms, again, before FROM outbox WHERE n > ?1 ORDER BY n LIMIT ?2";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query((place, i64::try_from(items).unwrap_or(i64::MAX)))?;
    let (mut out, mut size) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let item: Vec<u8> = row.get(2)?;
        size += item.len();
        if size > bytes && !out.is_empty() {
            break;
        }
        let doc = DocId::from_slice(row.get_ref(1)?.as_blob()?)?;
        let (n, at_ms, again, before) = (row.get(0)?, row.get(3)?, row.get(4)?, row.get(5)?);
        out.push(Waiting { n, doc, item: Packed(item), at_ms, again, before });
    }
    Ok(out)
}

/// All waiting items of one record.
pub fn of(db: &Connection, doc: DocId) -> Result<Vec<(i64, PushItem)>, Fail> {
    let mut query = db.prepare_cached("SELECT n, item FROM outbox WHERE doc = ?1 ORDER BY n")?;
    let mut rows = query.query([doc.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((row.get(0)?, from_column(row.get_ref(1)?.as_blob()?)?));
    }
    Ok(out)
}

/// How many items wait.
pub fn waiting(db: &Connection) -> Result<u64, Fail> {
    Ok(db.prepare_cached("SELECT count(*) FROM outbox")?.query_row([], |r| r.get(0))?)
}

/// How many items wait, in all and as records: for a screen, because it sorts all of them.
pub fn count(db: &Connection) -> Result<(u64, u64), Fail> {
    let mut query = db.prepare_cached("SELECT count(*), count(DISTINCT doc) FROM outbox")?;
    Ok(query.query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// True if something of this record waits.
pub fn has(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let mut query = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE doc = ?1)")?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

/// Takes everything out.
pub fn clear(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute("DELETE FROM outbox", [])?;
    Ok(())
}

/// Takes an item out that the server has, and remembers the receipt for a while.
pub fn take(tx: &Transaction<'_>, n: i64, seq: u64, at_ms: i64) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(include_str!("sql/taken.sql"))?;
    insert.execute((n, at_ms, seq))?;
    tx.prepare_cached("DELETE FROM taken WHERE n <= ?1")?.execute([n - TAKEN])?;
    remove(tx, n)
}

/// The newest receipts, newest first: one for each record.
pub fn taken(db: &Connection) -> Result<Vec<Taken>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/taken_newest.sql"))?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let doc = DocId::from_slice(row.get_ref(0)?.as_blob()?)?;
        out.push(Taken { doc, taken_ms: row.get(1)?, seq: row.get(2)? });
    }
    Ok(out)
}

/// The number of the newest item that there ever was: it moves when something new is to be sent.
pub fn newest(db: &Connection) -> Result<i64, Fail> {
    super::last_number(db, "outbox")
}

/// The place of the oldest item.
pub fn first(db: &Connection) -> Result<Option<i64>, Fail> {
    Ok(db.prepare_cached("SELECT min(n) FROM outbox")?.query_row([], |r| r.get(0))?)
}

/// Takes an item out.
pub fn remove(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM outbox WHERE n = ?1")?.execute([n])?;
    Ok(())
}

/// Moves an item from the outbox to the held ones.
pub fn hold(tx: &Transaction<'_>, n: i64, refusal: &Refusal, at_ms: i64) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO held (doc, what, item, refusal, at_ms, before)
         SELECT doc, what, item, ?2, ?3, before FROM outbox WHERE n = ?1",
    )?;
    insert.execute((n, to_column(refusal)?, at_ms))?;
    remove(tx, n)
}

/// Holds an item that was never in the outbox.
pub fn set_aside(
    tx: &Transaction<'_>,
    doc: DocId,
    item: &PushItem,
    refusal: &Refusal,
    at_ms: i64,
) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT INTO held (doc, what, item, refusal, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    insert.execute((doc.as_bytes(), what(item), to_column(item)?, to_column(refusal)?, at_ms))?;
    Ok(())
}

/// The records of which something is held.
pub fn held_docs(db: &Connection) -> Result<BTreeSet<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT DISTINCT doc FROM held")?;
    let mut rows = query.query([])?;
    let mut out = BTreeSet::new();
    while let Some(row) = rows.next()? {
        out.insert(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// Everything that is held, oldest first.
pub fn held(db: &Connection) -> Result<Vec<Held>, Fail> {
    let mut query =
        db.prepare_cached("SELECT n, doc, item, refusal, at_ms, before, news FROM held ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(held_row(row)?);
    }
    Ok(out)
}

/// The oldest of what is held, at most so many.
pub fn held_first(db: &Connection, limit: usize) -> Result<Vec<Held>, Fail> {
    let sql = "SELECT n, doc, item, refusal, at_ms, before, news FROM held ORDER BY n LIMIT ?1";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([limit])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(held_row(row)?);
    }
    Ok(out)
}

/// The held items of one record, oldest first.
pub fn held_of(db: &Connection, doc: DocId) -> Result<Vec<Held>, Fail> {
    let sql = "SELECT n, doc, item, refusal, at_ms, before, news FROM held WHERE doc = ?1 ORDER BY n";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([doc.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(held_row(row)?);
    }
    Ok(out)
}

/// In the column `news` of what is held: an edit of its record has come, or an act.
const EDITED: i64 = 1;
const RULED: i64 = 2;

/// Notes that something of a record has come from the server while items of it are held.
pub fn note_news(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    note(tx, doc, EDITED)
}

/// The same of an act, which may have led the record to another stage.
pub fn note_ruling(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    note(tx, doc, RULED)
}

fn note(tx: &Transaction<'_>, doc: DocId, what: i64) -> Result<(), Fail> {
    let mut update = tx.prepare_cached("UPDATE held SET news = max(news, ?2) WHERE doc = ?1")?;
    update.execute((doc.as_bytes(), what))?;
    Ok(())
}

/// Notes that the news were looked at.
pub fn forget_news(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("UPDATE held SET news = 0 WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// The records with held items and with news since.
pub fn held_with_news(db: &Connection) -> Result<Vec<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT DISTINCT doc FROM held WHERE news > 0 ORDER BY doc")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// One held item.
pub fn held_one(db: &Connection, n: i64) -> Result<Held, Fail> {
    let mut query =
        db.prepare_cached("SELECT n, doc, item, refusal, at_ms, before, news FROM held WHERE n = ?1")?;
    let mut rows = query.query([n])?;
    rows.next()?.map(held_row).transpose()?.ok_or(Fail::UnknownHeld)
}

fn held_row(row: &Row<'_>) -> Result<Held, Fail> {
    Ok(Held {
        n: row.get(0)?,
        doc: DocId::from_slice(row.get_ref(1)?.as_blob()?)?,
        item: from_column(row.get_ref(2)?.as_blob()?)?,
        refusal: from_column(row.get_ref(3)?.as_blob()?)?,
        at_ms: row.get(4)?,
        before: row.get(5)?,
        ruled_since: row.get::<_, i64>(6)? >= RULED,
    })
}

/// Forgets a held item.
pub fn remove_held(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM held WHERE n = ?1")?.execute([n])?;
    Ok(())
}

/// Remembers that a held edit was tried again, and as what.
pub fn note_retried(tx: &Transaction<'_>, old: &ChangeHash, new: &ChangeHash) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO retried (old, new) VALUES (?1, ?2)")?;
    insert.execute((old.as_bytes(), new.as_bytes()))?;
    Ok(())
}

/// As what a held edit was tried again, if it was.
pub fn retried(db: &Connection, old: &ChangeHash) -> Result<Option<ChangeHash>, Fail> {
    let mut query = db.prepare_cached("SELECT new FROM retried WHERE old = ?1")?;
    let new: Option<Vec<u8>> = query.query_row([old.as_bytes()], |r| r.get(0)).optional()?;
    Ok(new.map(|bytes| ChangeHash::from_slice(&bytes)).transpose()?)
}

/// How many items are held.
pub fn held_total(db: &Connection) -> Result<u64, Fail> {
    Ok(db.prepare_cached("SELECT count(*) FROM held")?.query_row([], |r| r.get(0))?)
}

/// How many items of a record are held.
pub fn held_count(db: &Connection, doc: DocId) -> Result<u64, Fail> {
    let mut query = db.prepare_cached("SELECT count(*) FROM held WHERE doc = ?1")?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

fn what(item: &PushItem) -> &'static str {
    match item {
        PushItem::Edit(_) => "edit",
        PushItem::Act(_) => "act",
    }
}
