//! Which files of photos and recordings are not where they are kept: they are in no backup of the database.

use crate::blobs::keep::Keep;
use crate::error::Result;
use crate::storage::blobs::BlobRow;
use crate::storage::{Read, Storage};
use futures_util::StreamExt;
use rounds_model::ids::{BlobHash, TeamId};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Records that are asked about at a time.
const PAGE: u32 = 200;

/// Files that the database knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// How many there are.
    pub known: u64,
    /// How many of them are not there, or not as long as they were.
    pub lacking: u64,
    /// How many of them are as long as they were and are something else, as far as they were read.
    pub changed: u64,
    /// Those that are lacking.
    pub lost: Vec<BlobHash>,
}

impl Files {
    /// With those of another team.
    pub fn and(self, other: Files) -> Files {
        Files {
            known: self.known + other.known,
            lacking: self.lacking + other.lacking,
            changed: self.changed + other.changed,
            lost: [self.lost, other.lost].concat(),
        }
    }
}

/// Asks for the size of each, and reads and hashes each if that is wanted; without a place there is none.
pub async fn files(view: &dyn Read, keep: Option<&Keep>, read: bool) -> Result<Files> {
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
                    if size != Some(row.size) {
                        files.lacking += 1;
                        files.lost.push(row.hash);
                    }
                    if let Some(keep) = keep.filter(|_| read && size == Some(row.size)) {
                        files.changed += u64::from(hash(keep, team, &row).await? != row.hash);
                    }
                }
            }
        }
    }
}

/// Has whoever brought these asked for them again at their next exchange. Returns how many are to be brought.
pub fn ask_again(storage: &dyn Storage, team: TeamId, lost: &[BlobHash]) -> Result<u64> {
    let mut tx = storage.write(team)?;
    let mut asked = 0;
    for hash in lost {
        asked += u64::from(tx.put_lost(hash)? > 0);
    }
    tx.commit()?;
    Ok(asked)
}

/// What a file is, by its bytes.
async fn hash(keep: &Keep, team: TeamId, row: &BlobRow) -> Result<BlobHash> {
    let mut sum = Sha256::new();
    if row.size > 0 {
        let mut pieces = std::pin::pin!(keep.get(team, &row.hash, 0..row.size).await?);
        while let Some(piece) = pieces.next().await {
            sum.update(piece?);
        }
    }
    Ok(BlobHash(sum.finalize().into()))
}
