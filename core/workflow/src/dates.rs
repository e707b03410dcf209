//! Calendar sums: the day so many days, months or years later, as spans and deadlines count.

use chrono::{Days, Months, NaiveDate};

/// The date so much later (earlier, if negative); blank for a blank date. A month later than the 31st
/// of January is the last of February. None for what is no date, number or unit.
pub(crate) fn shift(date: &str, by: &str, unit: &str) -> Option<String> {
    let date = date.trim();
    if date.is_empty() {
        return Some(String::new());
    }
    // Of a date with a time, the date.
    let date = NaiveDate::parse_from_str(date.get(..10)?, "%Y-%m-%d").ok()?;
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
}
