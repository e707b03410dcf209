//! Sound and moving pictures, in segments. A recording is as many segments as it takes: each pause,
//! call or kill ends one, and the core begins the next and states the gap between them.

use super::CaptureFault;
use rounds_model::time::Reading;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Records one segment at a time into a file that the core names.
///
/// The file must grow while it is recorded (fragmented MP4, ADTS, Ogg), so that what was recorded
/// before a kill or an empty battery is there afterwards. The core encrypts the file and deletes it as
/// soon as the segment has ended, and takes up what a kill left behind at the next start.
pub trait Recorder: Send + Sync {
    /// Begins a segment and returns when it is being recorded.
    ///
    /// # Errors
    /// `Unavailable` while another app has the microphone or the camera, such as a call; `Failed` if a
    /// segment is under way already.
    fn start(&self, ask: SegmentAsk) -> Result<(), CaptureFault>;

    /// How far the segment is, at once. The core asks it before each step that rests on the
    /// recording, so that no step is marked over a recording that a call has ended.
    ///
    /// # Errors
    /// `Failed` if nothing was started.
    fn progress(&self) -> Result<Progress, CaptureFault>;

    /// Ends the segment; when it returns the file is whole and closed. A segment that was interrupted
    /// is ended with this, too.
    ///
    /// # Errors
    /// `Failed` if nothing was started, or nothing could be kept.
    fn stop(&self) -> Result<Segment, CaptureFault>;
}

/// What to record, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentAsk {
    /// Sound alone, or pictures with it.
    pub medium: Medium,
    /// A file that is not there yet, in a folder that only this app can read.
    pub file: PathBuf,
    /// The longest side of the picture in pixels that is of use.
    pub longest_px: u32,
    /// Bits per second to aim at, all tracks together: a guide, not a bound.
    pub bits_per_s: u32,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Sound.
    Audio,
    /// Pictures with sound.
    Video,
}

/// How far a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Milliseconds of media so far.
    pub media_ms: u64,
    /// Bytes so far, roughly.
    pub bytes: u64,
    /// None while it goes on; otherwise what ended it without the core's asking.
    pub ended: Option<Ended>,
}

/// What ended a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// A segment that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Milliseconds of media.
    pub media_ms: u64,
    /// What ended it.
    pub ended: Ended,
    /// The clocks when the first sample was taken, if the platform knows.
    pub began: Option<Reading>,
    /// The clocks when the last sample was taken, if the platform knows: of a call, when it came, not
    /// when somebody looked. From here the gap is counted; without it, from the link before.
    pub stopped: Option<Reading>,
}
