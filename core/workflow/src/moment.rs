//! The time of an evaluation, in the team's time zone.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use rounds_forms::expr::Moment;
use rounds_model::ids::DocId;

/// The moment at this time (Unix milliseconds) in this zone. A time beyond the calendar has no
/// offset from UTC.
pub fn moment(at_ms: i64, zone: Tz) -> Moment {
    let offset_minutes = DateTime::from_timestamp_millis(at_ms)
        .map(|at| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc() / 60);
    Moment { now_ms: at_ms, offset_minutes: offset_minutes.unwrap_or(0), seed: 0 }
}

/// The same moment for the forms of one record. What they draw (`random()`, `uuid()`, an order of choices)
/// is drawn by the record's id: another one for each record, and the same on every device.
pub fn moment_of(record: DocId, moment: Moment) -> Moment {
    let drawn = record.as_bytes().chunks_exact(8).filter_map(|half| half.try_into().ok());
    Moment { seed: drawn.map(u64::from_be_bytes).fold(0, |seed, half| seed.rotate_left(17) ^ half), ..moment }
}

/// What a wall shows at this time, where it is so many minutes ahead of UTC as at that moment.
pub(crate) fn local(at_ms: i64, moment: Moment) -> Option<NaiveDateTime> {
    let zone = FixedOffset::east_opt(moment.offset_minutes.checked_mul(60)?)?;
    // The first and the last hours of the calendar are not in it everywhere.
    DateTime::from_timestamp_millis(at_ms)?.naive_utc().checked_add_offset(zone)
}

/// The time that a text means, Unix milliseconds: ISO 8601 with its offset from UTC, or a date, which
/// means its end in a zone with this offset.
pub(crate) fn instant(text: &str, offset_minutes: i32) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10)?;
    let zone = FixedOffset::east_opt(offset_minutes.checked_mul(60)?)?;
    let end = zone.from_local_datetime(&day.succ_opt()?.and_hms_opt(0, 0, 0)?).single()?;
    Some(end.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q9_today_is_the_teams_today() {
        assert_eq!(moment(1_795_400_000_000, chrono_tz::Asia::Shanghai).offset_minutes, 480);
        assert_eq!(moment(i64::MAX, chrono_tz::Asia::Shanghai).offset_minutes, 0);
    }

    #[test]
    fn q9_the_ends_of_the_calendar_are_no_local_time_elsewhere() {
        let west = Moment { now_ms: 0, offset_minutes: -600, seed: 0 };
        assert_eq!(local(-8_334_601_228_800_000, west), None);
        let east = Moment { offset_minutes: 480, ..west };
        assert_eq!(local(0, east).unwrap().to_string(), "1970-01-01 08:00:00");
    }

    #[test]
    fn q9_a_date_ends_with_its_day() {
        let end = Some(1_795_449_600_000);
        assert_eq!(instant("2026-11-23", 480), end);
        assert_eq!(instant("2026-11-24T00:00:00+08:00", 0), end);
        assert_eq!(instant("2026-11-23T16:00:00.000Z", 0), end);
        for bad in ["", "soon", "2026-11-23T16:00:00", "2026-1-1", "+262142-12-31"] {
            assert_eq!(instant(bad, 480), None, "{bad}");
        }
        assert_eq!(instant("2026-11-23", i32::MAX), None);
    }
}
