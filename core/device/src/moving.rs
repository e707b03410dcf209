//! A record moves to a newer version of its form: shown first, with everything that would change, and
//! done only when a person says so.
//!
//! A record stays with the version that it was begun with. The move is one edit: the new version,
//! answers that no longer fit cleared (the history keeps them), first values of new questions.
//! Answers to questions that are gone stay in the record, unseen.

use crate::Rounds;
use crate::answers::{self, Desk};
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::identity::Identity;
use crate::screens::questions;
use crate::screens::say;
use crate::store::{documents, records};
use rounds_forms::{Change, Form};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_model::time::TrustedTime;
use rounds_workflow::{Catalogue, Kind, PACK, Projection};
use serde::Serialize;

/// What moving a record to the newest version of its form would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// The version that it is of.
    pub from: u32,
    /// The version that it would be of.
    pub to: u32,
    /// Questions that are asked anew, not any more, or otherwise.
    pub questions: Vec<Moved>,
    /// Answers that no longer fit: they are cleared, and stay in the history.
    pub misfits: Vec<Misfit>,
    /// Answers to questions that are gone: they stay in the record, unseen.
    pub unseen: Vec<Unseen>,
}

/// A question that is another in the newer version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// `added`, `gone` or `changed`.
    pub what: &'static str,
    /// Where: `/data/step2/visible`; `#list` for a list of choices, `#form` for the form itself.
    pub path: String,
    /// What people read.
    pub label: String,
    /// For a changed one, which columns of the workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The same in the reader's words, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}

/// An answer that does not fit its question any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Misfit {
    /// Its key.
    pub key: String,
    /// What people read of the question.
    pub label: String,
    /// The answer.
    pub value: String,
    /// Why it does not fit.
    pub reason: String,
}

/// An answer whose question is gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unseen {
    /// Its key.
    pub key: String,
    /// What people read of the question until now.
    pub label: String,
    /// The answer.
    pub value: String,
}

impl Rounds {
    /// What moving a record to the newest version of its form would change; none if there is no
    /// newer one here. Refused where the move itself would be.
    pub fn newer(&self, doc: DocId, lang: Lang) -> Result<Option<Move>, RoundsError> {
        Ok(self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let Some(both) = Both::of(&catalogue, &row) else { return Ok(None) };
            let to = Scalar::Int(both.new.version.into());
            rounds_workflow::may_move(&catalogue, both.old, &row.stage, &who(&me), row.owner, &to)?;
            both.shown(doc, &me, self.now(db)?, &document, lang).map(Some)
        })?)
    }

    /// Moves a record to this version, which must be the newest here: what the person has seen.
    pub fn move_to(&self, doc: DocId, version: u32) -> Result<(), RoundsError> {
        Ok(self.move_inner(doc, version)?)
    }

    fn move_inner(&self, doc: DocId, version: u32) -> Result<(), Fail> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        self.with_document(doc, |tx, document| {
            let row = records::get(tx, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let both = Both::of(&catalogue, &row).filter(|both| both.new.version == version);
            let values = match &both {
                Some(both) => both.values(doc, &me, self.now(tx)?, document)?,
                // Refused below, in the words of the rule.
                None => vec![(PACK.to_owned(), Scalar::Int(version.into()))],
            };
            let said = values.iter().map(|(key, value)| (key.as_str(), value));
            rounds_workflow::may_change(&catalogue, kind, &row.stage, &who(&me), row.owner, said)?;
            if both.is_none() {
                return Err(Fail::UnknownRecord);
            }
            // Writing over two versions would choose between them, and nobody has.
            if let Some((key, _)) = values.iter().find(|(key, _)| document.versions(key).len() > 1) {
                return Err(Fail::MoveConflict(key.clone()));
            }
            let desk = Desk::new(doc, kind, &me, self.now(tx)?);
            self.commit(tx, &catalogue, &desk, doc, document, &values)
        })
    }
}

/// A kind at the version that a record is of, and at the newest.
struct Both<'c> {
    old: &'c Kind,
    new: &'c Kind,
}

impl<'c> Both<'c> {
    fn of(catalogue: &'c Catalogue, row: &Projection) -> Option<Both<'c>> {
        let new = catalogue.newer(&row.kind, row.pack)?;
        let old = catalogue.kind_at(&row.kind, row.pack).filter(|old| old.version == row.pack)?;
        Some(Both { old, new })
    }

    fn values(
        &self,
        doc: DocId,
        me: &Identity,
        now: TrustedTime,
        document: &Document,
    ) -> Result<Vec<(String, Scalar)>, Fail> {
        let mut fields = document.fields();
        let mut values = vec![(PACK.to_owned(), Scalar::Int(self.new.version.into()))];
        let desk = Desk::new(doc, self.new, me, now);
        let filling = desk.filling(&fields).ok_or(Fail::UnknownRecord)?;
        for misfit in filling.misfits(Lang::default().tag()) {
            fields.insert(misfit.key.clone(), Scalar::Null);
            values.push((misfit.key, Scalar::Null));
        }
        let known: Vec<String> = values.iter().map(|(key, _)| key.clone()).collect();
        values.extend(desk.prefilled(&fields).into_iter().filter(|(key, _)| !known.contains(key)));
        Ok(values)
    }

    fn shown(
        &self,
        doc: DocId,
        me: &Identity,
        now: TrustedTime,
        document: &Document,
        lang: Lang,
    ) -> Result<Move, Fail> {
        let fields = document.fields();
        let new = Desk::new(doc, self.new, me, now).filling(&fields).ok_or(Fail::UnknownRecord)?;
        let misfits = new.misfits(lang.tag()).into_iter().map(|m| Misfit {
            reason: answers::said(&m.error, lang),
            key: m.key,
            label: m.label,
            value: m.value,
        });
        let unseen = new.strays().into_iter().filter(|key| self.new.field(key).is_none()).map(|key| Unseen {
            label: questions::title(self.old, &key, lang),
            value: fields.get(&key).map(ToString::to_string).unwrap_or_default(),
            key,
        });
        Ok(Move {
            from: self.old.version,
            to: self.new.version,
            questions: self.questions(lang),
            misfits: misfits.collect(),
            unseen: unseen.collect(),
        })
    }

    fn questions(&self, lang: Lang) -> Vec<Moved> {
        let declared = |kind: &Kind, other: &Kind, what: &'static str| {
            let only = kind.fields.iter().filter(|field| other.field(&field.name).is_none());
            let one = |field: &rounds_workflow::Field| Moved {
                what,
                path: field.name.clone(),
                label: field.title.get(lang).to_owned(),
                columns: vec![],
                changes: vec![],
            };
            only.map(one).collect::<Vec<_>>()
        };
        let mut moved = declared(self.new, self.old, "added");
        moved.extend(declared(self.old, self.new, "gone"));
        if let (Some(old), Some(new)) = (&self.old.workbook, &self.new.workbook) {
            forms(old.form(), new.form(), lang, &mut moved);
        }
        moved
    }
}

fn forms(old: &Form, new: &Form, lang: Lang, moved: &mut Vec<Moved>) {
    let label = |form: &Form, path: &str| {
        let question = form.question(path);
        let label = question.and_then(|q| form.label(q, lang.tag()));
        match (label.or(question.map(|q| q.name.as_str())), path.strip_prefix('#')) {
            (Some(label), _) => label.to_owned(),
            (None, Some("form")) => say(lang, "moved-form", &[]),
            (None, Some(list)) => say(lang, "moved-list", &[("list", list.to_owned())]),
            (None, None) => path.to_owned(),
        }
    };
    for change in rounds_forms::compare(old, new) {
        match change {
            Change::Added { path } => {
                let label = label(new, &path);
                moved.push(Moved { what: "added", path, label, columns: vec![], changes: vec![] });
            }
            Change::Removed { path } => {
                let label = label(old, &path);
                moved.push(Moved { what: "gone", path, label, columns: vec![], changes: vec![] });
            }
            Change::Changed { path, aspect, .. } => match moved.last_mut() {
                Some(last) if last.what == "changed" && last.path == path => last.changed(aspect, lang),
                _ => {
                    let label = label(new, &path);
                    let (what, columns, changes) = ("changed", vec![], vec![]);
                    let mut one = Moved { what, path, label, columns, changes };
                    one.changed(aspect, lang);
                    moved.push(one);
                }
            },
        }
    }
}

impl Moved {
    fn changed(&mut self, column: String, lang: Lang) {
        let words = aspect(&column, lang);
        if !self.changes.contains(&words) {
            self.changes.push(words);
        }
        self.columns.push(column);
    }
}

/// What people read of a column of the workbook; the column itself where there is no word for it.
fn aspect(column: &str, lang: Lang) -> String {
    match rounds_forms::aspect(column) {
        Some(name) => say(lang, &format!("aspect-{name}"), &[]),
        None => column.to_owned(),
    }
}
