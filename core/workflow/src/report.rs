//! Reports: what the records of a kind come to, group by group. Which record counts, by what it is grouped
//! and what is worked out of it are expressions of the pack; nothing here knows what is counted.

use crate::complete;
use crate::env::Env;
use crate::expression::{Expression, to_value};
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::Stop;
use crate::world::{World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A report of a kind.
#[derive(Debug)]
pub struct Report {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// Which question it answers.
    pub hint: Option<Text>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// What its groups are called.
    pub groups: Text,
    /// How a group is shown.
    pub labels: Labels,
    /// The question whose day says when a record counts; without it, the day of its agenda, or the one on
    /// which it was made.
    pub on: Option<String>,
    /// The days that are looked at together.
    pub span: Span,
    /// Whoever could have made a record is named, also without one.
    pub everyone: bool,
    /// What is worked out of each group.
    pub columns: Vec<Column>,
    pub(crate) when: Option<Expression>,
    pub(crate) by: Expression,
}

/// The days that a report looks at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// As many as one likes.
    Days,
    /// From a Monday to its Sunday.
    Week,
}

/// How a group is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Labels {
    /// As it is.
    Plain,
    /// A person, by their name.
    Person,
    /// A record, by its title.
    Record,
    /// A choice of this question of this kind, by its label.
    Choice(String, String),
}

/// A column of a report.
#[derive(Debug)]
pub struct Column {
    /// What people read.
    pub title: Text,
    /// What is made of the values.
    pub how: How,
    pub(crate) value: Option<Expression>,
    pub(crate) of: Option<Expression>,
}

/// What is made of the values of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// How many records there are.
    Count,
    /// For which part of them the value holds.
    Share,
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// How many different ones there are.
    Distinct,
    /// The newest that is not empty.
    Text,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A count.
    Count(u64),
    /// A part of a whole.
    Share(u64, u64),
    /// A number; none where there was none.
    Number(Option<f64>),
    /// A text.
    Text(String),
}

/// What one record adds to a report. It says all of it: the record itself is not needed again, so that it
/// can be kept and counted in any span of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// In which group it counts.
    pub group: Box<str>,
    cells: Box<[Took]>,
}

/// What one record adds to a column.
#[derive(Debug, Clone, PartialEq)]
enum Took {
    /// Nothing: the column is not about it.
    Nothing,
    /// That it is there, and nothing else.
    Counted,
    /// That the value holds.
    Holds,
    Number(f64),
    Text(Box<str>),
}

/// A report while records are added to it.
pub struct Tabulating<'r> {
    report: &'r Report,
    most: usize,
    groups: BTreeMap<String, Vec<Cell>>,
    records: u64,
    left_out: u64,
}

/// What a report comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Each group with its figures, by its key.
    pub rows: Vec<(String, Vec<Figure>)>,
    /// How many records are in it.
    pub records: u64,
    /// How many are in none of its groups, because there are more groups than are kept.
    pub left_out: u64,
}

#[derive(Debug, Clone, Default)]
struct Cell {
    count: u64,
    whole: u64,
    sum: f64,
    seen: BTreeSet<Box<str>>,
    text: Box<str>,
}

impl Report {
    /// What a record adds; none if it does not count. One for which an expression cannot be worked out
    /// counts nowhere it would be needed.
    ///
    /// # Errors
    /// Only when the world cannot be read.
    pub fn line(
        &self,
        kind: &Kind,
        record: &Record,
        world: &dyn World,
        moment: Moment,
    ) -> Result<Option<Line>, WorldError> {
        let whole = complete::worked_out(kind, record, moment);
        let env = Env::new(kind, &whole, world, moment);
        let holds = |expression: &Option<Expression>| match expression.as_ref().map(|e| e.holds(&env)) {
            None => Ok(true),
            Some(Ok(truth)) => Ok(truth),
            Some(Err(Stop::World(error))) => Err(error),
            Some(Err(_)) => Ok(false),
        };
        let scalar = |expression: &Expression| match expression.scalar(&env) {
            Ok(value) => Ok(value),
            Err(Stop::World(error)) => Err(error),
            Err(_) => Ok(Scalar::Null),
        };
        if !holds(&self.when)? {
            return Ok(None);
        }
        let group = scalar(&self.by)?.to_string().into();
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            cells.push(match (holds(&column.of)?, &column.value) {
                (false, _) => Took::Nothing,
                (true, None) => Took::Counted,
                (true, Some(value)) => Took::of(column.how, &scalar(value)?),
            });
        }
        Ok(Some(Line { group, cells: cells.into() }))
    }
}

impl Took {
    fn of(how: How, value: &Scalar) -> Took {
        match how {
            How::Share if to_value(value).as_bool() => Took::Holds,
            How::Sum | How::Mean => number(value).map_or(Took::Counted, Took::Number),
            How::Distinct | How::Text if !value.is_blank() => Took::Text(value.to_string().into()),
            How::Count | How::Share | How::Distinct | How::Text => Took::Counted,
        }
    }
}

impl<'r> Tabulating<'r> {
    /// A report without records, of which at most so many groups are kept.
    pub fn new(report: &'r Report, most: usize) -> Self {
        Tabulating { report, most, groups: BTreeMap::new(), records: 0, left_out: 0 }
    }

    /// Adds what a record says, the oldest first.
    pub fn add(&mut self, line: &Line) {
        if !self.groups.contains_key(&*line.group) {
            if self.groups.len() >= self.most {
                self.left_out += 1;
                return;
            }
            let new = vec![Cell::default(); self.report.columns.len()];
            self.groups.insert(line.group.to_string(), new);
        }
        let Some(cells) = self.groups.get_mut(&*line.group) else { return };
        self.records += 1;
        for ((cell, column), took) in cells.iter_mut().zip(&self.report.columns).zip(&*line.cells) {
            cell.take(column.how, took);
        }
    }

    /// What it comes to.
    pub fn finish(self) -> Table {
        let figures = |cells: Vec<Cell>| {
            let made =
                cells.into_iter().zip(&self.report.columns).map(|(cell, column)| cell.figure(column.how));
            made.collect()
        };
        let rows = self.groups.into_iter().map(|(group, cells)| (group, figures(cells))).collect();
        Table { rows, records: self.records, left_out: self.left_out }
    }
}

impl Cell {
    fn take(&mut self, how: How, took: &Took) {
        match took {
            Took::Nothing => return,
            Took::Counted if how == How::Count => self.count += 1,
            Took::Counted => {}
            Took::Holds => self.count += 1,
            Took::Number(number) => {
                self.count += 1;
                self.sum += number;
            }
            Took::Text(text) if how == How::Distinct => {
                if !self.seen.contains(text) {
                    self.seen.insert(text.clone());
                }
            }
            Took::Text(text) => self.text.clone_from(text),
        }
        self.whole += 1;
    }

    fn figure(self, how: How) -> Figure {
        match how {
            How::Count => Figure::Count(self.count),
            How::Share => Figure::Share(self.count, self.whole),
            How::Sum => Figure::Number(Some(self.sum)),
            How::Mean => Figure::Number((self.count > 0).then(|| self.sum / self.count as f64)),
            How::Distinct => Figure::Count(self.seen.len() as u64),
            How::Text => Figure::Text(self.text.into()),
        }
    }
}

fn number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Int(i) => Some(*i as f64),
        Scalar::Float(f) => Some(*f),
        Scalar::Text(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}
