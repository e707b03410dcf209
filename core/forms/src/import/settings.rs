//! The sheet `settings`: one row of values.

use std::collections::BTreeMap;

use super::filled;
use crate::messages::Code;
use crate::report::Report;
use crate::workbook::Sheet;

/// Settings that the form acts on.
const KNOWN: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "instance_name",
    "allow_choice_duplicates",
    "name",
    "namespaces",
    "clean_text_values",
    "rounds_pass",
];

/// Settings that say how to look or where to send, which is not a form's business here.
const ELSEWHERE: &[&str] = &[
    "style",
    "submission_url",
    "public_key",
    "auto_send",
    "auto_delete",
    "client_editable",
    "instance_id",
    "omit_instanceid",
    "sms_keyword",
    "prefix",
    "delimiter",
    "add_none_option",
    "flat",
];

/// Values by key; keys without a meaning here keep their spelling.
pub(super) fn read(sheet: Option<&Sheet>, report: &mut Report) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let Some(sheet) = filled(sheet) else { return settings };
    report.sheet(&sheet.name);
    let grid = sheet.grid();
    let first = grid.rows().find(|(_, cells)| !cells.is_empty());
    let Some((number, values)) = first else { return settings };
    for (title, value) in grid.header.iter().zip(values) {
        if title.is_empty() || value.is_empty() {
            continue;
        }
        let normal = title.trim().to_lowercase().replace(' ', "_");
        let key = match normal.as_str() {
            "id_string" | "form_id" | "set_form_id" => "form_id",
            "title" | "form_title" | "set_form_title" => "form_title",
            other if KNOWN.contains(&other) => other,
            other => {
                let args = vec![title.clone()];
                if ELSEWHERE.contains(&other) || other.starts_with("attribute::") {
                    report.unsupported(number, title, Code::UnsupportedSetting, args);
                } else {
                    report.note(number, title, Code::UnsupportedColumn, args);
                }
                title
            }
        };
        report.setting(key, number, title);
        if key == "name" && !crate::expr::is_name(value) {
            report.error(number, title, Code::BadName, vec![value.clone()]);
        }
        settings.insert(key.to_owned(), value.clone());
    }
    settings
}
