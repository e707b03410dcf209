//! The workbook of the record that is being filled, kept between two answers. It is brought to what the document
//! says when it is looked at again, so nobody has to say that something was written, or taken back.

use rounds_forms::{Filling, Form, Session};
use rounds_model::ids::DocId;
use std::sync::{Arc, Mutex, PoisonError};

/// The place of one filling.
#[derive(Debug, Default)]
pub struct Slot(Mutex<Option<(DocId, Filling)>>);

impl Slot {
    /// What is kept of this record under this form, for this person. Whoever comes at the same time opens their
    /// own.
    pub(crate) fn take(&self, doc: DocId, form: &Arc<Form>, session: &Session) -> Option<Filling> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &(DocId, Filling)| {
            kept.0 == doc && Arc::ptr_eq(kept.1.form(), form) && kept.1.session() == session
        };
        slot.take_if(|kept| fits(kept)).map(|(_, filling)| filling)
    }

    /// Gives it back.
    pub(crate) fn put(&self, doc: DocId, filling: Filling) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((doc, filling));
    }
}
