//! What an expression is run against.

use super::error::EvalError;
use super::value::Value;
use crate::table::Table;

/// The time and chance of one evaluation. The caller brings both, so that a phone and a server
/// that evaluate the same thing get the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub now_ms: i64,
    /// Minutes that local time is ahead of UTC: 480 in Shanghai. Clamped to a day either way.
    pub offset_minutes: i32,
    /// Where `random()` and `uuid()` start from.
    pub seed: u64,
}

/// One node among the answers, in the numbers of the scope that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Which question, group or repeat.
    pub node: usize,
    /// Which instance.
    pub frame: usize,
}

/// Where a path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The form.
    Root,
    /// The question that the expression stands on.
    Question,
    /// `${name}`.
    Named(&'a str),
}

/// What the names in an expression mean.
pub trait Scope {
    /// The value of `${name}`, or of a path (`/data/a`, `../a`, `a`). A name or path that can be
    /// in several places at once is [`Value::Nodes`].
    fn reference(&self, name_or_path: &str) -> Result<Value, EvalError>;

    /// The time and seed.
    fn moment(&self) -> &Moment;

    /// The value of `.`.
    fn current(&self) -> Option<Value> {
        None
    }

    /// What `.` was before this evaluation, for `once()`.
    fn previous(&self) -> Option<String> {
        None
    }

    /// A secondary instance: the table behind `instance('name')` and `pulldata('name', ..)`.
    fn instance(&self, _name: &str) -> Option<&Table> {
        None
    }

    /// `position(path)`, from 1; `path` is none for `position()`.
    fn position(&self, _path: Option<&str>) -> Option<usize> {
        None
    }

    /// `indexed-repeat(target, repeat, index, ..)`: indexes from 1; 0 is none.
    fn indexed(&self, target: &str, _steps: &[(String, usize)]) -> Result<Value, EvalError> {
        Err(EvalError::UnknownReference(target.to_owned()))
    }

    /// The label of a choice, for `jr:choice-name(value, '${question}')`.
    fn choice_label(&self, _question: &str, _value: &str) -> Option<String> {
        None
    }

    /// Where a path with predicates starts. `None` when the scope has no answers to walk in.
    fn spots(&self, _from: Origin<'_>) -> Option<Result<Vec<Spot>, EvalError>> {
        None
    }

    /// The nodes of this name directly inside another, instances of repeats one by one, in
    /// document order; what is not relevant is not there.
    fn children(&self, _of: Spot, _name: &str) -> Vec<Spot> {
        Vec::new()
    }

    /// All nodes directly inside another, as [`Scope::children`] gives those of one name.
    fn inside(&self, _of: Spot) -> Vec<Spot> {
        Vec::new()
    }

    /// The answer that a question had in the record that was saved before; none where nobody knows.
    fn last_saved(&self, _name: &str) -> Option<String> {
        None
    }

    /// What a node is in; none for the form itself.
    fn parent(&self, _of: Spot) -> Option<Spot> {
        None
    }

    /// The answer of a node; empty for groups.
    fn text_at(&self, _spot: Spot) -> String {
        String::new()
    }

    /// `property('deviceid')`, `property('username')`.., and `version` of the form.
    fn property(&self, _name: &str) -> Option<String> {
        None
    }

    /// Makes `random()` differ from place to place; a hash of the place is good.
    fn salt(&self) -> u64 {
        0
    }

    /// A function outside the language, such as a pack's `linked()` or `role()`. `None` when the
    /// scope does not know the name.
    fn call(&self, _name: &str, _args: &[Value]) -> Option<Result<Value, EvalError>> {
        None
    }
}
