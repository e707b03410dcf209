//! The world as it was before a pending act, for ruling on it again.
//!
//! A phone keeps a record's row as it is expected to become, with the claims of the stage that its pending
//! acts lead to, and rules on those acts again whenever it makes the row anew. Among the claims that it then
//! finds are the record's own, from after the act: a day would be in the way of itself. The server ruled
//! before they were there. So of the record that is ruled on, what it claims as it stands before the act
//! counts, on both ends.

use crate::arbitration;
use crate::kind::Kind;
use crate::record::{Judged, Record};
use crate::world::{Known, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::claim::Claim;
use rounds_model::ids::{DocId, PersonId};
use std::sync::Arc;

/// A phone's world, but for what one record claims.
pub(crate) struct Before<'w> {
    world: &'w dyn World,
    id: DocId,
    own: Vec<Claim>,
}

impl<'w> Before<'w> {
    /// With the record as it stands before the act that is ruled on.
    pub(crate) fn new(world: &'w dyn World, kind: &Kind, record: &Record, moment: Moment) -> Before<'w> {
        let removed = kind.is_removed(&record.stage);
        let own = if removed { Vec::new() } else { arbitration::claims(kind, record, moment) };
        Before { world, id: record.id, own }
    }
}

impl World for Before<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        self.world.record(id)
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        let mut claims = self.world.claims(rule, key)?;
        claims.retain(|(doc, _)| *doc != self.id);
        let own = self.own.iter().filter(|claim| claim.rule == rule && claim.key == key);
        claims.extend(own.map(|claim| (self.id, claim.clone())));
        // As every world has them, by the record.
        claims.sort_by_key(|(doc, _)| *doc);
        Ok(claims)
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        self.world.history(id)
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        self.world.name(person)
    }

    fn issued(&self, counter: &str) -> Result<Option<u64>, WorldError> {
        self.world.issued(counter)
    }

    fn is_whole(&self) -> bool {
        self.world.is_whole()
    }

    fn received_ms(&self) -> Option<i64> {
        self.world.received_ms()
    }
}
