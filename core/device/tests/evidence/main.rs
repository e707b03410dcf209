//! Evidence on one phone.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

#[path = "../common/mod.rs"]
mod common;
mod holding;
mod leaving;
mod phone;
mod photos;
mod positions;
mod recordings;
