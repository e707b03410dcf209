//! The sheet `entities`: what a finished form adds to lists, or changes in them.

use super::filled;
use crate::assemble::EntityRow;
use crate::messages::Code;
use crate::report::Report;
use crate::workbook::Sheet;

/// One declaration a row.
pub(super) fn read(sheet: Option<&Sheet>, report: &mut Report) -> Vec<EntityRow> {
    let Some(sheet) = filled(sheet) else {
        return Vec::new();
    };
    report.sheet(&sheet.name);
    let grid = sheet.grid();
    let mut found: Vec<EntityRow> = Vec::new();
    for (number, cells) in grid.rows().filter(|(_, cells)| !cells.iter().all(String::is_empty)) {
        let mut row = EntityRow { number, ..EntityRow::default() };
        for (title, cell) in grid.header.iter().zip(cells) {
            let normal = title.trim().to_lowercase().replace(' ', "_");
            let slot = match normal.as_str() {
                "" => continue,
                "list_name" | "dataset" => &mut row.list,
                "entity_id" => &mut row.id,
                "create_if" => &mut row.create_if,
                "update_if" => &mut row.update_if,
                "label" => &mut row.label,
                "repeat" => &mut row.repeat,
                _ => {
                    if !cell.is_empty() {
                        report.error(number, title, Code::UnknownEntityColumn, vec![title.clone()]);
                    }
                    continue;
                }
            };
            slot.clone_from(cell);
        }
        check(&row, &found, report);
        found.push(row);
    }
    found
}

fn check(row: &EntityRow, before: &[EntityRow], report: &mut Report) {
    let name = || vec![row.list.clone()];
    let bad_name = !crate::expr::is_name(&row.list) || row.list.starts_with("__") || row.list.contains('.');
    if bad_name {
        report.error(row.number, "list_name", Code::BadName, name());
    }
    if before.iter().any(|have| have.list == row.list) {
        report.error(row.number, "list_name", Code::DuplicateName, name());
    }
    if row.id.is_empty() && !row.update_if.is_empty() {
        report.error(row.number, "update_if", Code::EntityNeedsId, name());
    }
    if !row.id.is_empty() && !row.create_if.is_empty() && row.update_if.is_empty() {
        report.error(row.number, "create_if", Code::EntityNeedsUpdate, name());
    }
    if row.id.is_empty() && row.label.is_empty() {
        report.error(row.number, "label", Code::EntityNeedsLabel, name());
    }
}
