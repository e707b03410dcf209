//! What a record says in a column of a list or a paper, as people read it.

use super::questions::{linked, named};
use super::row::row;
use super::say;
use crate::error::Fail;
use crate::store::records::Record;
use rounds_model::text::Lang;
use rounds_workflow::{Answer, Catalogue};
use rusqlite::Connection;

/// `@title`, `@stage`, an answer, or what an act said (`@submit/day`).
pub(crate) fn cell(
    db: &Connection,
    catalogue: &Catalogue,
    record: &Record,
    column: &str,
    lang: Lang,
) -> Result<String, Fail> {
    let data = &record.projection;
    if matches!(column, "@title" | "@stage") {
        let row = row(db, catalogue, record, lang)?;
        return Ok(if column == "@title" { row.title } else { row.stage.title });
    }
    let value = data.data.get(column).map(ToString::to_string).unwrap_or_default();
    let kind = catalogue.kind_at(&data.kind, data.pack);
    if let Some((act, part)) = column.strip_prefix('@').and_then(|rest| rest.split_once('/')) {
        let told = kind.and_then(|kind| kind.act(act)?.told.iter().find(|told| told.name == part));
        return Ok(told.map_or(value.clone(), |told| told.shown(&value, lang)));
    }
    let answer = kind.and_then(|kind| kind.field(column)).map(|field| field.answer);
    Ok(match answer {
        Some(Answer::Record) => linked(db, catalogue, &value, lang)?,
        Some(Answer::Person) => named(db, &value)?,
        Some(Answer::Boolean) => yes_or_no(&value, lang),
        _ => kind.and_then(|kind| kind.choice_title(column, &value, lang)).unwrap_or(value),
    })
}

/// A yes or no in words.
pub(crate) fn yes_or_no(value: &str, lang: Lang) -> String {
    match value {
        "true" => say(lang, "paper-yes", &[]),
        "false" => say(lang, "paper-no", &[]),
        other => other.to_owned(),
    }
}
