//! Lists as text: reminders, the slots of a day, and what is greyed.

use super::lists::line;
use super::{Plain, reason, word};
use crate::screens::choosing::Candidates;
use crate::screens::greyed::Acts;
use crate::screens::papers::Papers;
use crate::screens::record::Choice;
use crate::screens::reminders::{Due, Reminders};
use crate::screens::schedule::DayPlan;
use rounds_model::text::Lang;
use std::fmt::Write;

impl Plain for Reminders {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if let Some(doubt) = &self.clock {
            writeln!(out, "({doubt})")?;
        }
        if self.overdue.is_empty() && self.soon.is_empty() {
            return writeln!(out, "{}", word(lang, "print-no-reminders", &[]));
        }
        for (key, list) in [("print-overdue", &self.overdue), ("print-soon", &self.soon)] {
            if !list.is_empty() {
                writeln!(out, "{} ({})", word(lang, key, &[]), list.len())?;
                list.iter().try_for_each(|due| one(out, due, lang))?;
            }
        }
        Ok(())
    }
}

fn one(out: &mut String, due: &Due, lang: Lang) -> std::fmt::Result {
    let rule = due.rule.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
    let days = word(lang, "print-due", &[("due", due.due.clone()), ("days", due.days.abs().to_string())]);
    let act = match (&due.print, &due.act) {
        (Some(print), _) => format!(" → print --as {print}"),
        (None, act) => act.as_deref().map(|act| format!(" → {act}")).unwrap_or_default(),
    };
    writeln!(out, "  ! {} · {days}{act}{rule}", due.text)?;
    write!(out, "    ")?;
    line(out, &due.record)
}

impl Plain for DayPlan {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.schedules.is_empty() {
            return writeln!(out, "{} · {}", self.day, word(lang, "print-no-schedule", &[]));
        }
        for plan in &self.schedules {
            let season = plan.season.as_deref().map(|season| format!(" · {season}")).unwrap_or_default();
            writeln!(out, "{} · {}{season}", self.day, plan.title)?;
            for slot in &plan.slots {
                let now = if slot.now { "●" } else { " " };
                writeln!(out, " {now} {}–{} {}", slot.from, slot.to, slot.title)?;
            }
            plan.note.iter().try_for_each(|note| writeln!(out, "   {note}"))?;
        }
        Ok(())
    }
}

impl Plain for Acts {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        self.0.iter().try_for_each(|c| act(out, c, lang))
    }
}

impl Plain for Candidates {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.candidates.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        for c in &self.candidates {
            write!(out, "{} ", if c.possible { "→" } else { "–" })?;
            line(out, &c.row)?;
            c.reason.iter().try_for_each(|r| reason(out, r))?;
        }
        self.next.iter().try_for_each(|next| writeln!(out, "… --before {next}"))
    }
}

/// A button, greyed if it cannot be pressed, and why.
pub(super) fn act(out: &mut String, c: &Choice, lang: Lang) -> std::fmt::Result {
    let asks: Vec<_> = c.asks.iter().map(|a| a.name.as_str()).collect();
    let mark = if c.possible { "→" } else { "–" };
    writeln!(out, "  {mark} {} {} ({})", c.title, c.act, asks.join(" "))?;
    if let Some(turns) = &c.turns {
        writeln!(out, "      {}", word(lang, "print-turns", &[("act", turns.clone())]))?;
    }
    c.reason.iter().try_for_each(|r| reason(out, r))
}

/// A checklist: what counts, and what does not and why.
pub(super) fn papers(out: &mut String, list: &Papers) -> std::fmt::Result {
    writeln!(out, "  {} ({}/{})", list.title, list.items.len() - list.missing, list.items.len())?;
    for item in &list.items {
        let only =
            if item.only_for.is_empty() { String::new() } else { format!(" [{}]", item.only_for.join(", ")) };
        writeln!(
            out,
            "    {} {}{only} ({})",
            if item.lacks.is_none() { "✓" } else { "–" },
            item.title,
            item.key
        )?;
        item.lacks.iter().try_for_each(|r| reason(out, r))?;
    }
    Ok(())
}
