//! Filling a record line by line, as a person does key by key: for scripts, and for the tests that kill
//! a phone in the middle.

use super::print;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::io::BufRead;

#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Done { done: &'a str, result: serde_json::Value },
    Failed { error: &'a RoundsError },
}

/// Reads lines until there are no more. What fails is answered, and the next line is read.
pub fn run(rounds: &Rounds, doc: DocId, lang: Lang) -> Result<(), RoundsError> {
    let mut question = rounds.place(doc)?.map(|place| place.question).unwrap_or_default();
    print::json(&Said::Done { done: "open", result: value(&rounds.place(doc)?) });
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(Fail::from)?;
        let (word, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        match one(rounds, doc, lang, word, rest, &mut question) {
            Ok(result) => print::json(&Said::Done { done: word, result }),
            Err(error) => print::json(&Said::Failed { error: &error }),
        }
    }
    rounds.pause(doc)
}

fn one(
    rounds: &Rounds,
    doc: DocId,
    lang: Lang,
    word: &str,
    rest: &str,
    question: &mut String,
) -> Result<serde_json::Value, RoundsError> {
    let unknown = || Fail::NotAPair(format!("{word} {rest}"));
    let pair = || rest.split_once('=').or_else(|| rest.split_once(' ')).ok_or_else(unknown);
    match word {
        "enter" => {
            rounds.enter(doc, rest)?;
            rest.clone_into(question);
        }
        "type" => rounds.typing(doc, question, rest)?,
        "set" => {
            let (key, value) = pair()?;
            rounds.answer(doc, &[(key.to_owned(), value.to_owned())])?;
            let wrong = rounds.wrong_at(doc, &[key], lang)?;
            if !wrong.is_empty() {
                return Ok(serde_json::json!({ "wrong": wrong }));
            }
        }
        "add" => return Ok(rounds.add(doc, rest)?.into()),
        "remove" => {
            let (repeat, instance) = pair()?;
            rounds.remove(doc, repeat, instance)?;
        }
        "photo" => {
            let (key, file) = pair()?;
            let mut file = std::fs::File::open(file).map_err(Fail::from)?;
            return Ok(rounds.attach(doc, key, &mut file)?.to_string().into());
        }
        "check" => return Ok(value(&rounds.check(doc, None, lang)?)),
        "page" => return Ok(value(&rounds.check(doc, Some(question), lang)?)),
        "act" => return Ok(value(&rounds.act(doc, rest, &[])?)),
        "where" => return Ok(value(&rounds.place(doc)?)),
        _ => return Err(unknown().into()),
    }
    Ok(serde_json::Value::Null)
}

fn value<T: Serialize>(what: &T) -> serde_json::Value {
    serde_json::to_value(what).unwrap_or_default()
}
