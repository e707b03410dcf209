//! Choice lists: of the workbook's `choices` sheet, of a pack, or of a CSV.

use crate::language::{Language, Texts};
use crate::table::Table;
use crate::template::Template;
use std::collections::BTreeSet;

/// One choice as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value stored as the answer.
    pub value: String,
    /// The label in the language asked for.
    pub label: String,
}

/// A named list of choices with any further columns that filters use.
#[derive(Debug)]
pub struct List {
    pub(crate) name: String,
    pub(crate) table: Table,
    pub(crate) value: usize,
    pub(crate) labels: Texts<usize>,
}

impl List {
    /// Takes the columns `value` and `label` (or `label::Language`, or `label_tag` for a tag
    /// among `languages`) of a table. `None` when it has no such value column.
    pub(crate) fn new(
        name: &str,
        table: Table,
        value: &str,
        label: &str,
        languages: &[Language],
    ) -> Option<List> {
        let column = table.column(value)?;
        let mut labels = Texts::new();
        for (number, header) in table.columns().iter().enumerate() {
            let Some(rest) = header.strip_prefix(label) else {
                continue;
            };
            if rest.is_empty() {
                labels.insert(crate::language::DEFAULT_LANGUAGE, number);
            } else if let Some(language) = rest.strip_prefix("::") {
                labels.insert(language, number);
            } else if let Some(tag) = rest.strip_prefix('_') {
                let tag = tag.replace('_', "-").to_lowercase();
                if let Some(language) = languages.iter().find(|have| have.tag == tag) {
                    labels.insert(&language.name, number);
                }
            }
        }
        Some(List { name: name.to_owned(), table, value: column, labels })
    }

    /// Its name: the list name, or the file without `.csv`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rows and all columns.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether any choice has this value.
    pub fn has(&self, value: &str) -> bool {
        !self.table.find(self.value, value).is_empty()
    }

    /// Adds the choice `other` unless there is one.
    pub(crate) fn add_other(&mut self) {
        if self.has("other") {
            return;
        }
        let mut cells = vec![""; self.table.columns().len()];
        for (language, column) in self.labels.iter() {
            if let Some(cell) = cells.get_mut(*column) {
                *cell = if language.tag.starts_with("zh") { "其他" } else { "Other" };
            }
        }
        if let Some(cell) = cells.get_mut(self.value) {
            *cell = "other";
        }
        // A list that is full already stays as it is.
        let _ = self.table.push(cells);
    }

    /// The first value with a space in it, which no multiple choice can store.
    pub(crate) fn spaced(&self) -> Option<&str> {
        let mut values = (0..self.table.rows()).map(|row| self.table.cell(row, self.value));
        values.find(|value| value.contains(char::is_whitespace))
    }

    /// The questions that labels speak of.
    pub(crate) fn references(&self) -> BTreeSet<String> {
        let columns = self.labels.iter().map(|(_, column)| *column);
        let cells =
            columns.flat_map(|column| (0..self.table.rows()).map(move |row| self.table.cell(row, column)));
        let mut names = BTreeSet::new();
        for cell in cells.filter(|cell| cell.contains("${")) {
            names.extend(Template::new(cell).references().map(str::to_owned));
        }
        names
    }

    /// One choice in a language, by its row.
    pub fn choice(&self, row: u32, language: &str, default: &str) -> Choice {
        let value = self.table.cell(row as usize, self.value);
        Choice { value: value.to_owned(), label: self.label_of(row, language, default).to_owned() }
    }

    /// The label in a language; the value when there is none.
    pub(crate) fn label_of(&self, row: u32, language: &str, default: &str) -> &str {
        let cell = |column: usize| self.table.cell(row as usize, column);
        let own = self.labels.get(language, default).map(|column| cell(*column));
        own.filter(|label| !label.is_empty())
            .or_else(|| {
                let mut others = self.labels.iter().map(|(_, column)| cell(*column));
                others.find(|label| !label.is_empty())
            })
            .unwrap_or_else(|| cell(self.value))
    }
}
