//! The days that a report looks at: as many as one likes, or one week.

use super::super::list::escaped;
use super::super::words::Words;
use super::Ask;
use chrono::{Datelike, Days, NaiveDate, TimeZone};
use rounds_workflow::Span;

/// Days that are looked at if nothing is said.
const USUAL: u64 = 28;

/// From a first to a last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// A way to other days: its words, its address, and whether they are these.
pub type Way = (String, String, bool);

impl Period {
    /// What is asked for, with what is usual where nothing is said. A week is the one of the first day.
    pub fn asked(span: Span, ask: &Ask, today: NaiveDate) -> Period {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        match span {
            Span::Days => {
                let to = day(&ask.to).unwrap_or(today);
                let from = day(&ask.from).unwrap_or_else(|| back(to, USUAL - 1));
                Period { from, to }
            }
            Span::Week => week(day(&ask.from).unwrap_or(today)),
        }
    }

    /// When its first day begins and its last one has ended, Unix milliseconds.
    pub fn made(self, words: &Words) -> (i64, i64) {
        let begins = |day: NaiveDate| {
            let local = words.zone.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).earliest();
            local.map(|at| at.timestamp_millis())
        };
        let after = self.to.succ_opt().and_then(begins);
        (begins(self.from).unwrap_or(i64::MIN), after.unwrap_or(i64::MAX))
    }

    /// In words.
    pub fn said(self, words: &Words, now_ms: i64) -> String {
        format!("{} – {}", words.date(self.from, now_ms), words.date(self.to, now_ms))
    }

    /// As it stands in an address.
    pub fn query(self) -> String {
        format!("from={}&to={}", escaped(&written(self.from)), escaped(&written(self.to)))
    }

    /// Where one can go from here.
    pub fn ways(self, span: Span, words: &Words, path: &str, today: NaiveDate) -> Vec<Way> {
        let to =
            |key: &str, period: Period| (words.t(key), format!("{path}?{}", period.query()), period == self);
        let monday = week(today).from;
        match span {
            Span::Days => vec![
                to("span-week", Period { from: monday, to: today }),
                to("span-last-week", week(back(monday, 7))),
                to("span-4-weeks", Period { from: back(today, 27), to: today }),
                to("span-quarter", Period { from: back(today, 90), to: today }),
            ],
            Span::Week => vec![
                to("span-previous", week(back(self.from, 7))),
                to("span-last-week", week(back(monday, 7))),
                to("span-week", week(today)),
                to("span-next", week(self.from.checked_add_days(Days::new(7)).unwrap_or(self.from))),
            ],
        }
    }
}

/// As documents keep it.
pub fn written(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// The week of a day, from its Monday. The first and the last days of the calendar are their own.
fn week(day: NaiveDate) -> Period {
    let from = back(day, u64::from(day.weekday().num_days_from_monday()));
    Period { from, to: from.checked_add_days(Days::new(6)).unwrap_or(from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_a_week_is_that_of_the_day_that_is_asked_for_and_today_s_else() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        let asked = |from: &str| {
            let ask = Ask { from: from.into(), to: "2026-12-31".into() };
            let Period { from, to } = Period::asked(Span::Week, &ask, day("2026-11-23"));
            (written(from), written(to))
        };
        let of = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(asked(""), of("2026-11-23", "2026-11-29"));
        assert_eq!(asked("2026-11-22"), of("2026-11-16", "2026-11-22"));
        assert_eq!(asked("soon"), of("2026-11-23", "2026-11-29"));
        let usual = Period::asked(Span::Days, &Ask::default(), day("2026-11-23"));
        assert_eq!((written(usual.from), written(usual.to)), of("2026-10-27", "2026-11-23"));
        assert_eq!(
            Period::asked(
                Span::Week,
                &Ask { from: "-262143-01-01".into(), ..Ask::default() },
                day("2026-11-23")
            )
            .to
            .year(),
            -262_143
        );
    }
}
