//! The holding queue's front: work whose author does not hold the record (any more), or whose device
//! was revoked, is taken and not applied, so that the phone may let go of it and nothing is lost.
//!
//! It is bounded for each device. A device that was revoked can do nothing but hand over: what it
//! pushes is kept as bytes until a person decides, and it pulls nothing.

use super::batch::{Batch, Stop};
use super::moving;
use crate::error::Result;
use crate::storage::holding::{HoldingRow, Load};
use crate::storage::log::LogRow;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{ItemHash, Packed, PushItem, Receipt, RuledBefore};
use std::collections::HashMap;

/// Items of one device that may wait for a decision.
pub const WAITING: u64 = 2_000;
/// Items of one device that are kept, decided or not.
pub const ITEMS: u64 = 20_000;
/// Bytes of one device that are kept.
pub const BYTES: u64 = 16 << 20;

/// The record of what nobody can read: it waits under this one, so that people see that it is there.
const UNREADABLE: DocId = DocId([0; 16]);

/// What the author's device has handed over before.
#[derive(Debug, Default)]
pub(super) struct Handed {
    pub load: Load,
    refusals: HashMap<ItemHash, Refusal>,
}

impl Handed {
    /// The receipt that an item got when it was taken.
    pub fn receipt(&self, item: &Packed) -> Option<Receipt> {
        if self.refusals.is_empty() {
            return None;
        }
        self.refusals.get(&item.hash()).map(|refusal| Receipt::Taken(refusal.clone()))
    }
}

impl Batch<'_> {
    /// What of these items was taken before. Nothing is looked up for a device that never handed
    /// anything over, which is nearly every one.
    pub(super) fn fetch_handed(&mut self, items: &[Packed]) -> Result<()> {
        let device = self.author.device;
        self.handed.load = self.tx.holding_load(device)?;
        if self.handed.load.items > 0 && !self.author.decided {
            let hashes: Vec<_> = items.iter().map(Packed::hash).collect();
            // What was accepted is in the log, which answers for it.
            let open = |row: &HoldingRow| !row.decision.as_ref().is_some_and(|decision| decision.accepted);
            let rows = self.tx.holding_of(device, &hashes)?.into_iter().filter(open);
            self.handed.refusals = rows.map(|row| (row.hash, row.refusal)).collect();
        }
        Ok(())
    }

    /// Takes an item into the queue; beyond its bounds the item is held on the phone.
    pub(super) fn hand_over(&mut self, item: &Packed, refusal: Refusal) -> Result<Receipt> {
        let (load, bytes) = (self.handed.load, item.0.len() as u64);
        if !load.has_room(bytes) {
            return Ok(Receipt::Held(refusal));
        }
        let doc = about(item).unwrap_or(UNREADABLE);
        let own = Scope::Person(self.author.person.id);
        let first = moving::handed(self.tx, doc, own.clone(), rounds_model::ids::Seq(0));
        let number = first.seq;
        self.push_log(LogRow { reference: number.0.to_be_bytes().to_vec(), ..first });
        if let Some(scope) =
            self.open.get(&doc).map(|open| open.scope().clone()).filter(|scope| *scope != own)
        {
            let row = moving::handed(self.tx, doc, scope, number);
            self.push_log(row);
        }
        let row = HoldingRow {
            number,
            device: self.author.device,
            person: self.author.person.id,
            doc,
            hash: item.hash(),
            item: item.0.clone(),
            refusal: refusal.clone(),
            received: self.now_ms,
            decision: None,
            ruled: self.told_of(item),
        };
        self.tx.put_holding(&row)?;
        self.handed.refusals.insert(row.hash, refusal.clone());
        self.handed.load =
            Load { waiting: load.waiting + 1, items: load.items + 1, bytes: load.bytes + bytes };
        Ok(Receipt::Taken(refusal))
    }

    /// How an item was ruled before the server was put back, if it is an act of which its phone knows it.
    fn told_of(&self, item: &Packed) -> Option<RuledBefore> {
        if self.told.is_empty() {
            return None;
        }
        match item.unpack() {
            Ok(PushItem::Act(signed)) => self.told.get(&signed.read().ok()?.id).cloned(),
            Ok(PushItem::Edit(_)) | Err(_) => None,
        }
    }

    /// Stops what is about a record that the author does not hold.
    pub(super) fn check_held(&self, scope: Option<&Scope>) -> Result<(), Stop> {
        self.author.holds.check(scope).map_err(|refusal| Stop::Taken(Box::new(refusal)))
    }
}

/// The record that an item is about.
fn about(item: &Packed) -> Option<DocId> {
    match item.unpack().ok()? {
        PushItem::Edit(edit) => Some(edit.doc),
        PushItem::Act(signed) => Some(signed.read().ok()?.doc),
    }
}

impl Load {
    /// Room for another item of this size.
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        self.waiting < WAITING && self.items < ITEMS && self.bytes + bytes <= BYTES
    }
}
