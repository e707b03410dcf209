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
    /// What is worked out of each group.
    pub columns: Vec<Column>,
    pub(crate) when: Option<Expression>,
    pub(crate) by: Expression,
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

/// A report while records are added to it.
pub struct Tabulating<'k> {
    kind: &'k Kind,
    report: &'k Report,
    groups: BTreeMap<String, Vec<Cell>>,
}

#[derive(Debug, Clone, Default)]
struct Cell {
    count: u64,
    whole: u64,
    sum: f64,
    seen: BTreeSet<String>,
    text: String,
}

impl<'k> Tabulating<'k> {
    /// A report of this kind without records.
    pub fn new(kind: &'k Kind, report: &'k Report) -> Self {
        Tabulating { kind, report, groups: BTreeMap::new() }
    }

    /// Adds a record, the oldest first. One for which an expression cannot be worked out counts nowhere it
    /// would be needed. At most `most` groups are kept; a record of a further one is left out.
    ///
    /// # Errors
    /// Only when the world cannot be read.
    pub fn add(
        &mut self,
        record: &Record,
        world: &dyn World,
        moment: Moment,
        most: usize,
    ) -> Result<(), WorldError> {
        let whole = complete::worked_out(self.kind, record, moment);
        let env = Env::new(self.kind, &whole, world, moment);
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
        if !holds(&self.report.when)? {
            return Ok(());
        }
        let group = scalar(&self.report.by)?.to_string();
        if !self.groups.contains_key(&group) && self.groups.len() >= most {
            return Ok(());
        }
        let mut found = Vec::with_capacity(self.report.columns.len());
        for column in &self.report.columns {
            let counts = holds(&column.of)?;
            let value = match &column.value {
                Some(value) if counts => scalar(value)?,
                _ => Scalar::Null,
            };
            found.push((counts, value));
        }
        let cells =
            self.groups.entry(group).or_insert_with(|| vec![Cell::default(); self.report.columns.len()]);
        for ((cell, column), (counts, value)) in cells.iter_mut().zip(&self.report.columns).zip(found) {
            if counts {
                cell.take(column.how, &value);
            }
        }
        Ok(())
    }

    /// The groups with what they come to, by their keys.
    pub fn finish(self) -> Vec<(String, Vec<Figure>)> {
        let figures = |cells: Vec<Cell>| {
            let made =
                cells.into_iter().zip(&self.report.columns).map(|(cell, column)| cell.figure(column.how));
            made.collect()
        };
        self.groups.into_iter().map(|(group, cells)| (group, figures(cells))).collect()
    }
}

impl Cell {
    fn take(&mut self, how: How, value: &Scalar) {
        self.whole += 1;
        match how {
            How::Count => self.count += 1,
            How::Share => self.count += u64::from(to_value(value).as_bool()),
            How::Sum | How::Mean => {
                if let Some(number) = number(value) {
                    self.count += 1;
                    self.sum += number;
                }
            }
            How::Distinct => {
                if !value.is_blank() {
                    self.seen.insert(value.to_string());
                }
            }
            How::Text => {
                if !value.is_blank() {
                    self.text = value.to_string();
                }
            }
        }
    }

    fn figure(self, how: How) -> Figure {
        match how {
            How::Count => Figure::Count(self.count),
            How::Share => Figure::Share(self.count, self.whole),
            How::Sum => Figure::Number(Some(self.sum)),
            How::Mean => Figure::Number((self.count > 0).then(|| self.sum / self.count as f64)),
            How::Distinct => Figure::Count(self.seen.len() as u64),
            How::Text => Figure::Text(self.text),
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
