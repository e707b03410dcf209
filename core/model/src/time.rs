//! What a device knows of the time.
//!
//! A phone's wall clock is whatever its owner set. What can be believed is the server's time at
//! the last exchange plus what a monotonic clock says has passed since, and that only within one
//! boot. Every act carries the whole reading, so that a rule about dates can be judged again later
//! by someone who trusts it less.

use crate::ids::BootId;
use serde::{Deserialize, Serialize};

/// How far two clocks may disagree before the time is called suspect: two minutes.
pub const TOLERANCE_MS: i64 = 120_000;

/// One look at a device's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The wall clock, Unix milliseconds. Anyone can set it.
    pub wall_ms: i64,
    /// A clock that only runs forward, milliseconds since some point of this boot.
    pub mono_ms: u64,
    /// Which boot the monotonic clock belongs to.
    pub boot: BootId,
}

/// What the last exchange taught: at this reading, the server's clock said this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The device's clocks when the answer came.
    pub reading: Reading,
    /// The server's time, Unix milliseconds.
    pub server_ms: i64,
}

/// How far a time may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Server time plus monotonic time of the same boot.
    Trusted,
    /// The device was restarted since: the wall clock, corrected by its last known offset.
    Estimated,
    /// Never compared with a server.
    Unchecked,
    /// The wall clock disagrees with what can be known.
    Suspect,
}

/// A time together with everything it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedTime {
    /// The best estimate, Unix milliseconds. Rules use this.
    pub at_ms: i64,
    /// The reading it was made from.
    pub reading: Reading,
    /// The anchor it was made with, if there ever was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
    /// How far it may be believed.
    pub judgement: Judgement,
}

impl TrustedTime {
    /// Judges a reading against what the last exchange taught.
    pub fn judge(reading: Reading, anchor: Option<Anchor>) -> Self {
        let (at_ms, judgement) = match anchor {
            None => (reading.wall_ms, Judgement::Unchecked),
            Some(a) if a.reading.boot == reading.boot && reading.mono_ms >= a.reading.mono_ms => {
                let passed = i64::try_from(reading.mono_ms - a.reading.mono_ms).unwrap_or(i64::MAX);
                let at = a.server_ms.saturating_add(passed);
                let wall_passed = reading.wall_ms.saturating_sub(a.reading.wall_ms);
                let jumped = wall_passed.saturating_sub(passed).saturating_abs() > TOLERANCE_MS;
                (at, if jumped { Judgement::Suspect } else { Judgement::Trusted })
            }
            Some(a) => {
                let offset = a.server_ms.saturating_sub(a.reading.wall_ms);
                let at = reading.wall_ms.saturating_add(offset);
                // Time cannot have run backwards since the server last spoke.
                if at.saturating_add(TOLERANCE_MS) < a.server_ms {
                    (a.server_ms, Judgement::Suspect)
                } else {
                    (at, Judgement::Estimated)
                }
            }
        };
        TrustedTime { at_ms, reading, anchor, judgement }
    }

    /// The estimate in whole seconds, as documents record it; never negative.
    pub fn seconds(&self) -> i64 {
        self.at_ms.div_euclid(1000).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: BootId = BootId([1; 16]);

    fn reading(wall_ms: i64, mono_ms: u64, boot: BootId) -> Reading {
        Reading { wall_ms, mono_ms, boot }
    }

    fn anchored() -> Option<Anchor> {
        Some(Anchor { reading: reading(1_000_000, 50_000, BOOT), server_ms: 2_000_000 })
    }

    #[test]
    fn q9_the_monotonic_clock_decides_within_a_boot() {
        let t = TrustedTime::judge(reading(1_010_000, 60_000, BOOT), anchored());
        assert_eq!((t.at_ms, t.judgement), (2_010_000, Judgement::Trusted));
    }

    #[test]
    fn q9_a_wall_clock_moved_by_hand_is_suspect_and_changes_nothing() {
        for wall in [0, 1_000_000 + 86_400_000, i64::MIN, i64::MAX] {
            let t = TrustedTime::judge(reading(wall, 60_000, BOOT), anchored());
            assert_eq!((t.at_ms, t.judgement), (2_010_000, Judgement::Suspect));
        }
    }

    #[test]
    fn q9_after_a_reboot_the_offset_is_kept_and_time_never_runs_back() {
        let later = TrustedTime::judge(reading(1_500_000, 3, BootId([2; 16])), anchored());
        assert_eq!((later.at_ms, later.judgement), (2_500_000, Judgement::Estimated));
        let back = TrustedTime::judge(reading(1, 3, BootId([2; 16])), anchored());
        assert_eq!((back.at_ms, back.judgement), (2_000_000, Judgement::Suspect));
    }

    #[test]
    fn without_an_exchange_it_is_only_unchecked() {
        assert_eq!(TrustedTime::judge(reading(5, 5, BOOT), None).judgement, Judgement::Unchecked);
    }
}
