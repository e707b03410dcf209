//! What the rules may ask of other records, while a batch is judged: what the batch has made of
//! them, else what is stored.

use super::open::{Open, judged};
use crate::storage::Read;
use rounds_model::canonical;
use rounds_model::ids::DocId;
use rounds_workflow::{Claim, Judged, Known, Projection, World, WorldError};
use std::collections::HashMap;

/// The records of a team inside a transaction. The batch must have projected its records and
/// stored their claims.
pub struct TeamWorld<'a> {
    /// The transaction.
    pub view: &'a dyn Read,
    /// The records that the batch has opened.
    pub open: &'a HashMap<DocId, Open>,
    /// When the batch was received: what ends by itself has ended by this clock. None where nothing
    /// is ruled.
    pub now_ms: Option<i64>,
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

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        self.view.claims(rule, key).map_err(unreadable)
    }

    fn history(&self, id: DocId) -> Result<Vec<Judged>, WorldError> {
        if let Some(open) = self.open.get(&id) {
            return Ok(open.history.clone());
        }
        let acts = self.view.acts_of(&[id]).map_err(unreadable)?;
        acts.iter().map(judged).collect::<Result<_, _>>().map_err(unreadable)
    }

    fn issued(&self, counter: &str) -> Result<Option<u64>, WorldError> {
        self.view.counter(counter).map(Some).map_err(unreadable)
    }

    fn received_ms(&self) -> Option<i64> {
        self.now_ms
    }
}

fn unreadable(e: impl std::fmt::Display) -> WorldError {
    WorldError(e.to_string())
}
