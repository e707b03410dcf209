//! Where a person is in a record, and how long they were at its questions.

use crate::error::Fail;
use rounds_model::edit::{Spent, limits};
use rounds_model::ids::{BootId, DocId};
use rounds_model::time::Reading;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Where a person is in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The question.
    pub question: String,
    boot: BootId,
    run: i64,
    entered_ms: i64,
    seen_ms: i64,
}

/// The run of a place where nobody is.
const NOBODY: i64 = 0;

/// One look at the clock by one run of the app.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The clock.
    pub reading: Reading,
    /// The run.
    pub run: i64,
}

impl Now {
    fn ms(&self) -> i64 {
        i64::try_from(self.reading.mono_ms).unwrap_or(i64::MAX)
    }
}

impl Place {
    /// How long the person has been here. Of a run that has ended nobody knows more than when it
    /// last wrote; of another boot nothing more can be added either.
    fn spent(&self, now: Now) -> i64 {
        let same = self.boot == now.reading.boot && self.run == now.run;
        let until = if same { now.ms() } else { self.seen_ms };
        until.saturating_sub(self.entered_ms).max(0)
    }
}

/// Where the person is in a record.
pub fn get(db: &Connection, doc: DocId) -> Result<Option<Place>, Fail> {
    let sql = "SELECT question, boot, run, entered_ms, seen_ms FROM places WHERE doc = ?1";
    let mut query = db.prepare_cached(sql)?;
    let row = query
        .query_row([doc.as_bytes()], |r| {
            Ok((r.get(0)?, r.get::<_, Vec<u8>>(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
        })
        .optional()?;
    let Some((question, boot, run, entered_ms, seen_ms)) = row else { return Ok(None) };
    let boot = BootId::from_slice(&boot)?;
    Ok(Some(Place { question, boot, run, entered_ms, seen_ms }))
}

/// Goes to a question; the time at the one before is noted.
pub fn enter(tx: &Transaction<'_>, doc: DocId, question: &str, now: Now) -> Result<(), Fail> {
    settle(tx, doc, now)?;
    put(tx, doc, question, now, now.ms())
}

/// Somebody types at a question: they are there, or have come there.
pub fn typing(tx: &Transaction<'_>, doc: DocId, question: &str, now: Now) -> Result<(), Fail> {
    match get(tx, doc)? {
        Some(place)
            if place.question == question && place.boot == now.reading.boot && place.run == now.run =>
        {
            put(tx, doc, question, now, place.entered_ms)
        }
        _ => {
            settle(tx, doc, now)?;
            put(tx, doc, question, now, now.ms())
        }
    }
}

/// The person has left the record: time does not count any more. Where they were is kept.
pub fn pause(tx: &Transaction<'_>, doc: DocId, now: Now) -> Result<(), Fail> {
    let Some(place) = get(tx, doc)? else { return Ok(()) };
    settle(tx, doc, now)?;
    // Of no run: what passes until somebody is back is nobody's time.
    let paused = Now { run: NOBODY, ..now };
    put(tx, doc, &place.question, paused, now.ms())
}

/// What the next edit tells: how long questions were looked at since the last one.
pub fn told(db: &Connection, doc: DocId, now: Now) -> Result<Vec<Spent>, Fail> {
    let mut query =
        db.prepare_cached("SELECT question, ms FROM spent WHERE doc = ?1 ORDER BY question LIMIT ?2")?;
    let most = i64::try_from(limits::SPENT - 1).unwrap_or(0);
    let rows = query.query_map((doc.as_bytes(), most), |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut spent: Vec<(String, i64)> = rows.collect::<Result<_, _>>()?;
    if let Some(place) = get(db, doc)? {
        let here = place.spent(now);
        match spent.iter_mut().find(|(question, _)| *question == place.question) {
            Some((_, ms)) => *ms = ms.saturating_add(here),
            None => spent.push((place.question, here)),
        }
    }
    let one = |(key, ms): (String, i64)| Spent { key, ms: u32::try_from(ms).unwrap_or(u32::MAX) };
    let fits = |s: &Spent| s.ms > 0 && !s.key.is_empty() && s.key.len() <= limits::KEY;
    Ok(spent.into_iter().map(one).filter(fits).collect())
}

/// An edit has told this.
pub fn answered(tx: &Transaction<'_>, doc: DocId, told: &[Spent], now: Now) -> Result<(), Fail> {
    // What did not fit into the edit waits for the next one.
    let mut delete = tx.prepare_cached("DELETE FROM spent WHERE doc = ?1 AND question = ?2")?;
    for told in told {
        delete.execute((doc.as_bytes(), &told.key))?;
    }
    let Some(place) = get(tx, doc)? else { return Ok(()) };
    // Only where somebody is: an answer from elsewhere does not bring them back to the question.
    let here = place.run == now.run && place.boot == now.reading.boot;
    let run = if here { now.run } else { NOBODY };
    put(tx, doc, &place.question, Now { run, ..now }, now.ms())
}

fn settle(tx: &Transaction<'_>, doc: DocId, now: Now) -> Result<(), Fail> {
    let Some(place) = get(tx, doc)? else { return Ok(()) };
    let ms = place.spent(now);
    if ms == 0 {
        return Ok(());
    }
    let mut add = tx.prepare_cached(
        "INSERT INTO spent (doc, question, ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (doc, question) DO UPDATE SET ms = ms + excluded.ms",
    )?;
    add.execute((doc.as_bytes(), &place.question, ms))?;
    Ok(())
}

fn put(tx: &Transaction<'_>, doc: DocId, question: &str, now: Now, entered_ms: i64) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO places (doc, question, boot, run, entered_ms, seen_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let boot = now.reading.boot;
    insert.execute((doc.as_bytes(), question, boot.as_bytes(), now.run, entered_ms, now.ms()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};

    fn now(mono_ms: u64) -> Now {
        Now { reading: Reading { wall_ms: 0, mono_ms, boot: BootId::from_slice(&[1; 16]).unwrap() }, run: 7 }
    }

    fn with_store(work: impl FnOnce(&Transaction<'_>, DocId) -> Result<(), Fail>) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        store.write(|tx| work(tx, DocId::v7(1, [1; 10]))).unwrap();
    }

    #[test]
    fn an_answer_from_elsewhere_does_not_start_the_clock_of_a_place_that_was_left() {
        with_store(|tx, doc| {
            enter(tx, doc, "a", now(0))?;
            pause(tx, doc, now(10))?;
            let told = super::told(tx, doc, now(50))?;
            assert_eq!(told.iter().map(|s| (s.key.as_str(), s.ms)).collect::<Vec<_>>(), [("a", 10)]);
            answered(tx, doc, &told, now(50))?;
            assert_eq!(super::told(tx, doc, now(1_000))?, [], "nobody came back");
            enter(tx, doc, "a", now(1_000))?;
            answered(tx, doc, &[], now(1_005))?;
            assert_eq!(super::told(tx, doc, now(1_007))?[0].ms, 2, "who is there stays there");
            Ok(())
        });
    }

    #[test]
    fn what_an_edit_could_not_tell_is_told_by_the_next() {
        with_store(|tx, doc| {
            let many = limits::SPENT + 20;
            for n in 0..many {
                enter(tx, doc, &format!("q{n:04}"), now(n as u64 * 5))?;
            }
            pause(tx, doc, now(many as u64 * 5))?;
            let mut all = 0;
            for _ in 0..3 {
                let told = super::told(tx, doc, now(10_000))?;
                assert!(told.len() <= limits::SPENT);
                all += told.len();
                answered(tx, doc, &told, now(10_000))?;
            }
            assert_eq!(all, many);
            Ok(())
        });
    }
}
