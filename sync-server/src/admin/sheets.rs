//! What people upload: a workbook's first sheet as CSV, a zipped folder as a pack, a workbook in the place
//! of the one that a published pack has.

use super::import::at;
use super::{Done, Refused, Trouble};
use crate::storage::log::PackRow;
use rounds_forms::{FirstSheet, ImportError, limits};
use rounds_model::text::Text;
use rounds_workflow::bundle::Bundle;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Bytes of a zip once it is unpacked.
const UNPACKED: u64 = 20 << 20;

/// CSV of the first sheet of a workbook; what is none stays as it is, to be read as CSV. Told apart by
/// content: some programs call their CSV `.xls`. A cell with an error in it is a problem of its row: taken for
/// an empty one, it would clear what is there.
pub fn csv_of(bytes: Vec<u8>) -> Done<Vec<u8>> {
    let Some(sheet) = rounds_forms::first_sheet(&bytes).map_err(|error| unread(&error))? else {
        return Ok(bytes);
    };
    if !sheet.faults.is_empty() {
        return Err(Trouble::Refused(faults(&sheet)));
    }
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut out = vec![];
    for row in &sheet.rows {
        // Rows keep their numbers, so that a problem names the row that the author sees; a line without
        // anything in it is no row to whoever reads CSV, also above the header.
        if row.iter().any(|cell| !cell.is_empty()) {
            let cells = row.iter().map(String::as_str).chain(std::iter::repeat(""));
            let line: Vec<String> = cells.take(width).map(quoted).collect();
            out.extend(line.join(",").into_bytes());
        }
        out.push(b'\n');
    }
    Ok(out)
}

/// A cell on one line, so that lines are rows.
fn quoted(cell: &str) -> String {
    let cell = cell.replace(['\n', '\r'], " ");
    if cell.is_empty() { cell } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

fn unread(error: &ImportError) -> Trouble {
    let refused = match error {
        ImportError::NotAWorkbook(_) => {
            let what = error.found().map(|what| Text::new(what.zh, what.en));
            Refused::new("sheet-foreign", &[]).with("what", what.unwrap_or_default())
        }
        ImportError::Encrypted => Refused::new("sheet-locked", &[]),
        ImportError::TooLarge(_) | ImportError::Inflated => Refused::new(
            "sheet-too-large",
            &[
                ("rows", &limits::SHEET_ROWS),
                ("columns", &limits::SHEET_COLUMNS),
                ("size", &(limits::WORKBOOK_BYTES >> 20)),
                ("unpacked", &(limits::INFLATED_BYTES >> 20)),
            ],
        ),
        _ => Refused::new("sheet-damaged", &[]),
    };
    refused.into()
}

fn faults(sheet: &FirstSheet) -> Vec<Refused> {
    let header = sheet.rows.iter().find(|row| row.iter().any(|cell| !cell.is_empty()));
    let name = |column: usize| {
        let name = header.and_then(|header| header.get(column)).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| letters(column))
    };
    let told = sheet.faults.iter().map(|fault| {
        let args: [(&str, &dyn std::fmt::Display); 2] =
            [("value", &fault.text), ("column", &name(fault.column))];
        at(fault.row, Refused::new("csv-error-cell", &args).text())
    });
    told.collect()
}

/// A column as a spreadsheet names it.
fn letters(column: usize) -> String {
    let letter = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        more => letters(more - 1) + &letter.to_string(),
    }
}

/// A pack from a zip of its folder, with or without the folder itself in it.
pub fn pack_of_zip(bytes: Vec<u8>) -> Done<Bundle> {
    let bad = || Refused::new("zip-unreadable", &[]);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| bad())?;
    let (mut files, mut sum) = (BTreeMap::new(), 0);
    for at in 0..zip.len().min(1_000) {
        let file = zip.by_index(at).map_err(|_| bad())?;
        let name = file.name().map_err(|_| bad())?.replace('\\', "/");
        let hidden =
            name.split('/').any(|part| part.starts_with('.') || part.starts_with("~$") || part == "__MACOSX");
        if file.is_dir() || hidden {
            continue;
        }
        let mut content = vec![];
        let read = file.take(UNPACKED + 1 - sum).read_to_end(&mut content).map_err(|_| bad())?;
        sum += read as u64;
        if sum > UNPACKED {
            return Err(Refused::new("zip-too-large", &[("max", &(UNPACKED >> 20))]).into());
        }
        files.insert(name, content);
    }
    let manifest = files.keys().find(|name| name.ends_with("pack.toml")).cloned().ok_or_else(bad)?;
    let folder = manifest.trim_end_matches("pack.toml").to_owned();
    let inside = files
        .into_iter()
        .filter_map(|(name, content)| Some((name.strip_prefix(&folder)?.to_owned(), content)));
    Ok(Bundle::new(inside).map_err(|_| bad())?)
}

/// A published pack with another workbook for one of its kinds, as its next version.
pub fn with_workbook(row: &PackRow, kind: &str, bytes: Vec<u8>) -> Done<Bundle> {
    let bad = || Refused::new("workbook-nowhere", &[("kind", &kind)]);
    let bundle = Bundle::decode(&row.bundle).map_err(|_| bad())?;
    let text = bundle.file("pack.toml").and_then(|file| std::str::from_utf8(file).ok()).ok_or_else(bad)?;
    let table: toml::Table = toml::from_str(text).map_err(|_| bad())?;
    let form = table.get("kinds").and_then(|kinds| kinds.get(kind)?.get("form")?.as_str()).ok_or_else(bad)?;
    let next = format!("version = {}", row.version.saturating_add(1));
    let lines = text.lines().scan(false, |done, line| {
        let is_version = !*done && line.trim_start().starts_with("version");
        *done |= is_version;
        Some(if is_version { next.clone() } else { line.to_owned() })
    });
    let manifest = lines.collect::<Vec<_>>().join("\n");
    let mut files: BTreeMap<String, Vec<u8>> =
        bundle.files.iter().map(|(name, content)| (name.clone(), content.to_vec())).collect();
    files.insert(form.to_owned(), bytes);
    files.insert("pack.toml".to_owned(), manifest.into_bytes());
    Ok(Bundle::new(files).map_err(|_| bad())?)
}
