//! Sync: one exchange after the other until both sides have everything.
//!
//! - [`compose`]: the next request, from the store. - [`absorb`]: an answer into the store, in one
//!   transaction, with `receipts`, [`packs`], `news` and `lost`. Both are plain functions of the store: no
//!   network, no clock of their own.
//! - [`transport`]: how a request reaches the server. - [`run`]: the loop; `attempt`: its line in the
//!   log; [`progress`]: what it tells meanwhile; [`stop`]: ending it before its end; `ahead`: the next
//!   page, fetched while one is taken in.
//! - [`backoff`]: when to try again. - [`listen`]: being told of news. - [`keep`]: staying in sync.
//! - `leaving`: records that this phone holds no more; `rulings`: what is asked of them; `notes`: what the
//!   rep is told about all this; [`ending`]: when it is a device no more.
//! - `again`: beginning anew with a restored server. - [`blobs`]: photos and files, after the records.
//! - [`enrol`]: how the phone became a device.

pub mod absorb;
mod again;
mod ahead;
pub(crate) mod attempt;
pub mod backoff;
pub mod blobs;
pub mod compose;
pub mod ending;
pub mod enrol;
pub mod keep;
mod leaving;
pub mod listen;
mod lost;
mod news;
mod notes;
pub mod packs;
pub mod progress;
mod receipts;
mod rulings;
pub mod run;
pub mod stop;
pub mod transport;

#[cfg(test)]
mod tests;
