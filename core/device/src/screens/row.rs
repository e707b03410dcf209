//! A record as lists show it: what it is, where it stands, what is with it.

use super::record::Choice;
use super::say;
use crate::error::Fail;
use crate::store::uploads::{self, Count};
use crate::store::{handed, outbox, records::Record};
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
    /// Its photos that this phone has to send, if it has any: sent and in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Count>,
    /// In a list with columns: what stands in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
    /// In a list that was asked for an act: whether it is possible here, and if not, why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Choice>,
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
    /// `waiting`, `pending`, `conflict`, `held`, `handed`, `print` or `media`.
    pub state: &'static str,
    /// What people read.
    pub text: String,
}

/// Makes the row of a record.
pub(crate) fn row(db: &Connection, catalogue: &Catalogue, record: &Record, lang: Lang) -> Result<Row, Fail> {
    let p = &record.projection;
    let kind = catalogue.kind_at(&p.kind, p.pack);
    let (title, subtitle) = match kind {
        Some(kind) => {
            let shown = rounds_workflow::display(kind, &p.record(record.doc), &Here(db), lang)?;
            (shown.title, shown.subtitle)
        }
        None => (p.kind.clone(), None),
    };
    let media = media(db, record)?;
    Ok(Row {
        id: record.doc,
        kind: p.kind.clone(),
        title,
        subtitle,
        stage: stage(kind, &p.stage, lang),
        badges: badges(db, kind, record, media, lang)?,
        media,
        cells: vec![],
        act: None,
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

/// The photos that the record names and this phone sends. One that was taken again is sent too, as
/// part of the record's history, but counts no more.
fn media(db: &Connection, record: &Record) -> Result<Option<Count>, Fail> {
    let mut count = Count::default();
    for upload in uploads::of(db, record.doc)? {
        let hash = upload.hash.to_string();
        if record.projection.data.values().any(|value| value.as_text() == Some(hash.as_str())) {
            count.total += 1;
            count.sent += u64::from(upload.receipt_ms.is_some());
        }
    }
    Ok((count.total > 0).then_some(count))
}

/// "photos 3/5".
pub(crate) fn photos(count: Count, lang: Lang) -> String {
    say(lang, "badge-media", &[("sent", count.sent.to_string()), ("total", count.total.to_string())])
}

fn badges(
    db: &Connection,
    kind: Option<&Kind>,
    record: &Record,
    media: Option<Count>,
    lang: Lang,
) -> Result<Vec<Badge>, Fail> {
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
    if handed::has(db, record.doc)? {
        out.push(Badge { state: "handed", text: say(lang, "badge-handed", &[]) });
    }
    if let Some(kind) = kind.filter(|kind| !kind.prints.is_empty()) {
        let known = record.projection.record(record.doc);
        if !rounds_workflow::unprinted(kind, &known, &Here(db))?.is_empty() {
            out.push(Badge { state: "print", text: say(lang, "badge-print", &[]) });
        }
    }
    out.extend(media.map(|count| Badge { state: "media", text: photos(count, lang) }));
    Ok(out)
}
