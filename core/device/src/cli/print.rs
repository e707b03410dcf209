//! Screens as text for a terminal, or as JSON for a program.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use super::lists::{act, papers};
use crate::acting::Made;
use crate::error::{RoundsError, messages};
use crate::filling::Wrong;
use crate::identity::Identity;
use crate::moving::Move;
use crate::projecting::Verification;
use crate::screens::audit::Audited;
use crate::screens::conflicts::{Chosen, Conflicted, Open};
use crate::screens::list::{Candidates, KindItem, Page};
use crate::screens::outbox::{Entry, Outbox, State};
use crate::screens::questions::{Offered, Question};
use crate::screens::record::{Reason, RecordScreen};
use crate::screens::row::Row;
use crate::screens::score::Scored;
use crate::screens::status::Status;
use crate::screens::support_log::SupportLog;
use crate::screens::today::Today;
use crate::settings::Settings;
use crate::sync::progress::Progress;
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

/// Prints a text that is a file's content.
pub fn raw(text: &str) {
    print!("{text}");
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

/// What is wrong, if anything is.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Checked(pub Option<Wrong>);

/// A page of choices.
#[derive(Serialize)]
pub struct Choices {
    /// The choices.
    pub choices: Vec<Offered>,
    /// There are more.
    pub more: bool,
}

/// The audit of a record.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Audits(pub Vec<Audited>);

/// What moving a record would change, if it can be moved.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Newer(pub Option<Move>);

/// The kinds of a team.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Kinds(pub Vec<KindItem>);

/// Every open conflict.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Conflicts(pub Vec<Conflicted>);

pub(super) fn word(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
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
        synced_lines(out, &self.synced, lang)?;
        self.status.plain(out, lang)
    }
}

fn synced_lines(out: &mut String, synced: &Synced, lang: Lang) -> std::fmt::Result {
    let c = &synced.changes;
    let args = [("sent", c.sent), ("received", c.received), ("accepted", c.accepted)];
    let args = args.map(|(k, n)| (k, n.to_string()));
    writeln!(out, "{}", word(lang, "print-synced", &args))?;
    if c.blocked + c.held > 0 {
        let args = [("blocked", c.blocked.to_string()), ("held", c.held.to_string())];
        writeln!(out, "{}", word(lang, "print-not-taken", &args))?;
    }
    synced.carried.plain(out, lang)?;
    let media = &synced.media;
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
    match synced.unfinished {
        Some(_) => writeln!(out, "{}", word(lang, "stopped", &[])),
        None => Ok(()),
    }
}

impl Plain for Progress {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        match self {
            Progress::Started { cause, waiting } => {
                let why = word(lang, &format!("cause-{}", cause.code().replace('_', "-")), &[]);
                let args = [("why", why), ("waiting", waiting.to_string())];
                writeln!(out, "{}", word(lang, "print-started", &args))
            }
            Progress::Sent { n, of } => {
                let args = [("sent", n.to_string()), ("of", of.to_string())];
                writeln!(out, "  {}", word(lang, "chip-syncing", &args))
            }
            Progress::Received { items } => {
                writeln!(out, "  {}", word(lang, "print-received", &[("n", items.to_string())]))
            }
            Progress::Photo { number, of, bytes, size } => {
                let percent = bytes.saturating_mul(100).checked_div(*size).unwrap_or(0);
                let args =
                    [("number", *number), ("of", *of), ("percent", percent), ("kb", size.div_ceil(1_000))];
                let args = args.map(|(k, n)| (k, n.to_string()));
                writeln!(out, "  {}", word(lang, "print-photo", &args))
            }
            Progress::Finished { synced } => synced_lines(out, synced, lang),
            Progress::Failed { error, next_try } => {
                writeln!(out, "! {}", error.message(lang))?;
                let next = next_try.as_ref().map(|next| next.text(lang));
                writeln!(out, "  {}", next.unwrap_or_else(|| word(lang, "no-next-try", &[])))
            }
        }
    }
}

impl Plain for SupportLog {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "rounds {} · protocol {} · store {}", self.app, self.protocol, self.store)?;
        let counts = [
            ("waiting", self.waiting),
            ("held", self.held),
            ("blocked", self.blocked),
            ("photos", self.photos_waiting),
            ("kills", self.kills_survived),
        ];
        let args = counts.map(|(k, n)| (k, n.to_string()));
        writeln!(out, "{}", word(lang, "print-log-counts", &args))?;
        for entry in &self.tries {
            let t = &entry.tried;
            let times = if t.times > 1 { format!(" ×{}", t.times) } else { String::new() };
            let until = entry.until.as_deref().map(|at| format!(" … {at}")).unwrap_or_default();
            writeln!(out, "{}{until}  {}{times}  {}", entry.at, t.outcome, entry.why)?;
            let args = [
                ("exchanges", t.exchanges),
                ("up", t.up),
                ("down", t.down),
                ("sent", t.sent),
                ("held", t.held),
                ("received", t.received),
                ("photos", t.photos),
                ("ms", t.took_ms),
            ];
            writeln!(out, "    {}", word(lang, "print-log", &args.map(|(k, n)| (k, n.to_string()))))?;
        }
        Ok(())
    }
}

impl Plain for Status {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "[{}]", self.text)?;
        self.trouble.iter().try_for_each(|r| reason(out, r))?;
        if let Some(next) = &self.next_try {
            writeln!(out, "    {}", next.text(lang))?;
        }
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

impl Plain for Checked {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        match &self.0 {
            None => writeln!(out, "{}", word(lang, "print-nothing-wrong", &[])),
            Some(wrong) => writeln!(out, "! {}: {} ({})", wrong.label, wrong.message, wrong.question),
        }
    }
}

impl Plain for Choices {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        self.choices.iter().try_for_each(|c| writeln!(out, "{:20} {}", c.value, c.label))?;
        if self.more { writeln!(out, "…") } else { Ok(()) }
    }
}

impl Plain for Audits {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        for a in &self.0 {
            let spent =
                a.spent_ms.map(|ms| format!(" · {:.1} s", f64::from(ms) / 1000.0)).unwrap_or_default();
            let what = if a.changed {
                format!("{} → {}", a.old.join(" / "), a.new)
            } else {
                word(lang, "print-looked-at", &[])
            };
            writeln!(out, "{} {} · {}: {what}{spent} ({})", a.at, a.by, a.label, a.question)?;
        }
        Ok(())
    }
}

impl Plain for Newer {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let Some(m) = &self.0 else { return writeln!(out, "{}", word(lang, "print-no-newer", &[])) };
        let args = [("from", m.from.to_string()), ("to", m.to.to_string())];
        writeln!(out, "{}", word(lang, "print-newer", &args))?;
        for q in &m.questions {
            let what = word(lang, &format!("print-question-{}", q.what), &[]);
            writeln!(out, "  {what} {} ({}) {}", q.label, q.path, q.columns.join(", "))?;
        }
        for a in &m.misfits {
            let what = word(lang, "print-misfit", &[]);
            writeln!(out, "  ! {what} {}: {} ({}) {}", a.label, a.value, a.key, a.reason)?;
        }
        for a in &m.unseen {
            let what = word(lang, "print-unseen", &[]);
            writeln!(out, "  {what} {}: {} ({})", a.label, a.value, a.key)?;
        }
        Ok(())
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
        for kind in &self.0 {
            writeln!(out, "{:20} {}", kind.name, kind.title)?;
            for finder in &kind.finders {
                let asks: String = finder.asks.iter().map(|name| format!(" {name}=")).collect();
                writeln!(out, "    find {} {}{asks}  ({})", kind.name, finder.name, finder.title)?;
            }
        }
        Ok(())
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
        for r in &self.rows {
            line(out, r)?;
            r.act.iter().try_for_each(|c| act(out, c, lang))?;
        }
        match self.next {
            Some(next) => writeln!(out, "… --before {next}"),
            None => Ok(()),
        }
    }
}

impl Plain for Candidates {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "{}", self.title)?;
        if self.rows.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        rows(out, &self.rows)?;
        if self.more { writeln!(out, "…") } else { Ok(()) }
    }
}

fn rows(out: &mut String, rows: &[Row]) -> std::fmt::Result {
    rows.iter().try_for_each(|r| line(out, r))
}

pub(super) fn line(out: &mut String, r: &Row) -> std::fmt::Result {
    let badges: Vec<_> = r.badges.iter().map(|b| format!("[{}]", b.text)).collect();
    let subtitle = r.subtitle.as_deref().map(|s| format!(" · {s}")).unwrap_or_default();
    writeln!(out, "{}  {}{subtitle} · {} {}", r.id, r.title, r.stage.title, badges.join(" "))
}

impl Plain for RecordScreen {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        line(out, &self.row)?;
        if let Some(newer) = self.newer {
            let args = [("from", self.version.to_string()), ("to", newer.to_string())];
            writeln!(out, "  {}", word(lang, "print-newer-there", &args))?;
        }
        if let Some(score) = &self.score {
            scored(out, score, lang)?;
        }
        for n in &self.numbers {
            let doubt = if n.provisional { word(lang, "print-provisional", &[]) } else { String::new() };
            writeln!(out, "  {}: {} {doubt}", n.title, n.value)?;
        }
        self.documents.iter().try_for_each(|list| papers(out, list))?;
        for q in &self.questions {
            question(out, q)?;
        }
        for c in &self.conflicts {
            conflict(out, c)?;
        }
        self.chosen.iter().try_for_each(|c| chosen(out, c, lang))?;
        self.held.iter().try_for_each(|r| reason(out, r))?;
        self.handed.iter().try_for_each(|line| writeln!(out, "  … {line}"))?;
        for d in &self.done {
            let state = word(lang, &format!("print-{}", d.state), &[]);
            let clock = d.clock.as_ref().map(|doubt| format!(" ({doubt})")).unwrap_or_default();
            let turned = d.turned.as_ref().map(|act| format!(" → {act}")).unwrap_or_default();
            writeln!(out, "  {}{clock} {} · {} · {state}{turned}", d.at, d.title, d.by)?;
            d.reason.iter().try_for_each(|r| reason(out, r))?;
        }
        self.acts.iter().try_for_each(|c| act(out, c, lang))
    }
}

fn scored(out: &mut String, score: &Scored, lang: Lang) -> std::fmt::Result {
    let percent = |percent: Option<f64>| percent.map_or_else(|| "–".to_owned(), |p| format!("{p:.1} %"));
    let state = |passed: Option<bool>| match passed {
        Some(true) => word(lang, "print-passed", &[]),
        Some(false) => word(lang, "print-not-passed", &[]),
        None => String::new(),
    };
    let args = [("percent", percent(score.percent)), ("state", state(score.passed))];
    writeln!(out, "  {}", word(lang, "print-score", &args))?;
    if let Some(before) = &score.previous {
        let change = before.change.map(|change| format!("{change:+.1}")).unwrap_or_default();
        let args =
            [("percent", percent(Some(before.percent))), ("at", before.at.clone()), ("change", change)];
        writeln!(out, "    {}", word(lang, "print-score-before", &args))?;
    }
    for s in score.sections.iter().filter(|s| !s.name.is_empty()) {
        writeln!(out, "    {}: {} {}", s.name, percent(s.percent), state(s.passed))?;
    }
    for (key, critical) in
        [("print-critical-failed", &score.critical_failed), ("print-critical-open", &score.critical_open)]
    {
        for c in critical {
            writeln!(out, "    ! {} ({})", word(lang, key, &[("question", c.label.clone())]), c.key)?;
        }
    }
    Ok(())
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
        writeln!(out, "    {shown} {}. {} · {} · {} · {}", v.number, v.text, v.by, v.device, v.at)?;
    }
    Ok(())
}

fn chosen(out: &mut String, c: &Chosen, lang: Lang) -> std::fmt::Result {
    let args = [
        ("label", c.label.clone()),
        ("value", c.value.clone()),
        ("others", c.instead_of.join(" / ")),
        ("by", c.by.clone()),
        ("device", c.device.clone()),
        ("at", c.at.clone()),
    ];
    writeln!(out, "  ✓ {}", word(lang, "print-chosen", &args))
}

pub(super) fn reason(out: &mut String, r: &Reason) -> std::fmt::Result {
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
            ("print-taken", &self.taken),
        ];
        for (title, entries) in parts {
            if !entries.is_empty() {
                writeln!(out, "{} ({})", word(lang, title, &[]), entries.len())?;
                entries.iter().try_for_each(|e| entry(out, e, lang))?;
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

fn entry(out: &mut String, e: &Entry, lang: Lang) -> std::fmt::Result {
    let record = e.record.as_ref().map(|r| format!("{} {}", r.id, r.title)).unwrap_or_default();
    let number = e.number.map(|n| format!("{n}. ")).unwrap_or_default();
    writeln!(out, "  {number}{} {} · {record}", e.at, e.what)?;
    if e.state == State::Sending {
        writeln!(out, "    {}", e.state.text(lang))?;
    }
    e.reason.iter().try_for_each(|r| reason(out, r))?;
    if let Some(at) = &e.next_try {
        writeln!(out, "    {}", word(lang, "next-try", &[("at", at.clone())]))?;
    }
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
