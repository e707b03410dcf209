//! The outbox as text: for a rep in words, for support with everything.

use super::{Plain, reason, word};
use crate::screens::outbox::{Entry, Outbox, State};
use crate::screens::record::Reason;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// The outbox with ids, codes, and keys and values as they are stored.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Raw(pub Outbox);

impl Plain for Outbox {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        outbox(out, self, lang, false)
    }
}

impl Plain for Raw {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        outbox(out, &self.0, lang, true)
    }
}

fn outbox(out: &mut String, screen: &Outbox, lang: Lang, raw: bool) -> std::fmt::Result {
    writeln!(out, "[{}]", screen.status.text)?;
    let parts = [
        ("print-blocked", "count-items", &screen.blocked),
        ("print-otherwise", "count-items", &screen.turned),
        ("print-held", "count-items", &screen.held),
        ("print-waiting", "count-items", &screen.waiting),
        ("print-media-waiting", "count-photos", &screen.media),
        ("print-taken", "count-records", &screen.taken),
    ];
    for (title, unit, entries) in parts {
        if !entries.is_empty() {
            heading(out, lang, title, unit, entries.len())?;
            entries.iter().try_for_each(|e| entry(out, e, lang, raw))?;
        }
    }
    if !screen.handed_over.is_empty() {
        heading(out, lang, "print-handed", "count-items", screen.handed_over.len())?;
    }
    for h in &screen.handed_over {
        writeln!(out, "  {}. {} · {} · {}: {}", h.number, h.title, h.at, h.what, h.text)?;
        why(out, &h.reason, raw)?;
    }
    Ok(())
}

fn heading(out: &mut String, lang: Lang, title: &str, unit: &str, n: usize) -> std::fmt::Result {
    let count = word(lang, unit, &[("n", n.to_string())]);
    writeln!(out, "{} ({count})", word(lang, title, &[]))
}

fn entry(out: &mut String, e: &Entry, lang: Lang, raw: bool) -> std::fmt::Result {
    let title = e.record.as_ref().map(|r| format!(" · {}", r.title)).unwrap_or_default();
    let number = e.number.map(|n| format!("{n}. ")).unwrap_or_default();
    writeln!(out, "  {number}{}{title} · {}", e.at, e.what)?;
    if raw {
        e.record.iter().try_for_each(|record| writeln!(out, "    {}", record.id))?;
        e.stored.iter().try_for_each(|stored| writeln!(out, "    {stored}"))?;
    }
    if e.state == State::Sending {
        writeln!(out, "    {}", e.state.text(lang))?;
    }
    e.reason.iter().try_for_each(|r| why(out, r, raw))?;
    if let Some(at) = &e.next_try {
        writeln!(out, "    {}", word(lang, "next-try", &[("at", at.clone())]))?;
    }
    e.decide.iter().try_for_each(|d| writeln!(out, "    {d}"))
}

fn why(out: &mut String, r: &Reason, raw: bool) -> std::fmt::Result {
    if raw { reason(out, r) } else { writeln!(out, "    ! {} {}", r.reason, r.remedy) }
}
