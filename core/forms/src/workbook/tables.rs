//! Forms as text: Markdown tables and CSV, both with the sheet's name in the first column.
//!
//! ```text
//! | survey |         |      |       |        survey,,,
//! |        | type    | name | label |        ,type,name,label
//! |        | integer | age  | Age   |        ,integer,age,Age
//! ```

use super::cells::Budget;
use super::{Format, ImportError, KNOWN_SHEETS, Read, Sheet, Workbook};

pub(super) fn read(text: &str) -> Result<Read, ImportError> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let format = match first {
        Some(line) if line.starts_with('|') => Format::Markdown,
        Some(_) => Format::Csv,
        None => return Err(ImportError::Empty),
    };
    let sheets = match format {
        Format::Markdown => markdown(text)?,
        _ => csv(text)?,
    };
    let known = |sheet: &Sheet| KNOWN_SHEETS.iter().any(|known| sheet.is(known));
    let only = format == Format::Markdown && sheets.len() == 1;
    if !only && !sheets.iter().any(known) {
        return Err(ImportError::NotAWorkbook);
    }
    Ok(Read { format, workbook: Workbook { sheets }, dropped: Vec::new() })
}

#[derive(Default)]
struct Collector {
    sheets: Vec<Sheet>,
    budget: Budget,
}

impl Collector {
    /// One line: a name begins a sheet, the other cells are its header or a row.
    fn line(&mut self, name: &str, cells: Vec<String>) -> Result<(), ImportError> {
        if !name.is_empty() && !self.sheets.last().is_some_and(|sheet| sheet.is(name)) {
            self.sheets.push(Sheet { name: name.to_owned(), rows: Vec::new() });
        }
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        let row = sheet.rows.len();
        for (column, cell) in cells.into_iter().enumerate() {
            self.budget.put(sheet, row, column, cell)?;
        }
        Ok(())
    }
}

fn markdown(text: &str) -> Result<Vec<Sheet>, ImportError> {
    let mut collector = Collector::default();
    for line in text.lines() {
        let line = line.trim();
        // What follows the last bar is a remark when it starts with a #.
        let line = match line.rsplit_once('|') {
            Some((table, rest)) if rest.trim_start().starts_with('#') => format!("{table}|"),
            _ => line.to_owned(),
        };
        let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
        let Some(inner) = inner else { continue };
        if !inner.is_empty() && inner.chars().all(|c| c == '|' || c == '-') {
            continue;
        }
        let mut cells = split(inner).into_iter();
        let name = cells.next().unwrap_or_default();
        collector.line(&name, cells.collect())?;
    }
    Ok(collector.sheets)
}

/// At bars that no backslash stands before.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if escaped => {
                if let Some(cell) = cells.last_mut() {
                    cell.pop();
                    cell.push('|');
                }
            }
            '|' => cells.push(String::new()),
            _ => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
        escaped = c == '\\';
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn csv(text: &str) -> Result<Vec<Sheet>, ImportError> {
    let damaged = |error: csv::Error| ImportError::Damaged(error.to_string());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut collector = Collector::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(damaged)? {
        let mut cells = record.iter().map(|cell| cell.trim().to_owned());
        let name = cells.next().unwrap_or_default();
        collector.line(&name, cells.collect())?;
    }
    Ok(collector.sheets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_one_form() {
        let table = "\n# a remark\n| survey |      |      |\n|--------|------|------|\n|        | type | name |\n| | text | a\\|b | # odd\n| choices |\n| | list_name | name |\n";
        let csv = "survey,,\n,type,name\n,text,a|b\nchoices\n,list_name,name\n";
        let (table, csv) = (read(table).unwrap(), read(csv).unwrap());
        assert_eq!(table.workbook, csv.workbook);
        assert_eq!(table.workbook.sheets[0].rows, [["type", "name"], ["text", "a|b"]]);
        assert_eq!((table.format, csv.format), (Format::Markdown, Format::Csv));
    }

    #[test]
    fn prose_is_no_form() {
        for text in ["hello", "a,b\n1,2\n", "{\"survey\": 1}"] {
            assert_eq!(read(text).err(), Some(ImportError::NotAWorkbook), "{text}");
        }
    }
}
