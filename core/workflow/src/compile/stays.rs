//! How long a kind's records stay in a stage, and of which record they are steps.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::names::question;
use crate::expression::Use;
use crate::field::Field;
use crate::manifest::KindSource;
use crate::stay::{StayRule, Step};
use std::collections::BTreeSet;

pub(super) fn stay(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
) -> Option<StayRule> {
    let source = kind.stay.as_ref()?;
    let stage = c.one_of(&source.stage, stages, "unknown-stage");
    let acts = kind.acts.keys().map(|name| name.get_ref().clone()).collect();
    let since = c.one_of(&source.since, &acts, "unknown-field");
    let minutes = c.expression(&source.minutes, Use::Field, names, &Carried::default());
    Some(StayRule { stage: stage?, since: since?, minutes: minutes? })
}

pub(super) fn step(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    fields: &[Field],
    names: &mut Names,
) -> Option<Step> {
    let source = kind.step.as_ref()?;
    let of = question(c, names, &source.of);
    let link = of.as_ref().map(|of| fields.iter().find(|f| f.name == *of).and_then(|f| f.link.clone()));
    if let Some(None) = link {
        c.problems.add(source.of.span(), "not-a-link", &[("name", source.of.get_ref())]);
    }
    if let (Some(Some(link)), Some(skipped)) = (link, &source.skipped) {
        // That the other kind has this question is seen once all packs are together.
        names.reads.push((link, skipped.get_ref().clone(), c.line(skipped.span())));
    }
    let skipped = source.skipped.as_ref().map(|skipped| skipped.get_ref().clone());
    Some(Step { of: of?, must: source.must, skipped, rule: source.rule.clone() })
}
