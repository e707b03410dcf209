//! Every answer with several values, for an operator: who wrote which, when, on which device.

use crate::error::{Error, Result};
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::records::Filter;
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::text::{Lang, Text};
use rounds_workflow::{Projection, display};
use serde::Serialize;
use std::collections::HashMap;

/// Records read at a time.
const PAGE: u32 = 200;

/// An answer with several values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenConflict {
    /// The record.
    pub doc: DocId,
    /// Its kind.
    pub kind: String,
    /// What its kind is called.
    pub kind_title: Text,
    /// What it is called: by its store, for most.
    pub title: Text,
    /// Whose it is.
    pub owner: String,
    /// The answer key.
    pub key: String,
    /// The question.
    pub question: Text,
    /// The values; the last one shows until someone chooses.
    pub versions: Vec<Value>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// The value.
    pub value: String,
    /// Who wrote it.
    pub person: String,
    /// On which device.
    pub device: String,
    /// When, Unix milliseconds, as the device knew it.
    pub at_ms: i64,
}

/// All of a team, in the order of ids.
pub fn conflicts(view: &dyn Read) -> Result<Vec<OpenConflict>> {
    let rules = Rules::load(view)?;
    let people: HashMap<_, _> = view.people()?.into_iter().map(|p| (p.id, p.name)).collect();
    let devices: HashMap<_, _> = view.devices()?.into_iter().map(|d| (d.device, d)).collect();
    let name = |id| people.get(&id).cloned().unwrap_or_default();
    let world = TeamWorld {
        view,
        open: &HashMap::new(),
        now_ms: None,
        damaged: Default::default(),
        histories: &Default::default(),
    };
    let (mut out, mut after) = (vec![], None);
    loop {
        let page = view.list(&Filter { conflicted: true, after, limit: PAGE, ..Filter::default() })?;
        let Some(last) = page.last() else { return Ok(out) };
        after = Some(last.doc);
        for record in &page {
            let projection: Projection = canonical::decode(&record.projection)?;
            let kind = rules.catalogue.kind_at(&record.kind, projection.pack);
            let called = |lang| -> Result<String> {
                let Some(kind) = kind else { return Ok(record.kind.clone()) };
                let shown = display(kind, &projection.record(record.doc), &world, lang);
                Ok(shown.map_err(|e| Error::Packs(e.to_string()))?.title)
            };
            let title = Text::new(called(Lang::Zh)?, called(Lang::En)?);
            let Some(stored) = view.documents(&[record.doc])?.into_iter().next() else { continue };
            for conflict in Document::load(&stored.snapshot)?.conflicts() {
                let pens: Vec<_> = conflict.versions.iter().map(|v| v.op.actor).collect();
                let pens: HashMap<_, _> = view.actors(&pens)?.into_iter().collect();
                let value = |v: &rounds_model::document::Version| {
                    let device = pens.get(&v.op.actor).and_then(|device| devices.get(device));
                    Value {
                        value: v.value.to_string(),
                        person: device.map(|d| name(d.person)).unwrap_or_default(),
                        device: device.map(|d| d.name.clone()).unwrap_or_default(),
                        at_ms: v.at.saturating_mul(1_000),
                    }
                };
                let question = kind.and_then(|kind| kind.question_title(&conflict.key));
                let kind_title = kind.map(|kind| kind.title.clone());
                out.push(OpenConflict {
                    doc: record.doc,
                    kind_title: kind_title.unwrap_or_else(|| Text::new(&record.kind, &record.kind)),
                    title: title.clone(),
                    kind: record.kind.clone(),
                    owner: name(record.owner),
                    question: question.unwrap_or_else(|| Text::new(&conflict.key, &conflict.key)),
                    versions: conflict.versions.iter().map(value).collect(),
                    key: conflict.key,
                });
            }
        }
    }
}
