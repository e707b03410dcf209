//! What the cells of a table may hold, where the pack says so. A company that fills such a table in is told the
//! file, the row, the column and what to write there, before anybody works by it.

use super::checker::Checker;
use crate::manifest::{CellSource, Manifest, TableSource, Word, in_order};
use crate::problem::Problem;
use rounds_forms::Table;
use rounds_forms::expr::{is_date, read_number};
use std::collections::BTreeMap;
use toml::Spanned;

/// What a cell is read as.
#[derive(Clone, Copy)]
enum Reads {
    Text,
    Integer,
    Decimal,
    Date,
}

const READS: [(&str, Reads); 4] =
    [("text", Reads::Text), ("integer", Reads::Integer), ("decimal", Reads::Decimal), ("date", Reads::Date)];

pub(super) fn tables(c: &mut Checker<'_, '_>, manifest: &Manifest) {
    let known = c.tables.clone();
    for (name, source) in in_order(&manifest.tables) {
        let suffix = format!("/{}.csv", name.get_ref());
        let path = c.bundle.files.keys().find(|path| path.ends_with(&suffix)).cloned();
        let Some((path, table)) = path.zip(known.get(name.get_ref())) else {
            c.problems.add(name.span(), "missing-file", &[("name", &format!("tables{suffix}"))]);
            continue;
        };
        Described { path: &path, name: name.get_ref(), table }.check(c, source);
    }
}

/// Says of bounds that nothing is held to them, or that nothing could be within them.
fn bounds(c: &mut Checker<'_, '_>, reads: Reads, said: &CellSource) {
    let given = said.min.as_ref().or(said.max.as_ref());
    if let (Some(given), Reads::Text | Reads::Date) = (given, reads) {
        c.problems.add(given.span(), "bound-without-number", &[]);
    }
    if let (Some(min), Some(max)) = (&said.min, &said.max)
        && min.get_ref() > max.get_ref()
    {
        let args = [("min", &min.get_ref().to_string()), ("max", &max.get_ref().to_string())];
        c.problems.add(min.span(), "bounds-crossed", &args.map(|(name, value)| (name, value.as_str())));
    }
}

/// A table of which something is said.
struct Described<'t> {
    path: &'t str,
    name: &'t str,
    table: &'t Table,
}

impl Described<'_> {
    fn check(&self, c: &mut Checker<'_, '_>, source: &TableSource) {
        let key = source.key.as_ref().and_then(|key| self.column(c, key));
        if let Some(key) = key {
            self.once(c, key);
            for row in (0..self.table.rows()).filter(|row| self.cell(*row, key).is_empty()) {
                self.wrong(c, row, key, key, "cell-blank", &[]);
            }
        }
        if let Some((first, _)) = source.rows.first_key_value().filter(|_| source.key.is_none()) {
            c.problems.add(first.span(), "rows-without-key", &[("name", self.name)]);
        }
        for (column, cell) in in_order(&source.columns) {
            let Some(at) = self.column(c, column) else { continue };
            if cell.unique && key != Some(at) {
                self.once(c, at);
            }
            // What is said of a row by its key says more than what is said of the whole column.
            let apart = |row: &usize| {
                let said = key.and_then(|key| {
                    source.rows.iter().find(|(name, _)| name.get_ref() == self.cell(*row, key))
                });
                said.is_some_and(|(_, cells)| cells.keys().any(|name| name.get_ref() == column.get_ref()))
            };
            let rows: Vec<usize> = (0..self.table.rows()).filter(|row| !apart(row)).collect();
            self.hold(c, &rows, at, key.unwrap_or(at), cell);
        }
        for (row, cells) in in_order(&source.rows) {
            let Some(key) = key else { break };
            let rows: Vec<usize> =
                (0..self.table.rows()).filter(|at| self.cell(*at, key) == row.get_ref()).collect();
            // An empty table is a template that somebody fills in.
            if rows.is_empty() && self.table.rows() > 0 {
                let args = [("name", row.get_ref().as_str()), ("table", self.name)];
                c.problems.push(Problem::new(self.path, None, "unknown-row", &args));
            }
            for (column, cell) in in_order(cells) {
                if let Some(at) = self.column(c, column) {
                    self.hold(c, &rows, at, key, cell);
                }
            }
        }
    }

    fn column(&self, c: &mut Checker<'_, '_>, column: &Word) -> Option<usize> {
        let found = self.table.column(column.get_ref());
        if found.is_none() {
            let at = |p: &mut crate::problem::Problems<'_>| {
                p.add(column.span(), "wrong-column", &[("name", column.get_ref())]);
            };
            c.problems.at(self.path, 1, at);
        }
        found
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        self.table.cell(row, column).trim()
    }

    /// Nothing stands twice in a column.
    fn once(&self, c: &mut Checker<'_, '_>, column: usize) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let cell = self.cell(row, column);
            if cell.is_empty() {
                continue;
            }
            match first.get(cell) {
                Some(first) => {
                    self.wrong(c, row, column, column, "cell-twice", &[("first", &(first + 2).to_string())]);
                }
                None => drop(first.insert(cell, row)),
            }
        }
    }

    /// Every cell of these rows holds what it may.
    fn hold(&self, c: &mut Checker<'_, '_>, rows: &[usize], column: usize, key: usize, said: &CellSource) {
        let reads = said.reads.as_ref().map_or(Some(Reads::Text), |reads| c.choice(reads, &READS));
        let Some(reads) = reads else { return };
        bounds(c, reads, said);
        let choices: Vec<&str> = said.choices.iter().map(|choice| choice.get_ref().as_str()).collect();
        for row in rows {
            let mut no = |code: &str, args: &[(&str, &str)]| self.wrong(c, *row, column, key, code, args);
            let cell = self.cell(*row, column);
            if cell.is_empty() {
                if said.required {
                    no("cell-blank", &[]);
                }
                continue;
            }
            if !choices.is_empty() && !choices.contains(&cell) {
                no("cell-not-among", &[("choices", &choices.join(", "))]);
                continue;
            }
            // As expressions read it, which know no `+2` and no `1e2`.
            let number = read_number(cell);
            match reads {
                Reads::Text => continue,
                Reads::Date if is_date(cell) => continue,
                Reads::Date => no("cell-no-date", &[]),
                Reads::Integer if number.is_some_and(|number| number.fract() != 0.0) => {
                    no("cell-not-whole", &[])
                }
                Reads::Integer | Reads::Decimal => match number {
                    None => no("cell-no-number", &[]),
                    Some(number) => {
                        let bound =
                            |bound: &Option<Spanned<f64>>| bound.as_ref().map(|bound| *bound.get_ref());
                        if let Some(min) = bound(&said.min).filter(|min| number < *min) {
                            no("cell-too-small", &[("limit", &min.to_string())]);
                        }
                        if let Some(max) = bound(&said.max).filter(|max| number > *max) {
                            no("cell-too-large", &[("limit", &max.to_string())]);
                        }
                    }
                },
            }
        }
    }

    /// A problem of a cell, with what its row is called.
    fn wrong(
        &self,
        c: &mut Checker<'_, '_>,
        row: usize,
        column: usize,
        key: usize,
        code: &str,
        more: &[(&str, &str)],
    ) {
        let column_name = self.table.columns().get(column).map(String::as_str).unwrap_or_default();
        let line = u32::try_from(row + 2).ok();
        let named = Some(self.cell(row, key)).filter(|name| !name.is_empty()).unwrap_or(self.name);
        let mut args = vec![("name", named), ("column", column_name), ("value", self.cell(row, column))];
        args.extend_from_slice(more);
        c.problems.push(Problem::new(self.path, line, code, &args));
    }
}
