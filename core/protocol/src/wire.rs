//! How a message becomes a body: CBOR, then zstd; and back, within bounds.
//!
//! A few bytes of zstd can claim gigabytes. The reader stops at the bound of what it expects, so a
//! bomb costs that bound and no more.

use rounds_model::canonical::{self, Malformed};
use serde::{Serialize, de::DeserializeOwned};
use std::io::Read;
use thiserror::Error;

/// Carries [`crate::VERSION`] in both directions.
pub const VERSION_HEADER: &str = "rounds-protocol";

/// The media type of both bodies.
pub const CONTENT_TYPE: &str = "application/vnd.rounds+cbor-zstd";

/// The bounds of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes as they travel.
    pub packed: usize,
    /// Bytes once unpacked.
    pub unpacked: usize,
}

/// The largest request that a server reads.
pub const REQUEST: Bounds = Bounds { packed: 4 << 20, unpacked: 16 << 20 };

/// The largest answer that a phone reads. An answer is bounded by what the phone asked for, plus
/// one item; the largest item is a pack.
pub const ANSWER: Bounds = Bounds { packed: 32 << 20, unpacked: 64 << 20 };

/// Fast, and within a few percent of the slower levels on bodies like ours.
const LEVEL: i32 = 3;

/// A body that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadBody {
    /// More bytes than allowed, packed or unpacked.
    #[error("the message is too large")]
    TooLarge,
    /// Not zstd at all.
    #[error("the message is not compressed as expected")]
    NotZstd,
    /// The compressed stream ends early or is damaged.
    #[error("the message is cut short or damaged")]
    Truncated,
    /// Well compressed, but not the expected message.
    #[error("the message is not well formed")]
    Malformed,
    /// A list in it is longer than allowed.
    #[error("the message has too many items")]
    TooMany,
}

/// Packs a message.
pub fn pack<T: Serialize>(message: &T) -> Result<Vec<u8>, BadBody> {
    let plain = canonical::encode(message).map_err(|_| BadBody::Malformed)?;
    zstd::bulk::compress(&plain, LEVEL).map_err(|_| BadBody::Malformed)
}

/// Unpacks a message.
pub fn unpack<T: DeserializeOwned>(body: &[u8], bounds: Bounds) -> Result<T, BadBody> {
    const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    if body.len() > bounds.packed {
        return Err(BadBody::TooLarge);
    }
    if !body.starts_with(&MAGIC) {
        return Err(if MAGIC.starts_with(body) { BadBody::Truncated } else { BadBody::NotZstd });
    }
    let mut decoder = zstd::Decoder::new(body).map_err(|_| BadBody::NotZstd)?;
    // A frame may ask for a window of gigabytes before its first byte.
    decoder.window_log_max(24).map_err(|_| BadBody::NotZstd)?;
    let mut plain = Vec::new();
    let limit = bounds.unpacked as u64 + 1;
    decoder.take(limit).read_to_end(&mut plain).map_err(|_| BadBody::Truncated)?;
    if plain.len() > bounds.unpacked {
        return Err(BadBody::TooLarge);
    }
    canonical::decode(&plain).map_err(|bad| match bad {
        Malformed::Structure => BadBody::Malformed,
        Malformed::TooMany => BadBody::TooMany,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: Bounds = Bounds { packed: 1 << 10, unpacked: 1 << 16 };

    #[test]
    fn a_table_of_bad_bodies() {
        let good = pack(&vec![1u32, 2, 3]).unwrap();
        assert_eq!(unpack::<Vec<u32>>(&good, SMALL), Ok(vec![1, 2, 3]));
        let bomb = pack(&"a".repeat(1 << 20)).unwrap();
        assert!(bomb.len() < SMALL.packed, "the bomb itself is small");
        let cases: [(&str, Vec<u8>, BadBody); 6] = [
            ("empty", vec![], BadBody::Truncated),
            ("json", b"{}".to_vec(), BadBody::NotZstd),
            ("cut in half", good[..good.len() / 2].to_vec(), BadBody::Truncated),
            ("too many bytes", vec![0; 2 << 10], BadBody::TooLarge),
            ("a bomb", bomb, BadBody::TooLarge),
            ("another message", pack(&"text").unwrap(), BadBody::Malformed),
        ];
        for (name, body, error) in cases {
            assert_eq!(unpack::<Vec<u32>>(&body, SMALL), Err(error), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_crash_the_reader(body in prop::collection::vec(any::<u8>(), 0..300), zstd in any::<bool>()) {
            let mut body = body;
            if zstd { body.splice(0..0, [0x28, 0xb5, 0x2f, 0xfd]); }
            let _ = unpack::<crate::exchange::Request>(&body, SMALL);
            let _ = rounds_model::canonical::decode::<crate::exchange::PushItem>(&body);
        }
    }
}
