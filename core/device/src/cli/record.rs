//! Recording by script line by line, with a recorder that records what it is fed: for scripts, and for
//! the tests that kill a phone in the middle. What is answered is the prompter, as a shell gets it.

use super::fill::line;
use super::print;
use crate::Rounds;
use crate::capture::fake::FakeRecorder;
use crate::capture::{Ended, Kit};
use crate::error::{Fail, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Done { line: u64, done: &'a str, prompter: serde_json::Value },
    Failed { line: u64, error: &'a RoundsError },
}

/// Reads lines until there are no more; what is recorded then is paused.
pub fn run(rounds: &Rounds, doc: DocId, field: &str, lang: Lang) -> Result<(), RoundsError> {
    let recorder = Arc::new(FakeRecorder::default());
    rounds.set_kit(Kit { recorder: Some(recorder.clone()), ..Kit::default() });
    let mut input = std::io::stdin().lock();
    for number in 1.. {
        let Some(read) = line(&mut input)? else { break };
        let done = read.map_err(RoundsError::from).and_then(|line| {
            let line = line.trim_end_matches(['\r', '\n']);
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            one(rounds, doc, field, &recorder, (word, rest.trim()))?;
            Ok((word.to_owned(), rounds.prompter(doc, field, lang)?))
        });
        match done {
            Ok((word, prompter)) => {
                let prompter = serde_json::to_value(&prompter).unwrap_or_default();
                print::json(&Said::Done { line: number, done: &word, prompter });
            }
            Err(error) => print::json(&Said::Failed { line: number, error: &error }),
        }
    }
    match rounds.prompter(doc, field, lang)?.state {
        "recording" => rounds.record_pause(doc, field),
        _ => Ok(()),
    }
}

fn one(
    rounds: &Rounds,
    doc: DocId,
    field: &str,
    recorder: &FakeRecorder,
    (word, rest): (&str, &str),
) -> Result<(), RoundsError> {
    match word {
        "" | "show" => {}
        "begin" => rounds.record(doc, field)?,
        "resume" => rounds.record_on(doc, field)?,
        "answer" => rounds.record_answer(doc, field, rest)?,
        "mark" => rounds.record_mark(doc, field)?,
        "pause" => rounds.record_pause(doc, field)?,
        "finish" => drop(rounds.record_finish(doc, field)?),
        "break-off" => drop(rounds.record_break_off(doc, field)?),
        // What the recorder hears and sees, or what happens to it.
        "film" => {
            let bytes = std::fs::read(rest).map_err(Fail::from)?;
            recorder.feed(1_000, &bytes).map_err(Fail::from)?;
        }
        "call" | "background" | "power" => {
            recorder.interrupt(match word {
                "call" => Ended::Call,
                "background" => Ended::Background,
                _ => Ended::Power,
            });
            rounds.record_check(doc, field)?;
        }
        _ => return Err(Fail::RecordWord(word.chars().take(80).collect()).into()),
    }
    Ok(())
}
