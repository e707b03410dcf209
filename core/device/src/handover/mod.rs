//! Hand-over without a network: this phone's unsent work as a sealed bundle, and bundles of
//! colleagues that this phone carries until it finds a network.
//!
//! - [`make`]: a bundle of what is unsent. Nothing leaves the outbox for it: only the server's
//!   receipt does that, when this phone syncs again.
//! - [`carry`]: takes a bundle, keeps it, brings it to the server with the next sync.
//!
//! The format is [`rounds_protocol::handover`].

pub mod carry;
pub mod make;
