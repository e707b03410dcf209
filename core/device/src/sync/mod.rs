//! Sync: one exchange after the other until both sides have everything.
//!
//! - [`compose`]: the next request, from the store. - [`absorb`]: an answer into the store, in one
//!   transaction, with `receipts`, [`packs`], `news` and `lost`; `pace`: how much at a time; `level`: cursors in short. Both are plain functions of the store: no
//!   network, no clock of their own.
//! - [`transport`]: how a request reaches the server. - [`run`]: the loop; `attempt`: its line in the
//!   log; [`progress`]: what it tells meanwhile; [`stop`]: ending it before its end; [`metered`]: what a network costs; `ahead`: the next
//!   page, fetched while one is taken in.
//! - [`backoff`]: when to try again. - [`listen`]: being told of news. - [`keep`]: staying in sync;
//!   [`keeper`]: what it does next.
//! - `leaving`: records that this phone holds no more; `rulings`: what is asked of them; `notes`: what the
//!   rep is told about all this; [`ending`]: when it is a device no more.
//! - `again`: beginning anew with a restored server; [`passed`]: offering again what was held for a cause
//!   that has passed; `mending`: records that cannot be read. - [`blobs`]: photos and files, after the records; `unnamed`: those that
//!   nobody waits for any more.
//! - [`loaded`]: the packs of the store put together, once for the same packs.
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
pub mod keeper;
mod leaving;
mod level;
pub mod listen;
pub mod loaded;
mod lost;
pub(crate) mod mending;
pub mod metered;
mod news;
pub(crate) mod notes;
mod order;
mod pace;
pub mod packs;
pub mod passed;
pub mod progress;
mod receipts;
mod rulings;
pub mod run;
pub mod stop;
pub mod transport;
mod unnamed;

#[cfg(test)]
mod tests;
