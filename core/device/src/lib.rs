//! The phone's half of Rounds: everything that happens on the device, with or without a network.
//!
//! - [`Rounds`] is the facade that shells call: one method for a screen or an action.
//! - [`store`] keeps everything, encrypted. [`platform`] is what the core needs of the machine.
//!   [`capture`] is what it needs of cameras, recorders, satellites and key stores.
//! - Writing: [`authoring`] (content), [`acting`] (statements), [`holding`] (what the
//!   server holds back), [`projecting`] (the rows that lists
//!   are made of), [`foreseeing`] (how what waits will be ruled), [`answers`] (what a person typed, as the value that it means).
//! - [`drafts`]: throwing away what was begun by mistake.
//! - [`handover`]: unsent work as a sealed bundle, when there is no network at all.
//! - [`batch`]: many records at once, in a job that goes on after a kill.
//! - [`filling`]: where a person is in a record and what is wrong there. [`moving`]: a record moves to
//!   a newer version of its form. [`offering`]: what can be chosen.
//! - [`sync`]: the exchange with the server. [`identity`]: who this phone is.
//! - [`checking_in`]: acts that say where. [`placing`]: places that a workbook takes by itself. [`scanning`]: barcodes.
//! - [`photos`]: photos and signatures as evidence.
//! - [`recording`]: a sale recorded by its script.
//! - [`printing`]: a record on paper. - [`screens`]: whole screens as plain data, in the reader's language.
//! - [`search`]: finding Chinese. [`world`]: what rules may know here. [`error`]: the two enums.
//! - `cli` and `main.rs`: the headless phone `rounds-device`.
//!
//! Architecture invariants: nothing is shown as saved before its transaction is committed with
//! `synchronous=FULL`. No screen opens a document except for the record that it shows. No rule is
//! decided here that the server does not decide again with the same code.

pub mod acting;
pub mod answers;
pub mod authoring;
pub mod batch;
pub mod capture;
pub mod checking_in;
pub mod cli;
mod drafts;
pub mod error;
pub mod filling;
mod foreseeing;
pub mod handover;
pub mod holding;
pub mod identity;
mod kept;
pub mod moving;
pub mod offering;
pub mod photos;
pub mod placing;
pub mod platform;
pub mod printing;
mod private;
pub mod projecting;
pub mod recording;
mod rounds;
pub mod rows;
pub mod scanning;
pub mod screens;
pub mod search;
pub mod settings;
pub mod store;
pub mod sync;
pub(crate) mod world;

pub use error::{Class, RoundsError};
pub use rounds::Rounds;
pub use rounds_print::Face;
pub use store::Key;
