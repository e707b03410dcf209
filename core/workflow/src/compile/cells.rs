//! Cells of tables that expressions read as numbers: a limit that somebody writes out in words would refuse
//! everything, and only when it is asked.

use super::checker::Checker;
use super::expressions::Names;
use crate::expression::Expression;
use crate::problem::Problem;
use rounds_forms::expr::{is_date, read_number};

/// Which argument of a function of packs is a number.
fn counted(function: &str) -> Option<usize> {
    (function == "date-shift").then_some(1)
}

impl Checker<'_, '_> {
    /// Tells of cells that are read as numbers and are none; `whole`, if what the expression comes to is one.
    pub(super) fn cells(&self, expression: &Expression, whole: bool, names: &mut Names) {
        for [table, column, by, key] in expression.expr().numbers_looked_up(whole, &counted) {
            let Some(known) = self.tables.get(table) else { continue };
            let Some((column_at, by)) = known.column(column).zip(known.column(by)) else { continue };
            let Some(row) = (0..known.rows()).find(|row| known.cell(*row, by) == key) else { continue };
            let cell = known.cell(row, column_at);
            if is_date(cell) || read_number(cell).is_some() {
                continue;
            }
            let file = self.bundle.files.keys().find(|path| path.ends_with(&format!("/{table}.csv")));
            let line = u32::try_from(row + 2).ok();
            let args = [("name", key), ("column", column), ("value", cell)];
            let problem = Problem::new(file.map_or(table, String::as_str), line, "cell-no-number", &args);
            if !names.cells.contains(&problem) {
                names.cells.push(problem);
            }
        }
    }
}
