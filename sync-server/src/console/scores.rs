//! How scores went over time for each thing that a kind's records are about, and how its questions with
//! choices were answered.

use super::kinds::{KindWords, Lexicon, Question, Sort, ToldRow};
use super::list::{self, Ask};
use super::view::{BarChart, LineChart, Scores, Trend};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{Order, RecordRow, Search};
use crate::storage::{Read, Result};
use chrono::{Datelike, Days, NaiveDate};
use rounds_model::ids::DocId;
use std::collections::{BTreeMap, BTreeSet};

/// The newest records that are looked at.
const LOOKED_AT: u32 = 600;
/// Choices of a question that are compared; with more a chart is a list.
const MOST: usize = 12;
/// So few choices are worth comparing in any case.
const FEW: usize = 6;
/// Charts of each sort.
const CHARTS: usize = 24;

/// A record that is looked at.
struct Looked {
    subject: Option<String>,
    /// The Monday of the week in which it was made.
    week: Option<NaiveDate>,
    row: ToldRow,
}

/// When a record was made, what it scored, and which it is.
type Scored = (i64, f64, DocId);

/// The page; none if there is no such kind, or nothing that its records are about.
pub fn scores(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<Scores>> {
    let Some(kind) = lexicon.kind(kind).filter(|kind| kind.about) else { return Ok(None) };
    let search = list::search(tx, lexicon, viewer, words, kind, ask)?;
    let all = tx.search_count(&search)?;
    let found = tx.search(&Search { order: Order::Newest, limit: LOOKED_AT, ..search })?;
    let mut told: Vec<Looked> = vec![];
    let mut by_subject: BTreeMap<String, Vec<Scored>> = BTreeMap::new();
    for record in &found {
        let row = lexicon.told(record)?;
        if let Some(score) = score(lexicon, record, &row)?
            && let (Some(subject), Some(made)) = (&record.subject, record.doc.made_ms())
        {
            let at = i64::try_from(made).unwrap_or(i64::MAX);
            by_subject.entry(subject.clone()).or_default().push((at, score, record.doc));
        }
        let week = record.doc.made_ms().and_then(|made| i64::try_from(made).ok()).map(|made| {
            let day = words.day(made);
            day - Days::new(u64::from(day.weekday().num_days_from_monday()))
        });
        told.push(Looked { subject: record.subject.clone(), week, row });
    }
    let mut lines = vec![];
    for (subject, mut values) in by_subject {
        values.sort_by_key(|(at, ..)| *at);
        let title = match subject.parse::<DocId>() {
            Ok(doc) => super::names::other_record(tx, lexicon, viewer, words, doc)?.map(|other| other.title),
            Err(_) => None,
        };
        lines.push(line(words, title.unwrap_or(subject), &values, now_ms));
    }
    lines.sort_by(|a, b| b.dots.len().cmp(&a.dots.len()).then_with(|| a.title.cmp(&b.title)));
    let mut cut = vec![];
    if all > found.len() as u64 {
        cut.push(words.f("scores-newest", &[("n", found.len().to_string()), ("all", all.to_string())]));
    }
    if lines.len() > CHARTS {
        cut.push(words.f("scores-lines", &[("n", CHARTS.to_string()), ("all", lines.len().to_string())]));
    }
    lines.truncate(CHARTS);
    let (questions, further) = answered(words, kind, &told, now_ms);
    if further > 0 {
        cut.push(
            words.f("scores-questions", &[("n", questions.len().to_string()), ("more", further.to_string())]),
        );
    }
    Ok(Some(Scores {
        title: words.of(&kind.plural).to_owned(),
        list: ask.address(&format!("/kinds/{}", kind.name), &[("page", "")]),
        count: words.n("scores-count", found.len()),
        lines,
        cut,
        questions,
    }))
}

/// The percent of a record, or what its form calls its score.
fn score(lexicon: &dyn Lexicon, record: &RecordRow, row: &ToldRow) -> Result<Option<f64>> {
    if let Some(percent) = lexicon.final_score(record)? {
        return Ok(Some(percent));
    }
    // A workbook without scores of its own may work one out in a calculation of that name.
    Ok(row.data.get("score").and_then(|value| value.to_string().parse().ok()))
}

fn line(words: &Words, title: String, values: &[(i64, f64, DocId)], now_ms: i64) -> LineChart {
    let (first, last) = (values.first().map_or(0, |v| v.0), values.last().map_or(0, |v| v.0));
    let span = (last - first).max(1) as f64;
    let highest = values.iter().map(|v| v.1).fold(100.0, f64::max);
    let place = |at: i64, value: f64| {
        let x = if values.len() > 1 { 8.0 + (at - first) as f64 / span * 284.0 } else { 150.0 };
        (format!("{x:.1}"), format!("{:.1}", 84.0 - value / highest * 76.0))
    };
    let dots: Vec<_> = values
        .iter()
        .map(|(at, value, doc)| {
            let (x, y) = place(*at, *value);
            (x, y, format!("{value:.0} · {}", words.moment(*at, now_ms).short), doc.to_string())
        })
        .collect();
    LineChart {
        title,
        last: values.last().map(|v| format!("{:.0}", v.1)).unwrap_or_default(),
        points: dots.iter().map(|(x, y, ..)| format!("{x},{y}")).collect::<Vec<_>>().join(" "),
        dots,
        from: words.date(words.day(first), now_ms),
        to: words.date(words.day(last), now_ms),
    }
}

/// Whether a question with a long list only says what the record is about: which store it was. Then each
/// thing has an answer of its own, and how often each was given says nothing.
fn names_subject(question: &Question, rows: &[Looked]) -> bool {
    let path = question.path();
    let own =
        rows.iter().filter_map(|one| Some((one.subject.as_deref()?, one.row.data.get(&path)?.to_string())));
    let pairs: BTreeSet<(&str, String)> = own.collect();
    let subjects: BTreeSet<&str> = pairs.iter().map(|(subject, _)| *subject).collect();
    let answers: BTreeSet<&str> = pairs.iter().map(|(_, answer)| answer.as_str()).collect();
    question.choices.len() > FEW && pairs.len() == subjects.len() && pairs.len() == answers.len()
}

/// How often each choice of each question was taken, in the order of the form; and how many further questions
/// there are.
fn answered(words: &Words, kind: &KindWords, rows: &[Looked], now_ms: i64) -> (Vec<BarChart>, usize) {
    let (mut charts, mut further) = (vec![], 0);
    for question in kind.questions.iter().filter(|q| q.sort == Sort::Choices && q.choices.len() > 1) {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut total = 0;
        for (_, value) in rows.iter().flat_map(|one| &one.row.data).filter(|(key, _)| question.matches(key)) {
            let text = value.to_string();
            total += 1;
            for chosen in text.split_whitespace() {
                if let Some((name, _)) = question.choices.iter().find(|(name, _)| name == chosen) {
                    *counts.entry(name).or_default() += 1;
                }
            }
        }
        if total == 0 || question.choices.len() > MOST || names_subject(question, rows) {
            continue;
        }
        if charts.len() == CHARTS {
            further += 1;
            continue;
        }
        let bar = |(name, label): &(String, _)| {
            let count = counts.get(name.as_str()).copied().unwrap_or(0);
            (
                words.of(label).to_owned(),
                count,
                total,
                format!("{:.0} %", count as f64 / total as f64 * 100.0),
            )
        };
        charts.push(BarChart {
            title: question.label(words.lang).to_owned(),
            bars: question.choices.iter().map(bar).collect(),
            trend: trend(words, question, rows, now_ms),
        });
    }
    (charts, further)
}

/// How the first choice of a question fared week by week, of all answers to it; none within one week.
fn trend(words: &Words, question: &Question, rows: &[Looked], now_ms: i64) -> Option<Trend> {
    let (name, label) = question.choices.first()?;
    let mut weeks: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    for one in rows {
        let Some(week) = one.week else { continue };
        for (_, value) in one.row.data.iter().filter(|(key, _)| question.matches(key)) {
            let taken = value.to_string().split_whitespace().any(|chosen| chosen == name);
            let count = weeks.entry(week).or_default();
            *count = (count.0 + u64::from(taken), count.1 + 1);
        }
    }
    let (first, last) = (*weeks.first_key_value()?.0, *weeks.last_key_value()?.0);
    let span = (last - first).num_days();
    if span == 0 {
        return None;
    }
    let dot = |(week, (taken, all)): (&NaiveDate, &(u64, u64))| {
        let (x, share) = ((*week - first).num_days() as f64 / span as f64, *taken as f64 / *all as f64);
        let said = format!("{:.0} % · {taken}/{all} · {}", share * 100.0, words.date(*week, now_ms));
        (format!("{:.1}", 8.0 + x * 284.0), format!("{:.1}", 84.0 - share * 76.0), said)
    };
    let dots: Vec<_> = weeks.iter().map(dot).collect();
    Some(Trend {
        title: words.f("by-week", &[("choice", words.of(label).to_owned())]),
        points: dots.iter().map(|(x, y, _)| format!("{x},{y}")).collect::<Vec<_>>().join(" "),
        dots,
        from: words.date(first, now_ms),
        to: words.date(last, now_ms),
    })
}
