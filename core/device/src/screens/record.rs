//! One record: its answers with labels and errors, what can be done with it and, if it cannot, why;
//! what was done and how it was ruled.

use super::conflicts::{Chosen, Open, Story};
use super::papers::{Papers, papers};
use super::prints::{Printable, prints};
use super::questions::{Question, questions};
use super::row::{Row, row};
use super::said::{Said, carried, told};
use super::say;
use super::score::{Scored, scored};
use super::status::clock;
use super::tabs::{Tab, tabs};
use crate::Rounds;
use crate::answers::Desk;
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::filling::Place;
use crate::offering::called;
use crate::projecting;
use crate::store::{acts, documents, outbox, records, roster, typed};
use crate::world::Here;
use rounds_model::ids::{ActId, DocId, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_model::time::Judgement;
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::Handed;
use rounds_workflow::{Catalogue, Kind, Record, View};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// One record's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordScreen {
    /// As lists show it.
    #[serde(flatten)]
    pub row: Row,
    /// Whose it is.
    pub owner: String,
    /// The same as an id, for answers that name a person.
    pub owner_id: PersonId,
    /// The version of its pack that it was begun with, or has been moved to.
    pub version: u32,
    /// A newer version of its form is here, which it can be moved to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer: Option<u32>,
    /// Where this phone's person was in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What the answers come to, for a form with scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Scored>,
    /// How long it should stay where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<Staying>,
    /// The numbers that its acts gave it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<Numbered>,
    /// The documents that it asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Papers>,
    /// What can be printed of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prints: Vec<Printable>,
    /// The tabs of its screen, where its pack has some: each question stands in one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tabs: Vec<Tab>,
    /// The questions with their answers.
    pub questions: Vec<Question>,
    /// What can be done with it now.
    pub acts: Vec<Choice>,
    /// What was done, oldest first.
    pub done: Vec<Done>,
    /// Answers of which there are two versions.
    pub conflicts: Vec<Open>,
    /// Answers that somebody chose between two versions.
    pub chosen: Vec<Chosen>,
    /// Edits that the server holds back.
    pub held: Vec<Reason>,
    /// Work about it that waits on the server for a decision, each in a sentence.
    pub handed: Vec<String>,
}

/// How long a record should stay in its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Staying {
    /// Milliseconds that it still is; 0 once it is over.
    pub left_ms: u64,
    /// Milliseconds in all.
    pub of_ms: u64,
}

/// A number that an act gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Numbered {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// The number.
    pub value: String,
    /// It stands for the real one, which comes with the verdict: not to be written on anything.
    pub provisional: bool,
}

/// An act that is offered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// Its name.
    pub act: String,
    /// The button's words.
    pub title: String,
    /// What it asks for: names of payload fields.
    pub asks: Vec<Asked>,
    /// False: greyed, for this reason.
    pub possible: bool,
    /// Why not; or why it would be taken as another act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The words of the act that it would be taken as: a place on the waiting list for a seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turns: Option<String>,
}

/// A payload field of an act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Must be given.
    pub required: bool,
}

/// A refusal in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// For support.
    pub code: String,
    /// The question it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What happened and why.
    pub reason: String,
    /// What to do now.
    pub remedy: String,
    /// The requirement that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The record that stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<DocId>,
}

impl Reason {
    /// A refusal as one reader reads it.
    pub fn of(refusal: &Refusal, lang: Lang) -> Reason {
        Reason {
            code: refusal.code.clone(),
            field: refusal.field.clone(),
            reason: refusal.reason.get(lang).to_owned(),
            remedy: refusal.remedy.get(lang).to_owned(),
            rule: refusal.rule.clone(),
            link: refusal.link,
        }
    }
}

/// An act that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Done {
    /// Which.
    pub act: ActId,
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: String,
    /// By whom.
    pub by: String,
    /// When, in the team's time zone.
    pub at: String,
    /// `pending`, `accepted`, `turned` (accepted, but as another act) or `blocked`.
    pub state: &'static str,
    /// In doubt when it was: the phone's clock disagreed with what is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// The words of the act that it was taken as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turned: Option<String>,
    /// What its author gave with it: why a plan was sent back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Said>,
    /// What was worked out for it, where the pack has words for it; of a pending act as this phone foresees
    /// it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Said>,
    /// For a blocked or turned act, why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Rounds {
    /// One record's screen.
    pub fn show(&self, doc: DocId, lang: Lang) -> Result<RecordScreen, RoundsError> {
        Ok(self.store.read(|db| show(self, db, doc, lang))?)
    }

    /// The record whose id begins like this, or the one that is called this.
    pub fn find(&self, said: &str) -> Result<DocId, RoundsError> {
        Ok(self.store.read(|db| match records::by_prefix(db, said) {
            Err(Fail::UnknownRecord) => called(db, &self.catalogue(), said, None),
            found => found,
        })?)
    }
}

fn show(rounds: &Rounds, db: &Connection, doc: DocId, lang: Lang) -> Result<RecordScreen, Fail> {
    let me = rounds.identity()?;
    let catalogue = rounds.catalogue();
    let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?;
    let kind =
        catalogue.kind_at(&stored.projection.kind, stored.projection.pack).ok_or(Fail::UnknownRecord)?;
    let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
    let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
    let desk = Desk::new(doc, kind, &me, rounds.now(db)?).keeping(&rounds.kept);
    let moment = rounds_workflow::moment(desk.now.at_ms, me.zone());
    let offered = rounds_workflow::available(&catalogue, &record, &View::new(who(&me), &Here(db), moment))?;
    let checked = rounds_workflow::checklists(kind, &record, &View::new(who(&me), &Here(db), moment))?;
    let held = outbox::held(db)?.into_iter().filter(|h| h.doc == doc);
    let story = Story { db, kind, zone: me.zone(), lang };
    let score = kind
        .workbook
        .as_ref()
        .and_then(|workbook| workbook.score(&record.fields, rounds_workflow::moment_of(doc, moment)));
    let place = crate::filling::place(db, doc)?;
    let mut questions = questions(db, &catalogue, &desk, &record, &document, lang)?;
    let typed: BTreeMap<String, String> = typed::of(db, doc)?.into_iter().collect();
    for question in &mut questions {
        question.typed = typed.get(&question.key).filter(|typed| **typed != question.value).cloned();
    }
    let may_move = |to: &&Kind| {
        let version = Scalar::Int(to.version.into());
        rounds_workflow::may_move(&catalogue, kind, &record.stage, &who(&me), record.owner, &version).is_ok()
    };
    let documents = papers(kind, &checked, lang);
    let acts: Vec<Choice> = offered.iter().map(|c| choice(c, lang)).collect();
    Ok(RecordScreen {
        tabs: tabs(&catalogue, kind, &questions, &documents, &acts, lang),
        row: row(db, &catalogue, &stored, lang)?,
        owner_id: record.owner,
        owner: roster::person(db, record.owner)?.map(|p| p.name).unwrap_or_default(),
        version: kind.version,
        newer: catalogue.newer(&kind.name, record.pack).filter(may_move).map(|newer| newer.version),
        place,
        score: score.map(|s| scored(db, kind, s, &stored.projection, doc, me.zone(), lang)).transpose()?,
        stay: rounds_workflow::stay(kind, &record, &Here(db), moment)?
            .map(|stay| Staying { left_ms: stay.left_ms, of_ms: stay.of_ms }),
        numbers: numbers(kind, &record, lang),
        documents,
        prints: prints(kind, &record, &View::new(who(&me), &Here(db), moment), lang)?,
        questions,
        acts,
        done: done(db, &catalogue, kind, &record, me.zone(), lang)?,
        conflicts: story.open(&document)?,
        chosen: story.chosen(&document)?,
        held: held.map(|h| Reason::of(&h.refusal, lang)).collect(),
        handed: handed(db, doc, me.zone(), lang)?,
    })
}

fn numbers(kind: &Kind, record: &Record, lang: Lang) -> Vec<Numbered> {
    let numbers = kind.acts.iter().flat_map(|act| act.numbers.iter().map(move |number| (act, number)));
    let given = numbers.filter_map(|(act, number)| {
        let value = record.acts.get(&format!("@{}/{}", act.name, number.name))?.to_string();
        let (name, title) = (number.name.clone(), number.title.get(lang).to_owned());
        Some(Numbered { name, title, provisional: rounds_workflow::is_provisional(&value), value })
    });
    given.collect()
}

fn handed(db: &Connection, doc: DocId, zone: chrono_tz::Tz, lang: Lang) -> Result<Vec<String>, Fail> {
    let one = |handed: &Handed| {
        let by = roster::person(db, handed.person)?.map(|p| p.name).unwrap_or_default();
        Ok(say(lang, "handed-here", &[("by", by), ("at", clock(zone, handed.at_ms))]))
    };
    crate::store::handed::about(db, doc)?.iter().map(one).collect()
}

pub(super) fn choice(c: &rounds_workflow::Choice<'_>, lang: Lang) -> Choice {
    let asked = |f: &rounds_workflow::Field| Asked {
        name: f.name.clone(),
        title: f.title.get(lang).to_owned(),
        required: f.required,
    };
    Choice {
        act: c.act.to_owned(),
        title: c.title.get(lang).to_owned(),
        asks: c.payload.iter().map(asked).collect(),
        possible: c.possible.is_ok(),
        reason: c
            .possible
            .as_ref()
            .err()
            .or(c.turns.as_ref().map(|(_, why)| why))
            .map(|r| Reason::of(r, lang)),
        turns: c.turns.as_ref().map(|(act, _)| act.title.get(lang).to_owned()),
    }
}

fn done(
    db: &Connection,
    catalogue: &Catalogue,
    kind: &Kind,
    record: &Record,
    zone: chrono_tz::Tz,
    lang: Lang,
) -> Result<Vec<Done>, Fail> {
    let one = |known: acts::KnownAct| {
        let title = |name: &str| kind.act(name).map_or(name, |a| a.title.get(lang)).to_owned();
        let (mut turned, mut outcome, mut facts) = (None, None, None);
        if let Some(verdict) = known.verdict {
            (turned, outcome, facts) = (verdict.turned, Some(verdict.outcome), Some(verdict.facts));
        }
        let (state, reason) = match (outcome, &turned) {
            (None, _) => ("pending", None),
            (Some(Outcome::Accepted), None) => ("accepted", None),
            (Some(Outcome::Accepted), Some(turned)) => ("turned", Some(Reason::of(&turned.why, lang))),
            (Some(Outcome::Blocked(refusal)), _) => ("blocked", Some(Reason::of(&refusal, lang))),
        };
        let time = &known.act.time;
        let doubt = !matches!(time.judgement, Judgement::Trusted);
        let taken_as = turned.as_ref().map_or(&known.act.name, |turned| &turned.act);
        let facts = facts.unwrap_or_else(|| foreseen(record, taken_as));
        let payload = &known.act.payload;
        let carried = kind.act(&known.act.name).map(|rule| carried(db, catalogue, rule, payload, lang));
        Ok(Done {
            act: known.act.id,
            title: title(&known.act.name),
            carried: carried.transpose()?.unwrap_or_default(),
            facts: kind.act(taken_as).map(|rule| told(rule, &facts, lang)).unwrap_or_default(),
            turned: turned.as_ref().map(|turned| title(&turned.act)),
            clock: doubt.then(|| rounds_evidence::words::time(time).get(lang).to_owned()),
            by: roster::person(db, known.act.person)?.map(|p| p.name).unwrap_or_default(),
            at: clock(zone, known.act.time.at_ms),
            name: known.act.name,
            state,
            reason,
        })
    };
    acts::of(db, record.id)?.into_iter().map(one).collect()
}

/// What the latest act of a name says as the record stands here.
fn foreseen(record: &Record, act: &str) -> BTreeMap<String, Scalar> {
    let prefix = format!("@{act}/");
    let of = record
        .acts
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value.clone())));
    of.collect()
}
