//! Whether a file of a record is to be had from a device: asked before its upload begins.

use super::Asker;
use crate::error::{Error, Result};
use crate::storage::Read;
use rounds_evidence::beside::names;
use rounds_model::act::SignedAct;
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::ids::{BlobHash, DocId};
use rounds_protocol::exchange::{Packed, PushItem};
use rounds_workflow::Projection;

/// Whether a blob of a record is to be had from this device: the record is shared with it, or anything
/// that was ever said about the record names this blob, or work that the device has handed over does.
///
/// What was answered over counts, and the losing side of a conflict, and what a blocked act carried: a
/// phone keeps a photo as long as anything of its record's history names it, and a record that left it
/// while the photo was on its way would otherwise never leave, and a revoked phone never end.
pub(super) fn awaits(view: &dyn Read, asker: &Asker, doc: DocId, hash: &BlobHash) -> Result<bool> {
    let text = hash.to_string();
    if let Some(record) = view.records(&[doc])?.first() {
        if asker.scopes.contains(&record.scope) {
            return Ok(true);
        }
        let projection: Projection = canonical::decode(&record.projection)?;
        if projection.data.iter().any(|(key, value)| names(key, value, &text)) {
            return Ok(true);
        }
    }
    let by_act = |body: Vec<u8>, signature| {
        let act = SignedAct { body, signature }.read();
        act.is_ok_and(|act| act.payload.values().any(|value| value.as_text() == Some(text.as_str())))
    };
    if view.acts_of(&[doc])?.into_iter().any(|row| by_act(row.body, row.signature)) {
        return Ok(true);
    }
    // What was accepted of it is in the record's history; what was dropped nobody waits for.
    let handed = view.holding_about(doc)?.into_iter();
    let mut own = handed.filter(|row| row.device == asker.device && row.decision.is_none());
    let by_work = own.any(|row| match Packed(row.item).unpack() {
        Ok(PushItem::Edit(edit)) => edit.puts.iter().any(|put| names(&put.key, &put.value, &text)),
        Ok(PushItem::Act(signed)) => by_act(signed.body, signed.signature),
        Err(_) => false,
    });
    if by_work {
        return Ok(true);
    }
    // Last: it has to be opened for it.
    let Some(row) = view.documents(&[doc])?.pop() else { return Ok(false) };
    let document = Document::load(&row.snapshot)?;
    if document.heads() != row.heads {
        return Err(Error::StorageDamaged(format!("{doc} is not what was stored")));
    }
    let history = document.history();
    Ok(history.iter().flat_map(|step| &step.puts).any(|put| names(&put.key, &put.value, &text)))
}
