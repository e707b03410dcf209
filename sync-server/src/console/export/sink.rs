//! Where rows of a file go: CSV that opens right in spreadsheets, or a workbook written row by row, so that the
//! length of a list does not matter for memory.

use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::fs::File;
use std::io::{BufWriter, Write};

/// What a file has in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A day and a time of day, as a clock shows it where the team is; and the same as it is written elsewhere.
    Moment(NaiveDateTime, String),
}

impl Cell {
    /// Nothing.
    pub fn nothing() -> Cell {
        Cell::Text(String::new())
    }

    /// A count.
    pub fn count(count: u64) -> Cell {
        Cell::Number(count as f64)
    }

    /// A day as documents keep it; what is none stays a text.
    pub fn day(text: &str) -> Cell {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or_else(|_| Cell::Text(text.to_owned()), Cell::Date)
    }

    /// A time with its offset, as it was written there; what is none stays a text.
    pub fn moment(text: &str) -> Cell {
        let at = DateTime::parse_from_rfc3339(text);
        at.map_or_else(|_| Cell::Text(text.to_owned()), |at| Cell::Moment(at.naive_local(), text.to_owned()))
    }

    /// As it stands in a text.
    pub fn text(self) -> String {
        match self {
            Cell::Text(text) | Cell::Moment(_, text) => text,
            Cell::Number(number) => number.to_string(),
            Cell::Date(day) => day.format("%Y-%m-%d").to_string(),
        }
    }
}

/// Where rows go.
pub trait Sink {
    /// The next row.
    fn row(&mut self, cells: &[Cell]) -> Result<()>;
}

/// CSV with the mark by which spreadsheets know UTF-8.
pub struct Csv(::csv::Writer<BufWriter<File>>);

impl Csv {
    /// Into this file.
    pub fn begin(file: File) -> Result<Csv> {
        let mut out = BufWriter::new(file);
        out.write_all(b"\xef\xbb\xbf")?;
        Ok(Csv(::csv::WriterBuilder::new()
            .flexible(true)
            .terminator(::csv::Terminator::CRLF)
            .from_writer(out)))
    }

    /// The file, whole.
    pub fn end(self) -> Result<File> {
        let out = self.0.into_inner().map_err(|e| Error::Io(std::io::Error::other(e.to_string())))?;
        out.into_inner().map_err(|e| Error::Io(e.into_error()))
    }
}

impl Sink for Csv {
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let cells = cells.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            other => other.clone().text(),
        });
        self.0.write_record(cells).map_err(|e| Error::Io(std::io::Error::other(e.to_string())))
    }
}

/// A text that a spreadsheet would take for a formula begins with a quote in CSV, which has no other way to
/// say that it is none. Those of East Asia take full-width signs for the narrow ones.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}

/// Characters of a cell: it takes 32,767.
const CELL: usize = 32_000;

/// A workbook that keeps no row in memory.
pub struct Xlsx {
    book: Workbook,
    next: u32,
    bold: Format,
    day: Format,
    moment: Format,
}

impl Xlsx {
    /// An empty one.
    pub fn begin() -> Result<Xlsx> {
        let mut book = Workbook::new();
        book.add_worksheet_with_constant_memory().map_err(broken)?;
        let shown = |as_what: &str| Format::new().set_num_format(as_what);
        let (day, moment) = (shown("yyyy-mm-dd"), shown("yyyy-mm-dd hh:mm:ss"));
        Ok(Xlsx { book, next: 0, bold: Format::new().set_bold(), day, moment })
    }

    /// The file, whole.
    pub fn end(mut self, file: File) -> Result<File> {
        let mut out = BufWriter::new(file);
        self.book.save_to_writer(&mut out).map_err(broken)?;
        out.into_inner().map_err(|e| Error::Io(e.into_error()))
    }
}

impl Sink for Xlsx {
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) if row == 0 => {
                    sheet.write_with_format(row, column, text, &self.bold).map_err(broken)?;
                }
                Cell::Text(text) if text.chars().nth(CELL).is_some() => {
                    let cut: String = text.chars().take(CELL).chain(['…']).collect();
                    sheet.write_string(row, column, cut).map_err(broken)?;
                }
                Cell::Text(text) => {
                    sheet.write_string(row, column, text).map_err(broken)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number).map_err(broken)?;
                }
                Cell::Date(day) => {
                    let days = serial(day.and_time(chrono::NaiveTime::MIN));
                    sheet.write_number_with_format(row, column, days, &self.day).map_err(broken)?;
                }
                Cell::Moment(at, _) => {
                    sheet.write_number_with_format(row, column, serial(*at), &self.moment).map_err(broken)?;
                }
            }
        }
        Ok(())
    }
}

/// A time as workbooks keep it: days since the end of 1899, by their own count of 1900.
fn serial(at: NaiveDateTime) -> f64 {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    at.signed_duration_since(epoch).num_milliseconds() as f64 / 86_400_000.0
}

fn broken(error: XlsxError) -> Error {
    Error::Io(std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Seek as _};

    #[test]
    fn a_cell_that_is_cut_ends_with_dots() {
        let mut book = Xlsx::begin().unwrap();
        for text in ["head".to_owned(), "中".repeat(CELL), "中".repeat(CELL + 1)] {
            book.row(&[Cell::Text(text)]).unwrap();
        }
        let mut file = book.end(tempfile::tempfile().unwrap()).unwrap();
        file.rewind().unwrap();
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).unwrap();
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let range = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
        let cells: Vec<String> = range.rows().map(|row| row[0].to_string()).collect();
        assert_eq!(cells[1], "中".repeat(CELL), "whole");
        assert_eq!(cells[2], "中".repeat(CELL) + "…");
    }

    #[test]
    fn a_csv_is_known_as_utf8_and_holds_no_formula() {
        let mut csv = Csv::begin(tempfile::tempfile().unwrap()).unwrap();
        csv.row(&[Cell::Text("中山广场, \"店\"".into()), Cell::Number(-3.5), Cell::Text("=1+1".into())])
            .unwrap();
        let mut file = csv.end().unwrap();
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "\u{feff}\"中山广场, \"\"店\"\"\",-3.5,'=1+1\r\n");
        for formula in ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "中山=1", " 1", "1-2"] {
            assert_eq!(harmless(text), text);
        }
    }
}
