//! From the written pack to kinds that can be judged by, collecting everything that is wrong.
//!
//! A part that is wrong is told and left out (`None`), so that one reading of a pack tells all of
//! its problems; a pack with any problem is not loaded.

mod acts;
mod arbitration;
mod cells;
mod checker;
mod checklists;
mod checks;
mod evidence;
mod expressions;
mod fields;
mod finders;
mod kinds;
mod listing;
mod lists;
mod names;
mod needs;
mod numbers;
mod prints;
mod reminders;
mod reports;
mod rows;
mod schedules;
mod scripts;
mod sharing;
mod sorts;
mod stages;
mod stays;
mod tables;
mod tabs;
pub(crate) mod through;
pub(crate) mod together;
mod unfounded;
mod unique;
mod writes;

use crate::bundle::Bundle;
use crate::limits;
use crate::manifest::{Manifest, in_order};
use crate::pack::Pack;
use crate::problem::{Problem, Problems};
use checker::Checker;
use rounds_forms::{Table, TableError};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn pack(manifest: &Manifest, bundle: &Bundle, problems: &mut Problems<'_>) -> Option<Pack> {
    let tables = Arc::new(tables(bundle, problems));
    let mut checker = Checker::new(manifest, bundle, tables, problems);
    let id = checker.kebab(&manifest.id);
    let version = u32::try_from(*manifest.version.get_ref()).ok().filter(|version| *version >= 1);
    if version.is_none() {
        checker.problems.add(manifest.version.span(), "bad-number", &[("name", "version")]);
    }
    let title = checker.text(&manifest.title);
    let uses: Vec<String> = manifest.uses.iter().filter_map(|id| checker.kebab(id)).collect();
    checker.at_most(manifest.kinds.len(), limits::KINDS, manifest.id.span(), "kinds");
    tables::tables(&mut checker, manifest);
    checker.schedules = Arc::new(schedules::schedules(&mut checker, manifest));
    let frame = kinds::Frame { pack: id.clone()?, version: version? };
    let kinds: Vec<_> = in_order(&manifest.kinds)
        .into_iter()
        .filter_map(|(name, source)| kinds::kind(&mut checker, &frame, name, source))
        .collect();
    together::check_reads(&mut checker, manifest, &kinds);
    together::check_tallies(&mut checker, manifest, &kinds);
    let mut taken = std::collections::BTreeSet::new();
    for rule in &manifest.arbitration {
        let name = rule.name.get_ref();
        if !taken.insert(name) {
            checker.problems.add(rule.name.span(), "name-taken", &[("name", name)]);
        }
        if !manifest.kinds.keys().any(|kind| kind.get_ref() == rule.kind.get_ref()) {
            let args = [("name", rule.kind.get_ref().as_str())];
            checker.problems.add(rule.kind.span(), "unknown-kind-named", &args);
        }
    }
    let schedules = checker.schedules.clone();
    let mut doubts = through::doubts(&kinds, |name| kinds.iter().find(|kind| kind.name == name));
    doubts.extend(together::unsaid(&kinds, kinds.iter()));
    doubts.extend(kinds.iter().flat_map(|kind| kind.cells.iter().chain(&kind.unfounded)).cloned());
    Some(Pack { id: id?, version: version?, title: title?, uses, kinds, schedules, doubts })
}

/// Every CSV of the pack by its name without folder and suffix, for `instance()` and `pulldata()`.
fn tables(bundle: &Bundle, problems: &mut Problems<'_>) -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for (path, bytes) in &bundle.files {
        let Some(stem) = path.strip_suffix(".csv") else { continue };
        let name = stem.rsplit('/').next().unwrap_or(stem);
        match Table::from_csv(bytes) {
            Ok(table) if !tables.contains_key(name) => {
                let mut columns = table.columns().iter().filter(|column| !column.is_empty());
                let mut known = std::collections::BTreeSet::new();
                if let Some(twice) = columns.find(|column| !known.insert(*column)) {
                    problems.push(Problem::new(path, Some(1), "name-taken", &[("name", twice)]));
                }
                tables.insert(name.to_owned(), table);
            }
            Ok(_) => problems.push(Problem::new(path, None, "name-taken", &[("name", name)])),
            Err(error) => {
                let detail = match error {
                    TableError::Unreadable(detail) => detail,
                    error @ TableError::TooLarge => error.to_string(),
                };
                problems.push(Problem::new(path, None, "bad-table", &[("detail", &detail)]));
            }
        }
    }
    tables
}
