//! Collects problems, bounded, with the headers that the author really wrote.

use std::collections::{BTreeMap, HashSet};

use crate::limits;
use crate::messages::Code;
use crate::problem::{Problem, Severity};

#[derive(Debug, Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    sheet: String,
    /// Our name of a survey column to its header in the workbook.
    headers: BTreeMap<String, String>,
    /// The sheets that XLSForm knows, as their author wrote their names.
    sheets: BTreeMap<String, String>,
    /// Our name of a setting to where it stands.
    settings: BTreeMap<String, (u32, String)>,
    once: HashSet<Code>,
}

impl Report {
    pub(crate) fn new(sheet: &str, headers: BTreeMap<String, String>) -> Report {
        Report { sheet: sheet.to_owned(), headers, ..Report::default() }
    }

    /// Problems from here on are in this sheet.
    pub(crate) fn sheet(&mut self, sheet: &str) {
        self.sheet = self.sheets.get(sheet).map_or(sheet, String::as_str).to_owned();
    }

    /// What the author called a sheet that XLSForm knows, so that problems name it like that.
    pub(crate) fn called(&mut self, known: &str, name: &str) {
        self.sheets.insert(known.to_owned(), name.to_owned());
    }

    /// Where a setting stands: its row and its header.
    pub(crate) fn setting(&mut self, key: &str, row: u32, title: &str) {
        self.settings.insert(key.to_owned(), (row, title.to_owned()));
    }

    /// The row and the header of a setting.
    pub(crate) fn place_of(&self, key: &str) -> (u32, String) {
        self.settings.get(key).cloned().unwrap_or_else(|| (0, key.to_owned()))
    }

    pub(crate) fn headers(&mut self, headers: BTreeMap<String, String>) {
        self.headers = headers;
    }

    pub(crate) fn error(&mut self, row: u32, column: &str, code: Code, args: Vec<String>) {
        self.add(Severity::Error, row, column, code, args);
    }

    pub(crate) fn unsupported(&mut self, row: u32, column: &str, code: Code, args: Vec<String>) {
        self.add(Severity::Unsupported, row, column, code, args);
    }

    pub(crate) fn note(&mut self, row: u32, column: &str, code: Code, args: Vec<String>) {
        self.add(Severity::Note, row, column, code, args);
    }

    /// An error that would otherwise be repeated for every row.
    pub(crate) fn error_once(&mut self, row: u32, code: Code) {
        if self.once.insert(code) {
            self.error(row, "", code, vec![]);
        }
    }

    pub(crate) fn finish(self) -> Vec<Problem> {
        self.problems
    }

    fn add(&mut self, severity: Severity, row: u32, column: &str, code: Code, args: Vec<String>) {
        // Headers are those of the survey; other sheets give theirs as they are.
        let survey = self.sheet == self.sheets.get("survey").map_or("survey", String::as_str);
        let header = self.headers.get(column).filter(|_| survey || self.sheets.is_empty());
        let column = header.map_or(column, String::as_str);
        let mut problem =
            Problem { severity, sheet: self.sheet.clone(), row, column: column.to_owned(), args, code };
        // An error must never be among the dropped: it is what refuses the form.
        if self.problems.len() >= limits::PROBLEMS {
            let refused = self.problems.iter().any(|have| have.severity == Severity::Error);
            if refused || severity != Severity::Error {
                if !self.once.insert(Code::TooManyProblems) {
                    return;
                }
                problem.severity = Severity::Note;
                problem.code = Code::TooManyProblems;
                problem.args.clear();
            }
        }
        self.problems.push(problem);
    }
}
