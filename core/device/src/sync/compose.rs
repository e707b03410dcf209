//! The next request: where the phone stands and the oldest of what it has to say.

use crate::error::Fail;
use crate::identity::Identity;
use crate::store::outbox::{self, Waiting};
use crate::store::{meta, roster};
use rounds_protocol::exchange::{Request, Take};
use rounds_protocol::handover::TeamKey;
use rusqlite::Connection;

/// Items in one push. A lost request costs at most this much again.
const ITEMS: usize = 500;
/// Bytes in one push, unpacked.
const BYTES: usize = 1 << 20;

/// A request and the outbox items that are in it, in the same order.
#[derive(Debug)]
pub struct Composed {
    /// The message.
    pub request: Request,
    /// What it carries.
    pub sent: Vec<Waiting>,
}

/// Makes the next request.
pub fn compose(db: &Connection, identity: &Identity) -> Result<Composed, Fail> {
    let sent = outbox::oldest(db, ITEMS, BYTES)?;
    let (waiting, _) = outbox::count(db)?;
    let request = Request {
        device: identity.device,
        epoch: meta::get(db, "epoch")?.flatten(),
        cursors: roster::cursors(db)?,
        push: sent.iter().map(|w| w.item.clone()).collect(),
        take: Take::default(),
        wants_key: meta::get::<Option<TeamKey>>(db, "team_key")?.flatten().is_none(),
        unsent: waiting.saturating_sub(sent.len() as u64),
        packs: super::packs::asked(db)?,
    };
    Ok(Composed { request, sent })
}
