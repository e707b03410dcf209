//! What a phone's system has to give. Kotlin and Swift implement these, as `rounds_device::capture` says;
//! [`SimulatedMachine`] is made up.
//!
//! A call blocks until a person or the hardware is done. The core calls with no lock held.

use rounds_app::machine::Machine as AppMachine;
use rounds_app::simulated::Simulated;
use rounds_device::capture::{
    self as contract, Code, Ended, Fix, FixAsk, Kit, Medium, PhotoAsk, Progress, ScanAsk, SignAsk,
};
use rounds_device::platform::{Platform, System};
use rounds_model::ids::BootId;
use rounds_model::time::Reading as AppReading;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the machine did not do it.
#[derive(Debug, Clone, PartialEq, thiserror::Error, uniffi::Error)]
pub enum CaptureError {
    /// The person, or a rule of the phone's owner, does not let the app use it.
    #[error("not allowed")]
    Denied,
    /// The phone does not have it, it is switched off, or another app has it.
    #[error("not there")]
    Unavailable,
    /// The person went back without finishing.
    #[error("cancelled")]
    Cancelled,
    /// What was kept is there, and what opens it is gone for good: only of a key store.
    #[error("lost")]
    Lost,
    /// It broke.
    #[error("failed: {what}")]
    Failed {
        /// For the support log, without personal data.
        what: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for CaptureError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        CaptureError::Failed { what: error.reason.chars().take(200).collect() }
    }
}

impl From<CaptureError> for contract::CaptureFault {
    fn from(error: CaptureError) -> Self {
        match error {
            CaptureError::Denied => contract::CaptureFault::Denied,
            CaptureError::Unavailable => contract::CaptureFault::Unavailable,
            CaptureError::Cancelled => contract::CaptureFault::Cancelled,
            CaptureError::Lost => contract::CaptureFault::Lost,
            CaptureError::Failed { what } => contract::CaptureFault::Failed(what.chars().take(200).collect()),
        }
    }
}

/// One look at the clocks.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Reading {
    /// The wall clock, Unix milliseconds.
    pub wall_ms: i64,
    /// A clock that only runs forward, also while the phone sleeps; milliseconds.
    pub mono_ms: u64,
    /// Which start of the phone it belongs to: 16 bytes, others after each start.
    pub boot: Vec<u8>,
}

/// A photo as the camera made it: JPEG or PNG, up to 40 MB.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Photo {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The clocks when the shutter went, if the platform knows.
    pub at: Option<Reading>,
}

/// What to record, and where to.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SegmentAsk {
    /// Sound alone, or pictures with it.
    pub medium: Medium,
    /// The path of a file that is not there yet.
    pub file: String,
    /// The longest side of the picture in pixels that is of use.
    pub longest_px: u32,
    /// Bits per second to aim at.
    pub bits_per_s: u32,
}

/// A segment that has ended.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Segment {
    /// Milliseconds of media.
    pub media_ms: u64,
    /// What ended it.
    pub ended: Ended,
    /// The clocks at the first sample, if the platform knows.
    pub began: Option<Reading>,
    /// The clocks at the last sample, if the platform knows.
    pub stopped: Option<Reading>,
}

/// What was drawn on a pad.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Signed {
    /// The pad's width in its own units, 1 to 10,000.
    pub width: u16,
    /// The pad's height in the same units.
    pub height: u16,
    /// The strokes in their order, from pen down to pen up.
    pub strokes: Vec<Stroke>,
}

/// One stroke.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Stroke {
    /// Its points in order.
    pub points: Vec<InkPoint>,
}

/// Where the pen was.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct InkPoint {
    /// From the left, in the pad's units.
    pub x: u16,
    /// From the top, in the pad's units.
    pub y: u16,
    /// Milliseconds since the first point of all.
    pub t_ms: u32,
    /// Pressure, 0 to 255; 0 if the pad does not measure it.
    pub pressure: u8,
}

/// Looks at the clocks: at once, and often. `system_clocks()` does it where nothing else is wanted.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// All clocks, read together.
    fn read(&self) -> Result<Reading, CaptureError>;
}

/// Keeps small secrets so that only this app on this phone can read them.
#[uniffi::export(with_foreign)]
pub trait KeyStore: Send + Sync {
    /// The secret of this name, or none if there never was one; `Lost` if it is there and can never be read
    /// again.
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, CaptureError>;
    /// Keeps a secret, durably, before it returns.
    fn store(&self, name: String, secret: Vec<u8>) -> Result<(), CaptureError>;
    /// Forgets a secret. That there is none is as good.
    fn remove(&self, name: String) -> Result<(), CaptureError>;
}

/// Takes photos.
#[uniffi::export(with_foreign)]
pub trait Camera: Send + Sync {
    /// Shows the camera and returns when a photo was taken and confirmed.
    fn take(&self, ask: PhotoAsk) -> Result<Photo, CaptureError>;
    /// Lets the person choose a picture that is on the phone already.
    fn choose(&self, ask: PhotoAsk) -> Result<Photo, CaptureError>;
}

/// Records one segment at a time into a file that the core names.
#[uniffi::export(with_foreign)]
pub trait Recorder: Send + Sync {
    /// Begins a segment and returns when it is being recorded.
    fn start(&self, ask: SegmentAsk) -> Result<(), CaptureError>;
    /// How far the segment is, at once.
    fn progress(&self) -> Result<Progress, CaptureError>;
    /// Ends the segment; when it returns the file is whole and closed.
    fn stop(&self) -> Result<Segment, CaptureError>;
}

/// Finds out where the phone is.
#[uniffi::export(with_foreign)]
pub trait Location: Send + Sync {
    /// The best position within the time that is asked for; with `within_ms` 0 the last one that is not too
    /// old, at once, without asking anybody for anything.
    fn fix(&self, ask: FixAsk) -> Result<Fix, CaptureError>;
}

/// Reads barcodes with the camera.
#[uniffi::export(with_foreign)]
pub trait Barcode: Send + Sync {
    /// Shows the camera and returns the first code of the wanted kinds.
    fn scan(&self, ask: ScanAsk) -> Result<Code, CaptureError>;
}

/// Takes signatures.
#[uniffi::export(with_foreign)]
pub trait SignaturePad: Send + Sync {
    /// Shows the pad and returns when the person confirms what they drew.
    fn sign(&self, ask: SignAsk) -> Result<Signed, CaptureError>;
}

/// The machine: what it must give, and what it may.
#[derive(Clone, uniffi::Record)]
pub struct Machine {
    /// Clocks.
    pub clock: Arc<dyn Clock>,
    /// A place for secrets.
    pub keys: Arc<dyn KeyStore>,
    /// Photos.
    pub camera: Option<Arc<dyn Camera>>,
    /// Sound and pictures.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Where the phone is.
    pub location: Option<Arc<dyn Location>>,
    /// Codes.
    pub barcode: Option<Arc<dyn Barcode>>,
    /// Signatures.
    pub signature: Option<Arc<dyn SignaturePad>>,
    /// Paths of fonts with Chinese and Latin letters, the best first: for paper.
    pub fonts: Vec<String>,
    /// What this phone is called.
    pub device_name: String,
}

/// The clocks of the system that this runs on.
#[uniffi::export]
pub fn system_clocks() -> Result<Reading, CaptureError> {
    let reading = System.clocks().map_err(|fail| CaptureError::Failed { what: fail.to_string() })?;
    Ok(Reading { wall_ms: reading.wall_ms, mono_ms: reading.mono_ms, boot: reading.boot.0.to_vec() })
}

/// A made-up machine, for tests and the app on a desktop: its keys are in a file, its camera gives what it is
/// told to.
#[derive(uniffi::Object)]
pub struct SimulatedMachine(pub(crate) Arc<Simulated>);

#[uniffi::export]
impl SimulatedMachine {
    /// A machine whose keys are in this folder.
    #[uniffi::constructor]
    pub fn new(folder: String) -> Result<Arc<SimulatedMachine>, CaptureError> {
        std::fs::create_dir_all(&folder).map_err(|e| CaptureError::Failed { what: e.to_string() })?;
        Ok(Arc::new(SimulatedMachine(Simulated::new(Path::new(&folder)))))
    }

    /// The next photo has these bytes; without them the person thinks better of it.
    pub fn photo(&self, bytes: Option<Vec<u8>>) -> Result<(), CaptureError> {
        self.0.photo(bytes);
        Ok(())
    }

    /// It is at these degrees from now on, within so many metres.
    pub fn at(&self, latitude: f64, longitude: f64, accuracy_m: f64) -> Result<(), CaptureError> {
        self.0.place(Some((latitude, longitude, accuracy_m)));
        Ok(())
    }

    /// Nobody knows where it is.
    pub fn nowhere(&self) -> Result<(), CaptureError> {
        self.0.place(None);
        Ok(())
    }

    /// The next code that is read; without one the person goes back.
    pub fn code(&self, code: Option<String>) -> Result<(), CaptureError> {
        self.0.code(code);
        Ok(())
    }

    /// Somebody signs when asked, or goes back.
    pub fn signs(&self, signs: bool) -> Result<(), CaptureError> {
        self.0.signs(signs);
        Ok(())
    }

    /// The key store forgets everything.
    pub fn lose_keys(&self) -> Result<(), CaptureError> {
        self.0.lose_keys();
        Ok(())
    }
}

impl SimulatedMachine {
    pub(crate) fn machine(&self) -> AppMachine {
        self.0.machine(Arc::new(System))
    }
}

impl From<Machine> for AppMachine {
    fn from(machine: Machine) -> AppMachine {
        let clock: Arc<dyn contract::Clock> = Arc::new(Theirs(machine.clock));
        AppMachine {
            platform: Arc::new(contract::clock::ShellClock(clock)),
            keys: Arc::new(Theirs(machine.keys)),
            kit: Kit {
                camera: machine.camera.map(|one| Arc::new(Theirs(one)) as Arc<dyn contract::Camera>),
                recorder: machine.recorder.map(|one| Arc::new(Theirs(one)) as Arc<dyn contract::Recorder>),
                location: machine.location.map(|one| Arc::new(Theirs(one)) as Arc<dyn contract::Location>),
                barcode: machine.barcode.map(|one| Arc::new(Theirs(one)) as Arc<dyn contract::Barcode>),
                signature: machine
                    .signature
                    .map(|one| Arc::new(Theirs(one)) as Arc<dyn contract::SignaturePad>),
            },
            fonts: machine.fonts.into_iter().map(PathBuf::from).collect(),
            device_name: machine.device_name,
        }
    }
}

/// A foreign tool as the core knows one.
struct Theirs<T: ?Sized>(Arc<T>);

impl contract::Clock for Theirs<dyn Clock> {
    fn read(&self) -> Result<AppReading, contract::CaptureFault> {
        self.0.read()?.try_into()
    }
}

impl contract::KeyStore for Theirs<dyn KeyStore> {
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, contract::CaptureFault> {
        Ok(self.0.load(name)?)
    }

    fn store(&self, name: String, secret: Vec<u8>) -> Result<(), contract::CaptureFault> {
        Ok(self.0.store(name, secret)?)
    }

    fn remove(&self, name: String) -> Result<(), contract::CaptureFault> {
        Ok(self.0.remove(name)?)
    }
}

impl contract::Camera for Theirs<dyn Camera> {
    fn take(&self, ask: PhotoAsk) -> Result<contract::Photo, contract::CaptureFault> {
        self.0.take(ask)?.try_into()
    }

    fn choose(&self, ask: PhotoAsk) -> Result<contract::Photo, contract::CaptureFault> {
        self.0.choose(ask)?.try_into()
    }
}

impl contract::Recorder for Theirs<dyn Recorder> {
    fn start(&self, ask: contract::SegmentAsk) -> Result<(), contract::CaptureFault> {
        let contract::SegmentAsk { medium, file, longest_px, bits_per_s } = ask;
        let file = file.to_string_lossy().into_owned();
        Ok(self.0.start(SegmentAsk { medium, file, longest_px, bits_per_s })?)
    }

    fn progress(&self) -> Result<Progress, contract::CaptureFault> {
        Ok(self.0.progress()?)
    }

    fn stop(&self) -> Result<contract::Segment, contract::CaptureFault> {
        let Segment { media_ms, ended, began, stopped } = self.0.stop()?;
        let read = |at: Option<Reading>| at.map(AppReading::try_from).transpose();
        Ok(contract::Segment { media_ms, ended, began: read(began)?, stopped: read(stopped)? })
    }
}

impl contract::Location for Theirs<dyn Location> {
    fn fix(&self, ask: FixAsk) -> Result<Fix, contract::CaptureFault> {
        Ok(self.0.fix(ask)?)
    }
}

impl contract::Barcode for Theirs<dyn Barcode> {
    fn scan(&self, ask: ScanAsk) -> Result<Code, contract::CaptureFault> {
        Ok(self.0.scan(ask)?)
    }
}

impl contract::SignaturePad for Theirs<dyn SignaturePad> {
    fn sign(&self, ask: SignAsk) -> Result<contract::Signed, contract::CaptureFault> {
        let Signed { width, height, strokes } = self.0.sign(ask)?;
        let point = |p: InkPoint| contract::Point { x: p.x, y: p.y, t_ms: p.t_ms, pressure: p.pressure };
        let stroke = |s: Stroke| contract::Stroke { points: s.points.into_iter().map(point).collect() };
        Ok(contract::Signed { width, height, strokes: strokes.into_iter().map(stroke).collect() })
    }
}

impl TryFrom<Reading> for AppReading {
    type Error = contract::CaptureFault;
    fn try_from(reading: Reading) -> Result<AppReading, contract::CaptureFault> {
        let boot: Result<[u8; 16], _> = reading.boot.try_into();
        let boot = boot.map_err(|_| contract::CaptureFault::Failed("a boot is 16 bytes".to_owned()))?;
        Ok(AppReading { wall_ms: reading.wall_ms, mono_ms: reading.mono_ms, boot: BootId(boot) })
    }
}

impl TryFrom<Photo> for contract::Photo {
    type Error = contract::CaptureFault;
    fn try_from(photo: Photo) -> Result<contract::Photo, contract::CaptureFault> {
        Ok(contract::Photo { bytes: photo.bytes, at: photo.at.map(AppReading::try_from).transpose()? })
    }
}
