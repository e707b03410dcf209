//! Doing a batch: item after item, each in its own transaction together with its state.

use super::item::refused;
use super::plan::Plan;
use super::{BatchFault, KEPT, OPEN};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::batches::{self, Batch, Item, Progress, State, Step};
use crate::sync::stop::Stop;
use rounds_model::document::Document;
use rusqlite::{Connection, Transaction};
use serde::Serialize;

/// How a batch is to be done now.
#[derive(Clone, Copy, Default)]
pub struct Going<'a> {
    /// Asked between two items.
    pub stop: Option<&'a Stop>,
    /// At most this many items now.
    pub most: Option<u32>,
    /// Told after each item, once it is durable.
    pub told: Option<&'a (dyn Fn(&ItemDone) + Sync)>,
}

/// What happened to one item, and how far the batch is with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ItemDone {
    /// The batch.
    pub batch: i64,
    /// The item.
    pub item: u32,
    /// What it is now.
    pub state: State,
    /// How far the batch is.
    #[serde(flatten)]
    pub progress: Progress,
}

impl Rounds {
    /// Stores a batch; its number. From now on it is done by [`Rounds::go_on`], whoever is killed.
    pub fn begin(&self, plan: &Plan) -> Result<i64, RoundsError> {
        self.begin_beside(plan, |_, _| Ok(()))
    }

    /// The same, with what has to be written together with it, such as that nobody begins it again: both are
    /// there after a kill, or neither.
    pub fn begin_beside(
        &self,
        plan: &Plan,
        beside: impl FnOnce(&Transaction<'_>, i64) -> Result<(), Fail>,
    ) -> Result<i64, RoundsError> {
        Ok(self.store.write(|tx| {
            if batches::all(tx)?.iter().filter(|batch| batch.is_open()).count() >= OPEN {
                return Err(BatchFault::TooManyOpen.into());
            }
            let at_ms = self.now(tx)?.at_ms;
            batches::prune(tx, KEPT)?;
            let number = batches::insert(tx, &plan.job, at_ms, &plan.items)?;
            beside(tx, number)?;
            Ok(number)
        })?)
    }

    /// Does what waits in a batch, beginning where it was. Two can be done at once, on two threads; the
    /// person's own work comes in between the items.
    pub fn go_on(&self, batch: i64, going: Going<'_>) -> Result<Progress, RoundsError> {
        Ok(self.go_on_inner(batch, going)?)
    }

    /// The batches in which items wait, the oldest first: what an app goes on with when it starts.
    pub fn unfinished(&self) -> Result<Vec<i64>, RoundsError> {
        let all = self.store.read(batches::all)?;
        let waiting = |batch: &Batch| (batch.progress.waiting > 0).then_some(batch.n);
        Ok(all.iter().rev().filter_map(waiting).collect())
    }

    fn go_on_inner(&self, batch: i64, going: Going<'_>) -> Result<Progress, Fail> {
        let stored = self.store.read(|db| known(db, batch))?;
        let (mut after, mut left, mut progress) = (0, going.most, stored.progress);
        while going.stop.is_none_or(|stop| stop.is_over().is_none())
            && left != Some(0)
            && let Some(item) = self.store.read(|db| batches::next(db, batch, after))?
        {
            after = item.n;
            left = left.map(|left| left - 1);
            let state = self.go_one(&stored, &item)?;
            progress = self.store.read(|db| known(db, batch))?.progress;
            if let Some(told) = going.told {
                told(&ItemDone { batch, item: item.n, state, progress });
            }
        }
        Ok(progress)
    }

    fn go_one(&self, batch: &Batch, item: &Item) -> Result<State, Fail> {
        let work = |tx: &Transaction<'_>, document: &mut Document| {
            // Cancelled, dropped or done by somebody else meanwhile: then it is not ours to do.
            if !batches::settle(tx, batch.n, item.n, State::Done, None)? {
                return Ok(batches::one(tx, batch.n, item.n)?.map_or(State::Dropped, |item| item.state));
            }
            self.perform(tx, &batch.job, item, document).map(|()| State::Done)
        };
        let done = match batch.job.step {
            Step::Create { .. } => self.store.write(|tx| work(tx, &mut Document::new())),
            _ => self.with_document(item.doc, work),
        };
        let why = match done {
            Ok(state) => return Ok(state),
            Err(fail) => refused(fail)?,
        };
        self.store.write(|tx| batches::settle(tx, batch.n, item.n, State::Refused, Some(&why)))?;
        Ok(State::Refused)
    }
}

/// A batch that is there.
pub(super) fn known(db: &Connection, batch: i64) -> Result<Batch, Fail> {
    Ok(batches::get(db, batch)?.ok_or(BatchFault::Unknown)?)
}
