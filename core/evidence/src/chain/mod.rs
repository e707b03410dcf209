//! A chain: what happened in a recording, link by link, each hashed into the next.
//!
//! Stored as text, so that a person can read it and any program check it (`docs/evidence.md`). Each line
//! carries a short check of its own, which protects nothing (the hashes do) and says which line it was
//! that changed.
//!
//! - [`event`]: what links say. - [`clocks`]: a reading of the clocks as fields.
//! - [`text`]: fields and links as lines, and back. - [`seal`]: the signature at the end.
//! - [`mod@verify`]: everything that can be wrong with one, by link and field; `course`: whether it went
//!   as the session that makes recordings lets them go.

pub mod clocks;
mod course;
pub mod event;
pub mod seal;
pub mod text;
pub mod verify;

pub use event::{About, Ending, Event, Gap, Stop};
pub use seal::Seal;
pub use text::{Chain, Link, bounded};
pub use verify::{Checked, Fault, Finding, Report, verify};

use rounds_model::time::TrustedTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The bounds of a chain; one beyond them is not read.
pub mod limits {
    /// Bytes of the first link.
    pub const FIRST: usize = 256 * 1024;
    /// Links.
    pub const LINKS: usize = 20_000;
    /// Bytes of the text.
    pub const BYTES: usize = 32 << 20;
    /// Bytes of a value as it is written; what is longer is cut after the last character that fits.
    pub const VALUE: usize = 16 * 1024;
}

/// The first line of what is hashed for each link, so that a hash means nothing anywhere else.
pub(crate) const DOMAIN: &str = "rounds evidence v1";

/// Which chain: random, drawn when the recording begins.
pub type ChainId = [u8; 16];

/// The hash of a link and, through it, of all links before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkHash(pub [u8; 32]);

impl LinkHash {
    /// What stands before the first link.
    pub const NONE: LinkHash = LinkHash([0; 32]);
}

impl std::fmt::Display for LinkHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Adds a link: the event, when it happened, and what it hangs on.
pub fn link(chain: &ChainId, number: u64, before: LinkHash, event: &Event, time: &TrustedTime) -> Link {
    let mut fields = vec![("chain", hex::encode(chain))];
    fields.extend(event.fields());
    fields.extend(clocks::fields(time));
    let body = text::body(number, event.name(), &fields);
    let hash = hash(before, &body);
    Link { number, body, hash }
}

/// The hash of a link's lines.
pub(crate) fn hash(before: LinkHash, body: &str) -> LinkHash {
    let hash = Sha256::new().chain_update(DOMAIN).chain_update("\n").chain_update(before.to_string());
    LinkHash(hash.chain_update("\n").chain_update(body).finalize().into())
}

#[cfg(test)]
mod course_tests;
#[cfg(test)]
mod documented;
#[cfg(test)]
mod tests;
