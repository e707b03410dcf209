//! Photos: what is known of one beside its bytes, and which are nearly the same.

use crate::place::Spot;
use rounds_model::ids::{BlobHash, DeviceId};
use rounds_model::time::TrustedTime;
use serde::{Deserialize, Serialize};

pub use rounds_model::document::BESIDE as TAKEN;

/// What is known of a photo that was taken here. It is kept as JSON beside the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// The SHA-256 of the bytes as the camera gave them, hashed before anything else was done.
    pub original: BlobHash,
    /// The SHA-256 of the bytes that answer the question: made smaller, stripped, marked.
    pub kept: BlobHash,
    /// Its width in pixels as it is kept.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Where it came from.
    pub source: Source,
    /// On which device.
    pub device: DeviceId,
    /// When, with everything that rests on.
    pub time: TrustedTime,
    /// Where, if a position was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Spot>,
    /// The platform said that the position is made up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mock: bool,
    /// What it looks like, in 64 bits.
    pub look: Look,
    /// A photo of this phone that it is nearly the same as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<BlobHash>,
}

impl Taken {
    /// What the text beside a photo says, if it says that.
    pub fn read(text: &str) -> Option<Taken> {
        serde_json::from_str(text).ok()
    }
}

/// Where a photo came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The lens, now.
    Lens,
    /// A picture that was on the phone.
    Library,
}

/// What a picture looks like, in 64 bits: for each of 8 × 8 places, whether it is brighter than the one to
/// its left. Pictures that were made smaller, brighter or stored again differ in few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Look(pub u64);

/// Looks that differ in no more places than these are nearly the same.
pub const NEAR: u32 = 5;
/// A look with fewer bright places, or fewer dark ones, says too little: a wall, a lens cap.
const PLAIN: u32 = 8;

impl Look {
    /// Of a picture as 9 columns and 8 rows of brightness, row by row.
    pub fn of(grey: &[u8; 72]) -> Look {
        let bits = grey.chunks(9).flat_map(|row| row.windows(2)).map(|pair| match pair {
            [left, right] => u64::from(right > left),
            _ => 0,
        });
        Look(bits.fold(0, |look, bit| look << 1 | bit))
    }

    /// In how many places two differ.
    pub fn differs(self, other: Look) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Whether two pictures are nearly the same.
    pub fn is_near(self, other: Look) -> bool {
        !self.is_plain() && !other.is_plain() && self.differs(other) <= NEAR
    }

    /// Whether it says too little to be compared.
    pub fn is_plain(self) -> bool {
        let ones = self.0.count_ones();
        !(PLAIN..=64 - PLAIN).contains(&ones)
    }
}

impl Serialize for Look {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Look {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let look = u64::from_str_radix(&text, 16).map_err(serde::de::Error::custom)?;
        if format!("{look:016x}") == text { Ok(Look(look)) } else { Err(serde::de::Error::custom("look")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_of_neighbours_and_says_nothing_of_plain_walls() {
        let mut rising = [0; 72];
        for (i, pixel) in rising.iter_mut().enumerate() {
            *pixel = u8::try_from(i % 9 * 20).unwrap();
        }
        assert_eq!(Look::of(&rising), Look(u64::MAX));
        let wall = Look::of(&[128; 72]);
        assert_eq!(wall, Look(0));
        assert!(!wall.is_near(wall), "two walls are not the same photo");
        let some = Look(0x0f0f_3355_aa00_ff12);
        assert!(some.is_near(Look(some.0 ^ 0b1_0101)) && !some.is_near(Look(some.0 ^ 0b11_1111)));
    }
}
