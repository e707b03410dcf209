//! The plain types of the capture contract. They are `rounds_device`'s own: what is written here is compared
//! with them by the compiler.

use rounds_device::capture::{
    Code, Ended, Fix, FixAsk, Lens, Medium, PhotoAsk, Progress, ScanAsk, SignAsk, Source, Symbology,
};

/// What kind of photo is wanted.
#[uniffi::remote(Record)]
pub struct PhotoAsk {
    /// Which lens to begin with; the person may turn the phone around.
    lens: Lens,
    /// The question's label in the reader's language, to show above the picture; may be empty.
    title: String,
    /// The longest side in pixels that is of use. A camera may give more, and should not give much
    /// more; none is as much as it has.
    longest_px: Option<u32>,
}

/// A lens.
#[uniffi::remote(Enum)]
pub enum Lens {
    /// Away from the person.
    Back,
    /// Towards the person.
    Front,
}

/// What position is wanted.
#[uniffi::remote(Record)]
pub struct FixAsk {
    /// Milliseconds to wait at most. When they are over, the best fix so far is returned.
    within_ms: u64,
    /// Metres of accuracy that are good enough to return at once.
    accuracy_m: f64,
    /// Milliseconds that a fix may be old. 0 asks for a new one.
    age_ms: u64,
}

/// A position.
#[uniffi::remote(Record)]
pub struct Fix {
    /// Degrees north, WGS 84, -90 to 90. Not shifted for any map.
    latitude: f64,
    /// Degrees east, WGS 84, -180 to 180.
    longitude: f64,
    /// Metres above the ellipsoid.
    altitude_m: Option<f64>,
    /// The radius in metres within which the phone is with 68 % probability.
    accuracy_m: f64,
    /// The platform says that the fix is made up by an app or a developer's setting
    /// (`Location.isMock`, `sourceInformation.isSimulatedBySoftware`). None if it cannot tell.
    mock: Option<bool>,
    /// The time of the satellites, Unix milliseconds; none unless the fix is theirs
    /// (`Location.getTime` of the GPS provider). Never the phone's own wall clock.
    gps_ms: Option<i64>,
    /// Milliseconds that passed by the monotonic clock from the fix until this call returned.
    age_ms: u64,
    /// Metres per second over ground.
    speed_mps: Option<f64>,
    /// What the fix was made with.
    source: Source,
}

/// What a fix was made with.
#[uniffi::remote(Enum)]
pub enum Source {
    /// Satellites.
    Satellite,
    /// Cells and wireless networks.
    Network,
    /// A mix of them, or the platform does not say.
    Unknown,
}

/// What is to be read.
#[uniffi::remote(Record)]
pub struct ScanAsk {
    /// Which kinds of code; empty is any.
    of: Vec<Symbology>,
    /// The question's label in the reader's language; may be empty.
    title: String,
}

/// A code that was read.
#[uniffi::remote(Record)]
pub struct Code {
    /// Its kind.
    symbology: Symbology,
    /// What it says, up to 4,096 bytes, with its check digit where it has one.
    text: String,
}

/// A kind of barcode.
#[uniffi::remote(Enum)]
pub enum Symbology {
    /// 13 digits; most goods.
    Ean13,
    /// 8 digits; small goods.
    Ean8,
    /// 12 digits; goods from North America.
    UpcA,
    /// 14 digits; cartons.
    Itf14,
    /// Letters and digits, such as shelf labels.
    Code128,
    /// Letters and digits, older.
    Code39,
    /// Two dimensions.
    Qr,
    /// Two dimensions.
    DataMatrix,
}

/// What is to be signed.
#[uniffi::remote(Record)]
pub struct SignAsk {
    /// The question's label in the reader's language; may be empty.
    title: String,
    /// Who signs; may be empty.
    signer: String,
}

/// What is recorded.
#[uniffi::remote(Enum)]
pub enum Medium {
    /// Sound.
    Audio,
    /// Pictures with sound.
    Video,
}

/// How far a segment is.
#[uniffi::remote(Record)]
pub struct Progress {
    /// Milliseconds of media so far.
    media_ms: u64,
    /// Bytes so far, roughly.
    bytes: u64,
    /// None while it goes on; otherwise what ended it without the core's asking.
    ended: Option<Ended>,
}

/// What ended a segment.
#[uniffi::remote(Enum)]
pub enum Ended {
    /// The core asked for it.
    Asked,
    /// A call came, or another app took the microphone or the camera.
    Call,
    /// The app went out of sight, and the system lets it record no further.
    Background,
    /// The battery is nearly empty, or the phone too hot.
    Power,
    /// There is no room left.
    Storage,
    /// The recorder broke.
    Broken,
}
