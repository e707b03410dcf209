//! Why an answer, or an instance, was not taken.

use crate::messages::{Bilingual, Code};

/// A refused change. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)] // `field` is the path or key that was given, `value` what was to be set.
pub enum FillError {
    /// No such question in this form, or no such instance on the way to it.
    #[error("no question {field}")]
    NoSuchQuestion { field: String },
    /// A group or repeat, or a question where a repeat is needed.
    #[error("{field} takes no answer")]
    NotAQuestion { field: String },
    /// Calculated, a note, or metadata.
    #[error("{field} is calculated")]
    Calculated { field: String },
    /// Read-only at the moment.
    #[error("{field} is read-only")]
    ReadOnly { field: String },
    /// Not written as the question's type demands; `code` says which type.
    #[error("{value:?} does not fit {field}")]
    Malformed { field: String, value: String, code: &'static str },
    /// A number outside a slider.
    #[error("{value:?} is out of range for {field}")]
    OutOfRange { field: String, value: String, start: String, end: String },
    /// Longer than an answer may be.
    #[error("too long for {field}")]
    TooLong { field: String },
    /// More answers than a document may have.
    #[error("too many answers")]
    TooManyAnswers { field: String },
    /// Not 13 characters of lower-case base32.
    #[error("{value:?} is no instance id")]
    BadInstanceId { field: String, value: String },
    /// The instance to be added is there.
    #[error("{value} is there already")]
    InstanceExists { field: String, value: String },
    /// The instance to be removed is not there.
    #[error("{value} is not there")]
    NoSuchInstance { field: String, value: String },
    /// More instances than a document may have.
    #[error("too many instances")]
    TooManyInstances { field: String },
}

impl FillError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        self.message().0.as_str()
    }

    /// The path or key that was given.
    pub fn field(&self) -> &str {
        match self {
            FillError::NoSuchQuestion { field }
            | FillError::NotAQuestion { field }
            | FillError::Calculated { field }
            | FillError::ReadOnly { field }
            | FillError::Malformed { field, .. }
            | FillError::OutOfRange { field, .. }
            | FillError::TooLong { field }
            | FillError::TooManyAnswers { field }
            | FillError::BadInstanceId { field, .. }
            | FillError::InstanceExists { field, .. }
            | FillError::NoSuchInstance { field, .. }
            | FillError::TooManyInstances { field } => field,
        }
    }

    /// What is wrong.
    pub fn text(&self) -> Bilingual {
        let (code, args) = self.message();
        code.text(&args)
    }

    /// What to do about it.
    pub fn remedy(&self) -> Bilingual {
        let (code, args) = self.message();
        code.remedy(&args)
    }

    fn message(&self) -> (Code, Vec<String>) {
        let arg = |text: &String| vec![text.clone()];
        match self {
            FillError::NoSuchQuestion { field } => (Code::NoSuchQuestion, arg(field)),
            FillError::NotAQuestion { field } => (Code::NotAQuestion, arg(field)),
            FillError::Calculated { field } => (Code::Calculated, arg(field)),
            FillError::ReadOnly { field } => (Code::ReadOnly, arg(field)),
            FillError::Malformed { value, code, .. } => {
                let known = MALFORMED.iter().find(|known| known.as_str() == *code);
                (known.copied().unwrap_or(Code::NotAChoice), arg(value))
            }
            FillError::OutOfRange { value, start, end, .. } => {
                (Code::OutOfRange, vec![value.clone(), start.clone(), end.clone()])
            }
            FillError::TooLong { .. } => (Code::AnswerTooLong, vec![]),
            FillError::TooManyAnswers { .. } => (Code::TooManyAnswers, vec![]),
            FillError::BadInstanceId { value, .. } => (Code::BadInstanceId, arg(value)),
            FillError::InstanceExists { value, .. } => (Code::InstanceExists, arg(value)),
            FillError::NoSuchInstance { value, .. } => (Code::NoSuchInstance, arg(value)),
            FillError::TooManyInstances { .. } => (Code::TooManyInstances, vec![]),
        }
    }
}

const MALFORMED: &[Code] = &[
    Code::NotInteger,
    Code::NotDecimal,
    Code::NotDate,
    Code::NotTime,
    Code::NotDateTime,
    Code::NotPoint,
    Code::NotAChoice,
];
