//! What an act carried and what it came to, as people read it: why a plan was sent back, how late a
//! callback was.

use super::cell::yes_or_no;
use super::questions::{linked, named};
use super::say;
use crate::error::Fail;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{ActRule, Answer, Catalogue, Field};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// Something that an act says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Its name in the pack.
    pub name: String,
    /// What people read of it.
    pub title: String,
    /// Its type, by the names of XLSForm; `fact` for what was worked out.
    pub kind: &'static str,
    /// As it is stored.
    pub value: String,
    /// As people read it: a choice by its label, a record by its title, a person by their name.
    pub shown: String,
}

/// What an act carried, in the order in which it is asked.
pub(super) fn carried(
    db: &Connection,
    catalogue: &Catalogue,
    rule: &ActRule,
    payload: &BTreeMap<String, Scalar>,
    lang: Lang,
) -> Result<Vec<Said>, Fail> {
    let mut out = Vec::new();
    for field in &rule.payload {
        let Some(value) = payload.get(&field.name).filter(|value| !value.is_blank()) else { continue };
        let value = value.to_string();
        out.push(Said {
            name: field.name.clone(),
            title: field.title.get(lang).to_owned(),
            kind: field.answer.name(),
            shown: shown(db, catalogue, field, &value, lang)?,
            value,
        });
    }
    Ok(out)
}

/// What it came to: the facts that its pack has labels for.
pub(super) fn told(rule: &ActRule, facts: &BTreeMap<String, Scalar>, lang: Lang) -> Vec<Said> {
    let one = |told: &rounds_workflow::Told| {
        let value = facts.get(&told.name).filter(|value| !value.is_blank())?.to_string();
        Some(Said {
            name: told.name.clone(),
            title: told.title.get(lang).to_owned(),
            kind: "fact",
            shown: told.shown(&value, lang),
            value,
        })
    };
    rule.told.iter().filter_map(one).collect()
}

fn shown(
    db: &Connection,
    catalogue: &Catalogue,
    field: &Field,
    value: &str,
    lang: Lang,
) -> Result<String, Fail> {
    let label = |one: &str| {
        let choice = field.choices.iter().find(|choice| choice.name == one);
        choice.map_or(one, |choice| choice.title.get(lang)).to_owned()
    };
    Ok(match field.answer {
        Answer::Person => named(db, value)?,
        Answer::Record => linked(db, catalogue, value, lang)?,
        Answer::One => label(value),
        Answer::Several => value.split_whitespace().map(label).collect::<Vec<_>>().join(", "),
        Answer::Boolean => yes_or_no(value, lang),
        // A name of 64 digits says nothing to a reader; its beginning still tells two apart.
        Answer::Blob(_) => {
            let short = value.get(..8).unwrap_or(value).to_owned();
            say(lang, "paper-file", &[("name", short)])
        }
        _ => value.to_owned(),
    })
}
