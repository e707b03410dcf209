//! What the rules may ask of other records, while a batch is judged: what the batch has made of
//! them, else what is stored.

use super::open::Open;
use crate::storage::Read;
use rounds_model::canonical;
use rounds_model::ids::DocId;
use rounds_workflow::{Known, Projection, World, WorldError};
use std::collections::HashMap;

/// The records of a team inside a transaction. The batch must have projected its records and
/// stored their claims.
pub struct TeamWorld<'a> {
    /// The transaction.
    pub view: &'a dyn Read,
    /// The records that the batch has opened.
    pub open: &'a HashMap<DocId, Open>,
}

impl World for TeamWorld<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        if let Some(open) = self.open.get(&id) {
            return Ok(Some(open.projection.known()));
        }
        let rows = self.view.records(&[id]).map_err(unreadable)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let projection: Projection = canonical::decode(&row.projection).map_err(unreadable)?;
        Ok(Some(projection.known()))
    }

    fn holders(&self, rule: &str, key: &str) -> Result<Vec<DocId>, WorldError> {
        self.view.holders(rule, key).map_err(unreadable)
    }
}

fn unreadable(e: impl std::fmt::Display) -> WorldError {
    WorldError(e.to_string())
}
