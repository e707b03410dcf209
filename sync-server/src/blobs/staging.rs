//! The parts of unfinished uploads: one file each, only ever appended to. How far an upload is, is
//! the length of its file after `fsync`; no table could say it as well after a power cut.

use crate::error::{Error, Result};
use crate::storage::blobs::UploadId;
use bytes::Bytes;
use rounds_protocol::blob::Checksum;
use rounds_protocol::fault::Fault;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tokio::sync::mpsc::Receiver;

/// How the names of scratch files begin.
const SCRATCH: &str = "scratch-";

/// A folder of unfinished uploads.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
}

/// What was written of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where the file ends now, durably.
    pub end: u64,
    /// False if what was written is not what its checksum says.
    pub sound: bool,
}

/// A whole as it lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// Its first bytes.
    pub head: Vec<u8>,
}

impl Staging {
    /// The folder, made if it is not there.
    pub fn at(folder: &Path) -> Result<Staging> {
        fs::create_dir_all(folder)?;
        Ok(Staging { folder: folder.to_owned() })
    }

    /// A file for what comes as a whole; it goes when it is dropped.
    pub fn scratch(&self) -> Result<NamedTempFile> {
        tempfile::Builder::new().prefix(SCRATCH).tempfile_in(&self.folder).map_err(full)
    }

    /// Where an upload's file is.
    pub fn path(&self, upload: &UploadId) -> PathBuf {
        self.folder.join(hex::encode(upload))
    }

    /// Makes an upload's empty file.
    pub fn create(&self, upload: &UploadId) -> Result<()> {
        File::create_new(self.path(upload)).map_err(full)?.sync_all()?;
        Ok(File::open(&self.folder)?.sync_all()?)
    }

    /// How many bytes of an upload a power cut cannot take back. None at all if its file is gone.
    pub fn durable(&self, upload: &UploadId) -> Result<u64> {
        let file = File::options().append(true).create(true).open(self.path(upload)).map_err(full)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }

    /// Forgets an upload's file.
    pub fn remove(&self, upload: &UploadId) -> Result<()> {
        match fs::remove_file(self.path(upload)) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Takes what was written from here on back.
    pub fn cut(&self, upload: &UploadId, end: u64) -> Result<()> {
        let file = File::options().write(true).open(self.path(upload))?;
        file.set_len(end)?;
        Ok(file.sync_all()?)
    }

    /// Appends what comes, until nothing more comes, and makes it durable. More than `room` is
    /// refused, and nothing of it is kept.
    pub fn append(
        &self,
        upload: &UploadId,
        start: u64,
        room: u64,
        checksum: Option<Checksum>,
        mut parts: Receiver<Bytes>,
    ) -> Result<Written> {
        let mut file = File::options().write(true).open(self.path(upload))?;
        file.seek(SeekFrom::Start(start))?;
        let (mut written, mut sum) = (0u64, checksum.map(Sum::new));
        while let Some(part) = parts.blocking_recv() {
            written += part.len() as u64;
            if written > room {
                self.cut(upload, start)?;
                return Err(Fault::BodyTooLarge.into());
            }
            file.write_all(&part).map_err(full)?;
            if let Some(sum) = &mut sum {
                sum.update(&part);
            }
        }
        file.sync_all().map_err(full)?;
        Ok(Written { end: start + written, sound: sum.is_none_or(Sum::fits) })
    }

    /// Reads a whole to its end.
    pub fn look(&self, upload: &UploadId) -> Result<Whole> {
        let mut file = File::open(self.path(upload))?;
        let (mut hasher, mut head) = (Sha256::new(), Vec::new());
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let n = file.read(&mut buffer)?;
            let read = buffer.get(..n).unwrap_or_default();
            if read.is_empty() {
                return Ok(Whole { hash: hasher.finalize().into(), head });
            }
            hasher.update(read);
            let missing = super::media::HEAD.saturating_sub(head.len());
            head.extend(read.iter().take(missing));
        }
    }
}

/// A checksum while it is summed up, and what it should be.
enum Sum {
    Sha256(Sha256, [u8; 32]),
    Sha1(Sha1, [u8; 20]),
}

impl Sum {
    fn new(expected: Checksum) -> Sum {
        match expected {
            Checksum::Sha256(sum) => Sum::Sha256(Sha256::new(), sum),
            Checksum::Sha1(sum) => Sum::Sha1(Sha1::new(), sum),
        }
    }

    fn update(&mut self, part: &[u8]) {
        match self {
            Sum::Sha256(hasher, _) => hasher.update(part),
            Sum::Sha1(hasher, _) => hasher.update(part),
        }
    }

    fn fits(self) -> bool {
        match self {
            Sum::Sha256(hasher, sum) => <[u8; 32]>::from(hasher.finalize()) == sum,
            Sum::Sha1(hasher, sum) => <[u8; 20]>::from(hasher.finalize()) == sum,
        }
    }
}

/// A full disk is a fault of its own.
fn full(e: std::io::Error) -> Error {
    match e.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::StorageFull,
        _ => e.into(),
    }
}
