//! Arbitration rules: what they claim, and that nothing can get around them.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::kinds::question;
use crate::expression::Use;
use crate::kind::{Arbitration, RefusalRule, WriteRule};
use crate::manifest::ArbitrationSource;
use crate::workbook::Workbook;
use std::collections::BTreeSet;

/// What a rule has to know of its kind.
pub(super) struct About<'k> {
    pub initial: &'k String,
    pub stages: &'k BTreeSet<String>,
    pub removed: BTreeSet<&'k String>,
    pub workbook: Option<&'k Workbook>,
    pub write: &'k [WriteRule],
}

pub(super) fn arbitration(
    c: &mut Checker<'_, '_>,
    rule: &ArbitrationSource,
    kind: &About<'_>,
    names: &mut Names,
) -> Option<Arbitration> {
    c.choice(&rule.kind_of_rule, &[("one_open", ())])?;
    let none = Carried::default();
    let name = c.kebab(&rule.name);
    let key = c.expression(&rule.key, Use::Key, names, &none);
    let open = c.among(rule.open.get_ref(), kind.stages, "unknown-stage");
    c.not_empty(&rule.open, "open");
    let code = c.kebab(&rule.code);
    let field = rule.field.as_ref().and_then(|field| question(c, names, field));
    let reason = c.template(&rule.reason, names, &none);
    let remedy = c.template(&rule.remedy, names, &none);
    // A record gets into its first stage by being written, and writing is never refused for what
    // other records are: nobody could rule.
    for stage in rule.open.get_ref().iter().filter(|stage| kind.removed.contains(stage.get_ref())) {
        c.problems.add(stage.span(), "removed-stage", &[("name", stage.get_ref())]);
    }
    if open.contains(kind.initial) {
        c.problems.add(rule.open.span(), "claim-is-open-at-start", &[("name", kind.initial)]);
    }
    let key = key?;
    let calculated = |name: &str| kind.workbook.is_some_and(|workbook| workbook.calculates(name));
    if key.expr().reads_clock() || key.expr().references().iter().any(|r| calculated(&r.target)) {
        c.problems.add(rule.key.span(), "claim-key-not-own", &[]);
    }
    for reference in key.expr().references() {
        // A key that can be written while it is held could be changed to what another one holds.
        let Some(own) = names.questions.as_ref()?.key(&reference.target) else {
            c.problems.add(rule.key.span(), "claim-key-not-own", &[]);
            continue;
        };
        let rules = kind.write.iter().filter(|rule| rule.covers(&own));
        let held = |stage: &String| open.contains(stage) || stage == "*";
        if rules.flat_map(|rule| &rule.stages).any(held) {
            c.problems.add(rule.key.span(), "claim-key-changes", &[("name", &own)]);
        }
    }
    let refusal =
        RefusalRule { code: code?, field, rule: rule.rule.clone(), reason: reason?, remedy: remedy? };
    Some(Arbitration::OneOpen { name: name?, key, open, refusal })
}
