//! Batches: how far each is, and what came of its items.

use super::record::Reason;
use super::row::{Row, row};
use super::say;
use super::status::clock;
use crate::Rounds;
use crate::authoring::Typed;
use crate::batch::BatchFault;
use crate::error::{Fail, RoundsError};
use crate::filling::Wrong;
use crate::store::batches::{self, Batch, Item, Job, Progress, State, Step};
use crate::store::{acts, records};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_model::verdict::Outcome;
use rounds_workflow::Catalogue;
use rusqlite::Connection;
use serde::Serialize;

/// A batch in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchLine {
    /// By which it is named.
    pub number: i64,
    /// What it does.
    pub title: String,
    /// The kind of its records.
    pub kind: String,
    /// The act that it states about each; none if it writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// Since when, in the team's time zone.
    pub at: String,
    /// `going` (items wait), `needs_you` (refused ones are to be decided about), `ended` or `cancelled`.
    pub state: &'static str,
    /// The same in words: "12 of 40, 3 refused".
    pub state_text: String,
    /// How far it is.
    #[serde(flatten)]
    pub progress: Progress,
    /// The procedure has a newer version than when the batch was made: what waits goes by that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<String>,
}

/// One batch with what came of its items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BatchScreen {
    /// As the list shows it.
    #[serde(flatten)]
    pub line: BatchLine,
    /// Its items, in order.
    pub items: Vec<ItemLine>,
}

/// One item of a batch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemLine {
    /// Its number.
    pub item: u32,
    /// How far it is.
    pub state: State,
    /// The same in words.
    pub state_text: String,
    /// What was typed for it.
    pub typed: Vec<Typed>,
    /// Its record's id, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<DocId>,
    /// The record as it is now, if it is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Row>,
    /// Why it was refused; or why the server did not accept its act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What was kept although it is wrong, and has to be put right in the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<Wrong>,
}

impl Rounds {
    /// Every batch that is open or kept, the newest first.
    pub fn batches(&self, lang: Lang) -> Result<Vec<BatchLine>, RoundsError> {
        let zone = self.identity()?.zone();
        let all = self.store.read(batches::all)?;
        let catalogue = self.catalogue();
        Ok(all.iter().map(|batch| line(&catalogue, batch, zone, lang)).collect())
    }

    /// One batch with what came of its items.
    pub fn batch(&self, number: i64, lang: Lang) -> Result<BatchScreen, RoundsError> {
        let (zone, catalogue) = (self.identity()?.zone(), self.catalogue());
        Ok(self.store.read(|db| {
            let batch = batches::get(db, number)?.ok_or(BatchFault::Unknown)?;
            let items = batches::items(db, number)?;
            let items = items.into_iter().map(|item| self.item_line(db, &catalogue, &batch.job, item, lang));
            let items = items.collect::<Result<_, Fail>>()?;
            Ok::<_, Fail>(BatchScreen { line: line(&catalogue, &batch, zone, lang), items })
        })?)
    }

    fn item_line(
        &self,
        db: &Connection,
        catalogue: &Catalogue,
        job: &Job,
        item: Item,
        lang: Lang,
    ) -> Result<ItemLine, Fail> {
        let stored = records::get(db, item.doc)?;
        let record = stored.map(|record| row(db, catalogue, &record, lang)).transpose()?;
        let ruled = match item.act {
            Some(act) => acts::get(db, act)?.and_then(|known| known.verdict),
            None => None,
        };
        let blocked = ruled.and_then(|verdict| match verdict.outcome {
            Outcome::Blocked(refusal) => Some(refusal),
            Outcome::Accepted => None,
        });
        let refusal = item.why.as_ref().or(blocked.as_ref());
        let asked: Vec<&str> = item.work.typed.iter().map(|(key, _)| key.as_str()).collect();
        let wrong = match (&job.step, item.state, &record) {
            (Step::Create { .. } | Step::Answer, State::Done, Some(_)) => {
                self.wrong_in(db, item.doc, &asked, lang)?
            }
            _ => vec![],
        };
        let made = item.state == State::Done || !matches!(job.step, Step::Create { .. });
        Ok(ItemLine {
            item: item.n,
            state: item.state,
            state_text: say(lang, &format!("batch-item-{}", item.state.code()), &[]),
            reason: refusal.map(|refusal| Reason::of(refusal, lang)),
            id: made.then_some(item.doc),
            record,
            wrong,
            typed: item.work.typed,
        })
    }
}

fn line(catalogue: &Catalogue, batch: &Batch, zone: chrono_tz::Tz, lang: Lang) -> BatchLine {
    let p = batch.progress;
    let state = match batch {
        b if b.cancelled => "cancelled",
        _ if p.waiting > 0 => "going",
        _ if p.refused > 0 => "needs_you",
        _ => "ended",
    };
    let now = catalogue.kind(&batch.job.kind).map(|kind| kind.version);
    let newer = now.filter(|now| *now != batch.job.version).map(|now| {
        let args = [("was", batch.job.version.to_string()), ("now", now.to_string())];
        say(lang, "batch-newer", &args)
    });
    BatchLine {
        number: batch.n,
        title: title(catalogue, &batch.job, lang),
        kind: batch.job.kind.clone(),
        act: match &batch.job.step {
            Step::Act(act) => Some(act.clone()),
            _ => None,
        },
        at: clock(zone, batch.at_ms),
        state,
        state_text: progress_text(state, &p, lang),
        progress: p,
        newer,
    }
}

/// How far a batch is, in words.
fn progress_text(state: &str, p: &Progress, lang: Lang) -> String {
    let args = [
        ("done", p.done.to_string()),
        ("of", p.of.to_string()),
        ("refused", p.refused.to_string()),
        ("dropped", p.dropped.to_string()),
    ];
    say(lang, &format!("batch-state-{}", state.replace('_', "-")), &args)
}

/// What a batch does, in words.
pub(crate) fn title(catalogue: &Catalogue, job: &Job, lang: Lang) -> String {
    let kind = catalogue.kind(&job.kind);
    let kinds = kind.map_or(job.kind.as_str(), |kind| kind.plural.get(lang)).to_owned();
    match &job.step {
        Step::Create { .. } => say(lang, "batch-creates", &[("kinds", kinds)]),
        Step::Answer => say(lang, "batch-answers", &[("kinds", kinds)]),
        Step::Act(name) => {
            let act = kind.and_then(|kind| kind.act(name));
            let act = act.map_or(name.as_str(), |act| act.title.get(lang)).to_owned();
            say(lang, "batch-acts", &[("kinds", kinds), ("act", act)])
        }
    }
}
