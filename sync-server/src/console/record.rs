//! One record's page, from what the database says now.

use super::answers::{Ink, blocks, unread};
use super::kinds::{KindWords, Lexicon};
use super::names::{Names, other_record};
use super::view::{Badge, Block, Changed, DoubtRow, RecordPage, TabLink};
use super::viewer::Viewer;
use super::words::Words;
use super::{history, holding, offers, score, timeline};
use crate::storage::console::Settled;
use crate::storage::records::{ActRow, RecordRow};
use crate::storage::{Read, Result};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use rounds_model::verdict::Outcome;
use rounds_workflow::tab_of;
use std::collections::{BTreeMap, BTreeSet};

/// A record's page; none if there is no such record, or if the viewer may not see it: for them
/// that is the same.
pub fn record_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    doc: DocId,
    tab: Option<&str>,
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
    let offered = lexicon.offers(tx, &record, &fields, &acts, &viewer.person, now_ms)?;
    let offers = offers::offers(&ink, offered)?;
    let decides = offers.iter().any(|offer| offer.refusal.is_none());
    let warnings = if decides && lexicon.is_recorded(&record) { lexicon.warnings(tx, doc)? } else { vec![] };
    let settled = tx.settled_of(doc)?;
    let comments = lexicon.comments(&record)?;
    let written_ms = document.last_written().saturating_mul(1000);
    let scored = lexicon.score(&record, &fields, written_ms)?;
    // What a phone stored of a calculation is only what that phone once came to.
    fields.extend(lexicon.worked_out(&record)?);
    let told = history::Told::new(kind, &fields);
    let changed = changed(&ink, &told, kind, &document, &acts, &record)?;
    let (edits, older) = history::edits(&ink, &told, &steps)?;
    let name = lexicon.name(tx, &record, words.lang)?;
    let heads = stored.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let small = [
        ("small-record", doc.to_string()),
        ("small-kind", format!("{} · {}", record.kind, record.stage)),
        ("small-scope", record.scope.to_string()),
        ("small-heads", heads.clone()),
        ("small-edits", stored.edits.to_string()),
    ];
    Ok(Some(RecordPage {
        doc: doc.to_string(),
        title: name.title,
        subtitle: name.subtitle,
        beside: false,
        recorded: lexicon.is_recorded(&record),
        warnings: warnings.iter().map(|text| words.of(text).to_owned()).collect(),
        kind: words.of(&kind.title).to_owned(),
        kinds: words.of(&kind.plural).to_owned(),
        kind_name: record.kind.clone(),
        stage: Badge { tone, text: words.of(&stage).to_owned() },
        stage_name: record.stage.clone(),
        heads: heads.clone(),
        seen: stored.last_seq.0,
        comments_with: offers
            .iter()
            .find(|o| o.comments && o.refusal.is_none())
            .map(|o| format!("act-{}", o.act)),
        offers,
        changed,
        owner: names.person(record.owner),
        day: record.day.as_deref().map(|day| words.written_day(day, now_ms)),
        score: score::score(&ink, &told, &record, scored)?,
        stop: timeline::stop(&ink, kind, &acts, &settled)?,
        doubts: doubts(&ink, &settled)?,
        handed: holding::about(tx, lexicon, viewer, words, doc, now_ms)?,
        conflicts: history::conflicts(&ink, &told, &open)?,
        tabs: tabs(words, kind, doc, tab),
        blocks: commented(blocks(&ink, kind, &on_tab(kind, &fields, tab), &disputed)?, &comments),
        edits,
        edit_count: steps.len(),
        more_edits: (older > 0).then(|| words.n("edits-more", older)),
        acts: timeline::acts(&ink, kind, &acts)?,
        small: small
            .into_iter()
            .map(|(key, value)| (words.t(key), value))
            .chain(unread(kind, &fields))
            .collect(),
    }))
}

/// What is doubtful about the record, with what was found by whoever looked at it.
fn doubts(ink: &Ink<'_>, settled: &[Settled]) -> Result<Vec<DoubtRow>> {
    let mut rows = vec![];
    for doubt in ink.lexicon.evidence_of(ink.tx, ink.doc, ink.now_ms)? {
        let by = settled.iter().find(|by| by.doubt.1 == doubt.code && by.doubt.2 == doubt.since_ms);
        let by = by.map(|by| timeline::looked_at(ink, by));
        let other = match doubt.other {
            Some(doc) => other_record(ink.tx, ink.lexicon, ink.viewer, ink.words, doc)?,
            None => None,
        };
        rows.push(DoubtRow {
            what: ink.words.of(&doubt.what).to_owned(),
            reason: ink.words.of(&doubt.reason).to_owned(),
            code: doubt.code,
            since: doubt.since_ms,
            settled: by,
            other,
        });
    }
    Ok(rows)
}

/// What is different from what the owner last stated, and from what was returned to them before.
fn changed(
    ink: &Ink<'_>,
    told: &history::Told<'_>,
    kind: &KindWords,
    document: &Document,
    acts: &[ActRow],
    record: &RecordRow,
) -> Result<Vec<Changed>> {
    let mut out = vec![];
    let accepted = acts.iter().rev().filter(|row| row.verdict.outcome == Outcome::Accepted);
    let mut read = accepted.map(timeline::read).collect::<Result<Vec<_>>>()?.into_iter();
    // The owner's last word; then the last word of somebody else before it: what came back.
    let stated = read.by_ref().find(|act| act.person == record.owner && act.stage != record.stage);
    let returned = read.find(|act| act.person != record.owner);
    let now = document.fields();
    for act in stated.iter().chain(&returned) {
        let Some(then) = document.fields_at(&act.heads) else { continue };
        let changes = history::between(ink, told, &then, &now)?;
        if !changes.is_empty() {
            let title =
                kind.act(&act.name).map_or_else(|| act.name.clone(), |a| ink.words.of(&a.title).to_owned());
            let args = [
                ("act", title),
                ("who", ink.names.person(act.person)),
                ("when", ink.words.moment(act.time.at_ms, ink.now_ms).short),
            ];
            out.push(Changed { since: ink.words.f("changed-since", &args), changes });
        }
    }
    Ok(out)
}

/// The answers with what was said about them.
fn commented(mut blocks: Vec<Block>, said: &BTreeMap<String, String>) -> Vec<Block> {
    for block in &mut blocks {
        match block {
            Block::Answers { rows, .. } => {
                rows.iter_mut().for_each(|row| row.said = said.get(&row.key).cloned());
            }
            Block::Table { rows, .. } => {
                let cells = rows.iter_mut().flatten();
                cells.for_each(|cell| cell.said = cell.key.as_ref().and_then(|key| said.get(key)).cloned());
            }
        }
    }
    blocks
}

/// The way to each tab, and to everything at once; none for a kind without tabs.
fn tabs(words: &Words, kind: &KindWords, doc: DocId, here: Option<&str>) -> Vec<TabLink> {
    let here = here.filter(|name| kind.tabs.iter().any(|tab| tab.name == *name));
    let link = |text: String, name: Option<&str>| TabLink {
        text,
        href: name.map_or_else(|| format!("/records/{doc}"), |name| format!("/records/{doc}?tab={name}")),
        here: here == name,
    };
    let all = (!kind.tabs.is_empty()).then(|| link(words.t("tab-all"), None));
    let each = kind.tabs.iter().map(|tab| link(words.of(&tab.title).to_owned(), Some(&tab.name)));
    all.into_iter().chain(each).collect()
}

/// The answers that stand in a tab, with what is needed to put them in order; all of them without one.
fn on_tab(
    kind: &KindWords,
    fields: &BTreeMap<String, Scalar>,
    tab: Option<&str>,
) -> BTreeMap<String, Scalar> {
    let mut fields = fields.clone();
    if let Some(tab) = kind.tabs.iter().find(|known| Some(known.name.as_str()) == tab) {
        let stands = |key: &str| tab_of(&kind.tabs, key).is_some_and(|found| found.name == tab.name);
        fields.retain(|key, _| key.contains('@') || stands(key));
    }
    fields
}

/// A kind that no pack has any more: its records are shown with their bare keys.
pub(super) fn unknown_kind(name: &str) -> KindWords {
    let title = Text::new(name, name);
    KindWords { name: name.to_owned(), plural: title.clone(), title, ..KindWords::default() }
}
