//! The nouns of Rounds: what a phone and the server both mean by a record, an act, a ruling.
//!
//! Pure: no clock, no randomness, no file, no network. Times and random bytes come in as
//! arguments, so that everything a phone does can be replayed.
//!
//! Read in this order:
//!
//! - [`ids`]: newtypes for every identifier, hash and sequence number.
//! - [`scalar`]: the values that an answer can have.
//! - [`text`] and [`messages`]: text in zh-CN and en, side by side; the message catalogues.
//! - [`document`]: one record's content, a flat map of scalars kept by automerge. Nothing else in
//!   the workspace touches automerge.
//! - [`edit`]: the only form in which content travels upwards: small, typed, bounded.
//! - [`admit`]: everything that is checked before an edit may touch a document.
//! - [`act`]: signed statements about a record; [`verdict`]: the rulings on them;
//!   [`refusal`]: why something was not accepted, in words; [`claim`]: what a record holds of what
//!   several records want.
//! - [`time`]: what a device knows of the time, and how far it may be believed.
//! - [`people`]: persons, roles, devices; [`scope`]: who holds which records.
//! - [`canonical`]: the one binary encoding that is signed and hashed; [`bounded`]: lists that stop
//!   at their bound while they are read; [`digest`]: whether two ends
//!   hold the same.

pub mod act;
pub mod admit;
pub mod bounded;
pub mod canonical;
pub mod claim;
pub mod digest;
pub mod document;
pub mod edit;
pub mod ids;
pub mod messages;
pub mod people;
pub mod refusal;
pub mod scalar;
pub mod scope;
pub mod text;
pub mod time;
pub mod verdict;
