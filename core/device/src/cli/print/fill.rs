//! What filling a record answers: what was saved, what is wrong, what can be chosen, what a move would
//! change, who answered what.

use super::{Plain, word};
use crate::acting::Made;
use crate::error::RoundsError;
use crate::filling::{Checked, Wrong};
use crate::moving::Move;
use crate::offering::Offer;
use crate::screens::audit::Audited;
use crate::screens::entities::Entity;
use crate::screens::record::{Reason, RecordScreen};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;

/// What was saved.
#[derive(Serialize)]
pub struct Saved {
    /// The record.
    pub id: DocId,
    /// The instance of a repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The same by its position, as questions show it: `sku[2]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What is wrong with what was answered: it is kept, and has to be put right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<Wrong>,
    /// Questions that have the place of this phone now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placed: Vec<String>,
    /// The form asked for the place, and why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unplaced: Option<RoundsError>,
}

impl Saved {
    /// Something of this record.
    pub fn of(id: DocId) -> Saved {
        Saved { id, instance: None, row: None, wrong: vec![], placed: vec![], unplaced: None }
    }
}

impl Plain for Saved {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        writeln!(out, "{} {}", word(lang, "print-saved", &[]), self.id)?;
        if let Some(row) = &self.row {
            let key = if self.instance.is_some() { "print-row-added" } else { "print-row-removed" };
            let args = [("row", row.clone()), ("id", self.instance.clone().unwrap_or_default())];
            writeln!(out, "{}", word(lang, key, &args))?;
        }
        if !self.placed.is_empty() {
            let questions = [("questions", self.placed.join(", "))];
            writeln!(out, "{}", word(lang, "print-placed", &questions))?;
        }
        if let Some(error) = &self.unplaced {
            let why = [("why", error.message(lang))];
            writeln!(out, "{}", word(lang, "print-unplaced", &why))?;
        }
        if self.wrong.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", word(lang, "print-saved-but", &[]))?;
        self.wrong.iter().try_for_each(|one| wrong(out, one, lang))
    }
}

impl Plain for Checked {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.wrong.is_empty() {
            writeln!(out, "{}", word(lang, "print-nothing-wrong", &[]))?;
        } else {
            let n = [("n", self.wrong.len().to_string())];
            writeln!(out, "{}", word(lang, "print-wrong", &n))?;
        }
        self.wrong.iter().try_for_each(|one| wrong(out, one, lang))?;
        self.typed.iter().try_for_each(|place| {
            let typed = place.typed.clone().unwrap_or_default();
            let args = [("question", place.question.clone()), ("typed", typed)];
            writeln!(out, "{}", word(lang, "print-typed-at", &args))
        })
    }
}

pub(super) fn wrong(out: &mut String, wrong: &Wrong, lang: Lang) -> std::fmt::Result {
    let value = match wrong.value.as_str() {
        "" => String::new(),
        value => word(lang, "print-wrong-value", &[("value", value.to_owned())]),
    };
    writeln!(out, "! {}{value} ({})", wrong.label, wrong.path)?;
    writeln!(out, "    {} → {}", wrong.message, wrong.remedy)
}

impl Plain for Offer {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        self.choices.iter().try_for_each(|c| writeln!(out, "{:20} {}", c.value, c.label))?;
        if self.more {
            return writeln!(out, "…");
        }
        for first in &self.first {
            let args = [("question", first.label.clone()), ("key", first.question.clone())];
            writeln!(out, "{}", word(lang, "print-fill-first", &args))?;
        }
        for by in &self.by {
            let args =
                [("question", by.label.clone()), ("key", by.question.clone()), ("answer", by.answer.clone())];
            writeln!(out, "{}", word(lang, "print-choices-by", &args))?;
        }
        if self.choices.is_empty() && self.first.is_empty() && self.by.is_empty() {
            writeln!(out, "{}", word(lang, "print-no-choices", &[]))?;
        }
        Ok(())
    }
}

/// The audit of a record.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Audits(pub Vec<Audited>);

impl Plain for Audits {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        for a in &self.0 {
            let spent =
                a.spent_ms.map(|ms| format!(" · {:.1} s", f64::from(ms) / 1000.0)).unwrap_or_default();
            let what = if a.changed {
                format!("{} → {}", a.old.join(" / "), a.new)
            } else {
                word(lang, "print-looked-at", &[])
            };
            writeln!(out, "{} {} · {}: {what}{spent} ({})", a.at, a.by, a.label, a.question)?;
        }
        Ok(())
    }
}

/// The entities of a record.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Entities(pub Vec<Entity>);

impl Plain for Entities {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        if self.0.is_empty() {
            return writeln!(out, "{}", word(lang, "print-nothing", &[]));
        }
        for entity in &self.0 {
            let what = if entity.id.is_some() { "print-entity-changed" } else { "print-entity-added" };
            let id = entity.id.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default();
            let row = entity.row.as_deref().map(|row| format!(" ({row})")).unwrap_or_default();
            writeln!(out, "{} {}: {}{id}{row}", word(lang, what, &[]), entity.list, entity.label)?;
            for (property, value) in &entity.properties {
                writeln!(out, "  {property}: {value}")?;
            }
        }
        Ok(())
    }
}

/// What moving a record would change, if it can be moved.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Newer(pub Option<Move>);

impl Plain for Newer {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let Some(m) = &self.0 else { return writeln!(out, "{}", word(lang, "print-no-newer", &[])) };
        let args = [("from", m.from.to_string()), ("to", m.to.to_string())];
        writeln!(out, "{}", word(lang, "print-newer", &args))?;
        for q in &m.questions {
            let what = word(lang, &format!("print-question-{}", q.what), &[]);
            writeln!(out, "  {what} {} ({}) {}", q.label, q.path, q.changes.join(", "))?;
        }
        for a in &m.misfits {
            let what = word(lang, "print-misfit", &[]);
            writeln!(out, "  ! {what} {}: {} ({}) {}", a.label, a.value, a.key, a.reason)?;
        }
        for a in &m.unseen {
            let what = word(lang, "print-unseen", &[]);
            writeln!(out, "  {what} {}: {} ({})", a.label, a.value, a.key)?;
        }
        Ok(())
    }
}

/// An act that was stated, with what the record's screen says of it: for programs by names, for people in words.
#[derive(Serialize)]
pub struct Acted {
    #[serde(flatten)]
    made: Made,
    /// The record's stage and what the act came to, if the record is still here.
    #[serde(skip)]
    shown: Option<(String, Vec<(String, String)>)>,
    /// For one that is taken as another act: which, and why.
    #[serde(skip)]
    turned: Option<(String, Option<Reason>)>,
}

impl Acted {
    /// With the record's screen after the act.
    pub fn of(made: Made, screen: Option<RecordScreen>) -> Acted {
        let Some(RecordScreen { row, mut done, numbers, .. }) = screen else {
            return Acted { made, shown: None, turned: None };
        };
        let done = done.iter().position(|done| done.act == made.act).map(|at| done.remove(at));
        let facts =
            done.iter().flat_map(|done| &done.facts).map(|said| (said.title.clone(), said.shown.clone()));
        let given = numbers.iter().filter(|number| made.facts.contains_key(&number.name));
        let given = given.map(|number| (number.title.clone(), number.value.clone()));
        let said = facts.chain(given).collect();
        let turned = done.and_then(|done| Some((done.turned?, done.reason)));
        Acted { made, shown: Some((row.stage.title, said)), turned }
    }
}

impl Plain for Acted {
    fn plain(&self, out: &mut String, lang: Lang) -> std::fmt::Result {
        let saved = word(lang, "print-saved", &[]);
        let Some((stage, said)) = &self.shown else { return writeln!(out, "{saved}") };
        writeln!(out, "{saved} → {stage}")?;
        if let Some((act, why)) = &self.turned {
            writeln!(out, "  {}", word(lang, "print-taken-as", &[("act", act.clone())]))?;
            why.iter().try_for_each(|why| writeln!(out, "    ! {} {}", why.reason, why.remedy))?;
        }
        said.iter().try_for_each(|(title, shown)| writeln!(out, "  {title}: {shown}"))
    }
}
