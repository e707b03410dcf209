//! The loop: exchange until nothing is left on either side; then the photos.

use super::absorb::{Absorbed, absorb};
use super::again;
use super::blobs;
use super::compose::compose;
use super::ending;
use super::transport::Transport;
use crate::Rounds;
use crate::error::{Class, Fail, RoundsError};
use crate::projecting;
use crate::store::meta;
use rounds_protocol::exchange::Answer;
use rounds_protocol::fault::{Fault, FaultBody};

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Synced {
    /// Exchanges made.
    pub exchanges: u64,
    /// The server was restored from a backup: this phone offered everything again.
    pub began_anew: bool,
    /// What they changed.
    #[serde(flatten)]
    pub changes: Absorbed,
    /// What was done for photos and files.
    pub media: blobs::send::Sent,
}

/// More exchanges than this in one sync means that the two sides do not understand each other.
const MOST: u64 = 100_000;

/// Syncs until both sides have everything. Each exchange is complete in itself: whatever stops the
/// loop, what was exchanged stays.
pub(crate) fn sync(rounds: &Rounds, transport: &dyn Transport) -> Result<Synced, Fail> {
    let identity = rounds.identity()?;
    let mut out = Synced::default();
    let mut offered = false;
    while out.exchanges < MOST {
        let composed = rounds.store.read(|db| compose(db, &identity))?;
        let answer = match transport.exchange(identity.token(), &composed.request) {
            Ok(answer) => answer,
            Err(Fail::Fault(fault)) if is_restored(&fault) && !out.began_anew => {
                let catalogue = rounds.catalogue();
                rounds.store.write(|tx| {
                    again::offer_again(tx, rounds.now(tx)?.at_ms)?;
                    projecting::rebuild(tx, &catalogue, &identity)
                })?;
                out.began_anew = true;
                continue;
            }
            Err(fail) => return Err(remember(rounds, fail)),
        };
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
            if !std::mem::replace(&mut offered, true) && ending::offer(rounds)? > 0 {
                continue;
            }
            // Records first: a photo is taken only for a record that the server has.
            if let Some(network) = transport.blobs() {
                out.media = blobs::send::send(rounds, network)?;
            }
            ending::finish(rounds)?;
            return Ok(out);
        }
    }
    Err(Fail::BadAnswer("the exchange does not end"))
}

fn is_restored(fault: &FaultBody) -> bool {
    fault.code == Fault::ServerRestored.code()
}

/// A phone that is not let in says so on every screen, until it is let in again.
fn remember(rounds: &Rounds, fail: Fail) -> Fail {
    if let Fail::Fault(fault) = &fail
        && RoundsError::from(Fail::Fault(fault.clone())).class == Class::Access
    {
        let noted = rounds.store.write(|tx| meta::set(tx, "no_access", &fault.code));
        if let Err(worse) = noted {
            return worse;
        }
    }
    fail
}

fn is_done(rounds: &Rounds, answer: &Answer) -> Result<bool, Fail> {
    let (waiting, _) = rounds.store.read(crate::store::outbox::count)?;
    Ok(waiting == 0 && !answer.more)
}

fn add(sum: &mut Absorbed, more: &Absorbed) {
    sum.sent += more.sent;
    sum.duplicates += more.duplicates;
    sum.held += more.held;
    sum.taken += more.taken;
    sum.received += more.received;
    sum.accepted += more.accepted;
    sum.blocked += more.blocked;
}
