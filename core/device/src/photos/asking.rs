//! What is asked of a photo before it is taken: by the pack for all photos of a kind, by the form for one
//! question.

use crate::Rounds;
use crate::answers::Desk;
use crate::authoring::who;
use crate::error::{Fail, messages};
use crate::identity;
use crate::projecting;
use crate::store::{documents, records};
use crate::world::Here;
use rounds_forms::{Form, Question};
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;
use rounds_workflow::{Kind, View};
use rusqlite::Connection;

/// What a photo is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoOf {
    /// A question of the record, by its key: it is answered at once.
    Question(String),
    /// A question of an act that is about to be stated, which then carries it.
    Sheet {
        /// The act's name.
        act: String,
        /// The question of its payload.
        question: String,
    },
}

impl From<&str> for PhotoOf {
    fn from(key: &str) -> PhotoOf {
        PhotoOf::Question(key.to_owned())
    }
}

/// Where a photo is to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeFrom {
    /// The lens, now.
    Lens,
    /// A picture that is on the phone; not where the pack wants photos of the lens.
    Library,
}

/// What is asked of a photo.
pub(super) struct Wanted {
    camera_only: bool,
    pub place: bool,
    pub longest: Option<u32>,
    pub lines: Vec<String>,
    pub title: String,
    /// The question's key, as the document or the payload has it.
    pub key: String,
    /// The photo that answers the question now, and is taken again.
    pub before: Option<BlobHash>,
}

impl Wanted {
    /// Refusal: `photo-camera-only`.
    pub fn may_come(&self, from: TakeFrom) -> Result<(), Fail> {
        match self.camera_only && from == TakeFrom::Library {
            true => Err(camera_only(&self.key).into()),
            false => Ok(()),
        }
    }
}

impl Rounds {
    /// What the pack and the form ask of a photo of this question.
    pub(super) fn wanted(
        &self,
        db: &Connection,
        doc: DocId,
        of: &PhotoOf,
        lang: Lang,
    ) -> Result<Wanted, Fail> {
        let (me, catalogue) = (identity::load(db)?.ok_or(Fail::NotEnrolled)?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
        let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
        let now = self.now(db)?;
        let desk = Desk::new(doc, kind, &me, now);
        let (key, title) = match of {
            PhotoOf::Question(key) => {
                let key = desk.canonical(&document.fields(), key);
                if !kind.is_photo(&key) && kind.question_title(&key).is_some() {
                    return Err(no_file(&key).into());
                }
                let title = kind.question_title(&key);
                (key, title)
            }
            PhotoOf::Sheet { act, question } => {
                let field = kind.act(act).filter(|act| act.asks_photo(question));
                let field = field.and_then(|act| act.payload.iter().find(|field| field.name == *question));
                let field = field.ok_or_else(|| Fail::UnknownQuestion(question.clone()))?;
                (question.clone(), Some(field.title.clone()))
            }
        };
        let question = match of {
            PhotoOf::Question(_) => kind.workbook.as_ref().and_then(|workbook| asked(workbook.form(), &key)),
            PhotoOf::Sheet { .. } => None,
        };
        let of_form = question.and_then(|q| q.parameters.get("max-pixels")?.parse::<u32>().ok());
        // ODK's word for a photo that must be taken now.
        let new =
            question.is_some_and(|q| q.appearance.split_whitespace().any(|word| word.starts_with("new")));
        let rule = kind.photos.as_ref();
        let here = Here(db);
        let view = View::new(who(&me), &here, rounds_workflow::moment(now.at_ms, me.zone()));
        let mark = match rule {
            Some(rule) => rule.watermark(kind, &record, &view)?,
            None => None,
        };
        let lines = mark.map(|text| text.get(lang).lines().map(str::to_owned).collect::<Vec<_>>());
        let limits = [of_form, rule.and_then(|rule| rule.max_pixels)];
        let title = title.map(|title| title.get(lang).to_owned());
        Ok(Wanted {
            camera_only: new || rule.is_some_and(|rule| rule.camera_only),
            place: rule.is_some_and(|rule| rule.place),
            longest: limits.into_iter().flatten().min(),
            lines: lines.unwrap_or_default(),
            title: title.unwrap_or_default(),
            before: document.get(&key).and_then(|value| value.as_text()?.parse().ok()),
            key,
        })
    }

    /// Refuses a signature where no picture answers.
    pub(super) fn may_sign(&self, db: &Connection, doc: DocId, key: &str) -> Result<(), Fail> {
        self.may_answer(db, doc, key, |kind| kind.is_photo(key))
    }

    /// Refuses a file as the answer to a question that takes photos of the camera only, or none at all.
    pub(crate) fn may_attach(&self, db: &Connection, doc: DocId, key: &str) -> Result<(), Fail> {
        self.may_answer(db, doc, key, |kind| kind.is_file(key))?;
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let catalogue = self.catalogue();
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let strict = kind.photos.as_ref().is_some_and(|rule| rule.camera_only);
        if strict && kind.is_photo(key) { Err(camera_only(key).into()) } else { Ok(()) }
    }

    /// Whether what is at hand fits a question. One that there is not is told where it is answered.
    fn may_answer(
        &self,
        db: &Connection,
        doc: DocId,
        key: &str,
        fits: impl Fn(&Kind) -> bool,
    ) -> Result<(), Fail> {
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let catalogue = self.catalogue();
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        match fits(kind) || kind.question_title(key).is_none() {
            true => Ok(()),
            false => Err(no_file(key).into()),
        }
    }
}

/// The question of a form with this key, be it in a repeat.
fn asked<'f>(form: &'f Form, key: &str) -> Option<&'f Question> {
    form.question(&format!("/data/{key}")).or_else(|| {
        let last = key.rsplit('/').next()?;
        form.questions().iter().find(|q| q.name == last)
    })
}

fn camera_only(key: &str) -> Refusal {
    refused("photo-camera-only", key)
}

/// No photo, or no file at all, answers this question.
fn no_file(key: &str) -> Refusal {
    refused("answer-no-file", key)
}

fn refused(code: &str, key: &str) -> Refusal {
    let text = |key: &str| messages().text(key, &[]);
    Refusal::new(code, text(code), text(&format!("{code}-remedy"))).on(key)
}
