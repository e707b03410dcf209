//! How much is sent and asked for at a time, as the network lets it through.
//!
//! What breaks off or takes too long is halved the next time, down to an item or a few kilobytes, so
//! that on the slowest network something gets through, and with it its receipts; what gets through is
//! doubled again after a while. That there is no network at all says nothing about how much it carries.

use super::compose::Bounds;
use crate::error::Fail;
use crate::store::{Store, meta};
use rounds_protocol::exchange::Take;
use rounds_protocol::fault::Fault;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

/// Where the store keeps it.
const KEY: &str = "pace";
/// The most halvings: an item or 2 KiB of a push, 4 KiB of an answer.
const MOST: u32 = 9;
/// So many messages in a row get through before they are doubled: one that is too large again costs a
/// whole try.
const IN_A_ROW: u32 = 16;

/// What the last messages taught.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Pace {
    /// How often the bounds are halved.
    halved: u32,
    /// How many messages got through since.
    went: u32,
}

/// The bounds of the next message.
pub(super) fn bounds(db: &Connection, full: &Bounds) -> Result<Bounds, Fail> {
    let halved = load(db)?.halved.min(MOST);
    let take = Take { items: (full.take.items >> halved).max(1), bytes: (full.take.bytes >> halved).max(1) };
    Ok(Bounds { items: (full.items >> halved).max(1), bytes: (full.bytes >> halved).max(1), take })
}

/// Notes that a message did not get through, if that may be for its size.
pub(super) fn failed(store: &Store, fail: &Fail) -> Result<(), Fail> {
    if may_be_size(fail) {
        store.write(|tx| {
            let halved = (load(tx)?.halved + 1).min(MOST);
            meta::set(tx, KEY, &Pace { halved, went: 0 })
        })?;
    }
    Ok(())
}

/// Notes that one did.
pub(super) fn went(tx: &Transaction<'_>) -> Result<(), Fail> {
    let Pace { halved, went } = load(tx)?;
    match (halved, went + 1) {
        (0, _) => Ok(()),
        (1, IN_A_ROW..) => meta::remove(tx, KEY),
        (_, IN_A_ROW..) => meta::set(tx, KEY, &Pace { halved: halved - 1, went: 0 }),
        (_, went) => meta::set(tx, KEY, &Pace { halved, went }),
    }
}

fn load(db: &Connection) -> Result<Pace, Fail> {
    Ok(meta::get(db, KEY)?.unwrap_or_default())
}

/// Whether a failed request never got as far as the network.
pub fn nothing_left(fail: &Fail) -> bool {
    matches!(fail, Fail::Offline(what) if ["net-no-connection", "net-no-setup"].contains(&what.as_str()))
}

fn may_be_size(fail: &Fail) -> bool {
    match fail {
        Fail::Offline(_) => !nothing_left(fail),
        Fail::Fault(fault) => {
            [Fault::BodyTruncated, Fault::PushTooHeavy].iter().any(|size| fault.code == size.code())
        }
        _ => false,
    }
}
