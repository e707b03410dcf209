//! What a kind can print.

use super::acts::guards;
use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::writes::is_known;
use crate::expression::Use;
use crate::limits;
use crate::manifest::{KindSource, PrintSource, SectionSource, Word, in_order};
use crate::print::{Print, Rows, SectionRule};
use std::collections::BTreeSet;
use toml::Spanned;

/// What lists show of a record, which a table of records can show too.
const SHOWN: [&str; 2] = ["@title", "@stage"];

pub(super) fn prints(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
) -> Vec<Print> {
    let sources = in_order(&kind.prints);
    c.at_most(sources.len(), limits::ENTRIES, kind.initial.span(), "prints");
    sources.into_iter().filter_map(|(name, source)| print(c, kind, stages, names, name, source)).collect()
}

fn print(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
    name: &Word,
    source: &PrintSource,
) -> Option<Print> {
    let none = Carried::default();
    let checked = c.snake(name);
    let title = c.text(&source.title);
    let subtitle = source.subtitle.as_ref().map(|text| c.template(text, Use::Field, names, &none));
    let acts = kind.acts.keys().map(|act| act.get_ref().clone()).collect();
    let act = source.act.as_ref().and_then(|act| c.one_of(act, &acts, "unknown-field"));
    let since = source.since.as_ref().and_then(|act| c.one_of(act, &acts, "unknown-field"));
    if let Some(since) = source.since.as_ref().filter(|_| source.act.is_none()) {
        c.problems.add(since.span(), "print-not-remembered", &[("name", name.get_ref())]);
    }
    // Whoever prints is asked nothing.
    let stated = kind.acts.iter().find(|(known, _)| act.as_ref() == Some(known.get_ref()));
    let asks = stated.and_then(|(_, act)| act.payload.iter().find(|field| field.required));
    if let Some(field) = asks {
        c.problems.add(field.name.span(), "print-act-asks", &[("name", field.name.get_ref())]);
    }
    let guards = guards(c, names, &none, &source.guards);
    c.at_most(source.sections.len(), limits::ENTRIES, name.span(), "sections");
    if source.sections.is_empty() {
        c.problems.add(name.span(), "print-section-empty", &[]);
    }
    let sections: Vec<_> =
        source.sections.iter().map(|section| self::section(c, names, name, section)).collect();
    Some(Print {
        name: checked?,
        title: title?,
        subtitle: subtitle.flatten(),
        stages: c.among(&source.stages, stages, "unknown-stage"),
        roles: c.roles(&source.roles),
        act,
        since,
        rule: source.rule.clone(),
        guards,
        sections: sections.into_iter().collect::<Option<_>>()?,
    })
}

fn section(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    print: &Word,
    section: &Spanned<SectionSource>,
) -> Option<SectionRule> {
    let source = section.get_ref();
    let none = Carried::default();
    let title = source.title.as_ref().map(|title| c.text(title));
    let when = source.when.as_ref().map(|when| c.condition(when, Use::Field, names, &none));
    let text = source.text.as_ref().map(|text| c.template(text, Use::Field, names, &none));
    if let Some(questions) = &names.questions {
        for field in &source.fields {
            if !is_known(questions, &names.lists, field.get_ref()) {
                c.problems.add(field.span(), "unknown-field", &[("name", field.get_ref()), ("kind", "")]);
            }
        }
    }
    let mut lines = Vec::new();
    for line in &source.lines {
        let (title, value) = (c.text(&line.title), c.template(&line.value, Use::Field, names, &none));
        lines.push(title.zip(value));
    }
    let signatures: Vec<_> = source.signatures.iter().map(|label| c.text(label)).collect();
    let tables = [&source.repeat, &source.checklist, &source.records];
    let mut tables = tables.into_iter().flatten();
    let (first, second) = (tables.next(), tables.next());
    if let Some(second) = second {
        c.problems.add(second.span(), "print-table-twice", &[]);
    }
    let empty = text.is_none() && source.fields.is_empty() && lines.is_empty() && signatures.is_empty();
    if empty && first.is_none() {
        c.problems.add(section.span(), "print-section-empty", &[]);
    }
    let table = first.map(|word| table(c, names, source, word));
    for list in [lines.len(), source.fields.len(), source.columns.len(), signatures.len()] {
        c.at_most(list, limits::ENTRIES, print.span(), "sections");
    }
    Some(SectionRule {
        title: title.map_or(Some(None), |title| title.map(Some))?,
        when: when.map_or(Some(None), |when| when.map(Some))?,
        text: text.map_or(Some(None), |text| text.map(Some))?,
        fields: source.fields.iter().map(|field| field.get_ref().clone()).collect(),
        lines: lines.into_iter().collect::<Option<_>>()?,
        table: table.map_or(Some(None), |table| table.map(Some))?,
        signatures: signatures.into_iter().collect::<Option<_>>()?,
    })
}

fn table(c: &mut Checker<'_, '_>, names: &mut Names, source: &SectionSource, word: &Word) -> Option<Rows> {
    let name = word.get_ref().clone();
    let columns: Vec<String> = source.columns.iter().map(|column| column.get_ref().clone()).collect();
    if source.checklist.is_some() {
        return c.one_of(word, &names.lists, "unknown-field").map(Rows::Checklist);
    }
    if columns.is_empty() {
        c.problems.add(word.span(), "empty-list", &[("name", "columns")]);
    }
    if source.repeat.is_some() {
        let questions = names.questions.as_ref()?;
        let missing = |key: &str| !questions.names().contains(&key);
        for column in source.columns.iter().filter(|column| missing(&format!("{name}/{}", column.get_ref())))
        {
            let args = [("name", column.get_ref().as_str()), ("kind", name.as_str())];
            c.problems.add(column.span(), "unknown-field", &args);
        }
        return Some(Rows::Repeat { repeat: name, columns });
    }
    let Some(link) = &source.link else {
        c.problems.add(word.span(), "empty-list", &[("name", "link")]);
        return None;
    };
    let read = source.columns.iter().filter(|column| !SHOWN.contains(&column.get_ref().as_str()));
    for key in read.chain([link]) {
        names.reads.push((name.clone(), key.get_ref().clone(), c.line(key.span())));
    }
    Some(Rows::Records { kind: name, link: link.get_ref().clone(), columns })
}
