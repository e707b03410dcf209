//! What can be wrong with an expression, before and while it runs.

use crate::messages::{Bilingual, Code};

/// An expression that is not written in the language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {detail}")]
pub struct ParseError {
    /// Where, as a count of characters from 1.
    pub position: usize,
    /// What was met, in the words of the grammar, such as `expected ')'`.
    pub detail: String,
    pub(crate) code: Code,
}

impl ParseError {
    pub(crate) fn new(code: Code, position: usize, detail: impl Into<String>) -> ParseError {
        ParseError { position, detail: detail.into(), code }
    }

    /// Stable code: `expression-syntax`, `expression-too-long`, `expression-too-deep`,
    /// `unknown-function` or `wrong-arguments`.
    pub fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// What is wrong, for the author of the expression.
    pub fn text(&self) -> Bilingual {
        self.code.text(&[self.position.to_string(), self.detail.clone()])
    }

    /// What to do about it.
    pub fn remedy(&self) -> Bilingual {
        self.code.remedy(&[self.position.to_string(), self.detail.clone()])
    }
}

/// An evaluation that has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A name that the scope does not know.
    #[error("unknown reference: {0}")]
    UnknownReference(String),
    /// A function that neither the language nor the scope has.
    #[error("unknown function: {0}()")]
    UnknownFunction(String),
    /// A secondary instance or lookup file that is not there.
    #[error("unknown table: {0}")]
    UnknownTable(String),
    /// A column that the table does not have.
    #[error("unknown column: {0}")]
    UnknownColumn(String),
    /// A value of the wrong sort, such as a word where a date is needed.
    #[error("{function}() cannot use {value:?}")]
    WrongValue {
        /// The function that refused it.
        function: String,
        /// The value, shortened.
        value: String,
    },
    /// A pattern that is not a regular expression, or uses look-around or back-references.
    #[error("pattern cannot be used: {0}")]
    Pattern(String),
    /// A pattern that is longer than [`crate::limits`] allow, or grows beyond them.
    #[error("a pattern is too large")]
    PatternTooLarge,
    /// Part of the language that is not evaluated yet.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The step budget is used up.
    #[error("the evaluation takes too many steps")]
    TooManySteps,
    /// A text grew beyond the limit.
    #[error("a text became too long")]
    TooLong,
    /// An extension function of a pack refused; the words are its own.
    #[error("{0}")]
    Extension(String),
}

impl EvalError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        self.message().0.as_str()
    }

    /// What is wrong, for the author of the expression.
    pub fn text(&self) -> Bilingual {
        let (code, args) = self.message();
        code.text(&args)
    }

    /// What to do about it.
    pub fn remedy(&self) -> Bilingual {
        let (code, args) = self.message();
        code.remedy(&args)
    }

    pub(crate) fn wrong(function: &str, value: &str) -> EvalError {
        EvalError::WrongValue { function: function.to_owned(), value: value.chars().take(80).collect() }
    }

    fn message(&self) -> (Code, Vec<String>) {
        match self {
            EvalError::UnknownReference(name) => (Code::UnknownReference, vec![name.clone()]),
            EvalError::UnknownFunction(name) => (Code::UnknownFunction, vec![name.clone()]),
            EvalError::UnknownTable(name) => (Code::UnknownTable, vec![name.clone()]),
            EvalError::UnknownColumn(name) => (Code::UnknownColumn, vec![name.clone()]),
            EvalError::WrongValue { function, value } => {
                (Code::WrongValue, vec![function.clone(), value.clone()])
            }
            EvalError::Pattern(detail) => (Code::BadPattern, vec![detail.clone()]),
            EvalError::PatternTooLarge => (Code::PatternTooLarge, vec!["regex()".to_owned()]),
            EvalError::Unsupported(what) => (Code::UnsupportedExpression, vec![what.clone()]),
            EvalError::TooManySteps => (Code::TooManySteps, vec![]),
            EvalError::TooLong => (Code::TextTooLong, vec![]),
            EvalError::Extension(detail) => (Code::ExtensionFailed, vec![detail.clone()]),
        }
    }
}
