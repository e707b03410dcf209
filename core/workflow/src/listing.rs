//! Lists of a kind's records as its pack wants them: which records, in which order, with which columns.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::settle;
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use std::cmp::Ordering;

/// A list of a kind's records.
#[derive(Debug)]
pub struct ListView {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// What stands beside a record's title.
    pub columns: Vec<ListColumn>,
    /// The stages of the records in it; any, if none are given.
    pub stages: Vec<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) order: Vec<Order>,
    pub(crate) when: Option<Expression>,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListColumn {
    /// `@title`, `@stage`, the key of a question, or what an act said (`@submit/day`).
    pub key: String,
    /// Its heading; none for what every list has.
    pub title: Option<Text>,
}

/// What a list goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub key: String,
    pub falling: bool,
}

/// What a record has in a list's order, to be compared by [`ListView::compare`].
pub type Place = Vec<Scalar>;

impl ListView {
    /// Whether a record, as lists know it, is in the list. One of which that cannot be said is.
    pub fn has(
        &self,
        kind: &Kind,
        record: &Record,
        who: &Person<'_>,
        world: &dyn World,
        now: Moment,
    ) -> Result<bool, WorldError> {
        if !self.stages.is_empty() && !self.stages.contains(&record.stage) {
            return Ok(false);
        }
        let Some(when) = &self.when else { return Ok(true) };
        let env = Env::new(kind, record, world, now).by(*who);
        Ok(settle(when.holds(&env))?.unwrap_or(true))
    }

    /// What a record has in its order.
    pub fn place(&self, record: &Record) -> Place {
        let value = |order: &Order| match order.key.as_str() {
            "@stage" => Scalar::from(record.stage.as_str()),
            key => record.fields.get(key).or_else(|| record.acts.get(key)).cloned().unwrap_or(Scalar::Null),
        };
        self.order.iter().map(value).collect()
    }

    /// Which of two records comes first. What says nothing comes last, either way.
    pub fn compare(&self, one: &Place, other: &Place) -> Ordering {
        for (order, (one, other)) in self.order.iter().zip(one.iter().zip(other)) {
            let (blank, other_blank) = (one.is_blank(), other.is_blank());
            if blank || other_blank {
                if blank != other_blank {
                    return blank.cmp(&other_blank);
                }
                continue;
            }
            let by_value = match (number(one), number(other)) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                _ => one.to_string().cmp(&other.to_string()),
            };
            let by_value = if order.falling { by_value.reverse() } else { by_value };
            if by_value != Ordering::Equal {
                return by_value;
            }
        }
        Ordering::Equal
    }
}

fn number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Int(number) => Some(*number as f64),
        Scalar::Float(number) => Some(*number),
        _ => None,
    }
}

impl Kind {
    /// A list by its name.
    pub fn list(&self, name: &str) -> Option<&ListView> {
        self.lists.iter().find(|list| list.name == name)
    }
}
