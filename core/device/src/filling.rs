//! Where a person is in a record that is being filled, kept so durably that whatever ends the process,
//! the next one opens at the very question; and what is wrong on a page or in the whole.
//!
//! A shell calls [`Rounds::enter`] when it shows a question and [`Rounds::typing`] while something is
//! typed there; the answer itself is [`Rounds::answer`], at the latest when the question is left.
//! How long a question was looked at is measured by the monotonic clock, only while a run of the app
//! is at it, and told by the next edit of the record.

use crate::Rounds;
use crate::answers::{self, Desk, Fields};
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::projecting;
use crate::store::{places, records, typed};
use crate::world::Here;
use rounds_forms::Filling;
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::{Asked, View};
use rusqlite::{Connection, Transaction};
use serde::Serialize;

/// The longest text that is kept while it is being typed; an answer cannot be longer.
const TYPED: usize = rounds_model::edit::limits::VALUE;

/// Where a person is in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The question's key.
    pub question: String,
    /// What was typed there and is no answer yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
}

/// One thing between a page, or a record, and its completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// The question's key.
    pub question: String,
    /// With positions: `/data/sku[2]/price`.
    pub path: String,
    /// What people read.
    pub label: String,
    /// `required` or `constraint`.
    pub code: &'static str,
    /// The answer as it stands, if there is one. It is kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The form's own message.
    pub message: String,
    /// What to do now.
    pub remedy: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Everything that is wrong, in the order of the questions.
    pub wrong: Vec<Wrong>,
    /// What is typed at questions that are asked, and is no answer yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<Place>,
}

impl Rounds {
    /// Goes to a question of a record.
    pub fn enter(&self, doc: DocId, question: &str) -> Result<(), RoundsError> {
        Ok(self.placed(doc, question, |tx, key, now| places::enter(tx, doc, key, now))?)
    }

    /// Keeps what is being typed at a question, as it is: it is no answer yet and is not checked. It
    /// stays at its question, wherever the person goes, until that one is answered.
    pub fn typing(&self, doc: DocId, question: &str, text: &str) -> Result<(), RoundsError> {
        if text.len() > TYPED {
            return Err(Fail::Document(rounds_model::document::DocumentError::TooLarge).into());
        }
        Ok(self.placed(doc, question, |tx, key, now| {
            places::typing(tx, doc, key, now)?;
            typed::keep(tx, doc, key, text)
        })?)
    }

    /// The record is left, or the app goes into the background: time does not count any more.
    pub fn pause(&self, doc: DocId) -> Result<(), RoundsError> {
        Ok(self.store.write_beside(|tx| places::pause(tx, doc, self.at(self.platform.clocks()?)))?)
    }

    /// Where the person was in a record, in this run or before; none if they never were.
    pub fn place(&self, doc: DocId) -> Result<Option<Place>, RoundsError> {
        Ok(self.store.read(|db| place(db, doc))?)
    }

    /// Everything that is wrong on the page of a question, or in the whole record without one.
    pub fn check(&self, doc: DocId, question: Option<&str>, lang: Lang) -> Result<Checked, RoundsError> {
        if let Some(question) = question {
            self.store.read(|db| self.key_of(db, doc, question))?;
        }
        let all = self.store.read(|db| typed::of(db, doc))?;
        Ok(self.looked_at(doc, |examined, filling, fields| {
            let typed = half_typed(all, examined, filling, fields);
            let declared = examined.iter().filter(|asked| question.is_none_or(|q| asked.field.name == q));
            let mut wrong: Vec<Wrong> = declared.filter_map(|asked| of_field(asked, lang)).collect();
            let found = filling.map(|filling| match question {
                Some(question) => filling.page_problems(&answers::target(question), lang.tag()),
                None => filling.problems(lang.tag()),
            });
            wrong.extend(found.unwrap_or_default().into_iter().map(|found| of_workbook(found, lang)));
            Checked { wrong, typed }
        })?)
    }

    /// An instance of a repeat by its position, as questions show it (`sku[2]`), whether it is named by
    /// its position or its id; as it is named if there is none.
    pub fn row(&self, doc: DocId, repeat: &str, instance: &str) -> Result<String, RoundsError> {
        Ok(self.looked_at(doc, |_, filling, _| {
            let node = filling.and_then(|filling| filling.node(&answers::target(repeat), ""));
            let Some(node) = node else { return format!("{repeat}[{instance}]") };
            let id = crate::rows::id_of(&node.instances, instance);
            let place = node.instances.iter().position(|have| *have == id);
            let shown = place.map_or(id, |place| (place + 1).to_string());
            format!("{}[{shown}]", node.path.strip_prefix("/data/").unwrap_or(&node.path))
        })?)
    }

    /// What is wrong with the answers of these questions. An answer that breaks its constraint is kept
    /// all the same; whoever gave it is to be told at once.
    pub fn wrong_at(&self, doc: DocId, questions: &[&str], lang: Lang) -> Result<Vec<Wrong>, RoundsError> {
        Ok(self.store.read(|db| self.wrong_in(db, doc, questions, lang))?)
    }

    /// The same as a transaction of the caller's sees it.
    pub(crate) fn wrong_in(
        &self,
        db: &Connection,
        doc: DocId,
        questions: &[&str],
        lang: Lang,
    ) -> Result<Vec<Wrong>, Fail> {
        self.looked_at_in(db, doc, |examined, filling, _| {
            let one = |question: &&str| match examined.iter().find(|asked| asked.field.name == **question) {
                Some(asked) => of_field(asked, lang),
                None => {
                    let found = filling?.problem(&answers::target(question), lang.tag())?;
                    Some(of_workbook(found, lang))
                }
            };
            questions.iter().filter_map(one).collect()
        })
    }

    /// Runs `work` on a record's declared questions and its workbook as they stand.
    fn looked_at<T>(
        &self,
        doc: DocId,
        work: impl FnOnce(&[Asked<'_>], Option<&Filling>, &Fields) -> T,
    ) -> Result<T, Fail> {
        self.store.read(|db| self.looked_at_in(db, doc, work))
    }

    fn looked_at_in<T>(
        &self,
        db: &Connection,
        doc: DocId,
        work: impl FnOnce(&[Asked<'_>], Option<&Filling>, &Fields) -> T,
    ) -> Result<T, Fail> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let read = |document: &Document| -> Result<_, Fail> {
            Ok((projecting::stand(db, &catalogue, &me, doc, document)?, document.fields()))
        };
        let (record, fields) = self.with_read(db, doc, read)?.ok_or(Fail::UnknownRecord)?;
        let desk = Desk::new(doc, kind, &me, self.now(db)?).keeping(&self.kept);
        let moment = rounds_workflow::moment(desk.now.at_ms, me.zone());
        let examined = rounds_workflow::examine(kind, &record, &View::new(who(&me), &Here(db), moment))?;
        let asked: Vec<_> = examined.into_iter().filter(|asked| asked.relevant).collect();
        let filling = desk.filling(&fields);
        let out = work(&asked, filling.as_ref(), &fields);
        if let Some(filling) = filling {
            desk.keep(filling);
        }
        Ok(out)
    }

    fn key_of(&self, db: &Connection, doc: DocId, question: &str) -> Result<String, Fail> {
        let (me, catalogue) = (identity::load(db)?.ok_or(Fail::NotEnrolled)?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let fields = self.with_read(db, doc, |document| Ok(document.fields()))?.ok_or(Fail::UnknownRecord)?;
        let desk = Desk::new(doc, kind, &me, self.now(db)?).keeping(&self.kept);
        let key = desk.key_of(&fields, question);
        key.ok_or_else(|| Fail::UnknownQuestion(question.to_owned()))
    }

    fn placed(
        &self,
        doc: DocId,
        question: &str,
        work: impl FnOnce(&Transaction<'_>, &str, places::Now) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        if question.is_empty() || question.len() > rounds_model::edit::limits::KEY {
            return Err(Fail::UnknownQuestion(question.chars().take(80).collect()));
        }
        self.store.write_beside(|tx| {
            // Somebody who types at a question has entered it: it is not looked up at every keystroke.
            // By its key, which stays the same when rows before it are removed.
            let key = match places::get(tx, doc)? {
                Some(place) if place.question == question => place.question,
                _ => self.key_of(tx, doc, question)?,
            };
            work(tx, &key, self.at(self.platform.clocks()?))
        })
    }
}

pub(crate) fn place(db: &Connection, doc: DocId) -> Result<Option<Place>, Fail> {
    let Some(place) = places::get(db, doc)? else { return Ok(None) };
    let typed = typed::at(db, doc, &place.question)?;
    Ok(Some(Place { question: place.question, typed }))
}

/// Of what is typed, that which is not the answer and is at a question that is asked: of one that is
/// not, because of another answer or because its row was removed, it waits unseen.
pub(crate) fn half_typed(
    all: Vec<(String, String)>,
    examined: &[Asked<'_>],
    filling: Option<&Filling>,
    fields: &Fields,
) -> Vec<Place> {
    let asked = |question: &str| {
        let declared = examined.iter().any(|asked| asked.relevant && asked.field.name == question);
        declared || filling.and_then(|filling| filling.node(question, "")).is_some_and(|node| node.relevant)
    };
    let answer = |question: &str| fields.get(question).map(ToString::to_string).unwrap_or_default();
    let pending = all.into_iter().filter(|(question, text)| *text != answer(question) && asked(question));
    pending.map(|(question, text)| Place { question, typed: Some(text) }).collect()
}

fn of_field(asked: &Asked<'_>, lang: Lang) -> Option<Wrong> {
    let refusal = asked.wrong.as_ref()?;
    let field = asked.field;
    Some(Wrong {
        question: field.name.clone(),
        path: field.name.clone(),
        label: field.title.get(lang).to_owned(),
        code: if refusal.code == "form-incomplete" { "required" } else { "constraint" },
        value: String::new(),
        message: refusal.reason.get(lang).to_owned(),
        remedy: refusal.remedy.get(lang).to_owned(),
    })
}

fn of_workbook(found: rounds_forms::Wrong, lang: Lang) -> Wrong {
    Wrong {
        question: found.key,
        path: found.path,
        label: found.label,
        code: found.fault.code(),
        value: found.value,
        remedy: found.fault.remedy(lang.tag()),
        message: found.fault.message,
    }
}
