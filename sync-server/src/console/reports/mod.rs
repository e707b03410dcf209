//! The reports that packs describe, over a span of days, for the records that the viewer may see.

mod days;

use super::filters::{self, Filters};
use super::kinds::{Lexicon, ReportWords, Within};
use super::names::{Names, other_record};
use super::view::{BarChart, ReportCard, ReportRow, ReportView};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::{Read, Result};
use days::{Period, written};
use rounds_model::ids::{DocId, PersonId};
use rounds_workflow::{Figure, How, Labels, Span};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Groups of one report.
const GROUPS: usize = 500;
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

impl Filters for Ask {
    const NAMES: &'static [&'static str] = &["from", "to"];
}

/// A report as it was worked out.
pub struct Told<'l> {
    /// Its words.
    pub said: &'l ReportWords,
    /// Its groups, each with what it is called and its figures; none of somebody who has no record.
    pub rows: Vec<(String, Option<Vec<Figure>>)>,
    /// The days.
    period: Period,
    /// Records in its groups.
    records: u64,
    /// Records in further groups.
    left_out: u64,
    /// Records that were not looked at.
    unread: u64,
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

/// One report worked out; none if there is no such one.
#[allow(clippy::too_many_arguments)]
pub fn told<'l>(
    tx: &dyn Read,
    lexicon: &'l dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    name: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<Told<'l>>> {
    let Some(kind) = lexicon.kind(kind) else { return Ok(None) };
    let Some(said) = kind.reports.iter().find(|report| report.name == name) else { return Ok(None) };
    filters::day("from", &ask.from)?;
    filters::day("to", &ask.to)?;
    let period = Period::asked(said.span, ask, words.day(now_ms));
    let within = Within {
        scopes: viewer.seen(),
        from: period.from,
        to: period.to,
        made: period.made(words),
        groups: GROUPS,
    };
    let Some(tabled) = lexicon.tabulate(tx, &kind.name, name, &within)? else { return Ok(None) };
    let names = Names::read(tx, words)?;
    let there: BTreeSet<String> = tabled.table.rows.iter().map(|(group, _)| group.clone()).collect();
    let mut rows = vec![];
    for (group, figures) in tabled.table.rows {
        let label = match &tabled.labels {
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
        rows.push((if label.is_empty() { words.t("report-none") } else { label }, Some(figures)));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    // Whoever has records in a group that was left out handed something in.
    if said.everyone && tabled.table.left_out == 0 {
        // Whoever left has no phone any more, and owes nothing.
        let devices = tx.devices()?;
        let left = |id: PersonId| {
            let mut own = devices.iter().filter(|row| row.person == id).peekable();
            own.peek().is_some() && own.all(|row| row.revoked.is_some())
        };
        let owe = viewer.led.iter().filter(|person| {
            kind.create.contains(&person.role) && !there.contains(&person.id.to_string()) && !left(person.id)
        });
        let mut missing: Vec<_> = owe.map(|person| (names.person(person.id), None)).collect();
        missing.sort_by(|a, b| a.0.cmp(&b.0));
        rows.extend(missing);
    }
    let (records, left_out) = (tabled.table.records, tabled.table.left_out);
    Ok(Some(Told { said, rows, period, records, left_out, unread: tabled.unread }))
}

/// One report as a page; none if there is no such one.
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
    let Some(told) = told(tx, lexicon, viewer, words, kind, name, ask, now_ms)? else { return Ok(None) };
    let (said, period, today) = (told.said, told.period, words.day(now_ms));
    let path = format!("/reports/{kind}/{name}");
    let first = said.columns.iter().position(|(_, how)| *how == How::Share);
    let chart = first.and_then(|at| {
        let title = said.columns.get(at).map(|(title, _)| words.of(title)).unwrap_or_default();
        chart(words, title, &told.rows, at)
    });
    let missing = told.rows.iter().filter(|(_, figures)| figures.is_none()).count();
    Ok(Some(ReportView {
        title: words.of(&said.title).to_owned(),
        hint: said.hint.as_ref().map(|hint| words.of(hint).to_owned()).unwrap_or_default(),
        rule: said.rule.clone().unwrap_or_default(),
        from: written(period.from),
        to: written(period.to),
        week: said.span == Span::Week,
        span: period.said(words, now_ms),
        count: words.n("report-records", told.records),
        missing: (missing > 0).then(|| words.n("report-missing-count", missing)),
        cut: told.cut(words),
        groups: words.of(&said.groups).to_owned(),
        columns: said.columns.iter().map(|(title, _)| words.of(title).to_owned()).collect(),
        rows: told
            .rows
            .iter()
            .map(|(label, figures)| ReportRow {
                label: label.clone(),
                missing: figures.is_none(),
                cells: figures.iter().flatten().map(figure).collect(),
            })
            .collect(),
        chart,
        spans: period.ways(said.span, words, &path, today),
        csv: format!("{path}/export.csv?{}", period.query()),
        xlsx: format!("{path}/export.xlsx?{}", period.query()),
        path,
    }))
}

impl Told<'_> {
    /// What is not in it, in words.
    pub fn cut(&self, words: &Words) -> Vec<String> {
        let left_out =
            |n: u64| words.f("report-left-out", &[("n", n.to_string()), ("groups", GROUPS.to_string())]);
        let unread = |n: u64| words.n("report-unread", n);
        let some = |n: u64| (n > 0).then_some(n);
        [some(self.left_out).map(left_out), some(self.unread).map(unread)].into_iter().flatten().collect()
    }

    /// What a file of it is called, beside the report's name.
    pub fn days(&self) -> String {
        written(self.period.from)
    }
}

/// The first share as bars; none where nobody has one.
fn chart(words: &Words, title: &str, rows: &[(String, Option<Vec<Figure>>)], at: usize) -> Option<BarChart> {
    let mut bars: Vec<(String, u64, u64, String)> = rows
        .iter()
        .filter_map(|(label, figures)| match figures.as_ref()?.get(at)? {
            Figure::Share(part, whole) if *whole > 0 => {
                Some((label.clone(), *part, *whole, percent(*part, *whole)))
            }
            _ => None,
        })
        .collect();
    if bars.is_empty() {
        return None;
    }
    bars.sort_by(|a, b| (b.1 * a.2).cmp(&(a.1 * b.2)));
    let hidden = bars.len().saturating_sub(BARS);
    bars.truncate(BARS);
    let more = if hidden > 0 { format!(" ({})", words.n("decide-more", hidden)) } else { String::new() };
    Some(BarChart { title: format!("{title}{more}"), bars, trend: None })
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

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::text::{Lang, Text};

    #[test]
    fn what_is_left_out_is_said_with_what_to_do() {
        let said = ReportWords {
            name: String::new(),
            title: Text::default(),
            hint: None,
            rule: None,
            groups: Text::default(),
            span: Span::Days,
            everyone: false,
            columns: vec![],
        };
        let day = chrono::NaiveDate::default();
        let told = |left_out: u64, unread: u64| {
            let period = Period { from: day, to: day };
            let told = Told { said: &said, rows: vec![], period, records: 0, left_out, unread };
            [Lang::Zh, Lang::En].map(|lang| told.cut(&Words::new(lang, "UTC")))
        };
        assert_eq!(told(0, 0), [vec![], vec![]] as [Vec<String>; 2]);
        for (told, days) in told(3, 70_001).iter().zip(["缩短", "fewer days"]) {
            assert_eq!(told.len(), 2);
            assert!(
                told[0].contains('3') && told[0].contains("500") && told[1].contains("70001"),
                "{told:?}"
            );
            assert!(told.iter().all(|text| text.contains(days)), "{told:?}");
        }
    }
}
