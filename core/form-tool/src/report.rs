//! `report` and `export`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use rounds_forms::{Bilingual, ImportError, Problem, Severity};
use serde_json::{Value, json};

use crate::REFUSED;
use crate::files::{Folder, form};

/// Prints whether a form is accepted, and all problems.
pub fn run(file: &Path, media: Option<&Path>) -> Result<ExitCode> {
    match form(file, &Folder::read(media)?)? {
        Ok(imported) => {
            let form = &imported.form;
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
            crate::eval::print(&refusal(&error))?;
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// Writes the form as an .xlsx.
pub fn export(file: &Path, out: &Path) -> Result<ExitCode> {
    match form(file, &Folder::read(None)?)? {
        Ok(imported) => {
            let bytes = imported.workbook.to_xlsx()?;
            std::fs::write(out, bytes).with_context(|| out.display().to_string())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}", serde_json::to_string_pretty(&refusal(&error))?);
            Ok(ExitCode::from(REFUSED))
        }
    }
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
