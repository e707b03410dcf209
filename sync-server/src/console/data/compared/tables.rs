//! Two versions of the tables and files of a pack, row by row.

use super::{come, gone, other};
use crate::admin::tables::OWN;
use crate::console::view::Difference;
use crate::console::words::Words;
use rounds_workflow::bundle::{Bundle, MANIFEST};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that each file comes to, at most; a table that is another as a whole says so in a few lines.
const ROWS: usize = 60;

type Row = Vec<String>;

/// What is different in all files but the manifest and the workbooks of kinds.
pub fn differences(words: &Words, old: &Bundle, new: &Bundle, forms: &BTreeSet<String>) -> Vec<Difference> {
    let names: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    // Which tables are the company's own is said in words.
    let known = |name: &str| name == MANIFEST || name == OWN || forms.contains(name);
    let named = names.into_iter().filter(|name| !known(name));
    let mut all = vec![];
    for name in named {
        match (old.file(name), new.file(name)) {
            (None, Some(_)) => all.push(come(name.clone(), String::new())),
            (Some(_), None) => all.push(gone(name.clone(), String::new())),
            (Some(was), Some(is)) if was != is => match (rows(name, was), rows(name, is)) {
                (Some(was), Some(is)) => all.extend(table(words, name, was, is)),
                _ => all.push(other(name.clone(), words.t("compared-file"), words.t("compared-file"))),
            },
            _ => {}
        }
    }
    all
}

/// The rows of a CSV; none of another file.
fn rows(name: &str, bytes: &[u8]) -> Option<Vec<Row>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let rows = reader.records().map(|row| row.ok().map(|row| row.iter().map(str::to_owned).collect()));
    name.ends_with(".csv").then(|| rows.collect::<Option<Vec<Row>>>()).flatten()
}

fn table(words: &Words, name: &str, old: Vec<Row>, new: Vec<Row>) -> Vec<Difference> {
    let mut all = vec![];
    let (heads, new_heads) =
        (old.first().cloned().unwrap_or_default(), new.first().cloned().unwrap_or_default());
    if heads != new_heads {
        all.push(other(format!("{name} › 1"), heads.join(", "), new_heads.join(", ")));
    }
    let mut had: BTreeMap<&Row, usize> = BTreeMap::new();
    old.iter().skip(1).for_each(|row| *had.entry(row).or_default() += 1);
    let mut coming: Vec<&Row> = vec![];
    for row in new.iter().skip(1) {
        match had.get_mut(row).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => coming.push(row),
        }
    }
    // A row with the same first cell is the same one with something else in it.
    let mut going: Vec<&Row> = vec![];
    for row in old.iter().skip(1) {
        if let Some(count) = had.get_mut(row).filter(|count| **count > 0) {
            *count -= 1;
            going.push(row);
        }
    }
    for row in coming {
        let same = going.iter().position(|was| was.first() == row.first());
        match same.map(|at| going.remove(at)) {
            Some(was) => {
                let first = row.first().cloned().unwrap_or_default();
                let width = was.len().max(row.len());
                let cell = |row: &Row, at: usize| row.get(at).cloned().unwrap_or_default();
                for at in (0..width).filter(|at| cell(was, *at) != cell(row, *at)) {
                    let head = new_heads.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
                    all.push(other(format!("{name} › {first} › {head}"), cell(was, at), cell(row, at)));
                }
            }
            None => all.push(come(name.to_owned(), row.join(", "))),
        }
    }
    all.extend(going.into_iter().map(|row| gone(name.to_owned(), row.join(", "))));
    let further = all.len().saturating_sub(ROWS);
    all.truncate(ROWS);
    if further > 0 {
        all.push(other(name.to_owned(), String::new(), words.n("decide-more", further)));
    }
    all
}
