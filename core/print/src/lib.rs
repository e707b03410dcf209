//! Pages: what is to be printed as plain data, made into a PDF that can be signed.
//!
//! A [`Sheet`] says what stands on the paper, in one language; [`render()`] makes [`Printed`] of it, with
//! the [`Face`]s that it is given. Nothing here knows packs or records.
//!
//! - [`sheet`]: what is printed. - [`font`]: fonts, and what can be wrong with them. - `clean`: what of a
//!   text may stand on paper. - `line`: text in lines, with Chinese and right-to-left. - `layout`: lines on
//!   pages. - `pdf`: pages in a file. - [`raster`]: a line of text as pixels,
//!   for photos. - [`error`].
//!
//! *Architecture invariant:* the same sheet and the same fonts give the same bytes, on every machine:
//! no clock, no randomness, no file is read. What no font can draw stands there as its code and is told;
//! nothing is left out silently.

mod clean;
pub mod error;
pub mod font;
mod layout;
mod line;
mod pdf;
pub mod raster;
pub mod sheet;

pub use error::PrintError;
pub use font::Face;
pub use sheet::{Cell, Part, Sheet};

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most characters that a sheet may have.
pub const CHARACTERS: usize = 400_000;
/// The most pages that a sheet may come to.
pub const PAGES: usize = 500;

/// A PDF, and what is to be known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no font has; each stands on the paper as its code, `<U+1F600>`.
    pub lacking: Vec<char>,
}

/// Makes a PDF of a sheet. The fonts are asked in their order for each character.
///
/// # Errors
/// [`PrintError::TooMuch`] beyond [`CHARACTERS`] or [`PAGES`]; [`PrintError::Lacks`] if no font has a
/// letter that the paper cannot do without (Latin or Chinese); [`PrintError::Broken`] if a font breaks
/// while it is used.
pub fn render(sheet: &Sheet, faces: &[Face]) -> Result<Printed, PrintError> {
    if sheet.characters() > CHARACTERS {
        return Err(PrintError::TooMuch);
    }
    // A damaged font can break the libraries that read it: that is an error, not the end of the app.
    catch_unwind(AssertUnwindSafe(|| made(sheet, faces))).unwrap_or(Err(PrintError::Broken))
}

fn made(sheet: &Sheet, faces: &[Face]) -> Result<Printed, PrintError> {
    if faces.is_empty() {
        return Err(PrintError::Lacks(Vec::new()));
    }
    let mut lacking = BTreeSet::new();
    let sheet = sheet.map(&mut |text| clean::clean(text, faces, &mut lacking));
    let needed: Vec<char> = lacking.iter().copied().filter(|c| clean::is_needed(*c)).collect();
    if !needed.is_empty() {
        return Err(PrintError::Lacks(needed));
    }
    let pages = layout::pages(&sheet, faces)?;
    let count = pages.len();
    Ok(Printed {
        pdf: pdf::write(&sheet, pages, faces)?,
        pages: count,
        lacking: lacking.into_iter().collect(),
    })
}
