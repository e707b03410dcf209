//! Screens as text for a terminal, or as JSON for a program.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use crate::acting::Made;
use crate::error::{RoundsError, messages};
use crate::identity::Identity;
use crate::projecting::Verification;
use crate::screens::conflicts::{Conflicted, Open};
use crate::screens::list::{KindItem, Page};
use crate::screens::outbox::{Entry, Outbox};
use crate::screens::questions::Question;
use crate::screens::record::{Reason, RecordScreen};
use crate::screens::row::Row;
use crate::screens::status::Status;
use crate::screens::today::Today;
use crate::settings::Settings;
use crate::sync::run::Synced;
use rounds_model::digest::Digest;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// How to print.
pub struct Out {
    /// JSON instead of text.
    pub json: bool,
    /// For people.
    pub lang: Lang,
}

impl Out {
    /// Prints a screen.
    pub fn show<T: Serialize + Plain>(&self, screen: &T) {
        if self.json {
            json(screen);
        } else {
            let mut text = String::new();
            // Writing to a String cannot fail.
            let _ = screen.plain(&mut text, self.lang);
            print!("{}", harmless(&text));
        }
    }
}

/// Without what a terminal would act on: an answer may hold escape sequences or turn the direction
/// of the line around.
fn harmless(text: &str) -> String {
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}

/// Prints one line of JSON.
pub fn json<T: Serialize>(value: &T) {
    match serde_json::to_string(value) {
        Ok(line) => println!("{line}"),
        Err(e) => eprintln!("{e}"),
    }
}

/// Prints an error for a person.
pub fn error(error: &RoundsError, lang: Lang) {
    eprintln!("{}\n{}\n({})", error.text.get(lang), error.remedy.get(lang), error.code);
}

/// A screen as text.
pub trait Plain {
    /// Writes the text.
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result;
}

/// What enrolment led to; no secret is in it.
#[derive(Serialize)]
pub struct Enrolled {
    device: String,
    person: String,
    role: String,
    team: String,
}

impl Enrolled {
    /// From the identity.
    pub fn of(identity: &Identity) -> Self {
        Enrolled {
            device: identity.device.to_string(),
            person: identity.person.name.clone(),
            role: identity.person.role.to_string(),
            team: identity.team.name.clone(),
        }
    }
}

/// What a sync did, and where the phone stands now.
#[derive(Serialize)]
pub struct SyncDone {
    /// What it did.
    #[serde(flatten)]
    pub synced: Synced,
    /// Where the phone stands.
    pub status: Status,
}

/// What was saved.
#[derive(Serialize)]
pub struct Saved {
    /// The record.
    pub id: DocId,
    /// The instance of a repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

/// What is set.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Set(pub Settings);

/// A photo that was written to a file.
#[derive(Serialize)]
pub struct Fetched {
    /// Its hash.
    pub hash: BlobHash,
    /// Its bytes.
    pub bytes: u64,
}

/// The kinds of a team.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Kinds(pub Vec<KindItem>);

/// Every open conflict.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Conflicts(pub Vec<Conflicted>);

fn word(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}

impl Plain for Enrolled {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [("person", self.person.clone()), ("team", self.team.clone())];
        writeln!(out, "{}", word(lang, "print-enrolled", &args))
    }
}

impl Plain for SyncDone {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let c = &self.synced.changes;
        let args = [("sent", c.sent), ("received", c.received), ("accepted", c.accepted)];
        let args = args.map(|(k, n)| (k, n.to_string()));
        writeln!(out, "{}", word(lang, "print-synced", &args))?;
        if c.blocked + c.held > 0 {
            let args = [("blocked", c.blocked.to_string()), ("held", c.held.to_string())];
            writeln!(out, "{}", word(lang, "print-not-taken", &args))?;
        }
        let media = &self.synced.media;
        if media.sent + media.failed + media.waiting > 0 {
            let args = [("sent", media.sent), ("waiting", media.waiting), ("failed", media.failed)];
            let args = args.map(|(k, n)| (k, n.to_string()));
            writeln!(out, "{}", word(lang, "print-media", &args))?;
        }
        if media.waits_for_wifi && media.waiting > 0 {
            writeln!(out, "  {}", word(lang, "waits-for-wifi", &[]))?;
        }
        if let Some(stopped) = &media.stopped {
            writeln!(out, "  ! {}", stopped.message(lang))?;
        }
        self.status.plain(out, lang)
    }
}

impl Plain for Status {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "[{}]", self.text)?;
        let more = self.no_access.iter().chain(&self.packs_problem);
        more.into_iter().try_for_each(|text| writeln!(out, "{text}"))
    }
}

impl Plain for Set {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "wifi-only {}", if self.0.wifi_only { "on" } else { "off" })?;
        writeln!(out, "part-kib {}", self.0.part_kib)
    }
}

impl Plain for Fetched {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "{} {}", self.hash, self.bytes)
    }
}

impl Plain for Saved {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let instance = self.instance.as_deref().map(|i| format!(" {i}")).unwrap_or_default();
        writeln!(out, "{} {}{instance}", word(lang, "print-saved", &[]), self.id)
    }
}

impl Plain for Made {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "{} → {}", word(lang, "print-saved", &[]), self.stage)?;
        for (name, value) in &self.facts {
            writeln!(out, "  {name}: {value}")?;
        }
        Ok(())
    }
}

impl Plain for Kinds {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        self.0.iter().try_for_each(|k| writeln!(out, "{:20} {}", k.name, k.title))
    }
}

impl Plain for Today {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "{} · {}   [{}]", self.day, self.person, self.status.text)?;
        if self.rows.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing-today", &[]));
        }
        rows(out, &self.rows)
    }
}

impl Plain for Page {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.rows.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        rows(out, &self.rows)?;
        match self.next {
            Some(next) => writeln!(out, "… --before {next}"),
            None => Ok(()),
        }
    }
}

fn rows(out: &mut String, rows: &[Row]) -> std::fmt::Result {
    rows.iter().try_for_each(|r| line(out, r))
}

fn line(out: &mut String, r: &Row) -> std::fmt::Result {
    let badges: Vec<_> = r.badges.iter().map(|b| format!("[{}]", b.text)).collect();
    let subtitle = r.subtitle.as_deref().map(|s| format!(" · {s}")).unwrap_or_default();
    writeln!(out, "{}  {}{subtitle} · {} {}", r.id, r.title, r.stage.title, badges.join(" "))
}

impl Plain for RecordScreen {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        line(out, &self.row)?;
        for q in &self.questions {
            question(out, q)?;
        }
        for c in &self.conflicts {
            conflict(out, c)?;
        }
        self.held.iter().try_for_each(|r| reason(out, r))?;
        self.handed.iter().try_for_each(|line| writeln!(out, "  … {line}"))?;
        for d in &self.done {
            let state = word(lang, &format!("print-{}", d.state), &[]);
            writeln!(out, "  {} {} · {} · {state}", d.at, d.title, d.by)?;
            d.reason.iter().try_for_each(|r| reason(out, r))?;
        }
        for c in &self.acts {
            let asks: Vec<_> = c.asks.iter().map(|a| a.name.as_str()).collect();
            writeln!(
                out,
                "  {} {} ({} {})",
                if c.possible { "→" } else { "–" },
                c.title,
                c.act,
                asks.join(" ")
            )?;
            c.reason.iter().try_for_each(|r| reason(out, r))?;
        }
        Ok(())
    }
}

fn question(out: &mut String, q: &Question) -> std::fmt::Result {
    let mark = if q.required { "*" } else { " " };
    if q.kind == "group" || q.kind == "repeat" {
        return writeln!(out, " {} ({})", q.label, q.path);
    }
    let label = if q.label.is_empty() { q.key.rsplit('/').next().unwrap_or_default() } else { &q.label };
    writeln!(out, " {mark}{label}: {} ({})", q.shown, q.path)?;
    match &q.error {
        Some(e) => writeln!(out, "    ! {e}"),
        None => Ok(()),
    }
}

fn conflict(out: &mut String, c: &Open) -> std::fmt::Result {
    writeln!(out, "  ≠ {} ({})", c.label, c.key)?;
    for v in &c.versions {
        let shown = if v.shown { "●" } else { "○" };
        writeln!(out, "    {shown} {}. {} · {} · {} · {}", v.number, v.value, v.by, v.device, v.at)?;
    }
    Ok(())
}

fn reason(out: &mut String, r: &Reason) -> std::fmt::Result {
    let rule = r.rule.as_deref().map(|r| format!(", {r}")).unwrap_or_default();
    writeln!(out, "    ! {} {} ({}{rule})", r.reason, r.remedy, r.code)
}

impl Plain for Outbox {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "[{}]", self.status.text)?;
        let parts = [
            ("print-blocked", &self.blocked),
            ("print-held", &self.held),
            ("print-waiting", &self.waiting),
            ("print-media-waiting", &self.media),
        ];
        for (title, entries) in parts {
            if !entries.is_empty() {
                writeln!(out, "{} ({})", word(lang, title, &[]), entries.len())?;
                entries.iter().try_for_each(|e| entry(out, e))?;
            }
        }
        if !self.handed_over.is_empty() {
            writeln!(out, "{} ({})", word(lang, "print-handed", &[]), self.handed_over.len())?;
        }
        for h in &self.handed_over {
            writeln!(out, "  {}. {} · {} · {}: {}", h.number, h.title, h.at, h.what, h.text)?;
            reason(out, &h.reason)?;
        }
        Ok(())
    }
}

fn entry(out: &mut String, e: &Entry) -> std::fmt::Result {
    let record = e.record.as_ref().map(|r| format!("{} {}", r.id, r.title)).unwrap_or_default();
    let number = e.number.map(|n| format!("{n}. ")).unwrap_or_default();
    writeln!(out, "  {number}{} {} · {record}", e.at, e.what)?;
    e.reason.iter().try_for_each(|r| reason(out, r))?;
    e.decide.iter().try_for_each(|d| writeln!(out, "    {d}"))
}

impl Plain for Conflicts {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.0.is_empty() {
            return writeln!(out, "{}", word(lang, "print-no-conflicts", &[]));
        }
        for c in &self.0 {
            line(out, &c.row)?;
            c.conflicts.iter().try_for_each(|c| conflict(out, c))?;
        }
        Ok(())
    }
}

impl Plain for Verification {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [
            ("n", self.records.to_string()),
            ("bad", (self.different.len() + self.damaged.len()).to_string()),
        ];
        writeln!(out, "{}", word(lang, "print-verified", &args))?;
        self.different.iter().chain(&self.damaged).try_for_each(|doc| writeln!(out, "  {doc}"))
    }
}

impl Plain for Digest {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        self.scopes.iter().try_for_each(|(scope, sum)| writeln!(out, "{scope} {} {}", sum.records, sum.hash))
    }
}
