//! Filling a record line by line, as a person does key by key: for scripts, and for the tests that kill
//! a phone in the middle.

use super::print;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::rows::named;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::io::{BufRead, Read};

/// A line longer than this holds no answer that could be kept.
const LINE: u64 = rounds_model::edit::limits::VALUE as u64 + 1_024;

/// What a line came to. Lines are counted from 1; what was open before them has no number.
#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Done {
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
        done: &'a str,
        result: serde_json::Value,
    },
    Failed {
        line: u64,
        error: &'a RoundsError,
    },
}

/// Reads lines until there are no more. Each is answered; what fails is answered with its number and
/// the reason, and the next one is read. A blank line does nothing.
pub fn run(rounds: &Rounds, doc: DocId, lang: Lang) -> Result<(), RoundsError> {
    let mut question = rounds.place(doc)?.map(|place| place.question).unwrap_or_default();
    print::json(&Said::Done { line: None, done: "open", result: value_of(&rounds.place(doc)?) });
    let mut input = std::io::stdin().lock();
    for number in 1.. {
        let read = match line(&mut input)? {
            None => break,
            Some(read) => read,
        };
        let done = read.map_err(RoundsError::from).and_then(|line| {
            let line = line.trim_end_matches(['\r', '\n']);
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let result = match word {
                "" if rest.trim().is_empty() => serde_json::Value::Null,
                word => one(rounds, doc, lang, word, rest, &mut question)?,
            };
            Ok((word.to_owned(), result))
        });
        match done {
            Ok((word, result)) => print::json(&Said::Done { line: Some(number), done: &word, result }),
            Err(error) => print::json(&Said::Failed { line: number, error: &error }),
        }
    }
    rounds.pause(doc)
}

/// The next line, or why it is none; nothing at the end. The input itself may fail.
pub(super) fn line(input: &mut impl BufRead) -> Result<Option<Result<String, Fail>>, Fail> {
    let mut bytes = Vec::new();
    if input.by_ref().take(LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 == LINE && !bytes.ends_with(b"\n") {
        input.skip_until(b'\n')?;
        return Ok(Some(Err(Fail::LineTooLong)));
    }
    Ok(Some(String::from_utf8(bytes).map_err(|_| Fail::LineNotText)))
}

fn one(
    rounds: &Rounds,
    doc: DocId,
    lang: Lang,
    word: &str,
    rest: &str,
    question: &mut String,
) -> Result<serde_json::Value, RoundsError> {
    let pair = || {
        let pair = rest.split_once('=').or_else(|| rest.split_once(' '));
        pair.ok_or_else(|| Fail::NotAPair(rest.to_owned()))
    };
    match word {
        "enter" => {
            rounds.enter(doc, rest)?;
            *question = rounds.place(doc)?.map(|place| place.question).unwrap_or_default();
        }
        "type" if question.is_empty() => return Err(Fail::AtNoQuestion.into()),
        "type" => rounds.typing(doc, question, rest)?,
        "set" => {
            let (key, value) = pair()?;
            rounds.answer(doc, &[(key.to_owned(), value.to_owned())])?;
            let (placed, unplaced) = super::lens::places(rounds);
            let wrong = rounds.wrong_at(doc, &[key], lang)?;
            let mut said = serde_json::Map::new();
            let mut say = |key: &str, told: serde_json::Value| said.insert(key.to_owned(), told);
            if !wrong.is_empty() {
                say("wrong", value_of(&wrong));
            }
            if !placed.is_empty() {
                say("placed", value_of(&placed));
            }
            if let Some(error) = unplaced {
                say("unplaced", value_of(&error));
            }
            if !said.is_empty() {
                return Ok(said.into());
            }
        }
        "add" => return Ok(rounds.add(doc, rest)?.into()),
        "remove" => {
            let (repeat, instance) = match rest.split_once([' ', '=']) {
                Some((repeat, instance)) => named(repeat, Some(instance)),
                None => named(rest, None),
            };
            rounds.remove(doc, repeat, instance)?;
        }
        "photo" => {
            let (key, file) = pair()?;
            let mut file = std::fs::File::open(file).map_err(Fail::from)?;
            return Ok(rounds.attach(doc, key, &mut file)?.to_string().into());
        }
        "check" => return Ok(value_of(&rounds.check(doc, None, lang)?)),
        "page" => return Ok(value_of(&rounds.check(doc, Some(question), lang)?)),
        "act" => return Ok(value_of(&rounds.act(doc, rest, &[])?)),
        "where" => return Ok(value_of(&rounds.place(doc)?)),
        _ => return Err(Fail::UnknownWord(word.chars().take(80).collect()).into()),
    }
    Ok(serde_json::Value::Null)
}

fn value_of<T: Serialize>(what: &T) -> serde_json::Value {
    serde_json::to_value(what).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_text_or_too_long_is_told_and_passed_over() {
        let long = "x".repeat(LINE as usize + 5);
        let mut input = std::io::Cursor::new([b"a\n\xd6\xd0\n", long.as_bytes(), b"\nlast"].concat());
        let mut next = || line(&mut input).unwrap();
        assert_eq!(next().unwrap().unwrap(), "a\n");
        assert!(matches!(next(), Some(Err(Fail::LineNotText))));
        assert!(matches!(next(), Some(Err(Fail::LineTooLong))));
        assert_eq!(next().unwrap().unwrap(), "last");
        assert!(next().is_none());
    }
}
