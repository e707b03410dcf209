//! A record as lists show it: what it is, where it stands, what is with it.

use super::say;
use crate::error::Fail;
use crate::store::{outbox, records::Record};
use crate::world::Here;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::{Catalogue, Kind, Tone};
use rusqlite::Connection;
use serde::Serialize;

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The record.
    pub id: DocId,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// More about it, if the pack says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Its stage.
    pub stage: Stage,
    /// The words beside it: waiting, pending, two versions, held.
    pub badges: Vec<Badge>,
}

/// A stage as a screen shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// `neutral`, `active`, `good`, `warning` or `bad`: never the only sign.
    pub tone: &'static str,
}

/// A word beside a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Badge {
    /// `waiting`, `pending`, `conflict` or `held`.
    pub state: &'static str,
    /// What people read.
    pub text: String,
}

/// Makes the row of a record.
pub(crate) fn row(db: &Connection, catalogue: &Catalogue, record: &Record, lang: Lang) -> Result<Row, Fail> {
    let p = &record.projection;
    let kind = catalogue.kind(&p.kind);
    let (title, subtitle) = match kind {
        Some(kind) => {
            let shown = rounds_workflow::display(kind, &p.record(record.doc), &Here(db), lang)?;
            (shown.title, shown.subtitle)
        }
        None => (p.kind.clone(), None),
    };
    Ok(Row {
        id: record.doc,
        kind: p.kind.clone(),
        title,
        subtitle,
        stage: stage(kind, &p.stage, lang),
        badges: badges(db, record, lang)?,
    })
}

/// A stage of a kind as a screen shows it.
pub(crate) fn stage(kind: Option<&Kind>, name: &str, lang: Lang) -> Stage {
    let known = kind.and_then(|k| k.stage(name));
    let title = known.map_or(name, |s| s.title.get(lang)).to_owned();
    let tone = match known.map(|s| s.tone).unwrap_or_default() {
        Tone::Neutral => "neutral",
        Tone::Active => "active",
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
    };
    Stage { name: name.to_owned(), title, tone }
}

fn badges(db: &Connection, record: &Record, lang: Lang) -> Result<Vec<Badge>, Fail> {
    let mut out = Vec::new();
    let mut badge = |state: &'static str, key: &str| out.push(Badge { state, text: say(lang, key, &[]) });
    if outbox::has(db, record.doc)? {
        badge("waiting", "badge-waiting");
    }
    if record.projection.pending {
        badge("pending", "badge-pending");
    }
    if record.conflicts > 0 {
        badge("conflict", "badge-conflict");
    }
    if outbox::held_count(db, record.doc)? > 0 {
        badge("held", "badge-held");
    }
    Ok(out)
}
