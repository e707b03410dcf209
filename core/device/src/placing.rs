//! Places that a workbook has the phone take by itself: `start-geopoint` when a record is begun, and
//! `background-geopoint` when its trigger is answered. Nobody is asked, and nobody waits: the answer is stored
//! first, and whoever shows the record has [`Rounds::take_places`] run beside it.

use crate::Rounds;
use crate::capture::{Fix, FixAsk};
use crate::error::{Fail, RoundsError};
use rounds_model::ids::DocId;
use std::sync::PoisonError;

/// Most places that wait: a phone that never takes one keeps no more.
const WAITING: usize = 1_000;

/// A place that was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Placed {
    /// The record.
    pub doc: DocId,
    /// The question that has it now.
    pub question: String,
}

/// Places that are due: records and questions.
#[derive(Debug, Default)]
pub struct Due(Vec<(DocId, String)>);

impl Due {
    /// Nothing asks for a place.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Rounds {
    /// The places that what was answered last asks for, for whoever has the platform's location at hand. They are
    /// told once: those that nobody takes now are not taken later, because it would be another place.
    pub fn due_places(&self) -> Due {
        Due(std::mem::take(&mut *self.places.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// No place is taken for a record that is not there any more.
    pub(crate) fn let_places_be(&self, doc: DocId) {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _)| *of != doc);
    }

    /// Takes the place and answers what is due with it; blocks as long as the platform takes.
    ///
    /// # Errors
    /// The phone has no location, or none within the time: then the questions stay without.
    pub fn take_places(&self) -> Result<Vec<Placed>, RoundsError> {
        let due = self.due_places();
        if due.is_empty() {
            return Ok(vec![]);
        }
        let fix = self.fix(FixAsk::default())?;
        self.put_places(due, fix)
    }

    /// Answers a question with a position that was taken while nothing was held.
    ///
    /// # Errors
    /// The position is none; those of answering.
    pub fn answer_place(&self, doc: DocId, key: &str, fix: Fix) -> Result<(), RoundsError> {
        let point = self.heard(fix)?.geopoint();
        self.answer(doc, &[(key.to_owned(), point)])
    }

    /// Answers what is due with a position. What cannot be written any more (the record was submitted meanwhile,
    /// its row removed) stays without.
    ///
    /// # Errors
    /// The position is none; trouble with the store.
    pub fn put_places(&self, due: Due, fix: Fix) -> Result<Vec<Placed>, RoundsError> {
        let point = self.heard(fix)?.geopoint();
        let mut placed = Vec::new();
        let mut due = due.0.into_iter().peekable();
        while let Some((doc, question)) = due.next() {
            let mut keys = vec![question];
            while let Some((_, question)) = due.next_if(|(next, _)| *next == doc) {
                keys.push(question);
            }
            match self.answer_places(doc, &keys, &point) {
                Ok(()) => placed.extend(keys.into_iter().map(|question| Placed { doc, question })),
                Err(Fail::Refused(_) | Fail::UnknownRecord) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(placed)
    }

    pub(crate) fn want_places(&self, doc: DocId, keys: Vec<String>) {
        let mut due = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let new = !due.iter().any(|(have, question)| *have == doc && *question == key);
            if new && due.len() < WAITING {
                due.push((doc, key));
            }
        }
    }
}
