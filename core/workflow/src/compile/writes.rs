//! Who may write what of a kind.

use super::checker::Checker;
use super::expressions::Names;
use crate::kind::{Who, WriteRule};
use crate::manifest::WriteSource;
use crate::questions::Questions;
use std::collections::BTreeSet;

pub(super) const WHO: [(&str, Who); 2] = [("owner", Who::Owner), ("anyone", Who::Anyone)];
pub(super) fn write_rule(
    c: &mut Checker<'_, '_>,
    names: &Names,
    stages: &BTreeSet<String>,
    source: &WriteSource,
) -> Option<WriteRule> {
    let mut all = stages.clone();
    all.insert("*".to_owned());
    let who = source.who.as_ref().map_or(Some(Who::Owner), |who| c.choice(who, &WHO));
    let rule = WriteRule {
        stages: c.among(&source.stages, &all, "unknown-stage"),
        roles: c.roles(&source.roles),
        who: who?,
        rule: source.rule.clone(),
        fields: source.fields.iter().map(|field| field.get_ref().clone()).collect(),
    };
    let questions = names.questions.as_ref()?;
    for pattern in &source.fields {
        let text = pattern.get_ref();
        if !is_known(questions, &names.lists, text) {
            c.problems.add(pattern.span(), "unknown-field", &[("name", text), ("kind", "")]);
        }
    }
    Some(rule)
}

/// Whether something stands where a pattern points: a key, a group (`step2/*`), a checklist, or `*`.
pub(super) fn is_known(questions: &Questions, lists: &BTreeSet<String>, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        // A checklist may be an empty template.
        Some(group) => group
            .strip_suffix('/')
            .is_some_and(|name| questions.has_below(group) || lists.iter().any(|list| list == name)),
        None => questions.key(pattern).as_deref() == Some(pattern),
    }
}
