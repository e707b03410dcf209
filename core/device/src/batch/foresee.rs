//! What would come of a batch: each item is done, one after the other, in a transaction that is taken
//! back. So it says exactly what doing it would say, also of two items that exclude each other.

use super::item::refused;
use super::plan::Plan;
use crate::Rounds;
use crate::authoring::Typed;
use crate::error::{Fail, RoundsError};
use crate::filling::Wrong;
use crate::screens::batch::title;
use crate::screens::record::Reason;
use crate::screens::row::{Row, row};
use crate::store::batches::{Item, Step};
use crate::store::{documents, records};
use rounds_model::document::Document;
use rounds_model::text::Lang;
use rusqlite::Transaction;
use serde::Serialize;

/// What would come of a batch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Foreseen {
    /// What it does, in words.
    pub title: String,
    /// The kind of its records.
    pub kind: String,
    /// Its items.
    pub of: usize,
    /// Those that would be done.
    pub possible: usize,
    /// Those that would be refused.
    pub refused: usize,
    /// Each item, in order.
    pub items: Vec<ForeseenItem>,
}

/// What would come of one item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForeseenItem {
    /// Its number.
    pub item: u32,
    /// What was typed for it.
    pub typed: Vec<Typed>,
    /// It would be done; otherwise it is greyed, for this reason.
    pub possible: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The record as it would be; as it is, where the item would be refused. None if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Row>,
    /// What would be kept although it is wrong, and has to be put right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<Wrong>,
}

impl Rounds {
    /// Says of each item of a plan what would come of it. Nothing is stored.
    pub fn foresee(&self, plan: &Plan, lang: Lang) -> Result<Foreseen, RoundsError> {
        let items = self.store.suppose(|tx| {
            plan.items
                .iter()
                .map(|item| self.foresee_one(tx, plan, item, lang))
                .collect::<Result<Vec<_>, Fail>>()
        })?;
        let possible = items.iter().filter(|item| item.possible).count();
        let title = title(&self.catalogue(), &plan.job, lang);
        let kind = plan.job.kind.clone();
        Ok(Foreseen { title, kind, of: items.len(), possible, refused: items.len() - possible, items })
    }

    fn foresee_one(
        &self,
        tx: &Transaction<'_>,
        plan: &Plan,
        item: &Item,
        lang: Lang,
    ) -> Result<ForeseenItem, Fail> {
        tx.execute_batch("SAVEPOINT item")?;
        let done = self.supposed(tx, plan, item);
        if done.is_err() {
            tx.execute_batch("ROLLBACK TO item")?;
        }
        tx.execute_batch("RELEASE item")?;
        let reason = match done {
            Ok(()) => None,
            Err(fail) => Some(Reason::of(&refused(fail)?, lang)),
        };
        let record = records::get(tx, item.doc)?;
        let record = record.map(|record| row(tx, &self.catalogue(), &record, lang)).transpose()?;
        let asked: Vec<&str> = item.work.typed.iter().map(|(key, _)| key.as_str()).collect();
        let wrong = match (&plan.job.step, &reason) {
            (Step::Create { .. } | Step::Answer, None) => self.wrong_in(tx, item.doc, &asked, lang)?,
            _ => vec![],
        };
        let (possible, typed) = (reason.is_none(), item.work.typed.clone());
        Ok(ForeseenItem { item: item.n, typed, possible, reason, record, wrong })
    }

    fn supposed(&self, tx: &Transaction<'_>, plan: &Plan, item: &Item) -> Result<(), Fail> {
        let mut document = match plan.job.step {
            Step::Create { .. } => Document::new(),
            _ => documents::load(tx, item.doc)?.ok_or(Fail::UnknownRecord)?,
        };
        self.perform(tx, &plan.job, item, &mut document)
    }
}
