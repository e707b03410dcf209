//! Lists of records and kinds, and the open conflicts.

use super::greyed::act;
use super::record::conflict;
use super::{Plain, word};
use crate::screens::conflicts::Conflicted;
use crate::screens::list::{Candidates, KindItem, Page};
use crate::screens::row::Row;
use crate::screens::today::Today;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// The kinds of a team.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Kinds(pub Vec<KindItem>);

impl Plain for Kinds {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        for kind in &self.0 {
            writeln!(out, "{:20} {}", kind.name, kind.title)?;
            for list in &kind.lists {
                writeln!(out, "    list {} --as {}  ({})", kind.name, list.name, list.title)?;
            }
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
            let key = if self.status.state == "never" { "print-never" } else { "print-nothing-today" };
            return writeln!(out, "{}", word(lang, key, &[]));
        }
        rows(out, &self.rows)
    }
}

impl Plain for Page {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.rows.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        if !self.columns.is_empty() {
            writeln!(out, "{}", self.columns.join(" | "))?;
        }
        for r in &self.rows {
            line(out, r)?;
            if !r.cells.is_empty() {
                writeln!(out, "    {}", r.cells.join(" | "))?;
            }
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

/// Every open conflict.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Conflicts(pub Vec<Conflicted>);

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
