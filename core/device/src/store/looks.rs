//! What the photos of this phone look like.

use crate::error::Fail;
use rounds_evidence::photo::Look;
use rounds_model::ids::{BlobHash, DocId};
use rusqlite::{Connection, Transaction};

/// How many of the newest photos are compared with a new one.
const COMPARED: u32 = 5_000;

/// A photo of this phone that looks nearly like another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Its bytes' hash.
    pub blob: BlobHash,
    /// When it was taken, Unix milliseconds.
    pub at_ms: i64,
}

/// Notes a photo.
pub fn put(tx: &Transaction<'_>, blob: &BlobHash, doc: DocId, look: Look, at_ms: i64) -> Result<(), Fail> {
    let sql = "INSERT INTO looks (blob, doc, look, at_ms) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute((blob.as_bytes(), doc.as_bytes(), look.0.cast_signed(), at_ms))?;
    Ok(())
}

/// Forgets a photo that was let go.
pub fn forget(tx: &Transaction<'_>, blob: &BlobHash) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM looks WHERE blob = ?1")?.execute([blob.as_bytes()])?;
    Ok(())
}

/// The newest photo that looks nearly like this, be it the very same bytes; `instead` is taken again, and
/// not compared with.
pub fn near(
    db: &Connection,
    look: Look,
    blob: &BlobHash,
    instead: Option<&BlobHash>,
) -> Result<Option<Near>, Fail> {
    let mut query = db.prepare_cached("SELECT blob, look, at_ms FROM looks ORDER BY n DESC LIMIT ?1")?;
    let mut rows = query.query([COMPARED])?;
    while let Some(row) = rows.next()? {
        let known = BlobHash::from_slice(row.get_ref(0)?.as_blob()?)?;
        let other = Look(row.get::<_, i64>(1)?.cast_unsigned());
        if Some(&known) != instead && (known == *blob || other.is_near(look)) {
            return Ok(Some(Near { blob: known, at_ms: row.get(2)? }));
        }
    }
    Ok(None)
}
