//! Barcodes. The reader reads; the core checks ([`super::digits`]).

use super::CaptureFault;
use serde::{Deserialize, Serialize};

/// Reads barcodes with the camera.
pub trait Barcode: Send + Sync {
    /// Shows the camera and returns the first code of the wanted kinds.
    ///
    /// # Errors
    /// Any [`CaptureFault`].
    fn scan(&self, ask: ScanAsk) -> Result<Code, CaptureFault>;
}

/// What is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScanAsk {
    /// Which kinds of code; empty is any.
    pub of: Vec<Symbology>,
    /// The question's label in the reader's language; may be empty.
    pub title: String,
}

/// A code that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Its kind.
    pub symbology: Symbology,
    /// What it says, up to 4,096 bytes, with its check digit where it has one.
    pub text: String,
}

/// A kind of barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
