//! What can be chosen for a question, page by page; and records and people named by what is known of
//! them instead of their ids.

use crate::Rounds;
use crate::answers::{self, Desk};
use crate::authoring::Typed;
use crate::error::{Fail, RoundsError, messages};
use crate::screens::choosing;
use crate::screens::questions::Offered;
use crate::screens::row::row;
use crate::store::{documents, records, roster};
use rounds_model::ids::{DocId, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_workflow::{Answer, Catalogue, Field, Kind};
use rusqlite::Connection;
use serde::Serialize;

/// How many records with a code are looked at, the best first.
const LOOKED_AT: u32 = 200;

/// A page of choices.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Offer {
    /// The choices.
    pub choices: Vec<Offered>,
    /// There are more.
    pub more: bool,
    /// Questions without an answer that the choices depend on: these first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<First>,
    /// Where no choice fits: the answers that they depend on, as they are now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<By>,
}

/// An answer that leaves a question without choices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct By {
    /// Its question's key.
    pub question: String,
    /// What people read of it.
    pub label: String,
    /// The answer as people read it.
    pub answer: String,
}

/// A question to be answered before another one has choices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct First {
    /// Its key.
    pub question: String,
    /// What people read.
    pub label: String,
}

impl Rounds {
    /// A page of the choices of a question, without the first `skip`, at most `most`: those whose label
    /// or value has what was typed. For a question that names a record or a person: those on this phone.
    pub fn offer(
        &self,
        doc: DocId,
        question: &str,
        typed: &str,
        skip: usize,
        most: usize,
        lang: Lang,
    ) -> Result<Offer, RoundsError> {
        Ok(self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&stored.kind, stored.pack).ok_or(Fail::UnknownRecord)?;
            if let Some(field) = kind.field(question) {
                return of_field(db, &catalogue, field, typed, (skip, most), lang);
            }
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let unknown = || Fail::UnknownQuestion(question.to_owned());
            let desk = Desk::new(doc, kind, &me, self.now(db)?).keeping(&self.kept);
            let filling = desk.filling(&document.fields()).ok_or_else(unknown)?;
            let target = answers::target(question);
            if filling.page(&target).is_empty() && filling.node(&target, lang.tag()).is_none() {
                return Err(unknown());
            }
            let (choices, more) = filling.offer(&target, lang.tag(), typed, skip, most);
            let one = |c: rounds_forms::Choice| Offered { value: c.value, label: c.label };
            let sources = filling.chosen_after(&target, lang.tag()).into_iter();
            let (empty, given): (Vec<_>, Vec<_>) = sources.partition(|source| source.answer.is_empty());
            let none = choices.is_empty() && filling.offer(&target, lang.tag(), "", 0, 1).0.is_empty();
            let by = given.into_iter().filter(|_| none);
            desk.keep(filling);
            Ok(Offer {
                choices: choices.into_iter().map(one).collect(),
                more,
                first: empty.into_iter().map(|s| First { question: s.key, label: s.label }).collect(),
                by: by.map(|s| By { question: s.key, label: s.label, answer: s.answer }).collect(),
            })
        })?)
    }
}

impl Rounds {
    /// A page of what a question of a pack offers that is not a record's own: of an act, of a finder, of a
    /// record that is still to be begun.
    pub fn offer_of(
        &self,
        field: &Field,
        typed: &str,
        skip: usize,
        most: usize,
        lang: Lang,
    ) -> Result<Offer, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| of_field(db, &catalogue, field, typed, (skip, most), lang))?)
    }

    /// An answer as people read it: a record by its title, a person by the name, a choice by its label.
    pub fn read_answer(&self, field: &Field, value: &str, lang: Lang) -> Result<String, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            Ok::<_, Fail>(match field.answer {
                Answer::Record => crate::screens::questions::linked(db, &catalogue, value, lang)?,
                Answer::Person => crate::screens::questions::named(db, value)?,
                _ => {
                    let label =
                        |one: &str| field.choices.iter().find(|c| c.name == one).map(|c| c.title.get(lang));
                    let read: Vec<&str> = value.split(' ').map(|one| label(one).unwrap_or(one)).collect();
                    read.join(if field.choices.is_empty() { " " } else { ", " })
                }
            })
        })?)
    }
}

fn of_field(
    db: &Connection,
    catalogue: &Catalogue,
    field: &Field,
    typed: &str,
    (skip, most): (usize, usize),
    lang: Lang,
) -> Result<Offer, Fail> {
    let all: Vec<Offered> = match (field.answer, &field.link) {
        (Answer::Record, Some(link)) => {
            return of_kind(db, catalogue, link, typed.trim(), (skip, most), lang);
        }
        (Answer::Person, _) => {
            let one = |p: rounds_model::people::Person| Offered { value: p.id.to_string(), label: p.name };
            roster::people(db)?.into_iter().map(one).collect()
        }
        _ => {
            let one = |c: &rounds_workflow::field::ChoiceItem| Offered {
                value: c.name.clone(),
                label: c.title.get(lang).to_owned(),
            };
            field.choices.iter().map(one).collect()
        }
    };
    let typed = typed.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&typed);
    let mut fits = all.into_iter().filter(|c| has(&c.label) || has(&c.value)).skip(skip);
    let choices = fits.by_ref().take(most).collect();
    Ok(Offer { choices, more: fits.next().is_some(), ..Offer::default() })
}

/// Records to choose from: the newest of a kind, or those with all of the words, however many there are.
fn of_kind(
    db: &Connection,
    catalogue: &Catalogue,
    kind: &str,
    typed: &str,
    (skip, most): (usize, usize),
    lang: Lang,
) -> Result<Offer, Fail> {
    let (found, more) = match typed {
        "" => {
            let last = skip.saturating_add(most).saturating_add(1);
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            let mut found: Vec<_> = records::of_kind(db, kind, None, last)?.into_iter().skip(skip).collect();
            let more = found.len() > most;
            found.truncate(most);
            (found, more)
        }
        words => choosing::named(db, catalogue, kind, words, (skip, most), lang)?,
    };
    let one = |r: &records::Record| {
        Ok(Offered { value: r.doc.to_string(), label: row(db, catalogue, r, lang)?.title })
    };
    Ok(Offer { choices: found.iter().map(one).collect::<Result<_, Fail>>()?, more, ..Offer::default() })
}

/// What was typed, with the ids of the records and people that it names by a code, a title or the
/// beginning of an id.
pub(crate) fn named(
    db: &Connection,
    catalogue: &Catalogue,
    fields: &[Field],
    typed: &[Typed],
) -> Result<Vec<Typed>, Fail> {
    let one = |(key, text): &Typed| {
        let field = fields.iter().find(|field| field.name == *key);
        let text = match (field.map(|field| (field, field.answer)), text.trim()) {
            (_, "") => text.clone(),
            (Some((field, Answer::Record)), said) if said.parse::<DocId>().is_err() => {
                record(db, catalogue, field, said)?.to_string()
            }
            (Some((field, Answer::Person)), said) if said.parse::<PersonId>().is_err() => {
                person(db, field, said)?.to_string()
            }
            _ => text.clone(),
        };
        Ok((key.clone(), text))
    };
    typed.iter().map(one).collect()
}

/// The one record, of a kind if one is given, that has this title, or this as an answer: a code.
pub(crate) fn called(
    db: &Connection,
    catalogue: &Catalogue,
    said: &str,
    kind: Option<&str>,
) -> Result<DocId, Fail> {
    match so_called(db, catalogue, said, kind)?.as_slice() {
        [one] => Ok(*one),
        [] => Err(Fail::UnknownRecord),
        _ => Err(Fail::AmbiguousRecord),
    }
}

fn so_called(
    db: &Connection,
    catalogue: &Catalogue,
    said: &str,
    kind: Option<&str>,
) -> Result<Vec<DocId>, Fail> {
    let mut found = Vec::new();
    let of_kind = |r: &records::Record| kind.is_none_or(|kind| r.projection.kind == kind);
    for record in records::found(db, said, LOOKED_AT)?.into_iter().filter(of_kind) {
        let has = record.projection.data.values().any(|value| value.to_string() == said);
        let mut titled = false;
        for lang in Lang::ALL {
            titled = titled || row(db, catalogue, &record, lang)?.title == said;
        }
        if has || titled {
            found.push(record.doc);
        }
    }
    Ok(found)
}

fn record(db: &Connection, catalogue: &Catalogue, field: &Field, said: &str) -> Result<DocId, Fail> {
    let link = field.link.as_deref().unwrap_or_default();
    let mut found = so_called(db, catalogue, said, Some(link))?;
    if found.is_empty()
        && let Ok(doc) = records::by_prefix(db, said)
        && records::get(db, doc)?.is_some_and(|r| r.projection.kind == link)
    {
        found.push(doc);
    }
    let kind = catalogue.kind(link);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(unnamed("answer-no-record", field, said, kind)),
        _ => Err(unnamed("answer-many-records", field, said, kind)),
    }
}

fn person(db: &Connection, field: &Field, said: &str) -> Result<PersonId, Fail> {
    let people: Vec<_> = roster::people(db)?.into_iter().filter(|person| person.name == said).collect();
    match people.as_slice() {
        [one] => Ok(one.id),
        _ => Err(unnamed("answer-no-person", field, said, None)),
    }
}

fn unnamed(code: &str, field: &Field, said: &str, kind: Option<&Kind>) -> Fail {
    let text = |key: &str| {
        let say = |lang| {
            let kinds = kind.map(|k| k.plural.get(lang).to_owned()).unwrap_or_default();
            let name = kind.map(|k| k.name.clone()).unwrap_or_default();
            let title = field.title.get(lang).to_owned();
            let args = [("field", title), ("value", said.to_owned()), ("kinds", kinds), ("kind", name)];
            messages().get(lang, key, &args)
        };
        Text::new(say(Lang::Zh), say(Lang::En))
    };
    Refusal::new(code, text(code), text(&format!("{code}-remedy"))).on(&field.name).into()
}
