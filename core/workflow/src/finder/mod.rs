//! Finders: which records are meant by what somebody typed.
//!
//! A finder asks a few things (an abbreviated number; a name and a date; two ends of a span), says when
//! that may be asked at all, and which records fit. What it gives are candidates: nothing is chosen for
//! anybody, be there one of them or many.

mod lookup;

pub use lookup::{Lookup, looks_up, narrow};

use crate::answers::{self, PAYLOAD};
use crate::env::Env;
use crate::expression::Expression;
use crate::field::Field;
use crate::kind::{Guard, Kind};
use crate::messages::{refusal, same};
use crate::record::Record;
use crate::rule::hold;
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A question that finds records of a kind.
#[derive(Debug)]
pub struct Finder {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// What it asks.
    pub asks: Vec<Field>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// What must hold of what was asked.
    pub(crate) guards: Vec<Guard>,
    /// Whether a record fits.
    pub(crate) matches: Expression,
}

/// Those of these records that fit what was asked, in their order. The records come from
/// [`Projection::record`](crate::Projection::record); none of them is removed.
///
/// Refusals: `payload-unknown` and those of payloads for what was asked, and those of the finder's own
/// guards. A record for which the question cannot be worked out does not fit.
pub fn find(
    kind: &Kind,
    finder: &Finder,
    asked: &BTreeMap<String, Scalar>,
    who: &Person<'_>,
    world: &dyn World,
    moment: Moment,
    records: impl IntoIterator<Item = Record>,
) -> Result<Result<Vec<DocId>, Refusal>, WorldError> {
    if let Err(no) = settle(may_ask(kind, finder, asked, who, world, moment))? {
        return Ok(Err(no));
    }
    let mut found = Vec::new();
    for record in records {
        let env = Env::new(kind, &record, world, moment).by(*who).carrying(asked);
        match finder.matches.holds(&env) {
            Ok(true) => found.push(record.id),
            Err(Stop::World(error)) => return Err(error),
            _ => {}
        }
    }
    Ok(Ok(found))
}

fn may_ask(
    kind: &Kind,
    finder: &Finder,
    asked: &BTreeMap<String, Scalar>,
    who: &Person<'_>,
    world: &dyn World,
    moment: Moment,
) -> Result<(), Stop> {
    if let Some(name) = asked.keys().find(|name| finder.asks.iter().all(|field| field.name != **name)) {
        let args = [("field", &same(name)), ("act", &finder.title)];
        return Err(refusal("payload-unknown", &args).on(name).into());
    }
    let nothing = nobody(kind, who);
    let env = Env::new(kind, &nothing, world, moment).by(*who).carrying(asked);
    answers::demand(&finder.asks, asked, &env, &PAYLOAD)?;
    finder.guards.iter().try_for_each(|guard| hold(guard, &env))
}

/// What is asked is not about one record, so that it is worked out at an empty one.
fn nobody(kind: &Kind, who: &Person<'_>) -> Record {
    Record {
        id: DocId([0; 16]),
        kind: kind.name.clone(),
        owner: who.id,
        pack: kind.version,
        fields: BTreeMap::new(),
        stage: kind.initial.clone(),
        since: None,
        contested: BTreeSet::new(),
        acts: BTreeMap::new(),
    }
}
