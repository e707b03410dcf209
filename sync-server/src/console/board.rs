//! Today's board, from what the database says now.

use super::Tiles;
use super::conflicts::conflicted;
use super::days;
use super::exceptions;
use super::kinds::{KindWords, Lexicon};
use super::names::{Names, other_record};
use super::view::{Badge, Board, BoardRow, Decision, Number, Progress, RepDay, Sync, Tone};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::people::DeviceRow;
use crate::storage::records::{ActRow, Among, RecordRow};
use crate::storage::{Read, Result};
use rounds_model::document::Document;
use rounds_model::ids::{DeviceId, PersonId};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::Status;
use std::collections::{BTreeSet, HashMap};

/// How many decisions a board shows: more than anyone takes in one sitting.
const DECISIONS: usize = 20;
/// Records that wait for the viewer and are shown.
const WAITING: usize = 8;
/// Reps of one page; the numbers above are of all.
const REPS: usize = 40;

/// What is asked of the board beside the day.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask<'a> {
    /// The rep whose way is shown.
    pub rep: Option<PersonId>,
    /// Which part of the team, from 0.
    pub page: usize,
    /// Where maps come from.
    pub tiles: Option<&'a Tiles>,
}

/// The board of the day that it is in the team's zone.
pub fn board(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    ask: Ask<'_>,
    now_ms: i64,
) -> Result<Board> {
    let day = words.day(now_ms);
    let names = Names::read(tx, words)?;
    let among = Among { scopes: viewer.seen(), person: None, limit: DECISIONS as u32 };
    let disputed = conflicted(viewer, None, DECISIONS);
    let blocked: HashMap<_, _> = tx.blocked_count(&among)?.into_iter().collect();
    let conflicts: HashMap<_, _> = tx.search_owners(&disputed)?.into_iter().collect();
    let suspects: HashMap<_, _> = tx.doubtful_count(&among)?.into_iter().collect();
    let devices = tx.devices()?;
    let statuses: HashMap<DeviceId, Status> = tx.statuses()?.into_iter().collect();
    let settled = tx.settled()?;
    let iso_day = day.format("%Y-%m-%d").to_string();
    // Ways are worked out of those that are shown: everybody's counts, but not everybody's stops.
    let page = ask.page.min(viewer.led.len().saturating_sub(1) / REPS);
    let here: Vec<_> = viewer.led.iter().skip(page * REPS).take(REPS).cloned().collect();
    let shown = here.iter().map(|rep| rep.id).chain(ask.rep).collect();
    let mut days = days::days(tx, lexicon, viewer, words, &iso_day, &shown)?;
    // What nobody has to do today takes no room.
    let agenda: Vec<&KindWords> = lexicon
        .kinds()
        .iter()
        .filter(|kind| kind.agenda.is_some() && days.values().any(|day| day.counts.contains_key(&kind.name)))
        .collect();
    let mut rows = vec![];
    for rep in &viewer.led {
        let (phones, gone): (Vec<&DeviceRow>, Vec<&DeviceRow>) = devices
            .iter()
            .filter(|d| d.person == rep.id && d.revoked != Some(d.enrolled))
            .partition(|d| d.revoked.is_none());
        let told = || phones.iter().filter_map(|phone| statuses.get(&phone.device));
        let own = days.get(&rep.id);
        rows.push(BoardRow {
            person: rep.id.to_string(),
            name: rep.name.clone(),
            progress: progress(&agenda, words, own),
            sync: sync(words, &phones, &gone, now_ms),
            unsent: (!phones.is_empty()).then(|| phones.iter().map(|d| d.unsent).sum()),
            blocked: count(&blocked, rep.id),
            conflicts: count(&conflicts, rep.id),
            held: phones
                .iter()
                .filter_map(|phone| Some((phone.device, statuses.get(&phone.device)?)))
                .map(|(device, status)| exceptions::kept(&settled, device, status).count())
                .sum(),
            suspect: count(&suspects, rep.id),
            stops: own
                .map(|day| day.stops.iter().map(|stop| stop.shown.clone()).collect())
                .unwrap_or_default(),
            href: format!("/?rep={}", rep.id),
            chosen: ask.rep == Some(rep.id),
            app: told().map(|status| status.app.clone()).max().unwrap_or_default(),
        });
    }
    let mut decisions = vec![];
    for (record, act) in &tx.blocked(&among)? {
        decisions.push(blocked_decision(tx, lexicon, viewer, words, &names, record, act, now_ms)?);
    }
    if decisions.len() < DECISIONS {
        for record in tx.search(&disputed)?.iter().take(DECISIONS - decisions.len()) {
            decisions.push(conflict_decision(tx, lexicon, words, &names, record)?);
        }
    }
    let (blocked, conflicts) = (sum(&blocked), sum(&conflicts));
    let left = (blocked + conflicts).saturating_sub(decisions.len());
    let (waiting, waiting_count) = super::work::waiting(tx, lexicon, viewer, words, WAITING, now_ms)?;
    let never_synced = rows.iter().all(|row| row.sync.at.is_none());
    let numbers = numbers(words, &rows, blocked, conflicts, waiting_count);
    let team = rows.len();
    let rows: Vec<BoardRow> = rows.into_iter().skip(page * REPS).take(REPS).collect();
    let chosen = ask.rep.and_then(|id| viewer.led.iter().find(|rep| rep.id == id));
    let plot = days::plotted(
        &days,
        if chosen.is_some() { &viewer.led } else { &here },
        chosen.map(|rep| rep.id),
        ask.tiles,
    );
    let chosen = chosen.map(|rep| RepDay {
        name: rep.name.clone(),
        stops: days
            .remove(&rep.id)
            .map(|day| day.stops.into_iter().map(|stop| stop.shown).collect())
            .unwrap_or_default(),
    });
    Ok(Board {
        day: iso_day,
        day_shown: words.long_day(day),
        now: words.clock(now_ms),
        zone: words.zone.name().to_owned(),
        numbers,
        more_decisions: (left > 0).then(|| words.n("decide-more", left)),
        decisions,
        kinds: agenda.iter().map(|kind| words.of(&kind.plural).to_owned()).collect(),
        never_synced,
        previous: (page > 0).then(|| format!("/?page={page}")),
        next: (team > (page + 1) * REPS).then(|| format!("/?page={}", page + 2)),
        team,
        rows,
        waiting,
        waiting_count,
        plot,
        chosen,
    })
}

fn count(counted: &HashMap<PersonId, u64>, person: PersonId) -> usize {
    counted.get(&person).map_or(0, |count| usize::try_from(*count).unwrap_or(usize::MAX))
}

fn sum(counted: &HashMap<PersonId, u64>) -> usize {
    usize::try_from(counted.values().sum::<u64>()).unwrap_or(usize::MAX)
}

fn progress(agenda: &[&KindWords], words: &Words, day: Option<&days::Day>) -> Vec<Progress> {
    let of = |kind: &&KindWords| {
        let (done, planned) = day.and_then(|day| day.counts.get(&kind.name).copied()).unwrap_or_default();
        Progress { label: words.of(&kind.plural).to_owned(), done, planned }
    };
    agenda.iter().map(of).collect()
}

/// When a phone last synced: one that has access, or else one that had it, which is said.
fn sync(words: &Words, phones: &[&DeviceRow], gone: &[&DeviceRow], now_ms: i64) -> Sync {
    let revoked = phones.is_empty() && !gone.is_empty();
    let counted = if revoked { gone } else { phones };
    let last = counted.iter().filter_map(|d| d.last_sync).max();
    let stale = revoked || last.is_none_or(|at| words.day(at) != words.day(now_ms));
    Sync {
        at: last.map(|at| words.ago(at, now_ms)),
        revoked: revoked.then(|| words.t("phone-revoked")),
        never: words.t("never"),
        stale,
        tone: if stale { Tone::Warning } else { Tone::Neutral },
    }
}

fn numbers(words: &Words, rows: &[BoardRow], blocked: usize, conflicts: usize, waits: u64) -> Vec<Number> {
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
    numbers.push(plain("waits", "waits-for-you", waits.to_string(), false));
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
