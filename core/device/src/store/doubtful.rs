//! What others made and a server that was restored from a backup may have lost. It is noted when
//! this phone begins anew, and struck off as the server sends it; what is left when the server has
//! nothing more to send, the server has lost.

use crate::error::Fail;
use rounds_model::ids::{ActId, ChangeHash, DocId};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeSet, HashSet};

/// Doubts changes of a record.
pub fn note(tx: &Transaction<'_>, doc: DocId, changes: &HashSet<ChangeHash>) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO doubtful (doc, what, reference) VALUES (?1, 'edit', ?2)")?;
    for hash in changes {
        insert.execute((doc.as_bytes(), hash.as_bytes()))?;
    }
    Ok(())
}

/// Doubts every act of others.
pub fn note_acts(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute(
        "INSERT OR IGNORE INTO doubtful (doc, what, reference) SELECT doc, 'act', act FROM acts WHERE own = 0",
        [],
    )?;
    Ok(())
}

/// The server has this change.
pub fn strike(tx: &Transaction<'_>, doc: DocId, change: &ChangeHash) -> Result<(), Fail> {
    strike_one(tx, doc, "edit", change.as_bytes())
}

/// The server has this act.
pub fn strike_act(tx: &Transaction<'_>, doc: DocId, act: ActId) -> Result<(), Fail> {
    strike_one(tx, doc, "act", act.as_bytes())
}

fn strike_one(tx: &Transaction<'_>, doc: DocId, what: &str, reference: &[u8]) -> Result<(), Fail> {
    let mut delete =
        tx.prepare_cached("DELETE FROM doubtful WHERE doc = ?1 AND what = ?2 AND reference = ?3")?;
    delete.execute((doc.as_bytes(), what, reference))?;
    Ok(())
}

/// Nothing of this record is in doubt: the server will not send it again, for another reason.
pub fn trust(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM doubtful WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// The records of which something is in doubt; mostly none.
pub fn docs(db: &Connection) -> Result<BTreeSet<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT DISTINCT doc FROM doubtful")?;
    let mut rows = query.query([])?;
    let mut out = BTreeSet::new();
    while let Some(row) = rows.next()? {
        out.insert(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// The changes of a record that are in doubt.
pub fn changes(db: &Connection, doc: DocId) -> Result<HashSet<ChangeHash>, Fail> {
    of(db, doc, "edit")?.iter().map(|bytes| Ok(ChangeHash::from_slice(bytes)?)).collect()
}

/// The acts about a record that are in doubt.
pub fn acts(db: &Connection, doc: DocId) -> Result<Vec<ActId>, Fail> {
    of(db, doc, "act")?.iter().map(|bytes| Ok(ActId::from_slice(bytes)?)).collect()
}

fn of(db: &Connection, doc: DocId, what: &str) -> Result<Vec<Vec<u8>>, Fail> {
    let mut query = db.prepare_cached("SELECT reference FROM doubtful WHERE doc = ?1 AND what = ?2")?;
    Ok(query.query_map((doc.as_bytes(), what), |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Nothing is in doubt any more.
pub fn clear(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute("DELETE FROM doubtful", [])?;
    Ok(())
}
