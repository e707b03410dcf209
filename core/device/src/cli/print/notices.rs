//! What there is to know.

use super::{Plain, word};
use crate::screens::notices::NoticeLine;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// The notices that nobody has put aside.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Notices(pub Vec<NoticeLine>);

impl Plain for Notices {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.0.is_empty() {
            return writeln!(out, "{}", word(lang, "print-no-notices", &[]));
        }
        for line in &self.0 {
            writeln!(out, "{}  {}  {}", line.number, line.at, line.text)?;
            line.more.iter().try_for_each(|more| writeln!(out, "    {more}"))?;
        }
        Ok(())
    }
}
