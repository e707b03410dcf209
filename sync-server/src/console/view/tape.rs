//! A recording along its time line.

use super::Stamp;

/// The drawing of it, 960 wide.
#[derive(Debug)]
pub struct Tape {
    /// When it began.
    pub from: Stamp,
    /// When it ended, with seconds.
    pub to: String,
    /// How much was recorded, in words.
    pub recorded: String,
    /// What was recorded.
    pub stretches: Vec<Stretch>,
    /// Where it stood still.
    pub gaps: Vec<Break>,
    /// The steps that were done.
    pub marks: Vec<Mark>,
    /// Where something is wrong: the place, the link, and what is read of it.
    pub bad: Vec<(String, u64, String)>,
    /// The files.
    pub segments: Vec<Segment>,
}

/// What was recorded without a break.
#[derive(Debug)]
pub struct Stretch {
    /// Its segment, in words.
    pub title: String,
    /// From the left.
    pub x: String,
    /// How wide.
    pub width: String,
}

/// Where nothing was recorded.
#[derive(Debug)]
pub struct Break {
    /// From the left.
    pub x: String,
    /// The middle of it.
    pub middle: String,
    /// How wide; all are the same.
    pub width: String,
    /// How long it was.
    pub text: String,
}

/// A step that was done.
#[derive(Debug)]
pub struct Mark {
    /// From the left.
    pub x: String,
    /// Its number stands on the lower line.
    pub low: bool,
    /// Which step.
    pub step: u32,
    /// The link that says so.
    pub link: u64,
    /// In which segment.
    pub segment: u32,
    /// How many seconds after that began.
    pub seconds: String,
    /// What is read of it.
    pub label: String,
}

/// The file of a segment.
#[derive(Debug)]
pub struct Segment {
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub title: String,
    /// How long it is, if somebody knows.
    pub long: String,
    /// There is something to see.
    pub film: bool,
    /// Where it is, if it has arrived.
    pub address: Option<String>,
}
