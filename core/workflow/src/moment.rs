//! The time of an evaluation, in the team's time zone.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use rounds_forms::expr::Moment;

/// The moment at this time (Unix milliseconds) in this zone. A time beyond the calendar has no
/// offset from UTC.
pub fn moment(at_ms: i64, zone: Tz) -> Moment {
    let offset_minutes = DateTime::from_timestamp_millis(at_ms)
        .map(|at| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc() / 60);
    Moment { now_ms: at_ms, offset_minutes: offset_minutes.unwrap_or(0), seed: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q9_today_is_the_teams_today() {
        assert_eq!(moment(1_795_400_000_000, chrono_tz::Asia::Shanghai).offset_minutes, 480);
        assert_eq!(moment(i64::MAX, chrono_tz::Asia::Shanghai).offset_minutes, 0);
    }
}
