//! The loop: exchange until nothing is left on either side.

use super::absorb::{Absorbed, absorb};
use super::compose::{Bounds, compose};
use super::transport::Transport;
use crate::Rounds;
use crate::error::Fail;
use rounds_protocol::exchange::Answer;

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Synced {
    /// Exchanges made.
    pub exchanges: u64,
    /// What they changed.
    #[serde(flatten)]
    pub changes: Absorbed,
}

/// More exchanges than this in one sync means that the two sides do not understand each other.
const MOST: u64 = 100_000;

/// Syncs until both sides have everything. Each exchange is complete in itself: whatever stops the
/// loop, what was exchanged stays.
pub(crate) fn sync(rounds: &Rounds, transport: &dyn Transport, bounds: &Bounds) -> Result<Synced, Fail> {
    let identity = rounds.identity()?;
    let mut out = Synced::default();
    while out.exchanges < MOST {
        let composed = rounds.store.read(|db| compose(db, &identity, bounds))?;
        let answer = transport.exchange(identity.token(), &composed.request)?;
        let at = rounds.platform.clocks()?;
        let catalogue = rounds.catalogue();
        let (changes, packs) =
            rounds.store.write(|tx| absorb(tx, &catalogue, &*rounds.platform, &composed, &answer, at))?;
        if let Some(packs) = packs {
            rounds.set_catalogue(packs);
        }
        out.exchanges += 1;
        add(&mut out.changes, &changes);
        if is_done(rounds, &answer)? {
            return Ok(out);
        }
    }
    Err(Fail::BadAnswer("the exchange does not end"))
}

fn is_done(rounds: &Rounds, answer: &Answer) -> Result<bool, Fail> {
    let (waiting, _) = rounds.store.read(crate::store::outbox::count)?;
    Ok(waiting == 0 && !answer.more)
}

fn add(sum: &mut Absorbed, more: &Absorbed) {
    sum.sent += more.sent;
    sum.duplicates += more.duplicates;
    sum.held += more.held;
    sum.received += more.received;
    sum.accepted += more.accepted;
    sum.blocked += more.blocked;
}
