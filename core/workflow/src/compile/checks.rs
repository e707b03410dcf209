//! Checks of answers, which say more than a constraint: a code, a reason, a remedy, a requirement.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use crate::expression::Use;
use crate::field::Field;
use crate::kind::{Guard, RefusalRule};
use crate::manifest::{CheckSource, KindSource};

/// Puts each check to its field.
pub(super) fn checks(c: &mut Checker<'_, '_>, kind: &KindSource, names: &mut Names, fields: &mut [Field]) {
    for source in &kind.checks {
        let check = check(c, names, source);
        let name = source.field.get_ref();
        match fields.iter_mut().find(|field| field.name == *name) {
            Some(field) => field.checks.extend(check),
            // A field that is wrong itself is not unknown.
            None if kind.fields.iter().any(|field| field.name.get_ref() == name) => {}
            None => c.problems.add(source.field.span(), "unknown-field", &[("name", name), ("kind", "")]),
        }
    }
}

fn check(c: &mut Checker<'_, '_>, names: &mut Names, source: &CheckSource) -> Option<Guard> {
    let none = Carried::default();
    let require = c.condition(&source.require, Use::Field, names, &none);
    let code = c.kebab(&source.code);
    let reason = c.template(&source.reason, Use::Field, names, &none);
    let remedy = c.template(&source.remedy, Use::Field, names, &none);
    let (field, rule) = (Some(source.field.get_ref().clone()), source.rule.clone());
    let refusal = RefusalRule { code: code?, field, rule, reason: reason?, remedy: remedy? };
    Some(Guard { require: require?, waits: false, refusal })
}
