//! Where a person is in a record that is being filled, kept so durably that whatever ends the process,
//! the next one opens at the very question; and what is wrong on a page or in the whole.
//!
//! A shell calls [`Rounds::enter`] when it shows a question and [`Rounds::typing`] while something is
//! typed there; the answer itself is [`Rounds::answer`], at the latest when the question is left.
//! How long a question was looked at is measured by the monotonic clock, only while a run of the app
//! is at it, and told by the next edit of the record.

use crate::Rounds;
use crate::answers::Desk;
use crate::error::{Fail, RoundsError};
use crate::screens::questions::Offered;
use crate::store::{documents, places, records};
use rounds_forms::{Filling, FirstProblem};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
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

/// What stands between a page, or a record, and its completion.
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
    /// The form's own message.
    pub message: String,
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

    /// The first thing that is wrong on the page of a question, or in the whole workbook without one.
    pub fn check(
        &self,
        doc: DocId,
        question: Option<&str>,
        lang: Lang,
    ) -> Result<Option<Wrong>, RoundsError> {
        Ok(self.filled(doc, |filling| {
            let filling = filling?;
            let found = match question {
                Some(question) => filling.page_problem(question, lang.tag()),
                None => filling.first_problem(lang.tag()),
            };
            found.map(wrong)
        })?)
    }

    /// A page of the choices of a question, without the first `skip`, at most `most`: those whose label
    /// or value has what was typed; and whether there are more.
    pub fn offer(
        &self,
        doc: DocId,
        question: &str,
        typed: &str,
        skip: usize,
        most: usize,
        lang: Lang,
    ) -> Result<(Vec<Offered>, bool), RoundsError> {
        let (choices, more) = self.filled(doc, |filling| {
            filling.map(|f| f.offer(question, lang.tag(), typed, skip, most)).unwrap_or_default()
        })?;
        let one = |c: rounds_forms::Choice| Offered { value: c.value, label: c.label };
        Ok((choices.into_iter().map(one).collect(), more))
    }

    /// Runs `work` on a record's workbook as it stands; none for a kind without one.
    fn filled<T>(&self, doc: DocId, work: impl FnOnce(Option<Filling>) -> T) -> Result<T, Fail> {
        self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            Ok(work(Desk::new(kind, &me, self.now(db)?).filling(&document.fields())))
        })
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
            if !documents::exists(tx, doc)? {
                return Err(Fail::UnknownRecord);
            }
            work(tx, self.at(self.platform.clocks()?))
        })
    }
}

pub(crate) fn place(db: &Connection, doc: DocId) -> Result<Option<Place>, Fail> {
    Ok(places::get(db, doc)?.map(|place| Place { question: place.question, typed: place.typed }))
}

fn wrong(problem: FirstProblem) -> Wrong {
    Wrong {
        question: problem.key,
        path: problem.path,
        label: problem.label,
        code: problem.fault.code(),
        message: problem.fault.message,
    }
}
