//! Batches as text.

use super::fill::wrong;
use super::lists::line;
use super::{Plain, reason, word};
use crate::authoring::Typed;
use crate::batch::foresee::Foreseen;
use crate::batch::run::ItemDone;
use crate::screens::batch::{BatchLine, BatchScreen};
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// Every batch.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Batches(pub Vec<BatchLine>);

impl Plain for Batches {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.0.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        self.0.iter().try_for_each(|batch| head(out, batch))
    }
}

fn head(out: &mut String, batch: &BatchLine) -> std::fmt::Result {
    writeln!(out, "{}  {} · {} · {}", batch.number, batch.title, batch.at, batch.state_text)?;
    batch.newer.iter().try_for_each(|newer| writeln!(out, "    {newer}"))
}

impl Plain for BatchScreen {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        head(out, &self.line)?;
        for item in &self.items {
            write!(out, "{:>4} {} · ", item.item, item.state_text)?;
            match &item.record {
                Some(record) => line(out, record)?,
                None => writeln!(out, "{}", typed(&item.typed))?,
            }
            item.reason.iter().try_for_each(|r| reason(out, r))?;
            item.wrong.iter().try_for_each(|one| wrong(out, one, lang))?;
        }
        if self.line.progress.refused > 0 && self.line.state != "cancelled" {
            writeln!(out, "{}", word(lang, "print-batch-decide", &[("n", self.line.number.to_string())]))?;
        }
        Ok(())
    }
}

impl Plain for Foreseen {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [("possible", self.possible.to_string()), ("refused", self.refused.to_string())];
        writeln!(out, "{} · {}", self.title, word(lang, "print-batch-foreseen", &args))?;
        for item in &self.items {
            write!(out, "{:>4} {} ", item.item, if item.possible { "→" } else { "–" })?;
            match &item.record {
                Some(record) => {
                    let subtitle = record.subtitle.as_deref().map(|s| format!(" · {s}")).unwrap_or_default();
                    writeln!(out, "{}{subtitle} · {}", record.title, record.stage.title)?;
                }
                None => writeln!(out, "{}", typed(&item.typed))?,
            }
            item.reason.iter().try_for_each(|r| reason(out, r))?;
            item.wrong.iter().try_for_each(|one| wrong(out, one, lang))?;
        }
        Ok(())
    }
}

/// What happened to one item, as a line.
pub fn item_done(done: &ItemDone, lang: Lang) -> String {
    let p = done.progress;
    let state = word(lang, &format!("batch-item-{}", done.state.code()), &[]);
    format!("{}/{} · {} · {state}\n", p.of - p.waiting, p.of, done.item)
}

fn typed(typed: &[Typed]) -> String {
    typed.iter().map(|(key, text)| format!("{key}={text}")).collect::<Vec<_>>().join(" ")
}
