//! Work that the server took without applying it: this phone's own, in words, and what others wait
//! for about records that are here.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_protocol::exchange::{Decision, Handed, ItemHash, Packed};
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An item of this phone that the server took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// About which record.
    pub doc: DocId,
    /// What the record was called.
    pub title: Text,
    /// What the item says, in words.
    pub what: Text,
    /// Why it was not applied.
    pub refusal: Refusal,
    /// When it was taken, the server's clock, Unix milliseconds.
    pub at_ms: i64,
    /// Who held the record when it was taken, as far as this phone knew; phones of before did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What was decided, with the name of whoever did.
    pub decision: Option<(Decision, String)>,
}

/// Notes that an item was taken. It is there once, whatever is received twice.
pub fn take(tx: &Transaction<'_>, item: &Packed, taken: &Taken) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO handed_own (hash, item, body) VALUES (?1, ?2, ?3)")?;
    insert.execute((item.hash().0, &item.0, to_column(taken)?))?;
    Ok(())
}

/// Notes what was decided about an item of this phone; nothing if it is none.
pub fn decided(tx: &Transaction<'_>, hash: ItemHash, decision: &Decision, by: &str) -> Result<(), Fail> {
    let Some(mut taken) = words(tx, hash)? else { return Ok(()) };
    let decision = Some((decision.clone(), by.to_owned()));
    if taken.decision != decision {
        taken.decision = decision;
        store_words(tx, hash, &taken)?;
    }
    Ok(())
}

/// Notes that an item waits for a decision, also if this phone had heard of one: a server that was put
/// back to a backup has forgotten it.
pub fn waits(tx: &Transaction<'_>, hash: ItemHash) -> Result<(), Fail> {
    let Some(mut taken) = words(tx, hash)? else { return Ok(()) };
    if taken.decision.take().is_some() {
        store_words(tx, hash, &taken)?;
    }
    Ok(())
}

fn store_words(tx: &Transaction<'_>, hash: ItemHash, taken: &Taken) -> Result<(), Fail> {
    let sql = "UPDATE handed_own SET body = ?2, decided = ?3, seen = 0, aside = 0 WHERE hash = ?1";
    let decided = taken.decision.is_some();
    tx.prepare_cached(sql)?.execute((hash.0, to_column(taken)?, decided))?;
    Ok(())
}

/// Everything that was taken, decided about or not, oldest first: the record and the item.
pub fn items(db: &Connection) -> Result<Vec<(DocId, Packed)>, Fail> {
    let mut query = db.prepare_cached("SELECT body, item FROM handed_own WHERE item <> x'' ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let taken: Taken = from_column(row.get_ref(0)?.as_blob()?)?;
        out.push((taken.doc, Packed(row.get(1)?)));
    }
    Ok(out)
}

/// What was taken about these records and was not dropped, oldest first: the record and the item.
pub fn not_dropped(db: &Connection, docs: &BTreeSet<DocId>) -> Result<Vec<(DocId, Packed)>, Fail> {
    let mut query = db.prepare_cached("SELECT body, item FROM handed_own WHERE item <> x'' ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let taken: Taken = from_column(row.get_ref(0)?.as_blob()?)?;
        let dropped = taken.decision.is_some_and(|(decision, _)| !decision.accepted);
        if docs.contains(&taken.doc) && !dropped {
            out.push((taken.doc, Packed(row.get(1)?)));
        }
    }
    Ok(out)
}

/// What is known in words of an item that was taken.
pub fn words(db: &Connection, hash: ItemHash) -> Result<Option<Taken>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM handed_own WHERE hash = ?1")?;
    let body: Option<Vec<u8>> = query.query_row([hash.0], |r| r.get(0)).optional()?;
    body.map(|body| from_column(&body)).transpose()
}

/// One item that was taken, as it was sent; none if its bytes are not here.
pub fn item(db: &Connection, hash: ItemHash) -> Result<Option<Packed>, Fail> {
    let mut query = db.prepare_cached("SELECT item FROM handed_own WHERE hash = ?1 AND item <> x''")?;
    Ok(query.query_row([hash.0], |r| r.get(0)).optional()?.map(Packed))
}

/// True if anything is here that was taken.
pub fn any(db: &Connection) -> Result<bool, Fail> {
    Ok(db.prepare_cached("SELECT EXISTS (SELECT 1 FROM handed_own)")?.query_row([], |r| r.get(0))?)
}

/// The server has applied this item after all: its author may write the record again. There is nothing
/// to decide; the item is kept.
pub fn applied(tx: &Transaction<'_>, item: &Packed) -> Result<(), Fail> {
    let sql = "UPDATE handed_own SET seen = 1, aside = 1 WHERE hash = ?1 AND decided = 0";
    tx.prepare_cached(sql)?.execute([item.hash().0])?;
    Ok(())
}

/// The items that wait for a decision.
pub fn waiting(db: &Connection) -> Result<Vec<Taken>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM handed_own WHERE decided = 0 AND aside = 0")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(from_column(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// What was taken and is not put aside for good, oldest first, each with its number and whether the rep has put it aside.
pub fn taken(db: &Connection, limit: usize) -> Result<Vec<(i64, Taken, bool)>, Fail> {
    let mut query =
        db.prepare_cached("SELECT n, body, seen FROM handed_own WHERE aside = 0 ORDER BY n LIMIT ?1")?;
    let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((row.get(0)?, from_column(row.get_ref(1)?.as_blob()?)?, row.get(2)?));
    }
    Ok(out)
}

/// How many of them the rep has not put aside.
pub fn unseen(db: &Connection) -> Result<u64, Fail> {
    Ok(db.prepare_cached("SELECT count(*) FROM handed_own WHERE seen = 0")?.query_row([], |r| r.get(0))?)
}

/// The rep has read it: what is decided leaves the list, the rest stays until it is.
pub fn put_aside(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    let mut query = tx.prepare_cached("SELECT body FROM handed_own WHERE n = ?1")?;
    let body: Option<Vec<u8>> = query.query_row([n], |r| r.get(0)).optional()?;
    let taken: Taken = from_column(&body.ok_or(Fail::UnknownHeld)?)?;
    let sql = match taken.decision {
        Some(_) => "UPDATE handed_own SET seen = 1, aside = 1 WHERE n = ?1",
        None => "UPDATE handed_own SET seen = 1 WHERE n = ?1",
    };
    tx.prepare_cached(sql)?.execute([n])?;
    Ok(())
}

/// Forgets the words about everything that was taken.
pub fn forget_taken(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute("DELETE FROM handed_own", [])?;
    Ok(())
}

/// Stores that work waits for a decision.
pub fn put(tx: &Transaction<'_>, handed: &Handed) -> Result<(), Fail> {
    let number = number(handed)?;
    let mut insert =
        tx.prepare_cached("INSERT OR REPLACE INTO handed (number, doc, body) VALUES (?1, ?2, ?3)")?;
    insert.execute((number, handed.doc.as_bytes(), to_column(handed)?))?;
    Ok(())
}

/// Forgets work that was decided about.
pub fn remove(tx: &Transaction<'_>, handed: &Handed) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM handed WHERE number = ?1")?.execute([number(handed)?])?;
    Ok(())
}

/// The work that waits about a record, oldest first.
pub fn about(db: &Connection, doc: DocId) -> Result<Vec<Handed>, Fail> {
    many(db, "SELECT body FROM handed WHERE doc = ?1 ORDER BY number", [doc.as_bytes()])
}

/// All work that waits, oldest first.
pub fn all(db: &Connection) -> Result<Vec<Handed>, Fail> {
    many(db, "SELECT body FROM handed ORDER BY number", [])
}

fn many(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Handed>, Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(from_column(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// True if work about a record waits.
pub fn has(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let mut query = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM handed WHERE doc = ?1)")?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

fn number(handed: &Handed) -> Result<i64, Fail> {
    i64::try_from(handed.number.0).map_err(|_| Fail::Damaged("a sequence number is too large"))
}
