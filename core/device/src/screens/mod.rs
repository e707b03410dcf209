//! Whole screens as plain data, in the reader's language: what a shell paints and what the headless
//! phone prints. A shell decides nothing.
//!
//! - [`status`]: the sync chip. - [`row`]: a record as lists show it. - [`today`], [`list`]:
//!   lists. - [`record`]: one record, with its [`questions`], what its acts [`said`], and its [`score`]. - [`audit`]: who
//!   answered what, and how long it took. - [`greyed`]: what cannot be done and why; [`papers`],
//!   [`prints`], [`reminders`], [`mod@schedule`]: documents, what is printed, what is due, the day's slots. - [`outbox`] and
//!   [`conflicts`]: what needs a person; its photos are in `media`, its edits in words in `edited`.
//!   [`recording`]: the prompter of a script.
//!   - [`form`]: a record as it is filled. [`linked`]: what links to a record. [`team`]: for whoever leads one.
//!   - [`support_log`]: what was tried. [`notices`]: what the rep is told. [`batch`]: many records at once.

pub mod audit;
pub mod batch;
pub(crate) mod cell;
pub mod choosing;
pub mod conflicts;
mod edited;
pub mod entities;
pub mod form;
pub mod greyed;
pub mod linked;
pub mod list;
pub(crate) mod media;
pub mod notices;
pub mod outbox;
pub mod papers;
pub mod prints;
pub mod questions;
pub mod record;
pub mod recording;
pub mod reminders;
pub mod row;
pub mod said;
pub mod schedule;
pub mod score;
pub mod status;
pub mod support_log;
pub mod tabs;
pub mod team;
pub mod today;

use crate::error::messages;
use rounds_model::text::Lang;

/// One of this crate's messages.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}
