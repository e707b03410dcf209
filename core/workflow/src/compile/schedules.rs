//! Schedules: seasons that cover the year, and slots that do not overlap.

use super::checker::Checker;
use super::listing::{Listing, Row};
use crate::limits;
use crate::manifest::{Manifest, ScheduleSource, SeasonSource, Word};
use crate::schedule::{Schedule, Season, Slot, YearDay};
use chrono::{Datelike, NaiveDate, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn schedules(c: &mut Checker<'_, '_>, manifest: &Manifest) -> BTreeMap<String, Schedule> {
    let mut schedules = BTreeMap::new();
    for source in &manifest.schedules {
        let Some(schedule) = schedule(c, source) else { continue };
        if schedules.insert(schedule.name.clone(), schedule).is_some() {
            c.problems.add(source.name.span(), "name-taken", &[("name", source.name.get_ref())]);
        }
    }
    c.at_most(manifest.schedules.len(), limits::ENTRIES, manifest.id.span(), "schedules");
    schedules
}

fn schedule(c: &mut Checker<'_, '_>, source: &ScheduleSource) -> Option<Schedule> {
    let name = c.snake(&source.name);
    let title = c.text(&source.title);
    let note = source.note.as_ref().and_then(|note| c.text(note));
    let roles = c.roles(&source.roles);
    let seasons: Vec<_> = source.seasons.iter().filter_map(|season| self::season(c, season)).collect();
    if seasons.len() == source.seasons.len() {
        cover(c, source, &seasons);
    }
    let listing = Listing::open(c, &source.table, &["name", "from", "to", "zh", "en"], &["season"])?;
    let mut slots: Vec<Slot> = Vec::new();
    for row in listing.rows().take(limits::ENTRIES) {
        let found = row.check(c, |c| slot(c, source, &row, &slots));
        slots.extend(found);
    }
    c.at_most(listing.rows().count(), limits::ENTRIES, source.table.span(), "slots");
    Some(Schedule { name: name?, title: title?, note, roles, rule: source.rule.clone(), seasons, slots })
}

fn season(c: &mut Checker<'_, '_>, source: &SeasonSource) -> Option<Season> {
    let name = c.snake(&source.name);
    let title = c.text(&source.title);
    let mut day = |word: &Word| {
        let day = YearDay::read(word.get_ref());
        if day.is_none() {
            c.problems.add(word.span(), "bad-time", &[("name", word.get_ref())]);
        }
        day
    };
    let (from, to) = (day(&source.from), day(&source.to));
    Some(Season { name: name?, title: title?, from: from?, to: to? })
}

/// Each day of a year is in one season.
fn cover(c: &mut Checker<'_, '_>, source: &ScheduleSource, seasons: &[Season]) {
    if seasons.is_empty() {
        return;
    }
    // A year with all its days.
    let first = NaiveDate::from_ymd_opt(2024, 1, 1);
    for date in first.into_iter().flat_map(|first| first.iter_days().take(366)) {
        let day = YearDay { month: date.month(), day: date.day() };
        let count = seasons.iter().filter(|season| season.covers(day)).count();
        if count != 1 {
            let args = [("day", &*date.format("%m-%d").to_string()), ("count", &*count.to_string())];
            c.problems.add(source.name.span(), "seasons-do-not-fit", &args);
            return;
        }
    }
}

fn slot(c: &mut Checker<'_, '_>, source: &ScheduleSource, row: &Row<'_>, before: &[Slot]) -> Option<Slot> {
    let name = c.snake(&row.word("name").unwrap_or_else(|| Word::new(0..0, String::new())));
    let title = c.text(&row.words());
    let known: BTreeSet<String> = source.seasons.iter().map(|season| season.name.get_ref().clone()).collect();
    let season = row.word("season").map(|season| c.one_of(&season, &known, "unknown-season"));
    let mut time = |column: &str| {
        let text = row.cell(column);
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5);
        if time.is_none() {
            c.problems.add(0..0, "bad-time", &[("name", text)]);
        }
        time
    };
    let (from, to) = (time("from"), time("to"));
    let slot = Slot {
        name: name?,
        title: title?,
        from: from?,
        to: to?,
        season: season.map_or(Some(None), |s| s.map(Some))?,
    };
    let same_day =
        |other: &&Slot| other.season.is_none() || slot.season.is_none() || other.season == slot.season;
    for other in before.iter().filter(same_day) {
        if other.name == slot.name {
            c.problems.add(0..0, "name-taken", &[("name", &slot.name)]);
        } else if slot.from < other.to && other.from < slot.to {
            c.problems.add(0..0, "slots-overlap", &[("name", &slot.name), ("other", &other.name)]);
        }
    }
    if slot.from >= slot.to {
        c.problems.add(0..0, "bad-time", &[("name", row.cell("to"))]);
    }
    Some(slot)
}
