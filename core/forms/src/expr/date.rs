//! Dates and times: ISO texts that count as days since 1970-01-01 by the local clock.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono::{Offset, TimeZone, Timelike, Utc};

use super::error::EvalError;
use super::eval::Run;
use super::functions::Function;
use super::scope::Moment;
use super::syntax::Node;
use super::value::Value;

const DAY_MS: f64 = 86_400_000.0;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    let moment = run.scope.moment();
    let value = match (function, args) {
        (Function::Today, _) => Value::from(local_now(moment).format("%Y-%m-%d").to_string()),
        (Function::Now, _) => Value::Text(iso(local_now(moment))),
        (Function::Date, [a]) => match instant(run, function, a)? {
            Some(at) => Value::from(at.format("%Y-%m-%d").to_string()),
            None => Value::from(""),
        },
        (Function::DateTime, [a]) => Value::from(instant(run, function, a)?.map_or(String::new(), iso)),
        (Function::FormatDate | Function::FormatDateTime, [a, format]) => {
            let at = instant(run, function, a)?;
            let format = run.text(format)?;
            match at {
                Some(at) => Value::Text(formatted(at, &format)?),
                None => Value::from(""),
            }
        }
        (Function::DecimalDateTime, [a]) => match instant(run, function, a)? {
            Some(at) => Value::Number(at.timestamp_millis() as f64 / DAY_MS),
            None => Value::from(""),
        },
        (Function::DecimalTime, [a]) => {
            let value = run.value(a)?;
            let text = value.as_text();
            if text.is_empty() {
                Value::from("")
            } else if let Some((time, _)) = parse_time(&text) {
                Value::Number(day_fraction(time))
            } else {
                let at = to_instant(&value, moment);
                let at = at.ok_or_else(|| EvalError::wrong(function.name(), &text))?;
                Value::Number(day_fraction(at.time()))
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// `None` for an empty value and for NaN, which is "no answer yet".
fn instant(
    run: &Run<'_>,
    function: Function,
    node: &Node,
) -> Result<Option<DateTime<FixedOffset>>, EvalError> {
    let value = run.value(node)?;
    match &value {
        Value::Number(number) if number.is_nan() => return Ok(None),
        other if other.as_text().is_empty() => return Ok(None),
        _ => {}
    }
    to_instant(&value, run.scope.moment())
        .map(Some)
        .ok_or_else(|| EvalError::wrong(function.name(), &value.as_text()))
}

fn to_instant(value: &Value, moment: &Moment) -> Option<DateTime<FixedOffset>> {
    if let Value::Number(days) = value {
        let ms = (days * DAY_MS).round();
        if !ms.is_finite() || ms.abs() > 1e17 {
            return None;
        }
        let midnight = NaiveDate::from_ymd_opt(1970, 1, 1)?.and_hms_opt(0, 0, 0)?;
        let local = midnight.checked_add_signed(TimeDelta::try_milliseconds(ms as i64)?)?;
        return offset(moment).from_local_datetime(&local).single();
    }
    let text = value.as_text();
    if let Some(date) = parse_date(&text) {
        let midnight = date.and_hms_opt(0, 0, 0)?;
        return offset(moment).from_local_datetime(&midnight).single();
    }
    let (at, zone) = parse_date_time(&text)?;
    let at = match zone {
        Some(zone) => zone.from_local_datetime(&at).single()?,
        None => offset(moment).from_local_datetime(&at).single()?,
    };
    Some(at.with_timezone(&offset(moment)))
}

/// Whether expressions read this text as a date: `2026-11-23`, nothing else.
pub fn is_date(text: &str) -> bool {
    parse_date(text).is_some()
}

/// `2026-11-23`, nothing else.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let part = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    NaiveDate::from_ymd_opt(i32::try_from(part(0..4)?).ok()?, part(5..7)?, part(8..10)?)
}

/// `2026-11-23T17:00:00.000+08:00`; seconds, fraction and zone may be missing.
pub(crate) fn parse_date_time(text: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    let text = text.trim();
    let (date, time) = text.split_once(['T', ' '])?;
    let (time, zone) = parse_time(time)?;
    Some((parse_date(date)?.and_time(time), zone))
}

/// `17:00`, `17:00:00.000+08:00`, `17:00:00Z`.
pub(crate) fn parse_time(text: &str) -> Option<(NaiveTime, Option<FixedOffset>)> {
    let text = text.trim();
    let split = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = (text.get(..split)?, text.get(split..)?);
    let zone = match zone {
        "" => None,
        "Z" => Some(FixedOffset::east_opt(0)?),
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone.get(1..)?.chars().filter(|c| *c != ':').collect();
            if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits.len(), 2 | 4) {
                return None;
            }
            let hours: i32 = digits.get(..2)?.parse().ok()?;
            let minutes: i32 =
                digits.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
            Some(FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))?)
        }
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':').map(|part| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().map_or(Some(0), |second| second)?;
    if parts.next().is_some() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millis: u32 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some((NaiveTime::from_hms_milli_opt(hour, minute, second, millis)?, zone))
}

/// Days since 1970-01-01 by the clock that the text itself is written in.
pub(super) fn wall_days(text: &str) -> Option<f64> {
    if let Some(date) = parse_date(text) {
        return Some(days(date));
    }
    if let Some((time, _)) = parse_time(text) {
        return Some(day_fraction(time));
    }
    let (at, _) = parse_date_time(text)?;
    Some(days(at.date()) + day_fraction(at.time()))
}

/// As [`wall_days`], with zoned date-times moved to the local clock of the moment.
pub(super) fn local_days(text: &str, moment: &Moment) -> Option<f64> {
    let (at, zone) = parse_date_time(text)?;
    let at = match zone {
        Some(zone) => zone.from_local_datetime(&at).single()?.with_timezone(&offset(moment)).naive_local(),
        None => at,
    };
    Some(days(at.date()) + day_fraction(at.time()))
}

pub(crate) fn iso(at: DateTime<FixedOffset>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

pub(crate) fn local_now(moment: &Moment) -> DateTime<FixedOffset> {
    DateTime::from_timestamp_millis(moment.now_ms).unwrap_or_default().with_timezone(&offset(moment))
}

fn offset(moment: &Moment) -> FixedOffset {
    let minutes = moment.offset_minutes.clamp(-1_439, 1_439);
    FixedOffset::east_opt(minutes * 60).unwrap_or(Utc.fix())
}

fn days(date: NaiveDate) -> f64 {
    // Day 1 of the common era is 1; 1970-01-01 is 719,163.
    f64::from(date.num_days_from_ce() - 719_163)
}

fn day_fraction(time: NaiveTime) -> f64 {
    let ms = f64::from(time.num_seconds_from_midnight()) * 1_000.0 + f64::from(time.nanosecond() / 1_000_000);
    ms / DAY_MS
}

/// The codes of the ODK XForms specification; month and day names are English.
fn formatted(at: DateTime<FixedOffset>, format: &str) -> Result<String, EvalError> {
    use std::fmt::Write;
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let code = chars.next();
        let done = match code {
            Some('%') => write!(out, "%"),
            Some('Y') => write!(out, "{:04}", at.year()),
            Some('y') => write!(out, "{:02}", at.year().rem_euclid(100)),
            Some('m') => write!(out, "{:02}", at.month()),
            Some('n') => write!(out, "{}", at.month()),
            Some('b') => write!(out, "{}", at.format("%b")),
            Some('d') => write!(out, "{:02}", at.day()),
            Some('e') => write!(out, "{}", at.day()),
            Some('H') => write!(out, "{:02}", at.hour()),
            Some('h') => write!(out, "{}", at.hour()),
            Some('M') => write!(out, "{:02}", at.minute()),
            Some('S') => write!(out, "{:02}", at.second()),
            Some('3') => write!(out, "{:03}", at.timestamp_subsec_millis()),
            Some('a') => write!(out, "{}", at.format("%a")),
            Some('W') => write!(out, "{:02}", at.iso_week().week()),
            Some('Z') => write!(out, "{}", at.format("%:z")),
            other => {
                let code = other.map_or(String::new(), |c| c.to_string());
                return Err(EvalError::wrong("format-date", &format!("%{code}")));
            }
        };
        done.map_err(|_| EvalError::TooLong)?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_as_local_days() {
        let moment = Moment { now_ms: 0, offset_minutes: 480, seed: 0 };
        assert_eq!(wall_days("1970-01-02"), Some(1.0));
        assert_eq!(wall_days("12:00"), Some(0.5));
        assert_eq!(local_days("1970-01-01T04:00:00.000Z", &moment), Some(0.5));
        for bad in
            ["1970-1-2", "2026-02-30", "abc", "25:00", "2026-11-23T", "+2026-11-2", "1:2:3", "12:00+9x"]
        {
            assert_eq!(wall_days(bad), None, "{bad}");
        }
    }

    #[test]
    fn extreme_moments_do_not_panic() {
        for now_ms in [i64::MIN, i64::MAX, 0] {
            for offset_minutes in [i32::MIN, i32::MAX] {
                let _ = iso(local_now(&Moment { now_ms, offset_minutes, seed: 0 }));
            }
        }
    }
}
