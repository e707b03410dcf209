//! The sync server of Rounds: what every phone of a team exchanges with.
//!
//! Read in this order:
//!
//! - [`storage`]: where everything is kept, behind traits; [`storage::sqlite`] is the embedded
//!   database. Every row belongs to a team, and every accepted thing has a place in its log.
//! - [`exchange`]: a phone's exchange, from its token to the answer: the pushed items are judged
//!   in order in one transaction, and only then are receipts given. The rules come from
//!   `rounds-workflow`; this crate knows no kind of record by name.
//! - [`blobs`]: photos and files, in parts up and by their hash down.
//! - [`evidence`]: recordings and photos, confirmed, checked, and what a supervisor should look at.
//! - [`handover`]: a phone's unsent work that came as a sealed file.
//! - [`enrol`]: how an invitation becomes a device. [`secrets`]: tokens, codes, passwords.
//! - [`wakes`]: telling phones that there is something new for them.
//! - [`api`]: the same over HTTP, bounded; errors become faults with a text and a remedy.
//! - [`console`]: what a supervisor sees of it, as web pages.
//! - [`admin`]: what an operator does, as functions; [`cli`]: as commands.
//! - [`error`]: what can go wrong. [`texts`]: what people read. [`clock`]: the time.
//!
//! Architecture invariants:
//!
//! - A receipt is sent only for what is durably stored.
//! - Content that a device may not have written is held with a reason, and stops nothing else.
//! - No projection can be read that its document and acts do not imply: [`admin::verify`].
//! - Nothing below [`api`] knows HTTP, and nothing below [`cli`] prints.
//! - The log of the process has no names, answers, tokens or codes in it.

pub mod admin;
pub mod api;
pub mod blobs;
pub mod cli;
pub mod clock;
pub mod console;
pub mod enrol;
pub mod error;
pub mod evidence;
pub mod exchange;
pub mod handover;
pub mod secrets;
pub mod storage;
pub mod texts;
pub mod wakes;

#[cfg(test)]
pub(crate) mod testing;
