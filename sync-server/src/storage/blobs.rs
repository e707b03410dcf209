//! Photos and files: what is known of each, and the uploads under way. The bytes are elsewhere.

use super::Result;
use super::records::Search;
use rounds_model::ids::{BlobHash, DeviceId, DocId};

/// The name of an upload: random, and known only to the device that began it.
pub type UploadId = [u8; 16];

/// A blob that is stored whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// The SHA-256 of its bytes.
    pub hash: BlobHash,
    /// Bytes.
    pub size: u64,
    /// Its media type, as its own first bytes say it.
    pub media: String,
    /// When it was stored, Unix milliseconds.
    pub received: i64,
}

/// An upload, under way or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Which.
    pub upload: UploadId,
    /// The device that began it.
    pub device: DeviceId,
    /// The record that it is for.
    pub doc: DocId,
    /// What it will be.
    pub hash: BlobHash,
    /// Bytes of the whole.
    pub size: u64,
    /// Bytes that have arrived, as of its last part; how far it is, only its file says.
    pub held: u64,
    /// Until when it is remembered, Unix milliseconds.
    pub expires: i64,
    /// When the whole was stored.
    pub received: Option<i64>,
}

/// Uploads that a device has begun and not finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// How many.
    pub uploads: u64,
    /// The bytes that it has announced with them.
    pub bytes: u64,
}

/// What can be asked about blobs.
pub trait ReadBlobs {
    /// One blob.
    fn blob(&self, hash: &BlobHash) -> Result<Option<BlobRow>>;
    /// The records that have it.
    fn docs_of_blob(&self, hash: &BlobHash) -> Result<Vec<DocId>>;
    /// The blobs of a record.
    fn blobs_of(&self, doc: DocId) -> Result<Vec<BlobRow>>;
    /// The pictures of the records that a search shows, the newest first, after so many.
    fn pictures(&self, search: &Search, offset: u32, limit: u32) -> Result<Vec<(DocId, BlobRow)>>;
    /// Bytes of all blobs, each counted once, and of all that has arrived of unfinished uploads.
    fn blob_bytes(&self) -> Result<u64>;
    /// One upload.
    fn upload(&self, id: &UploadId) -> Result<Option<UploadRow>>;
    /// A device's unfinished upload of this blob for this record, if there is one.
    fn upload_of(&self, device: DeviceId, doc: DocId, hash: &BlobHash) -> Result<Option<UploadRow>>;
    /// What a device has begun and not finished.
    fn unfinished(&self, device: DeviceId) -> Result<Unfinished>;
    /// Blobs that this device brought and whose files are gone, at most so many, each with its record.
    fn lost_by(&self, device: DeviceId, limit: u32) -> Result<Vec<(DocId, BlobHash)>>;
    /// Uploads that were to be remembered only until before this time, at most so many.
    fn expired_uploads(&self, before: i64, limit: u32) -> Result<Vec<UploadRow>>;
}

/// What can be written about blobs.
pub trait WriteBlobs {
    /// Adds a blob; one that is there stays as it is.
    fn put_blob(&mut self, row: &BlobRow) -> Result<()>;
    /// Notes that a record has a blob, and which device brought it; the first one stays.
    fn put_blob_doc(&mut self, doc: DocId, hash: &BlobHash, device: DeviceId, at: i64) -> Result<()>;
    /// Notes that the file of a blob is gone, for each device that brought it. Returns for how many of them.
    fn put_lost(&mut self, hash: &BlobHash) -> Result<u64>;
    /// Notes that it is there again.
    fn remove_lost(&mut self, hash: &BlobHash) -> Result<()>;
    /// Adds or replaces an upload.
    fn put_upload(&mut self, row: &UploadRow) -> Result<()>;
    /// Forgets an upload.
    fn remove_upload(&mut self, id: &UploadId) -> Result<()>;
}
