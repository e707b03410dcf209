//! `report` and `export`.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use rounds_forms::{Bilingual, ImportError, Problem, Severity};
use serde_json::{Value, json};

use crate::files::{Folder, form};
use crate::words::file_error;
use crate::{Out, REFUSED};

/// Prints whether a form is accepted, and all problems.
pub fn run(file: &Path, media: Option<&Path>, out: &Out) -> Result<ExitCode> {
    match form(file, &Folder::read(media, out.lang)?, out.lang)? {
        Ok(imported) => {
            let form = &imported.form;
            if !out.json {
                let said = out.say("accepted", &[]);
                let questions = form.questions().len();
                let unit = out.say("nodes", &[]);
                let (title, id, version) = (&form.title, &form.id, &form.version);
                out.line(format!("{title} · {id} · {version} · {questions} {unit} · {said}"));
                imported.report.iter().for_each(|found| out.line(line(found, out)));
                return Ok(ExitCode::SUCCESS);
            }
            let languages: Vec<&str> =
                form.languages().iter().map(|language| language.name.as_str()).collect();
            crate::eval::print(&json!({
                "accepted": true,
                "form": {
                    "id": form.id,
                    "title": form.title,
                    "version": form.version,
                    "questions": form.questions().len(),
                    "languages": languages,
                },
                "problems": imported.report.iter().map(problem).collect::<Vec<_>>(),
            }))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            match out.json {
                true => crate::eval::print(&refusal(&error))?,
                false => out.line(refused(&error, out)),
            }
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// Writes the form as an .xlsx. What is there is not written over unless that is asked for.
pub fn export(file: &Path, to: &Path, force: bool, out: &Out) -> Result<ExitCode> {
    match form(file, &Folder::read(None, out.lang)?, out.lang)? {
        Ok(imported) => {
            let bytes = imported.workbook.to_xlsx().map_err(|_| anyhow!("{}", out.say("no-export", &[])))?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).truncate(true).create(true).create_new(!force);
            let mut sink = match options.open(to) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                    let why = out.say("file-there", &[]);
                    anyhow::bail!("{}: {why}", to.display())
                }
                other => other.map_err(|e| file_error(out.lang, to, &e))?,
            };
            sink.write_all(&bytes).map_err(|e| file_error(out.lang, to, &e))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            tell(&error, out)?;
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// Says on the error output why a form is refused.
pub fn tell(error: &ImportError, out: &Out) -> Result<()> {
    match out.json {
        true => eprintln!("{}", serde_json::to_string_pretty(&refusal(error))?),
        false => eprintln!("{}", refused(error, out)),
    }
    Ok(())
}

fn refused(error: &ImportError, out: &Out) -> String {
    let mut lines = vec![out.say("refused", &[])];
    match error.problems() {
        [] => {
            let (text, remedy) = (error.text(), error.remedy());
            lines.push(format!("  ! {} → {}", out.of(&text), out.of(&remedy)));
        }
        problems => lines.extend(problems.iter().map(|found| line(found, out))),
    }
    lines.join("\n")
}

/// A problem for a person: where, what, and what to do.
fn line(problem: &Problem, out: &Out) -> String {
    let mark = match problem.severity {
        Severity::Error => "!",
        Severity::Unsupported => "~",
        Severity::Note => "·",
    };
    let mut place = vec![problem.sheet.clone()];
    if problem.row > 0 {
        place.push(format!("{} {}", out.say("row", &[]), problem.row));
    }
    place.push(problem.column.clone());
    place.retain(|part| !part.is_empty());
    let (text, remedy) = (problem.text(), problem.remedy());
    let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
    format!("  {mark} {place}{} → {}", out.of(&text), out.of(&remedy))
}

/// Why a form is refused.
pub fn refusal(error: &ImportError) -> Value {
    let problems: Vec<Value> = match error.problems() {
        [] => vec![json!({
            "severity": "error",
            "code": error.code(),
            "text": both(&error.text()),
            "remedy": both(&error.remedy()),
        })],
        problems => problems.iter().map(problem).collect(),
    };
    json!({ "accepted": false, "problems": problems })
}

fn problem(problem: &Problem) -> Value {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Unsupported => "unsupported",
        Severity::Note => "note",
    };
    json!({
        "severity": severity,
        "code": problem.code(),
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "text": both(&problem.text()),
        "remedy": both(&problem.remedy()),
    })
}

fn both(text: &Bilingual) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}
