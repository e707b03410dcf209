//! The app: which screen a person sees, what stands on it, and what a tap does. Both phones paint what
//! this crate says and decide nothing, so that they cannot differ.
//!
//! - [`screen`]: a screen as plain data: a column of [`Block`]s, one main button, the sync chip.
//! - [`ask`]: a question as a person meets it: the same in a form, in an act and in the settings.
//! - [`Phone`]: what a shell holds. `session` is whoever is signed in, `reps` everybody of this phone with
//!   their keys, `gate` what stands before signing in.
//! - `tap` and `route`: what can be tapped, and where a person is; `deeds` does the one, `screens` makes
//!   the other; `make` and `words` help them.
//! - [`machine`]: what is needed of the machine; [`simulated`] is one that is made up. `capture` takes
//!   evidence for a question, `pictures` gives photos to the screen.
//! - [`syncing`] and [`watch`]: how a shell follows what happens by itself.
//!
//! A shell has four verbs: it shows the screen that is *now*, it *taps* what a screen offers (with what
//! was given beside it), it goes *back*, and it tells what is being *typed*. What is offered is a text
//! that only this crate understands, so a shell cannot make up an action. Where a person is outlives the
//! process: after a kill, *now* is the screen and the question that they left.
//!
//! Architecture invariants: no shell knows a kind, a stage or an act by name. Every text of a screen is
//! in the reader's language already. A screen that was shown can be shown again without an effect.

pub mod ask;
mod capture;
mod deeds;
mod gate;
pub mod machine;
mod make;
mod phone;
mod pictures;
mod reps;
mod route;
pub mod screen;
mod screens;
mod session;
pub mod simulated;
pub mod syncing;
mod tap;
#[cfg(test)]
mod testing;
pub mod watch;
mod words;

pub use ask::{Choice, Given, Input, Question};
pub use phone::Phone;
pub use screen::{After, Block, Button, Chip, Screen, Tone};
