//! Bytes to sheets of texts and back. Told apart by signature, never by name; bounded before it is
//! unpacked.

mod cells;
mod declared;
mod error;
mod excel;
mod first;
mod foreign;
mod tables;
mod write;
mod xls_guard;

pub use error::ImportError;
pub use first::{CellFault, FirstSheet, first_sheet};
pub use write::ExportError;

use crate::{encoding, limits};

/// What the first bytes say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Xlsx,
    Xls,
    Csv,
    Markdown,
}

/// The cells of a workbook as its author wrote them, all sheets and columns, known or not. What an
/// import read, an export writes again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workbook {
    /// In the order of the file.
    pub sheets: Vec<Sheet>,
}

/// One sheet as texts; rows and cells that are missing at the end are simply not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// As on its tab.
    pub name: String,
    /// Rows of cells; the first row that is not empty is the header.
    pub rows: Vec<Vec<String>>,
}

/// A file taken apart.
pub(crate) struct Read {
    pub(crate) format: Format,
    pub(crate) workbook: Workbook,
    /// Sheets that are no part of the form and too large to be kept.
    pub(crate) dropped: Vec<String>,
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE2: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// The sheets that XLSForm knows, in lower case.
pub(crate) const KNOWN_SHEETS: &[&str] =
    &["survey", "choices", "settings", "entities", "external_choices", "osm"];

/// Reads all sheets of an .xlsx, .xls, CSV or Markdown file.
pub(crate) fn read(bytes: &[u8]) -> Result<Read, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() > limits::WORKBOOK_BYTES {
        return Err(ImportError::TooLarge(format!("{} bytes", bytes.len())));
    }
    if bytes.starts_with(ZIP) {
        return excel::xlsx(bytes);
    }
    if bytes.starts_with(OLE2) {
        return excel::xls(bytes);
    }
    if let Some(what) = foreign::by_signature(bytes) {
        return Err(ImportError::NotAWorkbook(what));
    }
    if !encoding::is_text(bytes) {
        return Err(ImportError::NotAWorkbook("a file of an unknown format"));
    }
    let text = encoding::utf8(bytes).map_err(ImportError::NotUtf8)?;
    tables::read(text.trim_start_matches('\u{feff}'))
}

/// Rows of a sheet from its header on, without what ODK's tools do not look at: they stop after 60
/// empty rows and after 20 empty columns.
pub(crate) struct Grid<'a> {
    /// The row of the header as a spreadsheet counts, from 1.
    pub(crate) header_number: u32,
    pub(crate) header: &'a [String],
    rows: &'a [Vec<String>],
}

const EMPTY_COLUMNS: usize = 20;
const EMPTY_ROWS: usize = 60;

impl Sheet {
    pub(crate) fn grid(&self) -> Grid<'_> {
        let first = self.rows.iter().position(|row| !row.is_empty()).unwrap_or(0);
        let header = self.rows.get(first).map_or(&[][..], Vec::as_slice);
        let (mut empty, mut end) = (0, header.len());
        for (column, cell) in header.iter().enumerate() {
            empty = if cell.is_empty() { empty + 1 } else { 0 };
            if empty > EMPTY_COLUMNS {
                end = column;
                break;
            }
        }
        Grid {
            header_number: first as u32 + 1,
            header: header.get(..end).unwrap_or(header),
            rows: self.rows.get(first + 1..).unwrap_or(&[]),
        }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> Grid<'a> {
    /// Rows below the header with their numbers as a spreadsheet counts.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, &'a [String])> {
        let mut empty = 0;
        let (width, header) = (self.header.len(), self.header_number);
        let numbered = self.rows.iter().enumerate();
        numbered
            .map(move |(at, cells)| {
                (header + 1 + at as u32, cells.get(..width.min(cells.len())).unwrap_or(&[]))
            })
            .take_while(move |(_, cells)| {
                empty = if cells.iter().all(String::is_empty) { empty + 1 } else { 0 };
                empty <= EMPTY_ROWS
            })
    }
}
