//! One record as text.

use super::greyed::{act, papers};
use super::lists::line;
use super::paper::printable;
use super::{Plain, reason, word};
use crate::screens::conflicts::{Chosen, Open};
use crate::screens::questions::Question;
use crate::screens::record::{Choice, RecordScreen};
use crate::screens::score::Scored;
use crate::screens::tabs::Tab;
use rounds_model::text::Lang;
use std::fmt::Write;

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
        if self.tabs.is_empty() {
            self.documents.iter().try_for_each(|list| papers(out, list))?;
            self.questions.iter().try_for_each(|q| question(out, q, lang))?;
        }
        self.tabs.iter().try_for_each(|t| tab(out, self, t, lang))?;
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
            for said in d.carried.iter().chain(&d.facts) {
                writeln!(out, "    {}: {}", said.title, said.shown)?;
            }
            d.reason.iter().try_for_each(|r| reason(out, r))?;
        }
        self.prints.iter().try_for_each(|print| printable(out, print, lang))?;
        let elsewhere = |c: &&Choice| self.tabs.iter().all(|tab| !tab.acts.contains(&c.act));
        self.acts.iter().filter(elsewhere).try_for_each(|c| act(out, c, lang))
    }
}

/// A tab under its title: its documents, questions, buttons, and what can be looked up.
fn tab(out: &mut String, screen: &RecordScreen, tab: &Tab, lang: Lang) -> std::fmt::Result {
    let open = if tab.open == 0 {
        String::new()
    } else {
        word(lang, "print-tab-open", &[("count", tab.open.to_string())])
    };
    writeln!(out, "── {} ({}) {open}", tab.title, tab.name)?;
    let documents = screen.documents.iter().filter(|list| tab.documents.contains(&list.name));
    documents.into_iter().try_for_each(|list| papers(out, list))?;
    let questions = screen.questions.iter().filter(|q| tab.questions.contains(&q.key));
    questions.into_iter().try_for_each(|q| question(out, q, lang))?;
    let acts = screen.acts.iter().filter(|c| tab.acts.contains(&c.act));
    acts.into_iter().try_for_each(|c| act(out, c, lang))?;
    for found in &tab.finders {
        let (kind, finder) = (&found.kind, &found.finder);
        writeln!(out, "  ? {} (find {kind} {} {})", finder.title, finder.name, finder.asks.join(" "))?;
    }
    Ok(())
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

fn question(out: &mut String, q: &Question, lang: Lang) -> std::fmt::Result {
    let mark = if q.required { "*" } else { " " };
    if q.kind == "group" || q.kind == "repeat" {
        return writeln!(out, " {} ({})", q.label, q.path);
    }
    let label = if q.label.is_empty() { q.key.rsplit('/').next().unwrap_or_default() } else { &q.label };
    writeln!(out, " {mark}{label}: {} ({})", q.shown, q.path)?;
    if let Some(typed) = &q.typed {
        writeln!(out, "    {}", word(lang, "print-typed", &[("typed", typed.clone())]))?;
    }
    if let Some(comment) = &q.comment {
        writeln!(out, "    {}", word(lang, "print-comment", &[("comment", comment.clone())]))?;
    }
    match &q.error {
        Some(e) => writeln!(out, "    ! {e}"),
        None => Ok(()),
    }
}

pub(super) fn conflict(out: &mut String, c: &Open) -> std::fmt::Result {
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
