//! A workbook to a form.

mod entities;
mod lists;
mod settings;
mod sheet_names;
mod survey;

use std::collections::BTreeMap;

use crate::assemble::{Parts, assemble};
use crate::form::Form;
use crate::language::DEFAULT_LANGUAGE;
use crate::media::Media;
use crate::messages::Code;
use crate::problem::Problem;
use crate::report::Report;
use crate::workbook::{self, Format, ImportError, KNOWN_SHEETS, Read, Sheet, Workbook};

/// A form and what its author should know about it.
#[derive(Debug)]
pub struct Imported {
    /// The form.
    pub form: Form,
    /// Notes and unsupported parts; never an error, those refuse the import.
    pub report: Vec<Problem>,
    /// Everything that the author wrote, for [`Workbook::to_xlsx`]. A phone can drop it.
    pub workbook: Workbook,
}

/// Reads an .xlsx or .xls workbook, a CSV or Markdown tables, told apart by the first bytes.
///
/// `name` is the file's name: the form's id when the settings give none, and reported when its
/// suffix contradicts the content. `media` holds the CSVs that the form names.
///
/// Fails on files that cannot be read, and on forms with errors, listing all of them.
pub fn import(name: &str, bytes: &[u8], media: &dyn Media) -> Result<Imported, ImportError> {
    let Read { format, workbook, dropped } = workbook::read(bytes)?;
    let mut report = Report::new("", BTreeMap::new());
    report_suffix(name, format, &mut report);
    for sheet in dropped {
        report.unsupported(0, "", Code::DroppedSheet, vec![sheet]);
    }
    let (form, report) = form_of(name, &workbook, media, report).map_err(ImportError::Refused)?;
    Ok(Imported { form, report, workbook })
}

fn form_of(
    name: &str,
    workbook: &Workbook,
    media: &dyn Media,
    mut report: Report,
) -> Result<(Form, Vec<Problem>), Vec<Problem>> {
    let sheets = &workbook.sheets;
    let sheet = |wanted: &str| sheets.iter().find(|sheet| sheet.is(wanted));
    for known in KNOWN_SHEETS {
        if let Some(sheet) = sheet(known) {
            report.called(known, &sheet.name);
        }
    }
    for other in sheets.iter().filter(|sheet| !KNOWN_SHEETS.iter().any(|known| sheet.is(known))) {
        report.sheet(&other.name);
        let meant =
            sheet_names::meant(&other.name).filter(|meant| sheets.len() > 1 && sheet(meant).is_none());
        if let Some(meant) = meant {
            let args = vec![other.name.clone(), meant.to_owned()];
            report.note(0, "", Code::MisspelledSheet, args);
        } else if other.rows.len() > 1 && sheets.len() > 1 {
            report.note(0, "", Code::UnsupportedSheet, vec![other.name.clone()]);
        }
    }
    if let Some(osm) = sheet("osm").filter(|sheet| sheet.rows.len() > 1) {
        report.sheet(&osm.name);
        report.unsupported(0, "", Code::UnsupportedSheet, vec![osm.name.clone()]);
    }
    // A workbook of one sheet is its survey, whatever it is called.
    let only = match sheets.as_slice() {
        [only] if !KNOWN_SHEETS.iter().any(|known| only.is(known)) => Some(only),
        _ => None,
    };
    let Some(survey) = sheet("survey").or(only) else {
        report.sheet("");
        report.error(0, "", Code::MissingSheet, vec!["survey".to_owned()]);
        return Err(report.finish());
    };
    report.called("survey", &survey.name);
    let mut settings = settings::read(sheet("settings"), &mut report);
    let (rows, languages) = survey::read(survey, &mut report);
    let yes = |key: &str| settings.get(key).is_some_and(|cell| is_yes(cell));
    let duplicates = yes("allow_choice_duplicates");
    let mut lists = lists::read(sheet("choices"), duplicates, &languages, "", &mut report);
    lists.extend(lists::read(sheet("external_choices"), true, &languages, EXTERNAL, &mut report));
    let entities = entities::read(sheet("entities"), &mut report);
    report.sheet(&survey.name);
    report.headers(survey::headers(survey));

    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut setting = |key: &str| settings.remove(key).unwrap_or_default();
    let id = Some(setting("form_id")).filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| stem.to_owned());
    let title = Some(setting("form_title")).filter(|title| !title.is_empty());
    let default_language =
        Some(setting("default_language")).filter(|language| !language.is_empty()).or_else(|| {
            (!survey::is_unnamed(&rows)).then(|| languages.first().map(|first| first.name.clone()))?
        });
    assemble(Parts {
        rows,
        lists,
        languages,
        entities,
        labelled: true,
        title: title.unwrap_or_else(|| id.clone()),
        id,
        version: setting("version"),
        instance_name: setting("instance_name"),
        default_language: default_language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()),
        settings,
        media,
        report,
    })
}

/// Lists of the sheet `external_choices` are kept apart from others of the same name.
pub(crate) const EXTERNAL: &str = "external_choices#";

fn report_suffix(name: &str, format: Format, report: &mut Report) {
    let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix).to_lowercase();
    let args = vec![name.to_owned()];
    match (format, suffix.as_str()) {
        (Format::Xls, "xlsx" | "xlsm") => report.note(0, "", Code::OldFormat, args),
        (Format::Xlsx, "xls") => report.note(0, "", Code::NewFormat, args),
        (Format::Csv | Format::Markdown, "xls" | "xlsx" | "xlsm") => {
            report.note(0, "", Code::TextFormat, args);
        }
        _ => {}
    }
}

/// Headers that mean the same are an error: nobody knows which one counts.
fn repeated_header(
    seen: &mut Vec<(crate::columns::Header, String)>,
    header: crate::columns::Header,
    title: &str,
    row: u32,
    report: &mut Report,
) {
    match seen.iter().find(|(have, _)| *have == header) {
        Some((_, other)) => {
            let args = vec![title.to_owned(), other.clone()];
            report.error(row, title, Code::DuplicateColumn, args);
        }
        None => seen.push((header, title.to_owned())),
    }
}

/// Whether a sheet separates the parts of its headers with `::`.
fn double_colons(header: &[String]) -> bool {
    header.iter().any(|title| title.contains("::"))
}

fn is_yes(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "yes" | "true" | "true()")
}

/// A sheet that is there and has a header.
fn filled(sheet: Option<&Sheet>) -> Option<&Sheet> {
    sheet.filter(|sheet| sheet.rows.iter().any(|row| !row.is_empty()))
}
