//! What a row of a table lacks before it is a record: answers that the form requires, and that a row could say.

use crate::answers::{self, FORM};
use crate::available::View;
use crate::field::{Answer, Field};
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::settle;
use crate::world::WorldError;
use rounds_model::refusal::Refusal;

/// The required answers that are missing, each by its question. A photo or file cannot stand in a row, and is asked
/// for later; so is what a workbook asks, which is filled on a phone.
pub fn lacking<'k>(
    kind: &'k Kind,
    record: &Record,
    view: &View<'_>,
) -> Result<Vec<(&'k Field, Refusal)>, WorldError> {
    let env = view.env(kind, record);
    let mut out = Vec::new();
    for field in kind.fields.iter().filter(|field| field.required && !matches!(field.answer, Answer::Blob(_)))
    {
        if record.fields.get(&field.name).is_some_and(|answer| !answer.is_blank()) {
            continue;
        }
        // Whether it is asked may not be worked out yet.
        if let Ok(asked) = settle(answers::asked(field, None, &env, &FORM))? {
            out.extend(asked.wrong.map(|no| (field, no.by(kind.rule.as_ref()))));
        }
    }
    Ok(out)
}
