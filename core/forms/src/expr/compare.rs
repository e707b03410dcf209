//! `=`, `!=`, `<`.. with XPath's rules for mixed values and node-sets.

use super::error::EvalError;
use super::eval::Run;
use super::syntax::Operator;
use super::value::Value;

/// A node-set compares true when any of its nodes does.
pub(super) fn holds(
    operator: Operator,
    left: &Value,
    right: &Value,
    run: &Run<'_>,
) -> Result<bool, EvalError> {
    match (left, right) {
        (Value::Bool(_), _) | (_, Value::Bool(_)) => Ok(single(operator, left, right, run)),
        (Value::Nodes(nodes), other) => {
            run.step(nodes.len())?;
            for node in nodes {
                if holds(operator, &Value::Text(node.clone()), other, run)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (other, Value::Nodes(nodes)) => {
            run.step(nodes.len())?;
            Ok(nodes.iter().any(|node| single(operator, other, &Value::Text(node.clone()), run)))
        }
        _ => Ok(single(operator, left, right, run)),
    }
}

fn single(operator: Operator, left: &Value, right: &Value, run: &Run<'_>) -> bool {
    let equal = || match (left, right) {
        (Value::Bool(_), _) | (_, Value::Bool(_)) => left.as_bool() == right.as_bool(),
        (Value::Number(_), _) | (_, Value::Number(_)) => {
            let (a, b) = (run.to_number(left), run.to_number(right));
            a == b || (a - b).abs() < 1e-12
        }
        (Value::Text(a), Value::Text(b)) => a == b,
        _ => left.as_text() == right.as_text(),
    };
    let (a, b) = match operator {
        Operator::Equal => return equal(),
        Operator::NotEqual => return !equal(),
        _ => (run.to_number(left), run.to_number(right)),
    };
    match operator {
        Operator::Less => a < b,
        Operator::LessEqual => a <= b,
        Operator::Greater => a > b,
        _ => a >= b,
    }
}
