//! The facade: one phone, one person, one folder.

use crate::capture::Kit;
use crate::error::{Fail, RoundsError};
use crate::identity::{self, Identity};
use crate::kept::Slot;
use crate::platform::Platform;
use crate::private;
use crate::projecting::{self, Verification};
use crate::recording::{memo, under_way as recording};
use crate::store::blobs::sweep_drafts;
use crate::store::{Key, Store, documents, meta, outbox, places, runs};
use crate::sync::backoff::Cause;
use crate::sync::compose::Bounds;
use crate::sync::ending;
use crate::sync::packs::{load_catalogue, read_again};
use crate::sync::progress::{Session, UnderWay};
use crate::sync::run::Synced;
use crate::sync::stop::Stop;
use crate::sync::transport::{Http, Transport};
use rounds_model::digest::Digest;
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::time::{GpsTime, Known, Reading, TrustedTime};
use rounds_workflow::Catalogue;
use rusqlite::{Connection, Transaction};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::time::Duration;

/// A phone's Rounds.
pub struct Rounds {
    pub(crate) store: Store,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) blobs: PathBuf,
    catalogue: RwLock<Arc<Catalogue>>,
    open: Mutex<Option<Open>>,
    /// The workbook of the record that is being filled.
    pub(crate) kept: Slot,
    /// Places that were asked for by what was answered, and are not taken yet: records and questions.
    pub(crate) places: Mutex<Vec<(DocId, String)>>,
    /// None if the disk was too full to note it.
    run: Option<i64>,
    /// Held by the one sync of this process that is under way.
    alone: Mutex<()>,
    under_way: Mutex<Option<UnderWay>>,
    /// The tools of the phone, as the shell gave them.
    kit: RwLock<Kit>,
    /// The time of satellites of the last position, and the clocks when they said it.
    gps: Mutex<Option<(i64, Reading)>>,
    /// The recording that this run has in its hands.
    pub(crate) recording: Mutex<Option<recording::UnderWay>>,
    /// What is recorded without a script now.
    pub(crate) memo: Mutex<Option<memo::InHand>>,
    /// Raised by whoever hears that the server has news.
    news: RwLock<Arc<AtomicBool>>,
    /// Held while a photo's file is there and it is not noted yet whose it is, and by the sweep.
    photos: Mutex<()>,
}

/// The document that is being filled, kept open between two answers.
struct Open {
    doc: DocId,
    document: Document,
    /// SQLite's count of what other processes changed: if it moves, this copy may be old.
    data_version: i64,
    /// The write transaction of this process that it stems from: the next one must be ours.
    write: u64,
}

impl Rounds {
    /// Opens a phone's folder, creating it if it is new.
    pub fn open(folder: &Path, key: Key, platform: Arc<dyn Platform>) -> Result<Rounds, RoundsError> {
        Ok(Self::open_inner(folder, key, platform)?)
    }

    fn open_inner(folder: &Path, key: Key, platform: Arc<dyn Platform>) -> Result<Rounds, Fail> {
        private::folder(folder)?;
        let store = Store::open(&folder.join("rounds.db"), key)?;
        let now = platform.clocks()?.wall_ms;
        // On a full disk what is there can still be read, and shown, and counted.
        let run = match store.write(|tx| runs::opened(tx, now)) {
            Err(Fail::StorageFull) => None,
            other => Some(other?),
        };
        match read_again(&store) {
            // They wait for the next start.
            Err(Fail::StorageFull) => {}
            read => read?,
        }
        let (catalogue, _) = store.read(load_catalogue)?;
        match projecting::catch_up(&store, &catalogue) {
            // Rows as they were are better than none, and it is tried again at the next start.
            Err(Fail::StorageFull) => {}
            made => drop(made?),
        }
        let blobs = folder.join("blobs");
        sweep_drafts(&blobs)?;
        let rounds = Rounds {
            store,
            platform,
            blobs,
            catalogue: RwLock::new(catalogue),
            open: Mutex::new(None),
            kept: Slot::default(),
            places: Mutex::default(),
            run,
            alone: Mutex::new(()),
            under_way: Mutex::new(None),
            kit: RwLock::default(),
            gps: Mutex::new(None),
            recording: Mutex::new(None),
            memo: Mutex::new(None),
            news: RwLock::default(),
            photos: Mutex::new(()),
        };
        // A recording that cannot be taken up is looked at again when its question is opened, and that
        // says why; the app opens all the same.
        drop(rounds.pick_up_all());
        Ok(rounds)
    }

    /// Ends this run in an orderly way. What is not closed counts as killed at the next opening.
    pub fn close(self) -> Result<(), RoundsError> {
        self.end()
    }

    /// The same for whoever shares it with others that are about to let go of it.
    pub fn end(&self) -> Result<(), RoundsError> {
        let now = self.platform.clocks()?.wall_ms;
        let Some(run) = self.run else { return Ok(()) };
        Ok(self.store.write(|tx| runs::closed(tx, run, now))?)
    }

    /// How many earlier runs were killed.
    pub(crate) fn kills(&self, db: &Connection) -> Result<u64, Fail> {
        runs::killed(db, self.run.unwrap_or(i64::MAX))
    }

    /// Makes this phone a device of a team, with an invitation. One that its server does not know any
    /// more (`token-unknown`) becomes the same device again, and offers all of its work.
    pub fn enrol(
        &self,
        transport: &dyn Transport,
        server: &str,
        code: &str,
        device_name: &str,
    ) -> Result<Identity, RoundsError> {
        let (store, catalogue, platform) = (&self.store, self.catalogue(), &*self.platform);
        Ok(crate::sync::enrol::enrol(store, &catalogue, platform, transport, server, code, device_name)?)
    }

    /// The server has moved: uses this address from now on. The identity stays the same.
    pub fn set_server(&self, server: &str) -> Result<(), RoundsError> {
        Http::new(server)?;
        let mut identity = self.identity()?;
        server.clone_into(&mut identity.server);
        Ok(self.store.write(|tx| meta::set(tx, "identity", &identity))?)
    }

    /// Exchanges with the server until both sides have everything.
    pub fn sync(&self, transport: &dyn Transport) -> Result<Synced, RoundsError> {
        self.sync_within(transport, &Bounds::default())
    }

    /// The same in messages of a given size: on a bad network, small ones get through.
    pub fn sync_within(&self, transport: &dyn Transport, bounds: &Bounds) -> Result<Synced, RoundsError> {
        let stop = &Stop::default();
        let session = Session { cause: Cause::UserAsked, stop, observer: None, bounds: *bounds };
        self.sync_with(transport, &session)
    }

    /// The same, with a way to stop it and somebody who is told how far it is. Stopped, it returns
    /// what was done until then.
    pub fn sync_with(&self, transport: &dyn Transport, session: &Session<'_>) -> Result<Synced, RoundsError> {
        Ok(crate::sync::run::sync(self, transport, session)?)
    }

    /// Syncs for at most so long: for the time that the system gives an app in the background.
    pub fn sync_until(&self, server: Http, left: Duration) -> Result<Synced, RoundsError> {
        let stop = &Stop::within(left);
        let bounds = Bounds::default();
        let session = Session { cause: Cause::Background, stop, observer: None, bounds };
        self.sync_with(&server.with_stop(stop.clone()), &session)
    }

    /// Gives this phone its tools: camera, recorder, location and so on. A shell does so once, at the
    /// start; what it does not give is unavailable.
    pub fn set_kit(&self, kit: Kit) {
        *self.kit.write().unwrap_or_else(PoisonError::into_inner) = kit;
    }

    /// The tools of this phone.
    pub(crate) fn kit(&self) -> Kit {
        self.kit.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn heard_satellites(&self, gps_ms: i64, at: Reading) {
        *self.gps.lock().unwrap_or_else(PoisonError::into_inner) = Some((gps_ms, at));
    }

    /// The store, for tools that look at it beside the app.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Waits until no other sync of this process is under way; none if it is stopped before.
    pub(crate) fn alone(&self, stop: &Stop) -> Option<MutexGuard<'_, ()>> {
        loop {
            match self.alone.try_lock() {
                Ok(alone) => return Some(alone),
                Err(TryLockError::Poisoned(left)) => return Some(left.into_inner()),
                Err(TryLockError::WouldBlock) if stop.sleep(Duration::from_millis(20)) => return None,
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }

    /// From now on this says whether the server has news.
    pub(crate) fn hear(&self, news: Arc<AtomicBool>) {
        *self.news.write().unwrap_or_else(PoisonError::into_inner) = news;
    }

    /// Whatever news there were are exchanged now.
    pub(crate) fn forget_news(&self) {
        self.news.read().unwrap_or_else(PoisonError::into_inner).store(false, Ordering::SeqCst);
    }

    /// Whether something is to be sent, or to be fetched, that must not wait for a photo.
    pub(crate) fn has_to_exchange(&self) -> Result<bool, Fail> {
        let news = self.news.read().unwrap_or_else(PoisonError::into_inner).load(Ordering::SeqCst);
        Ok(news || self.store.read(outbox::waiting)? > 0)
    }

    /// Keeps the files of photos as they are: none is deleted, and none appears.
    pub(crate) fn photos(&self) -> MutexGuard<'_, ()> {
        self.photos.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is under way now, if a sync is.
    pub(crate) fn now_under_way(&self) -> Option<UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_under_way(&self, new: Option<UnderWay>) {
        *self.under_way.lock().unwrap_or_else(PoisonError::into_inner) = new;
    }

    pub(crate) fn under_way(&self, change: impl FnOnce(&mut UnderWay)) {
        let mut now = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        now.as_mut().map(change);
    }

    /// Who this phone is.
    pub fn identity(&self) -> Result<Identity, Fail> {
        self.store.read(|db| match identity::load(db)? {
            Some(identity) => Ok(identity),
            None if ending::signed_out(db)?.is_some() => Err(Fail::SignedOut),
            None => Err(Fail::NotEnrolled),
        })
    }

    /// Makes every projection row again in memory and compares it with the stored one.
    pub fn verify(&self) -> Result<Verification, RoundsError> {
        let (catalogue, me) = (self.catalogue(), self.identity()?);
        Ok(self.store.read(|db| projecting::verify(db, &catalogue, &me))?)
    }

    /// A digest of everything that this phone holds; the server's is equal if the data is.
    pub fn digest(&self) -> Result<Digest, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| projecting::digest(db, &catalogue))?)
    }

    /// Makes every projection row again and keeps it; returns how many.
    pub fn rebuild(&self) -> Result<u64, RoundsError> {
        let (catalogue, me) = (self.catalogue(), self.identity()?);
        Ok(self.store.write(|tx| projecting::rebuild(tx, &catalogue, &me))?)
    }

    /// The packs of the team as this phone has them.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_catalogue(&self, new: Arc<Catalogue>) {
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// A reading of the clocks by this run.
    pub(crate) fn at(&self, reading: Reading) -> places::Now {
        places::Now { reading, run: self.run.unwrap_or(-1) }
    }

    /// The time, as far as it is known.
    pub(crate) fn now(&self, db: &Connection) -> Result<TrustedTime, Fail> {
        let reading = self.platform.clocks()?;
        let (anchor, seen) = (meta::get(db, "anchor")?, meta::get(db, "seen")?);
        Ok(TrustedTime::knowing(reading, Known { anchor, seen, gps: self.satellites(&reading) }))
    }

    /// The time, written down: no later one runs back behind it without being noticed.
    pub(crate) fn noted_now(&self, tx: &Transaction<'_>) -> Result<TrustedTime, Fail> {
        let now = self.now(tx)?;
        meta::set(tx, "seen", &now.to_remember(meta::get(tx, "seen")?))?;
        Ok(now)
    }

    /// What the satellites said with the last position, if that was in this boot.
    fn satellites(&self, reading: &Reading) -> Option<GpsTime> {
        let (gps_ms, at) = (*self.gps.lock().unwrap_or_else(PoisonError::into_inner))?;
        let age_ms = reading.mono_ms.checked_sub(at.mono_ms)?;
        (at.boot == reading.boot).then_some(GpsTime { gps_ms, age_ms })
    }

    /// Runs `work` on a document as it is read: on the copy in memory if nobody has written since, which spares
    /// loading it. None if it is not on this phone.
    pub(crate) fn with_read<T>(
        &self,
        db: &Connection,
        doc: DocId,
        work: impl FnOnce(&Document) -> Result<T, Fail>,
    ) -> Result<Option<T>, Fail> {
        // Whoever is writing has it locked: then it is loaded as the transaction sees it.
        let open = self.open.try_lock().ok();
        let kept = open.as_ref().and_then(|open| open.as_ref()).filter(|kept| kept.doc == doc);
        let fresh = |kept: &&Open| {
            kept.write == self.store.writes() && self.store.data_version() == Some(kept.data_version)
        };
        match kept.filter(fresh) {
            Some(kept) => work(&kept.document).map(Some),
            None => {
                drop(open);
                documents::load(db, doc)?.map(|document| work(&document)).transpose()
            }
        }
    }

    /// Runs `work` on a document in a write transaction. What it returns decides: an error rolls
    /// everything back, and the copy in memory is dropped.
    pub(crate) fn with_document<T>(
        &self,
        doc: DocId,
        work: impl FnOnce(&Transaction<'_>, &mut Document) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = open.take();
        let (now_open, out) = self.store.write(|tx| {
            let mut asked = tx.prepare_cached("PRAGMA data_version")?;
            let data_version: i64 = asked.query_row([], |r| r.get(0))?;
            drop(asked);
            let write = self.store.writes();
            // A sync may have written between the last answer and this one, in this very process.
            let fresh = |k: &Open| k.doc == doc && k.data_version == data_version && k.write + 1 == write;
            let mut document = match kept {
                Some(kept) if fresh(&kept) => kept.document,
                _ => documents::load(tx, doc)?.ok_or(Fail::UnknownRecord)?,
            };
            let out = work(tx, &mut document)?;
            Ok((Open { doc, document, data_version, write }, out))
        })?;
        *open = Some(now_open);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use rounds_model::ids::ActorId;
    use rounds_model::scalar::Scalar;

    fn put(document: &mut Document, actor: u8, value: &str) {
        let values = [("x".to_owned(), Scalar::from(value))];
        document.write(DocId([1; 16]), ActorId([actor; 16]), 1, &values).unwrap();
    }

    /// What a sync thread of the same process wrote between two answers is not answered over with
    /// the copy that was kept open.
    #[test]
    fn a_document_kept_open_is_read_again_after_any_other_write() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let doc = DocId([1; 16]);
        let mut first = Document::new();
        put(&mut first, 1, "mine");
        rounds.store.write(|tx| documents::replace(tx, doc, &first)).unwrap();
        let shown = |d: &Document| d.get("x").unwrap().to_string();
        assert_eq!(rounds.with_document(doc, |_, d| Ok(shown(d))).unwrap(), "mine");
        assert_eq!(rounds.with_document(doc, |_, d| Ok(shown(d))).unwrap(), "mine");
        put(&mut first, 2, "theirs");
        rounds.store.write(|tx| documents::replace(tx, doc, &first)).unwrap();
        let read = || rounds.store.read(|db| rounds.with_read(db, doc, |d| Ok(shown(d)))).unwrap().unwrap();
        assert_eq!(read(), "theirs");
        assert_eq!(rounds.with_document(doc, |_, d| Ok(shown(d))).unwrap(), "theirs");
        assert_eq!(read(), "theirs");
        // What touches no document leaves it kept; what another process wrote does not.
        rounds.store.write_beside(|tx| meta::set(tx, "x", &1)).unwrap();
        assert_eq!(read(), "theirs");
        let other = Store::open(rounds.store.path(), Key([1; 32])).unwrap();
        put(&mut first, 3, "another's");
        other.write(|tx| documents::replace(tx, doc, &first)).unwrap();
        assert_eq!(read(), "another's");
        assert_eq!(rounds.with_document(doc, |_, d| Ok(shown(d))).unwrap(), "another's");
    }

    /// A phone with many records opens as fast as one with few: nothing looks at all of them.
    #[test]
    fn lesson_12_a_store_of_many_records_opens_as_fast_as_one_of_few() {
        let folder = |records: u32| {
            let dir = tempfile::tempdir().unwrap();
            let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
            rounds
                .store
                .write(|tx| {
                    for n in 0..records {
                        let mut id = [1; 16];
                        id[..4].copy_from_slice(&n.to_be_bytes());
                        let mut document = Document::new();
                        put(&mut document, 1, "store");
                        documents::replace(tx, DocId(id), &document)?;
                    }
                    Ok(())
                })
                .unwrap();
            drop(rounds);
            dir
        };
        let (few, many) = (folder(100), folder(20_000));
        let open = |dir: &tempfile::TempDir| {
            let began = std::time::Instant::now();
            let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
            let took = began.elapsed();
            drop(rounds);
            took
        };
        // The least of some, taken in turns: other tests run beside.
        let took: Vec<_> = (0..15).map(|_| (open(&few), open(&many))).collect();
        let (few, many) = (took.iter().map(|t| t.0).min(), took.iter().map(|t| t.1).min());
        let (few, many) = (few.unwrap().as_secs_f64(), many.unwrap().as_secs_f64());
        assert!(many < 3.0 * few, "{many:.4} s, and {few:.4} s with few");
    }
}
