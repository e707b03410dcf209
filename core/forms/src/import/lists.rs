//! The sheets `choices` and `external_choices`: rows of lists.

use std::collections::{HashMap, HashSet};

use super::{double_colons, filled, repeated_header};
use crate::choices::List;
use crate::columns::{self, Header};
use crate::expr::parse_number;
use crate::language::{DEFAULT_LANGUAGE, Language};
use crate::limits;
use crate::messages::Code;
use crate::report::Report;
use crate::table::Table;
use crate::workbook::Sheet;

/// How much of its question's weight a choice earns.
const SCORE: &str = "rounds_score";

/// A share is a part of one, `na` for what does not count, or not there.
fn is_share(cell: &str) -> bool {
    let number = || parse_number(cell).is_some_and(|share| (0.0..=1.0).contains(&share));
    cell.is_empty() || cell.eq_ignore_ascii_case("na") || number()
}

/// The lists in the order of their first rows, their names behind a prefix.
pub(super) fn read(
    sheet: Option<&Sheet>,
    duplicates: bool,
    languages: &[Language],
    prefix: &str,
    report: &mut Report,
) -> Vec<List> {
    let Some(sheet) = filled(sheet) else {
        return Vec::new();
    };
    report.sheet(&sheet.name);
    let grid = sheet.grid();
    let (titles, list_column) = titles(grid.header, grid.header_number, report);
    let Some(name_column) = titles.iter().position(|title| title == "name") else {
        if grid.rows().any(|(_, cells)| !cells.is_empty()) {
            report.error(grid.header_number, "", Code::MissingColumn, vec!["name".to_owned()]);
        }
        return Vec::new();
    };
    let score_column = titles.iter().position(|title| title == SCORE);
    let mut order: Vec<String> = Vec::new();
    let mut tables: HashMap<String, Table> = HashMap::new();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    for (number, cells) in grid.rows() {
        let cell = |column: usize| cells.get(column).map_or("", String::as_str);
        let list = list_column.map_or("", cell).to_owned();
        if list.is_empty() {
            continue;
        }
        let value = cell(name_column).to_owned();
        if value.is_empty() {
            report.error(number, "name", Code::BadChoice, vec![value]);
            continue;
        }
        if value.contains(char::is_whitespace) {
            report.note(number, "name", Code::SpacedChoice, vec![value.clone()]);
        }
        if let Some(share) = score_column.map(cell).filter(|share| !is_share(share)) {
            report.error(number, SCORE, Code::BadScore, vec![share.to_owned()]);
        }
        if !duplicates && !seen.insert((list.clone(), value.clone())) {
            report.error(number, "name", Code::DuplicateChoice, vec![value, list]);
            continue;
        }
        if !tables.contains_key(&list) {
            if (tables.len() + 1) * titles.len() > limits::LIST_COLUMNS {
                report.error_once(number, Code::WorkbookTooLarge);
                return Vec::new();
            }
            let Ok(table) = Table::with_columns(titles.iter().cloned()) else {
                report.error_once(number, Code::WorkbookTooLarge);
                return Vec::new();
            };
            tables.insert(list.clone(), table);
            order.push(list.clone());
        }
        let pushed = tables.get_mut(&list).map(|table| table.push(cells.iter().map(String::as_str)));
        if !matches!(pushed, Some(Ok(()))) {
            report.error_once(number, Code::WorkbookTooLarge);
        }
    }
    let mut lists = Vec::new();
    for name in order {
        if let Some(table) = tables.remove(&name) {
            lists.extend(List::new(&format!("{prefix}{name}"), table, "name", "label", languages));
        }
    }
    lists
}

/// Columns under the names that filters use, and which one names the list.
fn titles(header: &[String], row: u32, report: &mut Report) -> (Vec<String>, Option<usize>) {
    let double = double_colons(header);
    let mut titles: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    let mut list_column = None;
    for (number, title) in header.iter().enumerate() {
        if title.is_empty() {
            titles.push(String::new());
            continue;
        }
        let parsed = Header::new(title, double);
        let normal = title.trim().to_lowercase().replace(' ', "_");
        titles.push(match normal.as_str() {
            "list_name" => {
                list_column = Some(number);
                "list_name".to_owned()
            }
            "name" | "value" => "name".to_owned(),
            _ => match (parsed.language_after(&["label"]), columns::media(&parsed)) {
                (Some(language), _) if language == DEFAULT_LANGUAGE => "label".to_owned(),
                (Some(language), _) => format!("label::{language}"),
                (None, Some((kind, language))) => format!("media::{kind}::{language}"),
                (None, None) => title.clone(),
            },
        });
        repeated_header(&mut seen, parsed, title, row, report);
    }
    (titles, list_column)
}
