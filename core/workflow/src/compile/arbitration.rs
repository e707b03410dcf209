//! Arbitration rules: what they claim, and that nothing can get around them.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::names::question;
use crate::arbitration::{Bound, Ledger, Limit};
use crate::expression::{Expression, Use};
use crate::kind::{RefusalRule, WriteRule};
use crate::manifest::{ArbitrationSource, Word};
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

/// The sorts of rule, by their names in `pack.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// At most one record with the same key is in one of the open stages.
    OneOpen,
    /// What all records with the same key hold is within a limit.
    Quota,
    /// What they hold is only counted.
    Tally,
}

const SORTS: [(&str, Sort); 3] =
    [("one_open", Sort::OneOpen), ("quota", Sort::Quota), ("tally", Sort::Tally)];

pub(super) fn arbitration(
    c: &mut Checker<'_, '_>,
    rule: &ArbitrationSource,
    kind: &About<'_>,
    names: &mut Names,
) -> Option<Ledger> {
    let sort = c.choice(&rule.kind_of_rule, &SORTS)?;
    fits_sort(c, rule, sort);
    let none = Carried::default();
    let name = c.kebab(&rule.name);
    let book = rule.ledger.as_ref().map_or_else(|| name.clone(), |ledger| c.kebab(ledger));
    // What others rely on ends when its own answers say; what is only counted may end with an act.
    let end = if sort == Sort::Tally { Use::End } else { Use::Key };
    let mut own = |word: &Word, place| c.expression(word, place, names, &none);
    let key = own(&rule.key, Use::Key);
    let amount = rule.amount.as_ref().map(|word| own(word, Use::Key));
    let until = rule.until.as_ref().map(|word| own(word, end));
    if let Some((word, amount)) = rule.amount.as_ref().zip(flat(&amount)) {
        c.amount(word, amount, names);
    }
    let spends = rule.spends.as_ref().map(|field| {
        let known = names.links.contains_key(field.get_ref());
        if !known {
            c.problems.add(field.span(), "unknown-field", &[("name", field.get_ref()), ("kind", "")]);
        }
        known.then(|| field.get_ref().clone())
    });
    let holds = c.among(rule.open.get_ref(), kind.stages, "unknown-stage");
    c.not_empty(&rule.open, "open");
    let waits = c.among(&rule.waits, kind.stages, "unknown-stage");
    for both in rule.waits.iter().filter(|stage| holds.contains(stage.get_ref())) {
        c.problems.add(both.span(), "name-taken", &[("name", both.get_ref())]);
    }
    let bound = bound(c, rule, sort, names);
    // A record gets into its first stage by being written, and writing is never refused for what
    // other records are: nobody could rule.
    let leads = rule.open.get_ref().iter().chain(&rule.waits);
    for stage in leads.filter(|stage| kind.removed.contains(stage.get_ref())) {
        c.problems.add(stage.span(), "removed-stage", &[("name", stage.get_ref())]);
    }
    let starts = holds.contains(kind.initial) || waits.contains(kind.initial);
    if sort != Sort::Tally && starts {
        c.problems.add(rule.open.span(), "claim-is-open-at-start", &[("name", kind.initial)]);
    }
    let claimed: Vec<&String> = holds.iter().chain(&waits).collect();
    let expressions = [(Some(&rule.key), key.as_ref()), (rule.amount.as_ref(), flat(&amount))];
    for (word, expression) in expressions.into_iter().chain([(rule.until.as_ref(), flat(&until))]) {
        if let Some((word, expression)) = word.zip(expression) {
            let frozen = sort != Sort::Tally;
            steady(c, word, expression, kind, frozen.then_some(&claimed), names);
        }
    }
    if let Some((word, field)) = rule.spends.as_ref().zip(flat(&spends))
        && is_written(kind, field, &claimed)
    {
        c.problems.add(word.span(), "claim-key-changes", &[("name", field)]);
    }
    let worked_out = [key.as_ref(), flat(&amount), flat(&until)];
    let mut reads: Vec<String> = flat(&spends).cloned().into_iter().collect();
    for reference in worked_out.into_iter().flatten().flat_map(|worked| worked.expr().references()) {
        reads.extend(names.questions.as_ref().and_then(|questions| questions.key(&reference.target)));
    }
    Some(Ledger {
        reads,
        name: name?,
        book: book?,
        key: key?,
        amount: amount.flatten(),
        holds,
        waits,
        until: until.flatten(),
        spends: spends.flatten(),
        bound: if sort == Sort::Tally { None } else { Some(bound?) },
    })
}

/// Which words go with which sort.
fn fits_sort(c: &mut Checker<'_, '_>, rule: &ArbitrationSource, sort: Sort) {
    let mut demand = |name: &str, there: bool, wanted: Option<bool>| {
        if wanted.is_some_and(|wanted| wanted != there) {
            let args = [("name", name), ("type", rule.kind_of_rule.get_ref().as_str())];
            c.problems.add(rule.kind_of_rule.span(), "rule-does-not-fit", &args);
        }
    };
    let bounded = sort != Sort::Tally;
    let quota = (sort == Sort::OneOpen).then_some(false);
    demand("limit", rule.limit.is_some(), Some(sort == Sort::Quota));
    demand("amount", rule.amount.is_some(), quota);
    demand("until", rule.until.is_some(), quota);
    demand("spends", rule.spends.is_some(), quota);
    demand("waits", !rule.waits.is_empty(), (sort == Sort::Tally).then_some(false));
    demand("code", rule.code.is_some(), Some(bounded));
    demand("reason", rule.reason.is_some(), Some(bounded));
    demand("remedy", rule.remedy.is_some(), Some(bounded));
}

fn bound(c: &mut Checker<'_, '_>, rule: &ArbitrationSource, sort: Sort, names: &mut Names) -> Option<Bound> {
    let none = Carried::default();
    let limit = match &rule.limit {
        Some(limit) if sort == Sort::Quota => {
            let word = limit;
            let limit = c.expression(word, Use::Field, names, &none);
            limit.iter().for_each(|limit| c.cells(limit, true, names));
            limit.iter().for_each(|limit| c.amount(word, limit, names));
            limit.map(Limit::Worked)
        }
        _ => Some(Limit::One),
    };
    let code = rule.code.as_ref().map(|code| c.kebab(code));
    let field = rule.field.as_ref().and_then(|field| question(c, names, field));
    let mut words = |words| c.template(words, Use::Ledger, names, &none);
    let (reason, remedy) = (rule.reason.as_ref().map(&mut words), rule.remedy.as_ref().map(&mut words));
    let refusal =
        RefusalRule { code: code??, field, rule: rule.rule.clone(), reason: reason??, remedy: remedy?? };
    Some(Bound { limit: limit?, refusal })
}

/// A claim depends on the record's own answers alone, and, where others rely on it, on none that can
/// be written while it is made: it could be changed to what another one holds.
fn steady(
    c: &mut Checker<'_, '_>,
    word: &Word,
    expression: &Expression,
    kind: &About<'_>,
    claimed: Option<&Vec<&String>>,
    names: &Names,
) {
    let calculated = |name: &str| kind.workbook.is_some_and(|workbook| workbook.calculates(name));
    let references = expression.expr().references();
    if expression.expr().reads_clock() || references.iter().any(|r| calculated(&r.target)) {
        c.problems.add(word.span(), "claim-key-not-own", &[]);
    }
    // A record can get another owner while it is open, without anybody ruling on what it claims.
    if claimed.is_some() && expression.calls().iter().any(|(function, _)| function == "owner") {
        c.problems.add(word.span(), "claim-key-changes", &[("name", "owner()")]);
    }
    let Some(questions) = names.questions.as_ref() else { return };
    for reference in references {
        match questions.key(&reference.target) {
            None => c.problems.add(word.span(), "claim-key-not-own", &[]),
            Some(own) if claimed.is_some_and(|claimed| is_written(kind, &own, claimed)) => {
                c.problems.add(word.span(), "claim-key-changes", &[("name", &own)]);
            }
            Some(_) => {}
        }
    }
}

fn is_written(kind: &About<'_>, key: &str, stages: &[&String]) -> bool {
    let rules = kind.write.iter().filter(|rule| rule.covers(key));
    rules.flat_map(|rule| &rule.stages).any(|stage| stage == "*" || stages.contains(&stage))
}

fn flat<T>(nested: &Option<Option<T>>) -> Option<&T> {
    nested.as_ref().and_then(Option::as_ref)
}
