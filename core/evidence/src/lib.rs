//! Evidence: what makes a recording, a photo, a position hard to fake and easy to check.
//!
//! Pure, like the model: no clock, no randomness, no file. It is a crate of its own because whoever
//! checks evidence (the server, an auditor's tool, a court's expert) needs this and nothing of packs,
//! documents or sync; `docs/evidence.md` describes the format for those who bring their own program.
//!
//! - [`chain`]: the links of a recording, each hashed into the next, as text that can be read; signed at
//!   its end; verified link by link.
//! - [`session`]: what may happen in a recording and when: the gates of its script, pauses, interruptions.
//! - [`counter`]: the server's signature with its time, on what it received.
//! - [`place`]: distances with their accuracy, fences, impossible speeds.
//! - [`photo`]: what is known of a photo beside its bytes; photos that are nearly the same.
//! - [`beside`]: the files that belong to an answer: segments of a recording, strokes of a signature.
//! - [`words`]: all of it in words, in both languages.

pub mod beside;
pub mod chain;
pub mod counter;
pub mod photo;
pub mod place;
pub mod session;
pub mod words;
