//! Whether a record's questions are all answered rightly: the declared fields first, then the
//! kind's workbook.

use crate::answers::{self, FORM};
use crate::env::Env;
use crate::kind::Kind;
use crate::moment::moment_of;
use crate::record::Record;
use crate::stop::Stop;
use rounds_forms::expr::Moment;
use std::borrow::Cow;

/// Refused with the first question that is not: `form-incomplete`, or `form-invalid` with the
/// author's own words.
pub(crate) fn demand(kind: &Kind, record: &Record, env: &Env<'_>, moment: Moment) -> Result<(), Stop> {
    answers::demand(&kind.fields, &record.fields, env, &FORM)?;
    match &kind.workbook {
        Some(workbook) => workbook.demand(&record.fields, moment_of(record.id, moment)),
        None => Ok(()),
    }
}

/// The record as conditions read it: with what its workbook works out beside what was answered, and
/// without what the workbook does not ask for as things stand.
pub(crate) fn worked_out<'r>(kind: &Kind, record: &'r Record, moment: Moment) -> Cow<'r, Record> {
    let Some(workbook) = &kind.workbook else { return Cow::Borrowed(record) };
    let values = workbook.read(&record.fields, moment_of(record.id, moment));
    if values.is_empty() {
        return Cow::Borrowed(record);
    }
    let mut record = record.clone();
    record.fields.extend(values);
    Cow::Owned(record)
}
