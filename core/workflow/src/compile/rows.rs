//! Records that come with a pack: a CSV whose columns are fields of a kind.

use super::checker::Checker;
use crate::answers::fits;
use crate::field::{Answer, Field};
use crate::manifest::Word;
use crate::problem::Problem;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

impl Checker<'_, '_> {
    /// The rows of a CSV as answers. Every column is a field, every cell fits it.
    pub fn rows(&mut self, path: &Word, fields: &[Field]) -> Vec<BTreeMap<String, Scalar>> {
        let name = path.get_ref();
        if self.bundle.file(name).is_none() {
            self.problems.add(path.span(), "missing-file", &[("name", name)]);
            return Vec::new();
        }
        let stem = name.strip_suffix(".csv").unwrap_or(name);
        let tables = self.tables.clone();
        let Some(table) = tables.get(stem.rsplit('/').next().unwrap_or(stem)) else { return Vec::new() };
        let columns: Vec<Option<&Field>> =
            table.columns().iter().map(|column| fields.iter().find(|field| field.name == *column)).collect();
        for (column, field) in table.columns().iter().zip(&columns) {
            if field.is_none() {
                self.problems.push(Problem::new(
                    name,
                    Some(1),
                    "unknown-field",
                    &[("name", column), ("kind", "")],
                ));
            }
        }
        for field in fields.iter().filter(|field| field.required && field.relevant.is_none()) {
            if !table.columns().contains(&field.name) {
                self.problems.push(Problem::new(name, Some(1), "wrong-column", &[("name", &field.name)]));
            }
        }
        let mut rows = Vec::with_capacity(table.rows());
        for number in 0..table.rows() {
            let mut row = BTreeMap::new();
            for (column, field) in columns.iter().enumerate() {
                let (Some(field), cell) = (field, table.cell(number, column)) else { continue };
                if cell.is_empty() {
                    continue;
                }
                let value = read(field, cell);
                if !fits(field, &value) {
                    let line = u32::try_from(number + 2).unwrap_or(u32::MAX);
                    let args = [("name", field.name.as_str()), ("value", cell)];
                    self.problems.push(Problem::new(name, Some(line), "bad-rows", &args));
                }
                row.insert(field.name.clone(), value);
            }
            rows.push(row);
        }
        rows
    }
}

fn read(field: &Field, cell: &str) -> Scalar {
    let read = match field.answer {
        Answer::Integer => cell.parse().ok().map(Scalar::Int),
        Answer::Decimal => cell.parse().ok().map(Scalar::Float),
        Answer::Boolean => cell.parse().ok().map(Scalar::Bool),
        _ => None,
    };
    read.unwrap_or_else(|| Scalar::from(cell))
}
