//! The exchange: take what a phone has to say, judge it, and give it what is new.
//!
//! - [`caller`]: who asks, and what they hold.
//! - [`batch`]: the pushed items, judged one after the other in one transaction; [`edit`] and
//!   [`act`] are the two sorts of item, [`open`] a record that is being judged, [`world`] what the
//!   rules may ask. None of them knows how the database stores what they hand over.
//! - [`moving`]: a record that goes from one scope to another, or is removed; [`handing`]: work
//!   whose author does not hold the record any more.
//! - [`pull`]: a page of the log as items; `plan`: what it costs, before anything is loaded.
//! - `damage`: reading around what cannot be read.
//! - [`witness`]: whether the log is the one that the phone knows.
//! - [`rules`]: the team's packs, loaded once and kept until there are newer ones.

mod act;
pub mod batch;
pub mod caller;
mod damage;
mod edit;
pub mod handing;
pub mod moving;
pub mod open;
mod plan;
pub mod pull;
pub mod rules;
pub mod witness;
pub mod world;

#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::handover;
use crate::storage::Storage;
use batch::Batch;
use caller::Caller;
use rounds_model::ids::TeamId;
use rounds_protocol::exchange::{Answer, Ended, Level, Lost, Receipt, Request, Status, limits};
use rounds_protocol::fault::Fault;
use rules::RulesCache;
use witness::Shown;

/// An unchanged phone is noted at most once in this time.
const TOUCH_MS: i64 = 60_000;

/// Whether a token is a device's that may exchange, and of which team: asked before its message is
/// read.
pub fn admit(storage: &dyn Storage, token: &str) -> Result<TeamId> {
    let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
    let team = storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
    Caller::authenticate(&*storage.read(team)?, device, &token_hash)?;
    Ok(team)
}

/// Whether a token is a device's, be it revoked: such a one may still hand over what it has.
pub fn recognise(storage: &dyn Storage, token: &str) -> Result<TeamId> {
    let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
    let team = storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
    Caller::recognise(&*storage.read(team)?, device, &token_hash).map(|_| team)
}

/// One exchange. Receipts are given only after the commit.
pub fn exchange(
    storage: &dyn Storage,
    rules: &RulesCache,
    token: &str,
    request: &Request,
    now_ms: i64,
) -> Result<Answer> {
    let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
    let team = storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
    if device != request.device {
        return Err(Fault::TokenUnknown.into());
    }
    let mut view = storage.read(team)?;
    let mut caller = Caller::recognise(&*view, device, &token_hash)?;
    // Before anything is judged: what the phone sends may build on what the backup did not have.
    let epoch = view.epoch()?;
    if request.epoch.is_some_and(|known| known != epoch) {
        return Err(Fault::ServerRestored.into());
    }
    let full;
    let request = match request.level {
        None => request,
        Some(level) => {
            let cursors = level.cursors(caller.scopes().iter()).ok_or(Fault::CursorsUnknown)?;
            full = Request { cursors, ..request.clone() };
            &full
        }
    };
    let shown = witness::look(&*view, request, epoch)?;
    if shown != Shown::Same {
        drop(view);
        return Err(witness::refuse(storage, team, shown, epoch));
    }
    let mut receipts = vec![];
    if !request.push.is_empty() {
        drop(view);
        let mut tx = storage.write(team)?;
        // Asked again under the lock: access may have been withdrawn meanwhile.
        caller = Caller::recognise(&*tx, device, &token_hash)?;
        let rules = rules.of(&*tx)?;
        let mut batch = Batch::new(&mut *tx, rules, caller.author(), now_ms);
        batch = batch.parting(request.is_apart()).remembering(&request.ruled).opening_for(&request.push);
        receipts = batch.push(&request.push)?;
        batch.store()?;
        caller.row.last_sync = Some(now_ms);
        caller.row.unsent = request.unsent;
        tx.put_device(&caller.row)?;
        tx.commit()?;
        view = storage.read(team)?;
    }
    // What the phone has in no record it gets back, as if a colleague had written it.
    let apart = request.is_apart();
    let own = receipts.iter().enumerate().filter(|(n, _)| !apart(*n));
    let own = own.filter_map(|(_, receipt)| match receipt {
        Receipt::Stored(seq) | Receipt::Duplicate(seq) => Some(*seq),
        Receipt::Held(_) | Receipt::Taken(_) => None,
    });
    let team_key = if request.wants_key {
        // A view and a transaction may share one lock.
        drop(view);
        let key = handover::team_key(storage, team)?;
        view = storage.read(team)?;
        Some(key)
    } else {
        None
    };
    // A revoked device holds no scope, and so there is nothing for it.
    let page = pull::pull(&*view, &caller.scopes(), request, &own.collect())?;
    let witness = if page.more { None } else { witness::give(&*view, device, epoch)? };
    let mut pull = vec![];
    if !caller.is_revoked() {
        pull = pull::earlier(&*view, &request.packs)?;
        pull.extend(pull::rulings(&*view, device, &request.acts)?);
    }
    let whole = if page.more { vec![] } else { pull::whole(&*view, &caller.scopes(), &request.docs)? };
    let left = request.unsent > 0 || receipts.iter().any(|receipt| matches!(receipt, Receipt::Held(_)));
    let ended = match caller.row.revoked.filter(|_| !left) {
        Some(at_ms) => Some(Ended { at_ms, taken: view.holding_load(device)?.items }),
        None => None,
    };
    let told = request.status.as_ref().filter(|told| within(told));
    let known = view.status(device)?;
    let lost = if page.more || caller.is_revoked() {
        vec![]
    } else {
        view.lost_by(device, u32::try_from(limits::ASKED).unwrap_or(u32::MAX))?
    };
    let lost = lost.into_iter().map(|(doc, hash)| Lost { doc, hash }).collect();
    let news = told.filter(|told| !caller.is_revoked() && known.as_ref() != Some(*told));
    drop(view);
    if let Some(told) = news {
        let mut tx = storage.write(team)?;
        tx.put_status(device, told)?;
        tx.commit()?;
    }
    let row = &caller.row;
    let stale = row.last_sync.is_none_or(|at| now_ms.saturating_sub(at) >= TOUCH_MS);
    if stale || row.unsent != request.unsent {
        storage.touch_device(team, device, now_ms, request.unsent)?;
    }
    pull.extend(page.items);
    pull.extend(whole);
    let (mut cursors, more) = (page.cursors, page.more);
    let level = Level::of(&cursors);
    if level.is_some_and(|now| request.level.is_some_and(|asked| asked.scopes == now.scopes)) {
        cursors.clear();
    }
    Ok(Answer {
        receipts,
        pull,
        cursors,
        epoch,
        more,
        server_ms: now_ms,
        team_key,
        ended,
        level,
        witness,
        lost,
    })
}

/// Whether what a phone says of itself is short enough to be kept for people to read.
fn within(told: &Status) -> bool {
    const APP: usize = 64;
    const REASON: usize = 4_000;
    let bytes = |text: &rounds_model::text::Text| text.zh.len() + text.en.len();
    told.app.len() <= APP
        && told.held.iter().all(|held| {
            held.refusal.code.len() + bytes(&held.refusal.reason) + bytes(&held.refusal.remedy) <= REASON
        })
}
