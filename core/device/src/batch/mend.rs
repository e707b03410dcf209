//! What was refused: mended and tried again, or dropped; and stopping a batch.

use super::plan::seen;
use super::run::known;
use super::{BYTES, BatchFault};
use crate::Rounds;
use crate::authoring::Typed;
use crate::error::{Fail, RoundsError};
use crate::store::batches::{self, Batch, Item, Progress, State, Step};
use rusqlite::Transaction;

impl Rounds {
    /// Stops a batch: what waits is not done, what was refused is given up, what is done stays.
    pub fn cancel_batch(&self, batch: i64) -> Result<Progress, RoundsError> {
        Ok(self.store.write(|tx| {
            open(tx, batch)?;
            batches::cancel(tx, batch)?;
            Ok(known(tx, batch)?.progress)
        })?)
    }

    /// Lets a refused item wait again, with what was typed now in the place of what was typed before; to
    /// be done by [`Rounds::go_on`]. An empty text takes an answer of a new record out of its row. What
    /// the record is like now counts as seen.
    pub fn mend_item(&self, batch: i64, item: u32, typed: &[Typed]) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| {
            let stored = open(tx, batch)?;
            let item = batches::one(tx, batch, item)?
                .filter(|item| item.state == State::Refused)
                .ok_or(BatchFault::NoItem(item))?;
            mend(tx, &stored, item, typed)
        })?)
    }

    /// Lets every refused item of a batch wait again, as it is.
    pub fn mend_all(&self, batch: i64) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| {
            let stored = open(tx, batch)?;
            let refused = |item: &Item| item.state == State::Refused;
            batches::items(tx, batch)?
                .into_iter()
                .filter(refused)
                .try_for_each(|item| mend(tx, &stored, item, &[]))
        })?)
    }

    /// Gives up items of a batch that are not done.
    pub fn drop_items(&self, batch: i64, items: &[u32]) -> Result<Progress, RoundsError> {
        Ok(self.store.write(|tx| {
            open(tx, batch)?;
            for n in items {
                batches::one(tx, batch, *n)?
                    .filter(|item| matches!(item.state, State::Refused | State::Waiting))
                    .ok_or(BatchFault::NoItem(*n))?;
                batches::drop_item(tx, batch, *n)?;
            }
            Ok(known(tx, batch)?.progress)
        })?)
    }
}

fn mend(tx: &Transaction<'_>, batch: &Batch, mut item: Item, typed: &[Typed]) -> Result<(), Fail> {
    let creates = matches!(batch.job.step, Step::Create { .. });
    for (key, text) in typed {
        item.work.typed.retain(|(known, _)| known != key);
        if !creates || !text.trim().is_empty() {
            item.work.typed.push((key.clone(), text.clone()));
        }
    }
    if item.work.typed.iter().map(|(key, text)| key.len() + text.len()).sum::<usize>() > BYTES {
        return Err(BatchFault::TooLarge.into());
    }
    if !creates {
        item.work.seen = seen(tx, item.doc)?;
    }
    batches::again(tx, batch.n, item.n, &item.work)
}

fn open(tx: &Transaction<'_>, batch: i64) -> Result<Batch, Fail> {
    let batch = known(tx, batch)?;
    if batch.is_open() { Ok(batch) } else { Err(BatchFault::Ended.into()) }
}
