//! Evidence on the server: confirmed when it arrives, checked when it is there, told to those who lead.
//!
//! - [`confirm`]: the server's signature, with its time, on what an act seals. - [`looks`]: photos
//!   that are nearly the same as others of the team. - [`sealed`]: which file a recording is, and
//!   what is wrong with it as a whole. - [`check`]: its chain, link by link. - [`exceptions`]: what a supervisor should look at; [`watch`] keeps what packs say of it.
//!
//! None of it rules on anything: what is wrong with evidence holds up no rep.

pub mod check;
pub mod confirm;
pub mod exceptions;
pub mod looks;
pub mod sealed;
pub mod watch;

#[cfg(test)]
pub(crate) mod tests;
