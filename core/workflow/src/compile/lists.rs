//! The lists of a kind.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::names::searched;
use crate::expression::Use;
use crate::limits;
use crate::listing::{ListColumn, ListView, Order};
use crate::manifest::{KindSource, ListSource, Word};
use rounds_model::text::Text;
use std::collections::BTreeSet;

/// What every record has.
const SHOWN: [&str; 2] = ["@title", "@stage"];

pub(super) fn lists(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    source: &KindSource,
    stages: &BTreeSet<String>,
    title: &dyn Fn(&str) -> Option<Text>,
) -> Vec<ListView> {
    let mut taken = BTreeSet::new();
    let mut lists = Vec::new();
    for list in &source.lists {
        if !taken.insert(list.name.get_ref()) {
            c.problems.add(list.name.span(), "name-taken", &[("name", list.name.get_ref())]);
        }
        lists.extend(one(c, names, stages, list, title));
    }
    if let Some(first) = source.lists.first() {
        c.at_most(source.lists.len(), limits::ENTRIES, first.name.span(), "lists");
    }
    lists
}

fn one(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    stages: &BTreeSet<String>,
    source: &ListSource,
    title: &dyn Fn(&str) -> Option<Text>,
) -> Option<ListView> {
    let name = c.snake(&source.name);
    let shown = c.text(&source.title);
    c.at_most(source.columns.len() + source.order.len(), limits::ENTRIES, source.name.span(), "columns");
    let mut key = |word: &Word, bare: &str| match SHOWN.contains(&bare) {
        true => Some(bare.to_owned()),
        false => searched(c, names, &Word::new(word.span(), bare.to_owned())),
    };
    let columns: Vec<Option<ListColumn>> = source
        .columns
        .iter()
        .map(|word| key(word, word.get_ref()).map(|key| ListColumn { title: title(&key), key }))
        .collect();
    let order: Vec<Option<Order>> = source
        .order
        .iter()
        .map(|word| {
            let (bare, falling) = match word.get_ref().strip_prefix('-') {
                Some(bare) => (bare, true),
                None => (word.get_ref().as_str(), false),
            };
            key(word, bare).map(|key| Order { key, falling })
        })
        .collect();
    let when = source.when.as_ref().map(|when| c.condition(when, Use::Field, names, &Carried::default()));
    Some(ListView {
        name: name?,
        title: shown?,
        columns: columns.into_iter().collect::<Option<_>>()?,
        order: order.into_iter().collect::<Option<_>>()?,
        stages: c.among(&source.stages, stages, "unknown-stage"),
        when: when.map_or(Some(None), |when| when.map(Some))?,
        rule: source.rule.clone(),
    })
}
