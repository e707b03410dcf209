//! Running an expression.

use std::cell::Cell;

use super::error::EvalError;
use super::functions::Function;
use super::rows::{Ground, Place};
use super::scope::{Scope, Spot};
use super::syntax::{Expr, Node, Operator};
use super::value::Value;
use super::{compare, date, geo, nodes, number, pattern, text};
use crate::limits;
use crate::table::Table;

impl Expr {
    /// The value of the expression. The same scope gives the same value, always.
    ///
    /// Fails on names that the scope does not know, on values that a function cannot use, and when
    /// the step budget or the text limit is used up.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, EvalError> {
        Run::new(scope).value(&self.root)
    }

    /// As [`Expr::eval`], with the steps that are left for several evaluations together.
    pub(crate) fn eval_within(&self, scope: &dyn Scope, left: &Cell<u32>) -> Result<Value, EvalError> {
        within(left, scope, |run| run.value(&self.root))
    }

    /// The rows of a table for which the expression holds; bare names are its columns. A condition
    /// `column = value` among its `and`s is looked up rather than tried on every row.
    pub fn matching_rows(&self, table: &Table, scope: &dyn Scope) -> Result<Vec<u32>, EvalError> {
        self.first_rows(table, scope, usize::MAX, &Cell::new(limits::EVALUATION_STEPS))
    }

    /// As [`Expr::matching_rows`], the first ones only, with the steps that are left for several lists.
    pub(crate) fn first_rows(
        &self,
        table: &Table,
        scope: &dyn Scope,
        most: usize,
        left: &Cell<u32>,
    ) -> Result<Vec<u32>, EvalError> {
        within(left, scope, |run| run.filter(table, None, &self.root, most))
    }

    /// Whether the expression holds for one row of a table.
    pub fn holds_for(&self, table: &Table, row: u32, scope: &dyn Scope) -> Result<bool, EvalError> {
        let run = Run::new(scope);
        run.holds(table, row, Place { position: 1, size: 1 }, &self.root)
    }

    /// Whether the expression holds for a node of the answers at a place among others; relative
    /// paths start from that node.
    pub(crate) fn holds_at(
        &self,
        spot: Spot,
        place: Place,
        scope: &dyn Scope,
        left: &Cell<u32>,
    ) -> Result<bool, EvalError> {
        within(left, scope, |run| {
            run.on(Ground::Node(spot, place), |inner| match inner.value(&self.root)? {
                Value::Number(position) => Ok(position == place.position as f64),
                value => Ok(value.as_bool()),
            })
        })
    }

    /// As [`Expr::holds_for`], with the steps that are left for several evaluations together.
    pub(crate) fn holds_within(
        &self,
        table: &Table,
        row: u32,
        scope: &dyn Scope,
        left: &Cell<u32>,
    ) -> Result<bool, EvalError> {
        within(left, scope, |run| run.holds(table, row, Place { position: 1, size: 1 }, &self.root))
    }
}

/// Evaluates with at most the steps that are left, and takes off what was used.
fn within<'a, T>(left: &Cell<u32>, scope: &'a dyn Scope, evaluate: impl FnOnce(&Run<'a>) -> T) -> T {
    let run = Run::new(scope);
    let allowed = left.get().min(limits::EVALUATION_STEPS);
    run.steps.set(allowed);
    let result = evaluate(&run);
    left.set(left.get() - (allowed - run.steps.get().min(allowed)));
    result
}

/// How much text is looked through for one step, in bytes.
pub(super) const TEXT_A_STEP: usize = 64;

/// One evaluation: the scope, the row it stands on, and what is left of its budget.
pub(super) struct Run<'a> {
    pub(super) scope: &'a dyn Scope,
    ground: Cell<Option<Ground<'a>>>,
    steps: Cell<u32>,
    draws: Cell<u64>,
}

impl<'a> Run<'a> {
    pub(super) fn value(&self, node: &Node) -> Result<Value, EvalError> {
        self.step(1)?;
        match node {
            Node::Number(number) => Ok(Value::Number(*number)),
            Node::Text(text) => Ok(Value::Text(text.clone())),
            Node::Reference(name) => self.reference(name),
            Node::LastSaved(name) => Ok(Value::Text(self.scope.last_saved(name).unwrap_or_default())),
            Node::Current => match self.ground() {
                Some(Ground::Node(spot, _)) => Ok(Value::Text(self.scope.text_at(spot))),
                _ => self.current(),
            },
            Node::Path(path) => match self.ground() {
                Some(Ground::Node(spot, _)) if !path.starts_with('/') => self.beside(spot, path),
                Some(Ground::Row(_)) if !path.contains('/') && path != ".." => {
                    // A row has columns and nothing else; one that is not there reads as empty.
                    Ok(self.column(path).map_or_else(|| Value::Nodes(Vec::new()), Value::from))
                }
                _ => self.reference(path),
            },
            Node::Outer(path) if path.contains('/') || path == ".." => self.reference(path),
            Node::Outer(path) => self.reference(&format!("./{path}")),
            Node::Steps(steps) => self.steps(steps),
            Node::Union(parts) => {
                let parts = self.values(parts)?;
                Ok(Value::Nodes(parts.into_iter().flat_map(Value::into_nodes).collect()))
            }
            Node::Filtered(path) => Err(EvalError::Unsupported(path.clone())),
            Node::Rows(rows) => self.rows(rows),
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Negate(inner) => Ok(Value::Number(-self.number(inner)?)),
            Node::Call(function, args) => self.call(*function, args),
            Node::Regex(text, pattern, compiled) => {
                let text = self.text(text)?;
                let regex = compiled.get_or_init(|| pattern::compile(pattern).map(|made| made.regex));
                let regex = regex.as_ref().map_err(EvalError::clone)?;
                self.step(text.len() / TEXT_A_STEP)?;
                Ok(Value::Bool(regex.is_match(&text)))
            }
            Node::Extension(name, args) => {
                let args = self.values(args)?;
                self.scope.call(name, &args).unwrap_or_else(|| Err(EvalError::UnknownFunction(name.clone())))
            }
        }
    }

    pub(super) fn new(scope: &'a dyn Scope) -> Run<'a> {
        Run {
            scope,
            ground: Cell::new(None),
            steps: Cell::new(limits::EVALUATION_STEPS),
            draws: Cell::new(0),
        }
    }

    /// Takes steps off the budget.
    pub(super) fn step(&self, count: usize) -> Result<(), EvalError> {
        let count = u32::try_from(count).map_err(|_| EvalError::TooManySteps)?;
        let left = self.steps.get().checked_sub(count);
        self.steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(EvalError::TooManySteps)
    }

    /// The row or node that bare names and relative paths start from.
    pub(super) fn ground(&self) -> Option<Ground<'a>> {
        self.ground.get()
    }

    /// Evaluates with another row or node under its feet.
    pub(super) fn on<'b, T>(
        &self,
        ground: Ground<'b>,
        body: impl FnOnce(&Run<'b>) -> Result<T, EvalError>,
    ) -> Result<T, EvalError>
    where
        'a: 'b,
    {
        let inner = Run {
            scope: self.scope,
            ground: Cell::new(Some(ground)),
            steps: Cell::new(self.steps.get()),
            draws: Cell::new(self.draws.get()),
        };
        let result = body(&inner);
        self.steps.set(inner.steps.get());
        self.draws.set(inner.draws.get());
        result
    }

    pub(super) fn text(&self, node: &Node) -> Result<String, EvalError> {
        self.value(node).map(Value::into_text)
    }

    pub(super) fn number(&self, node: &Node) -> Result<f64, EvalError> {
        self.value(node).map(|value| self.to_number(&value))
    }

    pub(super) fn truth(&self, node: &Node) -> Result<bool, EvalError> {
        self.value(node).map(|value| value.as_bool())
    }

    pub(super) fn values(&self, nodes: &[Node]) -> Result<Vec<Value>, EvalError> {
        nodes.iter().map(|node| self.value(node)).collect()
    }

    /// As [`Value::as_number`], with date-times by the local clock of the moment.
    pub(super) fn to_number(&self, value: &Value) -> f64 {
        let number = value.as_number();
        if number.fract() == 0.0 {
            return number;
        }
        match value {
            Value::Text(text) => date::local_days(text, self.scope.moment()).unwrap_or(number),
            _ => number,
        }
    }

    /// A number between 0 and 1 that the seed, the place and the number of draws so far decide.
    pub(super) fn draw(&self) -> u64 {
        let draws = self.draws.get() + 1;
        self.draws.set(draws);
        let mut z = self
            .scope
            .moment()
            .seed
            .wrapping_add(self.scope.salt())
            .wrapping_add(draws.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn current(&self) -> Result<Value, EvalError> {
        self.scope.current().ok_or_else(|| EvalError::UnknownReference(".".to_owned()))
    }

    fn reference(&self, target: &str) -> Result<Value, EvalError> {
        let value = self.scope.reference(target)?;
        if let Value::Nodes(nodes) = &value {
            self.step(nodes.len())?;
        }
        Ok(value)
    }

    fn chain(&self, first: &Node, rest: &[(Operator, Node)]) -> Result<Value, EvalError> {
        let mut left = self.value(first)?;
        for (operator, node) in rest {
            left = match operator {
                Operator::And => Value::Bool(left.as_bool() && self.truth(node)?),
                Operator::Or => Value::Bool(left.as_bool() || self.truth(node)?),
                Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::LessEqual
                | Operator::Greater
                | Operator::GreaterEqual => {
                    let right = self.value(node)?;
                    Value::Bool(compare::holds(*operator, &left, &right, self)?)
                }
                arithmetic => {
                    let (a, b) = (self.to_number(&left), self.number(node)?);
                    Value::Number(match arithmetic {
                        Operator::Add => a + b,
                        Operator::Subtract => a - b,
                        Operator::Multiply => a * b,
                        Operator::Divide => a / b,
                        _ => a % b,
                    })
                }
            };
        }
        Ok(left)
    }

    fn call(&self, function: Function, args: &[Node]) -> Result<Value, EvalError> {
        match (function, args) {
            (Function::True, _) => Ok(Value::Bool(true)),
            (Function::False, _) => Ok(Value::Bool(false)),
            (Function::Not, [a]) => Ok(Value::Bool(!self.truth(a)?)),
            (Function::Boolean, [a]) => Ok(Value::Bool(self.truth(a)?)),
            (Function::BooleanFromString, [a]) => {
                let text = self.text(a)?;
                Ok(Value::Bool(text == "1" || text.eq_ignore_ascii_case("true")))
            }
            (Function::If, [test, yes, no]) => {
                let truth = self.truth(test)?;
                self.value(if truth { yes } else { no })
            }
            (Function::Coalesce, [a, b]) => {
                let first = self.text(a)?;
                if first.is_empty() { self.value(b) } else { Ok(Value::Text(first)) }
            }
            (Function::Once, [a]) => match self.scope.previous() {
                Some(previous) if !previous.is_empty() => Ok(Value::Text(previous)),
                _ => self.value(a),
            },
            _ => {
                if let Some(value) = number::call(self, function, args)? {
                    return Ok(value);
                }
                if let Some(value) = text::call(self, function, args)? {
                    return Ok(value);
                }
                if let Some(value) = date::call(self, function, args)? {
                    return Ok(value);
                }
                if let Some(value) = nodes::call(self, function, args)? {
                    return Ok(value);
                }
                geo::call(self, function, args)?
                    .ok_or_else(|| EvalError::UnknownFunction(function.name().to_owned()))
            }
        }
    }
}
