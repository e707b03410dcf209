//! `diff`: what a newer version of a form changes.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use rounds_forms::{Change, compare};
use serde_json::{Value, json};

use crate::REFUSED;
use crate::files::{Folder, form};
use crate::report::refusal;

/// Prints the changes in document order of the newer form; exit 0 unless a form is refused.
pub fn run(old: &Path, new: &Path) -> Result<ExitCode> {
    let media = Folder::read(None)?;
    let (old, new) = match (form(old, &media)?, form(new, &media)?) {
        (Ok(old), Ok(new)) => (old.form, new.form),
        (Err(error), _) | (_, Err(error)) => {
            eprintln!("{}", serde_json::to_string_pretty(&refusal(&error))?);
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let changes: Vec<Value> = compare(&old, &new).iter().map(change).collect();
    crate::eval::print(&json!({
        "old": { "id": old.id, "version": old.version },
        "new": { "id": new.id, "version": new.version },
        "changes": changes,
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn change(change: &Change) -> Value {
    match change {
        Change::Added { path } => json!({ "path": path, "change": "added" }),
        Change::Removed { path } => {
            json!({ "path": path, "change": "removed", "answers": "kept, not shown and not submitted" })
        }
        Change::Changed { path, aspect, old, new } => {
            json!({ "path": path, "change": "changed", "aspect": aspect, "old": old, "new": new })
        }
    }
}
