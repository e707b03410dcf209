//! The console's words in one language, and how it writes a date, a time and "5 min ago".

use super::view::Stamp;
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeZone};
use chrono_tz::Tz;
use rounds_model::messages::Catalog;
use rounds_model::text::{Lang, Text};
use std::sync::OnceLock;

const ZH: &str = include_str!("../../messages/console.zh-CN.ftl");
const EN: &str = include_str!("../../messages/console.en.ftl");

/// A language, and the time zone in which a reader's times are written: the team's.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The reader's language.
    pub lang: Lang,
    /// The team's time zone.
    pub zone: Tz,
}

impl Words {
    /// The words of a language; a zone that nobody knows is read as UTC.
    pub fn new(lang: Lang, zone: &str) -> Words {
        Words { lang, zone: zone.parse().unwrap_or(Tz::UTC) }
    }

    /// The tag for `lang` attributes.
    pub fn tag(&self) -> &'static str {
        self.lang.tag()
    }

    /// A message.
    pub fn t(&self, key: &str) -> String {
        self.f(key, &[])
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        catalog().is_some_and(|catalog| catalog.has(key))
    }

    /// A message with arguments.
    pub fn f(&self, key: &str, args: &[(&str, String)]) -> String {
        catalog().map_or_else(|| key.to_owned(), |c| c.get(self.lang, key, args))
    }

    /// A message about a number.
    pub fn n(&self, key: &str, n: impl ToString) -> String {
        self.f(key, &[("n", n.to_string())])
    }

    /// A text of a pack or a ruling.
    pub fn of<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.lang)
    }

    /// The day that it is in the team's zone.
    pub fn day(&self, at_ms: i64) -> NaiveDate {
        self.local(at_ms).date_naive()
    }

    /// A day with its weekday.
    pub fn long_day(&self, day: NaiveDate) -> String {
        let mut args = parts(self, day);
        args.push(("weekday", self.t(&format!("weekday-{}", day.weekday().number_from_monday()))));
        self.f("date-long", &args)
    }

    /// A date, with its year unless it is this year's.
    pub fn date(&self, day: NaiveDate, now_ms: i64) -> String {
        let same_year = day.year() == self.day(now_ms).year();
        self.f(if same_year { "date-short" } else { "date-year" }, &parts(self, day))
    }

    /// A date as documents keep it: `2026-11-23`. What is none stays as it is.
    pub fn written_day(&self, text: &str, now_ms: i64) -> Stamp {
        let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let short = parsed.map_or_else(|| text.to_owned(), |day| self.date(day, now_ms));
        Stamp { iso: text.to_owned(), full: short.clone(), short }
    }

    /// A time with the day it is on: "today 14:32", "22 Nov, 09:05".
    pub fn moment(&self, at_ms: i64, now_ms: i64) -> Stamp {
        let at = self.local(at_ms);
        let time = vec![("time", at.format("%H:%M").to_string())];
        let days = self.day(now_ms).signed_duration_since(at.date_naive()).num_days();
        let short = match days {
            0 => self.f("today-at", &time),
            1 => self.f("yesterday-at", &time),
            _ => {
                let date = self.date(at.date_naive(), now_ms);
                self.f("date-time", &[time, vec![("date", date)]].concat())
            }
        };
        self.stamp(at_ms, short)
    }

    /// How long ago, while that says more than the time of day.
    pub fn ago(&self, at_ms: i64, now_ms: i64) -> Stamp {
        let minutes = now_ms.saturating_sub(at_ms) / 60_000;
        let short = match minutes {
            // A clock that is a little ahead of ours is not the future.
            ..1 => self.t("just-now"),
            1..60 => self.n("minutes-ago", minutes),
            60..360 => self.n("hours-ago", minutes / 60),
            _ => return self.moment(at_ms, now_ms),
        };
        self.stamp(at_ms, short)
    }

    /// The time of day.
    pub fn clock(&self, at_ms: i64) -> Stamp {
        self.stamp(at_ms, self.local(at_ms).format("%H:%M").to_string())
    }

    /// A time with its offset as it is written in the team's zone; what is none stays as it is.
    pub fn here(&self, text: &str) -> String {
        let at = DateTime::parse_from_rfc3339(text);
        at.map_or_else(|_| text.to_owned(), |at| self.stamp(at.timestamp_millis(), String::new()).iso)
    }

    /// The time of day to the second.
    pub fn clock_seconds(&self, at_ms: i64) -> String {
        self.local(at_ms).format("%H:%M:%S").to_string()
    }

    fn stamp(&self, at_ms: i64, short: String) -> Stamp {
        let at = self.local(at_ms);
        let full =
            format!("{} {} {}", self.long_day(at.date_naive()), at.format("%H:%M:%S"), at.format("%Z"));
        Stamp { iso: at.to_rfc3339_opts(SecondsFormat::Secs, true), short, full }
    }

    fn local(&self, at_ms: i64) -> DateTime<Tz> {
        // A time beyond the calendar is a phone's nonsense; it is shown as the very first.
        self.zone.from_utc_datetime(&DateTime::from_timestamp_millis(at_ms).unwrap_or_default().naive_utc())
    }
}

fn parts(words: &Words, day: NaiveDate) -> Vec<(&'static str, String)> {
    vec![
        ("day", day.day().to_string()),
        ("month", words.t(&format!("month-{}", day.month()))),
        ("year", day.year().to_string()),
    ]
}

/// The files are part of the build, and a test reads them: a broken one means keys for texts.
fn catalog() -> Option<&'static Catalog> {
    static CATALOG: OnceLock<Option<Catalog>> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::new(ZH, EN).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Mon 23 Nov 2026, 14:32 in Dalian.
    const NOW: i64 = 1_795_415_520_000;

    #[test]
    fn both_languages_have_every_message() {
        assert_eq!(catalog().unwrap().gaps(), Vec::<String>::new());
    }

    #[test]
    fn every_message_that_a_template_asks_for_is_there() {
        let templates = concat!(
            include_str!("../../templates/base.html"),
            include_str!("../../templates/board.html"),
            include_str!("../../templates/conflicts.html"),
            include_str!("../../templates/list.html"),
            include_str!("../../templates/parts.html"),
            include_str!("../../templates/record.html"),
            include_str!("../../templates/sign_in.html"),
        );
        let asked: BTreeSet<&str> =
            templates.split("words.t(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(asked.len() > 30);
        let missing: Vec<_> = asked.iter().filter(|key| !catalog().unwrap().has(key)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn times_are_written_in_the_teams_zone_and_the_readers_language() {
        let en = Words::new(Lang::En, "Asia/Shanghai");
        let zh = Words::new(Lang::Zh, "Asia/Shanghai");
        assert_eq!(en.ago(NOW - 5 * 60_000, NOW).short, "5 min ago");
        assert_eq!(zh.ago(NOW - 5 * 60_000, NOW).short, "5 分钟前");
        assert_eq!(en.ago(NOW + 5_000, NOW).short, "just now");
        assert_eq!(en.ago(NOW - 8 * 3_600_000, NOW).short, "today 06:32");
        assert_eq!(en.moment(NOW - 24 * 3_600_000, NOW).short, "yesterday 14:32");
        assert_eq!(en.moment(NOW - 48 * 3_600_000, NOW).short, "21 Nov, 14:32");
        assert_eq!(zh.moment(NOW - 48 * 3_600_000, NOW).short, "11月21日 14:32");
        assert_eq!(zh.long_day(zh.day(NOW)), "2026年11月23日 周一");
        assert_eq!(en.clock(NOW).iso, "2026-11-23T14:32:00+08:00");
        assert_eq!(Words::new(Lang::En, "Nowhere").clock(0).short, "00:00");
        assert!(!en.moment(i64::MAX, NOW).short.is_empty());
    }
}
