//! Whole screens as plain data, in the reader's language: what a shell paints and what the headless
//! phone prints. A shell decides nothing.
//!
//! - [`status`]: the sync chip. - [`row`]: a record as lists show it. - [`today`], [`list`]:
//!   lists. - [`record`]: one record, with its [`questions`]. - [`outbox`] and [`conflicts`]: what
//!   needs a person; its photos are in `media`.

pub mod conflicts;
pub mod list;
mod media;
pub mod outbox;
pub mod questions;
pub mod record;
pub mod row;
pub mod status;
pub mod today;

use crate::error::messages;
use rounds_model::text::Lang;

/// One of this crate's messages.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}
