//! `diff`: what a newer version of a form changes.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use rounds_forms::{Change, Loss, Lost, aspect, compare, losses};
use serde_json::{Value, json};

use crate::files::{Folder, form};
use crate::report::tell;
use crate::{Out, REFUSED};

/// Prints the changes in document order of the newer form; exit 0 unless a form is refused.
pub fn run(old: &Path, new: &Path, out: &Out) -> Result<ExitCode> {
    let media = Folder::read(None, out.lang)?;
    let (old, new) = match (form(old, &media, out.lang)?, form(new, &media, out.lang)?) {
        (Ok(old), Ok(new)) => (old.form, new.form),
        (Err(error), _) | (_, Err(error)) => {
            tell(&error, out)?;
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let (changes, losses) = (compare(&old, &new), losses(&old, &new));
    if !out.json {
        out.line(format!("{} {} → {}", new.id, old.version, new.version));
        let lines = lines(&changes, out);
        if lines.is_empty() {
            out.line(out.say("no-changes", &[]));
        }
        lines.iter().for_each(|line| out.line(format!("  {line}")));
        if !losses.is_empty() {
            out.line(out.say("loses", &[]));
            losses.iter().for_each(|loss| out.line(format!("  ! {}", warning(loss, out))));
            out.line(out.say("loses-kept", &[]));
        }
        return Ok(ExitCode::SUCCESS);
    }
    crate::eval::print(&json!({
        "old": { "id": old.id, "version": old.version },
        "new": { "id": new.id, "version": new.version },
        "changes": changes.iter().map(change).collect::<Vec<_>>(),
        "losses": losses.iter().map(loss).collect::<Vec<_>>(),
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn lines(changes: &[Change], out: &Out) -> Vec<String> {
    let gone_or_new = |path: &str, choice: &str| {
        changes.iter().any(|change| match change {
            Change::Changed { path: at, aspect, old, new } => {
                at == path
                    && aspect.strip_prefix("choice ") == Some(choice)
                    && (old.is_empty() || new.is_empty())
            }
            _ => false,
        })
    };
    let mut lines = Vec::new();
    for change in changes {
        match change {
            Change::Added { path } => lines.push(format!("+ {}", place(path, out))),
            Change::Removed { path } => {
                lines.push(format!("- {} ({})", place(path, out), out.say("kept", &[])));
            }
            Change::Changed { path, aspect, old, new } => {
                let choice = aspect.strip_prefix("choice ");
                // Of a choice that is new or gone as a whole, its labels say nothing more.
                let part = choice.and_then(|choice| choice.split_once(' '));
                if part.is_some_and(|(choice, _)| gone_or_new(path, choice)) {
                    continue;
                }
                lines.push(format!("~ {}: {}", place(path, out), said(aspect, old, new, out)));
            }
        }
    }
    lines
}

/// `#form` and `#list` as people call them.
fn place(path: &str, out: &Out) -> String {
    match path.strip_prefix('#') {
        Some("form") => out.say("the-form", &[]),
        Some(list) => out.say("the-list", &[("list", list.to_owned())]),
        None => path.to_owned(),
    }
}

fn said(aspect: &str, old: &str, new: &str, out: &Out) -> String {
    let nothing = |text: &str| if text.is_empty() { out.say("nothing", &[]) } else { text.to_owned() };
    let mut args = vec![("old", nothing(old)), ("new", nothing(new))];
    let Some(choice) = aspect.strip_prefix("choice ") else {
        args.push(("aspect", words(aspect, out)));
        return out.say(
            if old.is_empty() {
                "was-added"
            } else if new.is_empty() {
                "was-removed"
            } else {
                "was"
            },
            &args,
        );
    };
    let (choice, column) = choice.split_once(' ').unwrap_or((choice, ""));
    args.extend([("choice", choice.to_owned()), ("column", column.to_owned())]);
    let key = match (column, old, new) {
        ("", "", _) => "choice-added",
        ("", _, "") => "choice-removed",
        ("", _, _) => "choice-moved",
        _ => "choice-was",
    };
    out.say(key, &args)
}

/// A column of the workbook in words, with its language.
fn words(column: &str, out: &Out) -> String {
    match (aspect(column), column.split_once("::")) {
        (Some("score"), _) | (None, _) => column.to_owned(),
        (Some(name), Some((_, language))) if !language.is_empty() => {
            format!("{} ({language})", out.say(&format!("aspect-{name}"), &[]))
        }
        (Some(name), _) => out.say(&format!("aspect-{name}"), &[]),
    }
}

fn warning(loss: &Loss, out: &Out) -> String {
    let mut args = vec![("label", out.of(&loss.label).to_owned()), ("path", loss.path.clone())];
    let key = match &loss.what {
        Lost::Gone => "loses-gone",
        Lost::Retyped { old, new } => {
            args.extend([("old", old.clone()), ("new", new.clone())]);
            "loses-type"
        }
        Lost::Fewer { choices } => {
            args.push(("choices", choices.join(", ")));
            "loses-choices"
        }
    };
    out.say(key, &args)
}

fn loss(loss: &Loss) -> Value {
    let (what, detail) = match &loss.what {
        Lost::Gone => ("gone", Value::Null),
        Lost::Retyped { old, new } => ("retyped", json!({ "old": old, "new": new })),
        Lost::Fewer { choices } => ("fewer-choices", json!({ "choices": choices })),
    };
    json!({ "path": loss.path, "label": { "zh": loss.label.zh, "en": loss.label.en }, "what": what, "detail": detail })
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
