//! One thing to tell the author of a form.

use crate::messages::{Bilingual, Code};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The form works; something about it is odd.
    Note,
    /// The form works without this part.
    Unsupported,
    /// There is no form until this is corrected.
    Error,
}

/// A problem and the cell that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The sheet, such as `survey`; empty when it is about the file.
    pub sheet: String,
    /// The row as the spreadsheet counts, from 1; 0 when it is about the whole sheet. For forms
    /// built from a list of questions, the number of the question from 1.
    pub row: u32,
    /// The header of the column; empty when it is about the whole row.
    pub column: String,
    /// What the text is about: names, values, positions.
    pub args: Vec<String>,
    pub(crate) code: Code,
}

impl Problem {
    /// Stable code, such as `unknown-type`.
    pub fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// What is wrong.
    pub fn text(&self) -> Bilingual {
        self.code.text(&self.args)
    }

    /// What the author can do.
    pub fn remedy(&self) -> Bilingual {
        self.code.remedy(&self.args)
    }
}
