//! How the acts that wait for the server are expected to be ruled.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{ActId, DocId};
use rounds_workflow::{Foreseen, Ruling};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Notes how an act is expected to be ruled, in place of what was expected before.
pub fn put(tx: &Transaction<'_>, doc: DocId, act: ActId, ruling: &Ruling) -> Result<(), Fail> {
    let mut put =
        tx.prepare_cached("INSERT OR REPLACE INTO foreseen (act, doc, ruling) VALUES (?1, ?2, ?3)")?;
    put.execute((act.as_bytes(), doc.as_bytes(), to_column(ruling)?))?;
    Ok(())
}

/// What is expected of the waiting acts about a record.
pub fn of(db: &Connection, doc: DocId) -> Result<Foreseen, Fail> {
    let mut query = db.prepare_cached("SELECT act, ruling FROM foreseen WHERE doc = ?1")?;
    let mut rows = query.query([doc.as_bytes()])?;
    let mut out = Foreseen::new();
    while let Some(row) = rows.next()? {
        let act = ActId::from_slice(row.get_ref(0)?.as_blob()?)?;
        out.insert(act, from_column(row.get_ref(1)?.as_blob()?)?);
    }
    Ok(out)
}

/// What was expected of an act.
pub fn get(db: &Connection, act: ActId) -> Result<Option<Ruling>, Fail> {
    let mut query = db.prepare_cached("SELECT ruling FROM foreseen WHERE act = ?1")?;
    let ruling: Option<Vec<u8>> = query.query_row([act.as_bytes()], |r| r.get(0)).optional()?;
    ruling.map(|bytes| from_column(&bytes)).transpose()
}

/// Forgets it: the act is ruled, or is not here any more.
pub fn remove(tx: &Transaction<'_>, act: ActId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM foreseen WHERE act = ?1")?.execute([act.as_bytes()])?;
    Ok(())
}
