//! A table of texts: a CSV that a form came with, or a choice list of its workbook.
//!
//! All cells live in one buffer, so that 50,000 rows are a handful of allocations, and a column is
//! indexed the first time that something looks a value up in it.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::limits;

pub(crate) fn not_utf8(encoding: &'static str) -> TableError {
    TableError::Unreadable(format!("not UTF-8; it looks like {encoding}"))
}

/// Rows of named columns. Row and column numbers start at 0; a missing cell reads as `""`.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    text: String,
    /// `columns.len()` ranges of `text` for each row.
    cells: Vec<(u32, u32)>,
    indexes: Vec<OnceLock<HashMap<Box<str>, Vec<u32>>>>,
    /// It stands for a file that is not there.
    absent: bool,
}

/// Why a CSV could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file, its rows or its columns exceed the limits.
    #[error("too large")]
    TooLarge,
    /// Not UTF-8, or no header, or broken quoting.
    #[error("{0}")]
    Unreadable(String),
}

impl Table {
    /// Reads a CSV with a header line. Separators: comma; a byte order mark is skipped; short rows
    /// are filled up, extra cells of long rows are dropped.
    pub fn from_csv(bytes: &[u8]) -> Result<Table, TableError> {
        if bytes.len() > limits::WORKBOOK_BYTES {
            return Err(TableError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        crate::encoding::utf8(bytes).map_err(not_utf8)?;
        let unreadable = |_| TableError::Unreadable("its quotes or lines are broken".to_owned());
        let header = reader.headers().map_err(unreadable)?.clone();
        if header.is_empty() {
            return Err(TableError::Unreadable("no header".to_owned()));
        }
        let mut table = Table::with_columns(header.iter().map(|name| name.trim().to_owned()))?;
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(unreadable)? {
            table.push(record.iter())?;
        }
        Ok(table)
    }

    /// Reads `<root><item><column>text</column>..</item>..</root>`, whatever the two outer elements
    /// are called. Columns are those of all items.
    pub fn from_xml(bytes: &[u8]) -> Result<Table, TableError> {
        crate::table_files::xml(bytes)
    }

    /// Reads the features of a GeoJSON file: `id`, `geometry` as ODK writes places, and their
    /// properties.
    pub fn from_geojson(bytes: &[u8]) -> Result<Table, TableError> {
        crate::table_files::geojson(bytes)
    }

    /// An empty table. Fails beyond [`limits::TABLE_COLUMNS`].
    pub fn with_columns(columns: impl IntoIterator<Item = String>) -> Result<Table, TableError> {
        let columns: Vec<String> = columns.into_iter().collect();
        if columns.len() > limits::TABLE_COLUMNS {
            return Err(TableError::TooLarge);
        }
        let indexes = columns.iter().map(|_| OnceLock::new()).collect();
        Ok(Table { columns, indexes, ..Table::default() })
    }

    /// An empty table in the place of a file that is not there.
    pub(crate) fn absent(columns: impl IntoIterator<Item = String>) -> Result<Table, TableError> {
        Ok(Table { absent: true, ..Table::with_columns(columns)? })
    }

    /// Whether it stands for a file that is not there.
    pub(crate) fn is_absent(&self) -> bool {
        self.absent
    }

    /// Appends a row. Fails beyond [`limits::TABLE_ROWS`] rows or 4 GB of text.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), TableError> {
        if self.rows() >= limits::TABLE_ROWS {
            return Err(TableError::TooLarge);
        }
        let mut cells = cells.into_iter();
        for _ in 0..self.columns.len() {
            let start = self.text.len();
            self.text.push_str(cells.next().unwrap_or("").trim());
            let range = (u32::try_from(start), u32::try_from(self.text.len()));
            let (Ok(start), Ok(end)) = range else {
                return Err(TableError::TooLarge);
            };
            self.cells.push((start, end));
        }
        for index in &mut self.indexes {
            index.take();
        }
        Ok(())
    }

    /// Column names in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The number of the column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|have| have == name)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.cells.len() / self.columns.len().max(1)
    }

    /// One cell; `""` outside the table.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.columns.len() {
            return "";
        }
        self.cells
            .get(row * self.columns.len() + column)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    /// The rows whose cell in this column is exactly `value`, in order.
    pub fn find(&self, column: usize, value: &str) -> &[u32] {
        let Some(index) = self.indexes.get(column) else {
            return &[];
        };
        let index = index.get_or_init(|| {
            let mut rows: HashMap<Box<str>, Vec<u32>> = HashMap::new();
            for row in 0..self.rows() {
                let cell = self.cell(row, column);
                let row = row as u32;
                match rows.get_mut(cell) {
                    Some(list) => list.push(row),
                    None => {
                        rows.insert(cell.into(), vec![row]);
                    }
                }
            }
            rows
        });
        index.get(value).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_rows_by_value_and_tolerates_odd_headers() {
        let csv = "\u{feff}name, label::English (en),region\nS1,\"A, b\",x\nS2,B\nS3,C,x,extra\n";
        let table = Table::from_csv(csv.as_bytes()).unwrap();
        assert_eq!(table.columns(), ["name", "label::English (en)", "region"]);
        assert_eq!(table.rows(), 3);
        assert_eq!(table.cell(0, 1), "A, b");
        assert_eq!(table.cell(1, 2), "");
        assert_eq!(table.find(2, "x"), [0, 2]);
        assert_eq!(table.find(2, "y"), [0u32; 0]);
        assert_eq!(table.find(9, "y"), [0u32; 0]);
    }

    #[test]
    fn refuses_what_is_no_table() {
        assert!(matches!(Table::from_csv(b""), Err(TableError::Unreadable(_))));
        assert!(matches!(Table::from_csv(b"a,b\n\xff\xfe,1"), Err(TableError::Unreadable(_))));
    }
}
