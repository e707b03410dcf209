//! The appearance `search()`: choices from a CSV, named column by column.
//!
//! The choice list of such a question is a single row that names the column of the values and, for
//! each language, the column or columns of the labels. The CSV becomes a list of its own and the rest
//! of the call its filter.

use super::Assembler;
use crate::choices::List;
use crate::expr::{self, Call, Expr};
use crate::language::DEFAULT_LANGUAGE;
use crate::messages::Code;
use crate::spec::QuestionSpec;
use crate::table::Table;

/// The list that the choices really come from, and their filter.
pub(super) struct Searched {
    pub(super) list: usize,
    pub(super) filter: Option<Expr>,
}

impl Assembler<'_> {
    /// None when there is no `search()`, or when it cannot be followed, which is reported.
    pub(super) fn searched(
        &mut self,
        row: u32,
        spec: &QuestionSpec,
        list: Option<usize>,
    ) -> Option<Searched> {
        let at = spec.appearance.find("search(")?;
        let call = spec.appearance.get(at..).unwrap_or_default();
        let call = call.rfind(')').and_then(|end| call.get(..=end)).unwrap_or(call).trim();
        let bad = |this: &mut Self| {
            this.report.error(row, "appearance", Code::BadSearch, vec![call.to_owned()]);
        };
        let Some((file, rest)) =
            expr::parse(call).ok().and_then(|call| call.into_call("search")).and_then(named)
        else {
            bad(self);
            return None;
        };
        let Ok(filter) = filter_of(call, rest) else {
            bad(self);
            return None;
        };
        if let Some(filter) = &filter {
            self.check_parsed(row, "appearance", filter);
        }
        let (value, labels) = self.columns(row, list?)?;
        let list = self.searched_list(row, &file, &value, &labels)?;
        Some(Searched { list, filter })
    }

    /// The column of the values and those of the labels by language, as the list's row names them.
    fn columns(&mut self, row: u32, list: usize) -> Option<(String, Vec<(String, String)>)> {
        let list = self.form.lists.get(list)?;
        let table = list.table();
        let static_names = (1..table.rows()).map(|at| table.cell(at, list.value).to_owned());
        let further: Vec<String> = static_names.take(5).collect();
        let value = (table.rows() > 0).then(|| table.cell(0, list.value).to_owned())?;
        let labels = list
            .labels
            .iter()
            .map(|(language, column)| (language.name.clone(), table.cell(0, *column).to_owned()));
        let labels = labels.filter(|(_, columns)| !columns.is_empty()).collect();
        if !further.is_empty() {
            self.report.unsupported(row, "appearance", Code::SearchStatic, vec![further.join(", ")]);
        }
        Some((value, labels))
    }

    fn searched_list(
        &mut self,
        row: u32,
        file: &str,
        value: &str,
        labels: &[(String, String)],
    ) -> Option<usize> {
        let file = if file.ends_with(".csv") { file.to_owned() } else { format!("{file}.csv") };
        let stem = file.strip_suffix(".csv").unwrap_or(&file);
        let told: Vec<String> =
            labels.iter().map(|(language, columns)| format!("{language}={columns}")).collect();
        // Its own name: the same file may be read with other columns, or by pulldata().
        let name = format!("{stem}#{value}#{}", told.join("#"));
        if let Some(list) = self.form.list_by_name.get(&name) {
            return Some(*list);
        }
        let table = match self.table_of(row, "appearance", &file)? {
            Some(table) => table,
            None => Table::with_columns([value.to_owned()]).ok()?,
        };
        let languages = self.form.languages.clone();
        match relabelled(&table, labels).and_then(|table| List::new(&name, table, value, LABEL, &languages)) {
            Some(list) => Some(self.add_list(name, list)),
            None => {
                let args = vec![file, format!("no column {value}")];
                self.report.error(row, "appearance", Code::BadMedia, args);
                None
            }
        }
    }
}

/// What label columns of the new table are called; no column of a file has such a name.
const LABEL: &str = "#label";

/// The table with a column of labels for each language: of several columns the texts with commas.
fn relabelled(table: &Table, labels: &[(String, String)]) -> Option<Table> {
    let own = table.columns().iter().cloned();
    let titles = labels.iter().map(|(language, _)| match language.as_str() {
        DEFAULT_LANGUAGE => LABEL.to_owned(),
        language => format!("{LABEL}::{language}"),
    });
    let mut wide = Table::with_columns(own.chain(titles)).ok()?;
    let columns: Vec<Vec<usize>> = labels
        .iter()
        .map(|(_, names)| names.split(',').filter_map(|name| table.column(name.trim())).collect())
        .collect();
    for row in 0..table.rows() {
        let label = |columns: &Vec<usize>| {
            let texts: Vec<&str> = columns.iter().map(|column| table.cell(row, *column)).collect();
            texts.join(", ")
        };
        let labels: Vec<String> = columns.iter().map(label).collect();
        let own = (0..table.columns().len()).map(|column| table.cell(row, column));
        wide.push(own.chain(labels.iter().map(String::as_str))).ok()?;
    }
    Some(wide)
}

fn named(mut call: Call) -> Option<(String, Call)> {
    let file = call.take_text()?;
    Some((file, call))
}

/// `'matches', 'column', value` and perhaps `'column', value` once more.
fn filter_of(source: &str, mut call: Call) -> Result<Option<Expr>, ()> {
    if call.is_empty() {
        return Ok(None);
    }
    let how = call.take_text().ok_or(())?;
    let column = call.take_text().ok_or(())?;
    let mut filter = call.compared(&how, &column).ok_or(())?;
    if !call.is_empty() {
        let column = call.take_text().ok_or(())?;
        filter = filter.and(call.compared("matches", &column).ok_or(())?);
    }
    if call.is_empty() { Ok(Some(filter.of(source))) } else { Err(()) }
}
