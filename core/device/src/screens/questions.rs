//! A record's questions with their answers: the fields that its pack declares, then its workbook.

use super::row::row;
use crate::answers::Desk;
use crate::authoring::who;
use crate::error::Fail;
use crate::store::{records, roster};
use crate::world::Here;
use rounds_forms::{Filling, NodeState};
use rounds_model::document::Document;
use rounds_model::text::Lang;
use rounds_workflow::{Answer, Catalogue, Kind, Record, View};
use rusqlite::Connection;
use serde::Serialize;

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The key to answer it by.
    pub key: String,
    /// With positions: `/data/sku[2]/price`; the key for declared fields.
    pub path: String,
    /// Its type, by the names of XLSForm.
    pub kind: String,
    /// What people read.
    pub label: String,
    /// Must be answered.
    pub required: bool,
    /// Computed, or not to be changed now.
    pub read_only: bool,
    /// The answer as it is stored; empty if there is none.
    pub value: String,
    /// The answer as people read it: a choice by its label, a record by its title.
    pub shown: String,
    /// What is being typed there and is no answer yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What somebody said about it when the record came back: what to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Offered>,
    /// There are more of them than a screen lists: [`offer`](crate::Rounds::offer) gives them page by page.
    #[serde(skip_serializing_if = "is_false")]
    pub more_choices: bool,
}

fn is_false(truth: &bool) -> bool {
    !truth
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offered {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// The questions that are asked of a record now, with their answers.
pub(crate) fn questions(
    db: &Connection,
    catalogue: &Catalogue,
    desk: &Desk<'_>,
    record: &Record,
    document: &Document,
    lang: Lang,
) -> Result<Vec<Question>, Fail> {
    let (mut out, filling) = asked(db, catalogue, desk, record, document, lang)?;
    if let Some(filling) = filling {
        out.extend(filling.listed(lang.tag()).into_iter().filter(is_shown).map(node));
        desk.keep(filling);
    }
    let said = desk.kind.comments(&record.stage, &record.acts);
    for question in &mut out {
        question.comment = said.get(question.key.as_str()).map(|text| (*text).to_owned());
    }
    Ok(out)
}

/// Whether a person is to see a node of a workbook.
pub(crate) fn is_shown(node: &NodeState) -> bool {
    // A place that the phone takes by itself is shown where its author gave it words.
    node.relevant && !node.kind.is_metadata() && !(node.kind.is_measured() && node.label.is_empty())
}

/// The declared questions that are asked now, with their answers; and the workbook as it is filled.
pub(crate) fn asked(
    db: &Connection,
    catalogue: &Catalogue,
    desk: &Desk<'_>,
    record: &Record,
    document: &Document,
    lang: Lang,
) -> Result<(Vec<Question>, Option<Filling>), Fail> {
    let moment = rounds_workflow::moment(desk.now.at_ms, desk.me.zone());
    let examined = rounds_workflow::examine(desk.kind, record, &View::new(who(desk.me), &Here(db), moment))?;
    let mut out = Vec::new();
    for asked in examined.iter().filter(|asked| asked.relevant) {
        let field = asked.field;
        let value = record.fields.get(&field.name).map(ToString::to_string).unwrap_or_default();
        let choices: Vec<_> = field.choices.iter().map(|c| option(&c.name, c.title.get(lang))).collect();
        let shown = match field.answer {
            Answer::Record => linked(db, catalogue, &value, lang)?,
            Answer::Person => named(db, &value)?,
            _ => chosen(&value, &choices),
        };
        out.push(Question {
            key: field.name.clone(),
            path: field.name.clone(),
            kind: field.answer.name().to_owned(),
            label: field.title.get(lang).to_owned(),
            required: field.required,
            read_only: false,
            error: asked.wrong.as_ref().map(|r| r.reason.get(lang).to_owned()),
            value,
            shown,
            choices,
            typed: None,
            comment: None,
            more_choices: false,
        });
    }
    Ok((out, desk.filling(&document.fields())))
}

/// What people read of the question with this key; the key itself if there is none.
pub(crate) fn title(kind: &Kind, key: &str, lang: Lang) -> String {
    kind.question_title(key).map_or_else(|| key.to_owned(), |title| title.get(lang).to_owned())
}

/// The title of the record that an answer names; the answer itself if it is not here.
pub(crate) fn linked(
    db: &Connection,
    catalogue: &Catalogue,
    value: &str,
    lang: Lang,
) -> Result<String, Fail> {
    let record = value.parse().ok().map(|doc| records::get(db, doc)).transpose()?.flatten();
    Ok(match record {
        Some(record) => row(db, catalogue, &record, lang)?.title,
        None => value.to_owned(),
    })
}

pub(crate) fn named(db: &Connection, value: &str) -> Result<String, Fail> {
    let person = value.parse().ok().map(|id| roster::person(db, id)).transpose()?.flatten();
    Ok(person.map_or_else(|| value.to_owned(), |p| p.name))
}

/// Chosen values by their labels; other answers as they are.
fn chosen(value: &str, choices: &[Offered]) -> String {
    let label = |one: &str| choices.iter().find(|c| c.value == one).map(|c| c.label.clone());
    match label(value) {
        Some(label) => label,
        None if choices.is_empty() => value.to_owned(),
        None => {
            let each = value.split(' ').map(|one| label(one).unwrap_or_else(|| one.to_owned()));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

pub(crate) fn node(n: NodeState) -> Question {
    let choices: Vec<_> = n.choices.iter().map(|c| option(&c.value, &c.label)).collect();
    let labels: Vec<_> = n.chosen.into_iter().map(|choice| choice.label).collect();
    Question {
        shown: if labels.is_empty() { n.value.clone() } else { labels.join(", ") },
        kind: n.kind.name().to_owned(),
        label: n.label,
        required: n.required,
        read_only: n.read_only,
        error: n.error.map(|e| e.message),
        more_choices: n.more_choices,
        typed: None,
        comment: None,
        choices,
        key: n.key,
        path: n.path,
        value: n.value,
    }
}

fn option(value: &str, label: &str) -> Offered {
    Offered { value: value.to_owned(), label: label.to_owned() }
}
