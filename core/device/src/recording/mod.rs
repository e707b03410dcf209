//! Recordings by script on the phone: each thing that happens is a link in the store before anybody
//! sees it; segments are encrypted and queued as they end; the chain, signed, answers the question.
//!
//! - `alone`: one process at a time has them in hand.
//! - [`under_way`]: a recording in memory, and how it is taken up again after a kill.
//! - [`steps`]: what a person does in it: begin, answer, mark, pause, resume, finish, break off.
//! - [`segments`]: from the recorder's file to an encrypted blob.
//! - [`memo`]: what is recorded without a script.
//! - [`apart`]: what becomes of either when its record leaves.
//!
//! What may happen when is decided by `rounds_evidence::session`; what the person sees is in
//! `screens/recording.rs`. While a recorder is asked, no transaction is open.

mod alone;
pub(crate) mod apart;
pub(crate) mod memo;
mod segments;
mod steps;
pub(crate) mod under_way;

pub use memo::MemoState;
pub use under_way::{Kept, Words};
