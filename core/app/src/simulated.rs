//! A machine that is made up: for tests, for scenarios, and for the app in a window of a desktop. Its keys
//! are in a file beside the app, so that they outlive it; it protects nothing.

use crate::machine::Machine;
use crate::session::lock;
use rounds_device::capture::{
    Barcode, Camera, CaptureFault, Code, Ended, Fix, FixAsk, KeyStore, Kit, Location, Photo, PhotoAsk,
    Progress, Recorder, ScanAsk, Segment, SegmentAsk, SignAsk, SignaturePad, Signed, Source, Stroke,
    Symbology,
};
use rounds_device::platform::Platform;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Where Debian has fonts with the letters of both languages.
const FONTS: [&str; 2] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
];

/// A made-up machine, but for its clocks.
pub struct Simulated {
    file: PathBuf,
    /// None of what is kept and can never be read again.
    secrets: Mutex<BTreeMap<String, Option<Vec<u8>>>>,
    sensed: Mutex<Sensed>,
    /// Since when it records, if it does.
    recording: Mutex<Option<Instant>>,
}

/// What it senses: nothing, where nothing is said.
#[derive(Debug, Clone, Default)]
struct Sensed {
    photo: Option<Vec<u8>>,
    place: Option<(f64, f64, f64)>,
    code: Option<String>,
    signs: bool,
}

impl Simulated {
    /// A machine whose keys are in this folder.
    pub fn new(folder: &Path) -> Arc<Simulated> {
        let file = folder.join("simulated-keys.json");
        let secrets = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let secrets = Mutex::new(secrets.unwrap_or_default());
        Arc::new(Simulated { file, secrets, sensed: Mutex::default(), recording: Mutex::default() })
    }

    /// The machine, with these clocks.
    pub fn machine(self: &Arc<Self>, platform: Arc<dyn Platform>) -> Machine {
        Machine {
            platform,
            keys: self.clone(),
            kit: Kit {
                camera: Some(self.clone()),
                recorder: Some(self.clone()),
                location: Some(self.clone()),
                barcode: Some(self.clone()),
                signature: Some(self.clone()),
            },
            fonts: FONTS.iter().map(PathBuf::from).filter(|font| font.is_file()).collect(),
            device_name: rounds_device::platform::machine().chars().take(20).collect(),
        }
    }

    /// The next photo has these bytes; without them the person thinks better of it.
    pub fn photo(&self, bytes: Option<Vec<u8>>) {
        lock(&self.sensed).photo = bytes;
    }

    /// It is at these degrees north and east, within so many metres; or nobody knows where.
    pub fn place(&self, place: Option<(f64, f64, f64)>) {
        lock(&self.sensed).place = place;
    }

    /// The next code that is read.
    pub fn code(&self, code: Option<String>) {
        lock(&self.sensed).code = code;
    }

    /// Somebody signs when asked, or goes back.
    pub fn signs(&self, signs: bool) {
        lock(&self.sensed).signs = signs;
    }

    /// What opens the secrets is gone, as after a change of the phone's lock: they are there, and lost.
    pub fn lose_keys(&self) {
        let mut secrets = lock(&self.secrets);
        secrets.values_mut().for_each(|secret| *secret = None);
        // It is as lost in this process, whether or not another one will know it.
        let _ = self.keep(&secrets);
    }

    fn keep(&self, secrets: &BTreeMap<String, Option<Vec<u8>>>) -> Result<(), CaptureFault> {
        let text = serde_json::to_vec(secrets).unwrap_or_default();
        std::fs::write(&self.file, text).map_err(|e| CaptureFault::Failed(e.to_string()))
    }
}

impl KeyStore for Simulated {
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, CaptureFault> {
        match lock(&self.secrets).get(&name) {
            Some(None) => Err(CaptureFault::Lost),
            known => Ok(known.cloned().flatten()),
        }
    }

    fn store(&self, name: String, secret: Vec<u8>) -> Result<(), CaptureFault> {
        let mut secrets = lock(&self.secrets);
        secrets.insert(name, Some(secret));
        self.keep(&secrets)
    }

    fn remove(&self, name: String) -> Result<(), CaptureFault> {
        let mut secrets = lock(&self.secrets);
        secrets.remove(&name);
        self.keep(&secrets)
    }
}

impl Camera for Simulated {
    fn take(&self, _: PhotoAsk) -> Result<Photo, CaptureFault> {
        let bytes = lock(&self.sensed).photo.clone().ok_or(CaptureFault::Cancelled)?;
        Ok(Photo { bytes, at: None })
    }

    fn choose(&self, ask: PhotoAsk) -> Result<Photo, CaptureFault> {
        self.take(ask)
    }
}

/// Records a kilobyte of silence, as long as it takes.
impl Recorder for Simulated {
    fn start(&self, ask: SegmentAsk) -> Result<(), CaptureFault> {
        let mut recording = lock(&self.recording);
        if recording.is_some() {
            return Err(CaptureFault::Failed("a segment is under way".to_owned()));
        }
        std::fs::write(&ask.file, [0; 1_024]).map_err(|e| CaptureFault::Failed(e.to_string()))?;
        *recording = Some(Instant::now());
        Ok(())
    }

    fn progress(&self) -> Result<Progress, CaptureFault> {
        let began = lock(&self.recording).ok_or_else(nothing)?;
        Ok(Progress { media_ms: millis(began), bytes: 1_024, ended: None })
    }

    fn stop(&self) -> Result<Segment, CaptureFault> {
        let began = lock(&self.recording).take().ok_or_else(nothing)?;
        Ok(Segment { media_ms: millis(began), ended: Ended::Asked, began: None, stopped: None })
    }
}

fn nothing() -> CaptureFault {
    CaptureFault::Failed("nothing is recorded".to_owned())
}

fn millis(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl SignaturePad for Simulated {
    fn sign(&self, _: SignAsk) -> Result<Signed, CaptureFault> {
        if !lock(&self.sensed).signs {
            return Err(CaptureFault::Cancelled);
        }
        let point = |n: u16| rounds_device::capture::Point {
            x: 20 + n * 30,
            y: 60 + (n % 2) * 40,
            t_ms: u32::from(n) * 40,
            pressure: 0,
        };
        Ok(Signed { width: 400, height: 160, strokes: vec![Stroke { points: (0..12).map(point).collect() }] })
    }
}

impl Location for Simulated {
    fn fix(&self, _: FixAsk) -> Result<Fix, CaptureFault> {
        let (latitude, longitude, accuracy_m) = lock(&self.sensed).place.ok_or(CaptureFault::Unavailable)?;
        Ok(Fix {
            latitude,
            longitude,
            altitude_m: None,
            accuracy_m,
            mock: None,
            gps_ms: None,
            age_ms: 0,
            speed_mps: None,
            source: Source::Unknown,
        })
    }
}

impl Barcode for Simulated {
    fn scan(&self, _: ScanAsk) -> Result<Code, CaptureFault> {
        let text = lock(&self.sensed).code.clone().ok_or(CaptureFault::Cancelled)?;
        Ok(Code { symbology: Symbology::Qr, text })
    }
}
