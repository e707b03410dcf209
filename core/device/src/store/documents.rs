//! Documents at rest: a snapshot and a tail of changes.
//!
//! An answer appends one row of some 120 bytes; rewriting the snapshot each time would cost more
//! with every answer. The tail is folded in when it is long, or when the document is rewritten
//! anyway.

use crate::error::Fail;
use rounds_model::document::Document;
use rounds_model::ids::{ChangeHash, DocId};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// A tail longer than this is folded into the snapshot. Loading 64 changes costs about half a
/// millisecond more than loading the snapshot alone.
const LONGEST_TAIL: i64 = 64;

/// Opens a document; `None` if it is not on this phone.
pub fn load(db: &Connection, doc: DocId) -> Result<Option<Document>, Fail> {
    let mut query = db.prepare_cached("SELECT snapshot FROM documents WHERE doc = ?1")?;
    let snapshot: Option<Vec<u8>> = query.query_row([doc.as_bytes()], |r| r.get(0)).optional()?;
    let mut query = db.prepare_cached("SELECT change FROM tail WHERE doc = ?1 ORDER BY n")?;
    let tail: Vec<Vec<u8>> = query.query_map([doc.as_bytes()], |r| r.get(0))?.collect::<Result<_, _>>()?;
    if snapshot.is_none() && tail.is_empty() {
        return Ok(None);
    }
    let mut document = match snapshot {
        Some(bytes) => Document::load(&bytes)?,
        None => Document::new(),
    };
    if !tail.is_empty() {
        document.apply_bytes(tail.iter().map(Vec::as_slice))?;
    }
    Ok(Some(document))
}

/// Appends changes that `document` already contains, and folds the tail in when it is long.
pub fn append(
    tx: &Transaction<'_>,
    doc: DocId,
    document: &Document,
    hashes: &[ChangeHash],
) -> Result<(), Fail> {
    let mut changes = Vec::with_capacity(hashes.len());
    for hash in hashes {
        changes.push(document.change_bytes(hash).ok_or(Fail::Damaged("a change is not in its document"))?);
    }
    append_changes(tx, doc, document, &changes)
}

/// The same, for who has the changes at hand: automerge has to look for them.
pub fn append_changes(
    tx: &Transaction<'_>,
    doc: DocId,
    document: &Document,
    changes: &[Vec<u8>],
) -> Result<(), Fail> {
    let mut query = tx.prepare_cached("SELECT coalesce(max(n), 0) FROM tail WHERE doc = ?1")?;
    let mut last: i64 = query.query_row([doc.as_bytes()], |r| r.get(0))?;
    if last + changes.len() as i64 > LONGEST_TAIL {
        return replace(tx, doc, document);
    }
    let mut insert = tx.prepare_cached("INSERT INTO tail (doc, n, change) VALUES (?1, ?2, ?3)")?;
    for bytes in changes {
        last += 1;
        insert.execute((doc.as_bytes(), last, bytes))?;
    }
    Ok(())
}

/// Stores the whole document as one snapshot.
pub fn replace(tx: &Transaction<'_>, doc: DocId, document: &Document) -> Result<(), Fail> {
    store_snapshot(tx, doc, &document.save())?;
    tx.prepare_cached("DELETE FROM tail WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// Stores a snapshot as it came, without opening it. The document must have no tail.
pub fn store_snapshot(tx: &Transaction<'_>, doc: DocId, snapshot: &[u8]) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO documents (doc, snapshot) VALUES (?1, ?2)")?;
    insert.execute((doc.as_bytes(), snapshot))?;
    Ok(())
}

/// Stores a snapshot as it came, if the phone holds nothing of this document. False if it does.
pub fn store_new(tx: &Transaction<'_>, doc: DocId, snapshot: &[u8]) -> Result<bool, Fail> {
    let mut tailed = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM tail WHERE doc = ?1)")?;
    if tailed.query_row([doc.as_bytes()], |r| r.get(0))? {
        return Ok(false);
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO documents (doc, snapshot) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    Ok(insert.execute((doc.as_bytes(), snapshot))? == 1)
}

/// Forgets a document.
pub fn remove(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM tail WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM documents WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// True if the phone holds anything of this document.
pub fn exists(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let mut query = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM documents WHERE doc = ?1) OR EXISTS (SELECT 1 FROM tail WHERE doc = ?1)",
    )?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

/// The ids of at most so many documents after this one, sorted.
pub fn after(db: &Connection, after: Option<DocId>, limit: usize) -> Result<Vec<DocId>, Fail> {
    let sql = "SELECT doc FROM documents WHERE doc > ?1 UNION SELECT doc FROM tail WHERE doc > ?1
               ORDER BY 1 LIMIT ?2";
    let mut query = db.prepare_cached(sql)?;
    let after = after.map_or(Vec::new(), |doc| doc.as_bytes().to_vec());
    let mut rows = query.query((after, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// The ids of all documents, sorted.
pub fn all(db: &Connection) -> Result<Vec<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT doc FROM documents UNION SELECT doc FROM tail ORDER BY 1")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}
