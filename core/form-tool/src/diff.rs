//! `diff`: what a newer version of a form changes.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use rounds_forms::{Change, compare};
use serde_json::{Value, json};

use crate::files::{Folder, form};
use crate::report::tell;
use crate::{Out, REFUSED};

/// Prints the changes in document order of the newer form; exit 0 unless a form is refused.
pub fn run(old: &Path, new: &Path, out: &Out) -> Result<ExitCode> {
    let media = Folder::read(None)?;
    let (old, new) = match (form(old, &media)?, form(new, &media)?) {
        (Ok(old), Ok(new)) => (old.form, new.form),
        (Err(error), _) | (_, Err(error)) => {
            tell(&error, out)?;
            return Ok(ExitCode::from(REFUSED));
        }
    };
    if !out.json {
        println!("{} {} → {}", new.id, old.version, new.version);
        compare(&old, &new).iter().for_each(|change| println!("  {}", line(change, out)));
        return Ok(ExitCode::SUCCESS);
    }
    let changes: Vec<Value> = compare(&old, &new).iter().map(change).collect();
    crate::eval::print(&json!({
        "old": { "id": old.id, "version": old.version },
        "new": { "id": new.id, "version": new.version },
        "changes": changes,
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn line(change: &Change, out: &Out) -> String {
    match change {
        Change::Added { path } => format!("+ {path}"),
        Change::Removed { path } => {
            let kept =
                out.pick("已有答案保留，不再显示和提交", "answers are kept, not shown and not submitted");
            format!("- {path} ({kept})")
        }
        Change::Changed { path, aspect, old, new } => format!("~ {path} {aspect}: {old:?} → {new:?}"),
    }
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
