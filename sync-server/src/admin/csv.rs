//! CSV as the operator has it: UTF-8 with or without a mark, any of comma, semicolon or tab.

use super::{Done, Refused};
use ::csv::{ReaderBuilder, StringRecord, Trim};

/// The most rows of one import.
pub const ROWS: usize = 200_000;

/// A file's columns and rows, every cell trimmed.
#[derive(Debug)]
pub struct Sheet {
    /// The header.
    pub columns: Vec<String>,
    /// The rows with their lines in the file.
    pub rows: Vec<(u64, StringRecord)>,
}

/// Reads a sheet.
pub fn read(bytes: &[u8]) -> Done<Sheet> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bad = |detail: &dyn std::fmt::Display| Refused::new("csv-unreadable", &[("detail", detail)]);
    let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| head.iter().filter(|b| **b == mark).count();
    let mark = [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(mark).trim(Trim::All).from_reader(bytes);
    let columns = reader.headers().map_err(|e| bad(&e))?.iter().map(str::to_owned).collect();
    let mut rows = vec![];
    let mut place = Place { bytes, at: 0, line: 1 };
    for row in reader.records() {
        let row = row.map_err(|e| bad(&e))?;
        let line = place.line(row.position().map_or(0, |p| p.byte()));
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, row));
        }
        if rows.len() > ROWS {
            return Err(bad(&format!("more than {ROWS} rows")).into());
        }
    }
    Ok(Sheet { columns, rows })
}

/// Counts lines as an editor does: the reader's own count stops before blank lines.
struct Place<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Place<'_> {
    fn line(&mut self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_as_they_come() {
        for text in
            ["code,name\nS1, 中山 \n\nS2,\"a,b\"\n", "\u{feff}code;name\r\nS1;中山\r\n;\r\nS2;a,b\r\n"]
        {
            let sheet = read(text.as_bytes()).unwrap();
            assert_eq!(sheet.columns, ["code", "name"]);
            let rows: Vec<_> = sheet.rows.iter().map(|(line, row)| (*line, row.get(1).unwrap())).collect();
            assert_eq!(rows, [(2, "中山"), (4, "a,b")]);
        }
        assert!(read(b"a,b\n1\n").is_err(), "a row with fewer cells");
        assert!(read(b"a\n\xff\xfe\n").is_err(), "not UTF-8");
    }
}
