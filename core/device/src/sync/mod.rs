//! Sync: one exchange after the other until both sides have everything.
//!
//! - [`compose`]: the next request, from the store. - [`absorb`]: an answer into the store, in one
//!   transaction, with `receipts`, [`packs`] and `news`. Both are plain functions of the store: no
//!   network, no clock of their own.
//! - [`transport`]: how a request reaches the server. - [`run`]: the loop.
//! - `leaving`: records that this phone holds no more; [`ending`]: when it is a device no more.
//! - `again`: beginning anew with a restored server. - [`blobs`]: photos and files, after the records.
//! - [`enrol`]: how the phone became a device.

pub mod absorb;
mod again;
pub mod blobs;
pub mod compose;
pub mod ending;
pub mod enrol;
mod leaving;
mod news;
pub mod packs;
mod receipts;
pub mod run;
pub mod transport;
