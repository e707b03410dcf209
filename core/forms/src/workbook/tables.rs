//! Forms as text: Markdown tables and CSV, both with the sheet's name in the first column.
//!
//! ```text
//! | survey |         |      |       |        survey,,,
//! |        | type    | name | label |        ,type,name,label
//! |        | integer | age  | Age   |        ,integer,age,Age
//! ```

use super::cells::Budget;
use super::{Format, ImportError, KNOWN_SHEETS, Read, Sheet, Workbook, foreign};

pub(super) fn read(text: &str) -> Result<Read, ImportError> {
    let mut lines = text.lines().map(|line| line.trim_matches([' ', '\r']));
    let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let format = match first {
        Some(line) if line.starts_with('|') => Format::Markdown,
        Some(_) => Format::Csv,
        None if text.trim().is_empty() => return Err(ImportError::Empty),
        None => return Err(ImportError::NoTables("plain text")),
    };
    // As cells, tabs would look like an empty sheet.
    if format == Format::Csv && first.is_some_and(|line| line.contains('\t') && !line.contains(',')) {
        return Err(ImportError::NoTables("a table separated by tabs"));
    }
    let sheets = match format {
        Format::Markdown => markdown(text)?,
        _ => csv(text)?,
    };
    let known = |sheet: &Sheet| KNOWN_SHEETS.iter().any(|known| sheet.is(known));
    let only = format == Format::Markdown && sheets.len() == 1;
    if !only && !sheets.iter().any(known) {
        return Err(match foreign::by_text(text) {
            Some(what) => ImportError::NotAWorkbook(what),
            None => ImportError::NoTables(sort(format, text)),
        });
    }
    Ok(Read { format, workbook: Workbook { sheets }, dropped: Vec::new() })
}

/// What a text is in which no sheet was found, by its first line.
fn sort(format: Format, text: &str) -> &'static str {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let many = |c: char| line.matches(c).count() > 1 || (line.contains(c) && line.contains("name"));
    match format {
        Format::Markdown => "a Markdown table",
        _ if many(',') => "a CSV table",
        _ if many(';') => "a table separated by semicolons",
        _ if many('\t') => "a table separated by tabs",
        _ if line.contains(',') && text.lines().filter(|line| line.contains(',')).count() > 1 => {
            "a CSV table"
        }
        _ => "plain text",
    }
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
    let damaged = |_| ImportError::Damaged("its quotes or lines are broken".to_owned());
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
    fn what_is_no_form_is_called_what_it_is() {
        let none = |text: &str| read(text).err().unwrap();
        assert_eq!(none("\n \n"), ImportError::Empty);
        assert_eq!(none("# a title and nothing else\n"), ImportError::NoTables("plain text"));
        assert_eq!(none("hello"), ImportError::NoTables("plain text"));
        assert_eq!(none("a,b\n1,2\n"), ImportError::NoTables("a CSV table"));
        assert_eq!(none("type,name,label\ntext,a,A\n"), ImportError::NoTables("a CSV table"));
        assert_eq!(none("survey;;\n;type;name\n"), ImportError::NoTables("a table separated by semicolons"));
        assert_eq!(none("survey\t\t\n\ttype\tname\n"), ImportError::NoTables("a table separated by tabs"));
        assert_eq!(none("| a |\n| | type |\n| b |\n| | x |\n"), ImportError::NoTables("a Markdown table"));
        assert_eq!(none("{\"survey\": 1}"), ImportError::NotAWorkbook("JSON"));
        assert_eq!(none("<html><table>"), ImportError::NotAWorkbook("a web page (HTML)"));
    }
}
