//! Photos as evidence: taken by the app, hashed before anything else is done with them, then made as
//! small as the form asks, stripped of what cameras write into them, and marked.
//!
//! - [`picture`]: pixels: reading, turning, shrinking, marking, storing. No file, no clock.
//! - [`asking`]: what is asked of a photo. - [`taking`]: from the camera to the answer, or to the sheet of an
//!   act. - [`signing`]: signatures, drawn from their strokes.

mod asking;
pub mod picture;
mod signing;
mod taking;

pub use asking::{PhotoOf, TakeFrom};
pub use rounds_evidence::photo::TAKEN;
pub use taking::Shot;
pub(crate) use taking::spot;
