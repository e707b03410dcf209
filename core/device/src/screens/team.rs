//! The team, on the phone of whoever leads it: how far everybody's day is, and what waits for a decision.

use super::row::{Row, row};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{records, roster};
use chrono::TimeZone;
use rounds_model::ids::PersonId;
use rounds_model::text::Lang;
use serde::Serialize;

/// The most records that wait for a decision that are listed.
const LISTED: usize = 200;

/// The team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Team {
    /// The team's day.
    pub day: String,
    /// Everybody whose records are here, but for this phone's person, by name.
    pub people: Vec<Member>,
    /// Records that wait for a decision of this phone's person, the oldest first.
    pub waiting: Vec<Waiting>,
}

/// Somebody of the team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Of their records of the day, how many are dealt with.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// Their records of the day, in their order.
    pub rows: Vec<Row>,
}

/// A record that waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waiting {
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The record.
    pub row: Row,
}

impl Rounds {
    /// The team's day, and what waits for this phone's person.
    pub fn team(&self, lang: Lang) -> Result<Team, RoundsError> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        Ok(self.store.read(|db| {
            let utc = chrono::DateTime::from_timestamp_millis(self.now(db)?.at_ms).unwrap_or_default();
            let day = me.zone().from_utc_datetime(&utc.naive_utc()).format("%Y-%m-%d").to_string();
            let of_day = records::of_day(db, &day)?;
            let mut people = Vec::new();
            for person in roster::people(db)?.into_iter().filter(|person| person.id != me.person.id) {
                let mut mine: Vec<_> = of_day.iter().filter(|r| r.projection.owner == person.id).collect();
                mine.sort_by(|a, b| {
                    let key = |r: &records::Record| r.projection.order.unwrap_or(f64::MAX);
                    key(a).total_cmp(&key(b))
                });
                let rows = mine.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, Fail>>()?;
                let done = mine.iter().filter(|r| r.projection.done).count();
                people.push(Member { person: person.id, name: person.name, done, of: mine.len(), rows });
            }
            people.sort_by(|a, b| a.name.cmp(&b.name));
            let mut waiting = Vec::new();
            for kind in catalogue.kinds() {
                for stage in kind.stages.iter().filter(|stage| kind.awaits(&stage.name, &me.person.role)) {
                    for record in records::in_stage(
                        db,
                        &kind.name,
                        &stage.name,
                        None,
                        u32::try_from(LISTED).unwrap_or(u32::MAX),
                    )? {
                        if record.projection.owner != me.person.id {
                            waiting.push((record.n, record));
                        }
                    }
                }
            }
            waiting.sort_by_key(|(n, _)| *n);
            waiting.truncate(LISTED);
            let one = |(_, record): &(i64, records::Record)| {
                let person = record.projection.owner;
                let name = roster::person(db, person)?.map(|p| p.name).unwrap_or_default();
                Ok(Waiting { person, name, row: row(db, &catalogue, record, lang)? })
            };
            let waiting = waiting.iter().map(one).collect::<Result<_, Fail>>()?;
            Ok::<_, Fail>(Team { day, people, waiting })
        })?)
    }
}
