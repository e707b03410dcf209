//! The loop: exchange until nothing is left on either side; then the photos. Between two steps it
//! can be stopped, and each step leaves a whole state behind.

use super::absorb::{Absorbed, absorb};
use super::again;
use super::ahead;
use super::attempt::Attempt;
use super::blobs;
use super::compose::{Composed, compose};
use super::ending;
use super::level;
use super::pace;
use super::passed;
use super::progress::{Progress, Session};
use super::rulings::Rulings;
use super::stop::Unfinished;
use super::transport::Transport;
use super::unnamed;
use crate::Rounds;
use crate::error::{Class, Fail, RoundsError};
use crate::foreseeing;
use crate::handover::carry::{self, Brought};
use crate::projecting;
use crate::store::notices::{self, Notice};
use crate::store::{lacking, meta, offered};
use rounds_protocol::exchange::{Answer, limits};
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
    /// What was done about bundles that this phone carries for others.
    pub carried: Brought,
    /// It was stopped before its end; what was done until then stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
}

/// More exchanges than this in one sync means that the two sides do not understand each other.
const MOST: u64 = 100_000;

/// Syncs until both sides have everything. Each exchange is complete in itself: whatever stops the
/// loop, what was exchanged stays.
pub(crate) fn sync(
    rounds: &Rounds,
    transport: &dyn Transport,
    session: &Session<'_>,
) -> Result<Synced, Fail> {
    let mut out = Synced::default();
    let Some(_alone) = rounds.alone(session.stop) else {
        out.unfinished = session.stop.is_over();
        return Ok(out);
    };
    let attempt = Attempt::begin(rounds, transport, session)?;
    let ended = match everything(rounds, transport, session, &mut out) {
        Err(Fail::Stopped(why)) => {
            out.unfinished = Some(why);
            Ok(())
        }
        ended => ended,
    };
    attempt.end(&out, ended.err()).map_or(Ok(out), Err)
}

fn everything(
    rounds: &Rounds,
    transport: &dyn Transport,
    session: &Session<'_>,
    out: &mut Synced,
) -> Result<(), Fail> {
    exchanges(rounds, transport, session, out)?;
    // What the server holds again waits for further news; where an act is let through, others may rest on it.
    loop {
        let accepted = out.changes.accepted;
        if passed::offer(rounds)? == 0 {
            break;
        }
        exchanges(rounds, transport, session, out)?;
        if out.changes.accepted == accepted {
            break;
        }
    }
    if ending::offer(rounds)? > 0 {
        exchanges(rounds, transport, session, out)?;
    }
    unnamed::release(rounds)?;
    // Records first: a photo is taken only for a record that the server has.
    if let Some(network) = transport.blobs() {
        let mut media = std::mem::take(&mut out.media);
        let sent = blobs::send::send(rounds, network, session, &mut media, &mut || {
            exchanges(rounds, transport, session, out)
        });
        out.media = media;
        sent?;
    }
    if ending::finish(rounds)? {
        return Ok(());
    }
    let mut carried = Brought::default();
    let brought = carry::bring(rounds, transport, session, &mut carried, &mut || {
        exchanges(rounds, transport, session, out)
    });
    out.carried = carried;
    brought
}

fn exchanges(
    rounds: &Rounds,
    transport: &dyn Transport,
    session: &Session<'_>,
    out: &mut Synced,
) -> Result<(), Fail> {
    let identity = rounds.identity()?;
    rounds.forget_news();
    let (mut ahead, mut rulings) = (None, Rulings::default());
    let mut asked = rounds.platform.clocks()?;
    while out.exchanges < MOST {
        session.stop.check()?;
        let (composed, answered) = match ahead.take() {
            Some(fetched) => fetched,
            None => {
                asked = rounds.platform.clocks()?;
                let composed = rounds.store.read(|db| {
                    compose(db, &identity, &pace::bounds(db, &session.bounds)?, rulings.to_ask(db)?)
                })?;
                rounds.under_way(|now| now.sending = composed.sent.iter().map(|w| w.n).collect());
                let last = composed.sent.iter().map(|waiting| waiting.n).max();
                let noted = last.map(|last| offered::try_now(&rounds.store, last)).transpose()?;
                let known = rounds.store.read(level::is_known)?;
                let answered = level::exchange(transport, identity.token(), &composed.request, known);
                if noted == Some(true) && answered.as_ref().is_err_and(pace::nothing_left) {
                    offered::take_back(&rounds.store)?;
                }
                (composed, answered)
            }
        };
        let answer = match answered {
            Ok(answer) => answer,
            Err(Fail::Fault(fault)) if is_restored(&fault) && !out.began_anew => {
                let catalogue = rounds.catalogue();
                rounds.store.write(|tx| {
                    again::offer_again(tx, &catalogue, &identity, rounds.now(tx)?.at_ms)?;
                    foreseeing::note_offered_again(tx)?;
                    notices::tell(tx, &Notice::PutBack, rounds.now(tx)?.at_ms)?;
                    projecting::rebuild(tx, &catalogue, &identity)
                })?;
                out.began_anew = true;
                continue;
            }
            Err(Fail::Fault(fault)) if is_too_heavy(&fault) && composed.sent.len() > 1 => {
                out.exchanges += 1;
                pace::failed(&rounds.store, &Fail::Fault(fault))?;
                continue;
            }
            Err(fail) => {
                pace::failed(&rounds.store, &fail)?;
                return Err(remember(rounds, fail));
            }
        };
        let at = rounds.platform.clocks()?;
        let catalogue = rounds.catalogue();
        let (absorbed, fetched) = ahead::beside(transport, identity.token(), &composed, &answer, || {
            rounds.store.write(|tx| {
                pace::went(tx)?;
                level::note(tx, &answer)?;
                absorb(tx, &catalogue, &*rounds.platform, &composed, &answer, (asked, at))
            })
        });
        // What was fetched meanwhile was asked for no earlier than this.
        asked = at;
        let (changes, packs) = absorbed?;
        ahead = fetched;
        if let Some(packs) = packs {
            rounds.set_catalogue(packs);
        }
        out.exchanges += 1;
        add(&mut out.changes, &changes);
        rulings.asked(&composed.request.acts, answer.more);
        let waiting = tell(rounds, session, out, &composed, &answer)?;
        let packs = rounds.store.read(super::packs::wanted)?;
        let missing = rounds.store.read(|db| rulings.to_ask(db))?;
        let unread = rounds.store.read(|db| lacking::some(db, limits::ASKED))?;
        let unread = unread.iter().any(|doc| !composed.request.docs.contains(doc));
        if waiting == 0 && !answer.more && packs.is_empty() && missing.is_empty() && !unread {
            return Ok(());
        }
    }
    Err(Fail::BadAnswer("the exchange does not end"))
}

/// Says how far it is, now that it is stored. Returns how many items wait.
fn tell(
    rounds: &Rounds,
    session: &Session<'_>,
    out: &Synced,
    composed: &Composed,
    answer: &Answer,
) -> Result<u64, Fail> {
    let waiting = rounds.store.read(crate::store::outbox::waiting)?;
    let n = out.changes.sent + out.changes.held;
    let of = n + waiting;
    rounds.under_way(|now| {
        (now.sent, now.of) = (n, of);
        now.sending.clear();
    });
    if !composed.sent.is_empty() {
        session.tell(|| Progress::Sent { n, of });
    }
    if !answer.pull.is_empty() {
        session.tell(|| Progress::Received { items: out.changes.received });
    }
    Ok(waiting)
}

fn is_restored(fault: &FaultBody) -> bool {
    fault.code == Fault::ServerRestored.code()
}

fn is_too_heavy(fault: &FaultBody) -> bool {
    fault.code == Fault::PushTooHeavy.code()
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

fn add(sum: &mut Absorbed, more: &Absorbed) {
    sum.sent += more.sent;
    sum.duplicates += more.duplicates;
    sum.held += more.held;
    sum.taken += more.taken;
    sum.received += more.received;
    sum.accepted += more.accepted;
    sum.blocked += more.blocked;
}
