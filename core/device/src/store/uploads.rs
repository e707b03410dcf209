//! The upload queue: which blob of which record the server has not receipted, how far it is, and
//! what was wrong with the last try.

use super::{blobs::Stored, from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::refusal::Refusal;
use rusqlite::{Connection, Row, Transaction};

/// A blob of a record on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Its place in the queue.
    pub n: i64,
    /// The blob.
    pub hash: BlobHash,
    /// The record.
    pub doc: DocId,
    /// Bytes of the whole.
    pub size: u64,
    /// When it was attached, Unix milliseconds.
    pub at_ms: i64,
    /// Where the server keeps what it has of it.
    pub place: Option<String>,
    /// Bytes that the server said it has.
    pub sent: u64,
    /// Since when the server has the whole, by its clock.
    pub receipt_ms: Option<i64>,
    /// Why the last try failed.
    pub problem: Option<Refusal>,
    /// How many tries failed.
    pub tries: u32,
    /// No try before this time, Unix milliseconds.
    pub next_ms: i64,
}

/// What no further try mends: the file here is not what it was, or larger than the server takes.
const DAMAGED: &str = "blob-damaged";
const TOO_LARGE: &str = "blob-too-large";

impl Upload {
    /// Whether it can never be sent, as far as the last try tells.
    pub fn is_hopeless(&self) -> bool {
        let is_large = self.problem.as_ref().is_some_and(|problem| problem.code == TOO_LARGE);
        self.receipt_ms.is_none() && (is_large || self.is_damaged())
    }

    /// Whether its file is damaged here, or gone.
    pub fn is_damaged(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.code == DAMAGED)
    }
}

/// Photos sent and in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// The server has them.
    pub sent: u64,
    /// All.
    pub total: u64,
}

const COLUMNS: &str = "n, hash, doc, size, at_ms, place, sent, receipt_ms, problem, tries, next_ms";

/// Adds a blob of a record at the end. One that is there stays as it is.
pub fn push(tx: &Transaction<'_>, doc: DocId, blob: Stored, at_ms: i64) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO uploads (hash, doc, size, at_ms) VALUES (?1, ?2, ?3, ?4)")?;
    let size = i64::try_from(blob.size).map_err(|_| Fail::StorageFull)?;
    insert.execute((blob.hash.as_bytes(), doc.as_bytes(), size, at_ms))?;
    // The same photo may have left with another record, and its file not be deleted yet.
    tx.prepare_cached("DELETE FROM unwanted WHERE hash = ?1")?.execute([blob.hash.as_bytes()])?;
    Ok(())
}

/// The longest pause after a try that failed. A later time than that was noted before the phone's
/// clock was turned back, and counts no more.
pub const LONGEST_PAUSE_MS: i64 = 6 * 3_600_000;

/// The first one after this place that waits and whose time has come.
pub fn next(db: &Connection, after: i64, now_ms: i64) -> Result<Option<Upload>, Fail> {
    let sql = format!(
        "SELECT {COLUMNS} FROM uploads
         WHERE receipt_ms IS NULL AND n > ?1 AND next_ms NOT BETWEEN ?2 + 1 AND ?2 + ?3 ORDER BY n LIMIT 1"
    );
    Ok(many(db, &sql, (after, now_ms, LONGEST_PAUSE_MS))?.into_iter().next())
}

/// Those that wait, oldest first.
pub fn waiting(db: &Connection, limit: u32) -> Result<Vec<Upload>, Fail> {
    let sql = format!("SELECT {COLUMNS} FROM uploads WHERE receipt_ms IS NULL ORDER BY n LIMIT ?1");
    many(db, &sql, [limit])
}

/// One, by its place in the queue.
pub fn one(db: &Connection, n: i64) -> Result<Option<Upload>, Fail> {
    Ok(many(db, &format!("SELECT {COLUMNS} FROM uploads WHERE n = ?1"), [n])?.pop())
}

/// Those of one record.
pub fn of(db: &Connection, doc: DocId) -> Result<Vec<Upload>, Fail> {
    many(db, &format!("SELECT {COLUMNS} FROM uploads WHERE doc = ?1 ORDER BY n"), [doc.as_bytes()])
}

/// The number of the newest one that there ever was, sent or not, and be it gone with its record.
pub fn newest(db: &Connection) -> Result<i64, Fail> {
    super::last_number(db, "uploads")
}

/// The earliest time, Unix milliseconds, at which one that waits may be tried.
pub fn earliest(db: &Connection) -> Result<Option<i64>, Fail> {
    let mut query = db.prepare_cached("SELECT min(next_ms) FROM uploads WHERE receipt_ms IS NULL")?;
    Ok(query.query_row([], |r| r.get(0))?)
}

/// How many wait.
pub fn count_waiting(db: &Connection) -> Result<u64, Fail> {
    let mut query = db.prepare_cached("SELECT count(*) FROM uploads WHERE receipt_ms IS NULL")?;
    Ok(query.query_row([], |r| r.get(0))?)
}

/// Sent and in all, over the records that have one waiting.
pub fn count_open(db: &Connection) -> Result<Count, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/uploads_open.sql"))?;
    Ok(query.query_row([], |r| Ok(Count { sent: r.get(0)?, total: r.get(1)? }))?)
}

/// Notes where the server keeps it, and how much it has.
pub fn progress(tx: &Transaction<'_>, n: i64, place: Option<&str>, sent: u64) -> Result<(), Fail> {
    let sent = i64::try_from(sent).unwrap_or(i64::MAX);
    tx.prepare_cached("UPDATE uploads SET place = ?2, sent = ?3 WHERE n = ?1")?.execute((n, place, sent))?;
    Ok(())
}

/// Stores the server's receipt.
pub fn receipted(tx: &Transaction<'_>, n: i64, receipt_ms: i64) -> Result<(), Fail> {
    let sql = "UPDATE uploads SET receipt_ms = ?2, sent = size, place = NULL, problem = NULL WHERE n = ?1";
    tx.prepare_cached(sql)?.execute((n, receipt_ms))?;
    Ok(())
}

/// Forgets every receipt and every place: the server may have lost what it said it has.
pub fn forget_receipts(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.execute(
        "UPDATE uploads SET receipt_ms = NULL, place = NULL, sent = 0, problem = NULL, tries = 0, next_ms = 0",
        [],
    )?;
    Ok(())
}

/// Forgets the receipt of one blob of a record: the server has lost it. False if it waits, or is not here.
pub fn forget_receipt(tx: &Transaction<'_>, doc: DocId, hash: &BlobHash) -> Result<bool, Fail> {
    let sql =
        "UPDATE uploads SET receipt_ms = NULL, place = NULL, sent = 0, problem = NULL, tries = 0, next_ms = 0
        WHERE doc = ?1 AND hash = ?2 AND receipt_ms IS NOT NULL";
    Ok(tx.prepare_cached(sql)?.execute((doc.as_bytes(), hash.as_bytes()))? > 0)
}

/// Notes why a try failed, and when the next one is.
pub fn failed(tx: &Transaction<'_>, n: i64, problem: &Refusal, next_ms: i64) -> Result<(), Fail> {
    let sql = "UPDATE uploads SET problem = ?2, tries = tries + 1, next_ms = ?3 WHERE n = ?1";
    tx.prepare_cached(sql)?.execute((n, to_column(problem)?, next_ms))?;
    Ok(())
}

fn many(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Upload>, Fail> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(upload(row)?);
    }
    Ok(out)
}

fn upload(row: &Row<'_>) -> Result<Upload, Fail> {
    Ok(Upload {
        n: row.get(0)?,
        hash: BlobHash::from_slice(row.get_ref(1)?.as_blob()?)?,
        doc: DocId::from_slice(row.get_ref(2)?.as_blob()?)?,
        size: row.get(3)?,
        at_ms: row.get(4)?,
        place: row.get(5)?,
        sent: row.get(6)?,
        receipt_ms: row.get(7)?,
        problem: row.get_ref(8)?.as_blob_or_null()?.map(from_column).transpose()?,
        tries: row.get(9)?,
        next_ms: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};
    use rounds_model::text::Text;

    /// Found by the simulation: a photo was put off while the phone's clock was ten days ahead.
    #[test]
    fn a_clock_that_is_turned_back_puts_no_photo_off_for_days() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let no = Refusal::new("no", Text::default(), Text::default());
        let now = 1_000 * LONGEST_PAUSE_MS;
        let due = |next_ms: i64| {
            let tried = store.write(|tx| {
                push(tx, DocId([1; 16]), Stored { hash: BlobHash([1; 32]), size: 1 }, now)?;
                failed(tx, 1, &no, next_ms)
            });
            tried.unwrap();
            store.read(|db| next(db, 0, now)).unwrap().is_some()
        };
        assert!(due(now) && due(0));
        assert!(!due(now + 1) && !due(now + LONGEST_PAUSE_MS));
        assert!(due(now + LONGEST_PAUSE_MS + 1));
    }
}
