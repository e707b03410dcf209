//! What the rules may ask of other records, while a batch is judged: what the batch has made of
//! them, else what is stored.

use super::open::{Open, judged};
use crate::error::Error;
use crate::storage::Read;
use crate::storage::records::ActRow;
use rounds_model::canonical;
use rounds_model::ids::{DocId, PersonId};
use rounds_workflow::{Claim, Judged, Known, Projection, World, WorldError};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// What the acts that are kept may come to, bytes.
const KEPT: u64 = 16 << 20;

/// The acts of records, as they are for the whole of a transaction; as many as there is room for.
#[derive(Default)]
pub struct Histories {
    known: HashMap<DocId, Arc<Vec<Judged>>>,
    bytes: u64,
}

impl Histories {
    fn keep(&mut self, id: DocId, history: &Arc<Vec<Judged>>, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > KEPT {
            (self.known, self.bytes) = (HashMap::new(), bytes);
        }
        self.known.insert(id, Arc::clone(history));
    }
}

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
    /// What was asked about cannot be read.
    pub damaged: Cell<bool>,
    /// The acts of records that are not open, each read once: many acts may rest on those of one record.
    pub histories: &'a RefCell<Histories>,
}

impl TeamWorld<'_> {
    fn unreadable(&self, e: &Error) -> WorldError {
        self.damaged.set(self.damaged.get() || e.is_damage());
        unreadable(e)
    }
}

impl World for TeamWorld<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        if let Some(open) = self.open.get(&id) {
            return Ok(Some(open.projection.known()));
        }
        let rows = self.view.records(&[id]).map_err(|e| self.unreadable(&e))?;
        let Some(row) = rows.first() else { return Ok(None) };
        let projection: Projection =
            canonical::decode(&row.projection).map_err(|e| self.unreadable(&e.into()))?;
        Ok(Some(projection.known()))
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        self.view.claims(rule, key).map_err(|e| self.unreadable(&e))
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        if let Some(open) = self.open.get(&id) {
            return Ok(Arc::clone(&open.history));
        }
        if let Some(known) = self.histories.borrow().known.get(&id) {
            return Ok(Arc::clone(known));
        }
        let acts = self.view.acts_of(&[id]).map_err(|e| self.unreadable(&e))?;
        let history = acts.iter().map(judged).collect::<Result<_, _>>().map_err(|e| self.unreadable(&e))?;
        let history = Arc::new(history);
        let bytes = acts.iter().map(ActRow::weight).sum();
        self.histories.borrow_mut().keep(id, &history, bytes);
        Ok(history)
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        let person = self.view.person(person).map_err(|e| self.unreadable(&e))?;
        Ok(person.map(|person| person.name))
    }

    fn issued(&self, counter: &str) -> Result<Option<u64>, WorldError> {
        self.view.counter(counter).map(Some).map_err(|e| self.unreadable(&e))
    }

    fn received_ms(&self) -> Option<i64> {
        self.now_ms
    }
}

fn unreadable(e: impl std::fmt::Display) -> WorldError {
    WorldError(e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;
    use crate::testing::{Office, act, doc, edit};

    /// Found by a critic: five thousand acts that rest on those of one record read and decoded them five
    /// thousand times, under the team's lock.
    #[test]
    fn the_acts_that_others_rest_on_are_read_once_for_a_batch() {
        let office = Office::new();
        let mut li = office.phone("李娜");
        let items = vec![edit(&li.ticket(1, "a")), act(&li.act(doc(1), "send", "open"))];
        li.push(&office, items);
        let view = office.db.read(office.team).unwrap();
        let (open, histories) = (HashMap::new(), RefCell::default());
        let world = || TeamWorld {
            view: &*view,
            open: &open,
            now_ms: None,
            damaged: Cell::default(),
            histories: &histories,
        };
        let first = world().history(doc(1)).unwrap();
        let again = world().history(doc(1)).unwrap();
        assert_eq!(first.len(), 1);
        assert!(Arc::ptr_eq(&first, &again));
    }
}
