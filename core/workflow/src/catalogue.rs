//! All packs of a team together: every kind by its name.

use crate::compile::{through, together};
use crate::kind::Kind;
use crate::limits;
use crate::number::{NumberRule, clash};
use crate::pack::Pack;
use crate::problem::Problem;
use crate::project::PROJECTION;
use std::collections::BTreeMap;

/// The packs of a team at their newest versions, and earlier versions that records were begun with.
#[derive(Debug, Default)]
pub struct Catalogue {
    packs: BTreeMap<String, Pack>,
    /// Earlier versions by pack and version; only those with a workbook.
    older: BTreeMap<(String, u32), Pack>,
    /// Kind to the pack that it is in and its place there.
    kinds: BTreeMap<String, (String, usize)>,
}

impl Catalogue {
    /// Puts packs together. Problems: two packs with one id, two kinds or arbitration rules with
    /// one name, a pack that another one uses and that is missing, links to kinds and fields of
    /// other packs that they do not have. Files in problems have the pack's id before them.
    pub fn new(packs: impl IntoIterator<Item = Pack>) -> Result<Catalogue, Vec<Problem>> {
        let mut catalogue = Catalogue::default();
        let mut problems = Vec::new();
        for pack in packs.into_iter().take(limits::PACKS) {
            if let Some(other) = catalogue.packs.insert(pack.id.clone(), pack) {
                problems.push(about(&other, None, "name-taken", &[("name", &other.id)]));
            }
        }
        catalogue.index(&mut problems);
        for pack in catalogue.packs.values() {
            catalogue.check_uses(pack, &mut problems);
        }
        if problems.is_empty() { Ok(catalogue) } else { Err(problems) }
    }

    /// What a pack of these compares through links to other packs and can never be meant, or through its
    /// own, guards that do not say who knows what they rest on, and cells that are read as numbers and are none: told when it is published, and no
    /// reason against one that was.
    pub fn doubts(&self, pack: &str) -> Vec<Problem> {
        let Some(pack) = self.packs.get(pack) else { return Vec::new() };
        let mut doubts = through::doubts(&pack.kinds, |kind| self.kind(kind));
        doubts.extend(together::unsaid(&pack.kinds, self.kinds()));
        doubts.extend(pack.kinds.iter().flat_map(|kind| &kind.cells).cloned());
        doubts.iter_mut().for_each(|doubt| doubt.file = format!("{}/{}", pack.id, doubt.file));
        doubts
    }

    /// With earlier versions of its packs. They judge the records that were begun with them and
    /// nothing else, so they are not checked against the other packs again.
    pub fn with_older(mut self, packs: impl IntoIterator<Item = Pack>) -> Catalogue {
        let with_form = |pack: &Pack| pack.kinds.iter().any(|kind| kind.workbook.is_some());
        let older = packs.into_iter().filter(with_form);
        self.older.extend(older.map(|pack| ((pack.id.clone(), pack.version), pack)));
        self
    }

    /// A kind as a record is judged by it that was begun with this version of its pack.
    ///
    /// A kind with a workbook is pinned as a whole, rules and all: a draft goes on with the questions
    /// that it was begun with until somebody moves it, and what a pack says of a kind was checked
    /// together. A kind without one follows its newest version, so that master data does. So does a
    /// record whose version is not here ([`Catalogue::lacks`]).
    pub fn kind_at(&self, name: &str, version: u32) -> Option<&Kind> {
        let newest = self.kind(name)?;
        if newest.version == version || newest.workbook.is_none() {
            return Some(newest);
        }
        let pinned = self.older.get(&(newest.pack.clone(), version)).and_then(|pack| pack.kind(name));
        Some(pinned.filter(|kind| kind.workbook.is_some()).unwrap_or(newest))
    }

    /// The pack whose version a record of this kind was begun with and that is not here.
    pub fn lacks(&self, name: &str, version: u32) -> Option<&str> {
        let newest = self.kind(name).filter(|kind| kind.workbook.is_some() && kind.version != version)?;
        let known = self.older.contains_key(&(newest.pack.clone(), version));
        (!known).then_some(newest.pack.as_str())
    }

    /// The newest version of a kind, for one of its records that was begun with an earlier one.
    pub fn newer(&self, name: &str, version: u32) -> Option<&Kind> {
        self.kind(name).filter(|kind| kind.workbook.is_some() && kind.version > version)
    }

    /// A kind at its newest version.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        let (pack, at) = self.kinds.get(name)?;
        self.packs.get(pack)?.kinds.get(*at)
    }

    /// The names of all kinds, for a person to choose from.
    pub fn names(&self) -> String {
        self.kinds().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// All kinds: by pack id, then in the author's order.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.packs.values().flat_map(|pack| &pack.kinds)
    }

    /// The kinds of earlier versions that records can be pinned to.
    pub fn older_kinds(&self) -> impl Iterator<Item = &Kind> {
        self.older.values().flat_map(|pack| &pack.kinds).filter(|kind| kind.workbook.is_some())
    }

    /// A pack by its id.
    pub fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.get(id)
    }

    /// All packs by id.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values()
    }

    /// What rows that are made with this catalogue follow from, beside the records: this build, its way
    /// of projecting, and the packs. Where it differs from that of stored rows, they are made anew.
    pub fn stamp(&self) -> String {
        let packs = self.packs().map(|pack| format!("{}@{}", pack.id, pack.version)).collect::<Vec<_>>();
        format!("{}/{PROJECTION} {}", env!("CARGO_PKG_VERSION"), packs.join(","))
    }

    fn index(&mut self, problems: &mut Vec<Problem>) {
        let mut rules: BTreeMap<&str, &str> = BTreeMap::new();
        let mut numbers: Vec<&NumberRule> = Vec::new();
        for pack in self.packs.values() {
            for number in pack.kinds.iter().flat_map(|kind| &kind.acts).flat_map(|act| &act.numbers) {
                if numbers.iter().any(|other| clash(other, number)) {
                    problems.push(about(pack, None, "number-clash", &[("name", &number.name)]));
                }
                numbers.push(number);
            }
            for (at, kind) in pack.kinds.iter().enumerate() {
                let place = (pack.id.clone(), at);
                if self.kinds.insert(kind.name.clone(), place).is_some() {
                    problems.push(about(pack, None, "name-taken", &[("name", &kind.name)]));
                }
                for rule in kind.ledgers.iter().map(|rule| rule.name.as_str()) {
                    if rules.insert(rule, &pack.id).is_some() {
                        problems.push(about(pack, None, "name-taken", &[("name", rule)]));
                    }
                }
            }
        }
    }

    fn check_uses(&self, pack: &Pack, problems: &mut Vec<Problem>) {
        for id in pack.uses.iter().filter(|id| !self.packs.contains_key(*id)) {
            problems.push(about(pack, None, "pack-missing", &[("name", id)]));
        }
        for kind in &pack.kinds {
            for (target, theirs, line) in &kind.reads {
                match self.kind(target) {
                    None => {
                        let args = [("name", target.as_str())];
                        problems.push(about(pack, Some(*line), "unknown-kind-named", &args));
                    }
                    Some(other) if !theirs.is_empty() && !other.tells(theirs) => {
                        let args = [("name", theirs.as_str()), ("kind", target)];
                        problems.push(about(pack, Some(*line), "unknown-field", &args));
                    }
                    Some(_) => {}
                }
            }
            for (ledger, line) in &kind.tallies {
                if !self.kinds().any(|kind| kind.ledgers.iter().any(|rule| rule.book == *ledger)) {
                    let args = [("name", ledger.as_str())];
                    problems.push(about(pack, Some(*line), "unknown-ledger", &args));
                }
            }
        }
    }
}

fn about(pack: &Pack, line: Option<u32>, code: &str, args: &[(&str, &str)]) -> Problem {
    let file = format!("{}/{}", pack.id, crate::bundle::MANIFEST);
    Problem::new(&file, line, code, args)
}
