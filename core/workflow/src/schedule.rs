//! Schedules: the slots of a day, which may be others in another season.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use rounds_model::people::Role;
use rounds_model::text::Text;

/// The slots of a day.
#[derive(Debug)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// Said below it.
    pub note: Option<Text>,
    /// Whose it is; everyone's, if no role is named.
    pub roles: Vec<Role>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// The seasons, which cover the year; none if each day has the same slots.
    pub seasons: Vec<Season>,
    pub(crate) slots: Vec<Slot>,
}

/// A part of the year.
#[derive(Debug)]
pub struct Season {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    pub(crate) from: YearDay,
    pub(crate) to: YearDay,
}

/// A slot of a day.
#[derive(Debug)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// When it begins.
    pub from: NaiveTime,
    /// When it ends: the slot is over by then.
    pub to: NaiveTime,
    /// The season that it belongs to; none for each.
    pub(crate) season: Option<String>,
}

/// A day of any year: month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct YearDay {
    pub month: u32,
    pub day: u32,
}

impl YearDay {
    /// `05-01`.
    pub fn read(text: &str) -> Option<YearDay> {
        // A year with a 29th of February.
        let date = NaiveDate::parse_from_str(&format!("2024-{text}"), "%Y-%m-%d").ok()?;
        (text.len() == 5).then(|| YearDay::of(date))
    }

    fn of(date: NaiveDate) -> YearDay {
        YearDay { month: date.month(), day: date.day() }
    }
}

impl Season {
    /// Whether a day is in it. A season may go over the end of the year.
    pub(crate) fn covers(&self, day: YearDay) -> bool {
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            day >= self.from || day <= self.to
        }
    }
}

impl Schedule {
    /// The season that a date is in.
    pub fn season(&self, date: NaiveDate) -> Option<&Season> {
        self.seasons.iter().find(|season| season.covers(YearDay::of(date)))
    }

    /// The slots of a date, in the order of the day.
    pub fn slots(&self, date: NaiveDate) -> Vec<&Slot> {
        let season = self.season(date).map(|season| season.name.as_str());
        let mut slots: Vec<&Slot> = self
            .slots
            .iter()
            .filter(|slot| slot.season.is_none() || slot.season.as_deref() == season)
            .collect();
        slots.sort_by_key(|slot| slot.from);
        slots
    }

    /// The slot that a time is in.
    pub fn slot(&self, at: NaiveDateTime) -> Option<&Slot> {
        self.slots(at.date()).into_iter().find(|slot| slot.from <= at.time() && at.time() < slot.to)
    }

    /// Whether somebody of this role goes by it.
    pub fn concerns(&self, role: &Role) -> bool {
        self.roles.is_empty() || self.roles.contains(role)
    }
}
