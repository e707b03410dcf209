//! `report` and `export`.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use rounds_forms::{Bilingual, ImportError, Problem, Severity};
use serde_json::{Value, json};

use crate::files::{Folder, form};
use crate::{Out, REFUSED};

/// Prints whether a form is accepted, and all problems.
pub fn run(file: &Path, media: Option<&Path>, out: &Out) -> Result<ExitCode> {
    match form(file, &Folder::read(media)?)? {
        Ok(imported) => {
            let form = &imported.form;
            if !out.json {
                let said = out.pick("可用", "accepted");
                let questions = form.questions().len();
                let unit = out.pick("个节点", "questions and groups");
                println!("{} · {} · {} · {questions} {unit} · {said}", form.title, form.id, form.version);
                imported.report.iter().for_each(|found| println!("{}", line(found, out)));
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
                false => println!("{}", refused(&error, out)),
            }
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// Writes the form as an .xlsx. What is there is not written over unless that is asked for.
pub fn export(file: &Path, to: &Path, force: bool, out: &Out) -> Result<ExitCode> {
    match form(file, &Folder::read(None)?)? {
        Ok(imported) => {
            let bytes = imported.workbook.to_xlsx()?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).truncate(true).create(true).create_new(!force);
            let mut sink = match options.open(to) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                    let why = out.pick(
                        "文件已存在，没有改动；换个名称，或加 --force",
                        "the file is there already and was left as it is; give another name, or --force",
                    );
                    anyhow::bail!("{}: {why}", to.display())
                }
                other => other.with_context(|| to.display().to_string())?,
            };
            sink.write_all(&bytes).with_context(|| to.display().to_string())?;
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
    let mut lines = vec![out.pick("不可用：", "refused:").to_owned()];
    match error.problems() {
        [] => {
            let (text, remedy) = (error.text(), error.remedy());
            let (text, remedy) = (out.pick(&text.zh, &text.en), out.pick(&remedy.zh, &remedy.en));
            lines.push(format!("  ! {text} → {remedy}"));
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
        place.push(format!("{} {}", out.pick("行", "row"), problem.row));
    }
    place.push(problem.column.clone());
    place.retain(|part| !part.is_empty());
    let (text, remedy) = (problem.text(), problem.remedy());
    let (text, remedy) = (out.pick(&text.zh, &text.en), out.pick(&remedy.zh, &remedy.en));
    format!("  {mark} {}: {text} → {remedy}", place.join(", "))
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
