//! What one part of a pack says of another: links, reads and ledgers that lead to a kind of this pack
//! are checked here, the others when all packs are together.

use super::checker::Checker;
use super::unique::book_of;
use crate::bundle::MANIFEST;
use crate::kind::{Kind, Sharing};
use crate::manifest::{KindSource, Manifest, Word};
use crate::problem::Problem;

/// A ledger that a display sums up as if all of it were known.
#[derive(Debug)]
pub(crate) struct Summed {
    pub ledger: String,
    /// Under the id of the displayed record itself, wherever it is asked for.
    pub own: bool,
    pub line: u32,
}

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
        let kept = |(kind, source): (&Word, &KindSource)| !source.unique.is_empty() && book_of(kind) == name;
        manifest.arbitration.iter().any(book) || manifest.kinds.iter().any(kept)
    };
    for (ledger, line) in kinds.iter().flat_map(|kind| &kind.tallies) {
        if manifest.uses.is_empty() && !written(ledger) {
            let (file, args) = (crate::bundle::MANIFEST, [("name", ledger.as_str())]);
            c.problems.push(crate::problem::Problem::new(file, Some(*line), "unknown-ledger", &args));
        }
    }
}

/// Guards of these kinds that rest on a ledger of which not everybody holds all records, and do not say who
/// does; and displays that sum one up as if they had all of it. `all` are the kinds that may keep it.
pub(crate) fn unsaid<'k>(kinds: &'k [Kind], all: impl Iterator<Item = &'k Kind>) -> Vec<Problem> {
    let all: Vec<&Kind> = all.collect();
    let in_part = |ledger: &str| all.iter().any(|kind| kind.keeps_partly(ledger));
    let guards = kinds.iter().flat_map(|kind| &kind.unsaid).filter(|(ledger, _)| in_part(ledger));
    let told = guards.map(|(ledger, line)| {
        Problem::new(MANIFEST, Some(*line), "ledger-held-in-part", &[("name", ledger.as_str())])
    });
    // What belongs to a record that only some people hold is held by whoever holds that.
    let by_part = |kind: &Kind, summed: &Summed| {
        in_part(&summed.ledger) && !(summed.own && kind.sharing != Sharing::Team)
    };
    let displays = kinds.iter().flat_map(|kind| kind.summed.iter().map(move |summed| (kind, summed)));
    let shown = displays.filter(|(kind, summed)| by_part(kind, summed)).map(|(_, summed)| {
        Problem::new(MANIFEST, Some(summed.line), "sum-held-in-part", &[("name", summed.ledger.as_str())])
    });
    told.chain(shown).collect()
}
