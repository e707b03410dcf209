//! What a person could do with a record now, for a screen: each act that their role has in this
//! stage, and for the ones that would be refused, why.

use crate::answers::{self, Asked, FORM};
use crate::arbitration::{self, Taken};
use crate::catalogue::Catalogue;
use crate::complete;
use crate::documents;
use crate::env::Env;
use crate::field::Field;
use crate::kind::{ActRule, Kind};
use crate::record::Record;
use crate::rule::{hold, is_decided, is_possible, may_act};
use crate::stop::{Stop, settle};
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use std::collections::BTreeMap;

/// An act that a screen offers.
#[derive(Debug)]
pub struct Choice<'k> {
    /// Its name.
    pub act: &'k str,
    /// What people read on the button.
    pub title: &'k Text,
    /// What it asks for before it can be stated.
    pub payload: &'k [Field],
    /// The whole rule, for how it looks and where it leads.
    pub rule: &'k ActRule,
    /// Whether it would be accepted, as far as that can be said before its payload is known.
    pub possible: Result<(), Refusal>,
    /// If it would be taken as another act: which, and why.
    pub turns: Option<(&'k ActRule, Refusal)>,
}

/// Whoever looks at a record: as whom, what they know of others, and when.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The person.
    pub who: Person<'a>,
    /// The other records.
    pub world: &'a dyn World,
    /// The time.
    pub moment: Moment,
}

impl<'a> View<'a> {
    /// Puts the three together.
    pub fn new(who: Person<'a>, world: &'a dyn World, moment: Moment) -> Self {
        View { who, world, moment }
    }

    /// What names and functions mean in this record, to them.
    pub(crate) fn env(&self, kind: &'a Kind, record: &'a Record) -> Env<'a> {
        Env::new(kind, record, self.world, self.moment).by(self.who)
    }
}

/// The acts that this person's role has in the record's stage, in the author's order. Guards that
/// need the payload are left for [`crate::rule()`].
pub fn available<'k>(
    catalogue: &'k Catalogue,
    record: &Record,
    view: &View<'_>,
) -> Result<Vec<Choice<'k>>, WorldError> {
    let Some(kind) = catalogue.kind_at(&record.kind, record.pack) else { return Ok(Vec::new()) };
    let offered = |rule: &&ActRule| {
        may_act(rule, record, &view.who).is_ok() && is_possible(kind, rule, record, None).is_ok()
    };
    kind.acts.iter().filter(offered).map(|rule| choice(kind, rule, record, view)).collect()
}

/// Every act of this person's role with what stands in its way, the stage and the owner too, in the
/// author's order: a list greys what cannot be done and says why.
pub fn acts<'k>(
    catalogue: &'k Catalogue,
    record: &Record,
    view: &View<'_>,
) -> Result<Vec<Choice<'k>>, WorldError> {
    let Some(kind) = catalogue.kind_at(&record.kind, record.pack) else { return Ok(Vec::new()) };
    let of_role = kind.acts.iter().filter(|rule| rule.roles.contains(view.who.role));
    of_role.map(|rule| choice(kind, rule, record, view)).collect()
}

/// The declared fields of a record with what is wrong about each, for a screen. A kind's workbook
/// is not among them: a `Filling` says that of its questions.
pub fn examine<'k>(kind: &'k Kind, record: &Record, view: &View<'_>) -> Result<Vec<Asked<'k>>, WorldError> {
    let env = view.env(kind, record);
    let examined = settle(answers::examine(&kind.fields, &record.fields, &env, &FORM))?;
    // A field whose conditions cannot be worked out is shown rather than hidden.
    let plain = |field| Asked { field, relevant: true, wrong: None };
    Ok(examined.unwrap_or_else(|_| kind.fields.iter().map(plain).collect()))
}

fn choice<'k>(
    kind: &'k Kind,
    rule: &'k ActRule,
    record: &Record,
    view: &View<'_>,
) -> Result<Choice<'k>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    let env = view.env(kind, &whole);
    let foreseen =
        settle(arbitration::or_else(kind, rule, |rule| foresee(kind, rule, record, &env, view.world)))?;
    let (possible, turned) = match foreseen {
        Ok(taken) => (Ok(()), taken.turned),
        Err(refusal) => (Err(refusal.by(rule.rule.as_ref()).by(kind.rule.as_ref())), None),
    };
    let turns = turned.and_then(|turned| Some((kind.act(&turned.act)?, turned.why)));
    Ok(Choice { act: &rule.name, title: &rule.title, payload: &rule.payload, rule, possible, turns })
}

fn foresee(
    kind: &Kind,
    rule: &ActRule,
    record: &Record,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<Taken, Stop> {
    if let Some(who) = env.who() {
        may_act(rule, record, &who)?;
    }
    is_possible(kind, rule, record, None)?;
    is_decided(kind, rule, record)?;
    if rule.complete {
        complete::demand(kind, record, env, env.time())?;
    }
    documents::demand(kind, rule, env)?;
    match arbitration::demand(rule, None, env, world) {
        Err(Stop::World(error)) => return Err(Stop::World(error)),
        // It links to what the payload will name.
        _ if env.missed_payload() => {}
        demanded => demanded?,
    }
    let facts = foreseen_facts(rule, env)?;
    let env = env.knowing(&facts);
    for guard in &rule.guards {
        match hold(guard, &env) {
            Err(Stop::World(error)) => return Err(Stop::World(error)),
            _ if env.missed_payload() => {}
            held => held?,
        }
    }
    arbitration::contest(kind, record, &rule.to, &env, world)?;
    Ok(Taken { stage: rule.to.clone(), facts: BTreeMap::new(), turned: None, issued: Vec::new() })
}

/// The facts that do not need what is still to be given, each on those before it. One that comes to nothing is
/// known too, and not waited for.
fn foreseen_facts(rule: &ActRule, env: &Env<'_>) -> Result<BTreeMap<String, Scalar>, Stop> {
    let mut facts = BTreeMap::new();
    for (name, expression) in &rule.facts {
        let knowing = env.knowing(&facts);
        let value = expression.scalar(&knowing);
        let missed = knowing.missed_payload();
        match value {
            Err(Stop::World(error)) => return Err(Stop::World(error)),
            Ok(value) if !missed => drop(facts.insert(name.clone(), value)),
            _ => {}
        }
    }
    Ok(facts)
}
