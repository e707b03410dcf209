//! The capture contract: what a platform gives beside its network. Each trait is small, so that a
//! shell can implement it in an afternoon and a test can fake it in a line.
//!
//! What holds for all of them:
//!
//! - A call **blocks until a person or the hardware is done**, which may take minutes. The core calls
//!   them on a thread of its own, holds no lock and no transaction meanwhile, and stores nothing
//!   before they return. An implementation may show its own screen.
//! - What goes wrong is a [`CaptureFault`], never a panic, and the five of them are all that a shell
//!   has to tell apart; the core knows the words.
//! - Values are owned and plain, so that they cross a language border as they are. Nothing that comes
//!   in is believed: the core bounds it, hashes it and judges it.
//! - A kit without a tool is a phone without it: `Unavailable`.
//!
//! One file a trait: [`camera`], [`recorder`], [`location`], [`barcode`], [`signature`], [`clock`],
//! [`keystore`]. [`digits`] checks the numbers under bars; [`fault`] is the enum; [`fake`] has one of
//! each that tests and the desktop simulator script.

pub mod barcode;
pub mod camera;
pub mod clock;
pub mod digits;
pub mod fake;
pub mod fault;
pub mod keystore;
pub mod location;
pub mod recorder;
pub mod signature;

pub use barcode::{Barcode, Code, ScanAsk, Symbology};
pub use camera::{Camera, Lens, Photo, PhotoAsk};
pub use clock::Clock;
pub use fault::{CaptureFault, Tool};
pub use keystore::KeyStore;
pub use location::{Fix, FixAsk, Location, Source};
pub use recorder::{Ended, Medium, Progress, Recorder, Segment, SegmentAsk};
pub use signature::{Point, SignAsk, SignaturePad, Signed, Stroke};

use crate::error::Fail;
use std::sync::Arc;

/// The tools of a phone. What is missing is unavailable.
#[derive(Clone, Default)]
pub struct Kit {
    /// Takes photos.
    pub camera: Option<Arc<dyn Camera>>,
    /// Records sound and pictures.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Says where the phone is.
    pub location: Option<Arc<dyn Location>>,
    /// Reads barcodes.
    pub barcode: Option<Arc<dyn Barcode>>,
    /// Takes signatures.
    pub signature: Option<Arc<dyn SignaturePad>>,
}

impl Kit {
    /// The camera, or that there is none.
    pub fn camera(&self) -> Result<&dyn Camera, Fail> {
        tool(self.camera.as_deref(), Tool::Camera)
    }

    /// The recorder, or that there is none.
    pub fn recorder(&self) -> Result<&dyn Recorder, Fail> {
        tool(self.recorder.as_deref(), Tool::Recorder)
    }

    /// The location service, or that there is none.
    pub fn location(&self) -> Result<&dyn Location, Fail> {
        tool(self.location.as_deref(), Tool::Location)
    }

    /// The barcode reader, or that there is none.
    pub fn barcode(&self) -> Result<&dyn Barcode, Fail> {
        tool(self.barcode.as_deref(), Tool::Barcode)
    }

    /// The signature pad, or that there is none.
    pub fn signature(&self) -> Result<&dyn SignaturePad, Fail> {
        tool(self.signature.as_deref(), Tool::Signature)
    }
}

impl std::fmt::Debug for Kit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has = [
            ("camera", self.camera.is_some()),
            ("recorder", self.recorder.is_some()),
            ("location", self.location.is_some()),
            ("barcode", self.barcode.is_some()),
            ("signature", self.signature.is_some()),
        ];
        f.debug_list().entries(has.iter().filter(|(_, there)| *there).map(|(name, _)| name)).finish()
    }
}

fn tool<T: ?Sized>(tool: Option<&T>, which: Tool) -> Result<&T, Fail> {
    tool.ok_or(Fail::Capture(which, CaptureFault::Unavailable))
}
