//! Reading a blob: for whoever holds a record that has it.

use super::{Asker, Blobs};
use crate::error::Result;
use crate::storage::Read;
use crate::storage::blobs::BlobRow;
use bytes::Bytes;
use futures_util::Stream;
use rounds_model::ids::{BlobHash, TeamId};
use rounds_model::scope::Scope;
use rounds_protocol::fault::Fault;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Records that are asked about at a time.
const RECORDS: usize = 200;

impl Blobs {
    /// What is known of a blob, if the device may read it.
    pub async fn find(self: &Arc<Self>, asker: &Asker, hash: BlobHash) -> Result<BlobRow> {
        let asker = asker.clone();
        let found = self.blocking(move |blobs| {
            let view = blobs.storage.read(asker.team)?;
            if holds(&*view, &asker.scopes, &hash)? { view.blob(&hash) } else { Ok(None) }
        });
        Ok(found.await?.ok_or(Fault::BlobUnknown)?)
    }

    /// Whether the file of a blob is where it is kept, with all of its bytes. If it is not, whoever brought it is
    /// asked for it at their next exchange.
    ///
    /// # Errors
    /// [`Fault::BlobLost`], and what else is wrong with the place.
    pub async fn check_kept(self: &Arc<Self>, team: TeamId, row: &BlobRow) -> Result<()> {
        match self.keep.size(team, &row.hash).await? {
            Some(size) if size == row.size => Ok(()),
            found => {
                tracing::error!(blob = %row.hash, found, expected = row.size, "a file of a photo is lost");
                let hash = row.hash;
                let noted = self.blocking(move |blobs| {
                    let mut tx = blobs.storage.write(team)?;
                    tx.put_lost(&hash)?;
                    tx.commit()
                });
                noted.await?;
                Err(Fault::BlobLost.into())
            }
        }
    }

    /// A part of a blob, in pieces. The caller has asked whether it may be read.
    pub async fn read(
        &self,
        team: TeamId,
        hash: &BlobHash,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        self.keep.get(team, hash, range).await
    }
}

/// Whether a record of these scopes has a blob.
pub fn holds(view: &dyn Read, scopes: &BTreeSet<Scope>, hash: &BlobHash) -> Result<bool> {
    for docs in view.docs_of_blob(hash)?.chunks(RECORDS) {
        if view.records(docs)?.iter().any(|record| scopes.contains(&record.scope)) {
            return Ok(true);
        }
    }
    Ok(false)
}
