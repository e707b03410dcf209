//! An act holds on the content that its author saw, which is what they signed, and on the content as it
//! stands, which is what the stage and the claims will be about: an author could name old heads to get past
//! a rule, and a colleague's edit would do it for them. Phone and server ask both here.

use crate::catalogue::Catalogue;
use crate::record::Record;
use crate::rule::{Ruling, rule, saw_all};
use crate::world::{Person, World, WorldError};
use chrono_tz::Tz;
use rounds_model::act::Act;
use rounds_model::ids::ChangeHash;
use rounds_model::verdict::Outcome;
use std::cmp::Ordering;

/// A record as an act about it finds it.
#[derive(Debug, Clone, Copy)]
pub struct Content<'r> {
    /// As it stands.
    pub now: &'r Record,
    /// The heads of that content, sorted.
    pub heads: &'r [ChangeHash],
    /// As the author saw it, if that is another one.
    pub seen: Option<&'r Record>,
}

/// The ruling on an act about this content.
pub fn rule_on(
    catalogue: &Catalogue,
    content: Content<'_>,
    act: &Act,
    who: &Person<'_>,
    world: &dyn World,
    zone: Tz,
) -> Result<Ruling, WorldError> {
    let on = |record: &Record| rule(catalogue, record, act, who, world, zone);
    let Content { now, heads, seen } = content;
    let mut ruling = on(seen.unwrap_or(now))?;
    if seen.is_some() && ruling.outcome == Outcome::Accepted {
        let on_now = on(now)?;
        match on_now.severity().cmp(&ruling.severity()) {
            Ordering::Greater => ruling = on_now,
            // Of two versions of a kind, the stage is one of the version that stands.
            Ordering::Equal => (ruling.stage, ruling.turned) = (on_now.stage, on_now.turned),
            Ordering::Less => {}
        }
    }
    if ruling.outcome == Outcome::Accepted
        && let Some(kind) = catalogue.kind_at(&now.kind, now.pack)
        && let Err(unseen) = saw_all(kind, act, ruling.taken_as(act), heads)
    {
        ruling = Ruling::blocked(unseen, &now.stage);
    }
    Ok(ruling)
}
