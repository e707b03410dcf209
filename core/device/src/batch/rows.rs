//! Rows from a file: a CSV with a header line, or a JSON list of objects. A row is what somebody would
//! have typed for one record; an empty cell is a question that is not answered.

use super::{BYTES, BatchFault, COLUMNS, ITEMS};
use crate::authoring::Typed;
use serde_json::Value;

/// What was typed for each record.
pub type Rows = Vec<Vec<Typed>>;

/// Reads a file; JSON if it begins like it.
pub fn read(bytes: &[u8]) -> Result<Rows, BatchFault> {
    if bytes.len() > BYTES {
        return Err(BatchFault::TooLarge);
    }
    let text = rounds_forms::utf8(bytes).map_err(BatchFault::Encoding)?.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        None => Err(BatchFault::Empty),
        Some('[' | '{') => json(text),
        Some(_) => csv(text),
    }
}

fn csv(text: &str) -> Result<Rows, BatchFault> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |e: csv::Error| BatchFault::NoTable(e.position().map_or(0, csv::Position::line).to_string());
    let columns: Vec<String> =
        reader.headers().map_err(broken)?.iter().map(|c| c.trim().to_owned()).collect();
    if columns.len() > COLUMNS {
        return Err(BatchFault::Cells(0));
    }
    for (at, column) in columns.iter().enumerate() {
        if column.is_empty() {
            return Err(BatchFault::NoTable("1".to_owned()));
        }
        if columns.iter().skip(at + 1).any(|other| other == column) {
            return Err(BatchFault::ColumnTwice(column.clone()));
        }
    }
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        if record.len() > columns.len() {
            return Err(BatchFault::Cells(rows.len() + 1));
        }
        let cells = columns.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_owned()));
        push(&mut rows, cells.filter(|(_, cell)| !cell.is_empty()).collect())?;
    }
    Ok(rows)
}

fn json(text: &str) -> Result<Rows, BatchFault> {
    let value: Value = serde_json::from_str(text).map_err(|e| BatchFault::NoTable(e.line().to_string()))?;
    let objects = value.as_array().ok_or_else(|| BatchFault::NoTable("1".to_owned()))?;
    let mut rows = Rows::new();
    for (at, object) in objects.iter().enumerate() {
        let row = at + 1;
        let object = object.as_object().ok_or_else(|| BatchFault::NoTable(format!("[{row}]")))?;
        if object.len() > COLUMNS {
            return Err(BatchFault::Cells(row));
        }
        let mut typed = Vec::new();
        for (key, value) in object {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(yes) => yes.to_string(),
                Value::Array(_) | Value::Object(_) => return Err(BatchFault::NoValue(row, key.clone())),
            };
            typed.push((key.clone(), text));
        }
        push(&mut rows, typed)?;
    }
    Ok(rows)
}

fn push(rows: &mut Rows, typed: Vec<Typed>) -> Result<(), BatchFault> {
    if rows.len() == ITEMS {
        return Err(BatchFault::TooMany(ITEMS + 1));
    }
    rows.push(typed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Vec<Typed> {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn f6_rows_are_what_somebody_would_have_typed() {
        let rows = vec![typed(&[("name", "车床"), ("n", "1")]), typed(&[("name", "a, b")])];
        assert_eq!(read("\u{feff}name, n\n车床,1\n\"a, b\",\n".as_bytes()).unwrap(), rows);
        let rows = vec![typed(&[("n", "1.5"), ("name", "车床")]), typed(&[("ok", "true")])];
        let json = r#" [{"name": "车床", "n": 1.5, "x": null}, {"ok": true}]"#;
        let mut found = read(json.as_bytes()).unwrap();
        found.iter_mut().for_each(|row| row.sort());
        assert_eq!(found, rows);
        assert_eq!(read(b"name\n").unwrap(), Rows::new());
    }

    #[test]
    fn every_file_that_is_no_table_is_told_what_is_wrong() {
        let many = format!("n\n{}", "1\n".repeat(ITEMS + 1));
        let wide = format!("{}\n1\n", (0..=COLUMNS).map(|n| format!("c{n}")).collect::<Vec<_>>().join(","));
        let cases: [(&[u8], BatchFault); 14] = [
            (b"", BatchFault::Empty),
            (b" \n", BatchFault::Empty),
            (many.as_bytes(), BatchFault::TooMany(ITEMS + 1)),
            (&vec![b'x'; BYTES + 1], BatchFault::TooLarge),
            (b"\xc3\xfb\xb3\xc6,n\n\xb3\xb5\xb4\xb2,1\n", BatchFault::Encoding("GB18030 (GBK, “ANSI”)")),
            (b"\xff\xfen\0", BatchFault::Encoding("UTF-16 (“Unicode”)")),
            (wide.as_bytes(), BatchFault::Cells(0)),
            (b"a,b\n1,2\n1,2,3\n", BatchFault::Cells(2)),
            (b"a,,c\n1,2,3\n", BatchFault::NoTable("1".into())),
            (b"a,b,a\n1,2,3\n", BatchFault::ColumnTwice("a".into())),
            (b"{\"a\": 1}", BatchFault::NoTable("1".into())),
            (b"[{\"a\": 1},\n {\"a\": ]", BatchFault::NoTable("2".into())),
            (b"[{\"a\": 1}, 2]", BatchFault::NoTable("[2]".into())),
            (b"[{\"a\": [1]}]", BatchFault::NoValue(1, "a".into())),
        ];
        for (bytes, fault) in cases {
            assert_eq!(read(bytes), Err(fault));
        }
    }
}
