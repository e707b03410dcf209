//! The sheet `survey`: a question, group or end of one in each row.

use std::collections::{BTreeMap, HashSet};

use super::{double_colons, is_yes, repeated_header};
use crate::assemble::Row;
use crate::columns::{self, Column, Header};
use crate::language::{DEFAULT_LANGUAGE, Language};
use crate::limits;
use crate::messages::Code;
use crate::report::Report;
use crate::spec::QuestionSpec;
use crate::workbook::Sheet;

/// Our names of columns to the headers of the author.
pub(super) fn headers(sheet: &Sheet) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    let grid = sheet.grid();
    let double = double_colons(grid.header);
    for header in grid.header {
        let field = match columns::survey(&Header::new(header, double)) {
            Column::Field(field) | Column::Text(field, _) | Column::Media(field, _) => field,
            _ => continue,
        };
        headers.entry(field.to_owned()).or_insert_with(|| header.clone());
    }
    headers
}

/// Whether labels or hints are there without a language, which is then the first one.
pub(super) fn is_unnamed(rows: &[Row]) -> bool {
    rows.iter().any(|row| {
        let texts = row.spec.label.iter().chain(row.spec.hint.iter());
        texts.into_iter().any(|(language, _)| language.name == DEFAULT_LANGUAGE)
    })
}

/// Rows as they are written, and the languages of the columns in their order.
pub(super) fn read(sheet: &Sheet, report: &mut Report) -> (Vec<Row>, Vec<Language>) {
    report.sheet(&sheet.name);
    let grid = sheet.grid();
    let double = double_colons(grid.header);
    let mut seen = Vec::new();
    let mut languages: Vec<Language> = Vec::new();
    let mut meanings = Vec::new();
    for title in grid.header {
        if title.is_empty() {
            meanings.push(None);
            continue;
        }
        let header = Header::new(title, double);
        let meaning = columns::survey(&header);
        if let Column::Text(_, language) | Column::Media(_, language) = &meaning {
            let language = Language::new(language);
            if language.name != DEFAULT_LANGUAGE && !languages.contains(&language) {
                languages.push(language);
            }
        }
        repeated_header(&mut seen, header, title, grid.header_number, report);
        meanings.push(Some((title, meaning)));
    }
    let typed = meanings.iter().flatten().any(|(_, meaning)| *meaning == Column::Field("type"));
    if !typed {
        report.error(grid.header_number, "", Code::MissingColumn, vec!["type".to_owned()]);
        return (Vec::new(), languages);
    }
    let mut rows = Vec::new();
    let mut told = HashSet::new();
    // Whatever has no meaning here is kept with its header, in every row.
    let mut headers_kept = 0;
    for (number, cells) in grid.rows() {
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
                Column::Media(kind, language) => {
                    spec.media.entry((*kind).to_owned()).or_default().insert(language, cell.clone());
                }
                Column::Rounds | Column::Unsupported | Column::Foreign
                    if headers_kept + title.len() > limits::CELLS_BYTES =>
                {
                    report.error_once(number, Code::WorkbookTooLarge);
                }
                Column::Rounds => {
                    headers_kept += title.len();
                    spec.other.insert((*title).clone(), cell.clone());
                }
                Column::Unsupported | Column::Foreign => {
                    headers_kept += title.len();
                    spec.other.insert((*title).clone(), cell.clone());
                    if told.insert(*title) {
                        let args = vec![(*title).clone()];
                        match meaning {
                            Column::Unsupported if title.trim().eq_ignore_ascii_case("flat") => {
                                report.unsupported(number, title, Code::FlatGroup, vec![]);
                            }
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
