//! A workbook to a form.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::assemble::{Parts, Row, assemble};
use crate::choices::List;
use crate::columns::{self, Column};
use crate::form::Form;
use crate::language::{DEFAULT_LANGUAGE, Language};
use crate::media::Media;
use crate::messages::Code;
use crate::problem::Problem;
use crate::report::Report;
use crate::spec::QuestionSpec;
use crate::table::Table;
use crate::workbook::{self, Format, ImportError, Sheet};

/// A form and what its author should know about it.
#[derive(Debug)]
pub struct Imported {
    /// The form.
    pub form: Form,
    /// Notes and unsupported parts; never an error, those refuse the import.
    pub report: Vec<Problem>,
}

/// Reads an .xlsx or .xls workbook, told apart by its first bytes.
///
/// `name` is the file's name: the form's id when the settings give none, and reported when its
/// suffix contradicts the content. `media` holds the CSVs that the form names.
///
/// Fails on files that cannot be read, and on forms with errors, listing all of them.
pub fn import(name: &str, bytes: &[u8], media: &dyn Media) -> Result<Imported, ImportError> {
    let (format, sheets) = workbook::read(bytes, |sheet| KNOWN_SHEETS.contains(&sheet))?;
    let mut report = Report::new("", BTreeMap::new());
    report_suffix(name, format, &mut report);
    let sheet = |wanted: &str| sheets.iter().find(|sheet| sheet.name.to_lowercase() == wanted);
    for sheet in sheets.iter().filter(|sheet| sheet.rows.len() > 1) {
        if UNSUPPORTED_SHEETS.contains(&sheet.name.to_lowercase().as_str()) {
            report.sheet(&sheet.name);
            report.unsupported(0, "", Code::UnsupportedSheet, vec![sheet.name.clone()]);
        }
    }
    let Some(survey) = sheet("survey") else {
        report.error(0, "", Code::MissingSheet, vec!["survey".to_owned()]);
        return Err(ImportError::Refused(report.finish()));
    };
    let settings = read_settings(sheet("settings"), &mut report);
    let (rows, languages) = read_survey(survey, &mut report);
    let duplicates = settings.get("allow_choice_duplicates").is_some_and(|cell| is_yes(cell));
    let lists = read_choices(sheet("choices"), duplicates, &languages, &mut report);
    let headers = survey_headers(survey);
    report.sheet("survey");
    report.headers(headers);

    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut settings = settings;
    let mut setting = |key: &str| settings.remove(key).unwrap_or_default();
    let id = Some(setting("form_id")).filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| stem.to_owned());
    let title = Some(setting("form_title")).filter(|title| !title.is_empty());
    let default_language = Some(setting("default_language"))
        .filter(|language| !language.is_empty())
        .or_else(|| languages.first().map(|language| language.name.clone()));
    let parts = Parts {
        rows,
        lists,
        languages,
        title: title.unwrap_or_else(|| id.clone()),
        id,
        version: setting("version"),
        instance_name: setting("instance_name"),
        default_language: default_language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()),
        settings,
        media,
        report,
    };
    assemble(parts).map(|(form, report)| Imported { form, report }).map_err(ImportError::Refused)
}

const KNOWN_SHEETS: &[&str] = &["survey", "choices", "settings", "entities", "external_choices", "osm"];
const UNSUPPORTED_SHEETS: &[&str] = &["entities", "external_choices", "osm"];
const KNOWN_SETTINGS: &[&str] =
    &["form_title", "form_id", "version", "default_language", "instance_name", "allow_choice_duplicates"];

fn report_suffix(name: &str, format: Format, report: &mut Report) {
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix).to_lowercase();
    let args = vec![name.to_owned()];
    match (format, suffix.as_str()) {
        (Format::Xls, "xlsx" | "xlsm") => report.note(0, "", Code::OldFormat, args),
        (Format::Xlsx, "xls") => report.note(0, "", Code::NewFormat, args),
        _ => {}
    }
}

/// The header row is the first that is not empty.
fn header_of(sheet: &Sheet) -> (usize, &[String]) {
    let found = sheet.rows.iter().enumerate().find(|(_, row)| !row.is_empty());
    found.map_or((0, &[]), |(number, row)| (number, row.as_slice()))
}

fn survey_headers(sheet: &Sheet) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    for header in header_of(sheet).1 {
        let field = match columns::survey(header) {
            Column::Field(field) | Column::Text(field, _) => field,
            _ => continue,
        };
        headers.entry(field.to_owned()).or_insert_with(|| header.clone());
    }
    headers
}

fn read_survey(sheet: &Sheet, report: &mut Report) -> (Vec<Row>, Vec<Language>) {
    report.sheet(&sheet.name);
    let (header_row, header) = header_of(sheet);
    let header_number = header_row as u32 + 1;
    let mut seen = HashSet::new();
    let mut languages: Vec<Language> = Vec::new();
    let mut meanings = Vec::new();
    for title in header {
        let meaning = columns::survey(title);
        if let Column::Text(_, language) = &meaning {
            let language = Language::new(language);
            if language.name != DEFAULT_LANGUAGE && !languages.contains(&language) {
                languages.push(language);
            }
        }
        if !title.is_empty() && !seen.insert(columns::normal(title)) {
            let args = vec![title.clone()];
            report.note(header_number, title, Code::DuplicateColumn, args);
            meanings.push(None);
            continue;
        }
        meanings.push(Some((title, meaning)).filter(|(title, _)| !title.is_empty()));
    }
    for needed in ["type", "name"] {
        let there = meanings.iter().flatten().any(|(_, meaning)| *meaning == Column::Field(needed));
        if !there {
            let args = vec![needed.to_owned()];
            report.error(header_number, "", Code::MissingColumn, args);
            return (Vec::new(), languages);
        }
    }
    let mut rows = Vec::new();
    let mut told = HashSet::new();
    for (number, cells) in sheet.rows.iter().enumerate().skip(header_row + 1) {
        let number = number as u32 + 1;
        let mut spec = QuestionSpec::default();
        let mut disabled = false;
        for (cell, column) in cells.iter().zip(&meanings) {
            let (false, Some((title, meaning))) = (cell.is_empty(), column) else {
                continue;
            };
            match meaning {
                Column::Field("disabled") => disabled = is_yes(cell),
                Column::Field(field) => columns::put(&mut spec, field, cell),
                Column::Text(field, language) => {
                    if let Some(texts) = columns::texts(&mut spec, field) {
                        texts.insert(language, cell.clone());
                    }
                }
                Column::Unsupported | Column::Foreign => {
                    spec.other.insert((*title).clone(), cell.clone());
                    if told.insert(*title) {
                        let args = vec![(*title).clone()];
                        match meaning {
                            Column::Unsupported => {
                                report.unsupported(number, title, Code::UnsupportedColumn, args);
                            }
                            _ => report.note(number, title, Code::UnsupportedColumn, args),
                        }
                    }
                }
            }
        }
        if !disabled && spec != QuestionSpec::default() {
            rows.push(Row { number, spec });
        }
    }
    (rows, languages)
}

fn read_settings(sheet: Option<&Sheet>, report: &mut Report) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let Some(sheet) = sheet else { return settings };
    report.sheet(&sheet.name);
    let (header_row, header) = header_of(sheet);
    let Some(values) = sheet.rows.get(header_row + 1) else {
        return settings;
    };
    for (title, value) in header.iter().zip(values) {
        if title.is_empty() || value.is_empty() {
            continue;
        }
        let normal = columns::normal(title);
        let key = match normal.as_str() {
            "id_string" | "form_id" => "form_id",
            "title" | "form_title" => "form_title",
            other if KNOWN_SETTINGS.contains(&other) => other,
            _ => {
                let args = vec![title.clone()];
                report.unsupported(header_row as u32 + 2, title, Code::UnsupportedColumn, args);
                title
            }
        };
        settings.insert(key.to_owned(), value.clone());
    }
    settings
}

fn read_choices(
    sheet: Option<&Sheet>,
    duplicates: bool,
    languages: &[Language],
    report: &mut Report,
) -> Vec<List> {
    let Some(sheet) = sheet else {
        return Vec::new();
    };
    report.sheet(&sheet.name);
    let (header_row, header) = header_of(sheet);
    let mut titles: Vec<String> = Vec::new();
    let mut list_column = None;
    for (number, title) in header.iter().enumerate() {
        let normal = columns::normal(title);
        titles.push(match normal.as_str() {
            "list_name" => {
                list_column = Some(number);
                "list_name".to_owned()
            }
            "name" | "value" => "name".to_owned(),
            _ => match columns::language_after(title, &normal, "label") {
                Some(language) if language == DEFAULT_LANGUAGE => "label".to_owned(),
                Some(language) => format!("label::{language}"),
                None => title.clone(),
            },
        });
    }
    let missing = [("list_name", list_column.is_none()), ("name", !titles.iter().any(|t| t == "name"))];
    for (needed, missing) in missing {
        if missing && !header.is_empty() {
            let args = vec![needed.to_owned()];
            report.error(header_row as u32 + 1, "", Code::MissingColumn, args);
            return Vec::new();
        }
    }
    let name_column = titles.iter().position(|title| title == "name").unwrap_or(0);
    let mut order: Vec<String> = Vec::new();
    let mut tables: HashMap<String, Table> = HashMap::new();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    for (number, cells) in sheet.rows.iter().enumerate().skip(header_row + 1) {
        let number = number as u32 + 1;
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
        if !seen.insert((list.clone(), value.clone())) && !duplicates {
            report.error(number, "name", Code::DuplicateChoice, vec![value, list]);
            continue;
        }
        if !tables.contains_key(&list) {
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
            lists.extend(List::new(&name, table, "name", "label", languages));
        }
    }
    lists
}

fn is_yes(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "yes" | "true" | "true()")
}
