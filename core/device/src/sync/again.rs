//! Beginning anew with a server that was restored from a backup.
//!
//! What the server lost, it lost without a word: receipts that this phone was given count no more.
//! So the phone offers again everything that its own person made on it, oldest first, record by
//! record, each act after the edits that it saw; the server answers "I have it" to what the backup
//! had. What others made comes from their phones, or from the server, with the cursors at nothing.

use crate::error::Fail;
use crate::identity;
use crate::store::{acts, documents, meta, outbox, roster};
use rounds_model::edit::Edit;
use rounds_model::ids::{ActorId, DocId, Epoch};
use rounds_protocol::exchange::{Cursors, PushItem};
use rusqlite::Transaction;
use std::collections::HashSet;

/// Empties the outbox and fills it with everything that this phone ever said.
pub(super) fn offer_again(tx: &Transaction<'_>, at_ms: i64) -> Result<(), Fail> {
    let pens = identity::own_pens(tx)?;
    outbox::clear(tx)?;
    acts::forget_rulings(tx)?;
    for doc in documents::all(tx)? {
        offer_record(tx, doc, &pens, at_ms)?;
    }
    roster::put_cursors(tx, &Cursors::new())?;
    meta::set(tx, "epoch", &None::<Epoch>)
}

fn offer_record(tx: &Transaction<'_>, doc: DocId, pens: &HashSet<ActorId>, at_ms: i64) -> Result<(), Fail> {
    let Some(document) = documents::load(tx, doc)? else { return Ok(()) };
    let mut edits = document.edits_by(doc, pens);
    for signed in acts::own(tx, doc)? {
        let act = signed.read().map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
        let seen = document.seen_at(&act.heads);
        let is_seen = |edit: &Edit| edit.hash().is_some_and(|h| seen.contains(&h));
        let (before, after) = edits.into_iter().partition(is_seen);
        edits = after;
        push_all(tx, doc, before, at_ms)?;
        outbox::push(tx, doc, &PushItem::Act(signed), at_ms)?;
    }
    push_all(tx, doc, edits, at_ms)
}

fn push_all(tx: &Transaction<'_>, doc: DocId, edits: Vec<Edit>, at_ms: i64) -> Result<(), Fail> {
    edits.into_iter().try_for_each(|edit| outbox::push(tx, doc, &PushItem::Edit(edit), at_ms))
}
