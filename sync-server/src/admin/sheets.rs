//! What people upload: a workbook's first sheet as CSV, a zipped folder as a pack, a workbook in the place
//! of the one that a published pack has.

use super::{Done, Refused};
use crate::storage::log::PackRow;
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use rounds_workflow::bundle::Bundle;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Bytes of a zip once it is unpacked.
const UNPACKED: u64 = 20 << 20;

/// CSV of a sheet of any of the formats that spreadsheets write; CSV stays as it is.
pub fn csv_of(name: &str, bytes: Vec<u8>) -> Done<Vec<u8>> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if !["xlsx", "xlsm", "xls", "ods"].contains(&ending.as_str()) {
        return Ok(bytes);
    }
    let unreadable = || Refused::new("csv-unreadable", &[]);
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let range = book.worksheet_range_at(0).and_then(Result::ok).ok_or_else(unreadable)?;
    let mut out = ::csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
    // Rows keep their numbers, so that a problem names the row that the author sees.
    let (first, width) = (range.start().map_or(0, |start| start.0), range.width());
    let write =
        |out: &mut ::csv::Writer<Vec<u8>>, row: Vec<String>| out.write_record(row).map_err(|_| unreadable());
    for _ in 0..first.min(10_000) {
        write(&mut out, vec![String::new(); width.max(1)])?;
    }
    for row in range.rows() {
        write(&mut out, row.iter().map(cell).collect())?;
    }
    Ok(out.into_inner().map_err(|_| unreadable())?)
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) { day } else { format!("{day}T{hour:02}:{minute:02}") }
        }
        other => other.to_string().replace(['\n', '\r'], " "),
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
