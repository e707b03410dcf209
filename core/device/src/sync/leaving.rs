//! Records that leave: because their scope was withdrawn, or because they went to one that this
//! phone does not hold.
//!
//! Nothing leaves while there is more to come, because it may come back under another scope; and
//! nothing of which something is unsent. What the server had held back of such a record is offered
//! once more, so that it is handed over instead of being lost with the record.

use super::notes::{self, Notes};
use super::{again, packs};
use crate::error::Fail;
use crate::identity::Identity;
use crate::store::records::Record;
use crate::store::{acts, documents, doubtful, gone, handed, notices, outbox, records, roster};
use rounds_model::ids::{ActId, DocId};
use rounds_model::scope::Scope;
use rusqlite::{Connection, Transaction};
use std::collections::BTreeSet;

/// Forgets the records that this phone holds no more. To be called with all news in and every row
/// made: then, with nothing unsent, rows say in which scope a record is on the server too.
///
/// Nothing is forgotten while a version of a pack is missing that a record here is of: read by another
/// one, it may seem to be in a scope that it is not in.
///
/// Nothing is forgotten either of a record with an act whose ruling has not been asked for: its author
/// is told first. `asked` are the acts that this answer was asked about. What this phone itself said
/// about a record is kept beside ([`crate::store::parted`]); what was typed in one and is no answer yet
/// becomes a notice.
///
/// Returns the records that were this phone's person's and are gone to somebody else, as lists showed them.
pub(super) fn tidy(
    Notes { tx, catalogue, me, at_ms }: &Notes<'_>,
    asked: &[ActId],
) -> Result<Vec<Record>, Fail> {
    let at_ms = *at_ms;
    let mut gone_to_others = vec![];
    if !packs::wanted(tx)?.is_empty() {
        return Ok(gone_to_others);
    }
    let unasked = acts::unruled_at_rest(tx)?.into_iter().filter(|(act, _)| !asked.contains(act));
    let unasked: BTreeSet<DocId> = unasked.map(|(_, doc)| doc).collect();
    let left: BTreeSet<DocId> = gone::leaving(tx)?.into_iter().collect();
    let mut pens = None;
    for doc in departed(tx)? {
        if unasked.contains(&doc) {
            // Once its ruling is here, nothing else may tell that the record is out of sight.
            gone::mark_leaving(tx, doc)?;
        } else if gone::is_idle(tx, doc)? {
            if let Some(row) = records::get(tx, doc)?
                && row.projection.owner == me.person.id
                && left.contains(&doc)
                && !is_own_doing(tx, me, doc)?
            {
                gone_to_others.push(row);
            }
            let pens = match &mut pens {
                Some(pens) => pens,
                none => none.insert(again::own_pens(tx, me)?),
            };
            again::keep_own(tx, doc, pens)?;
            for typed in notes::typed(tx, catalogue, doc)? {
                notices::tell(tx, &typed, at_ms)?;
            }
            gone::forget(tx, doc)?;
        }
    }
    for doc in acts::without_record(tx)?.into_iter().filter(|doc| !unasked.contains(doc)) {
        if gone::is_idle(tx, doc)? {
            gone::forget(tx, doc)?;
        }
    }
    tidy_handed(tx)?;
    Ok(gone_to_others)
}

/// Whether the last word on a record is this phone's: its user knows where it went.
fn is_own_doing(db: &Connection, me: &Identity, doc: DocId) -> Result<bool, Fail> {
    Ok(acts::of(db, doc)?.last().is_some_and(|known| known.act.device == me.device))
}

/// Forgets the news of work about records that are not here, by people whose scope this phone holds
/// no more: nobody will tell it what was decided.
fn tidy_handed(tx: &Transaction<'_>) -> Result<(), Fail> {
    let held = roster::cursors(tx)?;
    for work in handed::all(tx)? {
        if !held.contains_key(&Scope::Person(work.person)) && !documents::exists(tx, work.doc)? {
            handed::remove(tx, &work)?;
        }
    }
    Ok(())
}

/// A restored server does not send again what this phone holds no more: that is no loss.
pub(super) fn is_not_lost(tx: &Transaction<'_>) -> Result<(), Fail> {
    let doubted = doubtful::docs(tx)?;
    if doubted.is_empty() {
        return Ok(());
    }
    let departed = departed(tx)?;
    departed.iter().filter(|doc| doubted.contains(doc)).try_for_each(|doc| doubtful::trust(tx, *doc))
}

/// The records that this phone will not hold on to: those that leave, and those that were removed. None as long
/// as it cannot tell.
pub(super) fn not_held(db: &Connection) -> Result<BTreeSet<DocId>, Fail> {
    if roster::cursors(db)?.is_empty() || !packs::wanted(db)?.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(departed(db)?.into_iter().chain(gone::tombstones(db)?).collect())
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
        outbox::push_as(tx, held.doc, &held.item, held.at_ms, true, &held.before)?;
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
    // The server has the act, and its ruling would be here if its record were still to be seen. Of a
    // removed record only the ruling comes that removed it.
    for doc in acts::unruled(db)? {
        if !out.contains(&doc) && gone::tombstone(db, doc)?.is_none() && gone::is_idle(db, doc)? {
            out.push(doc);
        }
    }
    Ok(out)
}
