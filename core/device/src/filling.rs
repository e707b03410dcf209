//! Where a person is in a record that is being filled, kept so durably that whatever ends the process,
//! the next one opens at the very question; and what is wrong on a page or in the whole.
//!
//! A shell calls [`Rounds::enter`] when it shows a question and [`Rounds::typing`] while something is
//! typed there; the answer itself is [`Rounds::answer`], at the latest when the question is left.
//! How long a question was looked at is measured by the monotonic clock, only while a run of the app
//! is at it, and told by the next edit of the record.

use crate::Rounds;
use crate::answers::{self, Desk};
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::projecting;
use crate::store::{documents, places, records};
use crate::world::Here;
use rounds_forms::Filling;
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
    /// What is typed somewhere and is no answer yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<Place>,
}

impl Rounds {
    /// Goes to a question of a record.
    pub fn enter(&self, doc: DocId, question: &str) -> Result<(), RoundsError> {
        Ok(self.placed(doc, question, |tx, now| places::enter(tx, doc, question, now))?)
    }

    /// Keeps what is being typed at a question, as it is: it is no answer yet and is not checked.
    pub fn typing(&self, doc: DocId, question: &str, text: &str) -> Result<(), RoundsError> {
        if text.len() > TYPED {
            return Err(Fail::Document(rounds_model::document::DocumentError::TooLarge).into());
        }
        Ok(self.placed(doc, question, |tx, now| places::typing(tx, doc, question, text, now))?)
    }

    /// The record is left, or the app goes into the background: time does not count any more.
    pub fn pause(&self, doc: DocId) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| places::pause(tx, doc, self.at(self.platform.clocks()?)))?)
    }

    /// Where the person was in a record, in this run or before; none if they never were.
    pub fn place(&self, doc: DocId) -> Result<Option<Place>, RoundsError> {
        Ok(self.store.read(|db| place(db, doc))?)
    }

    /// Everything that is wrong on the page of a question, or in the whole record without one.
    pub fn check(&self, doc: DocId, question: Option<&str>, lang: Lang) -> Result<Checked, RoundsError> {
        if let Some(question) = question {
            self.store.read(|db| self.is_asked(db, doc, question))?;
        }
        let wrong = self.looked_at(doc, |examined, filling| {
            let declared = examined.iter().filter(|asked| question.is_none_or(|q| asked.field.name == q));
            let mut wrong: Vec<Wrong> = declared.filter_map(|asked| of_field(asked, lang)).collect();
            let found = filling.map(|filling| match question {
                Some(question) => filling.page_problems(&answers::target(question), lang.tag()),
                None => filling.problems(lang.tag()),
            });
            wrong.extend(found.unwrap_or_default().into_iter().map(|found| of_workbook(found, lang)));
            wrong
        })?;
        let typed = self.place(doc)?.filter(|place| place.typed.is_some());
        Ok(Checked { wrong, typed })
    }

    /// What is wrong with the answers of these questions. An answer that breaks its constraint is kept
    /// all the same; whoever gave it is to be told at once.
    pub fn wrong_at(&self, doc: DocId, questions: &[&str], lang: Lang) -> Result<Vec<Wrong>, RoundsError> {
        Ok(self.looked_at(doc, |examined, filling| {
            let one = |question: &&str| match examined.iter().find(|asked| asked.field.name == **question) {
                Some(asked) => of_field(asked, lang),
                None => {
                    let found = filling.as_ref()?.problem(&answers::target(question), lang.tag())?;
                    Some(of_workbook(found, lang))
                }
            };
            questions.iter().filter_map(one).collect()
        })?)
    }

    /// Runs `work` on a record's declared questions and its workbook as they stand.
    fn looked_at<T>(
        &self,
        doc: DocId,
        work: impl FnOnce(&[Asked<'_>], Option<Filling>) -> T,
    ) -> Result<T, Fail> {
        self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
            let desk = Desk::new(kind, &me, self.now(db)?);
            let moment = rounds_workflow::moment(desk.now.at_ms, me.zone());
            let examined = rounds_workflow::examine(kind, &record, &View::new(who(&me), &Here(db), moment))?;
            let asked: Vec<_> = examined.into_iter().filter(|asked| asked.relevant).collect();
            Ok(work(&asked, desk.filling(&document.fields())))
        })
    }

    fn is_asked(&self, db: &Connection, doc: DocId, question: &str) -> Result<(), Fail> {
        let (me, catalogue) = (identity::load(db)?.ok_or(Fail::NotEnrolled)?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
        let key = Desk::new(kind, &me, self.now(db)?).key_of(&document.fields(), question);
        key.map(drop).ok_or_else(|| Fail::UnknownQuestion(question.to_owned()))
    }

    fn placed(
        &self,
        doc: DocId,
        question: &str,
        work: impl FnOnce(&Transaction<'_>, places::Now) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        if question.is_empty() || question.len() > rounds_model::edit::limits::KEY {
            return Err(Fail::UnknownQuestion(question.chars().take(80).collect()));
        }
        self.store.write(|tx| {
            // Somebody who types at a question has entered it: it is not looked up at every keystroke.
            if places::get(tx, doc)?.is_none_or(|place| place.question != question) {
                self.is_asked(tx, doc, question)?;
            }
            work(tx, self.at(self.platform.clocks()?))
        })
    }
}

pub(crate) fn place(db: &Connection, doc: DocId) -> Result<Option<Place>, Fail> {
    Ok(places::get(db, doc)?.map(|place| Place { question: place.question, typed: place.typed }))
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
