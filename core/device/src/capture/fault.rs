//! What can go wrong when something is captured, and with which tool. The words and what to do next
//! are in the message files: `capture-denied` and its like, with the tool's name in them.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why nothing was captured.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureFault {
    /// The person, or a rule of the phone's owner, does not let the app use it. Asking again only
    /// helps in the system's settings.
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
    /// It broke. The detail is for the support log, without personal data, up to 200 characters.
    #[error("failed: {0}")]
    Failed(String),
}

impl CaptureFault {
    /// Stable, kebab-case; its text is under it, what to do under `…-remedy`.
    pub fn code(&self) -> &'static str {
        match self {
            CaptureFault::Denied => "capture-denied",
            CaptureFault::Unavailable => "capture-unavailable",
            CaptureFault::Cancelled => "capture-cancelled",
            CaptureFault::Lost => "capture-lost",
            CaptureFault::Failed(_) => "capture-failed",
        }
    }
}

/// What something is captured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// Photos.
    Camera,
    /// Sound and moving pictures.
    Recorder,
    /// Where the phone is.
    Location,
    /// Barcodes.
    Barcode,
    /// Signatures.
    Signature,
    /// Clocks.
    Clock,
    /// Where keys are kept.
    KeyStore,
}

impl Tool {
    /// All of them.
    pub const ALL: [Tool; 7] = [
        Tool::Camera,
        Tool::Recorder,
        Tool::Location,
        Tool::Barcode,
        Tool::Signature,
        Tool::Clock,
        Tool::KeyStore,
    ];

    /// The message that names it.
    pub fn key(self) -> &'static str {
        match self {
            Tool::Camera => "tool-camera",
            Tool::Recorder => "tool-recorder",
            Tool::Location => "tool-location",
            Tool::Barcode => "tool-barcode",
            Tool::Signature => "tool-signature",
            Tool::Clock => "tool-clock",
            Tool::KeyStore => "tool-key-store",
        }
    }
}
