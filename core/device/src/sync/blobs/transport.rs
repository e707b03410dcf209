//! What uploads and downloads ask of a network.

use crate::error::Fail;
use rounds_model::ids::{BlobHash, DocId};
use std::io::Read;

/// How far the server is with an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it is; none if there is nothing to upload.
    pub place: Option<String>,
    /// Bytes that the server has, durably.
    pub offset: u64,
    /// The receipt: since when (its clock, Unix milliseconds) it has the whole.
    pub receipt_ms: Option<i64>,
}

/// A part of a blob on its way.
pub struct Sending {
    /// Where its first byte is in the whole.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
    /// Its SHA-256.
    pub checksum: [u8; 32],
    /// The bytes.
    pub bytes: Box<dyn Read + Send>,
}

/// The network, as far as blobs go.
pub trait BlobTransport: Send + Sync {
    /// True if what is sent costs the rep money: a mobile network.
    fn is_metered(&self) -> bool;
    /// Announces a blob; the answer may be that the server has it, or a part of it.
    fn create(&self, token: &str, hash: &BlobHash, size: u64, doc: DocId) -> Result<Progress, Fail>;
    /// Asks how far an upload is.
    fn offset(&self, token: &str, place: &str) -> Result<Progress, Fail>;
    /// Sends a part.
    fn append(&self, token: &str, place: &str, part: Sending) -> Result<Progress, Fail>;
    /// Reads a blob from a byte on.
    fn fetch(&self, token: &str, hash: &BlobHash, from: u64) -> Result<Box<dyn Read + Send>, Fail>;
}
