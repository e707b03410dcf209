//! What is wrong with a pack, told to its author: where, what, and what to do.

use crate::limits;
use crate::messages::{same, words};
use rounds_model::text::Text;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Every code that a problem of this crate can have. A problem with an expression or a workbook
/// has the code that the forms crate gives it.
pub const CODES: [&str; 78] = [
    "amount-no-number",
    "area-not-answered",
    "assigns-nobody",
    "bad-bundle",
    "bad-display",
    "bad-name",
    "bad-number",
    "bad-rows",
    "bad-table",
    "bad-template",
    "bad-time",
    "bound-without-number",
    "bounds-crossed",
    "cell-blank",
    "cell-no-date",
    "cell-no-number",
    "cell-not-among",
    "cell-not-whole",
    "cell-too-large",
    "cell-too-small",
    "cell-twice",
    "choices-do-not-fit",
    "claim-is-open-at-start",
    "claim-key-changes",
    "claim-key-not-own",
    "dollar-brace",
    "due-no-date",
    "empty-list",
    "everyone-of-whom",
    "in-no-tab",
    "ledger-held-in-part",
    "link-does-not-fit",
    "message-does-not-fit",
    "missing-file",
    "missing-translation",
    "name-taken",
    "never-is",
    "no-condition",
    "no-number",
    "no-requirement",
    "no-title",
    "not-a-date",
    "not-a-link",
    "not-utf8",
    "nothing-writable",
    "number-clash",
    "number-does-not-fit",
    "otherwise-asks-more",
    "pack-missing",
    "print-act-asks",
    "print-by-clock",
    "print-not-remembered",
    "print-section-empty",
    "print-table-twice",
    "removed-stage",
    "reserved-name",
    "rows-without-key",
    "rule-does-not-fit",
    "seasons-do-not-fit",
    "slots-overlap",
    "sum-held-in-part",
    "toml-syntax",
    "too-many",
    "unknown-choice",
    "unknown-field",
    "unknown-key",
    "unknown-kind-named",
    "unknown-ledger",
    "unknown-role",
    "unknown-row",
    "unknown-schedule",
    "unknown-season",
    "unknown-stage",
    "unreachable-stage",
    "wrong-column",
    "workbook-untranslated",
    "wrong-shape",
    "yes-or-no",
];

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file, as a path inside the pack; with the pack's id before it when several packs are
    /// looked at together.
    pub file: String,
    /// The line, from 1, where one can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Stable, kebab-case.
    pub code: String,
    /// What is wrong.
    pub text: Text,
    /// What to do about it.
    pub remedy: Text,
}

impl Problem {
    pub(crate) fn new(file: &str, line: Option<u32>, code: &str, args: &[(&str, &str)]) -> Problem {
        let texts: Vec<(&str, Text)> = args.iter().map(|(name, text)| (*name, same(*text))).collect();
        let args: Vec<(&str, &Text)> = texts.iter().map(|(name, text)| (*name, text)).collect();
        Problem {
            file: file.to_owned(),
            line,
            code: code.to_owned(),
            text: words(code, &args),
            remedy: words(&format!("{code}-remedy"), &args),
        }
    }
}

/// Collects the problems of one file and knows its lines.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    file: &'a str,
    /// Where each of its lines ends: a place is asked for with every word that is read.
    ends: Vec<usize>,
    found: Vec<Problem>,
    /// Where problems are told while a part of another file is checked.
    pub(crate) elsewhere: Option<(String, u32)>,
}

impl<'a> Problems<'a> {
    pub(crate) fn of(file: &'a str, source: &str) -> Problems<'a> {
        let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Problems { file, ends, found: Vec::new(), elsewhere: None }
    }

    /// A problem of this crate at a place of the file.
    pub(crate) fn add(&mut self, span: Range<usize>, code: &str, args: &[(&str, &str)]) {
        let (file, line) = self.place(span);
        self.push(Problem::new(&file, Some(line), code, args));
    }

    /// A problem of this crate whose arguments are words of a language.
    pub(crate) fn told(&mut self, span: Range<usize>, code: &str, args: &[(&str, &Text)]) {
        let (file, line) = self.place(span);
        let (text, remedy) = (words(code, args), words(&format!("{code}-remedy"), args));
        self.push(Problem { file, line: Some(line), code: code.to_owned(), text, remedy });
    }

    /// A problem that the forms crate found in an expression at a place of the file.
    pub(crate) fn add_foreign(&mut self, span: Range<usize>, code: &str, text: Text, remedy: Text) {
        let ((file, line), code) = (self.place(span), code.to_owned());
        self.push(Problem { file, line: Some(line), code, text, remedy });
    }

    /// Tells the problems of a part of another file.
    pub(crate) fn at(&mut self, file: &str, line: u32, check: impl FnOnce(&mut Self)) {
        let before = self.elsewhere.replace((file.to_owned(), line));
        check(self);
        self.elsewhere = before;
    }

    fn place(&self, span: Range<usize>) -> (String, u32) {
        let here = || (self.file.to_owned(), self.line(span.start));
        self.elsewhere.clone().unwrap_or_else(here)
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        if self.found.len() < limits::PROBLEMS && !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    pub(crate) fn line(&self, offset: usize) -> u32 {
        let before = self.ends.partition_point(|end| *end < offset);
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        self.found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self.found
    }
}
