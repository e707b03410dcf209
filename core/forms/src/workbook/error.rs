//! Why a file gave no form.

use crate::messages::{Bilingual, Code};
use crate::problem::{Problem, Severity};

/// Why a file gave no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// No form, but this.
    #[error("not a workbook: {0}")]
    NotAWorkbook(&'static str),
    /// Text in what looks like this encoding.
    #[error("text that is not UTF-8: {0}")]
    NotUtf8(&'static str),
    /// Text of this sort, in which nothing says where the sheet `survey` is.
    #[error("no tables of a form: {0}")]
    NoTables(&'static str),
    /// Looks like a workbook, cannot be read.
    #[error("damaged workbook: {0}")]
    Damaged(String),
    /// Protected with a password, so that nothing in it can be read.
    #[error("the workbook is protected with a password")]
    Encrypted,
    /// Beyond [`crate::limits`]: bytes, parts, rows, columns or cells.
    #[error("workbook too large: {0}")]
    TooLarge(String),
    /// Unpacks to more than [`crate::limits::INFLATED_BYTES`].
    #[error("workbook too large once unpacked")]
    Inflated,
    /// Read, but the form in it has errors; all of them are listed, in the order of the sheets.
    #[error("the form has {} problems", .0.len())]
    Refused(Vec<Problem>),
}

impl ImportError {
    /// Stable code; of a refused form, that of its first error.
    pub fn code(&self) -> &'static str {
        self.message().0.as_str()
    }

    /// The problems of a refused form; empty when the file could not be read at all.
    pub fn problems(&self) -> &[Problem] {
        match self {
            ImportError::Refused(problems) => problems,
            _ => &[],
        }
    }

    /// What is wrong.
    pub fn text(&self) -> Bilingual {
        let (code, args) = self.message();
        code.text(&args)
    }

    /// What the author can do.
    pub fn remedy(&self) -> Bilingual {
        let (code, args) = self.message();
        code.remedy(&args)
    }

    /// What a file is that is no workbook.
    pub fn found(&self) -> Option<Bilingual> {
        match self {
            ImportError::NotAWorkbook(what) => {
                Some(Bilingual { zh: crate::details::chinese(what), en: (*what).to_owned() })
            }
            _ => None,
        }
    }

    fn message(&self) -> (Code, Vec<String>) {
        match self {
            ImportError::Empty => (Code::EmptyFile, vec![]),
            ImportError::NotAWorkbook(what) => (Code::NotAWorkbook, vec![(*what).to_owned()]),
            ImportError::NotUtf8(encoding) => (Code::TextEncoding, vec![(*encoding).to_owned()]),
            ImportError::NoTables(what) => (Code::NoTables, vec![(*what).to_owned()]),
            ImportError::Damaged(detail) => (Code::DamagedWorkbook, vec![detail.clone()]),
            ImportError::Encrypted => (Code::EncryptedWorkbook, vec![]),
            ImportError::TooLarge(detail) => (Code::WorkbookTooLarge, vec![detail.clone()]),
            ImportError::Inflated => (Code::ZipBomb, vec![]),
            ImportError::Refused(problems) => problems
                .iter()
                .find(|problem| problem.severity == Severity::Error)
                .or(problems.first())
                .map_or((Code::NoQuestions, vec![]), |first| (first.code, first.args.clone())),
        }
    }
}
