//! Bytes to sheets of texts. Told apart by signature, never by name; bounded before it is unpacked.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, Xls, Xlsx};

use crate::limits;
use crate::messages::{Bilingual, Code};
use crate::problem::Problem;

/// Why a file gave no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither an .xlsx nor an .xls by its first bytes.
    #[error("not a workbook")]
    NotAWorkbook,
    /// Looks like a workbook, cannot be read.
    #[error("damaged workbook: {0}")]
    Damaged(String),
    /// Beyond [`crate::limits`]: bytes, parts, rows, columns or cells.
    #[error("workbook too large: {0}")]
    TooLarge(String),
    /// Unpacks to more than [`limits::INFLATED_BYTES`].
    #[error("workbook too large once unpacked")]
    Inflated,
    /// Read, but the form in it has errors; all of them are listed, in the order of the sheets.
    #[error("the form has {} problems", .0.len())]
    Refused(Vec<Problem>),
}

impl ImportError {
    /// Stable code; of a refused form, that of its first error.
    pub fn code(&self) -> &'static str {
        self.message().0.as_str()
    }

    /// The problems of a refused form; empty when the file could not be read at all.
    pub fn problems(&self) -> &[Problem] {
        match self {
            ImportError::Refused(problems) => problems,
            _ => &[],
        }
    }

    /// What is wrong.
    pub fn text(&self) -> Bilingual {
        let (code, args) = self.message();
        code.text(&args)
    }

    /// What the author can do.
    pub fn remedy(&self) -> Bilingual {
        let (code, args) = self.message();
        code.remedy(&args)
    }

    fn message(&self) -> (Code, Vec<String>) {
        match self {
            ImportError::Empty => (Code::EmptyFile, vec![]),
            ImportError::NotAWorkbook => (Code::NotAWorkbook, vec![]),
            ImportError::Damaged(detail) => (Code::DamagedWorkbook, vec![detail.clone()]),
            ImportError::TooLarge(detail) => (Code::WorkbookTooLarge, vec![detail.clone()]),
            ImportError::Inflated => (Code::ZipBomb, vec![]),
            ImportError::Refused(problems) => problems
                .iter()
                .find(|problem| problem.severity == crate::problem::Severity::Error)
                .or(problems.first())
                .map_or((Code::NoQuestions, vec![]), |first| (first.code, first.args.clone())),
        }
    }
}

/// What the first bytes say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Xlsx,
    Xls,
}

/// One sheet as texts; rows and cells that are missing at the end are simply not there.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE2: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Reads all sheets whose lower-case name `wanted` accepts.
pub(crate) fn read(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<(Format, Vec<Sheet>), ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() > limits::WORKBOOK_BYTES {
        return Err(ImportError::TooLarge(format!("{} bytes", bytes.len())));
    }
    // The readers are not ours; should one panic on a hostile file, it is a damaged file.
    let guarded = |work: &dyn Fn() -> Result<Vec<Sheet>, ImportError>| {
        catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(ImportError::Damaged("unreadable".to_owned())))
    };
    if bytes.starts_with(ZIP) {
        check_zip(bytes)?;
        Ok((Format::Xlsx, guarded(&|| xlsx(bytes, &wanted))?))
    } else if bytes.starts_with(OLE2) {
        Ok((Format::Xls, guarded(&|| xls(bytes, &wanted))?))
    } else {
        Err(ImportError::NotAWorkbook)
    }
}

/// The declared sizes may lie, so every part is really unpacked once, into nothing.
fn check_zip(bytes: &[u8]) -> Result<(), ImportError> {
    let damaged = |error: zip::result::ZipError| ImportError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits::ZIP_PARTS {
        return Err(ImportError::TooLarge(format!("{} parts", archive.len())));
    }
    let mut left = limits::INFLATED_BYTES;
    let mut workbook = false;
    let mut scratch = vec![0; 64 * 1024];
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(damaged)?;
        if part.size() > left {
            return Err(ImportError::Inflated);
        }
        let name = part.name().map_err(damaged)?;
        workbook |= name.eq_ignore_ascii_case("xl/workbook.xml");
        loop {
            let read = part.read(&mut scratch).map_err(|error| ImportError::Damaged(error.to_string()))?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or(ImportError::Inflated)?;
        }
    }
    if workbook { Ok(()) } else { Err(ImportError::NotAWorkbook) }
}

/// Cell by cell: a sheet with one cell in its last corner must not become a full rectangle.
fn xlsx(bytes: &[u8], wanted: &impl Fn(&str) -> bool) -> Result<Vec<Sheet>, ImportError> {
    let damaged = |error: calamine::XlsxError| ImportError::Damaged(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        if !wanted(&name.trim().to_lowercase()) {
            continue;
        }
        let mut sheet = Sheet { name: name.trim().to_owned(), rows: Vec::new() };
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            sheet.put(row as usize, column as usize, text(&to_owned(cell.get_value())))?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn xls(bytes: &[u8], wanted: &impl Fn(&str) -> bool) -> Result<Vec<Sheet>, ImportError> {
    let damaged = |error: calamine::XlsError| ImportError::Damaged(error.to_string());
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        if !wanted(&name.trim().to_lowercase()) {
            continue;
        }
        let range = workbook.worksheet_range(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut sheet = Sheet { name: name.trim().to_owned(), rows: Vec::new() };
        for (row, column, value) in range.used_cells() {
            sheet.put(top as usize + row, left as usize + column, text(value))?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

impl Sheet {
    fn put(&mut self, row: usize, column: usize, text: String) -> Result<(), ImportError> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= limits::SHEET_ROWS || column >= limits::SHEET_COLUMNS {
            let place = format!("{}: {} × {}", self.name, row + 1, column + 1);
            return Err(ImportError::TooLarge(place));
        }
        if text.len() > limits::CELL_BYTES {
            return Err(ImportError::TooLarge(format!("{}: {}", self.name, row + 1)));
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.rows.get_mut(row) {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
        Ok(())
    }
}

fn to_owned(value: &DataRef<'_>) -> Data {
    value.clone().into()
}

/// What a person sees in the cell; numbers without a needless fraction.
fn text(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().replace('\u{a0}', " "),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        Data::Float(number) => crate::expr::format_number(*number),
        other => other.to_string().trim().to_owned(),
    }
}
