//! Calendar sums: the day so many days, months or years later, as spans and deadlines count.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The date so much later (earlier, if negative); blank for a blank date or number. A month later than the 31st
/// of January is the last of February. None for what is no date, number or unit.
pub(crate) fn shift(date: &str, by: &str, unit: &str) -> Option<String> {
    let date = date.trim();
    if date.is_empty() || by.trim().is_empty() {
        return Some(String::new());
    }
    let date = day(date)?;
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
pub(crate) fn between(from: &str, to: &str) -> Option<Option<i64>> {
    if from.trim().is_empty() || to.trim().is_empty() {
        return Some(None);
    }
    Some(Some(day(to.trim())?.signed_duration_since(day(from.trim())?).num_days()))
}

/// The Monday of a date's week; blank for a blank date. None for what is no date.
pub(crate) fn week_start(date: &str) -> Option<String> {
    let date = date.trim();
    if date.is_empty() {
        return Some(String::new());
    }
    let date = day(date)?;
    let monday = date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into()))?;
    Some(monday.format("%Y-%m-%d").to_string())
}

/// Of a date with a time, the date.
fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q9_spans_are_counted_by_the_calendar() {
        let shifted = |date, by, unit| shift(date, by, unit).unwrap_or_else(|| "none".into());
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
            assert_eq!(shift(date, by, unit), None, "{date} {by} {unit}");
        }
    }

    #[test]
    fn l3_a_week_begins_with_its_monday() {
        assert_eq!(week_start("2026-11-23").as_deref(), Some("2026-11-23"));
        assert_eq!(week_start("2026-11-29T23:00:00+08:00").as_deref(), Some("2026-11-23"));
        assert_eq!(week_start("2027-01-01").as_deref(), Some("2026-12-28"));
        assert_eq!(week_start("").as_deref(), Some(""));
        assert_eq!(week_start("Monday"), None);
    }

    #[test]
    fn q9_days_are_counted_between_dates() {
        assert_eq!(between("2026-11-23", "2027-01-22"), Some(Some(60)));
        assert_eq!(between("2026-11-23", "2026-11-22"), Some(Some(-1)));
        assert_eq!(between("", "2026-11-22"), Some(None));
        assert_eq!(between("2026-11-23", "soon"), None);
    }
}
