//! `eval`: a form and answers to the state of every node.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use clap::Args;
use rounds_forms::expr::Moment;
use rounds_forms::{Answers, FillError, Filling, NodeState, Session, Thing};
use serde_json::{Value, json};

use crate::files::{Folder, form};
use crate::report::refusal;
use crate::steps::{Refused, Rows, Step};
use crate::words::file_error;
use crate::{Out, REFUSED};

/// What `eval` is given.
#[derive(Debug, Args)]
pub struct Options {
    /// The workbook.
    file: PathBuf,
    /// A JSON list of steps; `-` reads them from standard input.
    answers: PathBuf,
    /// The folder of the files that the form names.
    #[arg(long)]
    media: Option<PathBuf>,
    /// What a missing file means: `error` refuses the form, `blank` is an empty list.
    #[arg(long, default_value = "error", value_parser = ["error", "blank"])]
    missing: String,
    /// What the clock shows: 2026-11-23T09:00:00Z. The real time when it is not given.
    #[arg(long)]
    now: Option<String>,
    /// The zone of the phone, such as Asia/Shanghai.
    #[arg(long, default_value = "UTC")]
    tz: String,
    /// Where chance starts.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// For `deviceid`.
    #[arg(long, default_value = "")]
    device: String,
    /// For `username`.
    #[arg(long, default_value = "")]
    username: String,
    /// For `email`.
    #[arg(long, default_value = "")]
    email: String,
    /// For `phonenumber`.
    #[arg(long, default_value = "")]
    phone: String,
    /// The `submission` of an earlier run as a JSON object, for `${last-saved#..}` in defaults.
    #[arg(long)]
    last_saved: Option<PathBuf>,
}

/// Prints `{"nodes": [..], ..}`; exit 0 unless the form or the arguments are refused.
pub fn run(options: &Options, out: &Out) -> Result<ExitCode> {
    let said = out;
    let steps = read_steps(options, said)?;
    let moment = moment(options, options.now.as_deref(), said)?;
    let imported = match form(
        &options.file,
        &Folder::read(options.media.as_deref(), said.lang)?.with_missing(options.missing == "blank"),
        said.lang,
    )? {
        Ok(imported) => imported,
        Err(error) => {
            eprintln!("{}", serde_json::to_string_pretty(&refusal(&error))?);
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let form = Arc::new(imported.form);
    let session = Session {
        device: options.device.clone(),
        username: options.username.clone(),
        email: options.email.clone(),
        phone: options.phone.clone(),
        last_saved: options.last_saved.as_deref().map(|path| last_saved(path, said)).transpose()?,
    };
    let mut language = form.default_language.clone();
    let mut filling = Filling::new(Arc::clone(&form), Answers::new(), moment, session);
    let mut rows = Rows::default();
    rows.fill(&mut filling, true, said);
    let mut taken = Vec::new();
    let mut snapshots = serde_json::Map::new();
    for (number, step) in steps.iter().enumerate() {
        let done = match step {
            Step::Set(path, value) => set(&mut filling, path, value).map_err(|e| Refused::of(&e, said)),
            Step::Add(path, count) => rows.add(&mut filling, path, *count, said),
            Step::Remove(path, index) => Rows::remove(&mut filling, path, *index, said),
            Step::Language(wanted) => {
                let known = form.languages().iter().any(|have| have.name == *wanted);
                if known {
                    language.clone_from(wanted);
                    filling.set_language(wanted);
                    Ok(())
                } else {
                    Err(Refused {
                        code: "no-such-language",
                        text: said.say("no-language", &[("language", wanted.clone())]),
                    })
                }
            }
            Step::Snapshot(name) => {
                snapshots.insert(name.clone(), nodes(&filling, &language));
                Ok(())
            }
            Step::Now(at) => {
                filling.advance(self::moment(options, Some(at), said)?);
                Ok(())
            }
            Step::Nothing => Ok(()),
        };
        rows.fill(&mut filling, false, said);
        taken.push(match done {
            Ok(()) => json!({ "step": number + 1, "ok": true }),
            Err(why) => json!({ "step": number + 1, "ok": false, "code": why.code, "error": why.text }),
        });
    }
    let faults: serde_json::Map<String, Value> =
        filling.faults().iter().map(|(key, fault)| (key.clone(), json!(said.of(&fault.text())))).collect();
    let languages: Vec<&str> = form.languages().iter().map(|have| have.name.as_str()).collect();
    let score = filling.score().map(|score| {
        let sections: Vec<Value> = score
            .sections
            .iter()
            .map(|section| {
                json!({
                    "name": section.name,
                    "points": section.points,
                    "possible": section.possible,
                    "percent": section.percent,
                    "passed": section.passed,
                })
            })
            .collect();
        json!({
            "points": score.points,
            "possible": score.possible,
            "percent": score.percent,
            "passed": score.passed,
            "sections": sections,
            "criticalFailed": score.critical_failed,
            "criticalOpen": score.critical_open,
        })
    });
    let mut out = json!({
        "nodes": nodes(&filling, &language),
        "language": language,
        "languages": languages,
        "instanceName": filling.instance_name(),
        "entities": entities(&filling),
        "complete": filling.is_complete(),
        "submission": filling.submission(),
        "score": score,
        "faults": faults,
        "steps": taken,
    });
    if let Some(object) = out.as_object_mut().filter(|_| !snapshots.is_empty()) {
        object.insert("snapshots".to_owned(), Value::Object(snapshots));
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// Answers a question; a place that no person answers is measured as this step says.
fn set(filling: &mut Filling, path: &str, value: &str) -> Result<(), FillError> {
    let measured = filling.form().question(path).is_some_and(|question| question.kind.is_measured());
    let done = if measured { filling.place(path, value) } else { filling.set(path, value) };
    done.map(|_| ())
}

/// What the sheet `entities` makes of the answers as they stand.
fn entities(filling: &Filling) -> Value {
    let one = |thing: Thing| {
        json!({
            "list": thing.list,
            "id": thing.id,
            "from": thing.from,
            "label": thing.label,
            "properties": thing.properties,
        })
    };
    filling.things().into_iter().map(one).collect()
}

/// One JSON value on standard output. A reader that went away is no error.
pub fn print(value: &Value) -> Result<()> {
    use std::io::Write;
    let text = serde_json::to_string_pretty(value)?;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn last_saved(path: &Path, out: &Out) -> Result<Arc<Answers>> {
    let text = std::fs::read_to_string(path).map_err(|e| file_error(out.lang, path, &e))?;
    let bad = |key: &str| anyhow!("{}: {}", path.display(), out.say(key, &[]));
    let value: Value = serde_json::from_str(&text).map_err(|e| no_json(path, &e, out))?;
    let answers: BTreeMap<String, String> = serde_json::from_value(value).map_err(|_| bad("no-saved"))?;
    Ok(Arc::new(Answers::collect(answers).map_err(|_| bad("no-saved-answers"))?))
}

fn no_json(path: &Path, error: &serde_json::Error, out: &Out) -> anyhow::Error {
    let args = [("line", error.line().to_string()), ("column", error.column().to_string())];
    anyhow!("{}: {}", path.display(), out.say("no-json", &args))
}

fn read_steps(options: &Options, out: &Out) -> Result<Vec<Step>> {
    let path = options.answers.as_path();
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|e| file_error(out.lang, path, &e))?;
    let value: Value = serde_json::from_str(&text).map_err(|e| no_json(path, &e, out))?;
    let list = value.as_array().ok_or_else(|| anyhow!("{}: {}", path.display(), out.say("no-steps", &[])))?;
    let step = |step: &Value| {
        let said = || anyhow!("{}", out.say("no-step", &[("step", step.to_string())]));
        Step::read(step).ok_or_else(said)
    };
    list.iter().map(step).collect()
}

fn moment(options: &Options, now: Option<&str>, out: &Out) -> Result<Moment> {
    let no_zone = || anyhow!("{}", out.say("no-zone", &[("zone", options.tz.clone())]));
    let zone = Tz::from_str(&options.tz).map_err(|_| no_zone())?;
    let at = match now {
        Some(text) => {
            let no_time = || anyhow!("{}", out.say("no-time", &[("time", text.to_owned())]));
            DateTime::parse_from_rfc3339(text).map_err(|_| no_time())?.to_utc()
        }
        None => DateTime::<Utc>::from(std::time::SystemTime::now()),
    };
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    Ok(Moment { now_ms: at.timestamp_millis(), offset_minutes: offset / 60, seed: options.seed })
}

/// All nodes in document order; instances of repeats come as nodes of their own.
fn nodes(filling: &Filling, language: &str) -> Value {
    let states = filling.nodes(language);
    // Whatever is around something wrong is not valid either.
    let mut wrong: HashSet<&str> = HashSet::new();
    for state in states.iter().filter(|state| !state.valid) {
        for (at, _) in state.path.match_indices(['/', '[']).chain([(state.path.len(), "")]) {
            wrong.insert(state.path.get(..at).unwrap_or(""));
        }
    }
    let mut out = Vec::new();
    let mut shown: HashSet<&str> = HashSet::new();
    for state in &states {
        for (at, _) in state.path.match_indices(']') {
            let path = state.path.get(..=at).unwrap_or("");
            if shown.insert(path) {
                out.push(instance(&states, path, &wrong));
            }
        }
        out.push(node(state, &wrong));
    }
    Value::Array(out)
}

fn node(state: &NodeState, wrong: &HashSet<&str>) -> Value {
    let holds = state.kind.is_container();
    let choices = state
        .kind
        .has_choices()
        .then(|| state.choices.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>());
    let mut node = json!({
        "path": state.path,
        "type": state.kind.name(),
        "relevant": state.relevant,
        "required": state.required,
        "readonly": state.read_only,
        "value": if holds { Value::Null } else { json!(state.value) },
        "valid": !wrong.contains(state.path.as_str()),
        "choices": choices,
        "label": if state.label.is_empty() { Value::Null } else { json!(state.label) },
    });
    let message = state.error.as_ref().map(|fault| json!(fault.message));
    if let (Some(object), Some(message)) = (node.as_object_mut(), message) {
        object.insert("message".to_owned(), message);
    }
    node
}

fn instance(states: &[NodeState], path: &str, wrong: &HashSet<&str>) -> Value {
    let (repeat, rest) = path.rsplit_once('[').unwrap_or((path, ""));
    let repeat = states.iter().find(|state| state.path == repeat);
    let index: usize = rest.trim_end_matches(']').parse().unwrap_or(0);
    let relevant =
        repeat.is_some_and(|repeat| repeat.relevant && repeat.wanted.is_none_or(|wanted| index <= wanted));
    let below = |wrong: &&str| wrong.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    json!({
        "path": path,
        "type": "repeat-instance",
        "relevant": relevant,
        "required": false,
        "readonly": repeat.is_some_and(|repeat| repeat.read_only),
        "value": Value::Null,
        "valid": !wrong.contains(path) && !wrong.iter().any(below),
        "choices": Value::Null,
        "label": repeat.filter(|repeat| !repeat.label.is_empty()).map(|repeat| repeat.label.as_str()),
    })
}
