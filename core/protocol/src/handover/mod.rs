//! Hand-over without a network: a bundle with a phone's unsent work, which somebody carries to the
//! server, on a stick or on another phone.
//!
//! Whoever carries it can neither read nor change it: it is sealed to the team's key, which only
//! the server can open ([RFC 9180], X25519 with ChaCha20-Poly1305), and signed by the phone that
//! made it. It holds the same items that an exchange would have pushed, so that the server judges
//! them in the same way and knows what it has already: a bundle may be brought in any number of
//! times, before or after the phone itself found a network.
//!
//! ```text
//! "ROUNDS1\n" · team (16) · encapsulated key (32) · part … part · length and sum of all of it
//! part: length (4, big endian) · sealed zstd(CBOR(Part)), at most PART bytes
//! ```
//!
//! The parts are sealed in order, with their number in the nonce, the last one marked as such: none
//! can be left out, repeated, moved or cut off. The last part is a signature over the hash of all
//! parts before it. What stands after it is for whoever carries the bundle, who can [`look`] whether it is whole
//! without opening it; bundles of before have none. [`Writer`] makes a bundle, [`Reader`] reads one, a part at a time.
//!
//! [RFC 9180]: https://www.rfc-editor.org/rfc/rfc9180

mod key;
mod open;
mod outside;
mod seal;

pub use key::{TeamKey, TeamSecret};
pub use open::{BadBundle, Reader, Whole, team_of};
pub use outside::look;
pub use seal::{CannotSeal, Writer};

use crate::exchange::{Packed, RuledBefore, limits};
use crate::wire::Bounds;
use hpke::{aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::X25519HkdfSha256};
use rounds_model::bounded;
use rounds_model::ids::{ActId, BlobHash, DeviceId, DocId, Signature, TeamId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where a phone brings a bundle that it carries.
pub const PATH: &str = "/v1/handover";
/// The name of bundle files ends with this.
pub const EXTENSION: &str = "rounds-handover";
/// The media type of a bundle.
pub const CONTENT_TYPE: &str = "application/vnd.rounds+handover";
/// The largest bundle, bytes. Photos that do not fit are left for a network, and said.
pub const LARGEST: u64 = 512 << 20;
/// Items of one bundle.
pub const ITEMS: u64 = 100_000;
/// Photos and files of one bundle.
pub const BLOBS: u64 = 10_000;
/// Plain bytes of a piece of a photo.
pub const PIECE: usize = 256 * 1024;

const MAGIC: &[u8; 8] = b"ROUNDS1\n";
const INFO: &[u8] = b"rounds handover v1";
const SIGNED: &[u8] = b"rounds handover signature v1\0";
const HEADER: usize = 8 + 16 + ENCAPPED;
const ENCAPPED: usize = 32;
const TAG: usize = 16;
const MORE: &[u8] = b"more";
const LAST: &[u8] = b"last";
const PART: Bounds = Bounds { packed: 4 << 20, unpacked: 4 << 20 };

type Kem = X25519HkdfSha256;
type Kdf = HkdfSha256;
type Aead = ChaCha20Poly1305;

/// A part of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// The first part: whose work it is.
    #[serde(rename = "h")]
    Head(Head),
    /// Items, in the order in which they were made.
    #[serde(rename = "i")]
    Items(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PUSH }>")] Vec<Packed>),
    /// Items that the server held back before, in their order: the phone may be beyond deciding about
    /// them, so that what the server would hold once more it keeps for somebody to decide about.
    #[serde(rename = "k")]
    Held(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PUSH }>")] Vec<Packed>),
    /// How acts among the items that follow were ruled before the server was put back to a backup.
    #[serde(rename = "r")]
    Ruled(
        #[serde(deserialize_with = "bounded::map::<_, _, _, { limits::PUSH }>")] BTreeMap<ActId, RuledBefore>,
    ),
    /// A photo or file of a record; its pieces follow.
    #[serde(rename = "b")]
    Blob {
        /// The record.
        doc: DocId,
        /// Its content.
        hash: BlobHash,
        /// Bytes.
        size: u64,
    },
    /// The next bytes of the photo, at most [`PIECE`].
    #[serde(rename = "p")]
    Piece(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The last part: by the key of the device in the head, over everything before.
    #[serde(rename = "e")]
    End(Signature),
}

/// Whose work a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The device that made it.
    pub device: DeviceId,
    /// When, by its clock, Unix milliseconds.
    pub made_ms: i64,
    /// Items in it.
    pub items: u64,
    /// Photos and files in it.
    pub blobs: u64,
    /// Photos and files that did not fit and still wait on the phone.
    pub left_out: u64,
}

/// What the server did with a bundle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Items in it.
    pub items: u64,
    /// Items that were new.
    pub stored: u64,
    /// Items that the server had.
    pub duplicates: u64,
    /// Items that the server did not take: they are held.
    pub held: u64,
    /// Items that the server keeps until somebody decides about them, because their author does not
    /// hold the record any more.
    #[serde(default)]
    pub waiting: u64,
    /// Photos and files in it that were new.
    pub blobs: u64,
    /// Photos and files in it that the server had, from a bundle before or from the phone itself.
    #[serde(default)]
    pub blobs_known: u64,
    /// Photos and files that it could not take: the phone still has them.
    pub blobs_left: u64,
}

fn header(team: TeamId, encapped: &[u8]) -> Vec<u8> {
    [MAGIC.as_slice(), team.as_bytes(), encapped].concat()
}

/// What is signed: nothing else that anybody signs begins like it.
fn signed(team: TeamId, sum: Sha256) -> Vec<u8> {
    [SIGNED, team.as_bytes(), &sum.finalize()].concat()
}

fn add(sum: &mut Sha256, plain: &[u8]) {
    sum.update((plain.len() as u64).to_be_bytes());
    sum.update(plain);
}

#[cfg(test)]
mod tests;
