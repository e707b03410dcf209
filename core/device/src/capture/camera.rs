//! Photos, taken now by this app.

use super::CaptureFault;
use rounds_model::time::Reading;
use serde::{Deserialize, Serialize};

/// Takes photos.
///
/// `take` must come from the lens: a shell that lets a person choose a picture there breaks what
/// evidence is worth. Choosing has a call of its own, and the core asks for it only where the pack
/// allows it.
pub trait Camera: Send + Sync {
    /// Shows the camera and returns when a photo was taken and confirmed.
    ///
    /// # Errors
    /// Any [`CaptureFault`]; `Cancelled` when the person goes back.
    fn take(&self, ask: PhotoAsk) -> Result<Photo, CaptureFault>;

    /// Lets the person choose a picture that is on the phone already.
    ///
    /// # Errors
    /// As `take`. A platform without pictures answers `Unavailable`.
    fn choose(&self, ask: PhotoAsk) -> Result<Photo, CaptureFault>;
}

/// What kind of photo is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PhotoAsk {
    /// Which lens to begin with; the person may turn the phone around.
    pub lens: Lens,
    /// The question's label in the reader's language, to show above the picture; may be empty.
    pub title: String,
    /// The longest side in pixels that is of use. A camera may give more, and should not give much
    /// more; none is as much as it has.
    pub longest_px: Option<u32>,
}

/// A lens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lens {
    /// Away from the person.
    #[default]
    Back,
    /// Towards the person.
    Front,
}

/// A photo as the camera made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// JPEG or PNG, up to [`Photo::LARGEST`] bytes, with whatever metadata the camera writes: the
    /// core keeps their hash and strips them.
    pub bytes: Vec<u8>,
    /// The clocks when the shutter went. None if the platform does not know: then it counts as taken
    /// when the call returned.
    pub at: Option<Reading>,
}

impl Photo {
    /// Bytes beyond which a photo is refused: 40 MB, more than phones of today make.
    pub const LARGEST: usize = 40_000_000;
}
