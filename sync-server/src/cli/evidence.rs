//! The commands about evidence: `verify-evidence` and `exceptions`.

use super::say::Say;
use super::serve::place_as_it_is;
use crate::admin::files::DataFolder;
use crate::admin::lacking::{self, Files};
use crate::admin::{Done, Refused};
use crate::blobs::{Blobs, Limits};
use crate::clock::now_ms;
use crate::error::Error;
use crate::evidence::check::Checked;
use crate::evidence::confirm;
use crate::evidence::exceptions::{Exception, exceptions};
use crate::evidence::sealed::Problem;
use crate::storage::sqlite::Sqlite;
use crate::storage::{Read, Storage};
use rounds_evidence::chain::{Event, Finding};
use rounds_evidence::words;
use rounds_model::ids::{DocId, TeamId};
use rounds_model::text::Text;
use serde_json::json;
use std::sync::Arc;

/// Checks every recording of a record, link by link, and says what is missing. False if anything is.
pub fn verify(
    storage: Sqlite,
    folder: &DataFolder,
    team: TeamId,
    record: &str,
    media: bool,
    place: Option<&str>,
    say: &Say,
) -> Done<bool> {
    let doc: DocId =
        record.parse().map_err(|_| Refused::new("evidence-no-record", &[("record", &record)]))?;
    let storage: Arc<dyn Storage> = Arc::new(storage);
    if storage.read(team)?.records(&[doc])?.is_empty() {
        return Err(Refused::new("evidence-no-record", &[("record", &record)]).into());
    }
    let key = confirm::public_key(&*storage.read(team)?)?;
    place_as_it_is(folder, place)?;
    let (keep, staging) = super::serve::places(folder, place)?;
    let blobs = Blobs::new(Arc::clone(&storage), keep, staging, Limits::default(), now_ms);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::from)?;
    let checked = runtime.block_on(blobs.check_recordings(team, doc, media))?;
    if checked.is_empty() {
        return Err(Refused::new("evidence-none", &[("record", &record)]).into());
    }
    let json = json!({
        "team": team,
        "record": doc,
        "server_key": key,
        "media_read": media,
        "recordings": checked.iter().map(as_json).collect::<Vec<_>>(),
    });
    let mut lines = vec![];
    for one in &checked {
        lines.extend(as_lines(one, media, say));
    }
    say.answer(&json, lines);
    Ok(checked.iter().all(Checked::is_whole))
}

fn as_json(checked: &Checked) -> serde_json::Value {
    let recording = &checked.recording;
    let links = checked.report.as_ref().map(|report| {
        let link = |link: &rounds_evidence::chain::Checked| {
            json!({
                "link": link.number, "hash": link.hash.to_string(),
                "event": link.event.as_ref().map(Event::name),
                "says": link.event.as_ref().map(words::event),
                "at_ms": link.time.map(|time| time.at_ms),
                "clock": link.time.as_ref().map(words::time),
            })
        };
        report.links.iter().map(link).collect::<Vec<_>>()
    });
    let problem = |problem: &Problem| json!({ "problem": problem.code(), "says": problem.says() });
    let finding = |finding: &Finding| json!({ "link": finding.link, "field": finding.field, "fault": finding.fault, "says": words::finding(finding) });
    json!({
        "field": recording.field, "chain": recording.blob, "arrived": recording.arrived,
        "device": checked.device.map(|(device, _)| device),
        "device_key": checked.device.map(|(_, key)| key),
        "received_ms": recording.confirmed.as_ref().map(|c| c.at_ms),
        "received_act": recording.confirmed.as_ref().map(|c| c.act),
        "received_signature": recording.confirmed.as_ref().map(|c| c.signature),
        "received_fits": recording.confirmation_fits,
        "script_compared": checked.script,
        "whole": checked.is_whole(), "links": links,
        "problems": checked.problems.iter().map(problem).collect::<Vec<_>>(),
        "findings": checked.report.as_ref().map(|_| checked.findings().iter().map(finding).collect::<Vec<_>>()),
    })
}

fn as_lines(checked: &Checked, media: bool, say: &Say) -> Vec<String> {
    let recording = &checked.recording;
    let mut lines = vec![say.text("evidence-recording", &[("field", recording.field.clone())])];
    if let Some(confirmed) = recording.confirmed.as_ref().filter(|_| recording.confirmation_fits) {
        // Signed is what an act sealed; that its file is here is another thing.
        let key = if checked.report.is_some() { "evidence-received" } else { "evidence-sealed" };
        lines.push(say.text(key, &[("at", say.time(confirmed.at_ms))]));
    }
    lines.extend(checked.problems.iter().map(|problem| format!("      ! {}", say.of(&problem.says()))));
    let verdict = || match checked.is_whole() {
        true => {
            let links = checked.report.as_ref().map_or(0, |report| report.links.len());
            say.text("evidence-whole", &[("links", links.to_string())])
        }
        false => say.text("evidence-not-whole", &[("count", checked.wrong().to_string())]),
    };
    let Some(report) = &checked.report else {
        lines.push(verdict());
        return lines;
    };
    let of = |text: &Text| say.of(text).to_owned();
    for link in &report.links {
        let what = link.event.as_ref().map(|event| of(&words::event(event))).unwrap_or_default();
        let at = link.time.as_ref().map(|time| say.time(time.at_ms)).unwrap_or_default();
        let clock = link.time.as_ref().map(|time| of(&words::time(time))).unwrap_or_default();
        let hash = link.hash.to_string();
        let hash = hash.get(..12).unwrap_or_default();
        lines.push(format!("{:>4}  {hash}  {at}  {what} ({clock})", link.number));
        let own = report.findings.iter().filter(|finding| finding.link == Some(link.number));
        lines.extend(own.map(|finding| format!("      ! {}", of(&words::finding(finding)))));
    }
    let shown: Vec<u64> = report.links.iter().map(|link| link.number).collect();
    let rest = report.findings.iter().filter(|f| f.link.is_none_or(|link| !shown.contains(&link)));
    lines.extend(rest.map(|finding| format!("      ! {}", of(&words::finding(finding)))));
    let checked_media = if media { "evidence-media-read" } else { "evidence-media-sizes" };
    lines.push(say.text(checked_media, &[("count", report.segments().count().to_string())]));
    lines.push(verdict());
    lines
}

/// The files of photos and recordings of some teams, and what is to be said of them.
pub fn files(
    storage: &Sqlite,
    teams: &[TeamId],
    folder: &DataFolder,
    place: Option<&str>,
    read: bool,
    say: &Say,
) -> Done<(Files, Vec<String>)> {
    let keep = place_as_it_is(folder, place)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::from)?;
    let mut files = Files::default();
    for team in teams {
        let view = storage.read(*team)?;
        files = files.and(runtime.block_on(lacking::files(&*view, keep.as_ref(), read))?);
    }
    let place = place.map_or_else(|| folder.path().join("blobs").display().to_string(), str::to_owned);
    let said = |key: &str, count: u64| {
        let args =
            [("known", files.known.to_string()), ("count", count.to_string()), ("place", place.clone())];
        (count > 0).then(|| say.text(key, &args))
    };
    let lines = [said("said-files-lacking", files.lacking), said("said-files-changed", files.changed)];
    Ok((files, lines.into_iter().flatten().collect()))
}

/// Lists what a supervisor should look at.
pub fn list(view: &dyn Read, say: &Say) -> Done<()> {
    let found = exceptions(view, now_ms())?;
    let line = |e: &Exception| {
        let rule = e.rule.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
        // The operator sees every team: the other record is named by its id.
        let other = e.other.map(|doc| format!(" → {doc}")).unwrap_or_default();
        let evidence = e.evidence.join(", ") + &other;
        format!(
            "{}  {} · {}\n    {}{rule}: {}\n    {evidence}",
            e.doc,
            say.of(&e.title),
            e.owner_name,
            say.of(&e.what),
            say.of(&e.reason)
        )
    };
    let none = found.is_empty().then(|| say.text("exceptions-none", &[]));
    say.answer(&json!(found), found.iter().map(line).chain(none).collect::<Vec<_>>());
    Ok(())
}
