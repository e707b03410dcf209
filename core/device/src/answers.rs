//! What a person typed, as the values that it means: by the declared fields of a kind, by its
//! workbook, or by the payload of an act. Nothing is written that does not fit its question.

use crate::authoring::Typed;
use crate::error::Fail;
use crate::identity::Identity;
use crate::rows::{self, Rows};
use rounds_forms::{Answers, FillError, Filling, Session};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use rounds_model::time::TrustedTime;
use rounds_workflow::{Answer, Field, Kind, Workbook};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record's answers.
pub type Fields = BTreeMap<String, Scalar>;

/// What answering needs to know beside the record.
pub struct Desk<'a> {
    /// The record's kind.
    pub kind: &'a Kind,
    /// Who answers.
    pub me: &'a Identity,
    /// When.
    pub now: TrustedTime,
    /// What the record of this kind that the same person saved before says, where it is asked for.
    pub before: Option<Arc<Answers>>,
}

impl<'a> Desk<'a> {
    /// To answer a record that is there.
    pub fn new(kind: &'a Kind, me: &'a Identity, now: TrustedTime) -> Desk<'a> {
        Desk { kind, me, now, before: None }
    }

    /// The key that a question of the record is answered by, named by it or by its place in the form
    /// (`sku[1]/price`); none if there is no such question.
    pub fn key_of(&self, fields: &Fields, question: &str) -> Option<String> {
        if self.kind.field(question).is_some() {
            return Some(question.to_owned());
        }
        self.filling(fields)?.node(&target(question), "").map(|node| node.key)
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
                out.push((key.clone(), value(field, text)?));
                continue;
            }
            if filling.is_none() {
                filling = self.filling(fields);
            }
            let filling = filling.as_mut().ok_or_else(|| Fail::UnknownQuestion(key.clone()))?;
            out.extend(values(filling.set(&target(key), text).map_err(refused)?.written));
        }
        if let Some(filling) = &mut filling {
            let mut written = BTreeMap::new();
            rows.fill(filling, false, &mut written)?;
            out.extend(values(written));
        }
        Ok(out)
    }

    /// What a new record's form fills in by itself: defaults, start time, device, first instances.
    pub fn begun(&self, rows: &mut Rows<'_>) -> Result<Vec<(String, Scalar)>, Fail> {
        let Some(mut filling) = self.filling(&Fields::new()) else { return Ok(vec![]) };
        let mut written = filling.prefilled().clone();
        rows.fill(&mut filling, true, &mut written)?;
        Ok(values(written))
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
        Ok(values(filling.remove(&target, &id).map_err(refused)?.written))
    }

    /// The workbook as this record fills it; none for a kind without one.
    pub fn filling(&self, fields: &Fields) -> Option<Filling> {
        let form = self.kind.workbook.as_ref()?.form();
        let moment = rounds_workflow::moment(self.now.at_ms, self.me.zone());
        let session = Session {
            device: self.me.device.to_string(),
            username: self.me.person.name.clone(),
            last_saved: self.before.clone(),
            ..Session::default()
        };
        let answers = Workbook::answers(fields)?;
        Some(Filling::new(form.clone(), answers, moment, session))
    }
}

/// The payload of an act from what was typed. What is not asked for is left to the rules to refuse.
pub fn payload(kind: &Kind, act: &str, typed: &[Typed]) -> Result<Fields, Fail> {
    let asked = kind.act(act).map(|rule| rule.payload.as_slice()).unwrap_or_default();
    asked_for(asked, typed)
}

/// What was typed for questions that are not the record's own: an act's payload, what a finder asks.
pub fn asked_for(asked: &[Field], typed: &[Typed]) -> Result<Fields, Fail> {
    let one = |(key, text): &Typed| {
        let value = match asked.iter().find(|field| field.name == *key) {
            Some(field) => value(field, text)?,
            None => Scalar::from(text.as_str()),
        };
        Ok((key.clone(), value))
    };
    typed.iter().map(one).collect()
}

/// Typed text as the value that a declared field keeps; the empty text clears.
fn value(field: &Field, text: &str) -> Result<Scalar, Fail> {
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
        _ => Some(Scalar::from(text)),
    };
    let value = value.ok_or_else(|| misfit(field))?;
    if rounds_workflow::fits(field, &value) { Ok(value) } else { Err(misfit(field)) }
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
