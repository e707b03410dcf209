//! What a person typed, as the values that it means: by the declared fields of a kind, by its
//! workbook, or by the payload of an act. Nothing is written that does not fit its question.

use crate::authoring::Typed;
use crate::error::Fail;
use crate::identity::Identity;
use crate::kept::Slot;
use crate::rows::{self, Rows};
use chrono::{NaiveDateTime, SecondsFormat, TimeZone};
use chrono_tz::Tz;
use rounds_forms::{Answers, FillError, Filling, Session};
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use rounds_model::time::TrustedTime;
use rounds_workflow::{Answer, Field, Kind, Workbook};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A record's answers.
pub type Fields = BTreeMap<String, Scalar>;

/// What answering needs to know beside the record.
pub struct Desk<'a> {
    /// The record: what its form draws is drawn by its id.
    pub doc: DocId,
    /// The record's kind.
    pub kind: &'a Kind,
    /// Who answers.
    pub me: &'a Identity,
    /// When.
    pub now: TrustedTime,
    /// What the record of this kind that the same person saved before says, where it is asked for.
    pub before: Option<Arc<Answers>>,
    /// Where the workbook of the record is kept between two answers; none opens it each time.
    pub(crate) kept: Option<&'a Slot>,
    /// The places that the phone has to take by itself, because of what was answered.
    pub(crate) places: RefCell<BTreeSet<String>>,
}

impl<'a> Desk<'a> {
    /// To answer a record that is there.
    pub fn new(doc: DocId, kind: &'a Kind, me: &'a Identity, now: TrustedTime) -> Desk<'a> {
        Desk { doc, kind, me, now, before: None, kept: None, places: RefCell::default() }
    }

    /// With a place where the workbook is kept.
    pub fn keeping(self, slot: &'a Slot) -> Desk<'a> {
        Desk { kept: Some(slot), ..self }
    }

    /// The keys of the places that the phone has to take now: see [`crate::placing`].
    pub fn places(&self) -> Vec<String> {
        self.places.take().into_iter().collect()
    }

    /// The key that a question of the record is answered by, named by it or by its place in the form
    /// (`sku[1]/price`); none if there is no such question.
    pub fn key_of(&self, fields: &Fields, question: &str) -> Option<String> {
        if self.kind.field(question).is_some() {
            return Some(question.to_owned());
        }
        let filling = self.filling(fields)?;
        let key = filling.node(&target(question), "").map(|node| node.key);
        self.keep(filling);
        key
    }

    /// The same for a question that is named by its key in most cases.
    pub fn canonical(&self, fields: &Fields, question: &str) -> String {
        let positional = question.starts_with('/') || question.contains('[');
        let found = positional.then(|| self.key_of(fields, question)).flatten();
        found.unwrap_or_else(|| question.to_owned())
    }

    /// The values to write for what was typed, with the instances that the form then asks for.
    pub fn typed(
        &self,
        fields: &Fields,
        typed: &[Typed],
        rows: &mut Rows<'_>,
    ) -> Result<Vec<(String, Scalar)>, Fail> {
        let mut filling = None;
        let mut out = Vec::new();
        for (key, text) in typed {
            if let Some(field) = self.kind.field(key) {
                out.push((key.clone(), value(field, text, self.me.zone())?));
                continue;
            }
            if filling.is_none() {
                filling = self.filling(fields);
            }
            let filling = filling.as_mut().ok_or_else(|| Fail::UnknownQuestion(key.clone()))?;
            let target = target(key);
            let changed = filling.set(&target, text).map_err(refused)?;
            if !changed.touched.is_empty() {
                self.places.borrow_mut().extend(filling.places_due(&target));
            }
            out.extend(values(changed.written));
        }
        if let Some(mut filling) = filling {
            let mut written = BTreeMap::new();
            rows.fill(&mut filling, false, &mut written)?;
            out.extend(values(written));
            self.keep(filling);
        }
        Ok(out)
    }

    /// What a new record's form fills in by itself: defaults, start time, device, first instances.
    pub fn begun(&self, rows: &mut Rows<'_>) -> Result<Vec<(String, Scalar)>, Fail> {
        let Some(mut filling) = self.filling(&Fields::new()) else { return Ok(vec![]) };
        let mut written = filling.prefilled().clone();
        rows.fill(&mut filling, true, &mut written)?;
        self.places.borrow_mut().extend(filling.places_at_start());
        Ok(values(written))
    }

    /// The values to write for a place that the phone has taken.
    pub fn placed(
        &self,
        fields: &Fields,
        keys: &[String],
        point: &str,
    ) -> Result<Vec<(String, Scalar)>, Fail> {
        let Some(mut filling) = self.filling(fields) else { return Ok(vec![]) };
        let mut out = Vec::new();
        for key in keys {
            // The row may be gone meanwhile, or the record moved to a form without the question.
            if let Ok(changed) = filling.place(key, point) {
                out.extend(values(changed.written));
            }
        }
        self.keep(filling);
        Ok(out)
    }

    /// What the form fills in by itself in a record that is there already.
    pub fn prefilled(&self, fields: &Fields) -> Vec<(String, Scalar)> {
        self.filling(fields).map(|f| values(f.prefilled().clone())).unwrap_or_default()
    }

    /// The id of a new instance at the end of a repeat, and the values to write for it.
    pub fn added(
        &self,
        fields: &Fields,
        repeat: &str,
        rows: &mut Rows<'_>,
    ) -> Result<(String, Vec<(String, Scalar)>), Fail> {
        let mut filling = self.filling(fields).ok_or_else(|| Fail::UnknownQuestion(repeat.to_owned()))?;
        let (id, order) = rows.one()?;
        let mut written = filling.add(&target(repeat), &id, &order).map_err(refused)?.written;
        rows.fill(&mut filling, false, &mut written)?;
        self.keep(filling);
        Ok((id, values(written)))
    }

    /// The values to write for an instance that is taken away, named by its position or its id. Its
    /// answers stay.
    pub fn removed(
        &self,
        fields: &Fields,
        repeat: &str,
        instance: &str,
    ) -> Result<Vec<(String, Scalar)>, Fail> {
        let mut filling = self.filling(fields).ok_or_else(|| Fail::UnknownQuestion(repeat.to_owned()))?;
        let target = target(repeat);
        let there = filling.node(&target, "").map(|node| node.instances).unwrap_or_default();
        let id = rows::id_of(&there, instance);
        let written = filling.remove(&target, &id).map_err(refused)?.written;
        self.keep(filling);
        Ok(values(written))
    }

    /// The workbook as this record fills it; none for a kind without one. [`Desk::keep`] gives it back.
    pub fn filling(&self, fields: &Fields) -> Option<Filling> {
        let form = self.kind.workbook.as_ref()?.form();
        let moment = rounds_workflow::moment(self.now.at_ms, self.me.zone());
        let moment = rounds_workflow::moment_of(self.doc, moment);
        let session = Session {
            device: self.me.device.to_string(),
            username: self.me.person.name.clone(),
            last_saved: self.before.clone(),
            ..Session::default()
        };
        let answers = Workbook::answers(fields)?;
        match self.kept.and_then(|slot| slot.take(self.doc, form, &session)) {
            Some(mut filling) => {
                filling.adopt(answers, moment);
                Some(filling)
            }
            None => Some(Filling::new(form.clone(), answers, moment, session)),
        }
    }

    /// Keeps a filling for whoever looks at the record next, whatever becomes of what it says now.
    pub fn keep(&self, filling: Filling) {
        if let Some(slot) = self.kept {
            slot.put(self.doc, filling);
        }
    }
}

/// The payload of an act from what was typed. What is not asked for is left to the rules to refuse.
pub fn payload(kind: &Kind, act: &str, typed: &[Typed], zone: Tz) -> Result<Fields, Fail> {
    let asked = kind.act(act).map(|rule| rule.payload.as_slice()).unwrap_or_default();
    asked_for(asked, typed, zone)
}

/// What was typed for questions that are not the record's own: an act's payload, what a finder asks.
pub fn asked_for(asked: &[Field], typed: &[Typed], zone: Tz) -> Result<Fields, Fail> {
    let one = |(key, text): &Typed| {
        let value = match asked.iter().find(|field| field.name == *key) {
            Some(field) => value(field, text, zone)?,
            None => Scalar::from(text.as_str()),
        };
        Ok((key.clone(), value))
    };
    typed.iter().map(one).collect()
}

/// Typed text as the value that a declared field keeps; the empty text clears. A moment without its offset is
/// meant as the team's clocks show it.
fn value(field: &Field, text: &str, zone: Tz) -> Result<Scalar, Fail> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Scalar::Null);
    }
    let number = rounds_forms::half_width(text);
    let value = match field.answer {
        Answer::Integer => number.parse().ok().map(Scalar::Int),
        Answer::Decimal => number.parse().ok().filter(|f: &f64| f.is_finite()).map(Scalar::Float),
        Answer::Boolean => match text {
            "true" | "yes" | "是" | "1" | "１" => Some(Scalar::Bool(true)),
            "false" | "no" | "否" | "0" | "０" => Some(Scalar::Bool(false)),
            _ => None,
        },
        Answer::DateTime => Some(Scalar::from(moment(text, zone).as_deref().unwrap_or(text))),
        _ => Some(Scalar::from(text)),
    };
    let value = value.ok_or_else(|| misfit(field))?;
    if rounds_workflow::fits(field, &value) { Ok(value) } else { Err(misfit(field)) }
}

/// A local moment with its offset; none if it is no such moment.
fn moment(text: &str, zone: Tz) -> Option<String> {
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())?;
    let at = zone.from_local_datetime(&local).earliest()?;
    Some(at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn misfit(field: &Field) -> Fail {
    let arg = |lang| [("field", field.title.get(lang).to_owned())];
    use rounds_model::text::Lang::{En, Zh};
    let text = |key: &str| {
        let m = crate::error::messages();
        Text::new(m.get(Zh, key, &arg(Zh)), m.get(En, key, &arg(En)))
    };
    Refusal::new("answer-type", text("answer-type"), text("answer-type-remedy")).on(&field.name).into()
}

/// What is wrong with an answer, for one reader.
pub fn said(error: &FillError, lang: Lang) -> String {
    let text = error.text();
    Text::new(text.zh, text.en).get(lang).to_owned()
}

pub(crate) fn refused(error: FillError) -> Fail {
    if matches!(error, FillError::NoSuchQuestion { .. }) {
        return Fail::UnknownQuestion(error.field().to_owned());
    }
    let (text, remedy) = (error.text(), error.remedy());
    let refusal = Refusal::new(error.code(), Text::new(text.zh, text.en), Text::new(remedy.zh, remedy.en));
    refusal.on(error.field()).into()
}

fn values(written: BTreeMap<String, String>) -> Vec<(String, Scalar)> {
    let scalar = |key: &str, text: String| match text.as_str() {
        "" => Scalar::Null,
        "true" if key.ends_with("/@del") => Scalar::Bool(true),
        _ => Scalar::from(text),
    };
    written.into_iter().map(|(key, text)| (key.clone(), scalar(&key, text))).collect()
}

/// Keys may be typed with positions (`sku[2]/price`), as paths, or as they are stored.
pub(crate) fn target(key: &str) -> String {
    if key.contains('[') && !key.starts_with('/') { format!("/data/{key}") } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by a user: no shell gives an offset, and no moment without one was an answer.
    #[test]
    fn a_moment_is_meant_as_the_teams_clocks_show_it() {
        let zone = chrono_tz::Asia::Shanghai;
        let read = |text| moment(text, zone);
        assert_eq!(read("2026-11-30T09:30").as_deref(), Some("2026-11-30T09:30:00+08:00"));
        assert_eq!(read("2026-11-30T09:30:05").as_deref(), Some("2026-11-30T09:30:05+08:00"));
        for none in ["2026-11-30", "2026-11-30T25:00", "2026-11-30T09:30:00Z", "tomorrow", ""] {
            assert_eq!(read(none), None, "{none}");
        }
        // The hour that clocks leave out in spring is nobody's.
        assert_eq!(moment("2026-03-29T02:30", chrono_tz::Europe::Berlin), None);
    }
}
