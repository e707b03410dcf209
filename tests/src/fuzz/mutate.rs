//! Spoiling a sample.

use crate::sim::rng::Rng;

/// Numbers at which readers go wrong, as CBOR heads and as plain bytes.
const EDGES: [&[u8]; 12] = [
    &[0x00],
    &[0xff],
    &[0x7f],
    &[0x80],
    &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x9b, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x5b, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff],
    &[0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x9f],
    &[0xfb, 0x7f, 0xf8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    &[0xc2, 0x5a, 0xff, 0xff, 0xff, 0xff],
];

/// The longest that a sample grows to.
const LONGEST: usize = 1 << 20;

/// A sample with one to four things wrong; pieces may be of another one.
pub fn mutate(rng: &mut Rng, sample: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(bytes.len() + 1);
        let span = 1 + rng.below(16);
        let end = (at + span).min(bytes.len());
        match rng.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            1 if at < bytes.len() => bytes[at] = rng.draw().to_le_bytes()[0],
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let edge = rng.pick(&EDGES).copied().unwrap_or_default();
                bytes.splice(at..end.min(at + edge.len()), edge.iter().copied());
            }
            6 => {
                let from = rng.below(other.len() + 1);
                let to = (from + span * 4).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            7 => {
                let piece = [bytes[at..end].to_vec(), vec![0x81]].concat().repeat(1 + rng.below(64));
                bytes.splice(at..at, piece);
            }
            _ => bytes.extend(rng.draw().to_le_bytes()),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
