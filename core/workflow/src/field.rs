//! A question that `pack.toml` asks, and what can answer it.

use crate::expression::Expression;
use crate::kind::Guard;
use rounds_model::text::Text;

/// A question that `pack.toml` asks: of a record, or of an act's payload.
#[derive(Debug)]
pub struct Field {
    /// Its name, and the key of its answer.
    pub name: String,
    /// What an answer is.
    pub answer: Answer,
    /// What people read.
    pub title: Text,
    /// A hint below the title.
    pub hint: Option<Text>,
    /// Must be answered when it is asked.
    pub required: bool,
    /// The kind of record that the answer is the id of.
    pub link: Option<String>,
    /// For choices: what can be chosen.
    pub choices: Vec<ChoiceItem>,
    /// Asked only while this holds.
    pub relevant: Option<Expression>,
    /// What an answer must satisfy; `.` is the answer.
    pub constraint: Option<Expression>,
    /// Said when the constraint does not hold.
    pub message: Option<Text>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) checks: Vec<Guard>,
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceItem {
    /// What is kept.
    pub name: String,
    /// What people read.
    pub title: Text,
}

/// What an answer is, by the names of XLSForm, and how it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `text`: any text.
    Text,
    /// `barcode`: the text of a code.
    Barcode,
    /// `integer`: a whole number.
    Integer,
    /// `decimal`: a number.
    Decimal,
    /// `boolean`: true or false.
    Boolean,
    /// `date`: `2026-11-23`.
    Date,
    /// `time`: `09:30`, with seconds or without.
    Time,
    /// `datetime`: ISO 8601 with its offset from UTC.
    DateTime,
    /// `geopoint`: `latitude longitude altitude accuracy`, degrees and metres.
    Place,
    /// `select_one`: one of the choices.
    One,
    /// `select_multiple`: several, with spaces between.
    Several,
    /// `image`, `audio`, `video`, `file`: the SHA-256 of a blob, in hex.
    Blob(Media),
    /// `person`: a person's id.
    Person,
    /// `record`: the id of a record of the kind that `link` names.
    Record,
}

impl Answer {
    /// Its name in `pack.toml`, which is that of XLSForm where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Answer::Text => "text",
            Answer::Barcode => "barcode",
            Answer::Integer => "integer",
            Answer::Decimal => "decimal",
            Answer::Boolean => "boolean",
            Answer::Date => "date",
            Answer::Time => "time",
            Answer::DateTime => "datetime",
            Answer::Place => "geopoint",
            Answer::One => "select_one",
            Answer::Several => "select_multiple",
            Answer::Blob(Media::Image) => "image",
            Answer::Blob(Media::Audio) => "audio",
            Answer::Blob(Media::Video) => "video",
            Answer::Blob(Media::File) => "file",
            Answer::Person => "person",
            Answer::Record => "record",
        }
    }
}

/// What a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A photo or signature.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Anything else.
    File,
}
