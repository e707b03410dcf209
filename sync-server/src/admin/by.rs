//! Who has a command carried out, and whether they may.
//!
//! A page asks before it offers something, and again before it does it; what counts is asked a third time,
//! in the transaction that does it: in between a role, a lead or a session may have been taken away.

use super::{Done, Refused};
use crate::storage::Read;
use rounds_model::ids::PersonId;

/// Somebody, with the question whether they may.
#[derive(Clone, Copy)]
pub struct By<'a> {
    /// Who, for what is noted; none for whoever runs the server.
    pub person: Option<PersonId>,
    may: &'a dyn Fn(&dyn Read) -> Done<()>,
}

impl<'a> By<'a> {
    /// Whoever runs the server: they hold the database itself.
    pub fn server() -> By<'static> {
        By { person: None, may: &anything }
    }

    /// A person, if they may.
    pub fn person(person: PersonId, may: &'a dyn Fn(&dyn Read) -> Done<()>) -> By<'a> {
        By { person: Some(person), may }
    }

    /// Asks, as things stand in this transaction.
    pub(super) fn check(&self, tx: &dyn Read) -> Done<()> {
        (self.may)(tx)
    }
}

fn anything(_: &dyn Read) -> Done<()> {
    Ok(())
}

const NOT_YOURS: &str = "not-yours";

impl Refused {
    /// What was asked for is not theirs to do, or is not there: nobody learns which.
    pub fn not_yours() -> Refused {
        Refused::new(NOT_YOURS, &[])
    }

    /// Whether it is that.
    pub fn is_not_yours(&self) -> bool {
        self.code == NOT_YOURS
    }
}
