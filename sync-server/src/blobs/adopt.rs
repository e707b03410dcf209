//! Photos that are here and that the database does not know: it was put back to a backup from before they
//! came, and their phones may have let go of them since. When the edit that names one is offered again,
//! the photo is its record's again.

use super::{Blobs, media};
use crate::error::Result;
use crate::storage::blobs::BlobRow;
use futures_util::StreamExt;
use rounds_model::ids::{BlobHash, DeviceId, DocId, Epoch, TeamId};
use rounds_protocol::exchange::{Answer, Packed, PushItem, Receipt};
use std::sync::Arc;

/// The photos that the accepted edits of a push name, each with its record.
pub fn named(push: &[Packed], answer: &Answer) -> Vec<(DocId, BlobHash)> {
    if answer.epoch == Epoch([0; 16]) {
        // This database was never put back: nothing is here that it does not know.
        return vec![];
    }
    let stands = |receipt: &Receipt| matches!(receipt, Receipt::Stored(_) | Receipt::Duplicate(_));
    let accepted = push.iter().zip(&answer.receipts).filter(|(_, receipt)| stands(receipt));
    let mut out = vec![];
    for (item, _) in accepted {
        if let Ok(PushItem::Edit(edit)) = item.unpack() {
            let texts = edit.puts.iter().filter_map(|put| put.value.as_text());
            out.extend(texts.filter_map(|text| text.parse().ok()).map(|hash| (edit.doc, hash)));
        }
    }
    out
}

impl Blobs {
    /// Notes those of these photos that are here and that the database does not know. One that it knows
    /// is nobody's who only names it. Returns how many there were.
    pub async fn adopt(
        self: &Arc<Self>,
        team: TeamId,
        device: DeviceId,
        named: Vec<(DocId, BlobHash)>,
    ) -> Result<u64> {
        let mut adopted = 0;
        for (doc, hash) in named {
            let known = self.blocking(move |blobs| blobs.storage.read(team)?.blob(&hash)).await?;
            if known.is_some() {
                continue;
            }
            let Some(size) = self.keep.size(team, &hash).await? else { continue };
            let head = self.head(team, &hash, size).await?;
            self.blocking(move |blobs| {
                let (now, media) = (blobs.now_ms(), media::of(&head).to_owned());
                let mut tx = blobs.storage.write(team)?;
                tx.put_blob(&BlobRow { hash, size, media, received: now })?;
                tx.put_blob_doc(doc, &hash, device, now)?;
                tx.commit()
            })
            .await?;
            adopted += 1;
        }
        Ok(adopted)
    }

    async fn head(&self, team: TeamId, hash: &BlobHash, size: u64) -> Result<Vec<u8>> {
        let mut head = vec![];
        if size > 0 {
            let pieces = self.keep.get(team, hash, 0..size.min(media::HEAD as u64)).await?;
            let mut pieces = std::pin::pin!(pieces);
            while let Some(piece) = pieces.next().await {
                head.extend_from_slice(&piece?);
            }
        }
        Ok(head)
    }
}
