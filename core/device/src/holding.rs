//! Deciding about what the server holds back: try it again, ask for it, or discard it.
//!
//! Tried again, a held edit is written on the content that its author saw, with a new pen, and
//! merged: what others wrote to the same answer meanwhile stays as a second version instead of being
//! overwritten without a word.

use crate::Rounds;
use crate::acting::Made;
use crate::answers::{self, Fields};
use crate::authoring::{Typed, who};
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::offering;
use crate::projecting;
use crate::store::{documents, handed, outbox, records};
use crate::sync::passed;
use rounds_model::document::Document;
use rounds_model::scalar::Scalar;
use rounds_protocol::exchange::PushItem;
use rounds_workflow::Kind;
use rusqlite::Transaction;

impl Rounds {
    /// Writes a held edit again, by its number in the outbox. Refused if the rules, as far as this
    /// phone knows, still do not allow it. A held act cannot be tried again: state it anew.
    pub fn retry(&self, number: i64) -> Result<(), RoundsError> {
        Ok(self.write_again(number)?)
    }

    /// Asks for what a held edit would have changed, by its number in the outbox: the act that the
    /// pack names for it carries the edit's values where it asks for them, and what was typed. An edit
    /// of which it carries everything is dealt with; another one stays, to be tried again.
    pub fn request(&self, number: i64, typed: &[Typed]) -> Result<Made, RoundsError> {
        let held = self.store.read(|db| outbox::held_one(db, number))?;
        let PushItem::Edit(edit) = held.item else { return Err(Fail::HeldAct.into()) };
        let row = self.store.read(|db| records::get(db, edit.doc))?.ok_or(Fail::UnknownRecord)?;
        let catalogue = self.catalogue();
        let kind = catalogue.kind_at(&row.projection.kind, row.projection.pack).ok_or(Fail::UnknownRecord)?;
        let act = kind.change_request.as_deref().ok_or(Fail::NoRequest)?;
        let asked = kind.act(act).map(|rule| rule.payload.as_slice()).unwrap_or_default();
        let carries = |key: &str| asked.iter().any(|field| field.name == key);
        let whole = edit.puts.iter().all(|put| carries(&put.key));
        let zone = self.identity()?.zone();
        let payload = |tx: &Transaction<'_>, kind: &Kind| {
            // Another tap, or a sync, may have dealt with it since it was looked at.
            outbox::held_one(tx, number)?;
            let values = edit.puts.iter().filter(|put| carries(&put.key) && !put.value.is_blank());
            let mut payload: Fields = values.map(|put| (put.key.clone(), put.value.clone())).collect();
            let typed = offering::named(tx, &catalogue, asked, typed)?;
            payload.extend(answers::payload(kind, act, &typed, zone)?);
            Ok(payload)
        };
        let dealt_with = |tx: &Transaction<'_>| {
            if whole { outbox::remove_held(tx, number) } else { Ok(()) }
        };
        Ok(self.act_with(edit.doc, act, payload, dealt_with)?)
    }

    /// Gives a held item up, by its number in the outbox. The shell asks before it calls this.
    pub fn discard(&self, number: i64) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| {
            let held = outbox::held_one(tx, number)?;
            // What was stated and written after an act that waited waits for nothing now.
            if passed::is_waiting(&held.refusal) {
                outbox::note_news(tx, held.doc)?;
            }
            outbox::remove_held(tx, number)
        })?)
    }

    /// Puts aside what the server took, by its number in the outbox: the rep has read it.
    pub fn put_aside(&self, number: i64) -> Result<(), RoundsError> {
        Ok(self.store.write(|tx| handed::put_aside(tx, number))?)
    }

    fn write_again(&self, number: i64) -> Result<(), Fail> {
        let me = self.identity()?;
        let catalogue = self.catalogue();
        self.store.write(|tx| {
            // Read where it is written: of two taps the second finds nothing left to do.
            let held = outbox::held_one(tx, number)?;
            let PushItem::Edit(edit) = held.item else { return Err(Fail::HeldAct) };
            let values: Vec<(String, Scalar)> =
                edit.puts.iter().map(|p| (p.key.clone(), p.value.clone())).collect();
            let mut document = documents::load(tx, edit.doc)?.unwrap_or_default();
            match records::get(tx, edit.doc)? {
                Some(row) => {
                    let row = row.projection;
                    let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
                    let puts = edit.puts.iter().map(|p| (p.key.as_str(), &p.value));
                    let who = who(&me);
                    rounds_workflow::may_change(&catalogue, kind, &row.stage, &who, row.owner, puts)?;
                }
                None => {
                    let fields = values.iter().cloned().collect();
                    let identity = rounds_workflow::identity(&fields)?;
                    let kind = catalogue.kind_at(&identity.kind, identity.pack);
                    let kind = kind.ok_or_else(|| Fail::UnknownKind(identity.kind, catalogue.names()))?;
                    rounds_workflow::may_create(kind, &who(&me), identity.owner, &fields)?;
                }
            }
            // What it was built on may have been held and tried again too: then on that, or else on
            // what is left.
            let mut seen = Vec::new();
            for dep in &edit.deps {
                let dep = outbox::retried(tx, dep)?.unwrap_or(*dep);
                if document.has_all(&[dep]) {
                    seen.push(dep);
                }
            }
            let mut fork = if held.refusal.code == passed::CROWDED {
                // Beside all others there is no room: whoever tries it again has them on the screen.
                document.clone()
            } else if seen.is_empty() {
                Document::new()
            } else {
                document.fork_at(&seen)?
            };
            let now = self.now(tx)?;
            let again =
                fork.write(edit.doc, identity::new_pen(tx, &*self.platform)?, now.seconds(), &values)?;
            outbox::remove_held(tx, number)?;
            let Some(again) = again else { return Ok(()) };
            if let (Some(old), Some(new)) = (edit.hash(), again.hash()) {
                outbox::note_retried(tx, &old, &new)?;
            }
            document.merge(&fork)?;
            documents::replace(tx, edit.doc, &document)?;
            outbox::push(tx, edit.doc, &PushItem::Edit(again), now.at_ms)?;
            projecting::project(tx, &catalogue, &me, edit.doc, &document)
        })
    }
}
