//! What can be seen of a bundle from outside: whether it is whole. Whoever carries one cannot open it, and
//! would carry half a one, or a photo of a cat, for days before the server says so.
//!
//! ```text
//! "ROUNDSZ\n" · bytes before this (8, big endian) · SHA-256 of all bytes before this one (32)
//! ```
//!
//! It stands after the last part. It proves nothing to the server, which believes the seals and the signature
//! alone; a bundle of before has none, and is looked at part by part. Whose a bundle is stays inside.

use super::open::cut;
use super::{BadBundle, HEADER, LARGEST, PART, TAG, team_of};
use rounds_model::ids::TeamId;
use sha2::{Digest, Sha256};
use std::io::Read;

const MAGIC: &[u8; 8] = b"ROUNDSZ\n";
/// Bytes of it.
pub(super) const TRAILER: usize = 8 + 8 + 32;

/// A sum of everything that was written or read.
#[derive(Debug, Clone, Default)]
pub(super) struct Outside {
    sum: Sha256,
    bytes: u64,
}

impl Outside {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// What stands after everything that was added.
    pub(super) fn trailer(mut self) -> Vec<u8> {
        let head = [MAGIC.as_slice(), &self.bytes.to_be_bytes()].concat();
        self.sum.update(&head);
        [head.as_slice(), &self.sum.finalize()].concat()
    }

    /// Reads what stands after everything that was added: that it belongs to it, or nothing, as in bundles of
    /// before; and no byte more.
    pub(super) fn check(self, input: &mut dyn Read, begun: &[u8]) -> Result<(), BadBundle> {
        let mut rest = begun.to_vec();
        input.take(TRAILER as u64 + 1).read_to_end(&mut rest)?;
        if rest.is_empty() {
            return Ok(());
        }
        let expected = self.trailer();
        match rest == expected {
            true => Ok(()),
            false if expected.starts_with(&rest) => Err(BadBundle::Truncated),
            false => Err(BadBundle::Damaged),
        }
    }
}

/// Looks at a bundle without opening it: for which team it is, and whether it is whole as far as that can be seen.
pub fn look(input: &mut dyn Read) -> Result<TeamId, BadBundle> {
    let mut outside = Outside::default();
    let mut head = [0; HEADER];
    let (first, rest) = head.split_at_mut(24);
    input.read_exact(first).map_err(|e| cut(e, BadBundle::NotABundle))?;
    let team = team_of(&mut &*first)?;
    input.read_exact(rest).map_err(|e| cut(e, BadBundle::Truncated))?;
    outside.add(&head);
    let mut parts = 0u64;
    loop {
        let mut length = [0; 4];
        let read = read_up_to(input, &mut length)?;
        let begun = length.get(..read).unwrap_or_default();
        if begun.is_empty() || MAGIC.starts_with(begun) {
            // The shortest has whose it is and a signature.
            return if parts < 2 {
                Err(BadBundle::Truncated)
            } else {
                outside.check(input, begun).map(|()| team)
            };
        }
        if read < length.len() {
            return Err(BadBundle::Truncated);
        }
        let bytes = u64::from(u32::from_be_bytes(length));
        if !(TAG as u64..=(PART.packed + TAG) as u64).contains(&bytes) {
            return Err(BadBundle::Damaged);
        }
        let mut part = Vec::new();
        if (&mut *input).take(bytes).read_to_end(&mut part)? as u64 != bytes {
            return Err(BadBundle::Truncated);
        }
        outside.add(&length);
        outside.add(&part);
        parts += 1;
        if outside.bytes > LARGEST {
            return Err(BadBundle::TooLarge);
        }
    }
}

/// Fewer bytes only where it ends.
fn read_up_to(input: &mut dyn Read, into: &mut [u8; 4]) -> Result<usize, BadBundle> {
    let mut bytes = Vec::new();
    input.take(into.len() as u64).read_to_end(&mut bytes)?;
    into.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
    Ok(bytes.len())
}
