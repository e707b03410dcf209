//! What an edit says, in the reader's words: questions by their labels, choices by theirs, records and
//! people by their names. As it is stored is for support.

use super::questions::{linked, named};
use super::say;
use crate::error::Fail;
use rounds_model::edit::{Edit, Put};
use rounds_model::text::Lang;
use rounds_workflow::{Answer, Catalogue, KIND, Kind, PACK};
use rusqlite::Connection;

/// Answers that are spelled out.
const SHOWN: usize = 3;

/// An edit in words.
pub(super) fn in_words(
    db: &Connection,
    catalogue: &Catalogue,
    kind: Option<&Kind>,
    edit: &Edit,
    lang: Lang,
) -> Result<String, Fail> {
    let mut parts = Vec::new();
    let mut answers = Vec::new();
    for put in &edit.puts {
        match put.key.rsplit('/').next().unwrap_or_default() {
            KIND => parts.push(say(lang, "what-created", &[])),
            PACK if !edit.puts.iter().any(|put| put.key == KIND) => {
                parts.push(say(lang, "what-moved", &[("version", put.value.to_string())]));
            }
            "@ord" => parts.push(say(lang, "what-row-added", &[])),
            "@del" => parts.push(say(lang, "what-row-removed", &[])),
            name if name.starts_with('@') || is_metadata(kind, &put.key) => {}
            _ => answers.push(put),
        }
    }
    parts.dedup();
    for put in answers.iter().take(SHOWN) {
        parts.push(answer(db, catalogue, kind, put, lang)?);
    }
    let mut text = parts.join(" · ");
    if answers.len() > SHOWN {
        text.push_str(" … ");
        text.push_str(&say(lang, "what-answers", &[("n", answers.len().to_string())]));
    }
    if text.is_empty() {
        text = say(lang, "what-details", &[]);
    }
    Ok(text)
}

/// An edit as it is stored: key and value of each answer.
pub(super) fn as_stored(edit: &Edit) -> Vec<String> {
    edit.puts.iter().map(|put| format!("{}={}", put.key, put.value)).collect()
}

fn answer(
    db: &Connection,
    catalogue: &Catalogue,
    kind: Option<&Kind>,
    put: &Put,
    lang: Lang,
) -> Result<String, Fail> {
    let title = kind.and_then(|kind| kind.question_title(&put.key));
    let title = title.map_or_else(|| last(&put.key).to_owned(), |title| title.get(lang).to_owned());
    let value = put.value.to_string();
    let field = kind.and_then(|kind| kind.field(&put.key)).map(|field| field.answer);
    let shown = match field {
        _ if put.value.is_blank() => say(lang, "what-cleared", &[]),
        Some(Answer::Record) => linked(db, catalogue, &value, lang)?,
        Some(Answer::Person) => named(db, &value)?,
        Some(Answer::Blob(_)) => say(lang, "what-file", &[]),
        // The hash of a photo says nothing to anybody.
        None if kind.is_some_and(|kind| kind.is_file(&put.key)) => say(lang, "what-file", &[]),
        _ => kind.and_then(|kind| kind.choice_title(&put.key, &value, lang)).unwrap_or(value),
    };
    Ok(format!("{title}: {shown}"))
}

fn last(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

fn is_metadata(kind: Option<&Kind>, key: &str) -> bool {
    let form = kind.and_then(|kind| kind.workbook.as_ref()).map(|workbook| workbook.form());
    form.and_then(|form| form.question(&format!("/data/{key}"))).is_some_and(|q| q.kind.is_metadata())
}
