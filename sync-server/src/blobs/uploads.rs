//! An upload: announced, appended to, checked, stored, receipted.
//!
//! Each step can be asked for again after a kill of either side: an upload whose parts are all
//! there but which was not checked yet is finished by the next question how far it is.

use super::awaited::awaits;
use super::{Asker, Blobs, fetch, media};
use crate::error::{Error, Result};
use crate::storage::blobs::{BlobRow, UploadId, UploadRow};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use rounds_model::ids::{BlobHash, TeamId};
use rounds_protocol::blob::{Checksum, Metadata};
use rounds_protocol::fault::Fault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long the server waits for the next bytes of a part.
const SILENCE: Duration = Duration::from_secs(60);
/// Pieces of a body that wait for the disk.
const PIECES: usize = 4;
/// Forgotten uploads that are cleared away with one new one.
const CLEARED: u32 = 20;

/// What an upload is announced with.
#[derive(Debug, Clone, Copy)]
pub struct Announced {
    /// Bytes of the whole.
    pub size: u64,
    /// What it says of itself.
    pub metadata: Metadata,
    /// An earlier upload, or the blob itself if it is there, will do.
    pub resume: bool,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which; none if the blob was there already and nothing needs to be uploaded.
    pub upload: Option<UploadId>,
    /// Bytes that are durable.
    pub offset: u64,
    /// Bytes of the whole.
    pub size: u64,
    /// Until when it is remembered.
    pub expires: i64,
    /// When the whole was stored.
    pub received: Option<i64>,
}

/// Where a part begins, and what is said of it.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The offset of its first byte.
    pub offset: u64,
    /// Its bytes, if it says so.
    pub length: Option<u64>,
    /// Its checksum, if it says so.
    pub checksum: Option<Checksum>,
}

impl Blobs {
    /// Begins an upload.
    pub async fn create(self: &Arc<Self>, asker: &Asker, announced: Announced) -> Result<Progress> {
        let (team, meta) = (asker.team, announced.metadata);
        // Before anything is counted: what is forgotten takes no room.
        self.clear(asker, &meta).await?;
        let asker = asker.clone();
        // Of a file that was cut off there is not enough to say so.
        let kept = announced.resume && self.keep.size(team, &meta.hash).await? == Some(announced.size);
        let row = self.blocking(move |blobs| blobs.create_row(&asker, announced, kept)).await?;
        match row {
            Made::Known(known) => Ok(known),
            Made::Row(row) => {
                let _turn = self.turns.take(row.upload).await?;
                let at = self.progress(row.clone()).await?;
                if at.offset >= row.size { self.finish(team, row).await } else { Ok(at) }
            }
        }
    }

    /// How far an upload is.
    pub async fn offset(self: &Arc<Self>, asker: &Asker, id: UploadId) -> Result<Progress> {
        let _turn = self.turns.take(id).await?;
        let row = self.row(asker, id).await?;
        if row.received.is_some() {
            return Ok(progress(&row, row.size));
        }
        let known = self.progress(row.clone()).await?;
        if known.offset >= row.size { self.finish(asker.team, row).await } else { Ok(known) }
    }

    /// Appends a part. What arrived before a connection broke stays.
    pub async fn append<E: Send + 'static>(
        self: &Arc<Self>,
        asker: &Asker,
        id: UploadId,
        part: Part,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    ) -> Result<Progress> {
        let mut turn = self.turns.take(id).await?;
        let mut row = self.row(asker, id).await?;
        let start = self.progress(row.clone()).await?.offset;
        if part.offset != start || row.received.is_some() {
            return Err(Fault::BlobOffset.into());
        }
        let room = row.size.saturating_sub(start);
        let (team, hash, size) = (asker.team, row.hash, row.size.saturating_sub(row.held));
        self.blocking(move |blobs| blobs.check_room(team, &hash, size)).await?;
        if part.length.is_some_and(|length| length > room) {
            return Err(Fault::BodyTooLarge.into());
        }
        let (send, pieces) = mpsc::channel(PIECES);
        let checksum = part.checksum;
        let blobs = Arc::clone(self);
        let writing =
            tokio::task::spawn_blocking(move || blobs.staging.append(&id, start, room, checksum, pieces));
        let whole = loop {
            let next = tokio::select! {
                () = turn.is_asked_for() => break false,
                next = tokio::time::timeout(SILENCE, bytes.next()) => next,
            };
            match next {
                Ok(Some(Ok(piece))) => {
                    if send.send(piece).await.is_err() {
                        break false;
                    }
                }
                Ok(None) => break true,
                Ok(Some(Err(_))) | Err(_) => break false,
            }
        };
        drop(send);
        let written = writing.await.map_err(|_| Error::Cancelled)??;
        if written.end > start && (written.sound || !whole) {
            let (team, known) = (asker.team, row);
            row = self.blocking(move |blobs| blobs.renew(team, known, written.end)).await?;
        }
        if !whole {
            return Err(Fault::BodyTruncated.into());
        }
        if !written.sound {
            self.blocking(move |blobs| blobs.staging.cut(&id, start)).await?;
            return Err(Fault::BlobPartDamaged.into());
        }
        if written.end >= row.size {
            return self.finish(asker.team, row).await;
        }
        Ok(progress(&row, written.end))
    }

    /// Gives an upload up.
    pub async fn remove(self: &Arc<Self>, asker: &Asker, id: UploadId) -> Result<()> {
        let _turn = self.turns.take(id).await?;
        self.row(asker, id).await?;
        let team = asker.team;
        self.blocking(move |blobs| blobs.forget(team, &id)).await
    }

    fn create_row(&self, asker: &Asker, announced: Announced, kept: bool) -> Result<Made> {
        let Announced { size, metadata: meta, resume } = announced;
        if size > self.limits.blob {
            return Err(Fault::BlobTooLarge.into());
        }
        let now = self.now_ms();
        // Before the team's lock is taken: a record may have to be opened for it.
        if !awaits(&*self.storage.read(asker.team)?, asker, meta.doc, &meta.hash)? {
            return Err(Fault::BlobRecord.into());
        }
        let mut tx = self.storage.write(asker.team)?;
        let known = tx.blob(&meta.hash)?.filter(|blob| kept && blob.size == size);
        if let Some(blob) = known.as_ref().filter(|_| resume)
            // Whoever cannot read it must show that they have it, by sending all of it.
            && fetch::holds(&*tx, &asker.scopes, &meta.hash)?
        {
            tx.put_blob_doc(meta.doc, &meta.hash, asker.device, now)?;
            tx.remove_lost(&meta.hash)?;
            tx.commit()?;
            let received = Some(blob.received);
            return Ok(Made::Known(Progress { upload: None, offset: size, size, expires: now, received }));
        }
        if let Some(row) = tx.upload_of(asker.device, meta.doc, &meta.hash)?
            && resume
            && row.size == size
        {
            return Ok(Made::Row(row));
        }
        let begun = tx.unfinished(asker.device)?;
        if begun.uploads >= self.limits.unfinished {
            return Err(Fault::BlobTooMany.into());
        }
        // What is only announced takes nothing from the team, so it is bounded for each device.
        if begun.uploads > 0 && begun.bytes.saturating_add(size) > self.limits.announced {
            return Err(Fault::BlobAnnounced.into());
        }
        if tx.blob(&meta.hash)?.is_none() && tx.blob_bytes()?.saturating_add(size) > self.limits.team {
            return Err(Fault::BlobQuota.into());
        }
        let row = UploadRow {
            upload: crate::secrets::random()?,
            device: asker.device,
            doc: meta.doc,
            hash: meta.hash,
            size,
            held: 0,
            expires: now.saturating_add(self.limits.patience_ms),
            received: None,
        };
        tx.put_upload(&row)?;
        self.staging.create(&row.upload)?;
        tx.commit()?;
        Ok(Made::Row(row))
    }

    /// Forgets uploads whose time is over, except one that is asked for again. Each under its turn: one that
    /// is being written to goes on, and what comes of it renews it.
    async fn clear(self: &Arc<Self>, asker: &Asker, meta: &Metadata) -> Result<()> {
        let (team, now) = (asker.team, self.now_ms());
        let old = self.blocking(move |blobs| blobs.storage.read(team)?.expired_uploads(now, CLEARED)).await?;
        let again = |row: &UploadRow| row.device == asker.device && row.hash == meta.hash;
        let idle = old.into_iter().filter(|row| !again(row));
        let turns: Vec<_> =
            idle.filter_map(|row| Some((row.upload, self.turns.take_idle(row.upload)?))).collect();
        if turns.is_empty() {
            return Ok(());
        }
        self.blocking(move |blobs| {
            let mut tx = blobs.storage.write(team)?;
            let mut gone = vec![];
            for (id, _turn) in &turns {
                // Asked again under its turn: a part may have come since.
                if tx.upload(id)?.is_some_and(|row| row.expires < now) {
                    tx.remove_upload(id)?;
                    gone.push(*id);
                }
            }
            tx.commit()?;
            gone.iter().try_for_each(|id| blobs.staging.remove(id))
        })
        .await
    }

    /// Whether the team has room for so many bytes more of a blob. Asked before each part: what others have
    /// sent since it was announced is here, and what they announced is not.
    fn check_room(&self, team: TeamId, hash: &BlobHash, bytes: u64) -> Result<()> {
        let view = self.storage.read(team)?;
        let fits = view.blob(hash)?.is_some() || view.blob_bytes()?.saturating_add(bytes) <= self.limits.team;
        if fits { Ok(()) } else { Err(Fault::BlobQuota.into()) }
    }

    /// Remembers an upload for as long again as a new one: so much of it is here. To be called under its turn.
    fn renew(&self, team: TeamId, row: UploadRow, held: u64) -> Result<UploadRow> {
        let expires = self.now_ms().saturating_add(self.limits.patience_ms);
        let row = UploadRow { expires, held, ..row };
        let mut tx = self.storage.write(team)?;
        tx.put_upload(&row)?;
        tx.commit()?;
        Ok(row)
    }

    /// An upload of this device; the others' are not there for it.
    async fn row(self: &Arc<Self>, asker: &Asker, id: UploadId) -> Result<UploadRow> {
        let (team, device) = (asker.team, asker.device);
        let found = self.blocking(move |blobs| blobs.storage.read(team)?.upload(&id)).await?;
        Ok(found.filter(|row| row.device == device).ok_or(Fault::BlobUpload)?)
    }

    async fn progress(self: &Arc<Self>, row: UploadRow) -> Result<Progress> {
        self.blocking(move |blobs| Ok(progress(&row, blobs.staging.durable(&row.upload)?))).await
    }

    /// Checks a whole and stores it. The bytes first, then the row, then the receipt; a kill in
    /// between leaves an upload that is finished by the next question.
    async fn finish(self: &Arc<Self>, team: TeamId, row: UploadRow) -> Result<Progress> {
        let id = row.upload;
        let whole = self.blocking(move |blobs| blobs.staging.look(&id)).await?;
        if whole.hash != row.hash.0 {
            self.blocking(move |blobs| blobs.forget(team, &id)).await?;
            return Err(Fault::BlobHash.into());
        }
        if self.keep.size(team, &row.hash).await? != Some(row.size) {
            self.keep.put(team, &row.hash, &self.staging.path(&id)).await?;
        }
        let doc = row.doc;
        let done = self.blocking(move |blobs| {
            let now = blobs.now_ms();
            let mut tx = blobs.storage.write(team)?;
            let media = media::of(&whole.head).to_owned();
            tx.put_blob(&BlobRow { hash: row.hash, size: row.size, media, received: now })?;
            tx.put_blob_doc(row.doc, &row.hash, row.device, now)?;
            tx.remove_lost(&row.hash)?;
            let row = UploadRow { received: Some(now), ..row };
            tx.put_upload(&row)?;
            tx.commit()?;
            blobs.staging.remove(&id)?;
            Ok(progress(&row, row.size))
        });
        let done = done.await?;
        // What is wrong with a recording is told to those who look, never to the phone that sent it.
        if let Err(e) = self.note_recordings(team, doc).await {
            tracing::warn!(record = %doc, error = %e, "a recording could not be checked");
        }
        Ok(done)
    }

    fn forget(&self, team: TeamId, id: &UploadId) -> Result<()> {
        let mut tx = self.storage.write(team)?;
        tx.remove_upload(id)?;
        tx.commit()?;
        self.staging.remove(id)
    }
}

enum Made {
    Known(Progress),
    Row(UploadRow),
}

fn progress(row: &UploadRow, offset: u64) -> Progress {
    let (size, expires, received) = (row.size, row.expires, row.received);
    Progress { upload: Some(row.upload), offset, size, expires, received }
}
