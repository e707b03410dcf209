//! Every answer with several values that the viewer may see, record by record.

use super::answers::Ink;
use super::history::{self, Told};
use super::kinds::Lexicon;
use super::names::Names;
use super::record::unknown_kind;
use super::view::{ConflictList, Conflicted};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{Order, RecordRow, Search};
use crate::storage::{Read, Result};
use rounds_model::document::Document;
use rounds_model::ids::PersonId;
use std::collections::BTreeSet;

/// Records of one page: each is opened.
const PAGE: usize = 50;

/// The records with several values of an answer that the viewer may see, the oldest first: of one person,
/// if that is said.
pub fn conflicted(viewer: &Viewer, owner: Option<PersonId>, limit: usize) -> Search {
    Search {
        scopes: viewer.seen(),
        owners: owner.into_iter().collect(),
        conflicted: true,
        order: Order::Oldest,
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        ..Search::default()
    }
}

/// The page.
pub fn conflict_list(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    now_ms: i64,
) -> Result<ConflictList> {
    let search = conflicted(viewer, None, PAGE);
    let (found, count) = (tx.search(&search)?, tx.search_count(&search)?);
    let hidden = count.saturating_sub(found.len() as u64);
    let mut records = vec![];
    for record in &found {
        records.extend(one(tx, lexicon, viewer, words, record, now_ms)?);
    }
    Ok(ConflictList {
        count: words.n("conflicts-count", count),
        records,
        more: (hidden > 0).then(|| words.n("decide-more", hidden)),
    })
}

fn one(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    record: &RecordRow,
    now_ms: i64,
) -> Result<Option<Conflicted>> {
    let Some(stored) = tx.documents(&[record.doc])?.into_iter().next() else { return Ok(None) };
    let document = Document::load(&stored.snapshot)?;
    let open = document.conflicts();
    let pens: BTreeSet<_> = open.iter().flat_map(|c| &c.versions).map(|v| v.op.actor).collect();
    let names = Names::read(tx, words)?.with_pens(tx, &pens.into_iter().collect::<Vec<_>>())?;
    let ink = Ink { tx, lexicon, viewer, words, names: &names, doc: record.doc, blobs: &[], now_ms };
    let unknown = unknown_kind(&record.kind);
    let kind = lexicon.kind(&record.kind).unwrap_or(&unknown);
    let told = Told::new(kind, &document.fields());
    Ok(Some(Conflicted {
        doc: record.doc.to_string(),
        title: lexicon.name(tx, record, words.lang)?.title,
        kind: words.of(&kind.title).to_owned(),
        owner: names.person(record.owner),
        conflicts: history::conflicts(&ink, &told, &open)?,
    }))
}
