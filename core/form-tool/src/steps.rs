//! The steps of an answers file.

use rounds_forms::{FillError, Filling};
use serde_json::Value;

use crate::Out;

/// What a step is, and what it needs.
#[derive(Debug)]
pub enum Step {
    /// Answers a question.
    Set(String, String),
    /// Adds instances at the end of a repeat.
    Add(String, u64),
    /// Removes the instance at a position from 1.
    Remove(String, usize),
    /// Changes the language.
    Language(String),
    /// Keeps the state under a name.
    Snapshot(String),
    /// Moves the clock.
    Now(String),
    /// Nothing to do: waiting, or asking for the submission, which is always printed.
    Nothing,
}

/// A step that was not taken.
#[derive(Debug)]
pub struct Refused {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub text: String,
}

impl Refused {
    /// What the form refuses.
    pub fn of(error: &FillError, out: &Out) -> Refused {
        Refused { code: error.code(), text: out.of(&error.text()).to_owned() }
    }
}

impl Step {
    /// Reads a step; none when it is no step.
    pub fn read(step: &Value) -> Option<Step> {
        let text = |key: &str| step.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(path) = text("set") {
            return Some(Step::Set(path, plain(step.get("value").unwrap_or(&Value::Null))?));
        }
        if let Some(path) = text("add") {
            return Some(Step::Add(path, step.get("count").and_then(Value::as_u64).unwrap_or(1)));
        }
        if let Some(path) = text("remove") {
            let index = step.get("index").and_then(Value::as_u64);
            let (path, inside) = match path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
                Some((path, index)) => (path.to_owned(), index.parse().ok()),
                None => (path, None),
            };
            return Some(Step::Remove(path, usize::try_from(index.or(inside)?).ok()?));
        }
        if let Some(language) = text("language") {
            return Some(Step::Language(language));
        }
        if let Some(name) = text("snapshot") {
            return Some(Step::Snapshot(name));
        }
        if let Some(at) = text("now") {
            return Some(Step::Now(at));
        }
        (step.get("wait").is_some() || step.get("finalize").is_some()).then_some(Step::Nothing)
    }
}

/// Lists are several choices, true is a tick, null clears.
fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "OK".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(" "),
        Value::Object(_) => return None,
    })
}

/// Makes ids and order keys of instances, the same in every run.
#[derive(Debug, Default)]
pub struct Rows {
    made: u64,
}

impl Rows {
    /// Adds so many instances at the end.
    pub fn add(&mut self, filling: &mut Filling, repeat: &str, count: u64, out: &Out) -> Result<(), Refused> {
        // One more than there may be is refused as one more is.
        let most = (rounds_forms::limits::INSTANCES as u64).saturating_add(1);
        let made: Vec<(String, String)> = (0..count.min(most))
            .map(|_| {
                self.made += 1;
                (format!("{:013}", self.made), format!("{:013}", self.made))
            })
            .collect();
        filling.add_all(repeat, &made).map_err(|e| Refused::of(&e, out))?;
        Ok(())
    }

    /// Adds the instances that counts ask for and, when a form is opened, the first one of other
    /// repeats. Later those start without any, inside an added instance too.
    pub fn fill(&mut self, filling: &mut Filling, opening: bool, out: &Out) {
        // Each round adds rows or ends; repeats in repeats need one round for each level.
        for _ in 0..40 {
            let due = filling.rows_due();
            let mut added = false;
            for due in due.iter().filter(|due| opening || due.counted) {
                if self.add(filling, &due.repeat, due.missing as u64, out).is_err() {
                    return;
                }
                added = true;
            }
            if !added {
                return;
            }
        }
    }

    /// Removes the instance at a position from 1.
    pub fn remove(filling: &mut Filling, repeat: &str, index: usize, out: &Out) -> Result<(), Refused> {
        let instances = filling.node(repeat, "").map(|node| node.instances).unwrap_or_default();
        let id = index.checked_sub(1).and_then(|at| instances.get(at));
        let id = id.ok_or_else(|| Refused {
            code: "no-such-row",
            text: out.say(
                "no-row",
                &[
                    ("repeat", repeat.to_owned()),
                    ("rows", instances.len().to_string()),
                    ("index", index.to_string()),
                ],
            ),
        })?;
        filling.remove(repeat, id).map_err(|e| Refused::of(&e, out))?;
        Ok(())
    }
}
