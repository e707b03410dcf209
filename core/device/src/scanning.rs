//! Barcodes: read by the phone, checked here, and kept as an answer.

use crate::Rounds;
use crate::capture::digits::{self, BadNumber};
use crate::capture::{Code, ScanAsk, Tool};
use crate::error::{Fail, RoundsError, messages};
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;

impl Rounds {
    /// Reads a barcode and answers a question with it.
    ///
    /// # Errors
    /// The reader's; `barcode-check` for a number whose check digit does not fit, `barcode-shape` for one of
    /// another length than its kind; those of answering.
    pub fn scan(&self, doc: DocId, key: &str, ask: ScanAsk) -> Result<Code, RoundsError> {
        let fault = |fault| Fail::Capture(Tool::Barcode, fault);
        let kit = self.kit();
        let code = kit.barcode()?.scan(ask).map_err(fault)?;
        self.answer(doc, &[(key.to_owned(), scanned(key, &code)?)])?;
        Ok(code)
    }
}

/// The answer that a barcode which was read gives to a question.
///
/// # Errors
/// `barcode-check`, `barcode-shape`.
pub fn scanned(key: &str, code: &Code) -> Result<String, RoundsError> {
    digits::check(code).map_err(|bad| Fail::from(refused(bad, key)))?;
    Ok(code.text.clone())
}

/// What to look at again in a number that was typed where a barcode is asked: one with as many digits as
/// those of goods, whose last does not fit. It may be the number of something else, and is kept.
pub fn doubt(number: &str, lang: Lang) -> Option<String> {
    match digits::number(number) {
        Err(bad @ BadNumber::Check { .. }) => {
            let m = messages();
            let remedy = format!("{}-remedy", bad.code());
            Some([bad.code(), remedy.as_str()].map(|key| m.get(lang, key, &[])).join(" "))
        }
        _ => None,
    }
}

fn refused(bad: BadNumber, key: &str) -> Refusal {
    let text = |key: &str| messages().text(key, &[]);
    Refusal::new(bad.code(), text(bad.code()), text(&format!("{}-remedy", bad.code()))).on(key)
}
