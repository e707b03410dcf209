//! Functions on node-sets and repeats.

use super::error::EvalError;
use super::eval::Run;
use super::functions::Function;
use super::shuffle::{seed_of, shuffled};
use super::syntax::Node;
use super::value::Value;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    let value = match (function, args) {
        (Function::Count, [nodes]) => Value::Number(match run.value(nodes)? {
            Value::Nodes(nodes) => nodes.len() as f64,
            _ => 1.0,
        }),
        (Function::CountNonEmpty, [nodes]) => {
            let nodes = run.value(nodes)?.into_nodes();
            Value::Number(nodes.iter().filter(|text| !text.is_empty()).count() as f64)
        }
        // Blanks do not spoil a sum, a minimum or a maximum, as in JavaRosa.
        (Function::Sum, _) => Value::Number(numbers(run, args)?.into_iter().sum::<f64>() + 0.0),
        (Function::Min, _) => fold(numbers(run, args)?, f64::min),
        (Function::Max, _) => fold(numbers(run, args)?, f64::max),
        (Function::Position, [Node::Path(path) | Node::Outer(path)]) => position(run, Some(path))?,
        (Function::Position, [Node::Reference(name)]) => position(run, Some(name))?,
        (Function::Position, []) => match run.ground() {
            Some(ground) => Value::Number(ground.place().position as f64),
            None => position(run, None)?,
        },
        (Function::Last, _) => match run.ground() {
            Some(ground) => Value::Number(ground.place().size as f64),
            None => Value::Number(1.0),
        },
        (Function::Randomize, [nodes, seed @ ..]) => {
            let nodes = run.value(nodes)?.into_nodes();
            let seed = match seed {
                [seed] => seed_of(&run.value(seed)?),
                _ => (run.draw() >> 1) as i64,
            };
            Value::Nodes(shuffled(&nodes, seed))
        }
        (Function::IndexedRepeat, [target, steps @ ..]) => {
            let target = target_of(target)?;
            let mut places = Vec::new();
            for step in steps.chunks_exact(2) {
                let [repeat, index] = step else { continue };
                let index = run.number(index)?;
                let index = if index >= 1.0 { index as usize } else { 0 };
                places.push((target_of(repeat)?.to_owned(), index));
            }
            run.scope.indexed(target, &places)?
        }
        (Function::Checklist, [min, max, flags @ ..]) => {
            let (min, max) = (run.number(min)?, run.number(max)?);
            let count = flags_of(run, flags)?.into_iter().filter(|flag| *flag).count() as f64;
            Value::Bool((min < 0.0 || count >= min) && (max < 0.0 || count <= max))
        }
        (Function::WeightedChecklist, [min, max, rest @ ..]) => {
            let (min, max) = (run.number(min)?, run.number(max)?);
            let sum = weights(run, rest)?;
            Value::Bool(sum >= min && sum <= max)
        }
        (Function::Pulldata, [table, column, key, value]) => {
            let (table, column) = (run.text(table)?, run.text(column)?);
            let (key, value) = (run.text(key)?, run.text(value)?);
            Value::Text(run.look_up(&table, &column, &key, &value)?)
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn numbers(run: &Run<'_>, args: &[Node]) -> Result<Vec<f64>, EvalError> {
    let mut numbers = Vec::new();
    for value in run.values(args)? {
        match value {
            Value::Nodes(nodes) => {
                numbers.extend(nodes.into_iter().map(|text| run.to_number(&Value::Text(text))))
            }
            other => numbers.push(run.to_number(&other)),
        }
    }
    numbers.retain(|number| !number.is_nan());
    Ok(numbers)
}

fn fold(numbers: Vec<f64>, pick: fn(f64, f64) -> f64) -> Value {
    Value::Number(numbers.into_iter().reduce(pick).unwrap_or(f64::NAN))
}

fn position(run: &Run<'_>, path: Option<&str>) -> Result<Value, EvalError> {
    let unknown = || EvalError::UnknownReference(path.unwrap_or("position()").to_owned());
    let position = run.scope.position(path).ok_or_else(unknown)?;
    Ok(Value::Number(position as f64))
}

fn target_of(node: &Node) -> Result<&str, EvalError> {
    match node {
        Node::Reference(target) | Node::Path(target) => Ok(target),
        _ => Err(EvalError::wrong("indexed-repeat", "")),
    }
}

fn flags_of(run: &Run<'_>, args: &[Node]) -> Result<Vec<bool>, EvalError> {
    let mut flags = Vec::new();
    for value in run.values(args)? {
        match value {
            Value::Nodes(nodes) => flags.extend(nodes.iter().map(|text| !text.is_empty())),
            other => flags.push(other.as_bool()),
        }
    }
    Ok(flags)
}

/// Pairs of flag and weight, or one node-set of each.
fn weights(run: &Run<'_>, args: &[Node]) -> Result<f64, EvalError> {
    let values = run.values(args)?;
    if let [Value::Nodes(flags), Value::Nodes(weights)] = values.as_slice() {
        if flags.len() != weights.len() {
            return Err(EvalError::wrong("weighted-checklist", ""));
        }
        let chosen = flags.iter().zip(weights).filter(|(flag, _)| !flag.is_empty());
        return Ok(chosen.map(|(_, weight)| run.to_number(&Value::from(weight.as_str()))).sum());
    }
    let mut sum = 0.0;
    for pair in values.chunks(2) {
        match pair {
            [flag, weight] if flag.as_bool() => sum += run.to_number(weight),
            [_, _] => {}
            _ => return Err(EvalError::wrong("weighted-checklist", "")),
        }
    }
    Ok(sum)
}
