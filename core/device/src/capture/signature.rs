//! Signatures, drawn with a finger.
//!
//! The pad gives strokes; the picture is drawn from them by the core, so that the two cannot differ.

use super::CaptureFault;
use serde::{Deserialize, Serialize};

/// Takes signatures.
pub trait SignaturePad: Send + Sync {
    /// Shows the pad and returns when the person confirms what they drew.
    ///
    /// # Errors
    /// Any [`CaptureFault`]; `Cancelled` also for an empty pad.
    fn sign(&self, ask: SignAsk) -> Result<Signed, CaptureFault>;
}

/// What is to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SignAsk {
    /// The question's label in the reader's language; may be empty.
    pub title: String,
    /// Who signs; may be empty.
    pub signer: String,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The pad's width in its own units, 1 to 10,000.
    pub width: u16,
    /// The pad's height in the same units, 1 to 10,000.
    pub height: u16,
    /// The strokes in the order in which they were drawn, 1 to 500.
    pub strokes: Vec<Stroke>,
}

/// One stroke: from pen down to pen up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stroke {
    /// Its points in order, 1 to 5,000.
    pub points: Vec<Point>,
}

/// Where the pen was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// From the left, in the pad's units.
    pub x: u16,
    /// From the top, in the pad's units.
    pub y: u16,
    /// Milliseconds since the first point of all.
    pub t_ms: u32,
    /// Pressure, 0 to 255; 0 if the pad does not measure it.
    pub pressure: u8,
}

impl Signed {
    /// Strokes of a signature at most.
    pub const STROKES: usize = 500;
    /// Points of all strokes at most.
    pub const POINTS: usize = 20_000;

    /// Whether this is a drawing on the pad, within the bounds.
    pub fn is_sane(&self) -> bool {
        let points: usize = self.strokes.iter().map(|s| s.points.len()).sum();
        (1..=10_000).contains(&self.width)
            && (1..=10_000).contains(&self.height)
            && (1..=Self::STROKES).contains(&self.strokes.len())
            && (1..=Self::POINTS).contains(&points)
            && self.strokes.iter().all(|s| !s.points.is_empty())
            && self.strokes.iter().flat_map(|s| &s.points).all(|p| p.x <= self.width && p.y <= self.height)
    }
}
