//! What one part of a pack says of another: links, reads and ledgers that lead to a kind of this pack
//! are checked here, the others when all packs are together.

use super::checker::Checker;
use crate::kind::Kind;
use crate::manifest::Manifest;

/// Links and reads that lead to a kind of this pack.
pub(super) fn check_reads(c: &mut Checker<'_, '_>, manifest: &Manifest, kinds: &[Kind]) {
    for (target, theirs, line) in kinds.iter().flat_map(|kind| &kind.reads) {
        let (code, name) = match kinds.iter().find(|kind| kind.name == *target) {
            Some(kind) if theirs.is_empty() || kind.tells(theirs) => continue,
            Some(_) => ("unknown-field", theirs),
            None if !manifest.uses.is_empty() => continue,
            // A kind of this pack that has problems of its own is not unknown.
            None if manifest.kinds.keys().any(|kind| kind.get_ref() == target) => continue,
            None => ("unknown-kind-named", target),
        };
        let args = [("name", name.as_str()), ("kind", target)];
        let problem = crate::problem::Problem::new(crate::bundle::MANIFEST, Some(*line), code, &args);
        c.problems.push(problem);
    }
}

/// Ledgers that are asked for are checked here where they can only be this pack's own.
pub(super) fn check_tallies(c: &mut Checker<'_, '_>, manifest: &Manifest, kinds: &[Kind]) {
    let written = |name: &str| {
        let book = |rule: &crate::manifest::ArbitrationSource| {
            rule.ledger.as_ref().unwrap_or(&rule.name).get_ref() == name
        };
        manifest.arbitration.iter().any(book)
    };
    for (ledger, line) in kinds.iter().flat_map(|kind| &kind.tallies) {
        if manifest.uses.is_empty() && !written(ledger) {
            let (file, args) = (crate::bundle::MANIFEST, [("name", ledger.as_str())]);
            c.problems.push(crate::problem::Problem::new(file, Some(*line), "unknown-ledger", &args));
        }
    }
}
