//! The end of a device: its access was withdrawn, and it has handed over everything that it had.
//!
//! Then the phone forgets every record, procedure, colleague and photo, and its identity with them.
//! What stays is what to tell its user: since when, and how much of their work was handed over. A
//! new invitation makes it another device, in the same store.

use super::blobs::hopeless;
use super::{leaving, notes};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::recording::apart;
use crate::store::{blobs, gone, handed, meta, notices, outbox, typed, uploads};
use rounds_model::people::Person;
use rounds_protocol::exchange::Ended;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a phone that was signed out knows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedOut {
    /// By which team.
    pub team: String,
    /// Its time zone.
    pub zone: String,
    /// Whose phone it was.
    pub person: Person,
    /// When access was withdrawn, the server's clock, Unix milliseconds.
    pub at_ms: i64,
    /// How many items were handed over.
    pub taken: u64,
    /// How many photos and files could never be, and were given up.
    #[serde(default)]
    pub given_up: u64,
}

/// Since when the phone is signed out, if it is.
pub fn signed_out(db: &Connection) -> Result<Option<SignedOut>, Fail> {
    meta::get(db, "signed_out")
}

impl Rounds {
    /// True if the phone's team withdrew its access and it has handed over everything.
    pub fn is_signed_out(&self) -> Result<bool, RoundsError> {
        Ok(self.store.read(signed_out)?.is_some())
    }
}

/// Notes that the server said so. Everything else follows once nothing is left.
pub(super) fn note(tx: &Transaction<'_>, ended: &Ended) -> Result<(), Fail> {
    meta::set(tx, "ended", ended)
}

/// The last of what a phone has to hand over: what is being recorded, and what was held back before. Returns
/// how much.
pub(super) fn offer(rounds: &Rounds) -> Result<u64, Fail> {
    let recorded = break_off(rounds)?;
    let held = rounds.store.write(|tx| match meta::get::<Ended>(tx, "ended")? {
        Some(_) => leaving::offer_all_held(tx),
        None => leaving::offer_held(tx),
    })?;
    Ok(recorded + held)
}

/// Nobody will be asked to finish a recording of a record that leaves.
fn break_off(rounds: &Rounds) -> Result<u64, Fail> {
    if !rounds.store.read(apart::is_any)? {
        return Ok(0);
    }
    let (ended, not_held) = rounds.store.read(|db| {
        let ended = meta::get::<Ended>(db, "ended")?.is_some();
        let mut not_held = leaving::not_held(db)?;
        not_held.extend(apart::orphans(db)?);
        Ok((ended, not_held))
    })?;
    rounds.break_off(|doc| ended || not_held.contains(&doc))
}

/// Deletes the files of photos that are not wanted any more; and if the device has ended and has
/// handed over everything, all that it holds. True if that was so.
pub(super) fn finish(rounds: &Rounds) -> Result<bool, Fail> {
    sweep(rounds)?;
    let ended: Option<Ended> = rounds.store.read(|db| meta::get(db, "ended"))?;
    let Some(ended) = ended else { return Ok(false) };
    let identity = rounds.identity()?;
    let mut signed_out = SignedOut {
        team: identity.team.name.clone(),
        zone: identity.team.zone.clone(),
        person: identity.person.clone(),
        at_ms: ended.at_ms,
        taken: ended.taken,
        given_up: 0,
    };
    let catalogue = rounds.catalogue();
    let done = rounds.store.write(|tx| {
        if apart::is_any(tx)? || outbox::count(tx)?.0 > 0 || outbox::held_total(tx)? > 0 {
            return Ok(false);
        }
        // Kept where this is not the end yet: then they are counted by the next time.
        let before: u64 = meta::get(tx, "given_up")?.unwrap_or_default();
        signed_out.given_up = before + hopeless::at_the_end(tx)?;
        meta::set(tx, "given_up", &signed_out.given_up)?;
        if uploads::count_waiting(tx)? > 0 {
            return Ok(false);
        }
        let mut typed = vec![];
        for doc in typed::all(tx)?.into_iter().map(|(doc, ..)| doc).collect::<BTreeSet<_>>() {
            typed.extend(notes::typed(tx, &catalogue, doc)?);
        }
        gone::forget_all(tx)?;
        // Nobody else has it, and only who typed it can tell it to anybody.
        typed.iter().try_for_each(|notice| notices::tell(tx, notice, ended.at_ms))?;
        for key in [
            "identity",
            "actor",
            "own_pens",
            "act_number",
            "epoch",
            "witness",
            "synced",
            "ended",
            "given_up",
            "blob_key",
        ] {
            meta::remove(tx, key)?;
        }
        meta::set(tx, "signed_out", &signed_out)?;
        Ok(true)
    })?;
    if done {
        rounds.set_catalogue(Arc::default());
        // The key of the first is gone already: what a failure here leaves behind is noise. What was recorded is
        // put away by now; of a segment in plain nothing stays either.
        for folder in [rounds.segment_folder(), rounds.memo_folder(), rounds.blobs.clone()] {
            match std::fs::remove_dir_all(folder) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            }
        }
    }
    Ok(done)
}

/// A phone that becomes a device again keeps no words of another person's work.
pub(super) fn begin_again(tx: &Transaction<'_>, person: &Person) -> Result<(), Fail> {
    if signed_out(tx)?.is_some_and(|before| before.person.id != person.id) {
        handed::forget_taken(tx)?;
        notices::forget(tx)?;
    }
    for key in ["signed_out", "ended", "no_access"] {
        meta::remove(tx, key)?;
    }
    Ok(())
}

pub(crate) fn sweep(rounds: &Rounds) -> Result<(), Fail> {
    // A photo that is just attached again has its file before it is noted whose it is.
    let _alone = rounds.photos();
    let unwanted = rounds.store.read(gone::unwanted)?;
    if unwanted.is_empty() {
        return Ok(());
    }
    let key = rounds.store.write(|tx| blobs::key(tx, &*rounds.platform))?;
    for hash in unwanted {
        blobs::delete(&rounds.blobs, &key, &hash)?;
        rounds.store.write(|tx| gone::swept(tx, &hash))?;
    }
    Ok(())
}
