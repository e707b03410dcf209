//! What the viewer could do with a record now, as forms.

use super::acting::ASKED;
use super::answers::Ink;
use super::kinds::{Ask, Offer};
use super::moving;
use super::names::other_record;
use super::view::{AskView, Input, OfferView};
use crate::admin::leaving;
use crate::storage::records::{Order, RecordRow, Search};
use crate::storage::{Read, Result};
use rounds_model::people::Role;
use rounds_workflow::Answer;

/// How many records a question offers to choose from.
const OFFERED: u32 = 200;

/// The acts of a page.
pub fn offers(ink: &Ink<'_>, offered: Vec<Offer>) -> Result<Vec<OfferView>> {
    offered.into_iter().map(|one| offer(ink, one)).collect()
}

fn offer(ink: &Ink<'_>, offer: Offer) -> Result<OfferView> {
    let of = |text| ink.words.of(text).to_owned();
    let mut asks = vec![];
    for one in &offer.asks {
        let gives = offer.assigns.as_ref() == Some(&one.name);
        asks.push(ask(ink, &offer.act, one, gives)?);
    }
    let moving = match &offer.assigns {
        Some(_) if offer.refusal.is_none() => {
            let records = ink.tx.records(&[ink.doc])?;
            Some(moving::moving(ink.tx, ink.viewer, ink.words, &records, ink.now_ms)?)
        }
        _ => None,
    };
    let turns = offer
        .turns
        .as_ref()
        .map(|(other, why)| ink.words.f("offer-turns", &[("act", of(other)), ("why", of(why))]));
    Ok(OfferView {
        title: of(&offer.title),
        tone: offer.tone,
        refusal: offer.refusal.as_ref().map(|no| (of(&no.reason), of(&no.remedy))),
        turns,
        asks,
        comments: offer.comments,
        moving,
        act: offer.act,
    })
}

fn ask(ink: &Ink<'_>, act: &str, ask: &Ask, gives: bool) -> Result<AskView> {
    let named = |(name, text): &(String, _)| (name.clone(), ink.words.of(text).to_owned());
    let (input, choices) = match ask.answer {
        Answer::Text => (Input::Text, vec![]),
        Answer::Barcode => (Input::Line("text"), vec![]),
        Answer::Integer | Answer::Decimal => (Input::Line("text"), vec![]),
        Answer::Date => (Input::Line("date"), vec![]),
        Answer::Time => (Input::Line("time"), vec![]),
        Answer::One => (Input::One, ask.choices.iter().map(named).collect()),
        Answer::Several => (Input::Several, ask.choices.iter().map(named).collect()),
        Answer::Boolean => {
            let both = [("true", "yes"), ("false", "no")];
            (Input::One, both.map(|(value, key)| (value.to_owned(), ink.words.t(key))).into())
        }
        Answer::Person if gives => {
            (Input::One, moving::candidates(ink.tx, ink.words, &ink.tx.records(&[ink.doc])?)?)
        }
        Answer::Person => (Input::One, people(ink.tx)?),
        Answer::Record => (Input::One, records(ink, ask.link.as_deref())?),
        Answer::DateTime | Answer::Place | Answer::Blob(_) => (Input::Phone, vec![]),
    };
    Ok(AskView {
        name: format!("{ASKED}{}", ask.name),
        id: format!("{act}-{}", ask.name),
        label: ink.words.of(&ask.label).to_owned(),
        hint: ask.hint.as_ref().map(|hint| ink.words.of(hint).to_owned()),
        required: ask.required,
        input,
        choices,
    })
}

/// Everyone who can be given something.
fn people(tx: &dyn Read) -> Result<Vec<(String, String)>> {
    let gone = leaving::withdrawn(tx)?;
    let people = tx.people()?.into_iter().filter(|p| p.role.0 != Role::OPERATOR && !gone.contains(&p.id));
    Ok(people.map(|person| (person.id.to_string(), person.name)).collect())
}

/// The newest records of a kind that the viewer may see.
fn records(ink: &Ink<'_>, kind: Option<&str>) -> Result<Vec<(String, String)>> {
    let Some(kind) = kind else { return Ok(vec![]) };
    let search = Search {
        kinds: vec![kind.to_owned()],
        scopes: ink.viewer.seen(),
        order: Order::Newest,
        limit: OFFERED,
        ..Search::default()
    };
    let mut found = vec![];
    for RecordRow { doc, .. } in ink.tx.search(&search)? {
        let other = other_record(ink.tx, ink.lexicon, ink.viewer, ink.words, doc)?;
        found.extend(other.map(|other| (other.doc, other.title)));
    }
    Ok(found)
}
