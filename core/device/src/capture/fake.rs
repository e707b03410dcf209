//! A fake of each tool: for tests and the desktop simulator. Each gives the results of its script in
//! order, and after the last one says that it was cancelled, as a person would.

use super::{
    Barcode, Camera, CaptureFault, Clock, Code, Ended, Fix, FixAsk, KeyStore, Kit, Location, Photo, PhotoAsk,
    Progress, Recorder, ScanAsk, Segment, SegmentAsk, SignAsk, SignaturePad, Signed,
};
use crate::platform::{Platform, Replay};
use rounds_model::time::Reading;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Results in order; the last one can stay.
#[derive(Debug)]
pub struct Script<T>(Mutex<Lines<T>>);

/// What comes next, and what comes when that is over.
type Lines<T> = (VecDeque<Result<T, CaptureFault>>, Option<Result<T, CaptureFault>>);

impl<T: Clone> Script<T> {
    /// These results, then `Cancelled`.
    pub fn of(results: impl IntoIterator<Item = Result<T, CaptureFault>>) -> Self {
        Script(Mutex::new((results.into_iter().collect(), None)))
    }

    /// This result, ever again.
    pub fn always(result: Result<T, CaptureFault>) -> Self {
        Script(Mutex::new((VecDeque::new(), Some(result))))
    }

    /// One more result at the end.
    pub fn then(&self, result: Result<T, CaptureFault>) {
        locked(&self.0).0.push_back(result);
    }

    fn next(&self) -> Result<T, CaptureFault> {
        let mut script = locked(&self.0);
        let next = script.0.pop_front().or_else(|| script.1.clone());
        next.unwrap_or(Err(CaptureFault::Cancelled))
    }
}

impl<T: Clone> Default for Script<T> {
    fn default() -> Self {
        Script::of([])
    }
}

/// A camera whose photos are in its script.
#[derive(Debug, Default)]
pub struct FakeCamera {
    /// What the lens gives.
    pub lens: Script<Photo>,
    /// What a person chooses.
    pub pictures: Script<Photo>,
}

impl Camera for FakeCamera {
    fn take(&self, _: PhotoAsk) -> Result<Photo, CaptureFault> {
        self.lens.next()
    }

    fn choose(&self, _: PhotoAsk) -> Result<Photo, CaptureFault> {
        self.pictures.next()
    }
}

/// Positions from a script.
#[derive(Debug, Default)]
pub struct FakeLocation(pub Script<Fix>);

impl Location for FakeLocation {
    fn fix(&self, _: FixAsk) -> Result<Fix, CaptureFault> {
        self.0.next()
    }
}

/// Barcodes from a script.
#[derive(Debug, Default)]
pub struct FakeBarcode(pub Script<Code>);

impl Barcode for FakeBarcode {
    fn scan(&self, _: ScanAsk) -> Result<Code, CaptureFault> {
        self.0.next()
    }
}

/// Signatures from a script.
#[derive(Debug, Default)]
pub struct FakePad(pub Script<Signed>);

impl SignaturePad for FakePad {
    fn sign(&self, _: SignAsk) -> Result<Signed, CaptureFault> {
        self.0.next()
    }
}

/// A recorder that records what it is fed, and is interrupted when a test says so.
#[derive(Default)]
pub struct FakeRecorder {
    clock: Option<Arc<Replay>>,
    under_way: Mutex<Option<UnderWay>>,
}

struct UnderWay {
    file: PathBuf,
    began: Option<Reading>,
    media_ms: u64,
    bytes: u64,
    /// What ended it by itself, and when.
    ended: Option<(Ended, Option<Reading>)>,
}

impl FakeRecorder {
    /// A recorder that knows the clocks of a replayed machine.
    pub fn new(clock: Arc<Replay>) -> Self {
        FakeRecorder { clock: Some(clock), under_way: Mutex::new(None) }
    }

    /// Records so many milliseconds, which are these bytes. Nothing while none is under way.
    pub fn feed(&self, media_ms: u64, bytes: &[u8]) -> std::io::Result<()> {
        let mut slot = locked(&self.under_way);
        let Some(now) = slot.as_mut().filter(|now| now.ended.is_none()) else { return Ok(()) };
        OpenOptions::new().append(true).create(true).open(&now.file)?.write_all(bytes)?;
        now.media_ms += media_ms;
        now.bytes += bytes.len() as u64;
        Ok(())
    }

    /// A call comes, or the like: the segment ends by itself.
    pub fn interrupt(&self, by: Ended) {
        let at = self.reading();
        if let Some(now) = locked(&self.under_way).as_mut() {
            now.ended = Some((by, at));
        }
    }

    /// The app is killed: nobody stops the segment, and its file stays as far as it came.
    pub fn kill(&self) {
        *locked(&self.under_way) = None;
    }

    fn reading(&self) -> Option<Reading> {
        self.clock.as_ref().and_then(|clock| clock.clocks().ok())
    }
}

impl Recorder for FakeRecorder {
    fn start(&self, ask: SegmentAsk) -> Result<(), CaptureFault> {
        let mut slot = locked(&self.under_way);
        if slot.is_some() {
            return Err(CaptureFault::Failed("a segment is under way".into()));
        }
        let new = OpenOptions::new().write(true).create_new(true).open(&ask.file);
        new.map_err(|e| CaptureFault::Failed(e.to_string()))?;
        let began = self.reading();
        *slot = Some(UnderWay { file: ask.file, began, media_ms: 0, bytes: 0, ended: None });
        Ok(())
    }

    fn progress(&self) -> Result<Progress, CaptureFault> {
        match &*locked(&self.under_way) {
            Some(now) => {
                Ok(Progress { media_ms: now.media_ms, bytes: now.bytes, ended: now.ended.map(|(by, _)| by) })
            }
            None => Err(CaptureFault::Failed("nothing is recorded".into())),
        }
    }

    fn stop(&self) -> Result<Segment, CaptureFault> {
        let ended = locked(&self.under_way).take();
        let ended = ended.ok_or_else(|| CaptureFault::Failed("nothing is recorded".into()))?;
        let (by, stopped) = ended.ended.unwrap_or_else(|| (Ended::Asked, self.reading()));
        Ok(Segment { media_ms: ended.media_ms, ended: by, began: ended.began, stopped })
    }
}

/// The clocks of a replayed machine, as a shell gives them.
pub struct FakeClock(pub Arc<Replay>);

impl Clock for FakeClock {
    fn read(&self) -> Result<Reading, CaptureFault> {
        self.0.clocks().map_err(|fail| CaptureFault::Failed(fail.to_string()))
    }
}

/// Secrets in memory.
#[derive(Debug, Default)]
pub struct FakeKeyStore {
    /// What it keeps.
    pub secrets: Mutex<BTreeMap<String, Vec<u8>>>,
    /// The names of secrets that it kept and can never read again.
    pub lost: Mutex<BTreeSet<String>>,
    /// While this is set, every call answers it: a phone that was not unlocked yet.
    pub fault: Mutex<Option<CaptureFault>>,
}

impl FakeKeyStore {
    /// What opens the secrets is gone, as after a change of the phone's lock.
    pub fn lose(&self) {
        let names = std::mem::take(&mut *locked(&self.secrets)).into_keys();
        locked(&self.lost).extend(names);
    }

    fn works(&self) -> Result<(), CaptureFault> {
        locked(&self.fault).clone().map_or(Ok(()), Err)
    }
}

impl KeyStore for FakeKeyStore {
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, CaptureFault> {
        self.works()?;
        match locked(&self.lost).contains(&name) {
            true => Err(CaptureFault::Lost),
            false => Ok(locked(&self.secrets).get(&name).cloned()),
        }
    }

    fn store(&self, name: String, secret: Vec<u8>) -> Result<(), CaptureFault> {
        self.works()?;
        locked(&self.lost).remove(&name);
        locked(&self.secrets).insert(name, secret);
        Ok(())
    }

    fn remove(&self, name: String) -> Result<(), CaptureFault> {
        self.works()?;
        locked(&self.lost).remove(&name);
        locked(&self.secrets).remove(&name);
        Ok(())
    }
}

/// The fakes of a whole phone, with handles to script them.
#[derive(Default)]
pub struct FakeKit {
    /// Photos.
    pub camera: Arc<FakeCamera>,
    /// Sound and pictures.
    pub recorder: Arc<FakeRecorder>,
    /// Positions.
    pub location: Arc<FakeLocation>,
    /// Barcodes.
    pub barcode: Arc<FakeBarcode>,
    /// Signatures.
    pub pad: Arc<FakePad>,
}

impl FakeKit {
    /// Fakes whose recorder knows these clocks.
    pub fn new(clock: Arc<Replay>) -> Self {
        FakeKit { recorder: Arc::new(FakeRecorder::new(clock)), ..FakeKit::default() }
    }

    /// As the tools of a phone.
    pub fn kit(&self) -> Kit {
        Kit {
            camera: Some(self.camera.clone()),
            recorder: Some(self.recorder.clone()),
            location: Some(self.location.clone()),
            barcode: Some(self.barcode.clone()),
            signature: Some(self.pad.clone()),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::keystore::database_key;
    use super::super::{Medium, Tool};
    use super::*;
    use crate::error::Fail;

    #[test]
    fn a_recorder_records_what_it_is_fed_until_something_ends_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        let recorder = FakeRecorder::new(Arc::new(Replay::new(5, 1)));
        let ask = SegmentAsk { medium: Medium::Audio, file: file.clone(), longest_px: 0, bits_per_s: 1 };
        recorder.start(ask.clone()).unwrap();
        assert!(recorder.start(ask).is_err(), "one segment at a time");
        recorder.feed(20, b"hello").unwrap();
        recorder.interrupt(Ended::Call);
        recorder.feed(20, b"lost").unwrap();
        assert_eq!(
            recorder.progress().unwrap(),
            Progress { media_ms: 20, bytes: 5, ended: Some(Ended::Call) }
        );
        let segment = recorder.stop().unwrap();
        assert_eq!((segment.ended, segment.media_ms), (Ended::Call, 20));
        assert_eq!(std::fs::read(&file).unwrap(), b"hello");
        assert!(recorder.stop().is_err());
    }

    #[test]
    fn a_script_ends_like_a_person_who_goes_back() {
        let fix = Err(CaptureFault::Unavailable);
        let location = FakeLocation(Script::of([fix.clone()]));
        assert_eq!(location.fix(FixAsk::default()), fix);
        assert_eq!(location.fix(FixAsk::default()), Err(CaptureFault::Cancelled));
        assert!(matches!(
            Kit::default().camera().err(),
            Some(Fail::Capture(Tool::Camera, CaptureFault::Unavailable))
        ));
    }

    #[test]
    fn lesson_16_a_database_whose_key_is_gone_gets_no_new_key() {
        let dir = tempfile::tempdir().unwrap();
        let (keys, machine) = (FakeKeyStore::default(), Replay::new(1, 1));
        *keys.fault.lock().unwrap() = Some(CaptureFault::Unavailable);
        assert!(database_key(&keys, &machine, dir.path()).is_err());
        *keys.fault.lock().unwrap() = None;
        let first = database_key(&keys, &machine, dir.path()).unwrap();
        assert_eq!(database_key(&keys, &machine, dir.path()).unwrap().0, first.0);
        std::fs::write(dir.path().join("rounds.db"), b"x").unwrap();
        keys.lose();
        assert_eq!(keys.load("rounds-database".into()), Err(CaptureFault::Lost));
        assert!(matches!(database_key(&keys, &machine, dir.path()), Err(Fail::WrongKey)));
        keys.lost.lock().unwrap().clear();
        assert!(
            matches!(database_key(&keys, &machine, dir.path()), Err(Fail::WrongKey)),
            "nor if it was never there"
        );
    }
}
