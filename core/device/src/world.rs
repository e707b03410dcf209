//! The other records, as rules on this phone see them: what the store holds, which may be less than
//! the server knows. That is why a ruling made here is provisional.

use crate::error::Fail;
use crate::projecting;
use crate::store::{records, roster};
use rounds_model::ids::{DocId, PersonId};
use rounds_workflow::{Claim, Judged, Known, World, WorldError};
use rusqlite::Connection;
use std::sync::Arc;

/// What this phone holds.
pub(crate) struct Here<'a>(pub &'a Connection);

impl World for Here<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        let record = records::get(self.0, id).map_err(unreadable)?;
        Ok(record.map(|r| Known {
            kind: r.projection.kind,
            stage: r.projection.stage,
            owner: r.projection.owner,
            data: r.projection.data,
        }))
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        records::claims(self.0, rule, key).map_err(unreadable)
    }

    fn is_whole(&self) -> bool {
        false
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        let person = roster::person(self.0, person).map_err(unreadable)?;
        Ok(person.map(|person| person.name))
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        projecting::history(self.0, id).map(Arc::new).map_err(unreadable)
    }
}

pub(crate) fn unreadable(fail: Fail) -> WorldError {
    WorldError(fail.to_string())
}

impl From<WorldError> for Fail {
    fn from(_: WorldError) -> Self {
        Fail::Damaged("what the rules need could not be read")
    }
}
