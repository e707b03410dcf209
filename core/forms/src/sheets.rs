//! Questions described without a workbook, as the sheets that would say the same.

use std::collections::BTreeMap;

use crate::assemble::Row;
use crate::choices::List;
use crate::language::{DEFAULT_LANGUAGE, Texts};
use crate::workbook::{Sheet, Workbook};

/// Columns and cells, in the order in which columns are first met.
#[derive(Default)]
struct Page {
    columns: Vec<String>,
    rows: Vec<BTreeMap<usize, String>>,
}

impl Page {
    fn put(&mut self, column: &str, cell: &str) {
        if cell.is_empty() {
            return;
        }
        let at = self.columns.iter().position(|have| have == column).unwrap_or_else(|| {
            self.columns.push(column.to_owned());
            self.columns.len() - 1
        });
        if let Some(row) = self.rows.last_mut() {
            row.insert(at, cell.to_owned());
        }
    }

    fn texts(&mut self, column: &str, texts: &Texts) {
        for (language, text) in texts.iter() {
            match language.name.as_str() {
                DEFAULT_LANGUAGE => self.put(column, text),
                other => self.put(&format!("{column}::{other}"), text),
            }
        }
    }

    fn sheet(self, name: &str) -> Sheet {
        let mut rows = vec![self.columns];
        for row in self.rows {
            let width = row.keys().next_back().map_or(0, |last| last + 1);
            rows.push((0..width).map(|at| row.get(&at).cloned().unwrap_or_default()).collect());
        }
        Sheet { name: name.to_owned(), rows }
    }
}

/// The workbook of these rows, lists and settings.
pub(crate) fn workbook(rows: &[Row], lists: &[List], settings: &[(&str, &str)]) -> Workbook {
    let mut survey = Page::default();
    for row in rows {
        let spec = &row.spec;
        survey.rows.push(BTreeMap::new());
        survey.put("type", &spec.kind);
        survey.put("name", &spec.name);
        survey.texts("label", &spec.label);
        survey.texts("hint", &spec.hint);
        survey.texts("guidance_hint", &spec.guidance_hint);
        survey.put("required", &spec.required);
        survey.texts("required_message", &spec.required_message);
        survey.put("relevant", &spec.relevant);
        survey.put("constraint", &spec.constraint);
        survey.texts("constraint_message", &spec.constraint_message);
        survey.put("calculation", &spec.calculation);
        survey.put("trigger", &spec.trigger);
        survey.put("default", &spec.default);
        survey.put("read_only", &spec.read_only);
        survey.put("appearance", &spec.appearance);
        survey.put("parameters", &spec.parameters);
        survey.put("choice_filter", &spec.choice_filter);
        survey.put("repeat_count", &spec.repeat_count);
        survey.put("save_to", &spec.save_to);
        for (kind, texts) in &spec.media {
            survey.texts(&format!("media::{kind}"), texts);
        }
        for (column, cell) in &spec.other {
            survey.put(column, cell);
        }
    }
    let mut choices = Page::default();
    for list in lists {
        for row in 0..list.table.rows() {
            choices.rows.push(BTreeMap::new());
            choices.put("list_name", list.name());
            for (column, title) in list.table.columns().iter().enumerate() {
                choices.put(title, list.table.cell(row, column));
            }
        }
    }
    let mut page = Page::default();
    page.rows.push(BTreeMap::new());
    for (key, value) in settings {
        page.put(key, value);
    }
    let mut sheets = vec![survey.sheet("survey")];
    if !choices.rows.is_empty() {
        sheets.push(choices.sheet("choices"));
    }
    sheets.push(page.sheet("settings"));
    Workbook { sheets }
}
