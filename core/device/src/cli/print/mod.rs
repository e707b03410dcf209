//! Screens as text for a terminal, or as JSON for a program.
//!
//! - `lists`: lists and kinds; `greyed`: what is due and what cannot be done. - `record`: one record.
//! - `fill`: what filling it answers. - `outbox`. - `paper`: what was printed. - `batch`: many records at once.
//! - `sync`: the exchange and its status; `notices`: what there is to know. - `support`: the log, verification, digests.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod batch;
mod fill;
mod greyed;
mod lists;
mod notices;
mod outbox;
mod paper;
mod record;
mod support;
mod sync;

pub use batch::{Batches, item_done};
pub use fill::{Acted, Audits, Entities, Newer, Saved};
pub use lists::{Conflicts, Kinds};
pub use notices::Notices;
pub use outbox::Raw;
pub use paper::PrintedTo;
pub use sync::{Enrolled, Fetched, Set, SyncDone};

use crate::error::{RoundsError, messages};
use crate::screens::record::Reason;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;
use std::io::Write as _;

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
            raw(&harmless(&text));
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
        Ok(line) => raw(&(line + "\n")),
        Err(e) => told(&format!("{e}\n")),
    }
}

/// Prints a text that is a file's content. Nobody may be reading any more (`| head`): what was done is done.
pub fn raw(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The same where errors go.
pub fn told(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Prints an error for a person.
pub fn error(error: &RoundsError, lang: Lang) {
    told(&format!("{}\n{}\n({})\n", error.text.get(lang), error.remedy.get(lang), error.code));
}

/// One sentence.
#[derive(Serialize)]
pub struct Line(pub String);

impl Plain for Line {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        writeln!(out, "{}", self.0)
    }
}

/// A screen as text.
pub trait Plain {
    /// Writes the text.
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result;
}

pub(super) fn word(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}

/// A reason with what to do, its code and its rule.
fn reason(out: &mut String, r: &Reason) -> std::fmt::Result {
    let rule = r.rule.as_deref().map(|r| format!(", {r}")).unwrap_or_default();
    writeln!(out, "    ! {} {} ({}{rule})", r.reason, r.remedy, r.code)
}
