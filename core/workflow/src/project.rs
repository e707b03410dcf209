//! The projection of a record: the one row that lists, searches and other records' rules read.
//! Both ends derive it from the same content and acts, so that the two rows are the same.

use crate::arbitration::claims;
use crate::before::Before;
use crate::catalogue::Catalogue;
use crate::kind::{Kind, Sharing};
use crate::limits;
use crate::messages::{refusal, same};
use crate::moment::{moment, moment_of};
use crate::questions::is_set;
use crate::record::{Identity, Judged, Record, Ruled, is_control, pending_order};
use crate::rule::Ruling;
use crate::twice::{Content, rule_on};
use crate::world::{Known, Person, World, WorldError};
use chrono::NaiveDate;
use chrono_tz::Tz;
use rounds_forms::expr::Moment;
use rounds_model::claim::Claim;
use rounds_model::ids::{ActId, ChangeHash, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// Counts the ways in which records were projected: whoever changes what [`project`] or [`stand`] come to
/// for the same content, acts and packs adds one, and every store makes its rows anew.
pub const PROJECTION: u32 = 5;

/// The key in [`Projection::data`] of what the answers come to, in percent, for a form with scores.
pub const SCORE: &str = "@score";
/// The key in [`Projection::data`] of whether that is passed.
pub const PASSED: &str = "@passed";
/// The key in [`Projection::data`] of what the workbook calls the record (`instance_name`).
pub const NAME: &str = "@name";

/// What is known of a record without opening it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Projection {
    /// The name of its kind.
    pub kind: String,
    /// The version of the pack with which it was created.
    pub pack: u32,
    /// Its stage; with pending acts, the one that they are expected to lead to.
    pub stage: String,
    /// Acts of this phone wait for a decision.
    #[serde(default)]
    pub pending: bool,
    /// Whose it is.
    pub owner: PersonId,
    /// Who holds it.
    pub scope: Scope,
    /// The day on whose screen it stands: `2026-11-23`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Its place within the day, lowest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<f64>,
    /// Dealt with, as far as the day's screen is concerned.
    #[serde(default)]
    pub done: bool,
    /// It counts as removed: in no list, on no day, found by no search, claiming nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// Answers and calculated values by key, [`SCORE`], [`PASSED`] and [`NAME`], and of the latest accepted (or pending) act of each
    /// name `@<act>/at`, `@<act>/by`, its payload and its facts. Blank ones are left out, and answers
    /// that the form does not ask for as things stand: those stay in the document.
    pub data: BTreeMap<String, Scalar>,
    /// What it is about, as its kind says; scores are compared among records of one subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What a search looks through.
    pub search: String,
    /// The keys that it holds under arbitration rules, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

/// A record that has no projection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unprojectable {
    /// Its control keys are not in order, or its kind is in no pack: it is held until it is.
    #[error("the record cannot be shown: {}", .0.code)]
    Refused(Box<Refusal>),
    /// What a provisional ruling needs could not be read.
    #[error(transparent)]
    World(#[from] WorldError),
}

impl From<Refusal> for Unprojectable {
    fn from(refusal: Refusal) -> Unprojectable {
        Unprojectable::Refused(Box::new(refusal))
    }
}

/// How acts that wait are expected to be ruled.
pub type Foreseen = BTreeMap<ActId, Ruling>;

/// What a phone needs to look ahead of the server.
#[derive(Clone, Copy)]
pub struct Ahead<'a> {
    /// Whose acts are pending: the phone's person.
    pub who: Person<'a>,
    /// What the phone knows.
    pub world: &'a dyn World,
    /// The team's.
    pub zone: Tz,
    /// The content as it stands on the phone: the document's heads, sorted.
    pub heads: &'a [ChangeHash],
    /// The answers that have two values or more.
    pub contested: &'a BTreeSet<String>,
    /// What is expected already of acts that wait. Each was ruled on what came before it: what the phone
    /// holds by now has what came after it too, and is nothing to rule it on. An act that is not in here is
    /// ruled on the world as it is.
    pub foreseen: &'a Foreseen,
}

/// The projection of a record from its content and the acts about it.
///
/// `moment` is for calculations that read the clock. Both ends give the time of the document's
/// newest edit, never their own, or their rows would differ. With `ahead`, acts without a verdict
/// are taken as they are expected to be ruled, in the order in which the history has them; without it
/// (on the server there are none) they only make the record pending.
pub fn project(
    catalogue: &Catalogue,
    id: DocId,
    fields: &BTreeMap<String, Scalar>,
    history: &[Judged],
    moment: Moment,
    ahead: Option<Ahead<'_>>,
) -> Result<Projection, Unprojectable> {
    let Standing { kind, record, .. } = stand(catalogue, id, fields, history, ahead)?;
    let pending = history.iter().any(|judged| judged.verdict.is_none());
    let data = data(kind, &record, moment);
    let agenda = kind.agenda.as_ref();
    let removed = kind.is_removed(&record.stage);
    let day = agenda.and_then(|agenda| data.get(&agenda.on)?.as_text()).filter(|day| is_day(day) && !removed);
    let day = day.map(str::to_owned);
    let order = agenda.and_then(|agenda| number(data.get(agenda.order.as_ref()?)?));
    Ok(Projection {
        pending,
        scope: scope(kind, &record),
        order: order.filter(|_| day.is_some()),
        day,
        done: agenda.is_some_and(|agenda| agenda.done.contains(&record.stage)),
        subject: kind.subject.as_ref().and_then(|key| data.get(key)).map(ToString::to_string),
        search: if removed { String::new() } else { search(kind, &data) },
        claims: if removed { vec![] } else { claims(kind, &record, moment) },
        removed,
        kind: record.kind,
        pack: record.pack,
        stage: record.stage,
        owner: record.owner,
        data,
    })
}

/// Who holds the record. Read from what was answered and who owns it, never from what is worked
/// out, so that whoever can open the record knows it too.
fn scope(kind: &Kind, record: &Record) -> Scope {
    let own = Scope::Person(record.owner);
    match &kind.sharing {
        Sharing::Team => Scope::Team,
        Sharing::Owner => own,
        Sharing::Area(field) => {
            let named = record.fields.get(field).filter(|value| !value.is_blank());
            named.and_then(|value| Scope::area(&value.to_string())).unwrap_or(own)
        }
    }
}

/// A record as it stands.
#[derive(Debug)]
pub struct Standing<'k> {
    /// Its kind.
    pub kind: &'k Kind,
    /// The record after all acts that were ruled, finally or provisionally.
    pub record: Record,
    /// The provisional rulings, in the order in which the acts are in the history.
    pub rulings: Vec<(ActId, Ruling)>,
}

/// A record as it stands, with the provisional rulings on its pending acts in their order.
pub fn stand<'k>(
    catalogue: &'k Catalogue,
    id: DocId,
    fields: &BTreeMap<String, Scalar>,
    history: &[Judged],
    ahead: Option<Ahead<'_>>,
) -> Result<Standing<'k>, Unprojectable> {
    let Identity { kind: name, pack, .. } = crate::record::identity(fields)?;
    let Some(kind) = catalogue.kind_at(&name, pack) else {
        return Err(refusal("unknown-kind", &[("kind", &same(&name))]).into());
    };
    let mut record = Record::after(kind, id, fields.clone(), history)?;
    let mut rulings = Vec::new();
    if let Some(Ahead { who, world, zone, heads, contested, foreseen }) = ahead {
        record.contested.clone_from(contested);
        let mut last = 0;
        for act in history.iter().filter(|judged| judged.verdict.is_none()).map(|judged| &judged.act) {
            // One that was held and fits again now is sent behind what was stated after it.
            last = pending_order(act).max(last + 1);
            let ruling = match foreseen.get(&act.id) {
                Some(ruling) => ruling.clone(),
                None => {
                    let before = Before::new(world, kind, &record, moment(act.time.at_ms, zone));
                    let content = Content { now: &record, heads, seen: None };
                    rule_on(catalogue, content, act, &who, &before, zone)?
                }
            };
            if ruling.outcome == Outcome::Accepted {
                if record.stage != ruling.stage {
                    record.stage.clone_from(&ruling.stage);
                    // Behind whoever was ruled on, in the order in which they were stated.
                    record.since = u64::try_from(last).ok().map(Seq);
                }
                let ruled = Ruled { order: last, received_ms: None };
                record.remember(kind, act, ruling.turned.as_ref(), &ruling.facts, ruled);
            }
            rulings.push((act.id, ruling));
        }
    }
    Ok(Standing { kind, record, rulings })
}

impl Projection {
    /// The record as lists know it, without opening its document: for [`crate::display()`]. Its
    /// fields hold what was worked out beside the answers, and no control keys.
    pub fn record(&self, id: DocId) -> Record {
        let (acts, fields) = self
            .data
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .partition(|(key, _)| is_control(key));
        let (kind, stage) = (self.kind.clone(), self.stage.clone());
        // Its place in a waiting list, as its claims say; nothing else is asked of it.
        let since = self.claims.iter().find_map(|claim| claim.waits);
        let contested = BTreeSet::new();
        Record { id, kind, owner: self.owner, pack: self.pack, fields, stage, since, acts, contested }
    }

    /// The record as the rules of other records see it.
    pub fn known(&self) -> Known {
        Known {
            kind: self.kind.clone(),
            stage: self.stage.clone(),
            owner: self.owner,
            data: self.data.clone(),
        }
    }
}

fn data(kind: &Kind, record: &Record, moment: Moment) -> BTreeMap<String, Scalar> {
    let removed: BTreeSet<&str> = record
        .fields
        .iter()
        .filter(|(_, value)| is_set(Some(value)))
        .filter_map(|(key, _)| key.strip_suffix("/@del"))
        .collect();
    let is_removed = |key: &str| {
        key.match_indices('/').any(|(at, _)| key.get(..at).is_some_and(|instance| removed.contains(instance)))
    };
    let mut data: BTreeMap<String, Scalar> = record
        .fields
        .iter()
        .filter(|(key, value)| !is_control(key) && !value.is_blank() && !is_removed(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(out) = kind
        .workbook
        .as_ref()
        .and_then(|workbook| workbook.outcome(&record.fields, moment_of(record.id, moment)))
    {
        data.retain(|key, _| {
            kind.field(key).is_some() || key.contains("/@") || out.submitted.contains_key(key)
        });
        for (key, value) in &mut data {
            // Of several choices some may have been filtered away.
            if let Some(text) = out.submitted.get(key).filter(|text| **text != value.to_string()) {
                *value = Scalar::Text(text.clone());
            }
        }
        data.extend(out.calculated);
        if !out.name.is_empty() {
            data.insert(NAME.to_owned(), Scalar::Text(shortened(out.name)));
        }
        if let Some(score) = out.score {
            data.extend(score.percent.map(|percent| (SCORE.to_owned(), Scalar::Float(percent))));
            data.extend(score.passed.map(|passed| (PASSED.to_owned(), Scalar::Bool(passed))));
        }
    }
    data.extend(record.acts.iter().map(|(key, value)| (key.clone(), value.clone())));
    data
}

/// As much of a name as is shown.
fn shortened(mut name: String) -> String {
    let end = (0..=limits::SHOWN.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or(0));
    name
}

fn search(kind: &Kind, data: &BTreeMap<String, Scalar>) -> String {
    let mut out = String::new();
    let named = std::iter::once(NAME);
    for value in named.chain(kind.search.iter().map(String::as_str)).filter_map(|key| data.get(key)) {
        let value = value.to_string();
        if out.len() + value.len() < limits::SEARCH {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&value);
        }
    }
    out
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

fn number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Int(i) => Some(*i as f64),
        Scalar::Float(f) => Some(*f),
        Scalar::Text(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}
