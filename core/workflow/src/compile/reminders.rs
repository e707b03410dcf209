//! Reminders of a kind.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use crate::expression::Use;
use crate::limits;
use crate::manifest::{KindSource, ReminderSource, Word, in_order};
use crate::reminder::{Escalation, ReminderRule};
use std::collections::BTreeSet;
use toml::Spanned;

/// The longest time before or after, in days: ten years.
const DAYS: i64 = 3_660;

pub(super) fn reminders(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
) -> Vec<ReminderRule> {
    let sources = in_order(&kind.reminders);
    c.at_most(sources.len(), limits::ENTRIES, kind.initial.span(), "reminders");
    sources.into_iter().filter_map(|(name, source)| reminder(c, kind, stages, names, name, source)).collect()
}

fn reminder(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
    name: &Word,
    source: &ReminderSource,
) -> Option<ReminderRule> {
    let none = Carried::default();
    let checked = c.snake(name);
    let title = c.template(&source.title, Use::Field, names, &none);
    let when = c.condition(&source.when, Use::Field, names, &none);
    let due = c.expression(&source.due, Use::Field, names, &none);
    due.iter().for_each(|due| c.day(&source.due, due, names));
    let person = source.person.as_ref().map(|person| c.expression(person, Use::Field, names, &none));
    let acts = kind.acts.keys().map(|act| act.get_ref().clone()).collect();
    let act = source.act.as_ref().and_then(|act| c.one_of(act, &acts, "unknown-field"));
    if let Some(print) = &source.print {
        c.check_print(print.get_ref(), &print.span(), names);
        // Lists say what is not printed, and have no clock.
        if when.as_ref().is_some_and(|when| when.expr().reads_clock()) {
            c.problems.add(source.when.span(), "print-by-clock", &[]);
        }
    }
    let print = source.print.as_ref().map(|print| print.get_ref().clone());
    let stated = kind.prints.iter().find(|(name, _)| print.as_ref() == Some(name.get_ref()));
    let stated = stated.and_then(|(_, print)| print.act.as_ref()).map(|act| act.get_ref().clone());
    let act = act.or(stated);
    let mut days = |number: &Spanned<i64>, name: &str| {
        let fits = (0..=DAYS).contains(number.get_ref());
        if !fits {
            c.problems.add(number.span(), "bad-number", &[("name", name)]);
        }
        fits.then_some(*number.get_ref())
    };
    let soon = source.soon.as_ref().map_or(Some(1), |soon| days(soon, "soon"));
    let after: Vec<_> = source.escalate.iter().map(|escalation| days(&escalation.after, "after")).collect();
    let to: Vec<Word> = source.escalate.iter().map(|escalation| escalation.to.clone()).collect();
    let escalate = after.into_iter().zip(c.roles(&to));
    let escalate = escalate.filter_map(|(after, to)| Some(Escalation { after: after?, to })).collect();
    Some(ReminderRule {
        name: checked?,
        title: title?,
        stages: c.among(&source.stages, stages, "unknown-stage"),
        when: when?,
        due: due?,
        soon: soon?,
        act,
        print,
        // One that is written and wrong is no reminder for whoever owns the record.
        person: match person {
            Some(person) => Some(person?),
            None => None,
        },
        roles: c.roles(&source.roles),
        escalate,
        rule: source.rule.clone(),
    })
}
