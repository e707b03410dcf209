//! Acts at rest, with the server's ruling once it is known.

use super::before::Before;
use super::{foreseen, from_column, to_column};
use crate::error::Fail;
use rounds_model::act::{Act, SignedAct};
use rounds_model::ids::{ActId, DocId, Signature};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::RuledBefore;
use rounds_workflow::Ruling;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::collections::BTreeMap;

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
        tx.prepare_cached("INSERT INTO acts (act, doc, body, signature, own) VALUES (?1, ?2, ?3, ?4, 1)")?;
    insert.execute((act.id.as_bytes(), act.doc.as_bytes(), &signed.body, signed.signature.as_bytes()))?;
    Ok(())
}

/// Stores an act with the server's ruling; completes the own act if it is here. An own act may also
/// come as news, if this phone was restored from a copy that did not have it.
pub fn insert_ruled(
    tx: &Transaction<'_>,
    signed: &SignedAct,
    verdict: &Verdict,
    own: bool,
) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO acts (act, doc, seq, body, signature, verdict, blocked, own)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (act) DO UPDATE
         SET seq = excluded.seq, verdict = excluded.verdict, blocked = excluded.blocked",
    )?;
    let seq = i64::try_from(verdict.seq.0).map_err(|_| Fail::Damaged("a sequence number is too large"))?;
    let (act, doc) = (verdict.act.as_bytes(), verdict.doc.as_bytes());
    let blocked = verdict.outcome != Outcome::Accepted;
    insert.execute((
        act,
        doc,
        seq,
        &signed.body,
        signed.signature.as_bytes(),
        to_column(verdict)?,
        blocked,
        own,
    ))?;
    foreseen::remove(tx, verdict.act)
}

/// Stores an act of this phone of which only the ruling is missing. Nothing if it is here.
pub fn expect_ruling(tx: &Transaction<'_>, act: &Act, signed: &SignedAct) -> Result<(), Fail> {
    if get(tx, act.id)?.is_some() { Ok(()) } else { insert_own(tx, act, signed) }
}

/// Takes back an own act that the server would not store.
pub fn remove_unruled(tx: &Transaction<'_>, act: ActId) -> Result<(), Fail> {
    let mut delete = tx.prepare_cached("DELETE FROM acts WHERE act = ?1 AND verdict IS NULL")?;
    match delete.execute([act.as_bytes()])? {
        0 => Ok(()),
        _ => foreseen::remove(tx, act),
    }
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

/// The records with an act whose ruling is not here.
pub fn unruled(db: &Connection) -> Result<Vec<DocId>, Fail> {
    let mut query = db.prepare_cached("SELECT DISTINCT doc FROM acts WHERE verdict IS NULL ORDER BY doc")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// The acts whose ruling is not here, in the order in which they came to wait.
pub fn waiting(db: &Connection) -> Result<Vec<Act>, Fail> {
    let mut query = db.prepare_cached("SELECT body, verdict FROM acts WHERE verdict IS NULL ORDER BY n")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(known(row)?.act);
    }
    Ok(out)
}

/// The acts of this phone whose ruling is not here and of whose record nothing is on its way: each with
/// its record.
pub fn unruled_at_rest(db: &Connection) -> Result<Vec<(ActId, DocId)>, Fail> {
    let sql = "SELECT act, doc FROM acts
               WHERE verdict IS NULL AND doc NOT IN (SELECT doc FROM outbox) ORDER BY n";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let act = ActId::from_slice(row.get_ref(0)?.as_blob()?)?;
        out.push((act, DocId::from_slice(row.get_ref(1)?.as_blob()?)?));
    }
    Ok(out)
}

/// The records that are not here and about which acts of this phone are: rulings that were asked for.
pub fn without_record(db: &Connection) -> Result<Vec<DocId>, Fail> {
    let sql = "SELECT DISTINCT doc FROM acts WHERE own = 1
               AND doc NOT IN (SELECT doc FROM documents) AND doc NOT IN (SELECT doc FROM tail)
               AND doc NOT IN (SELECT doc FROM tombstones) AND doc NOT IN (SELECT doc FROM lacking)";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// The acts about a record that this phone made, in their order, as they were signed.
pub fn own(db: &Connection, doc: DocId) -> Result<Vec<SignedAct>, Fail> {
    let sql = "SELECT body, signature FROM acts WHERE doc = ?1 AND own = 1 ORDER BY n";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([doc.as_bytes()])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(signed(row)?);
    }
    Ok(out)
}

fn signed(row: &Row<'_>) -> Result<SignedAct, Fail> {
    let signature = Signature::from_slice(row.get_ref(1)?.as_blob()?)?;
    Ok(SignedAct { body: row.get(0)?, signature })
}

/// How the acts of this phone were ruled: by the server, or, where it has not said so again, before it was put back.
pub fn own_rulings(db: &Connection) -> Result<BTreeMap<ActId, RuledBefore>, Fail> {
    let sql = "SELECT body, verdict, before FROM acts
               WHERE own = 1 AND (verdict IS NOT NULL OR before IS NOT NULL)";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    let mut out = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let KnownAct { act, verdict } = known(row)?;
        let ruled = match verdict {
            Some(Verdict { outcome: Outcome::Accepted, turned, .. }) => {
                RuledBefore::As(turned.map_or(act.name, |turned| turned.act))
            }
            Some(_) => RuledBefore::Refused,
            None => match row.get(2)? {
                Before::Ruled(ruled) => ruled,
                Before::Nothing | Before::Had => continue,
            },
        };
        out.insert(act.id, ruled);
    }
    Ok(out)
}

/// Remembers how an act was ruled before the server was put back, until it is ruled again: the server has it, and may
/// be put back once more before it says so.
pub fn remember(tx: &Transaction<'_>, act: ActId, ruled: RuledBefore) -> Result<(), Fail> {
    let mut update = tx.prepare_cached("UPDATE acts SET before = ?2 WHERE act = ?1 AND verdict IS NULL")?;
    update.execute((act.as_bytes(), Before::Ruled(ruled)))?;
    Ok(())
}

/// Forgets the rulings on the acts of this phone: they wait again, and what was ruled is what is expected.
pub fn forget_own_rulings(tx: &Transaction<'_>) -> Result<(), Fail> {
    let mut query =
        tx.prepare_cached("SELECT body, verdict FROM acts WHERE own = 1 AND verdict IS NOT NULL")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let KnownAct { act, verdict } = known(row)?;
        if let Some(verdict) = verdict {
            let Verdict { outcome, stage, facts, turned, .. } = verdict;
            foreseen::put(tx, act.doc, act.id, &Ruling { outcome, stage, facts, turned, issued: vec![] })?;
        }
    }
    tx.execute("UPDATE acts SET seq = NULL, verdict = NULL, blocked = 0 WHERE own = 1", [])?;
    Ok(())
}

/// Takes an act out, as it was signed.
pub fn take(tx: &Transaction<'_>, act: ActId) -> Result<Option<SignedAct>, Fail> {
    let mut query = tx.prepare_cached("DELETE FROM acts WHERE act = ?1 RETURNING body, signature")?;
    let mut rows = query.query([act.as_bytes()])?;
    let taken = rows.next()?.map(signed).transpose()?;
    foreseen::remove(tx, act)?;
    Ok(taken)
}

/// One act.
pub fn get(db: &Connection, act: ActId) -> Result<Option<KnownAct>, Fail> {
    let mut query = db.prepare_cached("SELECT body, verdict FROM acts WHERE act = ?1")?;
    query.query_row([act.as_bytes()], |r| Ok(known(r))).optional()?.transpose()
}

/// Acts that were not accepted and are the last word on their record, the newest first.
pub fn blocked(db: &Connection) -> Result<Vec<KnownAct>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/blocked_acts.sql"))?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(known(row)?);
    }
    Ok(out)
}

/// How many records have an act that was not accepted as their last word.
pub fn blocked_count(db: &Connection) -> Result<u64, Fail> {
    let sql = concat!("SELECT count(*) FROM (", include_str!("sql/blocked_acts.sql"), ")");
    Ok(db.prepare_cached(sql)?.query_row([], |r| r.get(0))?)
}

fn known(row: &Row<'_>) -> Result<KnownAct, Fail> {
    let body = row.get_ref(0)?.as_blob()?.to_vec();
    let act = SignedAct { body, signature: Signature([0; 64]) }.read();
    let act = act.map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
    Ok(KnownAct { act, verdict: row.get_ref(1)?.as_blob_or_null()?.map(from_column).transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};
    use ed25519_dalek::SigningKey;
    use rounds_model::ids::{BootId, DeviceId, PersonId, Seq};
    use rounds_model::refusal::Refusal;
    use rounds_model::text::Text;
    use rounds_model::time::{Reading, TrustedTime};

    fn act(n: u8) -> (Act, SignedAct) {
        let reading = Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) };
        let act = Act {
            id: ActId([n; 16]),
            doc: DocId([1; 16]),
            name: "x".into(),
            person: PersonId([1; 16]),
            device: DeviceId([1; 16]),
            number: n.into(),
            pack: 1,
            heads: vec![],
            stage: String::new(),
            payload: Default::default(),
            proofs: vec![],
            time: TrustedTime::judge(reading, None),
        };
        let signed = act.sign(&SigningKey::from_bytes(&[1; 32])).unwrap();
        (act, signed)
    }

    fn verdict(act: &Act, seq: u64, outcome: Outcome) -> Verdict {
        let (stage, facts) = (String::new(), Default::default());
        Verdict { act: act.id, doc: act.doc, seq: Seq(seq), outcome, stage, facts, turned: None, at_ms: 0 }
    }

    /// My act was made here first, a colleague's was ruled first: mine is the last word.
    #[test]
    fn the_last_word_is_by_the_servers_order() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let ((mine, signed), (theirs, signed_theirs)) = (act(1), act(2));
        let no = Outcome::Blocked(Refusal::new("no", Text::default(), Text::default()));
        store
            .write(|tx| {
                insert_own(tx, &mine, &signed)?;
                insert_ruled(tx, &signed_theirs, &verdict(&theirs, 10, Outcome::Accepted), false)?;
                insert_ruled(tx, &signed, &verdict(&mine, 11, no.clone()), true)
            })
            .unwrap();
        let blocked = |store: &Store| store.read(|db| Ok((blocked(db)?.len(), blocked_count(db)?))).unwrap();
        assert_eq!(blocked(&store), (1, 1));
        let (again, signed) = act(3);
        store.write(|tx| insert_own(tx, &again, &signed)).unwrap();
        assert_eq!(blocked(&store), (0, 0), "acting again answers it");
    }
}
