//! One record's page, from what the database says now.

use super::answers::{Ink, blocks};
use super::kinds::{KindWords, Lexicon};
use super::names::Names;
use super::view::{Badge, RecordPage};
use super::viewer::Viewer;
use super::words::Words;
use super::{history, holding, score, timeline};
use crate::storage::{Read, Result};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::text::Text;
use std::collections::BTreeSet;

/// A record's page; none if there is no such record, or if the viewer may not see it: for them
/// that is the same.
pub fn record_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    doc: DocId,
    now_ms: i64,
) -> Result<Option<RecordPage>> {
    let record = tx.records(&[doc])?.into_iter().next().filter(|record| viewer.may_see(&record.scope));
    let Some(record) = record else { return Ok(None) };
    let Some(stored) = tx.documents(&[doc])?.into_iter().next() else { return Ok(None) };
    let document = Document::load(&stored.snapshot)?;
    let steps = document.history();
    let actors: BTreeSet<_> = steps.iter().map(|step| step.actor).collect();
    let names = Names::read(tx, words)?.with_pens(tx, &actors.into_iter().collect::<Vec<_>>())?;
    let blobs = tx.blobs_of(doc)?;
    let ink = Ink { tx, lexicon, viewer, words, names: &names, doc, blobs: &blobs, now_ms };

    let unknown = unknown_kind(&record.kind);
    let kind = lexicon.kind_of(&record).unwrap_or(&unknown);
    let (stage, tone) = kind.stage(&record.stage);
    let open = document.conflicts();
    let disputed = open.iter().map(|conflict| conflict.key.clone()).collect();
    let acts = tx.acts_of(&[doc])?;
    let mut fields = document.fields();
    let written_ms = document.last_written().saturating_mul(1000);
    let scored = lexicon.score(&record, &fields, written_ms)?;
    // What a phone stored of a calculation is only what that phone once came to.
    fields.extend(lexicon.worked_out(&record)?);
    let told = history::Told::new(kind, &fields);
    let (edits, older) = history::edits(&ink, &told, &steps)?;
    let name = lexicon.name(tx, &record, words.lang)?;
    let heads = stored.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let small = [
        ("small-record", doc.to_string()),
        ("small-kind", format!("{} · {}", record.kind, record.stage)),
        ("small-scope", record.scope.to_string()),
        ("small-heads", heads),
        ("small-edits", stored.edits.to_string()),
    ];
    Ok(Some(RecordPage {
        doc: doc.to_string(),
        title: name.title,
        subtitle: name.subtitle,
        kind: words.of(&kind.title).to_owned(),
        kinds: words.of(&kind.plural).to_owned(),
        kind_name: record.kind.clone(),
        stage: Badge { tone, text: words.of(&stage).to_owned() },
        owner: names.person(record.owner),
        day: record.day.as_deref().map(|day| words.written_day(day, now_ms)),
        score: score::score(&ink, &told, &record, scored)?,
        stop: timeline::stop(&ink, kind, &acts)?,
        handed: holding::about(tx, lexicon, viewer, words, doc, now_ms)?,
        conflicts: history::conflicts(&ink, &told, &open)?,
        blocks: blocks(&ink, kind, &fields, &disputed)?,
        edits,
        edit_count: steps.len(),
        more_edits: (older > 0).then(|| words.n("edits-more", older)),
        acts: timeline::acts(&ink, kind, &acts)?,
        small: small.into_iter().map(|(key, value)| (words.t(key), value)).collect(),
    }))
}

/// A kind that no pack has any more: its records are shown with their bare keys.
pub(super) fn unknown_kind(name: &str) -> KindWords {
    let title = Text::new(name, name);
    KindWords { name: name.to_owned(), plural: title.clone(), title, ..KindWords::default() }
}
