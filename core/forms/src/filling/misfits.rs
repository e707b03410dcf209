//! Answers that a form cannot take as they stand: they were given to another version of it, or by
//! hand.

use super::Filling;
use super::entry::normalised;
use super::error::FillError;
use super::frames::ROOT_FRAME;

/// An answer that does not fit its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The key of the answer.
    pub key: String,
    /// The question in the language asked for.
    pub label: String,
    /// The answer.
    pub value: String,
    /// Why it does not fit.
    pub error: FillError,
}

impl Filling {
    /// The answers that do not fit their questions, in document order.
    pub fn misfits(&self, language: &str) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            let (Some(question), Some(cell)) = (self.form.node(node), self.cell(node, frame)) else { return };
            let given = !question.kind.is_container() && question.calculation.is_none();
            if !given || cell.raw.is_empty() {
                return;
            }
            if let Err(error) = normalised(&self.form, question, &cell.raw) {
                misfits.push(Misfit {
                    key: self.key(node, frame),
                    label: self.fill(&question.label, node, frame, language),
                    value: cell.raw.clone(),
                    error,
                });
            }
        });
        misfits
    }

    /// Keys with an answer that the form has no question for; instances that were removed are not
    /// looked into.
    pub fn strays(&self) -> Vec<String> {
        let mut strays = Vec::new();
        for (key, value) in self.answers.iter() {
            let control = key.rsplit('/').next().is_some_and(|last| last.starts_with('@'));
            let removed = key.match_indices('/').any(|(at, _)| {
                let instance = key.get(..at).unwrap_or_default();
                self.answers.get(&format!("{instance}/@del")) == Some("true")
            });
            if !value.is_empty() && !control && !removed && self.locate(key).is_err() {
                strays.push(key.to_owned());
            }
        }
        strays
    }
}
