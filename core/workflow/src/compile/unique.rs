//! The answers of a kind that only one record may have, and the ledger that knows which has them.

use super::checker::Checker;
use super::expressions::Names;
use super::names::question;
use crate::arbitration::Ledger;
use crate::expression::Expression;
use crate::kind::Stage;
use crate::manifest::{KindSource, Word};
use crate::unique::Unique;

/// The name of the ledger of a kind, which expressions may ask too.
pub(super) fn book_of(kind: &Word) -> String {
    format!("{}-unique", kind.get_ref().replace('_', "-"))
}

pub(super) fn unique(
    c: &mut Checker<'_, '_>,
    names: &Names,
    name: &Word,
    source: &KindSource,
    stages: &[Stage],
) -> Option<(Unique, Ledger)> {
    if source.unique.is_empty() {
        return None;
    }
    let fields: Option<Vec<String>> = source.unique.iter().map(|field| question(c, names, field)).collect();
    let fields = fields?;
    let book = book_of(name);
    let ledger = Ledger {
        reads: fields.clone(),
        name: book.clone(),
        book: book.clone(),
        key: Expression::parse(&key(&fields)).ok()?,
        amount: None,
        holds: stages.iter().filter(|stage| !stage.removed).map(|stage| stage.name.clone()).collect(),
        waits: Vec::new(),
        until: None,
        spends: None,
        bound: None,
    };
    Some((Unique { fields, book }, ledger))
}

/// All of them together; nothing while one is not answered.
fn key(fields: &[String]) -> String {
    let parts: Vec<String> = fields.iter().map(|field| format!("normalize-space(${{{field}}})")).collect();
    match parts.as_slice() {
        [one] => one.clone(),
        parts => {
            let blank = parts.iter().map(|part| format!("{part} = ''")).collect::<Vec<_>>().join(" or ");
            format!("if({blank}, '', concat({}))", parts.join(", ' ', "))
        }
    }
}
