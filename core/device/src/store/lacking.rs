//! Records whose content cannot be read any more, until the server has sent it again.

use crate::error::Fail;
use crate::store::documents;
use rounds_model::ids::DocId;
use rusqlite::{Connection, Transaction};

/// Takes a record's content out of the way.
pub fn put(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    let sql = "INSERT OR REPLACE INTO lacking (doc, content)
               VALUES (?1, (SELECT snapshot FROM documents WHERE doc = ?1))";
    tx.prepare_cached(sql)?.execute([doc.as_bytes()])?;
    documents::remove(tx, doc)
}

/// The content is here again.
pub fn remove(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM lacking WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// True if a record is among them.
pub fn has(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let mut query = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM lacking WHERE doc = ?1)")?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

/// Some of them, sorted.
pub fn some(db: &Connection, limit: usize) -> Result<Vec<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT doc FROM lacking ORDER BY doc LIMIT ?1")?;
    let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}
