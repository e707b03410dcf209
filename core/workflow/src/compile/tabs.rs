//! Tabs of a kind's page. Every answer stands in one of them, so that none can be missed.

use super::checker::Checker;
use super::expressions::Names;
use super::writes::is_known;
use crate::field::Field;
use crate::limits;
use crate::manifest::{KindSource, TabSource, Word};
use crate::tab::{Tab, tab_of};
use std::collections::BTreeSet;

pub(super) fn tabs(
    c: &mut Checker<'_, '_>,
    names: &Names,
    name: &Word,
    kind: &KindSource,
    fields: &[Field],
) -> Vec<Tab> {
    c.at_most(kind.tabs.len(), limits::ENTRIES, name.span(), "tabs");
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    for tab in &kind.tabs {
        once(c, &mut taken, &tab.name);
        tab.fields.iter().chain(&tab.checklists).for_each(|word| once(c, &mut placed, word));
    }
    let tabs: Vec<Tab> = kind.tabs.iter().filter_map(|source| tab(c, names, name, source)).collect();
    if tabs.len() == kind.tabs.len()
        && let Some(first) = kind.tabs.first()
    {
        let mut homeless: Vec<&str> =
            fields.iter().map(|f| f.name.as_str()).filter(|key| tab_of(&tabs, key).is_none()).collect();
        // The questions of a workbook change with it.
        if kind.form.is_some() && tab_of(&tabs, "").is_none() {
            homeless.push("*");
        }
        for key in homeless {
            c.problems.add(first.name.span(), "in-no-tab", &[("name", key)]);
        }
    }
    tabs
}

fn once<'m>(c: &mut Checker<'_, '_>, taken: &mut BTreeSet<&'m str>, word: &'m Word) {
    if !taken.insert(word.get_ref()) {
        c.problems.add(word.span(), "name-taken", &[("name", word.get_ref())]);
    }
}

fn tab(c: &mut Checker<'_, '_>, names: &Names, kind: &Word, source: &TabSource) -> Option<Tab> {
    let (name, title) = (c.snake(&source.name), c.text(&source.title));
    let questions = names.questions.as_ref()?;
    for field in &source.fields {
        if !is_known(questions, &names.lists, field.get_ref()) {
            c.problems.add(field.span(), "unknown-field", &[("name", field.get_ref()), ("kind", "")]);
        }
    }
    let checklists = c.among(&source.checklists, &names.lists, "unknown-field");
    let acts = c.among(&source.acts, &names.acts.keys().cloned().collect(), "unknown-field");
    let finders = source.finders.iter().filter_map(|word| {
        let own = (kind.get_ref().as_str(), word.get_ref().as_str());
        let (theirs, finder) = word.get_ref().split_once('.').unwrap_or(own);
        let known = c.manifest.kinds.iter().find(|(name, _)| name.get_ref() == theirs);
        if known.is_none_or(|(_, kind)| kind.finders.keys().all(|name| name.get_ref() != finder)) {
            c.problems.add(word.span(), "unknown-field", &[("name", word.get_ref()), ("kind", "")]);
            return None;
        }
        Some((theirs.to_owned(), finder.to_owned()))
    });
    let finders = finders.collect();
    let below = checklists.iter().map(|list| format!("{list}/*"));
    let fields = source.fields.iter().map(|field| field.get_ref().clone()).chain(below).collect();
    Some(Tab { name: name?, title: title?, rule: source.rule.clone(), fields, checklists, acts, finders })
}
