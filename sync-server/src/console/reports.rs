//! The reports that packs describe, over a span of days, for the records that the viewer may see.

use super::kinds::Lexicon;
use super::list::escaped;
use super::names::{Names, other_record};
use super::view::{BarChart, ReportCard, ReportRow, ReportView};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{Order, Search};
use crate::storage::{Read, Result};
use chrono::{Datelike, Days, NaiveDate, TimeZone};
use rounds_model::ids::{DocId, PersonId};
use rounds_workflow::{Figure, Labels};
use serde::Deserialize;

/// Records of one report.
const MOST: u32 = 200_000;
/// Days that are looked at if nothing is said.
const DAYS: u64 = 28;
/// Bars of a chart.
const BARS: usize = 14;

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// Every report there is, by pack.
pub fn cards(lexicon: &dyn Lexicon, words: &Words) -> Vec<ReportCard> {
    let mut cards = vec![];
    for kind in lexicon.kinds() {
        for report in &kind.reports {
            cards.push(ReportCard {
                href: format!("/reports/{}/{}", kind.name, report.name),
                title: words.of(&report.title).to_owned(),
                hint: report.hint.as_ref().map(|hint| words.of(hint).to_owned()).unwrap_or_default(),
                kind: words.of(&kind.plural).to_owned(),
                rule: report.rule.clone().unwrap_or_default(),
            });
        }
    }
    cards
}

/// One report; none if there is no such one.
#[allow(clippy::too_many_arguments)]
pub fn report(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    name: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<ReportView>> {
    let Some(kind) = lexicon.kind(kind) else { return Ok(None) };
    let Some(said) = kind.reports.iter().find(|report| report.name == name) else { return Ok(None) };
    let today = words.day(now_ms);
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let to = day(&ask.to).unwrap_or(today);
    let from = day(&ask.from).or_else(|| to.checked_sub_days(Days::new(DAYS - 1))).unwrap_or(to);
    let begins = |day: NaiveDate| {
        let local = words.zone.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).earliest();
        local.map(|at| at.timestamp_millis())
    };
    let dated = kind.agenda.is_some();
    let written = |day: NaiveDate| day.format("%Y-%m-%d").to_string();
    let search = Search {
        kinds: vec![kind.name.clone()],
        scopes: viewer.seen(),
        from_day: dated.then(|| written(from)),
        to_day: dated.then(|| written(to)),
        made_from: begins(from).filter(|_| !dated),
        made_before: to.succ_opt().and_then(begins).filter(|_| !dated),
        order: Order::Oldest,
        limit: MOST,
        ..Search::default()
    };
    let Some(table) = lexicon.tabulate(tx, &kind.name, name, &search)? else { return Ok(None) };
    let names = Names::read(tx, words)?;
    let mut rows = vec![];
    for (group, figures) in table.rows {
        let label = match &table.labels {
            Labels::Plain => group.clone(),
            Labels::Person => group.parse::<PersonId>().map_or_else(|_| group.clone(), |id| names.person(id)),
            Labels::Record => match group.parse::<DocId>() {
                Ok(doc) => other_record(tx, lexicon, viewer, words, doc)?
                    .map_or_else(|| words.t("elsewhere"), |o| o.title),
                Err(_) => group.clone(),
            },
            Labels::Choice(other, field) => {
                let question = lexicon.kind(other).and_then(|kind| kind.question(field));
                let choice = question.and_then(|q| q.choices.iter().find(|(name, _)| *name == group));
                choice.map_or_else(|| group.clone(), |(_, text)| words.of(text).to_owned())
            }
        };
        let label = if label.is_empty() { words.t("report-none") } else { label };
        rows.push((label, figures));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let first =
        rows.first().and_then(|(_, figures)| figures.iter().position(|f| matches!(f, Figure::Share(..))));
    let chart = first.map(|at| {
        chart(words, said.columns.get(at).map(|title| words.of(title)).unwrap_or_default(), &rows, at)
    });
    let path = format!("/reports/{}/{}", kind.name, said.name);
    let span = |from: NaiveDate, to: NaiveDate| {
        format!("{path}?from={}&to={}", escaped(&written(from)), escaped(&written(to)))
    };
    let monday =
        today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday()))).unwrap_or(today);
    let back = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let spans = [
        ("span-week", monday, today),
        ("span-last-week", monday - Days::new(7), monday - Days::new(1)),
        ("span-4-weeks", back(27), today),
        ("span-quarter", back(90), today),
    ];
    Ok(Some(ReportView {
        title: words.of(&said.title).to_owned(),
        hint: said.hint.as_ref().map(|hint| words.of(hint).to_owned()).unwrap_or_default(),
        rule: said.rule.clone().unwrap_or_default(),
        from: written(from),
        to: written(to),
        span: format!("{} – {}", words.date(from, now_ms), words.date(to, now_ms)),
        count: words.n("report-records", table.records),
        groups: words.of(&said.groups).to_owned(),
        columns: said.columns.iter().map(|title| words.of(title).to_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|(label, figures)| ReportRow { label, cells: figures.iter().map(figure).collect() })
            .collect(),
        chart,
        spans: spans
            .map(|(key, from_day, to_day)| {
                (words.t(key), span(from_day, to_day), (from_day, to_day) == (from, to))
            })
            .into(),
        path,
    }))
}

fn chart(words: &Words, title: &str, rows: &[(String, Vec<Figure>)], at: usize) -> BarChart {
    let mut bars: Vec<(String, u64, u64, String)> = rows
        .iter()
        .filter_map(|(label, figures)| match figures.get(at)? {
            Figure::Share(part, whole) if *whole > 0 => {
                Some((label.clone(), *part, *whole, percent(*part, *whole)))
            }
            _ => None,
        })
        .collect();
    bars.sort_by(|a, b| (b.1 * a.2).cmp(&(a.1 * b.2)));
    let hidden = bars.len().saturating_sub(BARS);
    bars.truncate(BARS);
    let more = if hidden > 0 { format!(" ({})", words.n("decide-more", hidden)) } else { String::new() };
    BarChart { title: format!("{title}{more}"), bars, trend: None }
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.0} %", part as f64 / whole.max(1) as f64 * 100.0)
}

/// A figure as it is read, and whether it is a number.
fn figure(figure: &Figure) -> (String, bool) {
    match figure {
        Figure::Count(count) => (count.to_string(), true),
        Figure::Share(_, 0) | Figure::Number(None) => ("–".to_owned(), true),
        Figure::Share(part, whole) => (format!("{} ({part}/{whole})", percent(*part, *whole)), true),
        Figure::Number(Some(number)) => {
            let text = format!("{number:.2}");
            (text.trim_end_matches('0').trim_end_matches('.').to_owned(), true)
        }
        Figure::Text(text) => (text.clone(), false),
    }
}
