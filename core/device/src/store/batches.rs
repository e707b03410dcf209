//! Batches at rest: what each is to do, and how far each of its items is.

use super::{from_column, to_column};
use crate::authoring::Typed;
use crate::error::Fail;
use rounds_model::ids::{ActId, ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rusqlite::{Connection, Row, Transaction};
use serde::{Deserialize, Serialize};

/// What all items of a batch are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The step.
    pub step: Step,
    /// The kind of its records.
    pub kind: String,
    /// The version of that kind when the batch was made.
    pub version: u32,
}

/// One kind of step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Records are created.
    Create {
        /// The question that links to the record that was chosen for each of them, if they were chosen.
        link: Option<String>,
    },
    /// Records are answered.
    Answer,
    /// An act is stated about records.
    Act(String),
}

/// What one item carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Work {
    /// What was typed for it.
    pub typed: Vec<Typed>,
    /// The content that its author saw when they chose the record.
    pub seen: Vec<ChangeHash>,
}

/// How far an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is still to be done.
    Waiting,
    /// Done.
    Done,
    /// Not done, for a reason; it can be mended and tried again, or dropped.
    Refused,
    /// Given up.
    Dropped,
    /// Not done: the batch was cancelled before.
    Cancelled,
}

impl State {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Done => "done",
            State::Refused => "refused",
            State::Dropped => "dropped",
            State::Cancelled => "cancelled",
        }
    }

    fn read(code: &str) -> Result<State, Fail> {
        let all = [State::Waiting, State::Done, State::Refused, State::Dropped, State::Cancelled];
        all.into_iter().find(|state| state.code() == code).ok_or(Fail::Damaged("the state of a batch"))
    }
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number in the batch, from 1.
    pub n: u32,
    /// How far it is.
    pub state: State,
    /// The record; of one that is to be created, the id that it will have.
    pub doc: DocId,
    /// The id that its act will have, if it is to state one.
    pub act: Option<ActId>,
    /// What it carries.
    pub work: Work,
    /// Why it was refused.
    pub why: Option<Refusal>,
}

/// A batch and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub n: i64,
    /// What it does.
    pub job: Job,
    /// When it was made, Unix milliseconds.
    pub at_ms: i64,
    /// It was cancelled.
    pub cancelled: bool,
    /// How far.
    pub progress: Progress,
}

/// How far a batch is, in items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Progress {
    /// In all.
    pub of: u32,
    /// Still to be done.
    pub waiting: u32,
    /// Done.
    pub done: u32,
    /// Refused, and not decided about.
    pub refused: u32,
    /// Given up, or not done because the batch was cancelled.
    pub dropped: u32,
}

impl Batch {
    /// Something is left to do or to decide.
    pub fn is_open(&self) -> bool {
        !self.cancelled && self.progress.waiting + self.progress.refused > 0
    }
}

/// Stores a batch with its items, all waiting; its number.
pub fn insert(tx: &Transaction<'_>, job: &Job, at_ms: i64, items: &[Item]) -> Result<i64, Fail> {
    tx.prepare_cached("INSERT INTO batches (job, at_ms) VALUES (?1, ?2)")?
        .execute((to_column(job)?, at_ms))?;
    let batch = tx.last_insert_rowid();
    let mut put = tx.prepare_cached(include_str!("sql/batch_put_item.sql"))?;
    for item in items {
        let act = item.act.map(|act| act.0);
        put.execute((batch, item.n, item.doc.as_bytes(), act, to_column(&item.work)?))?;
    }
    Ok(batch)
}

/// Every batch, the newest first.
pub fn all(db: &Connection) -> Result<Vec<Batch>, Fail> {
    list(db, None)
}

/// One batch.
pub fn get(db: &Connection, n: i64) -> Result<Option<Batch>, Fail> {
    Ok(list(db, Some(n))?.into_iter().next())
}

fn list(db: &Connection, n: Option<i64>) -> Result<Vec<Batch>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/batch_list.sql"))?;
    let mut rows = query.query([n])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let progress = Progress {
            of: row.get(4)?,
            waiting: row.get(5)?,
            done: row.get(6)?,
            refused: row.get(7)?,
            dropped: row.get(8)?,
        };
        let job = from_column(row.get_ref(1)?.as_blob()?)?;
        out.push(Batch { n: row.get(0)?, job, at_ms: row.get(2)?, cancelled: row.get(3)?, progress });
    }
    Ok(out)
}

/// The items of a batch, in their order.
pub fn items(db: &Connection, batch: i64) -> Result<Vec<Item>, Fail> {
    let sql = "SELECT n, state, doc, act, work, why FROM batch_items WHERE batch = ?1 ORDER BY n";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([batch])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(item(row)?);
    }
    Ok(out)
}

/// The first item after this one that waits.
pub fn next(db: &Connection, batch: i64, after: u32) -> Result<Option<Item>, Fail> {
    let mut query = db.prepare_cached(include_str!("sql/batch_next.sql"))?;
    let mut rows = query.query((batch, after))?;
    rows.next()?.map(item).transpose()
}

/// One item.
pub fn one(db: &Connection, batch: i64, n: u32) -> Result<Option<Item>, Fail> {
    let sql = "SELECT n, state, doc, act, work, why FROM batch_items WHERE batch = ?1 AND n = ?2";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query((batch, n))?;
    rows.next()?.map(item).transpose()
}

/// Ends the waiting of an item. False if it did not wait any more.
pub fn settle(
    tx: &Transaction<'_>,
    batch: i64,
    n: u32,
    state: State,
    why: Option<&Refusal>,
) -> Result<bool, Fail> {
    let why = why.map(to_column).transpose()?;
    let mut update = tx.prepare_cached(include_str!("sql/batch_settle.sql"))?;
    Ok(update.execute((batch, n, state.code(), why))? == 1)
}

/// Lets an item wait again, with what it carries now.
pub fn again(tx: &Transaction<'_>, batch: i64, n: u32, work: &Work) -> Result<(), Fail> {
    let sql = "UPDATE batch_items SET state = 'waiting', why = NULL, work = ?3 WHERE batch = ?1 AND n = ?2";
    tx.prepare_cached(sql)?.execute((batch, n, to_column(work)?))?;
    Ok(())
}

/// Gives an item up.
pub fn drop_item(tx: &Transaction<'_>, batch: i64, n: u32) -> Result<(), Fail> {
    let sql = "UPDATE batch_items SET state = 'dropped' WHERE batch = ?1 AND n = ?2";
    tx.prepare_cached(sql)?.execute((batch, n))?;
    Ok(())
}

/// Stops a batch: what waits will not be done.
pub fn cancel(tx: &Transaction<'_>, batch: i64) -> Result<(), Fail> {
    tx.prepare_cached("UPDATE batches SET cancelled = 1 WHERE n = ?1")?.execute([batch])?;
    let sql = "UPDATE batch_items SET state = 'cancelled' WHERE batch = ?1 AND state = 'waiting'";
    tx.prepare_cached(sql)?.execute([batch])?;
    Ok(())
}

/// Forgets the oldest of those in which nothing is left to do.
pub fn prune(tx: &Transaction<'_>, kept: u32) -> Result<(), Fail> {
    tx.prepare_cached(include_str!("sql/batch_prune.sql"))?.execute([kept])?;
    tx.prepare_cached("DELETE FROM batch_items WHERE batch NOT IN (SELECT n FROM batches)")?.execute([])?;
    Ok(())
}

fn item(row: &Row<'_>) -> Result<Item, Fail> {
    let act: Option<[u8; 16]> = row.get(3)?;
    let why: Option<Vec<u8>> = row.get(5)?;
    Ok(Item {
        n: row.get(0)?,
        state: State::read(row.get_ref(1)?.as_str()?)?,
        doc: DocId::from_slice(row.get_ref(2)?.as_blob()?)?,
        act: act.map(ActId),
        work: from_column(row.get_ref(4)?.as_blob()?)?,
        why: why.map(|why| from_column(&why)).transpose()?,
    })
}
