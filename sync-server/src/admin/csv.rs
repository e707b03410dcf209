//! CSV as the operator has it: UTF-8 with or without a mark, any of comma, semicolon or tab.

use super::{Done, Refused};
use ::csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};

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
    if std::str::from_utf8(bytes).is_err() {
        return Err(Refused::new("csv-not-utf8", &[]).into());
    }
    let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| head.iter().filter(|b| **b == mark).count();
    let mark = [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(mark).trim(Trim::All).from_reader(bytes);
    let columns = reader
        .headers()
        .map_err(|_| Refused::new("csv-unreadable", &[]))?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut rows = vec![];
    let mut place = Place { bytes, at: 0, line: 1 };
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(e) => return Err(uneven(&mut place, e.kind()).into()),
        };
        let line = place.line(row.position().map_or(0, |p| p.byte()));
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, row));
        }
        if rows.len() > ROWS {
            return Err(Refused::new("csv-too-long", &[("max", &ROWS)]).into());
        }
    }
    if rows.is_empty() {
        return Err(Refused::new("csv-empty", &[]).into());
    }
    Ok(Sheet { columns, rows })
}

/// A row that cannot be read: of bytes that are UTF-8, the one with other cells than the header.
fn uneven(place: &mut Place<'_>, kind: &ErrorKind) -> Refused {
    let ErrorKind::UnequalLengths { pos, expected_len, len } = kind else {
        return Refused::new("csv-unreadable", &[]);
    };
    let line = place.line(pos.as_ref().map_or(0, |pos| pos.byte()));
    Refused::new("csv-cells", &[("row", &line), ("count", len), ("columns", expected_len)])
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
        let said = |bytes: &[u8]| match read(bytes) {
            Err(crate::admin::Trouble::Refused(why)) => why[0].text(),
            _ => panic!("it was read"),
        };
        assert_eq!(
            said(b"a,b\n1,2\n\n1\n").en,
            "Row 4 is not as long as the header: cells in the row: 1, in the header: 2. Mend the row."
        );
        assert!(said(b"a\n\xd6\xd0\n").zh.contains("请在 Excel 中另存为“CSV UTF-8”"), "GBK");
        for empty in [&b""[..], b"\xef\xbb\xbf", b"a,b\n", b"a,b\n,\n\n"] {
            assert!(said(empty).en.contains("no rows"));
        }
    }
}
