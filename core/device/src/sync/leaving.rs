//! Records that leave: because their scope was withdrawn, or because they went to one that this
//! phone does not hold.
//!
//! Nothing leaves while there is more to come, because it may come back under another scope; and
//! nothing of which something is unsent. What the server had held back of such a record is offered
//! once more, so that it is handed over instead of being lost with the record.

use super::absorb::Absorbing;
use crate::error::Fail;
use crate::store::{documents, gone, handed, outbox, roster};
use rounds_model::ids::DocId;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::Answer;
use rusqlite::{Connection, Transaction};
use std::collections::BTreeSet;

impl Absorbing<'_> {
    /// Forgets the records that this phone holds no more. To be called when the rows are made: with
    /// all news in and nothing unsent, they say in which scope a record is on the server too.
    pub(super) fn tidy(&self, answer: &Answer) -> Result<(), Fail> {
        if answer.more {
            return Ok(());
        }
        for doc in departed(self.tx)? {
            if gone::is_idle(self.tx, doc)? {
                gone::forget(self.tx, doc)?;
            }
        }
        self.tidy_handed(answer)
    }

    /// Forgets the news of work about records that are not here, by people whose scope this phone
    /// holds no more: nobody will tell it what was decided.
    fn tidy_handed(&self, answer: &Answer) -> Result<(), Fail> {
        for work in handed::all(self.tx)? {
            let concerned = answer.cursors.contains_key(&Scope::Person(work.person));
            if !concerned && !documents::exists(self.tx, work.doc)? {
                handed::remove(self.tx, &work)?;
            }
        }
        Ok(())
    }
}

/// Puts what is held of departed records into the outbox again. Returns how much.
pub(super) fn offer_held(tx: &Transaction<'_>) -> Result<u64, Fail> {
    let departed: BTreeSet<DocId> = departed(tx)?.into_iter().collect();
    offer(tx, |doc| departed.contains(&doc))
}

/// Puts everything that is held into the outbox again. Returns how much.
pub(super) fn offer_all_held(tx: &Transaction<'_>) -> Result<u64, Fail> {
    offer(tx, |_| true)
}

fn offer(tx: &Transaction<'_>, which: impl Fn(DocId) -> bool) -> Result<u64, Fail> {
    let mut count = 0;
    for held in outbox::held(tx)?.into_iter().filter(|held| which(held.doc)) {
        outbox::push(tx, held.doc, &held.item, held.at_ms)?;
        outbox::remove_held(tx, held.n)?;
        count += 1;
    }
    Ok(count)
}

/// The records that left, and those of scopes that this phone does not hold.
fn departed(db: &Connection) -> Result<Vec<DocId>, Fail> {
    let mut out = gone::leaving(db)?;
    let held: BTreeSet<String> = roster::cursors(db)?.keys().map(ToString::to_string).collect();
    for scope in gone::scopes(db)?.iter().filter(|scope| !held.contains(*scope)) {
        out.extend(gone::of_scope(db, scope)?);
    }
    Ok(out)
}
