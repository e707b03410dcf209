//! Why something does not happen in a recording now.

use thiserror::Error;

/// Why something does not happen now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Gate {
    /// The customer has not answered as the step needs it.
    #[error("needs the answer {0}")]
    Answer(String),
    /// The step has not been held long enough.
    #[error("{left_ms} ms are left")]
    Held {
        /// What is left, milliseconds.
        left_ms: u64,
    },
    /// Nothing is being recorded.
    #[error("paused")]
    Paused,
    /// It is being recorded already.
    #[error("recording")]
    Recording,
    /// Steps are left.
    #[error("{0} steps are left")]
    Steps(u32),
    /// Every step is done: it can only be ended.
    #[error("all steps are done")]
    Done,
    /// Nothing was begun for this question.
    #[error("not begun")]
    None,
    /// A complete recording answers this question.
    #[error("there is a complete one")]
    Kept,
    /// A segment has not been put away yet.
    #[error("a segment is not stored")]
    Segment,
    /// It has ended.
    #[error("ended")]
    Ended,
    /// The script has no steps: a template without content.
    #[error("the script is empty")]
    Empty,
    /// The links are not those of this script: it can only be broken off.
    #[error("the links are not of this script")]
    Foreign,
}

impl Gate {
    /// Stable, kebab-case; its text is under it, what to do under `…-remedy`.
    pub fn code(&self) -> &'static str {
        match self {
            Gate::Answer(_) => "recording-answer",
            Gate::Held { .. } => "recording-hold",
            Gate::Paused => "recording-paused",
            Gate::Recording => "recording-runs",
            Gate::Steps(_) => "recording-steps",
            Gate::Done => "recording-done",
            Gate::None => "recording-none",
            Gate::Kept => "recording-kept",
            Gate::Segment => "recording-segment",
            Gate::Ended => "recording-ended",
            Gate::Empty => "recording-empty",
            Gate::Foreign => "recording-foreign",
        }
    }
}
