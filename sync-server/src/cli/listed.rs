//! The commands that list: people, devices, counts.

use super::say::Say;
use super::table;
use crate::admin::Done;
use crate::admin::publish::{Losing, Published};
use crate::admin::report::Summary;
use crate::storage::Read;
use rounds_forms::Lost;
use serde_json::json;

/// Everyone.
pub fn people(view: &dyn Read, say: &Say) -> Done<()> {
    let people = view.people()?;
    let rows = people.iter().map(|p| [p.name.clone(), p.role.to_string(), p.id.to_string()]).collect();
    let headings = ["head-name", "head-role", "head-id"].map(|key| say.text(key, &[]));
    say.answer(&json!(people), table::lines(headings, rows));
    Ok(())
}

/// Every device.
pub fn devices(view: &dyn Read, say: &Say) -> Done<()> {
    let people = view.people()?;
    let name = |id| people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str());
    let devices = view.devices()?;
    let json: Vec<_> = devices
        .iter()
        .map(|d| {
            json!({
                "device": d.device, "name": d.name, "person": d.person, "person_name": name(d.person),
                "enrolled_ms": d.enrolled, "revoked_ms": d.revoked, "last_sync_ms": d.last_sync,
                "unsent": d.unsent,
            })
        })
        .collect();
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), |at| say.time(at));
    let row = |d: &crate::storage::people::DeviceRow| {
        let (sync, revoked) = (time(d.last_sync), time(d.revoked));
        [name(d.person).to_owned(), d.name.clone(), sync, d.unsent.to_string(), revoked, d.device.to_string()]
    };
    let headings = ["head-person", "head-device", "head-sync", "head-unsent", "head-revoked", "head-id"];
    let rows = devices.iter().map(row).collect();
    say.answer(&json!(json), table::lines(headings.map(|key| say.text(key, &[])), rows));
    Ok(())
}

/// Every answer with several values.
pub fn conflicts(view: &dyn Read, say: &Say) -> Done<()> {
    let open = crate::admin::conflicts::conflicts(view)?;
    let mut lines = vec![];
    for conflict in &open {
        let question = say.of(&conflict.question);
        let (title, kind) = (say.of(&conflict.title), say.of(&conflict.kind_title));
        let (doc, owner, key) = (conflict.doc, &conflict.owner, &conflict.key);
        lines.push(format!("{doc}  {kind} · {title} · {owner} · {question} ({key})"));
        let last = conflict.versions.len().saturating_sub(1);
        for (at, v) in conflict.versions.iter().enumerate() {
            let mark = if at == last { "●" } else { "○" };
            lines.push(format!(
                "    {mark} {} · {} · {} · {}",
                v.value,
                v.person,
                v.device,
                say.time(v.at_ms)
            ));
        }
    }
    if open.is_empty() {
        lines.push(say.text("said-no-conflicts", &[]));
    }
    say.answer(&json!(open), lines);
    Ok(())
}

/// What is overdue, and what is due soon.
pub fn reminders(view: &dyn Read, now_ms: i64, say: &Say) -> Done<()> {
    let found = crate::admin::reminders::due(view, now_ms)?;
    let line = |due: &crate::admin::reminders::Due| {
        let key = if due.overdue { "said-overdue" } else { "said-due" };
        let to: Vec<_> = due.escalated.iter().map(ToString::to_string).collect();
        let to = if to.is_empty() { String::new() } else { format!(" → {}", to.join(", ")) };
        let rule = due.rule.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
        let (what, days) = (say.of(&due.text).to_string(), due.days.abs().to_string());
        let said = say.text(key, &[("what", what), ("due", say.time(due.due_ms)), ("days", days)]);
        format!("{}  {} · {}: {said}{to}{rule}", due.doc, say.of(&due.title), due.owner)
    };
    let mut lines: Vec<_> = found.iter().map(line).collect();
    if lines.is_empty() {
        lines.push(say.text("said-nothing-due", &[]));
    }
    say.answer(&json!(found), lines);
    Ok(())
}

/// What came of publishing a pack, or of checking it.
pub fn published(done: &Published, check: bool, say: &Say) {
    let key = match (done.new, check) {
        (_, true) => "said-checked",
        (true, false) => "said-published",
        (false, false) => "said-unchanged",
    };
    let args = [("pack", done.pack.clone()), ("version", done.version.to_string())];
    let json = json!({
        "pack": done.pack, "version": done.version, "new": done.new, "checked_only": check,
        "before": done.before, "losses": done.losses.iter().map(loss).collect::<Vec<_>>(), "notes": done.notes,
        "own_tables": done.laid, "own_tables_dropped": done.dropped,
    });
    let mut lines = vec![say.text(key, &args)];
    if !done.laid.is_empty() {
        lines.push(say.text("said-own-tables", &[("tables", done.laid.join(", "))]));
    }
    if !done.dropped.is_empty() {
        lines.push(say.text("said-own-tables-dropped", &[("tables", done.dropped.join(", "))]));
    }
    lines.extend(losses(done, say));
    lines.extend(notes(done, say));
    say.answer(&json, lines);
}

/// What a new version of a pack takes from records that are moved to it.
fn losses(done: &Published, say: &Say) -> Vec<String> {
    let Some(before) = done.before.filter(|_| !done.losses.is_empty()) else { return vec![] };
    let mut lines = vec![say.text("said-loses", &[("version", before.to_string())])];
    for losing in &done.losses {
        let mut args = vec![("label", say.of(&losing.label).to_owned()), ("key", losing.key.clone())];
        let key = match &losing.what {
            Lost::Gone => "said-loses-gone",
            Lost::Retyped { old, new } => {
                args.extend([("old", old.clone()), ("new", new.clone())]);
                "said-loses-type"
            }
            Lost::Fewer { choices } => {
                args.push(("choices", choices.join(", ")));
                "said-loses-choices"
            }
        };
        lines.push(format!("  ! {}", say.text(key, &args)));
    }
    lines.push(say.text("said-loses-kept", &[]));
    lines
}

/// What the author of a pack should know about its workbooks.
fn notes(done: &Published, say: &Say) -> Vec<String> {
    let one = |note: &rounds_workflow::Problem| {
        let place = note.line.map_or_else(|| note.file.clone(), |line| format!("{}:{line}", note.file));
        let args = [
            ("place", place),
            ("text", say.of(&note.text).to_owned()),
            ("remedy", say.of(&note.remedy).to_owned()),
        ];
        say.text("said-note", &args)
    };
    done.notes.iter().map(one).collect()
}

/// The same for programs.
fn loss(losing: &Losing) -> serde_json::Value {
    let (what, detail) = match &losing.what {
        Lost::Gone => ("gone", json!(null)),
        Lost::Retyped { old, new } => ("retyped", json!({ "old": old, "new": new })),
        Lost::Fewer { choices } => ("fewer-choices", json!({ "choices": choices })),
    };
    json!({ "kind": losing.kind, "key": losing.key, "label": losing.label, "what": what, "detail": detail })
}

/// Counts: the records by kind and stage, then what else there is.
pub fn summary(summary: &Summary, say: &Say) {
    say.answer(&json!(summary), summary_lines(summary, say));
}

fn summary_lines(summary: &Summary, say: &Say) -> Vec<String> {
    let stages = |(kind, stages): (&String, &std::collections::BTreeMap<String, u64>)| {
        let row = |(stage, count): (&String, &u64)| [kind.clone(), stage.clone(), count.to_string()];
        stages.iter().map(row).collect::<Vec<_>>()
    };
    let rows = summary.kinds.iter().flat_map(stages).collect();
    let headings = ["head-kind", "head-stage", "head-records"].map(|key| say.text(key, &[]));
    let mut lines = table::lines(headings, rows);
    let counts = [
        ("count-accepted", summary.accepted),
        ("count-blocked", summary.blocked),
        ("count-conflicts-open", summary.conflicts_open),
        ("count-conflicts-settled", summary.conflicts_settled),
        ("count-unclean-starts", summary.unclean_starts),
        ("count-head", summary.head),
    ];
    let rows = counts.into_iter().map(|(key, count)| [say.text(key, &[]), count.to_string()]).collect();
    let rest = table::lines([say.text("head-else", &[]), say.text("head-count", &[])], rows);
    lines.push(String::new());
    lines.extend(rest);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_a_table() {
        let mut counted = Summary { blocked: 3, ..Summary::default() };
        counted.kinds.entry("visit".into()).or_default().insert("open".into(), 12);
        let lines = summary_lines(&counted, &Say::new(false, Some("en")));
        assert_eq!(lines[..2], ["Kind   Stage  Records", "visit  open   12"]);
        assert!(
            lines.iter().any(|line| line.starts_with("Acts blocked") && line.ends_with(" 3")),
            "{lines:?}"
        );
    }
}
