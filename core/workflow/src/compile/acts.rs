//! The acts of a kind: what they ask for, work out and require.

use super::checker::Checker;
use super::checklists::asked_by;
use super::evidence::sealed;
use super::expressions::{Carried, Names};
use super::names::{SAID, asked_for};
use super::needs::{needs, otherwise};
use super::numbers::numbers;
use super::sorts::of_field;
use super::stages::TONES;
use super::writes::WHO;
use crate::expression::{Expression, Use};
use crate::field::{Answer, ChoiceItem, Field};
use crate::kind::{ActRule, Guard, RefusalRule, Told, Who};
use crate::manifest::{ActSource, ChoiceSource, FieldSource, GuardSource, KindSource, Word, in_order};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn act_rule(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    kind: &KindSource,
    fields: &[Field],
    stages: &BTreeSet<String>,
    name: &Word,
    source: &ActSource,
) -> Option<ActRule> {
    let checked_name = c.snake(name);
    let title = c.text(&source.title);
    let tone = source.tone.as_ref().map(|tone| c.choice(tone, &TONES));
    c.not_empty(&source.from, "from");
    c.not_empty(&source.roles, "roles");
    let from = c.among(source.from.get_ref(), stages, "unknown-stage");
    let to = c.one_of(&source.to, stages, "unknown-stage");
    let roles = c.roles(source.roles.get_ref());
    let who = source.who.as_ref().map_or(Some(Who::Owner), |who| c.choice(who, &WHO));
    let mut carried = carried(c, source);
    distinct_links(c, names, &source.payload);
    let payload = c.fields(&source.payload, Use::Act, names, &carried);
    if let Some(assigned) = &source.assigns {
        let asked = payload.iter().find(|field| field.name == *assigned.get_ref());
        let answered =
            |field: &Field| field.required && field.answer == Answer::Person && field.relevant.is_none();
        // A fact that comes to nobody leaves the record whose it is.
        let worked_out = source.facts.keys().any(|fact| fact.get_ref() == assigned.get_ref());
        if !asked.map_or(worked_out, answered) {
            c.problems.add(assigned.span(), "assigns-nobody", &[("name", assigned.get_ref())]);
        }
    }
    let mut facts = Vec::new();
    for (fact, word) in in_order(&source.facts) {
        let checked = c.snake(fact);
        let expression = c.expression(word, Use::Act, names, &carried);
        facts.extend(checked.zip(expression));
        // A fact may rest on the ones before it.
        carried.facts.insert(fact.get_ref().clone());
    }
    let otherwise = otherwise(c, kind, name, source);
    let needs = needs(c, source, stages, names, &carried);
    let guards = guards(c, names, &carried, &source.guards);
    names.unsaid.extend(unsaid(c, source));
    let numbers = numbers(c, source, names, &carried);
    let documents = asked_by(c, kind, source);
    let seals = sealed(c, source, fields);
    Some(ActRule {
        name: checked_name?,
        title: title?,
        tone: tone.flatten().unwrap_or_default(),
        from,
        to: to?,
        roles,
        who: who?,
        rule: source.rule.clone(),
        complete: source.complete,
        // An edit that its author never saw is not removed without a word.
        exact: source.exact || source.removes,
        assigns: source.assigns.as_ref().map(|field| field.get_ref().clone()),
        payload,
        comments: source.comments,
        same_stage: source.same_stage,
        otherwise,
        documents,
        seals,
        numbers,
        told: told(c, source),
        needs,
        facts,
        guards,
    })
}

/// How people read the facts that they are to read.
fn told(c: &mut Checker<'_, '_>, source: &ActSource) -> Vec<Told> {
    let mut told = Vec::new();
    for (name, labels) in in_order(&source.told) {
        if !source.facts.keys().any(|fact| fact.get_ref() == name.get_ref()) {
            c.problems.add(name.span(), "unknown-field", &[("name", name.get_ref()), ("kind", "")]);
        }
        let title = c.text(&labels.title);
        // The words are whatever the fact comes to.
        let choice = |choice: &ChoiceSource| {
            Some(ChoiceItem { title: c.text(&choice.title)?, name: choice.name.get_ref().clone() })
        };
        let choices = labels.choices.iter().filter_map(choice).collect();
        let waits = labels.knows.as_ref().and_then(|knows| c.choice(knows, &KNOWS)).unwrap_or(false);
        told.extend(title.map(|title| Told { name: name.get_ref().clone(), title, waits, choices }));
    }
    told
}

/// The link of a payload field must not have the name of an answer: linked() would not know which of
/// the two is meant.
pub(super) fn distinct_links(c: &mut Checker<'_, '_>, names: &Names, payload: &[FieldSource]) {
    for field in payload.iter().filter(|field| field.link.is_some()) {
        let own = names.questions.as_ref().and_then(|questions| questions.key(field.name.get_ref()));
        if own.is_some() {
            c.problems.add(field.name.span(), "name-taken", &[("name", field.name.get_ref())]);
        }
    }
}

pub(super) fn guards(
    c: &mut Checker<'_, '_>,
    names: &mut Names,
    carried: &Carried,
    sources: &[GuardSource],
) -> Vec<Guard> {
    let mut guards = Vec::new();
    for guard in sources {
        let require = c.condition(&guard.require, Use::Act, names, carried);
        let field = guard.field.as_ref().and_then(|field| asked_for(c, names, carried, field));
        let code = c.kebab(&guard.code);
        let reason = c.template(&guard.reason, Use::Act, names, carried);
        let remedy = c.template(&guard.remedy, Use::Act, names, carried);
        let made =
            |code, reason, remedy| RefusalRule { code, field, rule: guard.rule.clone(), reason, remedy };
        let waits = guard.knows.as_ref().and_then(|knows| c.choice(knows, &KNOWS)).unwrap_or(false);
        let refusal = code.zip(reason).zip(remedy).map(|((code, reason), remedy)| made(code, reason, remedy));
        guards.extend(require.zip(refusal).map(|(require, refusal)| Guard { require, waits, refusal }));
    }
    guards
}

/// Who knows all that a guard or a fact rests on, and whether a phone waits for them.
const KNOWS: [(&str, bool); 2] = [("server", true), ("phone", false)];

/// The ledgers that guards rest on, directly or through facts, and those that facts rest on which people read,
/// without saying who knows all of them.
fn unsaid(c: &Checker<'_, '_>, source: &ActSource) -> Vec<(String, u32)> {
    let mut drawn: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (fact, word) in in_order(&source.facts) {
        let found = ledgers(word, &drawn);
        drawn.insert(fact.get_ref().clone(), found);
    }
    let guards = source.guards.iter().filter(|guard| guard.knows.is_none());
    let told = guards.flat_map(|guard| {
        let line = c.line(guard.require.span());
        ledgers(&guard.require, &drawn).into_iter().map(move |ledger| (ledger, line))
    });
    // What people read of an act on a phone that knows a part would be taken for the whole.
    let read = source.told.iter().filter(|(_, labels)| labels.knows.is_none());
    let read = read.flat_map(|(fact, _)| {
        let line = c.line(fact.span());
        drawn.get(fact.get_ref()).into_iter().flatten().map(move |ledger| (ledger.clone(), line))
    });
    told.chain(read).collect()
}

fn ledgers(word: &Word, drawn: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // What cannot be parsed is told where it is.
    let calls = Expression::parse(word.get_ref()).map(|expression| expression.calls()).unwrap_or_default();
    for (function, args) in calls {
        match (function.as_str(), args.as_slice()) {
            ("tally" | "waiting" | "held", [ledger, ..]) => drop(found.insert(ledger.clone())),
            ("fact", [fact]) => found.extend(drawn.get(fact).into_iter().flatten().cloned()),
            _ => {}
        }
    }
    found
}

fn carried(c: &mut Checker<'_, '_>, source: &ActSource) -> Carried {
    let mut carried = Carried::default();
    let said = source.facts.keys().chain(source.numbers.keys());
    for name in source.payload.iter().map(|field| &field.name).chain(said) {
        if SAID.contains(&name.get_ref().as_str()) {
            c.problems.add(name.span(), "reserved-name", &[("name", name.get_ref())]);
        }
    }
    for field in &source.payload {
        carried.payload.insert(field.name.get_ref().clone());
        carried.sorts.insert(field.name.get_ref().clone(), of_field(field));
        if let Some(link) = &field.link {
            carried.links.insert(field.name.get_ref().clone(), link.get_ref().clone());
        }
    }
    for fact in source.facts.keys().filter(|fact| carried.payload.contains(fact.get_ref())) {
        c.problems.add(fact.span(), "name-taken", &[("name", fact.get_ref())]);
    }
    let taken = |name: &&Word| carried.payload.contains(name.get_ref());
    let facts = |name: &&Word| source.facts.keys().any(|fact| fact.get_ref() == name.get_ref());
    for number in source.numbers.keys().filter(|name| taken(name) || facts(name)) {
        c.problems.add(number.span(), "name-taken", &[("name", number.get_ref())]);
    }
    carried
}
