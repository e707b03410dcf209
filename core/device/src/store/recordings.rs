//! Recordings that are under way: what each is about, and its links.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_evidence::chain::{ChainId, Link, LinkHash};
use rounds_model::ids::DocId;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Serialize, de::DeserializeOwned};

/// The recording of a question, if one is under way.
pub fn get<T: DeserializeOwned>(
    db: &Connection,
    doc: DocId,
    field: &str,
) -> Result<Option<(ChainId, T)>, Fail> {
    let mut query = db.prepare_cached("SELECT chain, kept FROM recordings WHERE doc = ?1 AND field = ?2")?;
    let row: Option<(Vec<u8>, Vec<u8>)> =
        query.query_row((doc.as_bytes(), field), |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let Some((chain, kept)) = row else { return Ok(None) };
    let chain = chain.try_into().map_err(|_| Fail::Damaged("the id of a recording"))?;
    Ok(Some((chain, from_column(&kept)?)))
}

/// Begins one.
pub fn put<T: Serialize>(
    tx: &Transaction<'_>,
    doc: DocId,
    field: &str,
    chain: &ChainId,
    kept: &T,
) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT INTO recordings (doc, field, chain, kept) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((doc.as_bytes(), field, chain.as_slice(), to_column(kept)?))?;
    Ok(())
}

/// Forgets one that has ended.
pub fn remove(tx: &Transaction<'_>, doc: DocId, field: &str, chain: &ChainId) -> Result<(), Fail> {
    tx.execute("DELETE FROM recordings WHERE doc = ?1 AND field = ?2", (doc.as_bytes(), field))?;
    tx.execute("DELETE FROM links WHERE chain = ?1", [chain.as_slice()])?;
    Ok(())
}

/// Adds links at the end.
pub fn add(tx: &Transaction<'_>, chain: &ChainId, links: &[Link]) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT INTO links (chain, n, body, hash) VALUES (?1, ?2, ?3, ?4)")?;
    for link in links {
        insert.execute((chain.as_slice(), link.number, &link.body, link.hash.0.as_slice()))?;
    }
    Ok(())
}

/// The links of a chain, in their order.
pub fn links(db: &Connection, chain: &ChainId) -> Result<Vec<Link>, Fail> {
    let mut query = db.prepare_cached("SELECT n, body, hash FROM links WHERE chain = ?1 ORDER BY n")?;
    let mut rows = query.query([chain.as_slice()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let hash: Vec<u8> = row.get(2)?;
        let hash = hash.try_into().map_err(|_| Fail::Damaged("a link of a recording"))?;
        out.push(Link { number: row.get(0)?, body: row.get(1)?, hash: LinkHash(hash) });
    }
    Ok(out)
}

/// The recordings that are under way: record and question.
pub fn open(db: &Connection) -> Result<Vec<(DocId, String)>, Fail> {
    let mut query = db.prepare_cached("SELECT doc, field FROM recordings")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((DocId::from_slice(row.get_ref(0)?.as_blob()?)?, row.get(1)?));
    }
    Ok(out)
}

/// Whether one is under way for a record.
pub fn is_open(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    let mut query = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM recordings WHERE doc = ?1)")?;
    Ok(query.query_row([doc.as_bytes()], |r| r.get(0))?)
}

/// The chains of the recordings that are under way.
pub fn chains(db: &Connection) -> Result<Vec<ChainId>, Fail> {
    let mut query = db.prepare_cached("SELECT chain FROM recordings")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let chain: Vec<u8> = row.get(0)?;
        out.push(chain.try_into().map_err(|_| Fail::Damaged("the id of a recording"))?);
    }
    Ok(out)
}
