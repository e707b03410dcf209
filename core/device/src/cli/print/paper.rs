//! What was printed, as text.

use super::{Plain, reason, word};
use crate::printing::Paper;
use crate::screens::prints::Printable;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// A paper that was written to a file.
#[derive(Serialize)]
pub struct PrintedTo {
    /// What was printed.
    #[serde(flatten)]
    pub paper: Paper,
    /// How many bytes the file has.
    pub bytes: usize,
    /// It is remembered that it was printed.
    pub remembered: bool,
}

impl Plain for PrintedTo {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let args = [("title", self.paper.title.clone()), ("pages", self.paper.pages.to_string())];
        writeln!(out, "{}", word(lang, "paper-made", &args))?;
        if !self.paper.lacking.is_empty() {
            let few = self.paper.lacking.iter().take(20).map(|c| format!("{c} U+{:04X}", u32::from(*c)));
            let args = [("letters", few.collect::<Vec<_>>().join(", "))];
            writeln!(out, "{}", word(lang, "paper-lacking", &args))?;
        }
        if self.remembered { writeln!(out, "{}", word(lang, "paper-remembered", &[])) } else { Ok(()) }
    }
}

/// What can be printed, greyed if it cannot, and why.
pub(super) fn printable(out: &mut String, print: &Printable, lang: Lang) -> std::fmt::Result {
    let mark = if print.possible { "⎙" } else { "–" };
    let must = if print.must { word(lang, "badge-print", &[]) } else { String::new() };
    writeln!(out, "  {mark} {} (print --as {}) {must}", print.title, print.name)?;
    print.reason.iter().try_for_each(|r| reason(out, r))
}
