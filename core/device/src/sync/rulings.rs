//! Rulings that do not come as news: those on acts whose records went out of this phone's sight.
//!
//! With all news in, an act that the server has and whose ruling is not here is about a record that is
//! not for this phone to see any more. Its author is told all the same how it was ruled, so the phone
//! asks for the ruling, once in a sync, and lets go of the record only then.

use crate::error::Fail;
use crate::store::acts;
use rounds_model::ids::ActId;
use rounds_protocol::exchange::limits;
use rusqlite::Connection;
use std::collections::HashSet;

/// What one sync has asked.
#[derive(Debug, Default)]
pub(super) struct Rulings {
    /// All news was in when the last answer came.
    level: bool,
    asked: HashSet<ActId>,
}

impl Rulings {
    /// The acts to ask about now.
    pub fn to_ask(&self, db: &Connection) -> Result<Vec<ActId>, Fail> {
        if !self.level {
            return Ok(vec![]);
        }
        let missing = acts::unruled_at_rest(db)?.into_iter().map(|(act, _)| act);
        Ok(missing.filter(|act| !self.asked.contains(act)).take(limits::ASKED).collect())
    }

    /// Notes what a request asked, and whether its answer left more to come.
    pub fn asked(&mut self, acts: &[ActId], more: bool) {
        self.asked.extend(acts);
        self.level = !more;
    }
}
