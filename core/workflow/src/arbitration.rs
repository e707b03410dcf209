//! Rules that look beyond the record: what no offline phone can decide (section Q).
//!
//! Everything here is one mechanism. A rule keeps a *ledger* of claims for each key, and a record in
//! certain stages has a claim in it ([`ledger`]). A step to such a stage is *contested*: the ledger
//! must still be within its limit afterwards ([`mod@contest`]). At most one open record is a limit of
//! one; a quota is a number; a sum drawn from a source is an amount against what the source has; a
//! lease is a claim that ends by itself and that others spend; a waiting list is a stage whose claims
//! hold nothing yet, in the order of their rulings.
//!
//! What a claim cannot say is when the author's knowledge counts. An act may *need* the act of
//! another, and names it as its proof ([`proof`]): an approval that was signed, ruled, and is good
//! until a time. And an act that others have overtaken may be *turned* into another one instead of
//! being refused ([`turn`]).
//!
//! The server asks inside the transaction that rules, so of two acts that want the same thing the
//! one that it rules first gets it. A phone asks what it holds, which may be less: its ruling is
//! provisional.

mod contest;
mod ledger;
mod proof;
mod turn;

pub(crate) use contest::{Measure, contest, drawn, held, waiting};
pub(crate) use ledger::{Bound, Ledger, Limit, claims};
pub use proof::proofs;
pub(crate) use proof::{Need, demand, demand_of};
pub(crate) use turn::{Taken, or_else};
