//! Which files of photos and recordings are not where they are kept: they are in no backup of the database.

use crate::blobs::keep::Keep;
use crate::error::Result;
use crate::storage::Read;
use rounds_model::ids::BlobHash;
use std::collections::BTreeSet;

/// Records that are asked about at a time.
const PAGE: u32 = 200;

/// Files that the database knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Files {
    /// How many there are.
    pub known: u64,
    /// How many of them are not there, or not as long as they were.
    pub lacking: u64,
}

impl Files {
    /// With those of another team.
    pub fn and(self, other: Files) -> Files {
        Files { known: self.known + other.known, lacking: self.lacking + other.lacking }
    }
}

/// Asks for the size of each; without a place there is none.
pub async fn files(view: &dyn Read, keep: Option<&Keep>) -> Result<Files> {
    let team = view.team()?.id;
    let (mut files, mut after) = (Files::default(), None);
    let mut seen: BTreeSet<BlobHash> = BTreeSet::new();
    loop {
        let docs = view.doc_ids(after, PAGE)?;
        let Some(last) = docs.last() else { return Ok(files) };
        after = Some(*last);
        for doc in docs {
            for row in view.blobs_of(doc)? {
                if seen.insert(row.hash) {
                    files.known += 1;
                    let size = match keep {
                        Some(keep) => keep.size(team, &row.hash).await?,
                        None => None,
                    };
                    files.lacking += u64::from(size != Some(row.size));
                }
            }
        }
    }
}
