//! The packs of this repository, broken packs, and properties of all rulings.

// Helpers of tests fail like tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::result_large_err)]

mod application;
mod approvals;
mod audit;
mod both_ends;
mod broken;
mod contract;
mod daily;
mod documents;
mod event;
mod finders;
mod finishing;
mod fleet;
mod greyed;
mod histories;
mod ledgers;
mod moving;
mod numbers;
mod overtaken;
mod play;
mod premium;
mod properties;
mod recording;
mod reminders;
mod requirements;
mod schedules;
mod service;
mod store;
mod team;
mod undecided;
mod versions;
mod visit;
