//! The three packs of this repository, broken packs, and properties of all rulings.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::result_large_err)]

mod application;
mod audit;
mod broken;
mod moving;
mod properties;
mod team;
mod visit;
