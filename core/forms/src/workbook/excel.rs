//! .xlsx and .xls.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, Xls, Xlsx};

use super::cells::Budget;
use super::{Format, ImportError, KNOWN_SHEETS, Read, Sheet, Workbook, declared, foreign, xls_guard};
use crate::limits;

type Sheets = (Vec<Sheet>, Vec<String>);

pub(super) fn xlsx(bytes: &[u8]) -> Result<Read, ImportError> {
    let largest_sheet = check_zip(bytes)?;
    let (sheets, dropped) = guarded(|| xlsx_sheets(bytes, largest_sheet))?;
    Ok(Read { format: Format::Xlsx, workbook: Workbook { sheets }, dropped })
}

pub(super) fn xls(bytes: &[u8]) -> Result<Read, ImportError> {
    xls_guard::check(bytes)?;
    let (sheets, dropped) = guarded(|| xls_sheets(bytes))?;
    Ok(Read { format: Format::Xls, workbook: Workbook { sheets }, dropped })
}

/// The readers are not ours; should one panic on a hostile file, it is a damaged file.
pub(super) fn guarded<T>(work: impl Fn() -> Result<T, ImportError>) -> Result<T, ImportError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(unreadable()))
}

/// The declared sizes may lie, so every part is really unpacked once, into nothing. Returns how large the
/// largest sheet is, unpacked.
pub(super) fn check_zip(bytes: &[u8]) -> Result<u64, ImportError> {
    // In our words: what the reader of archives says is in English and about its inside.
    let damaged = |_| ImportError::Damaged("it is cut off, or no ZIP archive inside".to_owned());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits::ZIP_PARTS {
        return Err(ImportError::TooLarge(format!("{} parts", archive.len())));
    }
    let mut left = limits::INFLATED_BYTES;
    let mut names = Vec::new();
    let mut largest_sheet = 0;
    let mut scratch = vec![0; 64 * 1024];
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(damaged)?;
        if part.size() > left {
            return Err(ImportError::Inflated);
        }
        let name = part.name().map_err(damaged)?;
        let name = name.to_lowercase();
        let mut texts = declared::Texts::default();
        let mut size: u64 = 0;
        loop {
            let read = part
                .read(&mut scratch)
                .map_err(|_| ImportError::Damaged("it is cut off, or no ZIP archive inside".to_owned()))?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or(ImportError::Inflated)?;
            size += read as u64;
            if name == "xl/sharedstrings.xml" {
                texts.look(scratch.get(..read).unwrap_or(&[]))?;
            }
        }
        if name.starts_with("xl/worksheets/") {
            largest_sheet = size.max(largest_sheet);
        }
        names.push(name);
    }
    match names.iter().any(|name| name == "xl/workbook.xml") {
        true => Ok(largest_sheet),
        false => Err(ImportError::NotAWorkbook(foreign::by_parts(names.iter().map(String::as_str)))),
    }
}

/// Cell by cell: a sheet with one cell in its last corner must not become a full rectangle.
fn xlsx_sheets(bytes: &[u8], largest_sheet: u64) -> Result<Sheets, ImportError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut collector = Collector::default();
    let names = workbook.sheet_names();
    // Any number of sheets can be one part of the file, and is read as often.
    if names.len() as u64 > (2 * limits::INFLATED_BYTES) / largest_sheet.max(1) {
        return Err(ImportError::Inflated);
    }
    for name in &names {
        collector.sheet(name, names.len() == 1, |sheet, budget| {
            let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| unread(name))?;
            while let Some(cell) = reader.next_cell().map_err(|_| unread(name))? {
                let (row, column) = cell.get_position();
                let text = text(&to_owned(cell.get_value()));
                budget.put(sheet, row as usize, column as usize, text)?;
            }
            Ok(())
        })?;
    }
    Ok((collector.sheets, collector.dropped))
}

fn xls_sheets(bytes: &[u8]) -> Result<Sheets, ImportError> {
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut collector = Collector::default();
    let names = workbook.sheet_names();
    for name in &names {
        collector.sheet(name, names.len() == 1, |sheet, budget| {
            let range = workbook.worksheet_range(name).map_err(|_| unread(name))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                budget.put(sheet, top as usize + row, left as usize + column, text(value))?;
            }
            Ok(())
        })?;
    }
    Ok((collector.sheets, collector.dropped))
}

pub(super) fn unreadable() -> ImportError {
    ImportError::Damaged("the sheets cannot be read".to_owned())
}

pub(super) fn unread(sheet: &str) -> ImportError {
    ImportError::Damaged(format!("the sheet {sheet} cannot be read"))
}

#[derive(Default)]
struct Collector {
    sheets: Vec<Sheet>,
    dropped: Vec<String>,
    budget: Budget,
}

impl Collector {
    /// Reads one sheet. One that is no part of the form may be damaged or too large: then it is
    /// left out, which the report says.
    fn sheet(
        &mut self,
        name: &str,
        only: bool,
        read: impl FnOnce(&mut Sheet, &mut Budget) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let mut sheet = Sheet { name: name.trim().to_owned(), rows: Vec::new() };
        let known = only || KNOWN_SHEETS.iter().any(|known| sheet.is(known));
        if known && self.sheets.iter().any(|have| have.is(&sheet.name)) {
            return Err(ImportError::Damaged(format!("the sheet {} is there twice", sheet.name)));
        }
        if !known && self.sheets.len() >= limits::SHEETS {
            self.dropped.push(sheet.name);
            return Ok(());
        }
        match read(&mut sheet, &mut self.budget) {
            Ok(()) => self.sheets.push(sheet),
            Err(error) if known => return Err(error),
            Err(_) => self.dropped.push(sheet.name),
        }
        Ok(())
    }
}

pub(super) fn to_owned(value: &DataRef<'_>) -> Data {
    value.clone().into()
}

/// What a person sees in the cell; numbers without a needless fraction.
pub(super) fn text(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        // As it stands in the cell: `#NAME?`. No formula of ours can be read from it, and that is said.
        Data::Error(error) => error.to_string(),
        Data::String(text) => text.trim().replace('\u{a0}', " "),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (at.as_f64() < 1.0, (hour, minute, second) == (0, 0, 0)) {
                (true, _) => time,
                (false, true) => date,
                (false, false) => format!("{date}T{time}"),
            }
        }
        // A length of time, such as 26:30:00.
        Data::DateTime(at) => {
            let seconds = (at.as_f64().abs() * 86_400.0).round() as u64;
            let sign = if at.as_f64() < 0.0 { "-" } else { "" };
            format!("{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
        }
        Data::Float(number) => crate::expr::format_number(*number),
        other => other.to_string().trim().to_owned(),
    }
}
