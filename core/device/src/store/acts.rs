//! Acts at rest, with the server's ruling once it is known.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::act::{Act, SignedAct};
use rounds_model::ids::{ActId, DocId, Signature};
use rounds_model::verdict::Verdict;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

/// An act as this phone knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownAct {
    /// What was stated.
    pub act: Act,
    /// The server's ruling, once it is known.
    pub verdict: Option<Verdict>,
}

/// Stores an act of this phone, which waits for its ruling.
pub fn insert_own(tx: &Transaction<'_>, act: &Act, signed: &SignedAct) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT INTO acts (act, doc, body, signature) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((act.id.as_bytes(), act.doc.as_bytes(), &signed.body, signed.signature.as_bytes()))?;
    Ok(())
}

/// Stores an act with the server's ruling; completes the own act if it is one.
pub fn insert_ruled(tx: &Transaction<'_>, signed: &SignedAct, verdict: &Verdict) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO acts (act, doc, seq, body, signature, verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (act) DO UPDATE SET seq = excluded.seq, verdict = excluded.verdict",
    )?;
    let seq = i64::try_from(verdict.seq.0).map_err(|_| Fail::Damaged("a sequence number is too large"))?;
    let (act, doc) = (verdict.act.as_bytes(), verdict.doc.as_bytes());
    insert.execute((act, doc, seq, &signed.body, signed.signature.as_bytes(), to_column(verdict)?))?;
    Ok(())
}

/// Takes back an own act that the server would not store.
pub fn remove_unruled(tx: &Transaction<'_>, act: ActId) -> Result<(), Fail> {
    let mut delete = tx.prepare_cached("DELETE FROM acts WHERE act = ?1 AND verdict IS NULL")?;
    delete.execute([act.as_bytes()])?;
    Ok(())
}

/// The acts about a record: the server's order first, then this phone's pending ones as made.
pub fn of(db: &Connection, doc: DocId) -> Result<Vec<KnownAct>, Fail> {
    let mut query =
        db.prepare_cached("SELECT body, verdict FROM acts WHERE doc = ?1 ORDER BY seq IS NULL, seq, n")?;
    let mut rows = query.query([doc.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(known(row)?);
    }
    Ok(out)
}

/// One act.
pub fn get(db: &Connection, act: ActId) -> Result<Option<KnownAct>, Fail> {
    let mut query = db.prepare_cached("SELECT body, verdict FROM acts WHERE act = ?1")?;
    query.query_row([act.as_bytes()], |r| Ok(known(r))).optional()?.transpose()
}

/// Acts whose last word is "not accepted", with the newest first: what the outbox shows as blocked.
pub fn blocked(db: &Connection) -> Result<Vec<(DocId, KnownAct)>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/last_acts.sql"))?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let act = known(row)?;
        let refused = |v: &Verdict| matches!(v.outcome, rounds_model::verdict::Outcome::Blocked(_));
        if act.verdict.as_ref().is_some_and(refused) {
            out.push((act.act.doc, act));
        }
    }
    Ok(out)
}

fn known(row: &Row<'_>) -> Result<KnownAct, Fail> {
    let body = row.get_ref(0)?.as_blob()?.to_vec();
    let act = SignedAct { body, signature: Signature([0; 64]) }.read();
    let act = act.map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
    Ok(KnownAct { act, verdict: row.get_ref(1)?.as_blob_or_null()?.map(from_column).transpose()? })
}
