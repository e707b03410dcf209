//! What an act needs of others, and what it is taken as when others have overtaken it.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::names::asked_for;
use crate::arbitration::Need;
use crate::expression::Use;
use crate::kind::RefusalRule;
use crate::manifest::{ActSource, KindSource, NeedSource, Word};
use std::collections::BTreeSet;

pub(super) fn needs(
    c: &mut Checker<'_, '_>,
    source: &ActSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
    carried: &Carried,
) -> Vec<Need> {
    source.needs.iter().filter_map(|source| need(c, source, stages, names, carried)).collect()
}

fn need(
    c: &mut Checker<'_, '_>,
    source: &NeedSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
    carried: &Carried,
) -> Option<Need> {
    let parts = [source.until.as_ref().map_or("at", |until| until.get_ref().as_str()), "at"];
    match &source.record {
        Some(field) => {
            let kind = names.links.get(field.get_ref()).or(carried.links.get(field.get_ref()));
            let Some(kind) = kind.cloned() else {
                c.problems.add(field.span(), "unknown-field", &[("name", field.get_ref()), ("kind", "")]);
                return None;
            };
            let act = source.act.get_ref();
            let line = c.line(source.act.span());
            names.reads.extend(parts.map(|part| (kind.clone(), format!("@{act}/{part}"), line)));
            let stages = source
                .stages
                .iter()
                .map(|stage| (kind.clone(), format!("@stage={}", stage.get_ref()), c.line(stage.span())));
            names.reads.extend(stages);
        }
        None => {
            let said = names.acts.get(source.act.get_ref());
            for name in [source.act.get_ref().as_str()]
                .into_iter()
                .filter(|_| said.is_none())
                .chain(parts.into_iter().filter(|part| said.is_some_and(|said| !said.contains(*part))))
            {
                c.problems.add(source.act.span(), "unknown-field", &[("name", name), ("kind", "")]);
            }
            c.among(&source.stages, stages, "unknown-stage");
        }
    }
    // A condition that cannot be read would leave the need out where it may be meant.
    let when = match &source.when {
        Some(when) => Some(c.condition(when, Use::Act, names, carried)?),
        None => None,
    };
    let field = source.field.as_ref().and_then(|field| asked_for(c, names, carried, field));
    let code = c.kebab(&source.code);
    let reason = c.template(&source.reason, Use::Act, names, carried);
    let remedy = c.template(&source.remedy, Use::Act, names, carried);
    let refusal =
        RefusalRule { code: code?, field, rule: source.rule.clone(), reason: reason?, remedy: remedy? };
    Some(Need {
        record: source.record.as_ref().map(|field| field.get_ref().clone()),
        when,
        act: source.act.get_ref().clone(),
        latest: source.latest,
        until: source.until.as_ref().map(|until| until.get_ref().clone()),
        stages: source.stages.iter().map(|stage| stage.get_ref().clone()).collect(),
        refusal,
    })
}

/// The act that stands in for an overtaken one: another one of the kind, which asks for nothing that
/// the first does not ask for.
pub(super) fn otherwise(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    name: &Word,
    source: &ActSource,
) -> Option<String> {
    let word = source.otherwise.as_ref()?;
    let other = kind.acts.iter().find(|(other, _)| other.get_ref() == word.get_ref());
    let Some((_, other)) = other.filter(|(other, _)| other.get_ref() != name.get_ref()) else {
        c.problems.add(word.span(), "unknown-field", &[("name", word.get_ref()), ("kind", "")]);
        return None;
    };
    for field in &other.payload {
        let same = source.payload.iter().find(|own| own.name.get_ref() == field.name.get_ref());
        if same.is_none_or(|own| own.kind.get_ref() != field.kind.get_ref()) {
            c.problems.add(word.span(), "otherwise-asks-more", &[("name", field.name.get_ref())]);
        }
    }
    Some(word.get_ref().clone())
}
