//! Functions on texts.

use super::error::EvalError;
use super::eval::{Run, TEXT_A_STEP};
use super::functions::Function;
use super::syntax::Node;
use super::value::Value;
use super::{hash, pattern};
use crate::limits;
use std::collections::HashMap;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    let own_or = |args: &[Node]| match args {
        [a] => run.text(a),
        _ => run.current().map(Value::into_text),
    };
    let value = match (function, args) {
        (Function::String, _) => Value::Text(own_or(args)?),
        (Function::StringLength, _) => Value::Number(own_or(args)?.chars().count() as f64),
        (Function::NormalizeSpace, _) => {
            Value::Text(own_or(args)?.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        (Function::Concat, _) => Value::Text(join("", run.values(args)?)?),
        (Function::Join, [separator, rest @ ..]) => {
            Value::Text(join(&run.text(separator)?, run.values(rest)?)?)
        }
        (Function::Substr, [text, start, end @ ..]) => {
            let text = run.text(text)?;
            let start = run.number(start)?;
            let end = match end {
                [end] => Some(run.number(end)?),
                _ => None,
            };
            Value::Text(substring(&text, start, end))
        }
        (Function::SubstringBefore, [text, part]) => {
            let (text, part) = (run.text(text)?, run.text(part)?);
            Value::from(text.split_once(&part).map_or("", |(before, _)| before))
        }
        (Function::SubstringAfter, [text, part]) => {
            let (text, part) = (run.text(text)?, run.text(part)?);
            Value::from(text.split_once(&part).map_or("", |(_, after)| after))
        }
        (Function::Contains, [a, b]) => Value::Bool(run.text(a)?.contains(&run.text(b)?)),
        (Function::StartsWith, [a, b]) => Value::Bool(run.text(a)?.starts_with(&run.text(b)?)),
        (Function::EndsWith, [a, b]) => Value::Bool(run.text(a)?.ends_with(&run.text(b)?)),
        (Function::Translate, [text, from, to]) => {
            let (text, from, to) = (run.text(text)?, run.text(from)?, run.text(to)?);
            run.step((text.len() + from.len() + to.len()) / TEXT_A_STEP)?;
            Value::Text(translate(&text, &from, &to))
        }
        (Function::Regex, [text, pattern]) => {
            let (text, pattern) = (run.text(text)?, run.text(pattern)?);
            let compiled = pattern::compile_now(&pattern)?;
            run.step(compiled.bytes / 64 + text.len() / TEXT_A_STEP)?;
            Value::Bool(compiled.regex.is_match(&text))
        }
        (Function::Selected, [list, choice]) => {
            let (list, choice) = (run.text(list)?, run.text(choice)?);
            Value::Bool(list.split_whitespace().any(|have| have == choice.trim()))
        }
        (Function::SelectedAt, [list, index]) => {
            let (list, index) = (run.text(list)?, run.number(index)?);
            let item = (index >= 0.0).then(|| list.split_whitespace().nth(index as usize));
            Value::from(item.flatten().unwrap_or(""))
        }
        (Function::CountSelected, [list]) => Value::Number(run.text(list)?.split_whitespace().count() as f64),
        (Function::Uuid, []) => Value::Text(uuid(run.draw(), run.draw())),
        (Function::Uuid, [length]) => {
            let length = run.number(length)?.clamp(0.0, 256.0) as usize;
            const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            let letter = |draw: u64| LETTERS.get((draw % 62) as usize).copied().unwrap_or(b'0');
            Value::Text((0..length).map(|_| char::from(letter(run.draw()))).collect())
        }
        (Function::Substring, [text, start, length @ ..]) => {
            let text = run.text(text)?;
            let start = run.number(start)?.round();
            let end = match length {
                [length] => start + run.number(length)?.round(),
                _ => f64::INFINITY,
            };
            let letters = text.chars().zip(1u32..);
            let inside = letters.filter(|(_, at)| f64::from(*at) >= start && f64::from(*at) < end);
            Value::Text(inside.map(|(letter, _)| letter).collect())
        }
        (Function::Digest, [text, algorithm, encoding @ ..]) => {
            let text = run.text(text)?;
            let encoding = match encoding {
                [encoding] => run.text(encoding)?,
                _ => "base64".to_owned(),
            };
            run.step(text.len() / 16)?;
            Value::Text(hash::digest(&text, &run.text(algorithm)?, &encoding)?)
        }
        (Function::Base64Decode, [text]) => Value::Text(hash::decode(&run.text(text)?)?),
        (Function::Property, [name]) => Value::from(run.scope.property(&run.text(name)?).unwrap_or_default()),
        (Function::Version, _) => Value::from(run.scope.property("version").unwrap_or_default()),
        // Texts of a form have no other name here than their own.
        (Function::Itext, [id]) => Value::Text(run.text(id)?),
        (Function::ChoiceName, [value, question]) => {
            let (value, question) = (run.text(value)?, run.text(question)?);
            Value::from(run.scope.choice_label(&question, &value).unwrap_or_default())
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn join(separator: &str, values: Vec<Value>) -> Result<String, EvalError> {
    let mut out = String::new();
    let parts = values.into_iter().flat_map(Value::into_nodes);
    for (number, part) in parts.enumerate() {
        if number > 0 {
            out.push_str(separator);
        }
        out.push_str(&part);
        if out.len() > limits::TEXT_BYTES {
            return Err(EvalError::TooLong);
        }
    }
    Ok(out)
}

/// From `start` up to but without `end`, counted from 0; negative counts from the end.
fn substring(text: &str, start: f64, end: Option<f64>) -> String {
    let length = text.chars().count();
    let place = |at: f64| {
        let at = at.trunc();
        let from_start = if at < 0.0 { length as f64 + at } else { at };
        from_start.clamp(0.0, length as f64) as usize
    };
    let (start, end) = (place(start), end.map_or(length, place));
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let mut to = to.chars();
    let mut instead: HashMap<char, Option<char>> = HashMap::new();
    for c in from.chars() {
        // The first of several counts; each takes its place in the other text all the same.
        let other = to.next();
        instead.entry(c).or_insert(other);
    }
    text.chars().filter_map(|c| instead.get(&c).copied().unwrap_or(Some(c))).collect()
}

fn uuid(high: u64, low: u64) -> String {
    let high = (high & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000;
    let low = (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}
