//! The day by its schedules: the slots, and which of them it is now.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use chrono::{DateTime, NaiveDate, TimeZone};
use rounds_model::text::Lang;
use serde::Serialize;

/// The schedules of a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayPlan {
    /// The day: `2026-11-23`.
    pub day: String,
    /// The schedules that this phone's person goes by.
    pub schedules: Vec<Plan>,
}

/// A schedule on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The season that the day is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    /// Said below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The requirement that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// In the order of the day.
    pub slots: Vec<SlotRow>,
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotRow {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// `08:30`.
    pub from: String,
    /// `08:50`.
    pub to: String,
    /// It is now.
    pub now: bool,
}

impl Rounds {
    /// The slots of a day (`2026-11-23`); of the team's today, if none is given.
    pub fn day_plan(&self, day: Option<&str>, lang: Lang) -> Result<DayPlan, RoundsError> {
        let now = self.store.read(|db| self.now(db))?;
        let me = self.identity()?;
        let utc = DateTime::from_timestamp_millis(now.at_ms).unwrap_or_default();
        let now = me.zone().from_utc_datetime(&utc.naive_utc()).naive_local();
        let date = match day {
            None => now.date(),
            Some(day) => NaiveDate::parse_from_str(day, "%Y-%m-%d")
                .map_err(|_| RoundsError::from(Fail::BadSetting(day.to_owned())))?,
        };
        let catalogue = self.catalogue();
        let all = catalogue.packs().flat_map(|pack| pack.schedules.values());
        let mine = all.filter(|schedule| schedule.concerns(&me.person.role));
        let plan = |schedule: &rounds_workflow::Schedule| {
            let current = schedule.slot(now).filter(|_| date == now.date()).map(|slot| slot.name.as_str());
            let slots = schedule.slots(date).into_iter().map(|slot| SlotRow {
                name: slot.name.clone(),
                title: slot.title.get(lang).to_owned(),
                from: slot.from.format("%H:%M").to_string(),
                to: slot.to.format("%H:%M").to_string(),
                now: current == Some(slot.name.as_str()),
            });
            Plan {
                name: schedule.name.clone(),
                title: schedule.title.get(lang).to_owned(),
                season: schedule.season(date).map(|season| season.title.get(lang).to_owned()),
                note: schedule.note.as_ref().map(|note| note.get(lang).to_owned()),
                rule: schedule.rule.clone(),
                slots: slots.collect(),
            }
        };
        Ok(DayPlan { day: date.format("%Y-%m-%d").to_string(), schedules: mine.map(plan).collect() })
    }
}
