//! Today's board, from what the database says now.

use super::conflicts::conflicted;
use super::kinds::Lexicon;
use super::names::{Names, other_record};
use super::view::{Badge, Board, BoardRow, Decision, Number, Progress, Sync, Tone};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::people::DeviceRow;
use crate::storage::records::{ActRow, Filter, RecordRow};
use crate::storage::{Read, Result};
use rounds_model::document::Document;
use rounds_model::ids::PersonId;
use rounds_model::people::Person;
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many decisions a board shows: more than anyone takes in one sitting.
const DECISIONS: usize = 50;

/// The board of the day that it is in the team's zone.
pub fn board(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    now_ms: i64,
) -> Result<Board> {
    let day = words.day(now_ms);
    let names = Names::read(tx, words)?;
    let blocked = blocked(tx, viewer)?;
    let conflicted = conflicted(tx, viewer)?;
    let devices = tx.devices()?;
    let iso_day = day.format("%Y-%m-%d").to_string();
    let mut rows = vec![];
    for rep in &viewer.led {
        let phones: Vec<&DeviceRow> =
            devices.iter().filter(|d| d.person == rep.id && d.revoked.is_none()).collect();
        rows.push(BoardRow {
            person: rep.id.to_string(),
            name: rep.name.clone(),
            progress: progress(tx, lexicon, words, rep, &iso_day)?,
            sync: sync(words, &phones, now_ms),
            unsent: (!phones.is_empty()).then(|| phones.iter().map(|d| d.unsent).sum()),
            blocked: count(blocked.iter().map(|(record, _)| record), rep.id),
            conflicts: count(&conflicted, rep.id),
        });
    }
    let kinds = lexicon.kinds().iter().filter(|kind| kind.agenda.is_some());
    let mut decisions = vec![];
    for (record, act) in blocked.iter().take(DECISIONS) {
        decisions.push(blocked_decision(tx, lexicon, viewer, words, &names, record, act, now_ms)?);
    }
    for record in conflicted.iter().take(DECISIONS.saturating_sub(decisions.len())) {
        decisions.push(conflict_decision(tx, lexicon, words, &names, record)?);
    }
    let left = (blocked.len() + conflicted.len()).saturating_sub(decisions.len());
    Ok(Board {
        day: iso_day,
        day_shown: words.long_day(day),
        now: words.clock(now_ms),
        zone: words.zone.name().to_owned(),
        numbers: numbers(words, &rows, blocked.len(), conflicted.len()),
        more_decisions: (left > 0).then(|| words.n("decide-more", left)),
        decisions,
        kinds: kinds.map(|kind| words.of(&kind.plural).to_owned()).collect(),
        never_synced: rows.iter().all(|row| row.sync.at.is_none()),
        rows,
    })
}

/// The records whose last word is a blocked act, the newest first.
fn blocked(tx: &dyn Read, viewer: &Viewer) -> Result<Vec<(RecordRow, ActRow)>> {
    let acts = tx.blocked()?;
    let docs: Vec<_> = acts.iter().map(|act| act.doc).collect();
    let records = tx.records(&docs)?.into_iter().filter(|record| viewer.may_see(&record.scope));
    let mut records: HashMap<_, _> = records.map(|record| (record.doc, record)).collect();
    Ok(acts.into_iter().filter_map(|act| Some((records.remove(&act.doc)?, act))).collect())
}

fn count<'a>(records: impl IntoIterator<Item = &'a RecordRow>, owner: PersonId) -> usize {
    let own = |record: &&RecordRow| record.scope == Scope::Person(owner) || record.owner == owner;
    records.into_iter().filter(own).count()
}

fn progress(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    rep: &Person,
    day: &str,
) -> Result<Vec<Progress>> {
    let on_day = Some(day.to_owned());
    let filter =
        Filter { owner: Some(rep.id), from_day: on_day.clone(), to_day: on_day, ..Filter::default() };
    let mut by_kind: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for record in tx.list(&filter)? {
        let done = lexicon.kind(&record.kind).is_some_and(|kind| kind.is_done(&record.stage));
        let entry = by_kind.entry(record.kind).or_default();
        *entry = (entry.0 + u64::from(done), entry.1 + 1);
    }
    let kinds = lexicon.kinds().iter().filter(|kind| kind.agenda.is_some());
    let of = |name: &str| by_kind.get(name).copied().unwrap_or_default();
    Ok(kinds
        .map(|kind| {
            let (done, planned) = of(&kind.name);
            Progress { label: words.of(&kind.plural).to_owned(), done, planned }
        })
        .collect())
}

fn sync(words: &Words, phones: &[&DeviceRow], now_ms: i64) -> Sync {
    let last = phones.iter().filter_map(|d| d.last_sync).max();
    let stale = last.is_none_or(|at| words.day(at) != words.day(now_ms));
    Sync {
        at: last.map(|at| words.ago(at, now_ms)),
        never: words.t("never"),
        stale,
        tone: if stale { Tone::Warning } else { Tone::Neutral },
    }
}

fn numbers(words: &Words, rows: &[BoardRow], blocked: usize, conflicts: usize) -> Vec<Number> {
    let mut numbers: Vec<Number> = vec![];
    let kinds = rows.first().map_or(0, |row| row.progress.len());
    for at in 0..kinds {
        let each = || rows.iter().filter_map(|row| row.progress.get(at));
        let (done, planned) = (each().map(|p| p.done).sum(), each().map(|p| p.planned).sum());
        numbers.push(Number {
            key: format!("agenda-{at}"),
            label: each().next().map(|p| p.label.clone()).unwrap_or_default(),
            value: u64::to_string(&done),
            of: Some(words.n("of-done", planned)),
            share: (planned > 0).then_some((done, planned)),
            note: Some(words.t("done")),
            alarm: false,
        });
    }
    let plain = |key: &str, label: &str, value: String, alarm| Number {
        key: key.to_owned(),
        label: words.t(label),
        value,
        of: None,
        share: None,
        note: None,
        alarm,
    };
    let waiting: Vec<u64> = rows.iter().filter_map(|row| row.unsent).filter(|n| *n > 0).collect();
    let silent = rows.iter().filter(|row| row.sync.stale).count();
    numbers.push(plain("blocked", "blocked", blocked.to_string(), blocked > 0));
    numbers.push(plain("conflicts", "conflict", conflicts.to_string(), conflicts > 0));
    let note = (!waiting.is_empty()).then(|| words.n("on-phones", waiting.len()));
    let total: u64 = waiting.iter().sum();
    numbers.push(Number { note, ..plain("waiting", "waiting", total.to_string(), false) });
    let of = Some(words.n("of-reps", rows.len()));
    numbers.push(Number { of, ..plain("silent", "silent", silent.to_string(), false) });
    numbers
}

#[allow(clippy::too_many_arguments)]
fn blocked_decision(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    names: &Names,
    record: &RecordRow,
    row: &ActRow,
    now_ms: i64,
) -> Result<Decision> {
    let act = super::timeline::read(row)?;
    let base = decision(tx, lexicon, words, record)?;
    let (reason, remedy, link) = match &row.verdict.outcome {
        Outcome::Blocked(refusal) => (&refusal.reason, &refusal.remedy, refusal.link),
        Outcome::Accepted => return Ok(base),
    };
    let other = match link {
        Some(doc) => other_record(tx, lexicon, viewer, words, doc)?,
        None => None,
    };
    Ok(Decision {
        badge: Badge { tone: Tone::Bad, text: words.t("blocked") },
        reason: words.of(reason).to_owned(),
        remedy: Some(words.of(remedy).to_owned()),
        other,
        who: names.person(act.person),
        at: Some(words.moment(act.time.at_ms, now_ms)),
        ..base
    })
}

fn conflict_decision(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    names: &Names,
    record: &RecordRow,
) -> Result<Decision> {
    let document = tx.documents(&[record.doc])?.into_iter().next();
    let conflicts = match document {
        Some(row) => Document::load(&row.snapshot)?.conflicts(),
        None => vec![],
    };
    let kind = lexicon.kind(&record.kind);
    let label = |key: &String| {
        let question = kind.and_then(|kind| kind.question(key));
        question.map_or_else(|| key.clone(), |q| q.label(words.lang).to_owned())
    };
    // The same question in several instances of a repeat is named once.
    let fields: BTreeSet<String> = conflicts.iter().map(|c| label(&c.key)).collect();
    let fields = fields.into_iter().take(4).collect::<Vec<_>>().join(" · ");
    Ok(Decision {
        reason: words.f("conflict-reason", &[("fields", fields)]),
        remedy: Some(words.t("conflict-remedy")),
        who: names.person(record.owner),
        ..decision(tx, lexicon, words, record)?
    })
}

fn decision(tx: &dyn Read, lexicon: &dyn Lexicon, words: &Words, record: &RecordRow) -> Result<Decision> {
    let kind = lexicon.kind(&record.kind).map(|kind| words.of(&kind.title).to_owned());
    Ok(Decision {
        badge: Badge { tone: Tone::Split, text: words.t("conflict") },
        doc: record.doc.to_string(),
        title: lexicon.name(tx, record, words.lang)?.title,
        kind: kind.unwrap_or_else(|| record.kind.clone()),
        reason: String::new(),
        remedy: None,
        other: None,
        who: String::new(),
        at: None,
    })
}
