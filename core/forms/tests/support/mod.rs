//! Small workbooks for tests, and the form of the shelf audit.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.
#![allow(dead_code)]

pub mod hostile;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::Arc;

use rounds_forms::expr::Moment;
use rounds_forms::{Answers, Filling, Form, Imported, Session, import};

/// Noon on 2026-11-23 minus 3 hours in UTC, in Shanghai: what the oracle was run with.
pub const MOMENT: Moment = Moment { now_ms: 1_795_424_400_000, offset_minutes: 480, seed: 1 };

/// Rows of cells to an .xlsx with inline texts.
pub fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#.to_owned()),
    ];
    parts.push(("_rels/.rels".to_owned(), r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned()));
    let (mut list, mut rels) = (String::new(), String::new());
    for (number, (name, rows)) in sheets.iter().enumerate() {
        let id = number + 1;
        write!(list, r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#).unwrap();
        write!(rels, r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#).unwrap();
        let mut data = String::new();
        let labelled = if *name == "survey" { labelled(rows) } else { owned(rows) };
        for (row, cells) in labelled.iter().enumerate() {
            write!(data, r#"<row r="{}">"#, row + 1).unwrap();
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let cell = cell.replace('&', "&amp;").replace('<', "&lt;");
                let letter = char::from(b'A' + column as u8);
                write!(data, r#"<c r="{letter}{}" t="inlineStr"><is><t>{cell}</t></is></c>"#, row + 1)
                    .unwrap();
            }
            data.push_str("</row>");
        }
        parts.push((format!("xl/worksheets/sheet{id}.xml"), format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{data}</sheetData></worksheet>"#)));
    }
    parts.push(("xl/workbook.xml".to_owned(), format!(r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#)));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!(r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}</Relationships>"#)));
    zip(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
}

fn owned(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

/// Questions without a label are called by their names: a workbook has to say something.
fn labelled(rows: &[&[&str]]) -> Vec<Vec<String>> {
    let mut rows = owned(rows);
    let Some(header) = rows.first_mut() else { return rows };
    let Some(name) = header.iter().position(|title| title == "name") else { return rows };
    if header.iter().any(|title| title.starts_with("label::")) {
        return rows;
    }
    let label = header.iter().position(|title| title == "label").unwrap_or_else(|| {
        header.push("label".to_owned());
        header.len() - 1
    });
    for row in rows.iter_mut().skip(1) {
        let called = row.get(name).cloned().unwrap_or_default();
        let calculated = row.first().is_some_and(|kind| kind == "calculate" || kind.starts_with("begin"));
        if row.len() <= label {
            row.resize(label + 1, String::new());
        }
        if row[label].is_empty() && !calculated {
            row[label] = called;
        }
    }
    rows
}

pub fn zip<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A form of a survey sheet and, if need be, choices.
pub fn form(survey: &[&[&str]], choices: &[&[&str]]) -> Arc<Form> {
    let bytes = workbook(&[("survey", survey), ("choices", choices)]);
    match import("test.xlsx", &bytes, &rounds_forms::NoMedia) {
        Ok(imported) => Arc::new(imported.form),
        Err(error) => panic!("{error}: {:?}", error.problems()),
    }
}

pub fn open(form: &Arc<Form>) -> Filling {
    Filling::new(Arc::clone(form), Answers::new(), MOMENT, session())
}

pub fn session() -> Session {
    Session { device: "device-1".to_owned(), username: "lilei".to_owned(), ..Session::default() }
}

pub fn media() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([("stores.csv".to_owned(), pack_file("stores.csv"))])
}

pub fn shelf_check() -> Imported {
    import("shelf-check.xlsx", &pack_file("shelf-check.xlsx"), &media()).unwrap()
}

fn pack_file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/shelf-audit/forms");
    std::fs::read(folder.join(name)).unwrap()
}
