//! The packs of this repository, broken packs, and properties of all rulings.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::result_large_err)]

mod application;
mod approvals;
mod audit;
mod both_ends;
mod broken;
mod daily;
mod ledgers;
mod moving;
mod overtaken;
mod play;
mod premium;
mod properties;
mod store;
mod team;
mod versions;
mod visit;
