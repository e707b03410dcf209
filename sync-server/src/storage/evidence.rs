//! What was found about evidence, and what photos look like.

use super::Result;
use rounds_evidence::photo::Look;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scope::Scope;

/// Something that was found about a record's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// The record.
    pub doc: DocId,
    /// The question.
    pub key: String,
    /// What, kebab-case.
    pub code: String,
    /// The details, as JSON.
    pub about: Vec<u8>,
    /// When it was found, Unix milliseconds.
    pub at_ms: i64,
}

/// A photo and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookRow {
    /// The record.
    pub doc: DocId,
    /// The question.
    pub key: String,
    /// The photo as it is kept.
    pub blob: BlobHash,
    /// What it looks like.
    pub look: Look,
    /// When it was taken, Unix milliseconds.
    pub at_ms: i64,
}

/// What can be asked about evidence.
pub trait ReadEvidence {
    /// The newest findings about records in these scopes, or in any, at most so many.
    fn findings(&self, scopes: Option<&[Scope]>, limit: u32) -> Result<Vec<FindingRow>>;
    /// The findings about a record.
    fn findings_of(&self, doc: DocId) -> Result<Vec<FindingRow>>;
    /// Photos that may look nearly like this one, the earliest thousand: all that do are among them, unless
    /// there are more.
    fn looks_like(&self, look: Look) -> Result<Vec<LookRow>>;
}

/// What can be written about evidence.
pub trait WriteEvidence {
    /// Adds or replaces a finding.
    fn put_finding(&mut self, row: &FindingRow) -> Result<()>;
    /// A finding that does not hold (any more).
    fn remove_finding(&mut self, doc: DocId, key: &str, code: &str) -> Result<()>;
    /// Adds a photo; one that is there stays as it is.
    fn put_look(&mut self, row: &LookRow) -> Result<()>;
}

/// The sixths of a look, each with its place, as numbers that can be looked up.
pub fn bands(look: Look) -> [i64; 6] {
    let mut rest = look.0;
    [11, 11, 11, 11, 10, 10]
        .map(|bits: u32| {
            let band = rest & ((1 << bits) - 1);
            rest >>= bits;
            band
        })
        .into_iter()
        .enumerate()
        .fold([0; 6], |mut out, (at, band)| {
            if let Some(slot) = out.get_mut(at) {
                *slot = i64::try_from(band | (at as u64) << 16).unwrap_or(0);
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_evidence::photo::NEAR;

    #[test]
    fn looks_that_are_near_share_a_sixth() {
        let look = Look(0x0123_4567_89ab_cdef);
        let mut far = look.0;
        // As many changes as are near, spread out as badly as can be.
        for bit in [0, 11, 22, 33, 44].into_iter().take(NEAR as usize) {
            far ^= 1 << bit;
        }
        assert_eq!(look.differs(Look(far)), NEAR);
        assert!(bands(look).iter().any(|band| bands(Look(far)).contains(band)));
        assert_eq!(bands(look).iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
    }
}
