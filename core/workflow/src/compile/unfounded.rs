//! What refuses without saying which requirement it comes from: neither it, nor what it belongs to, nor the
//! kind as a whole has one.

use super::checker::Checker;
use crate::bundle::MANIFEST;
use crate::manifest::{KindSource, Word};
use crate::problem::Problem;

pub(super) fn unfounded(c: &Checker<'_, '_>, name: &Word, source: &KindSource) -> Vec<Problem> {
    if source.rule.is_some() {
        return Vec::new();
    }
    let mut words: Vec<&Word> = Vec::new();
    for act in source.acts.values().filter(|act| act.rule.is_none()) {
        words.extend(act.guards.iter().filter(|guard| guard.rule.is_none()).map(|guard| &guard.code));
        words.extend(act.needs.iter().filter(|need| need.rule.is_none()).map(|need| &need.code));
    }
    for finder in source.finders.values().filter(|finder| finder.rule.is_none()) {
        words.extend(finder.guards.iter().filter(|guard| guard.rule.is_none()).map(|guard| &guard.code));
    }
    for print in source.prints.values().filter(|print| print.rule.is_none()) {
        words.extend(print.guards.iter().filter(|guard| guard.rule.is_none()).map(|guard| &guard.code));
    }
    let of_field = |field: &Word| {
        let field = source.fields.iter().find(|known| known.name.get_ref() == field.get_ref());
        field.is_some_and(|field| field.rule.is_some())
    };
    let checks = source.checks.iter().filter(|check| check.rule.is_none() && !of_field(&check.field));
    words.extend(checks.map(|check| &check.code));
    let rules = c.manifest.arbitration.iter().filter(|rule| rule.kind.get_ref() == name.get_ref());
    words.extend(rules.filter(|rule| rule.rule.is_none()).filter_map(|rule| rule.code.as_ref()));
    let mut told: Vec<Problem> = Vec::new();
    for word in words {
        let args = [("code", word.get_ref().as_str()), ("example", "D.9")];
        told.push(Problem::new(MANIFEST, Some(c.line(word.span())), "no-requirement", &args));
    }
    told.sort_by_key(|problem| problem.line);
    told
}
