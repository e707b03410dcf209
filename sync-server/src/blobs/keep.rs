//! Where whole blobs are: a folder, or a bucket of S3. Under the team and the content's hash, so
//! that the same content is there once, and what is there is never written again.

use crate::error::{Error, Result};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use rounds_model::ids::{BlobHash, TeamId};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

/// Bytes of one part on the way to S3, which takes no smaller ones than five million.
const PART: usize = 8 << 20;
/// Bytes that are read from the disk at a time.
const BLOCK: usize = 1 << 20;

/// A place for whole blobs.
#[derive(Debug, Clone)]
pub struct Keep {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
}

impl Keep {
    /// A folder, made if it is not there. What was put there has survived a power cut.
    pub fn folder(folder: &Path) -> Result<Keep> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Keep { store: Arc::new(store), prefix: Key::default() })
    }

    /// `s3://bucket/prefix`, with the credentials, region and endpoint of the environment
    /// (`AWS_ACCESS_KEY_ID` and so on); anything else is a folder.
    pub fn open(place: &str) -> Result<Keep> {
        let Some(bucket) = place.strip_prefix("s3://") else { return Keep::folder(Path::new(place)) };
        // Only the first caller in a process installs it; the others find it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
        Ok(Keep { store: Arc::new(store), prefix: Key::parse(prefix).map_err(object_store::Error::from)? })
    }

    /// Puts a file there. Durable when this returns.
    pub async fn put(&self, team: TeamId, hash: &BlobHash, file: &Path) -> Result<()> {
        let (send, mut blocks) = mpsc::channel::<Bytes>(2);
        let file = file.to_owned();
        let reading = tokio::task::spawn_blocking(move || read_blocks(&file, &send));
        let mut out = BufWriter::with_capacity(Arc::clone(&self.store), self.key(team, hash), PART)
            .with_max_concurrency(2);
        let mut put = Ok(());
        while let Some(block) = blocks.recv().await {
            put = out.put(block).await;
            if put.is_err() {
                break;
            }
        }
        drop(blocks);
        let read = reading.await.map_err(|_| Error::Cancelled)?;
        if let Err(e) = put.map_err(Error::from).and(read) {
            // What is left of the parts costs room there, but the failure is what matters.
            let _ = out.abort().await;
            return Err(e);
        }
        Ok(out.shutdown().await?)
    }

    /// Whether it is there.
    pub async fn has(&self, team: TeamId, hash: &BlobHash) -> Result<bool> {
        Ok(self.size(team, hash).await?.is_some())
    }

    /// How many bytes it has; none if it is not there.
    pub async fn size(&self, team: TeamId, hash: &BlobHash) -> Result<Option<u64>> {
        match self.store.head(&self.key(team, hash)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// A part of it, in pieces.
    pub async fn get(
        &self,
        team: TeamId,
        hash: &BlobHash,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let got = self.store.get_opts(&self.key(team, hash), options).await?;
        Ok(got.into_stream().map(|piece| Ok(piece?)))
    }

    /// Two hex digits first: no folder gets very many files.
    fn key(&self, team: TeamId, hash: &BlobHash) -> Key {
        let hash = hash.to_string();
        let first = hash.get(..2).unwrap_or_default().to_owned();
        let parts = [team.to_string(), first, hash];
        parts.iter().fold(self.prefix.clone(), |key, part| key.join(part.as_str()))
    }
}

fn read_blocks(file: &Path, send: &mpsc::Sender<Bytes>) -> Result<()> {
    let file = File::open(file)?;
    loop {
        let mut block = Vec::with_capacity(BLOCK);
        (&file).take(BLOCK as u64).read_to_end(&mut block)?;
        if block.is_empty() || send.blocking_send(block.into()).is_err() {
            return Ok(());
        }
    }
}
