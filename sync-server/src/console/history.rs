//! A record's edits: who changed which answer from what to what. And its conflicts.

use super::answers::{Ink, row_numbers, value};
use super::choose;
use super::kinds::KindWords;
use super::view::{ChangeRow, ConflictRow, EditRow, VersionRow};
use crate::storage::Result;
use rounds_model::document::{Conflict, Step};
use rounds_model::edit::{OpId, Put};
use rounds_model::scalar::Scalar;
use std::collections::{BTreeMap, HashMap};

/// How many edits a page shows, and how many changes of each.
const EDITS: usize = 100;
const CHANGES: usize = 40;

/// A record whose edits are told: its kind, and the place of each row of its repeats.
pub struct Told<'a> {
    kind: &'a KindWords,
    rows: BTreeMap<String, usize>,
}

impl<'a> Told<'a> {
    /// From the kind and the present answers.
    pub fn new(kind: &'a KindWords, fields: &BTreeMap<String, Scalar>) -> Told<'a> {
        Told { kind, rows: row_numbers(kind, fields) }
    }
}

/// The newest edits, newest first, and how many older ones there are.
pub fn edits(ink: &Ink<'_>, told: &Told<'_>, steps: &[Step]) -> Result<(Vec<EditRow>, usize)> {
    // A put names what it replaces by place and pen; its own place follows from its edit's.
    let mut written: HashMap<OpId, &Scalar> = HashMap::new();
    for step in steps {
        for (at, put) in (0_u64..).zip(&step.puts) {
            written.insert(OpId { counter: step.start_op + at, actor: step.actor }, &put.value);
        }
    }
    let mut ordered: Vec<(usize, &Step)> = steps.iter().enumerate().collect();
    // By time; the causal order where times are equal, as within one second of one pen.
    ordered.sort_by_key(|(at, step)| std::cmp::Reverse((step.at, *at)));
    let older = ordered.len().saturating_sub(EDITS);
    let shown = ordered.into_iter().take(EDITS);
    let rows = shown.map(|(_, step)| edit(ink, told, step, &written)).collect::<Result<_>>()?;
    Ok((rows, older))
}

fn edit(ink: &Ink<'_>, told: &Told<'_>, step: &Step, written: &HashMap<OpId, &Scalar>) -> Result<EditRow> {
    let (who, device) = ink.names.pen(step.actor);
    let created = step.puts.iter().any(|put| put.key.starts_with('@'));
    // What a form works out by itself is no deed of anybody.
    let asked = |key: &str| told.kind.question(key).is_none_or(super::kinds::Question::is_asked);
    let puts: Vec<_> = step.puts.iter().filter(|put| !is_control(&put.key) && asked(&put.key)).collect();
    let mut changes = vec![];
    for put in puts.iter().take(CHANGES) {
        let mut from = vec![];
        for scalar in put.replaces.iter().filter_map(|op| written.get(op)).filter(|s| !s.is_blank()) {
            from.push(said(ink, told.kind, &put.key, scalar)?);
        }
        changes.push(ChangeRow {
            label: label(ink, told, &put.key),
            from: (!from.is_empty()).then(|| from.join(" / ")),
            to: said(ink, told.kind, &put.key, &put.value)?,
            settled: put.replaces.len() >= 2,
            spent: step.spent.iter().find(|spent| spent.key == put.key).map(|spent| {
                let seconds = f64::from(spent.ms) / 1000.0;
                ink.words.f("spent", &[("s", format!("{seconds:.1}"))])
            }),
        });
    }
    changes.extend(bare_rows(ink, told, step));
    let more = puts.len().saturating_sub(CHANGES);
    Ok(EditRow {
        who,
        device,
        at: ink.words.moment(step.at.saturating_mul(1000), ink.now_ms),
        created,
        changes,
        more: (more > 0).then(|| ink.words.n("changes-more", more)),
    })
}

/// The rows that an edit only added or moved: nothing else of it would be seen.
fn bare_rows(ink: &Ink<'_>, told: &Told<'_>, step: &Step) -> Vec<ChangeRow> {
    let placed = step.puts.iter().filter_map(|put| Some((put.key.strip_suffix("/@ord")?, put)));
    let is_bare = |row: &str| {
        let inside = |key: &str| key.strip_prefix(row).is_some_and(|rest| rest.starts_with('/'));
        !step.puts.iter().any(|put| inside(&put.key) && put.key.strip_prefix(row) != Some("/@ord"))
    };
    let bare = placed.filter(|(row, _)| is_bare(row)).take(CHANGES);
    let change = |(instance, put): (&str, &Put)| ChangeRow {
        label: ink.words.t(if put.replaces.is_empty() { "row-added" } else { "row-moved" }),
        from: None,
        to: row(ink, told, instance),
        settled: false,
        spent: None,
    };
    bare.map(change).collect()
}

/// A row of a repeat: the repeat's title, and the row's number in the table if it has one.
fn row(ink: &Ink<'_>, told: &Told<'_>, instance: &str) -> String {
    let repeat = instance.rsplit_once('/').map_or("", |(repeat, _)| repeat);
    let title = told.kind.group(repeat).map_or(repeat, |label| ink.words.of(label));
    told.rows.get(instance).map_or_else(|| title.to_owned(), |number| format!("{title} {number}"))
}

/// What is different between two states of a record's answers, in the order of their keys.
pub fn between(
    ink: &Ink<'_>,
    told: &Told<'_>,
    then: &BTreeMap<String, Scalar>,
    now: &BTreeMap<String, Scalar>,
) -> Result<Vec<ChangeRow>> {
    let keys: std::collections::BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let blank = Scalar::Null;
    let mut rows = vec![];
    let asked = |key: &str| told.kind.question(key).is_none_or(super::kinds::Question::is_asked);
    for key in keys.into_iter().filter(|key| !is_control(key) && asked(key)) {
        let (from, to) = (then.get(key).unwrap_or(&blank), now.get(key).unwrap_or(&blank));
        if from == to || (from.is_blank() && to.is_blank()) {
            continue;
        }
        rows.push(ChangeRow {
            label: label(ink, told, key),
            from: if from.is_blank() { None } else { Some(said(ink, told.kind, key, from)?) },
            to: said(ink, told.kind, key, to)?,
            settled: false,
            spent: None,
        });
    }
    Ok(rows)
}

/// The answers with several values, the shown one first.
pub fn conflicts(ink: &Ink<'_>, told: &Told<'_>, open: &[Conflict]) -> Result<Vec<ConflictRow>> {
    let mut rows = vec![];
    for conflict in open {
        let mut versions = vec![];
        for (at, version) in conflict.versions.iter().rev().enumerate() {
            let (who, device) = ink.names.pen(version.op.actor);
            versions.push(VersionRow {
                name: choose::name(version),
                value: said(ink, told.kind, &conflict.key, &version.value)?,
                who,
                device,
                at: ink.words.moment(version.at.saturating_mul(1000), ink.now_ms),
                shown: at == 0,
            });
        }
        rows.push(ConflictRow {
            key: conflict.key.clone(),
            label: label(ink, told, &conflict.key),
            seen: choose::names(&conflict.versions),
            versions,
        });
    }
    Ok(rows)
}

/// The question of a key, in words, with its row if it is in a repeat; the key itself for a
/// question that the form no longer has.
pub fn label(ink: &Ink<'_>, told: &Told<'_>, key: &str) -> String {
    if let Some(instance) = key.strip_suffix("/@del") {
        return row(ink, told, instance);
    }
    let Some(question) = told.kind.question(key) else { return key.to_owned() };
    let text = question.label(ink.words.lang);
    question.instance(key).map_or_else(|| text.to_owned(), |i| format!("{} · {text}", row(ink, told, i)))
}

fn said(ink: &Ink<'_>, kind: &KindWords, key: &str, scalar: &Scalar) -> Result<String> {
    if key.ends_with("/@del") {
        let removed = *scalar == Scalar::Bool(true);
        return Ok(ink.words.t(if removed { "row-removed" } else { "row-kept" }));
    }
    if scalar.is_blank() {
        return Ok(ink.words.t("cleared"));
    }
    let value = value(ink, kind.question(key), scalar)?;
    Ok(match value.small {
        Some(small) => format!("{} {small}", value.text),
        None => value.text,
    })
}

/// Keys that say nothing to a reader: the identity of a record, the order of a repeat.
fn is_control(key: &str) -> bool {
    // What is known of a photo is told at the photo.
    key.starts_with('@') || key.ends_with("/@ord") || key.ends_with(rounds_evidence::photo::TAKEN)
}
