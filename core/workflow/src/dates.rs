//! Calendar sums: the day so many days, months or years later, as spans and deadlines count.

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate};

/// The date so much later (earlier, if negative); blank for a blank date or number. A month later than the 31st
/// of January is the last of February. None for what is no date, number or unit.
pub(crate) fn shift(date: &str, by: &str, unit: &str, offset_minutes: i32) -> Option<String> {
    let date = date.trim();
    if date.is_empty() || by.trim().is_empty() {
        return Some(String::new());
    }
    let date = day(date, offset_minutes)?;
    let by: i64 = by.trim().parse().ok()?;
    let count = u32::try_from(by.unsigned_abs()).ok()?;
    let shifted = match unit {
        "days" if by < 0 => date.checked_sub_days(Days::new(count.into())),
        "days" => date.checked_add_days(Days::new(count.into())),
        "months" | "years" => {
            let months = Months::new(if unit == "years" { count.checked_mul(12)? } else { count });
            if by < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
        }
        _ => None,
    }?;
    // Beyond the year 9999 a date has no spelling here.
    let text = shifted.format("%Y-%m-%d").to_string();
    (text.len() == 10).then_some(text)
}

/// How many days the second date is after the first; no number (the inner none) while one of them is
/// blank. None for what is no date.
pub(crate) fn between(from: &str, to: &str, offset_minutes: i32) -> Option<Option<i64>> {
    if from.trim().is_empty() || to.trim().is_empty() {
        return Some(None);
    }
    let day = |text: &str| day(text.trim(), offset_minutes);
    Some(Some(day(to)?.signed_duration_since(day(from)?).num_days()))
}

/// The Monday of a date's week; blank for a blank date. None for what is no date.
pub(crate) fn week_start(date: &str, offset_minutes: i32) -> Option<String> {
    let date = date.trim();
    if date.is_empty() {
        return Some(String::new());
    }
    let date = day(date, offset_minutes)?;
    let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))?;
    Some(monday.format("%Y-%m-%d").to_string())
}

/// Of a date with a time, the date that it is then where a zone is so many minutes ahead of UTC.
pub(crate) fn day(text: &str, offset_minutes: i32) -> Option<NaiveDate> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        let zone = FixedOffset::east_opt(offset_minutes.checked_mul(60)?)?;
        return at.naive_utc().checked_add_offset(zone).map(|local| local.date());
    }
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q9_spans_are_counted_by_the_calendar() {
        let shifted = |date, by, unit| shift(date, by, unit, 480).unwrap_or_else(|| "none".into());
        assert_eq!(shifted("2026-12-31", "2", "months"), "2027-02-28");
        assert_eq!(shifted("2024-02-29", "1", "years"), "2025-02-28");
        assert_eq!(shifted("2026-11-23", "60", "days"), "2027-01-22");
        assert_eq!(shifted("2026-11-23", "-3", "days"), "2026-11-20");
        assert_eq!(shifted("2026-11-23T09:00:00+08:00", "0", "days"), "2026-11-23");
        assert_eq!(shifted("", "1", "days"), "");
        assert_eq!(shifted("2026-11-23", "", "days"), "");
        for (date, by, unit) in [
            ("soon", "1", "days"),
            ("2026-11-23", "x", "days"),
            ("2026-11-23", "1", "weeks"),
            ("9999-12-31", "1", "days"),
            ("2026-11-23", "99999999999", "days"),
            ("2026-11-23", "4294967295", "years"),
            ("2026年十一月", "1", "days"),
        ] {
            assert_eq!(shift(date, by, unit, 480), None, "{date} {by} {unit}");
        }
    }

    /// Half past seven in Shanghai is the day before in UTC.
    #[test]
    fn q9_a_time_is_on_the_day_that_it_is_in_the_teams_zone() {
        for at in ["2026-11-23T23:30:00.000Z", "2026-11-24T07:30:00+08:00", "2026-11-23T13:30:00-10:00"] {
            assert_eq!(shift(at, "1", "days", 480).as_deref(), Some("2026-11-25"), "{at}");
            assert_eq!(between(at, "2026-11-24", 480), Some(Some(0)), "{at}");
            assert_eq!(shift(at, "0", "days", 0).as_deref(), Some("2026-11-23"), "{at}");
        }
        assert_eq!(week_start("2026-11-22T23:30:00.000Z", 480).as_deref(), Some("2026-11-23"));
        assert_eq!(shift("-262143-01-01T00:00:00Z", "0", "days", -720), None);
    }

    #[test]
    fn l3_a_week_begins_with_its_monday() {
        assert_eq!(week_start("2026-11-23", 480).as_deref(), Some("2026-11-23"));
        assert_eq!(week_start("2026-11-29T23:00:00+08:00", 480).as_deref(), Some("2026-11-23"));
        assert_eq!(week_start("2027-01-01", 480).as_deref(), Some("2026-12-28"));
        assert_eq!(week_start("", 480).as_deref(), Some(""));
        assert_eq!(week_start("Monday", 480), None);
    }

    #[test]
    fn q9_days_are_counted_between_dates() {
        assert_eq!(between("2026-11-23", "2027-01-22", 480), Some(Some(60)));
        assert_eq!(between("2026-11-23", "2026-11-22", 480), Some(Some(-1)));
        assert_eq!(between("", "2026-11-22", 480), Some(None));
        assert_eq!(between("2026-11-23", "soon", 480), None);
    }
}
