//! Acts that say where: the position is taken by the phone, with everything that it is judged by.
//!
//! A pack names a payload question of the type `geopoint`; beside it, under names that begin alike, it may
//! ask for what is known of the position:
//!
//! | payload question | what the phone answers |
//! |---|---|
//! | `place` | latitude, longitude, altitude, accuracy |
//! | `place_mock` (boolean) | the platform says that the position is made up |
//! | `place_kmh` (decimal) | how fast one must have been at least, since the last position of this phone |
//! | `place_age_s` (integer) | how old the position was, seconds |
//! | `place_source` (text) | `satellite`, `network` or `unknown` |
//!
//! What they mean is the pack's to say: a guard refuses, an exception tells a supervisor.

use crate::Rounds;
use crate::acting::Made;
use crate::authoring::Typed;
use crate::capture::{Fix, FixAsk, Source};
use crate::error::{Fail, RoundsError};
use crate::photos::spot;
use crate::store::{meta, records};
use rounds_evidence::place::Spot;
use rounds_model::act::Act;
use rounds_model::ids::{BootId, DocId};
use rounds_workflow::{Answer, Field};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

/// How the names of such questions end.
const ENDS: [&str; 4] = ["_mock", "_kmh", "_age_s", "_source"];
/// Where it is kept how fast this phone moved since the last act that carried a position, km/h.
const FASTEST: &str = "fastest_kmh";

/// The last position that this phone used.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Last {
    spot: Spot,
    at_ms: i64,
    mono_ms: u64,
    boot: BootId,
}

impl Rounds {
    /// States an act with the phone's position: each `geopoint` of its payload that was not typed, and what
    /// the pack asks beside it. Without a position the act is stated without one, and the pack says what
    /// then.
    ///
    /// # Errors
    /// Those of [`Rounds::act`]. That there is no position is none.
    pub fn act_here(&self, doc: DocId, name: &str, typed: &[Typed]) -> Result<Made, RoundsError> {
        let mut all = typed.to_vec();
        let asked = self.store.read(|db| self.places_asked(db, doc, name))?;
        let left: Vec<_> =
            asked.iter().filter(|(place, _)| !typed.iter().any(|(key, _)| key == place)).collect();
        if !left.is_empty()
            && let Ok(fix) = self.fix(FixAsk::default())
        {
            let kmh = self.store.write(|tx| self.moved_to(tx, &fix))?;
            all.extend(left.into_iter().flat_map(|(place, beside)| said(place, beside, &fix, kmh)));
        }
        self.act(doc, name, &all)
    }

    /// What the sheet of an act carries for one of its places, from a position that was taken while nothing
    /// was held: the place itself, and what the pack asks beside it.
    ///
    /// # Errors
    /// The position is none; the act asks for no such place.
    pub fn stand(&self, doc: DocId, name: &str, place: &str, fix: Fix) -> Result<Vec<Typed>, RoundsError> {
        let fix = self.heard(fix)?;
        let asked = self.store.read(|db| self.places_asked(db, doc, name))?;
        let asked = asked.into_iter().find(|(asked, _)| asked == place);
        let (place, beside) = asked.ok_or_else(|| Fail::UnknownQuestion(place.to_owned()))?;
        let kmh = self.store.write(|tx| self.moved_to(tx, &fix))?;
        Ok(said(&place, &beside, &fix, kmh))
    }

    /// The positions that an act asks for, each with what it asks beside.
    fn places_asked(
        &self,
        db: &Connection,
        doc: DocId,
        name: &str,
    ) -> Result<Vec<(String, Vec<String>)>, Fail> {
        let catalogue = self.catalogue();
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let payload: &[Field] = kind.act(name).map(|act| act.payload.as_slice()).unwrap_or_default();
        let places = payload.iter().filter(|field| field.answer == Answer::Place);
        let beside = |place: &Field| {
            let all = payload.iter().filter(|field| place_of(payload, &field.name) == Some(&place.name));
            all.map(|field| field.name.clone()).collect()
        };
        Ok(places.map(|place| (place.name.clone(), beside(place))).collect())
    }

    /// How fast this phone must have moved at least since the last act that carried a position, km/h; none
    /// for its first position. A position that no act carried counts as well: one that was refused, or taken
    /// again.
    fn moved_to(&self, tx: &Transaction<'_>, fix: &Fix) -> Result<Option<f64>, Fail> {
        let now = self.now(tx)?;
        // When the position was true, not when it was handed over.
        let age = fix.age_ms;
        let mono_ms = now.reading.mono_ms.saturating_sub(age);
        let at_ms = now.at_ms.saturating_sub(i64::try_from(age).unwrap_or(0));
        let here = Last { spot: spot(fix), at_ms, mono_ms, boot: now.reading.boot };
        let before: Option<Last> = meta::get(tx, "last_place")?;
        let Some(before) = before else {
            meta::set(tx, "last_place", &here)?;
            return Ok(None);
        };
        // A position that was true before the last one that was used, or is that one again, says nothing
        // of how this phone moved, and the next one is held against the newer of the two.
        let fastest: Option<f64> = meta::get(tx, FASTEST)?;
        let Some(passed_ms) = here.after(&before) else { return Ok(fastest) };
        meta::set(tx, "last_place", &here)?;
        let kmh = here.spot.speed_kmh(&before.spot, passed_ms);
        let fastest = fastest.into_iter().chain(kmh).reduce(f64::max);
        if let Some(fastest) = fastest {
            meta::set(tx, FASTEST, &fastest)?;
        }
        Ok(fastest)
    }
}

/// An act that carries a position was stated: what its phone did before it has been told.
pub(crate) fn stated(tx: &Transaction<'_>, asked: &[Field], act: &Act) -> Result<(), Fail> {
    let mut places = asked.iter().filter(|field| field.answer == Answer::Place);
    if places.any(|place| act.payload.get(&place.name).is_some_and(|value| !value.is_blank())) {
        meta::remove(tx, FASTEST)?;
    }
    Ok(())
}

/// The place of a payload that this question of it tells about: the phone answers both.
pub fn place_of<'f>(payload: &'f [Field], question: &str) -> Option<&'f str> {
    let mut places = payload.iter().filter(|field| field.answer == Answer::Place);
    let told =
        |place: &&Field| question.strip_prefix(place.name.as_str()).is_some_and(|end| ENDS.contains(&end));
    places.find(told).map(|place| place.name.as_str())
}

impl Last {
    /// How many milliseconds this one was true after another; none if it was not.
    fn after(&self, before: &Last) -> Option<u64> {
        let passed = if before.boot == self.boot {
            self.mono_ms.checked_sub(before.mono_ms)
        } else {
            u64::try_from(self.at_ms.saturating_sub(before.at_ms)).ok()
        };
        passed.filter(|ms| *ms > 0)
    }
}

/// A place and what is asked beside it, as the position answers it.
fn said(place: &str, beside: &[String], fix: &Fix, kmh: Option<f64>) -> Vec<Typed> {
    let told = told(fix, kmh);
    let more = beside.iter().filter_map(|key| Some((key.clone(), told(key.strip_prefix(place)?)?)));
    std::iter::once((place.to_owned(), fix.geopoint())).chain(more).collect()
}

/// What is known of a position, by the end of the question's name.
fn told(fix: &Fix, kmh: Option<f64>) -> impl Fn(&str) -> Option<String> {
    let fix = *fix;
    move |end| match end {
        "_mock" => fix.mock.map(|mock| mock.to_string()),
        "_kmh" => kmh.map(|kmh| format!("{:.0}", kmh.min(1e9))),
        "_age_s" => Some((fix.age_ms / 1_000).to_string()),
        "_source" => Some(
            match fix.source {
                Source::Satellite => "satellite",
                Source::Network => "network",
                Source::Unknown => "unknown",
            }
            .to_owned(),
        ),
        _ => None,
    }
}
