//! Reports of a kind.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::names::question;
use crate::expression::Use;
use crate::field::{Answer, Field};
use crate::limits;
use crate::manifest::{ColumnSource, KindSource, ReportSource, Word, in_order};
use crate::report::{Column, How, Labels, Report, Span};
use crate::workbook::Workbook;

const HOWS: [(&str, How); 6] = [
    ("count", How::Count),
    ("share", How::Share),
    ("sum", How::Sum),
    ("mean", How::Mean),
    ("distinct", How::Distinct),
    ("text", How::Text),
];

const SPANS: [(&str, Span); 2] = [("days", Span::Days), ("week", Span::Week)];

/// What a kind asks: its fields, and its workbook.
type Asked<'a> = (&'a [Field], Option<&'a Workbook>);

pub(super) fn reports(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    asked: Asked<'_>,
    names: &mut Names,
) -> Vec<Report> {
    let sources = in_order(&kind.reports);
    c.at_most(sources.len(), limits::ENTRIES, kind.initial.span(), "reports");
    sources.into_iter().filter_map(|(name, source)| report(c, asked, names, name, source)).collect()
}

fn report(
    c: &mut Checker<'_, '_>,
    asked: Asked<'_>,
    names: &mut Names,
    name: &Word,
    source: &ReportSource,
) -> Option<Report> {
    let none = Carried::default();
    let on = source.on.as_ref().map(|on| dated(c, asked, names, on));
    let span = source.span.as_ref().map_or(Some(Span::Days), |span| c.choice(span, &SPANS));
    let checked = c.snake(name);
    let title = c.text(&source.title);
    let hint = source.hint.as_ref().map(|hint| c.text(hint));
    let groups = c.text(&source.groups);
    let when = source.when.as_ref().map(|when| c.condition(when, Use::Field, names, &none));
    let by = c.expression(&source.by, Use::Field, names, &none);
    let labels = match source.labels.as_ref().map(|labels| (labels, labels.get_ref().as_str())) {
        None => Labels::Plain,
        Some((_, "@person")) => Labels::Person,
        Some((_, "@record")) => Labels::Record,
        Some((word, text)) => {
            let Some((kind, field)) = text.split_once('.') else {
                c.problems.add(word.span(), "unknown-field", &[("name", text), ("kind", "")]);
                return None;
            };
            names.reads.push((kind.to_owned(), field.to_owned(), c.line(word.span())));
            Labels::Choice(kind.to_owned(), field.to_owned())
        }
    };
    let everyone = source.everyone.as_ref().is_some_and(|everyone| *everyone.get_ref());
    if let Some(word) = source.everyone.as_ref().filter(|_| everyone && labels != Labels::Person) {
        c.problems.add(word.span(), "everyone-of-whom", &[]);
    }
    c.at_most(source.columns.len(), limits::ENTRIES, name.span(), "columns");
    if source.columns.is_empty() {
        c.problems.add(name.span(), "empty-list", &[("name", "columns")]);
    }
    let columns: Vec<_> = source.columns.iter().map(|source| column(c, names, source)).collect();
    Some(Report {
        name: checked?,
        title: title?,
        hint: hint.map_or(Some(None), |hint| hint.map(Some))?,
        rule: source.rule.clone(),
        groups: groups?,
        labels,
        on: on.map_or(Some(None), |on| on.map(Some))?,
        span: span?,
        everyone,
        columns: columns.into_iter().collect::<Option<_>>()?,
        when: when.map_or(Some(None), |when| when.map(Some))?,
        by: by?,
    })
}

/// The question whose day says when a record counts.
fn dated(c: &mut Checker<'_, '_>, (fields, workbook): Asked<'_>, names: &Names, on: &Word) -> Option<String> {
    let name = question(c, names, on)?;
    let declared = fields.iter().find(|field| field.name == name);
    let fits = match declared {
        Some(field) => field.answer == Answer::Date,
        // A workbook that cannot be read has problems of its own.
        None => workbook.is_none_or(|workbook| workbook.tells_a_day(&name)),
    };
    if !fits {
        c.problems.add(on.span(), "not-a-date", &[("name", &name)]);
    }
    Some(name)
}

fn column(c: &mut Checker<'_, '_>, names: &mut Names, source: &ColumnSource) -> Option<Column> {
    let none = Carried::default();
    let title = c.text(&source.title);
    let how = c.choice(&source.how, &HOWS);
    let of = source.of.as_ref().map(|of| c.condition(of, Use::Field, names, &none));
    let value = source.value.as_ref().map(|value| match how {
        Some(How::Share) => c.condition(value, Use::Field, names, &none),
        _ => c.expression(value, Use::Field, names, &none),
    });
    if source.value.is_none() && how.is_some_and(|how| how != How::Count) {
        c.problems.add(source.how.span(), "empty-list", &[("name", "value")]);
    }
    Some(Column {
        title: title?,
        how: how?,
        value: value.map_or(Some(None), |value| value.map(Some))?,
        of: of.map_or(Some(None), |of| of.map(Some))?,
    })
}
