//! Taking in an answer: receipts, news and cursors, all in one transaction, so that after any kill
//! the phone holds a state that the server once had.
//!
//! The parts of an answer are taken in by [`super::receipts`], [`super::packs`] and [`super::news`];
//! [`super::lost`] is about what a restored server does not send any more.

use super::compose::Composed;
use super::ending;
use super::leaving;
use super::mending;
use super::notes::Notes;
use super::packs;
use crate::error::Fail;
use crate::identity;
use crate::platform::Platform;
use crate::projecting;
use crate::store::{meta, records, roster};
use rounds_model::ids::{DeviceId, DocId};
use rounds_model::time::{Anchor, Reading};
use rounds_protocol::exchange::Answer;
use rounds_protocol::fault::Fault;
use rounds_workflow::Catalogue;
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an answer changed, for a progress line.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Absorbed {
    /// Items that the server now has.
    pub sent: u64,
    /// Of these, the ones that it already had: an answer had been lost.
    pub duplicates: u64,
    /// Items that the server holds back.
    pub held: u64,
    /// Items that the server took, for somebody to decide about.
    pub taken: u64,
    /// New things taken in.
    pub received: u64,
    /// Own acts that were accepted.
    pub accepted: u64,
    /// Own acts that were blocked.
    pub blocked: u64,
}

/// An answer that is being taken in.
pub(super) struct Absorbing<'a> {
    pub tx: &'a Transaction<'a>,
    pub catalogue: &'a Catalogue,
    pub platform: &'a dyn Platform,
    /// This device.
    pub device: DeviceId,
    /// The server's time, for what is held now.
    pub at_ms: i64,
    pub out: Absorbed,
    /// Records whose row does not follow from their content and acts any more.
    pub dirty: BTreeSet<DocId>,
    /// What the records that came are pinned to, each with one of them.
    pub pinned: BTreeMap<(String, u32), Vec<DocId>>,
}

/// Takes in an answer to what was asked at one reading of the clocks and came at another. Returns what changed and, if packs came, the new catalogue.
pub fn absorb(
    tx: &Transaction<'_>,
    catalogue: &Arc<Catalogue>,
    platform: &dyn Platform,
    composed: &Composed,
    answer: &Answer,
    (asked, at): (Reading, Reading),
) -> Result<(Absorbed, Option<Arc<Catalogue>>), Fail> {
    let me = &identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
    let (out, dirty) = (Absorbed::default(), BTreeSet::new());
    let pinned = BTreeMap::new();
    let (device, at_ms) = (me.device, answer.server_ms);
    let mut absorbing = Absorbing { tx, catalogue, platform, device, at_ms, out, dirty, pinned };
    let before = roster::cursors(tx)?;
    absorbing.receipts(composed, answer)?;
    let new = packs::absorb(tx, &answer.pull)?;
    if let Some((_, kinds)) = &new {
        // Before the news: what the server sends with its packs follows from them already.
        absorbing.dirty.extend(records::to_project(tx, kinds)?);
    }
    absorbing.news(&answer.pull)?;
    roster::put_cursors(tx, &answer.cursors)?;
    if !answer.more {
        leaving::is_not_lost(tx)?;
        absorbing.set_aside_lost()?;
    }
    if meta::get(tx, "epoch")? != Some(Some(answer.epoch)) {
        meta::set(tx, "epoch", &Some(answer.epoch))?;
    }
    if answer.witness.is_some() {
        meta::set(tx, "witness", &answer.witness)?;
    }
    if answer.team_key.is_some() {
        meta::set(tx, "team_key", &answer.team_key)?;
    }
    let anchor = Anchor::learnt(asked, at, answer.server_ms);
    meta::set(tx, "anchor", &anchor)?;
    meta::set(tx, "synced", &anchor)?;
    // What was written down by a clock that nobody had checked is of no use any more.
    meta::remove(tx, "seen")?;
    let no_access = answer.ended.as_ref().map_or("", |_| Fault::DeviceRevoked.code());
    meta::set(tx, "no_access", &no_access)?;

    let Absorbing { mut out, mut dirty, pinned, .. } = absorbing;
    out.received = answer.pull.len() as u64;
    let before_packs = catalogue;
    let catalogue = new.as_ref().map_or(catalogue, |(catalogue, _)| catalogue);
    let mut pins = packs::Pins::new();
    for ((kind, version), docs) in pinned {
        // Such a row came with a form that is not here: until it is, the row is what this phone can
        // make of the record, so that every row follows from what is here.
        if catalogue.lacks(&kind, version).is_some() {
            dirty.extend(docs);
        }
        pins.insert((kind, version));
    }
    for doc in dirty {
        if let Some(document) = mending::load(tx, catalogue, doc, at_ms)? {
            pins.extend(projecting::project_pinned(tx, catalogue, me, doc, &document)?);
        }
    }
    if let Some((catalogue, kinds)) = &new {
        packs::prune(tx, catalogue, kinds, &pins)?;
        projecting::follow(tx, before_packs, catalogue)?;
    }
    packs::want(tx, catalogue, &pins, &composed.request.packs)?;
    let notes = Notes { tx, catalogue, me, at_ms };
    notes.news(&composed.request.acts, answer, &before)?;
    match &answer.ended {
        // It holds nothing any more, and keeps all of it until everything is handed over.
        Some(ended) => ending::note(tx, ended)?,
        None if answer.more || answer.cursors.is_empty() => {}
        None => notes.gone(&leaving::tidy(&notes, &composed.request.acts)?)?,
    }
    Ok((out, new.map(|(catalogue, _)| catalogue)))
}
