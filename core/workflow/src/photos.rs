//! What a kind asks of its photos: taken now, marked, made smaller. A photo that an act carries tells in the
//! act's payload what an answered one tells beside the answer.

use crate::available::View;
use crate::complete;
use crate::field::{Answer, Media};
use crate::kind::{ActRule, Kind};
use crate::record::Record;
use crate::script::Medium;
use crate::stop::Stop;
use crate::template::Template;
use crate::workbook::Workbook;
use crate::world::WorldError;
use rounds_evidence::photo::{TAKEN, Taken};
use rounds_forms::Kind as Asked;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;

/// What a kind asks of its photos. Without it, a photo may come from anywhere and is kept as it comes.
#[derive(Debug)]
pub struct PhotoRule {
    /// Only photos that were taken by the app, now.
    pub camera_only: bool,
    /// A photo carries where it was taken, if that can be known.
    pub place: bool,
    /// The longest side in pixels; a question of the form that asks for less gets less.
    pub max_pixels: Option<u32>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) watermark: Option<Template>,
}

impl Kind {
    /// Whether the answer with this key is a photo, be the question declared or the workbook's, or asked by
    /// an act (`@act/question`, as a projection has it).
    pub fn is_photo(&self, key: &str) -> bool {
        if let Some((act, question)) = key.strip_prefix('@').and_then(|key| key.split_once('/')) {
            return self.act(act).is_some_and(|act| act.asks_photo(question));
        }
        if let Some(field) = self.field(key) {
            return field.answer == Answer::Blob(Media::Image);
        }
        let Some(form) = self.workbook.as_ref().map(Workbook::form) else { return false };
        let last = key.rsplit('/').next().unwrap_or(key);
        form.questions().iter().any(|question| question.name == last && question.kind == Asked::Image)
    }
}

impl Kind {
    /// Whether a file answers a question: a photo, a signature, a recording, anything else that is stored.
    pub fn is_file(&self, key: &str) -> bool {
        if let Some(field) = self.field(key) {
            return matches!(field.answer, Answer::Blob(_));
        }
        let form = self.workbook.as_ref().map(Workbook::form);
        let last = key.rsplit('/').next().unwrap_or(key);
        let media = [Asked::Image, Asked::Audio, Asked::Video, Asked::File, Asked::BackgroundAudio];
        form.is_some_and(|form| form.questions().iter().any(|q| q.name == last && media.contains(&q.kind)))
    }

    /// Which sort of recording answers a question, be it declared or the workbook's; none if none does.
    pub fn heard(&self, key: &str) -> Option<Medium> {
        if let Some(field) = self.field(key) {
            return match field.answer {
                Answer::Blob(Media::Audio) => Some(Medium::Audio),
                Answer::Blob(Media::Video) => Some(Medium::Video),
                _ => None,
            };
        }
        let form = self.workbook.as_ref().map(Workbook::form)?;
        let last = key.rsplit('/').next().unwrap_or(key);
        form.questions().iter().find(|question| question.name == last).and_then(|question| {
            match question.kind {
                Asked::Audio => Some(Medium::Audio),
                Asked::Video => Some(Medium::Video),
                _ => None,
            }
        })
    }
}

impl ActRule {
    /// Whether a question of the act's payload is answered by a photo.
    pub fn asks_photo(&self, question: &str) -> bool {
        let photo = Answer::Blob(Media::Image);
        self.payload.iter().any(|field| field.name == question && field.answer == photo)
    }

    /// The photo that this part of a payload tells about ([`TAKEN`]); none if it is no such part.
    pub(crate) fn photo_told<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_suffix(TAKEN).filter(|question| self.asks_photo(question))
    }
}

/// Whether what a payload tells about a photo is of the photo that it carries.
pub(crate) fn is_of(told: &Scalar, photo: Option<&Scalar>) -> bool {
    let taken = told.as_text().and_then(Taken::read);
    taken.is_some_and(|taken| photo.and_then(Scalar::as_text) == Some(&*taken.kept.to_string()))
}

impl PhotoRule {
    /// What is written on a photo of this record; none if nothing is.
    pub fn watermark(
        &self,
        kind: &Kind,
        record: &Record,
        view: &View<'_>,
    ) -> Result<Option<Text>, WorldError> {
        let Some(template) = &self.watermark else { return Ok(None) };
        let whole = complete::worked_out(kind, record, view.moment);
        let env = view.env(kind, &whole);
        template.whole(&env).map(Some).map_err(|stop| match stop {
            Stop::World(error) => error,
            Stop::Eval(detail) => WorldError(detail),
            Stop::Refused(no) | Stop::Overtaken(no) => WorldError(no.code),
        })
    }
}
