//! What can be in the way of printing.

use thiserror::Error;

/// Why nothing was printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrintError {
    /// The bytes are no TrueType or OpenType font.
    #[error("not a font")]
    NotAFont,
    /// The font ends before its tables do, or lacks one that it cannot be without.
    #[error("the font is damaged")]
    Damaged,
    /// The font has pictures of its letters, but no outlines.
    #[error("the font has no outlines")]
    NoOutlines,
    /// The font does not say which letters it has.
    #[error("the font has no letters")]
    NoLetters,
    /// The font's licence forbids to put it into a file.
    #[error("the font may not be embedded")]
    Forbidden,
    /// The font is larger than any font that is needed.
    #[error("the font is too large")]
    TooLarge,
    /// The fonts lack letters that are needed; empty if there is no font at all.
    #[error("the fonts lack letters")]
    Lacks(Vec<char>),
    /// It is more than fits into the bounds.
    #[error("too much to print")]
    TooMuch,
    /// A font broke while it was used.
    #[error("a font broke")]
    Broken,
}

impl PrintError {
    /// Stable, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            PrintError::NotAFont => "font-not-a-font",
            PrintError::Damaged | PrintError::Broken => "font-damaged",
            PrintError::NoOutlines => "font-no-outlines",
            PrintError::NoLetters => "font-no-letters",
            PrintError::Forbidden => "font-forbidden",
            PrintError::TooLarge => "font-too-large",
            PrintError::Lacks(lacking) if lacking.is_empty() => "font-none",
            PrintError::Lacks(_) => "font-lacks",
            PrintError::TooMuch => "print-too-much",
        }
    }
}
