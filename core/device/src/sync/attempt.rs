//! One try to sync, from its beginning to its line in the log: what it was for, what crossed the
//! network, what came of it, and when the next one is.

use super::backoff::{Backoff, Trouble};
use super::progress::{Progress, Session, UnderWay};
use super::run::Synced;
use super::transport::{Traffic, Transport};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::handover::carry;
use crate::platform::random;
use crate::screens::status::next_try;
use crate::store::sync_log::Tried;
use crate::store::{meta, outbox, sync_log, uploads};
use rounds_model::time::Reading;
use rusqlite::Connection;

/// Where the store keeps the state between two tries.
const KEY: &str = "backoff";

/// A try that is under way.
pub(super) struct Attempt<'a> {
    rounds: &'a Rounds,
    transport: &'a dyn Transport,
    session: &'a Session<'a>,
    began: Reading,
    before: Traffic,
}

impl<'a> Attempt<'a> {
    /// Notes the beginning.
    pub fn begin(
        rounds: &'a Rounds,
        transport: &'a dyn Transport,
        session: &'a Session<'a>,
    ) -> Result<Attempt<'a>, Fail> {
        let (waiting, _) = rounds.store.read(outbox::count)?;
        let began = rounds.platform.clocks()?;
        rounds.set_under_way(Some(UnderWay { of: waiting, ..UnderWay::default() }));
        session.tell(|| Progress::Started { cause: session.cause, waiting });
        Ok(Attempt { rounds, transport, session, began, before: transport.traffic() })
    }

    /// Notes the end, and says it. Returns what a caller must be told.
    pub fn end(self, out: &Synced, failed: Option<Fail>) -> Option<Fail> {
        self.rounds.set_under_way(None);
        let error = failed.map(|fail| (RoundsError::from(&fail), fail));
        // Records may have gone through and photos not: there is still something to try again.
        let shown = error.as_ref().map(|(shown, _)| shown).or(out.media.stopped.as_ref()).cloned();
        // What cannot be noted, on a full disk, does not make the sync another one.
        let next = self.note(out, shown.as_ref()).ok();
        match shown {
            Some(error) => self.session.tell(|| Progress::Failed { error, next_try: next.flatten() }),
            None => self.session.tell(|| Progress::Finished { synced: out.clone() }),
        }
        error.map(|(_, fail)| fail)
    }

    fn note(
        &self,
        out: &Synced,
        error: Option<&RoundsError>,
    ) -> Result<Option<crate::screens::status::NextTry>, Fail> {
        let now = self.rounds.platform.clocks()?;
        let draw = u64::from_be_bytes(random(&*self.rounds.platform)?);
        self.rounds.store.write(|tx| {
            let mut backoff = load(tx)?;
            match (error, out.unfinished) {
                (Some(error), _) => backoff.failed(Trouble::of(error), self.session.cause, now, draw),
                // Stopped: it says nothing about the network.
                (None, Some(_)) => {}
                (None, None) => backoff.succeeded(now, draw, due(tx, now)?),
            }
            meta::set(tx, KEY, &backoff)?;
            sync_log::add(tx, &self.tried(out, error, now, self.rounds.now(tx)?.at_ms))
        })?;
        self.rounds.store.read(|db| next_try(self.rounds, db))
    }

    fn tried(&self, out: &Synced, error: Option<&RoundsError>, now: Reading, now_ms: i64) -> Tried {
        let traffic = self.transport.traffic();
        let took_ms = now.mono_ms.saturating_sub(self.began.mono_ms);
        let stopped = out.unfinished.map(|why| why.code().to_owned());
        let outcome = error.map(|error| error.code.clone()).or(stopped);
        Tried {
            at_ms: now_ms.saturating_sub(i64::try_from(took_ms).unwrap_or(0)),
            times: 1,
            last_ms: now_ms,
            cause: self.session.cause.code().to_owned(),
            outcome: outcome.unwrap_or_else(|| "done".to_owned()),
            exchanges: out.exchanges,
            up: traffic.up.saturating_sub(self.before.up),
            down: traffic.down.saturating_sub(self.before.down),
            sent: out.changes.sent,
            held: out.changes.held,
            received: out.changes.received,
            photos: out.media.sent,
            took_ms,
        }
    }
}

/// The state between two tries.
pub(crate) fn load(db: &Connection) -> Result<Backoff, Fail> {
    Ok(meta::get(db, KEY)?.unwrap_or_default())
}

/// In how many milliseconds a photo or a bundle that was put off is due.
fn due(db: &Connection, now: Reading) -> Result<Option<u64>, Fail> {
    let photo = uploads::earliest(db)?.filter(|at| *at > now.wall_ms);
    let photo = photo.map(|at| at.saturating_sub(now.wall_ms));
    let next = photo.into_iter().chain(carry::due(db, now.wall_ms)?).min();
    Ok(next.and_then(|left| u64::try_from(left).ok()))
}
