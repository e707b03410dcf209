//! Photos on a wall, and small charts.

use super::Stamp;
use crate::console::list::Ask;

/// The photos of a kind.
#[derive(Debug)]
pub struct Wall {
    /// The kind's plural title.
    pub title: String,
    /// Its name.
    pub name: String,
    /// The list with the same filters.
    pub list: String,
    /// What was asked for.
    pub ask: Ask,
    /// Whose records there can be: ids and names.
    pub owners: Vec<(String, String)>,
    /// The questions that photos answer: keys and labels.
    pub questions: Vec<(String, String)>,
    /// The photos.
    pub pictures: Vec<Picture>,
    /// The page before.
    pub previous: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// One photo.
#[derive(Debug)]
pub struct Picture {
    /// Where it is.
    pub address: String,
    /// Where a small copy of it is.
    pub small: String,
    /// The record that it is of.
    pub doc: String,
    /// What that is called.
    pub title: String,
    /// What was asked for.
    pub question: String,
    /// Whose record it is.
    pub owner: String,
    /// When it arrived.
    pub at: Stamp,
}

/// Scores over time, and what was answered.
#[derive(Debug)]
pub struct Scores {
    /// The kind's plural title.
    pub title: String,
    /// The list with the same filters.
    pub list: String,
    /// From how many records, in words.
    pub count: String,
    /// For each subject, its scores over time.
    pub lines: Vec<LineChart>,
    /// What is not shown, in words.
    pub cut: Vec<String>,
    /// For each question with choices, how often each was chosen.
    pub questions: Vec<BarChart>,
}

/// A value over time.
#[derive(Debug)]
pub struct LineChart {
    /// What it is of.
    pub title: String,
    /// The newest value.
    pub last: String,
    /// `x,y` and blanks between, on 300 by 90.
    pub points: String,
    /// The dots: x, y, what is read, and the record.
    pub dots: Vec<(String, String, String, String)>,
    /// The first and the last day.
    pub from: String,
    /// The last.
    pub to: String,
}

/// Shares of a whole.
#[derive(Debug)]
pub struct BarChart {
    /// What is asked.
    pub title: String,
    /// Each answer: its words, how many, of how many, in words.
    pub bars: Vec<(String, u64, u64, String)>,
    /// How it went week by week, if there is more than one.
    pub trend: Option<Trend>,
}

/// A share week by week.
#[derive(Debug)]
pub struct Trend {
    /// Of what.
    pub title: String,
    /// `x,y` and blanks between, on 300 by 90.
    pub points: String,
    /// The dots: x, y, and what is read.
    pub dots: Vec<(String, String, String)>,
    /// The first week's Monday.
    pub from: String,
    /// The last one's.
    pub to: String,
}

/// A report that can be looked at.
#[derive(Debug)]
pub struct ReportCard {
    /// Where it is.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Which question it answers.
    pub hint: String,
    /// Of which records.
    pub kind: String,
    /// The requirement that it comes from.
    pub rule: String,
}

/// A report over a span of days.
#[derive(Debug)]
pub struct ReportView {
    /// Its title.
    pub title: String,
    /// Which question it answers.
    pub hint: String,
    /// The requirement that it comes from.
    pub rule: String,
    /// Its address.
    pub path: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// They are a week.
    pub week: bool,
    /// Both, in words.
    pub span: String,
    /// Of how many records, in words.
    pub count: String,
    /// How many people have none, in words.
    pub missing: Option<String>,
    /// What is not in it, in words.
    pub cut: Vec<String>,
    /// What its groups are called.
    pub groups: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its groups.
    pub rows: Vec<ReportRow>,
    /// The first share, as bars.
    pub chart: Option<BarChart>,
    /// Spans on offer: words, address, whether it is this one.
    pub spans: Vec<(String, String, bool)>,
    /// The same as CSV.
    pub csv: String,
    /// The same as a workbook.
    pub xlsx: String,
}

/// A group of a report.
#[derive(Debug)]
pub struct ReportRow {
    /// What it is called.
    pub label: String,
    /// It is somebody who has no record.
    pub missing: bool,
    /// Its figures, and whether each is a number.
    pub cells: Vec<(String, bool)>,
}

impl ReportView {
    /// Whether a column holds numbers, which stand at its right.
    pub fn is_number(&self, column: &usize) -> bool {
        self.rows.iter().find_map(|row| row.cells.get(*column)).is_some_and(|cell| cell.1)
    }
}
