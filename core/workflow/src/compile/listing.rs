//! Tables that a pack's mechanisms read row by row: their columns, and problems at their lines.

use super::checker::Checker;
use crate::manifest::{Word, Words};
use rounds_forms::Table;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// A CSV of the pack with the columns that mean something.
pub(super) struct Listing {
    path: String,
    tables: Arc<BTreeMap<String, Table>>,
    stem: String,
}

/// A row of it.
pub(super) struct Row<'l> {
    listing: &'l Listing,
    number: usize,
}

impl Listing {
    /// Finds it, and tells of columns that are missing or mean nothing.
    pub fn open(c: &mut Checker<'_, '_>, path: &Word, needed: &[&str], optional: &[&str]) -> Option<Listing> {
        let name = path.get_ref();
        if c.bundle.file(name).is_none() {
            c.problems.add(path.span(), "missing-file", &[("name", name)]);
            return None;
        }
        let stem = name.strip_suffix(".csv").unwrap_or(name);
        let stem = stem.rsplit('/').next().unwrap_or(stem).to_owned();
        let listing = Listing { path: name.clone(), tables: c.tables.clone(), stem };
        let columns = listing.table()?.columns().to_vec();
        let known =
            |column: &&String| needed.contains(&column.as_str()) || optional.contains(&column.as_str());
        let strange = columns.iter().filter(|column| !known(column)).map(String::as_str);
        let missing = needed.iter().copied().filter(|name| !columns.iter().any(|column| column == name));
        for name in strange.chain(missing) {
            c.problems.at(&listing.path, 1, |p| p.add(0..0, "wrong-column", &[("name", name)]));
        }
        Some(listing)
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let count = self.table().map_or(0, Table::rows);
        (0..count).map(|number| Row { listing: self, number })
    }

    fn table(&self) -> Option<&Table> {
        self.tables.get(&self.stem)
    }
}

impl Row<'_> {
    /// A cell without the spaces around it; empty if there is no such column.
    pub fn cell(&self, column: &str) -> &str {
        let table = self.listing.table();
        let cell = table.and_then(|table| Some(table.cell(self.number, table.column(column)?)));
        cell.unwrap_or_default().trim()
    }

    /// The same as a word of the pack, if there is anything in it.
    pub fn word(&self, column: &str) -> Option<Word> {
        let cell = self.cell(column);
        (!cell.is_empty()).then(|| Word::new(0..0, cell.to_owned()))
    }

    /// The texts in the columns `zh` and `en`.
    pub fn words(&self) -> Spanned<Words> {
        Spanned::new(0..0, Words { zh: self.word("zh"), en: self.word("en") })
    }

    /// Checks something with its problems told at this row.
    pub fn check<'a, 'p, T>(
        &self,
        c: &mut Checker<'a, 'p>,
        check: impl FnOnce(&mut Checker<'a, 'p>) -> T,
    ) -> T {
        let line = u32::try_from(self.number + 2).unwrap_or(u32::MAX);
        let before = c.problems.elsewhere.replace((self.listing.path.clone(), line));
        let checked = check(c);
        c.problems.elsewhere = before;
        checked
    }
}
