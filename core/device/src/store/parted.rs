//! This phone's own part of records that went out of its sight. The server has it, but a server may be
//! put back to a backup that has not; and then nobody else might be able to say it again.
//!
//! It is no part of any record here and shown nowhere; it is forgotten with everything else when the
//! device has ended, and beyond a bound the oldest goes first.

use crate::error::Fail;
use rounds_model::ids::DocId;
use rounds_protocol::exchange::{Packed, PushItem};
use rusqlite::{Connection, Transaction};

/// Items that are kept: as many as the server keeps of one device in its queue.
pub const KEPT: i64 = 20_000;

/// Keeps items of a record, oldest first. What is kept already stays where it is.
pub fn keep(tx: &Transaction<'_>, doc: DocId, items: &[PushItem]) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO parted (hash, doc, item) VALUES (?1, ?2, ?3)")?;
    for item in items {
        let packed = item.pack().map_err(|_| Fail::Damaged("an item cannot be encoded"))?;
        insert.execute((packed.hash().0, doc.as_bytes(), packed.0))?;
    }
    let mut delete =
        tx.prepare_cached("DELETE FROM parted WHERE n <= (SELECT coalesce(max(n), 0) FROM parted) - ?1")?;
    delete.execute([KEPT])?;
    Ok(())
}

/// Everything that is kept, oldest first.
pub fn all(db: &Connection) -> Result<Vec<(DocId, Packed)>, Fail> {
    let mut query = db.prepare_cached("SELECT doc, item FROM parted ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((DocId::from_slice(row.get_ref(0)?.as_blob()?)?, Packed(row.get(1)?)));
    }
    Ok(out)
}
