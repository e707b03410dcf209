//! The projection at rest: one row per record, its claims and its words for search.
//!
//! No row is here that the documents and acts do not imply; [`crate::projecting`] makes them, and
//! its `verify` makes them again and compares.

use super::{from_column, sought, to_column};
use crate::error::Fail;
use crate::search;
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{DocId, Seq};
use rounds_workflow::Projection;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use sha2::{Digest, Sha256};

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its place in lists.
    pub n: i64,
    /// Which record.
    pub doc: DocId,
    /// Keys with more than one value.
    pub conflicts: u32,
    /// Everything that its document and acts imply.
    pub projection: Projection,
}

const COLUMNS: &str = "n, doc, conflicts, body";

/// Stores a record's row, its claims and its words.
///
/// Most answers change nothing but the body. SQLite writes every index of a column that an UPDATE
/// names, changed or not, and each page that is written is encrypted: so the others are left out
/// unless one of them changed.
pub fn put(tx: &Transaction<'_>, doc: DocId, projection: &Projection, conflicts: u32) -> Result<(), Fail> {
    let body = to_column(projection)?;
    let (sum, scope) = (sum(&projection.search), projection.scope.to_string());
    let columns = rusqlite::params![
        doc.as_bytes(),
        projection.kind,
        projection.stage,
        projection.owner.as_bytes(),
        scope,
        projection.day,
        conflicts,
        projection.subject,
        projection.removed,
    ];
    let mut old = tx.prepare_cached(include_str!("sql/standing_record.sql"))?;
    let old: Option<(i64, i64, bool, bool)> =
        old.query_row(columns, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).optional()?;
    let Some((n, sum_before, stands, has_claims)) = old else {
        return insert(tx, doc, projection, &body, conflicts);
    };
    if stands && sum == sum_before {
        tx.prepare_cached("UPDATE records SET body = ?2 WHERE n = ?1")?.execute((n, body))?;
    } else {
        let mut update = tx.prepare_cached(include_str!("sql/update_record.sql"))?;
        update.execute(rusqlite::params![
            n,
            projection.kind,
            projection.stage,
            projection.owner.as_bytes(),
            scope,
            projection.day,
            conflicts,
            sum,
            body,
            projection.subject,
            projection.removed,
        ])?;
    }
    if has_claims {
        tx.prepare_cached("DELETE FROM claims WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    }
    put_claims(tx, doc, projection)?;
    sought::put(tx, n, projection, false)?;
    // Words are indexed again only if they changed: most answers change none.
    if sum == sum_before {
        return Ok(());
    }
    tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([n])?;
    put_words(tx, n, projection)
}

/// Stores the row of a record that has none, with its projection as it is encoded in `body`.
pub fn insert(
    tx: &Transaction<'_>,
    doc: DocId,
    projection: &Projection,
    body: &[u8],
    conflicts: u32,
) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(include_str!("sql/insert_record.sql"))?;
    insert.execute(rusqlite::params![
        doc.as_bytes(),
        projection.kind,
        projection.stage,
        projection.owner.as_bytes(),
        projection.scope.to_string(),
        projection.day,
        conflicts,
        sum(&projection.search),
        body,
        projection.subject,
        projection.removed,
    ])?;
    let n = tx.last_insert_rowid();
    put_claims(tx, doc, projection)?;
    sought::put(tx, n, projection, true)?;
    put_words(tx, n, projection)
}

fn put_claims(tx: &Transaction<'_>, doc: DocId, projection: &Projection) -> Result<(), Fail> {
    for c in &projection.claims {
        let (lease, waits) = (c.from.map(|lease| lease.0), c.waits.map(|since| since.0));
        let waits = waits.map(|since| i64::try_from(since).unwrap_or(i64::MAX));
        tx.prepare_cached(include_str!("sql/claim_put.sql"))?.execute(rusqlite::params![
            c.rule,
            c.key,
            doc.as_bytes(),
            c.amount.0,
            c.until,
            lease,
            waits
        ])?;
    }
    Ok(())
}

fn put_words(tx: &Transaction<'_>, n: i64, projection: &Projection) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT INTO search (rowid, text) VALUES (?1, ?2)")?;
    insert.execute((n, search::index_text(&projection.search)))?;
    Ok(())
}

/// One record; `None` if it is not here.
pub fn get(db: &Connection, doc: DocId) -> Result<Option<Record>, Fail> {
    one(db, &format!("SELECT {COLUMNS} FROM records WHERE doc = ?1"), [doc.as_bytes()])
}

/// Whether a record is on this phone.
pub fn is_here(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    Ok(db.prepare_cached("SELECT 1 FROM records WHERE doc = ?1")?.exists([doc.as_bytes()])?)
}

/// The one record whose id begins with these hex digits (hyphens do not count).
pub fn by_prefix(db: &Connection, prefix: &str) -> Result<DocId, Fail> {
    let hex: String = prefix.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    if hex.len() < 4 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Fail::UnknownRecord);
    }
    let mut query =
        db.prepare_cached("SELECT doc FROM records WHERE lower(hex(doc)) GLOB ?1 || '*' LIMIT 2")?;
    let mut rows = query.query([hex])?;
    let Some(first) = rows.next()? else { return Err(Fail::UnknownRecord) };
    let doc = DocId::from_slice(first.get_ref(0)?.as_blob()?)?;
    if rows.next()?.is_some() { Err(Fail::AmbiguousRecord) } else { Ok(doc) }
}

/// A page of one kind's records, newest first; `before` is the `n` of the last one seen.
pub fn of_kind(db: &Connection, kind: &str, before: Option<i64>, limit: u32) -> Result<Vec<Record>, Fail> {
    let sql = format!(
        "SELECT {COLUMNS} FROM records WHERE kind = ?1 AND removed = 0 AND n < ?2 ORDER BY n DESC LIMIT ?3"
    );
    many(db, &sql, (kind, before.unwrap_or(i64::MAX), limit))
}

/// Those of these places in lists that are records of a kind, in the order of the places.
pub fn at(db: &Connection, kind: &str, places: &[i64]) -> Result<Vec<Record>, Fail> {
    let sql = format!("SELECT {COLUMNS} FROM records WHERE n = ?1 AND kind = ?2 AND removed = 0");
    let mut out = Vec::new();
    for n in places {
        out.extend(one(db, &sql, (n, kind))?);
    }
    Ok(out)
}

/// A page of the records of a kind in a stage, newest first; `before` is the `n` of the last one seen.
pub fn in_stage(
    db: &Connection,
    kind: &str,
    stage: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Record>, Fail> {
    let sql = format!(
        "SELECT {COLUMNS} FROM records WHERE kind = ?1 AND removed = 0 AND stage = ?2 AND n < ?3 ORDER BY n DESC LIMIT ?4"
    );
    many(db, &sql, (kind, stage, before.unwrap_or(i64::MAX), limit))
}

/// The records of one day (`2026-11-23`).
pub fn of_day(db: &Connection, day: &str) -> Result<Vec<Record>, Fail> {
    many(db, &format!("SELECT {COLUMNS} FROM records WHERE day = ?1 ORDER BY n LIMIT 2000"), [day])
}

/// The records with an open conflict.
pub fn in_conflict(db: &Connection) -> Result<Vec<Record>, Fail> {
    many(db, &format!("SELECT {COLUMNS} FROM records WHERE conflicts > 0 ORDER BY n LIMIT 1000"), [])
}

/// How many records have an open conflict.
pub fn conflict_count(db: &Connection) -> Result<u64, Fail> {
    let mut query = db.prepare_cached("SELECT count(*) FROM records WHERE conflicts > 0")?;
    Ok(query.query_row([], |r| r.get(0))?)
}

/// The records of some kinds, and those that have a document but no row (their pack was not here).
pub fn to_project(db: &Connection, kinds: &[String]) -> Result<Vec<DocId>, Fail> {
    let mut out = Vec::new();
    for kind in kinds {
        docs(db, "SELECT doc FROM records WHERE kind = ?1", [kind], &mut out)?;
    }
    docs(db, include_str!("sql/unprojected.sql"), [], &mut out)?;
    Ok(out)
}

fn docs(db: &Connection, sql: &str, params: impl rusqlite::Params, out: &mut Vec<DocId>) -> Result<(), Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    while let Some(row) = rows.next()? {
        out.push(DocId::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(())
}

/// The records with all of what was typed, the best first.
pub fn found(db: &Connection, typed: &str, limit: u32) -> Result<Vec<Record>, Fail> {
    let Some(query) = search::query(typed) else { return Ok(vec![]) };
    many(db, include_str!("sql/found.sql"), (query, limit))
}

/// The same of one kind, without the first `skip`.
pub fn found_of_kind(
    db: &Connection,
    kind: &str,
    typed: &str,
    skip: usize,
    limit: usize,
) -> Result<Vec<Record>, Fail> {
    let Some(query) = search::query(typed) else { return Ok(vec![]) };
    let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    many(db, include_str!("sql/found_of_kind.sql"), (query, kind, cut(limit), cut(skip)))
}

/// The records of a kind about a subject that came before one, the newest first.
pub fn before(
    db: &Connection,
    kind: &str,
    subject: &str,
    doc: DocId,
    limit: u32,
) -> Result<Vec<Record>, Fail> {
    let sql = format!(
        "SELECT {COLUMNS} FROM records WHERE kind = ?1 AND subject = ?2 AND doc < ?3 ORDER BY doc DESC LIMIT ?4"
    );
    many(db, &sql, (kind, subject, doc.as_bytes(), limit))
}

/// The claims on a key of a ledger.
pub fn claims(db: &Connection, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/claims.sql"))?;
    let mut rows = query.query((rule, key))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let claim = Claim {
            rule: row.get(1)?,
            key: row.get(2)?,
            amount: Amount(row.get(3)?),
            until: row.get(4)?,
            from: row.get::<_, Option<[u8; 16]>>(5)?.map(DocId),
            waits: row.get::<_, Option<i64>>(6)?.map(|since| Seq(u64::try_from(since).unwrap_or(0))),
        };
        out.push((DocId::from_slice(row.get_ref(0)?.as_blob()?)?, claim));
    }
    Ok(out)
}

/// Forgets one record's row.
pub fn remove(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM search WHERE rowid = (SELECT n FROM records WHERE doc = ?1)")?
        .execute([doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM claims WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM sought_words WHERE n = (SELECT n FROM records WHERE doc = ?1)")?
        .execute([doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM records WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    Ok(())
}

/// Forgets every row, in order to make them again.
pub fn clear(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute_batch(
        "DELETE FROM claims; DELETE FROM search; DELETE FROM sought_words; DELETE FROM records;",
    )?;
    Ok(())
}

/// How many records of each kind and stage there are.
pub fn counts(db: &Connection) -> Result<Vec<(String, String, u64)>, Fail> {
    let mut query = db
        .prepare_cached("SELECT kind, stage, count(*) FROM records WHERE removed = 0 GROUP BY kind, stage")?;
    Ok(query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?)
}

fn one(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Option<Record>, Fail> {
    Ok(many(db, sql, params)?.into_iter().next())
}

fn many(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Record>, Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(record(row)?);
    }
    Ok(out)
}

fn record(row: &Row<'_>) -> Result<Record, Fail> {
    Ok(Record {
        n: row.get(0)?,
        doc: DocId::from_slice(row.get_ref(1)?.as_blob()?)?,
        conflicts: row.get(2)?,
        projection: from_column(row.get_ref(3)?.as_blob()?)?,
    })
}

fn sum(text: &str) -> i64 {
    let hash = Sha256::digest(text);
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}
