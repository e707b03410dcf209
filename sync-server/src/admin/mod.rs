//! What an operator does: every command as a function of the database, for the command line and
//! for the console. None of them prints.
//!
//! - [`by`]: who has it done, and whether they may.
//! - [`team`]: teams, people, invitations, withdrawing access. [`roles`]: what they may be, and
//!   who leads them. [`access`]: areas, and changes of who leads whom.
//! - [`leaving`]: who takes over those whom somebody led.
//! - [`holding`]: work that was handed over, to be accepted or dropped.
//! - [`typed`]: what people type, as answers. - [`publish`]: new versions of packs.
//! - [`tables`]: the company's own tables in them. - [`import`]: master data from CSV.
//! - [`rows`]: what is computed, made anew after an upgrade.
//! - [`verify`]: whether everything that is computed follows from what was stored.
//! - [`lacking`]: whose files are not where they are kept.
//! - [`report`]: counts, and digests to compare with phones.
//! - [`files`]: the data folder and its backup. [`restore`]: a backup in the place of the data.

pub mod access;
pub mod by;
pub mod conflicts;
pub mod csv;
pub mod files;
pub mod holding;
pub mod import;
pub mod lacking;
pub mod leaving;
pub mod publish;
pub mod reminders;
pub mod report;
pub mod restore;
pub mod roles;
pub mod rows;
pub mod sheets;
mod sorts;
pub mod tables;
pub mod team;
pub mod typed;
pub mod verify;
pub mod views;

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::texts::messages;
use rounds_model::text::{Lang, Text};

/// Why a command is not carried out: a message of this crate with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable, kebab-case; also the message.
    pub code: &'static str,
    /// What the message names, in both languages.
    pub args: Vec<(&'static str, Text)>,
}

/// How a command can fail.
#[derive(Debug)]
pub enum Trouble {
    /// What was asked for cannot be done, for these reasons.
    Refused(Vec<Refused>),
    /// Something broke.
    Failed(Error),
}

/// The result of a command.
pub type Done<T> = Result<T, Trouble>;

impl Refused {
    /// A refusal with what it names.
    pub fn new(code: &'static str, args: &[(&'static str, &dyn std::fmt::Display)]) -> Self {
        let both = |value: &dyn std::fmt::Display| Text::new(value.to_string(), value.to_string());
        Refused { code, args: args.iter().map(|(name, value)| (*name, both(*value))).collect() }
    }

    /// The same, naming something that is itself said in both languages.
    pub fn with(mut self, name: &'static str, text: Text) -> Self {
        self.args.push((name, text));
        self
    }

    /// In both languages.
    pub fn text(&self) -> Text {
        Text::new(self.say(Lang::Zh), self.say(Lang::En))
    }

    /// In one language.
    pub fn say(&self, lang: Lang) -> String {
        let args: Vec<_> = self.args.iter().map(|(name, text)| (*name, text.get(lang).to_owned())).collect();
        messages().get(lang, self.code, &args)
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Trouble::Refused(vec![refused])
    }
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(e: E) -> Self {
        Trouble::Failed(e.into())
    }
}
