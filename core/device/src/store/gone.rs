//! Records that leave the phone, and those that were removed.

use crate::error::Fail;
use crate::recording::apart;
use crate::store::{documents, outbox, records};
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scope::Scope;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// A record that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Which.
    pub doc: DocId,
    /// Who held it.
    pub scope: Scope,
    /// The stage that it was brought to.
    pub stage: String,
}

/// Notes that a record left a scope. Nothing is noted of one that is not here.
pub fn mark_leaving(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    if documents::exists(tx, doc)? || tombstone(tx, doc)?.is_some() {
        tx.prepare_cached("INSERT OR IGNORE INTO leaving (doc) VALUES (?1)")?.execute([doc.as_bytes()])?;
    }
    Ok(())
}

/// Notes that a record is here to stay: it came into one of the phone's scopes.
pub fn mark_here(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM leaving WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM tombstones WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// The records that are to go.
pub fn leaving(db: &Connection) -> Result<Vec<DocId>, Fail> {
    docs(db, "SELECT doc FROM leaving ORDER BY doc", [])
}

/// Notes that a record was removed.
pub fn put_tombstone(tx: &Transaction<'_>, stone: &Tombstone) -> Result<(), Fail> {
    mark_here(tx, stone.doc)?;
    let mut insert = tx.prepare_cached("INSERT INTO tombstones (doc, scope, stage) VALUES (?1, ?2, ?3)")?;
    insert.execute((stone.doc.as_bytes(), stone.scope.to_string(), &stone.stage))?;
    Ok(())
}

/// Whether a record was removed.
pub fn tombstone(db: &Connection, doc: DocId) -> Result<Option<Tombstone>, Fail> {
    let mut query = db.prepare_cached("SELECT scope, stage FROM tombstones WHERE doc = ?1")?;
    let found: Option<(String, String)> =
        query.query_row([doc.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let scope = |text: String| text.parse().map_err(|_| Fail::Damaged("a stored scope cannot be read"));
    found.map(|(text, stage)| Ok(Tombstone { doc, scope: scope(text)?, stage })).transpose()
}

/// The records that were removed, sorted.
pub fn tombstones(db: &Connection) -> Result<Vec<DocId>, Fail> {
    docs(db, "SELECT doc FROM tombstones ORDER BY doc", [])
}

/// Every scope that a record or tombstone here is in.
pub fn scopes(db: &Connection) -> Result<Vec<String>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/scopes.sql"))?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The records and tombstones of a scope.
pub fn of_scope(db: &Connection, scope: &str) -> Result<Vec<DocId>, Fail> {
    let sql = "SELECT doc FROM records WHERE scope = ?1 UNION SELECT doc FROM tombstones WHERE scope = ?1";
    docs(db, sql, [scope])
}

/// True if nothing of a record is on its way to the server, held back or being recorded. An act that the server has and
/// whose ruling is not here counts as nothing: the ruling is where the record went.
pub fn is_idle(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let sql = "SELECT EXISTS (SELECT 1 FROM uploads WHERE doc = ?1 AND receipt_ms IS NULL)";
    let busy: bool = db.prepare_cached(sql)?.query_row([doc.as_bytes()], |r| r.get(0))?;
    Ok(!busy && !apart::is_of(db, doc)? && !outbox::has(db, doc)? && outbox::held_count(db, doc)? == 0)
}

/// Forgets a record and everything about it. The files of its photos are deleted by [`unwanted`].
pub fn forget(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    records::remove(tx, doc)?;
    documents::remove(tx, doc)?;
    for sql in [
        "INSERT OR IGNORE INTO unwanted (hash)
         SELECT hash FROM blobs WHERE doc = ?1
         UNION SELECT hash FROM uploads WHERE doc = ?1
         EXCEPT SELECT hash FROM uploads WHERE doc <> ?1",
        "DELETE FROM uploads WHERE doc = ?1",
        "DELETE FROM acts WHERE doc = ?1",
        "DELETE FROM foreseen WHERE doc = ?1",
        "DELETE FROM handed WHERE doc = ?1",
        "DELETE FROM typed WHERE doc = ?1",
        "DELETE FROM lacking WHERE doc = ?1",
        "DELETE FROM sheets WHERE doc = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([doc.as_bytes()])?;
    }
    tx.prepare_cached("DELETE FROM blobs WHERE hash IN (SELECT hash FROM unwanted)")?.execute([])?;
    mark_here(tx, doc)
}

/// Beside what [`forget`] takes: where somebody was in it, and what a recorder had begun for it. For a record that
/// nobody will ever ask about again.
pub fn leave_nothing(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    for sql in [
        "DELETE FROM places WHERE doc = ?1",
        "DELETE FROM spent WHERE doc = ?1",
        "DELETE FROM looks WHERE doc = ?1",
        "DELETE FROM taken WHERE doc = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([doc.as_bytes()])?;
    }
    Ok(())
}

/// Gives up a photo on its way, by its place in the queue. Its file is deleted like those of a record
/// that was forgotten, unless another record has it.
pub fn give_up(tx: &Transaction<'_>, n: i64, hash: &BlobHash) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM uploads WHERE n = ?1")?.execute([n])?;
    let_go(tx, hash)
}

/// Takes a photo out of the queue, by its place there, and keeps it for as long as its record is here.
pub fn keep_here(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM uploads WHERE n = ?1")?.execute([n])?;
    Ok(())
}

/// Lets a photo go that is not on its way: its file is deleted like those of a record that was forgotten.
pub fn let_go(tx: &Transaction<'_>, hash: &BlobHash) -> Result<(), Fail> {
    let sql = "INSERT OR IGNORE INTO unwanted (hash)
               SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE hash = ?1)";
    tx.prepare_cached(sql)?.execute([hash.as_bytes()])?;
    tx.prepare_cached("DELETE FROM blobs WHERE hash IN (SELECT hash FROM unwanted)")?.execute([])?;
    Ok(())
}

/// The photos whose files are to be deleted.
pub fn unwanted(db: &Connection) -> Result<Vec<BlobHash>, Fail> {
    let mut query = db.prepare_cached("SELECT hash FROM unwanted EXCEPT SELECT hash FROM uploads")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(BlobHash::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// Notes that such a file is deleted.
pub fn swept(tx: &Transaction<'_>, hash: &BlobHash) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM unwanted WHERE hash = ?1")?.execute([hash.as_bytes()])?;
    Ok(())
}

/// Forgets everything but what is in `meta` and in the words about handed-over work.
pub fn forget_all(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute_batch(include_str!("sql/forget_all.sql"))?;
    Ok(())
}

fn docs(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<DocId>, Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}
