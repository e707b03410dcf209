//! The next request: where the phone stands and the oldest of what it has to say.

use crate::error::Fail;
use crate::identity::Identity;
use crate::store::outbox::{self, Waiting};
use crate::store::{lacking, meta, roster};
use rounds_model::ids::ActId;
use rounds_protocol::exchange::{Request, RuledBefore, Status, Take, Told, limits};
use rounds_protocol::handover::TeamKey;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// How large the messages of a sync are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Items in one push. A lost request costs at most this much again.
    pub items: usize,
    /// Bytes in one push, unpacked. One item may be larger.
    pub bytes: usize,
    /// What the phone takes in one answer.
    pub take: Take,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { items: 500, bytes: 1 << 20, take: Take::default() }
    }
}

/// A request and the outbox items that are in it, in the same order.
#[derive(Debug)]
pub struct Composed {
    /// The message.
    pub request: Request,
    /// What it carries.
    pub sent: Vec<Waiting>,
}

/// Makes the next request, which asks for the rulings on these acts.
pub fn compose(
    db: &Connection,
    identity: &Identity,
    bounds: &Bounds,
    acts: Vec<ActId>,
) -> Result<Composed, Fail> {
    let sent = outbox::oldest(db, bounds.items, bounds.bytes)?;
    let again = !sent.is_empty() && sent.iter().all(|waiting| waiting.again);
    let waiting = outbox::waiting(db)?;
    let request = Request {
        device: identity.device,
        epoch: meta::get(db, "epoch")?.flatten(),
        cursors: roster::cursors(db)?,
        push: sent.iter().map(|w| w.item.clone()).collect(),
        take: bounds.take,
        wants_key: meta::get::<Option<TeamKey>>(db, "team_key")?.flatten().is_none(),
        unsent: waiting.saturating_sub(sent.len() as u64),
        packs: super::packs::asked(db)?,
        again,
        acts,
        status: Some(status(db)?),
        docs: lacking::some(db, limits::ASKED)?,
        level: None,
        witness: meta::get(db, "witness")?.flatten(),
        apart: if again { vec![] } else { apart(&sent) },
        ruled: ruled(&sent)?,
    };
    Ok(Composed { request, sent })
}

/// The places of what is in no record here.
fn apart(sent: &[Waiting]) -> Vec<u32> {
    (0..).zip(sent).filter(|(_, waiting)| waiting.again).map(|(n, _)| n).collect()
}

/// How acts among these items were ruled before the server was put back.
fn ruled(sent: &[Waiting]) -> Result<BTreeMap<ActId, RuledBefore>, Fail> {
    sent.iter().filter_map(|waiting| waiting.before.ruling(&waiting.item).transpose()).collect()
}

/// Which build this is, and what is held here: the first of it, supervisors need no more to call.
fn status(db: &Connection) -> Result<Status, Fail> {
    let held = outbox::held_first(db, limits::TOLD)?;
    let told = held.into_iter().map(|held| Told { doc: held.doc, refusal: held.refusal, at_ms: held.at_ms });
    Ok(Status { app: env!("CARGO_PKG_VERSION").to_owned(), held: told.collect() })
}
