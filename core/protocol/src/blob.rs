//! Photos and files on the wire: the headers of tus 1.0 (resumable upload) as both ends write and
//! read them, so that any tus client works with our server.
//!
//! An upload says of itself, in `Upload-Metadata`, the SHA-256 of the whole (`sha256`, 64 hex
//! digits) and the record that it belongs to (`doc`, its id). Our phones also say
//! [`RESUME_HEADER`]: then the answer to a creation may be that the server has the blob already, or
//! an earlier upload of it to go on with, where other clients always get a new upload.

use crate::fault::Fault;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rounds_model::ids::{BlobHash, DocId};
use std::ops::Range;

/// Where blobs are uploaded to, and fetched from by their hash.
pub const PATH: &str = "/v1/blobs";
/// The version of the upload protocol.
pub const TUS: &str = "1.0.0";
/// What is spoken of it beside its core.
pub const EXTENSIONS: &str = "creation,checksum,expiration,termination";
/// The media type of a part.
pub const PART: &str = "application/offset+octet-stream";

/// Names the version of the upload protocol, in both directions.
pub const TUS_HEADER: &str = "tus-resumable";
/// Bytes of the whole.
pub const LENGTH_HEADER: &str = "upload-length";
/// Bytes that the server has; of a part, where it begins.
pub const OFFSET_HEADER: &str = "upload-offset";
/// What the upload says of itself.
pub const METADATA_HEADER: &str = "upload-metadata";
/// The checksum of a part.
pub const CHECKSUM_HEADER: &str = "upload-checksum";
/// Until when an unfinished upload is kept.
pub const EXPIRES_HEADER: &str = "upload-expires";
/// In a creation: an earlier upload, or the blob itself if it is there, will do.
pub const RESUME_HEADER: &str = "rounds-resume";
/// In an answer: the whole is stored, since this time (the server's, Unix milliseconds). A receipt.
pub const RECEIPT_HEADER: &str = "rounds-received";

/// The longest metadata that is read, bytes.
pub const METADATA_LONGEST: usize = 2_048;
/// The longest of the other headers, bytes.
pub const HEADER_LONGEST: usize = 256;

/// What an upload says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// The SHA-256 of the whole.
    pub hash: BlobHash,
    /// The record that it belongs to.
    pub doc: DocId,
}

impl Metadata {
    /// As the header says it.
    pub fn header(&self) -> String {
        let (hash, doc) = (STANDARD.encode(self.hash.to_string()), STANDARD.encode(self.doc.to_string()));
        format!("sha256 {hash},doc {doc}")
    }

    /// Reads the header. Other keys (clients send file names) are left alone.
    pub fn read(header: &str) -> Result<Metadata, Fault> {
        if header.len() > METADATA_LONGEST {
            return Err(Fault::BlobHeader);
        }
        let (mut hash, mut doc) = (None, None);
        for pair in header.split(',') {
            let mut words = pair.split_ascii_whitespace();
            let value = |word: Option<&str>| {
                let bytes = STANDARD.decode(word.unwrap_or_default()).map_err(|_| Fault::BlobMetadata)?;
                String::from_utf8(bytes).map_err(|_| Fault::BlobMetadata)
            };
            match words.next() {
                Some("sha256") => hash = Some(hash_of(&value(words.next())?)?),
                Some("doc") => doc = Some(doc_of(&value(words.next())?)?),
                _ => {}
            }
        }
        let (hash, doc) = (hash.ok_or(Fault::BlobMetadata)?, doc.ok_or(Fault::BlobMetadata)?);
        Ok(Metadata { hash, doc })
    }
}

fn hash_of(text: &str) -> Result<BlobHash, Fault> {
    text.trim().to_ascii_lowercase().parse().map_err(|_| Fault::BlobMetadata)
}

/// An id is a UUID with its hyphens or as 32 hex digits.
fn doc_of(text: &str) -> Result<DocId, Fault> {
    let text = text.trim().to_ascii_lowercase();
    let mut bytes = [0; 16];
    match hex::decode_to_slice(&text, &mut bytes) {
        Ok(()) => Ok(DocId(bytes)),
        Err(_) => text.parse().map_err(|_| Fault::BlobMetadata),
    }
}

/// The checksum of a part as the header says it.
pub fn checksum_header(sha256: &[u8; 32]) -> String {
    format!("sha256 {}", STANDARD.encode(sha256))
}

/// The checksum of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// What our phones send.
    Sha256([u8; 32]),
    /// What every server of tus has to know. It guards against damage, not against anybody.
    Sha1([u8; 20]),
}

/// Reads the checksum of a part.
pub fn read_checksum(header: &str) -> Result<Checksum, Fault> {
    let (name, encoded) = header.trim().split_once(' ').ok_or(Fault::BlobChecksum)?;
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| Fault::BlobChecksum)?;
    let read = match name {
        "sha256" => bytes.try_into().ok().map(Checksum::Sha256),
        "sha1" => bytes.try_into().ok().map(Checksum::Sha1),
        _ => None,
    };
    read.ok_or(Fault::BlobChecksum)
}

/// Reads a count of bytes: digits and nothing else.
pub fn read_count(header: &str) -> Option<u64> {
    let text = header.trim();
    let digits = !text.is_empty() && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Reads `Range` for a whole of so many bytes. `None`: not a form that is served in parts, so the
/// whole is sent, as the standard has it.
pub fn read_range(header: &str, size: u64) -> Result<Option<Range<u64>>, Fault> {
    let Some((first, last)) = header.trim().strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Ok(None);
    };
    let range = match (read_count(first), read_count(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(Fault::BlobRange) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const META: Metadata = Metadata { hash: BlobHash([7; 32]), doc: DocId([9; 16]) };

    #[test]
    fn metadata_comes_back_and_other_keys_are_left_alone() {
        assert_eq!(Metadata::read(&META.header()), Ok(META));
        let doc = STANDARD.encode(hex::encode([9; 16]));
        let other = format!("filename c2hlbGYuanBn,is_confidential, doc {doc} ,{}", META.header());
        assert_eq!(Metadata::read(&other), Ok(META));
    }

    #[test]
    fn bad_headers_are_named() {
        let only_hash = META.header().split(',').next().unwrap().to_owned();
        for bad in ["", "sha256", "sha256 !!,doc !!", "sha256 AAAA,doc AAAA", &only_hash] {
            assert_eq!(Metadata::read(bad), Err(Fault::BlobMetadata), "{bad}");
        }
        assert_eq!(Metadata::read(&"a".repeat(METADATA_LONGEST + 1)), Err(Fault::BlobHeader));
        assert_eq!(read_checksum(&checksum_header(&[3; 32])), Ok(Checksum::Sha256([3; 32])));
        let sha1 = format!("sha1 {}", STANDARD.encode([4; 20]));
        assert_eq!(read_checksum(&sha1), Ok(Checksum::Sha1([4; 20])));
        for bad in ["", "md5 AAAA", "sha256", "sha256 AAAA", "sha256 ****"] {
            assert_eq!(read_checksum(bad), Err(Fault::BlobChecksum), "{bad}");
        }
        for bad in ["", "-1", "+1", "1e3", "0x10", "99999999999999999999", "1 2"] {
            assert_eq!(read_count(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_are_cut_to_the_size() {
        let parts = [("bytes=0-0", 0..1), ("bytes=5-", 5..10), ("bytes=-3", 7..10), ("bytes=2-99", 2..10)];
        for (header, range) in parts {
            assert_eq!(read_range(header, 10), Ok(Some(range)), "{header}");
        }
        for whole in ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=-", "nonsense"] {
            assert_eq!(read_range(whole, 10), Ok(None), "{whole}");
        }
        for outside in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
            assert_eq!(read_range(outside, 10), Err(Fault::BlobRange), "{outside}");
        }
    }

    proptest! {
        #[test]
        fn no_header_crashes_the_readers(text in any::<String>(), size in any::<u64>()) {
            let _ = (Metadata::read(&text), read_checksum(&text), read_count(&text));
            if let Ok(Some(range)) = read_range(&text, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }

        #[test]
        fn every_metadata_comes_back(hash in any::<[u8; 32]>(), doc in any::<[u8; 16]>()) {
            let meta = Metadata { hash: BlobHash(hash), doc: DocId(doc) };
            prop_assert_eq!(Metadata::read(&meta.header()), Ok(meta));
        }
    }
}
