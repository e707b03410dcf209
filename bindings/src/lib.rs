//! The app as Kotlin and Swift see it: thin wrappers, no logic. The only crate that knows uniffi.
//!
//! - [`phone`]: [`Phone`], the four verbs and what goes with them. - [`data`]: the types of a screen, as
//!   `rounds_app` declares them; the compiler compares them with the originals.
//! - [`captured`]: the plain types of the capture contract. - [`machine`]: what a phone's system has to give, as traits that Kotlin and Swift implement, and the
//!   made-up machine of tests and of the desktop.
//! - [`sync`]: syncing with progress and a way to stop; [`watch`]: being told of changes.
//! - [`error`]: the one error, with a stable code, its words and what to do, in the app's language.
//!
//! Every exported function returns a `Result`, and so does every method that Kotlin and Swift implement:
//! what goes wrong on one side of the border is an error on the other, never a crash. No lock is held while
//! a foreign method is called.

uniffi::setup_scaffolding!();

pub mod captured;
pub mod data;
pub mod error;
pub mod machine;
pub mod phone;
pub mod sync;
pub mod watch;

pub use error::PhoneError;
pub use phone::Phone;
