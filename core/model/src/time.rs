//! What a device knows of the time.
//!
//! A phone's wall clock is whatever its owner set. What can be believed is the server's time at
//! the last exchange plus what a monotonic clock says has passed since, and that only within one
//! boot; and, less, the time of satellites. Every act and every step of a recording carries the
//! whole reading, so that a rule about dates can be judged again later by someone who trusts it less.
//!
//! What is stored are the inputs alone. The judgement follows from them ([`TrustedTime::again`]), and
//! so do how far the estimate may be off ([`TrustedTime::within_ms`]) and what is wrong
//! ([`TrustedTime::doubt`]): nobody can claim another one.

use crate::ids::BootId;
use serde::{Deserialize, Serialize};

/// How far two clocks may disagree before the time is called suspect: two minutes.
pub const TOLERANCE_MS: i64 = 120_000;
/// How far a phone's clock runs wrong by itself, at worst: a second in a thousand, some ten times what
/// quartz does, because phones get cold and hot.
const DRIFT: u64 = 1_000;
/// For so long after the server last spoke the monotonic clock alone is trusted: until what it may have
/// drifted comes near what is tolerated of clocks.
const TRUSTED_MS: u64 = 24 * 60 * 60 * 1_000;
/// The time of satellites is used up to this age: a minute.
const GPS_AGE_MS: u64 = 60_000;
/// How far off the time of satellites is taken to be: receivers give it late, and some forget leap
/// seconds.
const GPS_WITHIN_MS: u64 = 20_000;

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
    /// How long the exchange took, milliseconds: the server's time is at most so old. 0 if it was not
    /// measured.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub took_ms: u32,
}

impl Anchor {
    /// From an answer that came at `at` to what was asked at `asked`.
    pub fn learnt(asked: Reading, at: Reading, server_ms: i64) -> Anchor {
        let took = at.mono_ms.saturating_sub(asked.mono_ms);
        Anchor { reading: at, server_ms, took_ms: u32::try_from(took).unwrap_or(u32::MAX) }
    }
}

/// The time of satellites, as the receiver gave it with a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GpsTime {
    /// What they said, Unix milliseconds.
    pub gps_ms: i64,
    /// How long before the reading that was, by the monotonic clock.
    pub age_ms: u64,
}

/// The newest time that this device has written down: time does not run back behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the time was taken to be, Unix milliseconds.
    pub at_ms: i64,
    /// The monotonic clock then.
    pub mono_ms: u64,
    /// Its boot.
    pub boot: BootId,
}

/// What a device can hold its clocks against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The last exchange.
    pub anchor: Option<Anchor>,
    /// What it wrote down last.
    pub seen: Option<Seen>,
    /// Satellites.
    pub gps: Option<GpsTime>,
}

/// How far a time may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Server time plus monotonic time of the same boot.
    Trusted,
    /// The device was restarted since: the wall clock, corrected by its last known offset. Or never
    /// compared with a server, and as satellites say.
    Estimated,
    /// Never compared with a server.
    Unchecked,
    /// The wall clock disagrees with what can be known.
    Suspect,
}

/// Why a time is suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Doubt {
    /// The wall clock was set since the last exchange.
    WallMoved {
        /// By so much, milliseconds; forward if positive.
        by_ms: i64,
    },
    /// It is earlier than what the server said, or what this device wrote down before.
    RanBack {
        /// By so much, milliseconds.
        by_ms: i64,
    },
    /// The monotonic clock is behind what it was within one boot: the data came from another device or
    /// an earlier state of this one.
    Restored,
    /// Satellites disagree.
    Satellites {
        /// They are ahead by so much, milliseconds; behind if negative.
        by_ms: i64,
    },
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
    /// What the device had written down last before, where that matters: another boot, or a clock that
    /// ran back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// The time of satellites, if they gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gps: Option<GpsTime>,
    /// How far it may be believed.
    pub judgement: Judgement,
}

/// What follows from a reading and what is known.
struct Found {
    at_ms: i64,
    within_ms: Option<u64>,
    judgement: Judgement,
    doubt: Option<Doubt>,
}

impl TrustedTime {
    /// Judges a reading against what the last exchange taught.
    pub fn judge(reading: Reading, anchor: Option<Anchor>) -> Self {
        TrustedTime::knowing(reading, Known { anchor, ..Known::default() })
    }

    /// Judges a reading against everything that the device can hold it against.
    pub fn knowing(reading: Reading, known: Known) -> Self {
        let Known { anchor, seen, gps } = known;
        let Found { at_ms, judgement, .. } = found(reading, anchor, seen, gps);
        // Within the boot of the anchor the monotonic clock says it all; there it is left out.
        let needed = |seen: &Seen| {
            anchor.is_none_or(|a| a.reading.boot != reading.boot)
                || seen.boot == reading.boot && seen.mono_ms > reading.mono_ms
        };
        TrustedTime { at_ms, reading, anchor, seen: seen.filter(needed), gps, judgement }
    }

    /// The same, judged anew from what it rests on. Whoever receives one believes no other.
    pub fn again(&self) -> Self {
        let known = Known { anchor: self.anchor, seen: self.seen, gps: self.gps };
        TrustedTime::knowing(self.reading, known)
    }

    /// How far the estimate may be off, milliseconds, unless somebody set the clock after a restart;
    /// none if nothing can be said.
    pub fn within_ms(&self) -> Option<u64> {
        self.found().within_ms
    }

    /// What is wrong, for a suspect time.
    pub fn doubt(&self) -> Option<Doubt> {
        self.found().doubt
    }

    /// How old the server's word is that this rests on, milliseconds; none without one.
    pub fn age_ms(&self) -> Option<u64> {
        self.anchor.map(|a| u64::try_from(self.at_ms.saturating_sub(a.server_ms)).unwrap_or(0))
    }

    fn found(&self) -> Found {
        found(self.reading, self.anchor, self.seen, self.gps)
    }

    /// The estimate in whole seconds, as documents record it; never negative.
    pub fn seconds(&self) -> i64 {
        self.at_ms.div_euclid(1000).max(0)
    }

    /// What the device writes down now. A suspect time of satellites or a wall clock that was set is
    /// none of it, because the estimate does not rest on them.
    pub fn to_remember(&self, before: Option<Seen>) -> Seen {
        let (mono_ms, boot) = (self.reading.mono_ms, self.reading.boot);
        let known =
            before.filter(|_| self.judgement != Judgement::Trusted).map_or(i64::MIN, |seen| seen.at_ms);
        Seen { at_ms: self.at_ms.max(known), mono_ms, boot }
    }
}

fn found(reading: Reading, anchor: Option<Anchor>, seen: Option<Seen>, gps: Option<GpsTime>) -> Found {
    let found = by_clocks(reading, anchor, seen);
    let Some(gps) = gps.filter(|gps| gps.age_ms <= GPS_AGE_MS) else { return found };
    let gps_at = gps.gps_ms.saturating_add(i64::try_from(gps.age_ms).unwrap_or(0));
    if found.judgement == Judgement::Unchecked {
        let (at_ms, within_ms) = (gps_at, Some(GPS_WITHIN_MS));
        return Found { at_ms, within_ms, judgement: Judgement::Estimated, doubt: None };
    }
    let by_ms = gps_at.saturating_sub(found.at_ms);
    let bound = found.within_ms.unwrap_or(0).saturating_add(GPS_WITHIN_MS);
    let bound = tolerance(bound);
    match found.judgement {
        Judgement::Suspect => found,
        _ if by_ms.saturating_abs() > bound => {
            let doubt = Some(Doubt::Satellites { by_ms });
            Found { judgement: Judgement::Suspect, doubt, ..found }
        }
        // Satellites that agree say more than a clock that has run alone for days.
        Judgement::Estimated => {
            let within_ms = found.within_ms.map(|within| within.min(GPS_WITHIN_MS));
            Found {
                at_ms: if within_ms == Some(GPS_WITHIN_MS) { gps_at } else { found.at_ms },
                within_ms,
                ..found
            }
        }
        _ => found,
    }
}

fn by_clocks(reading: Reading, anchor: Option<Anchor>, seen: Option<Seen>) -> Found {
    let suspect =
        |at_ms, doubt| Found { at_ms, within_ms: None, judgement: Judgement::Suspect, doubt: Some(doubt) };
    let behind = |boot: BootId, mono_ms: u64| boot == reading.boot && mono_ms > reading.mono_ms;
    if seen.is_some_and(|seen| behind(seen.boot, seen.mono_ms)) {
        // Nothing of this boot compares any more; what was written down is at least not too late.
        let at = seen.map_or(reading.wall_ms, |seen| seen.at_ms);
        return suspect(at, Doubt::Restored);
    }
    let Some(a) = anchor else {
        let ran_back = seen.map_or(0, |seen| seen.at_ms.saturating_sub(reading.wall_ms));
        return match seen {
            Some(_) if ran_back > TOLERANCE_MS => {
                suspect(reading.wall_ms, Doubt::RanBack { by_ms: ran_back })
            }
            _ => Found {
                at_ms: reading.wall_ms,
                within_ms: None,
                judgement: Judgement::Unchecked,
                doubt: None,
            },
        };
    };
    let offset = a.server_ms.saturating_sub(a.reading.wall_ms);
    if a.reading.boot == reading.boot && reading.mono_ms >= a.reading.mono_ms {
        let passed = reading.mono_ms - a.reading.mono_ms;
        let passed_ms = i64::try_from(passed).unwrap_or(i64::MAX);
        let at_ms = a.server_ms.saturating_add(passed_ms);
        let by_ms = reading.wall_ms.saturating_sub(a.reading.wall_ms).saturating_sub(passed_ms);
        let within = off_by(a.took_ms, passed);
        // Two clocks that run alone for days part without anybody's doing.
        if by_ms.saturating_abs() > tolerance(within) {
            return suspect(at_ms, Doubt::WallMoved { by_ms });
        }
        let judgement = if passed <= TRUSTED_MS { Judgement::Trusted } else { Judgement::Estimated };
        return Found { at_ms, within_ms: Some(within), judgement, doubt: None };
    }
    if behind(a.reading.boot, a.reading.mono_ms) {
        return suspect(a.server_ms, Doubt::Restored);
    }
    let at_ms = reading.wall_ms.saturating_add(offset);
    // Time cannot have run backwards since the server last spoke, or since something was written down;
    // but of the device's own words nobody knows which one was wrong, so they move nothing.
    let floor = seen.map_or(a.server_ms, |seen| seen.at_ms.max(a.server_ms));
    let ran_back = floor.saturating_sub(at_ms);
    // What was written down in another boot went by a clock that had run alone as long.
    let alone = u64::try_from(floor.saturating_sub(a.server_ms)).unwrap_or(0);
    if ran_back > tolerance(off_by(a.took_ms, alone)) {
        let at_ms = if at_ms.saturating_add(TOLERANCE_MS) < a.server_ms { a.server_ms } else { at_ms };
        return suspect(at_ms, Doubt::RanBack { by_ms: ran_back });
    }
    let passed = u64::try_from(at_ms.saturating_sub(a.server_ms)).unwrap_or(0);
    let within_ms = Some(off_by(a.took_ms, passed).saturating_add(1_000));
    Found { at_ms, within_ms, judgement: Judgement::Estimated, doubt: None }
}

/// How far a clock may be off that was right to within `took_ms` and has run alone since.
fn off_by(took_ms: u32, passed_ms: u64) -> u64 {
    u64::from(took_ms).saturating_add(passed_ms / DRIFT)
}

/// How far two clocks may part before somebody must have set one, milliseconds.
fn tolerance(within_ms: u64) -> i64 {
    i64::try_from(within_ms).unwrap_or(i64::MAX).max(TOLERANCE_MS)
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: BootId = BootId([1; 16]);

    fn reading(wall_ms: i64, mono_ms: u64, boot: BootId) -> Reading {
        Reading { wall_ms, mono_ms, boot }
    }

    fn anchored() -> Option<Anchor> {
        Some(Anchor { reading: reading(1_000_000, 50_000, BOOT), server_ms: 2_000_000, took_ms: 0 })
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

    #[test]
    fn lesson_15_every_doubt_says_why() {
        let moved = TrustedTime::judge(reading(1_010_000 + 3_600_000, 60_000, BOOT), anchored());
        assert_eq!(moved.doubt(), Some(Doubt::WallMoved { by_ms: 3_600_000 }));
        assert_eq!(moved.within_ms(), None);
        let back = TrustedTime::judge(reading(1, 3, BootId([2; 16])), anchored());
        assert_eq!(back.doubt(), Some(Doubt::RanBack { by_ms: 999_999 }));
        let rewound = TrustedTime::judge(reading(1_000_000, 49_999, BOOT), anchored());
        assert_eq!((rewound.judgement, rewound.doubt()), (Judgement::Suspect, Some(Doubt::Restored)));
        let good = TrustedTime::judge(reading(1_010_000, 60_000, BOOT), anchored());
        assert_eq!((good.doubt(), good.within_ms(), good.age_ms()), (None, Some(10), Some(10_000)));
    }

    #[test]
    fn lesson_15_honest_clocks_that_run_alone_for_days_are_estimated_and_not_suspect() {
        let day: i64 = 86_400_000;
        // The wall clock is corrected by the network, the monotonic one drifts by 50 in a million.
        let drifted = |days: i64, apart: i64| {
            let mono = 50_000 + u64::try_from(days * day).unwrap();
            TrustedTime::judge(reading(1_000_000 + days * day + apart, mono, BOOT), anchored())
        };
        assert_eq!(drifted(1, 4_000).judgement, Judgement::Trusted);
        let days = drifted(40, 40 * 4_320);
        assert_eq!((days.judgement, days.doubt()), (Judgement::Estimated, None));
        assert_eq!(days.within_ms(), Some(40 * 86_400));
        let moved = drifted(40, 40 * 86_400 + 1);
        assert_eq!(moved.doubt(), Some(Doubt::WallMoved { by_ms: 40 * 86_400 + 1 }));
        // Nor did time run back because the two had parted when the machine was restarted.
        let seen = Some(Seen { at_ms: 2_000_000 + 40 * day, mono_ms: 1, boot: BOOT });
        let restarted = reading(1_000_000 + 40 * day - 40 * 4_320 + 5, 3, BootId([2; 16]));
        let after = TrustedTime::knowing(restarted, Known { anchor: anchored(), seen, gps: None });
        assert_eq!((after.judgement, after.doubt()), (Judgement::Estimated, None));
        let back = Reading { wall_ms: restarted.wall_ms - 40 * 86_400, ..restarted };
        let back = TrustedTime::knowing(back, Known { anchor: anchored(), seen, gps: None });
        assert!(matches!(back.doubt(), Some(Doubt::RanBack { .. })));
    }

    #[test]
    fn lesson_15_an_estimate_says_how_far_it_may_be_off() {
        let mut anchor = anchored();
        anchor.as_mut().unwrap().took_ms = 400;
        let day = 86_400_000;
        let later = TrustedTime::judge(reading(1_000_000 + day, 3, BootId([2; 16])), anchor);
        assert_eq!((later.judgement, later.within_ms()), (Judgement::Estimated, Some(400 + 86_400 + 1_000)));
    }

    #[test]
    fn lesson_15_time_does_not_run_back_behind_what_was_written_down() {
        let seen = Some(Seen { at_ms: 9_000_000, mono_ms: 70_000, boot: BOOT });
        let other = BootId([2; 16]);
        let judge = |reading, anchor| TrustedTime::knowing(reading, Known { anchor, seen, gps: None });
        // After a restart, with the wall clock set to before the last step.
        let set_back = judge(reading(1_500_000, 5, other), anchored());
        assert_eq!((set_back.at_ms, set_back.judgement), (2_500_000, Judgement::Suspect));
        assert_eq!(set_back.doubt(), Some(Doubt::RanBack { by_ms: 6_500_000 }));
        // Never compared with a server: the device still knows what it wrote itself.
        let alone = judge(reading(1_000, 5, other), None);
        assert_eq!(alone.doubt(), Some(Doubt::RanBack { by_ms: 8_999_000 }));
        assert_eq!(judge(reading(9_000_001, 5, other), None).judgement, Judgement::Unchecked);
        // The monotonic clock itself is behind: another device's data.
        let restored = judge(reading(9_100_000, 69_999, BOOT), anchored());
        assert_eq!(restored.doubt(), Some(Doubt::Restored));
        for time in [set_back, alone, restored] {
            assert_eq!(time.again(), time, "it carries what it rests on");
        }
    }

    #[test]
    fn lesson_15_satellites_help_where_nothing_else_does_and_contradict_where_it_matters() {
        let gps = |gps_ms| Some(GpsTime { gps_ms, age_ms: 2_000 });
        let judge = |reading, anchor, gps| TrustedTime::knowing(reading, Known { anchor, seen: None, gps });
        let alone = judge(reading(5, 5, BOOT), None, gps(7_000_000));
        assert_eq!((alone.at_ms, alone.judgement), (7_002_000, Judgement::Estimated));
        assert_eq!(alone.within_ms(), Some(GPS_WITHIN_MS));
        let agrees = judge(reading(1_010_000, 60_000, BOOT), anchored(), gps(2_008_000));
        assert_eq!((agrees.at_ms, agrees.judgement), (2_010_000, Judgement::Trusted));
        let disagrees = judge(reading(1_010_000, 60_000, BOOT), anchored(), gps(9_008_000));
        assert_eq!(disagrees.doubt(), Some(Doubt::Satellites { by_ms: 7_000_000 }));
        assert_eq!(disagrees.at_ms, 2_010_000, "a receiver can be deceived; the server's word stands");
        let old = judge(reading(5, 5, BOOT), None, Some(GpsTime { gps_ms: 7, age_ms: GPS_AGE_MS + 1 }));
        assert_eq!(old.judgement, Judgement::Unchecked);
    }

    #[test]
    fn what_was_signed_before_is_read_and_judged_as_before() {
        // A time as earlier builds wrote it: without what came later.
        #[derive(Serialize)]
        struct Old {
            at_ms: i64,
            reading: Reading,
            judgement: Judgement,
        }
        let reading = reading(5, 5, BOOT);
        let old = Old { at_ms: 5, reading, judgement: Judgement::Unchecked };
        let bytes = crate::canonical::encode(&old).unwrap();
        let read: TrustedTime = crate::canonical::decode(&bytes).unwrap();
        assert_eq!(read.again(), read);
        assert_eq!(crate::canonical::encode(&read).unwrap(), bytes, "and written as before");
    }
}
