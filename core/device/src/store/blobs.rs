//! Photos and other blobs at rest: immutable files beside the database, named by a keyed hash,
//! encrypted in chunks with a key that only the database holds.
//!
//! Each chunk of 64 KiB is sealed with XChaCha20-Poly1305; its number and whether it is the last
//! are part of what is authenticated, so that chunks can be neither reordered, cut off nor taken
//! from another file. Nothing is ever in memory but one chunk.

use super::meta;
use crate::error::Fail;
use crate::platform::{Platform, random};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rounds_model::ids::{BlobHash, DocId};
use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Plain bytes in one chunk.
pub(super) const CHUNK: usize = 64 * 1024;
/// Bytes that sealing adds to a chunk.
pub(super) const TAG: usize = 16;
/// The largest blob: a long video.
pub const LARGEST: u64 = 2 << 30;

/// A blob as it was written: its name is its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the plain bytes.
    pub hash: BlobHash,
    /// Plain bytes.
    pub size: u64,
}

/// What the name of a draft begins with.
const DRAFT: &str = "draft-";
/// A draft that nothing was written to for so long is of a process that was killed.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

/// A blob that is whole on disk, and has no name yet. Dropped without one, it is deleted.
#[derive(Debug)]
pub struct Draft {
    file: PathBuf,
    /// What it is.
    pub stored: Stored,
}

impl Draft {
    /// Gives it its name. From here on a sweep may delete it until it is noted whose it is: whoever
    /// calls this keeps sweeps away until then.
    pub fn keep(self, dir: &Path, key: &[u8; 32]) -> Result<Stored, Fail> {
        std::fs::rename(&self.file, path(dir, key, &self.stored.hash))?;
        File::open(dir)?.sync_all()?;
        Ok(self.stored)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It has its name, or nobody wants it.
        drop(std::fs::remove_file(&self.file));
    }
}

/// Encrypts a stream into a draft in the blob folder. A kill leaves a file that [`sweep_drafts`] deletes.
pub fn draft(
    dir: &Path,
    key: &[u8; 32],
    platform: &dyn Platform,
    source: &mut dyn Read,
) -> Result<Draft, Fail> {
    std::fs::create_dir_all(dir)?;
    let file = dir.join(format!("{DRAFT}{}", hex::encode(random::<8>(platform)?)));
    let stored = write_draft(&file, key, platform, source);
    let stored = stored.inspect_err(|_| drop(std::fs::remove_file(&file)))?;
    Ok(Draft { file, stored })
}

/// Deletes the drafts that a kill left. Another process may be writing one at this moment.
pub fn sweep_drafts(dir: &Path) -> Result<(), Fail> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e.into()),
    };
    for entry in entries {
        let entry = entry?;
        let is_draft = entry.file_name().to_str().is_some_and(|name| name.starts_with(DRAFT));
        let written = entry.metadata().and_then(|file| file.modified());
        // A clock that was turned back makes a draft of the future: it waits.
        let age = written.ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        if is_draft && age.is_some_and(|age| age > FORGOTTEN) {
            drop(std::fs::remove_file(entry.path()));
        }
    }
    Ok(())
}

fn write_draft(
    draft: &Path,
    key: &[u8; 32],
    platform: &dyn Platform,
    source: &mut dyn Read,
) -> Result<Stored, Fail> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let prefix: [u8; 16] = random(platform)?;
    let mut out = BufWriter::new(File::create(draft)?);
    out.write_all(&prefix)?;
    let (mut hasher, mut size, mut number) = (Sha256::new(), 0u64, 0u64);
    let mut chunk = fill(source)?;
    loop {
        let next = if chunk.len() == CHUNK { fill(source)? } else { vec![] };
        hasher.update(&chunk);
        size += chunk.len() as u64;
        if size > LARGEST {
            return Err(Fail::StorageFull);
        }
        let last = next.is_empty();
        let payload = Payload { msg: &chunk, aad: &[u8::from(last)] };
        let sealed = cipher.encrypt(&nonce(&prefix, number), payload).map_err(|_| Fail::BlobDamaged)?;
        out.write_all(&sealed)?;
        if last {
            break;
        }
        (chunk, number) = (next, number + 1);
    }
    out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
    Ok(Stored { hash: BlobHash(hasher.finalize().into()), size })
}

/// Decrypts a blob into `sink`, checking every chunk and, at the end, the hash.
pub fn read(dir: &Path, key: &[u8; 32], hash: &BlobHash, sink: &mut dyn Write) -> Result<u64, Fail> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let mut file = BufReader::new(File::open(path(dir, key, hash)).map_err(|_| Fail::BlobDamaged)?);
    let mut prefix = [0; 16];
    file.read_exact(&mut prefix).map_err(|_| Fail::BlobDamaged)?;
    let (mut hasher, mut size, mut number) = (Sha256::new(), 0u64, 0u64);
    let mut sealed = fill_sealed(&mut file)?;
    loop {
        let next = if sealed.len() == CHUNK + TAG { fill_sealed(&mut file)? } else { vec![] };
        let payload = Payload { msg: &sealed, aad: &[u8::from(next.is_empty())] };
        let plain = cipher.decrypt(&nonce(&prefix, number), payload).map_err(|_| Fail::BlobDamaged)?;
        hasher.update(&plain);
        size += plain.len() as u64;
        sink.write_all(&plain)?;
        if next.is_empty() {
            break;
        }
        (sealed, number) = (next, number + 1);
    }
    if hasher.finalize().as_slice() == hash.as_bytes() { Ok(size) } else { Err(Fail::BlobDamaged) }
}

/// The key that blobs are encrypted with; drawn once.
pub fn key(tx: &Transaction<'_>, platform: &dyn Platform) -> Result<[u8; 32], Fail> {
    if let Some(key) = meta::get::<[u8; 32]>(tx, "blob_key")? {
        return Ok(key);
    }
    let key: [u8; 32] = random(platform)?;
    meta::set(tx, "blob_key", &key)?;
    Ok(key)
}

/// Deletes a blob's file. That it is gone already is as good.
pub fn delete(dir: &Path, key: &[u8; 32], hash: &BlobHash) -> Result<(), Fail> {
    match std::fs::remove_file(path(dir, key, hash)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// Notes that a record has a blob. The same bytes twice are the same blob.
pub fn note(tx: &Transaction<'_>, doc: DocId, blob: Stored, at_ms: i64) -> Result<(), Fail> {
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO blobs (hash, doc, size, at_ms) VALUES (?1, ?2, ?3, ?4)")?;
    let size = i64::try_from(blob.size).map_err(|_| Fail::StorageFull)?;
    insert.execute((blob.hash.as_bytes(), doc.as_bytes(), size, at_ms))?;
    Ok(())
}

/// The size of a blob that this phone has.
pub fn size(db: &Connection, hash: &BlobHash) -> Result<Option<u64>, Fail> {
    let mut query = db.prepare_cached("SELECT size FROM blobs WHERE hash = ?1")?;
    Ok(query.query_row([hash.as_bytes()], |r| r.get(0)).optional()?)
}

/// The file name says nothing to someone who has the photo but not the key.
pub(super) fn path(dir: &Path, key: &[u8; 32], hash: &BlobHash) -> PathBuf {
    let name =
        Sha256::new().chain_update(b"rounds blob name\0").chain_update(key).chain_update(hash.0).finalize();
    dir.join(hex::encode(name))
}

pub(super) fn nonce(prefix: &[u8; 16], number: u64) -> XNonce {
    let mut out = [0; 24];
    out[..16].copy_from_slice(prefix);
    out[16..].copy_from_slice(&number.to_be_bytes());
    XNonce::from(out)
}

fn fill(source: &mut dyn Read) -> Result<Vec<u8>, Fail> {
    let mut chunk = Vec::with_capacity(CHUNK);
    source.take(CHUNK as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn fill_sealed(file: &mut impl Read) -> Result<Vec<u8>, Fail> {
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    file.take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;

    const KEY: [u8; 32] = [3; 32];

    fn roundtrip(size: usize) {
        let dir = tempfile::tempdir().unwrap();
        let machine = Replay::new(0, 1);
        let plain: Vec<u8> = (0..size).map(|i| (i / 7) as u8).collect();
        let stored = draft(dir.path(), &KEY, &machine, &mut &plain[..]).unwrap();
        let stored = stored.keep(dir.path(), &KEY).unwrap();
        assert_eq!(stored.hash.0, <[u8; 32]>::from(Sha256::digest(&plain)));
        let mut back = vec![];
        assert_eq!(read(dir.path(), &KEY, &stored.hash, &mut back).unwrap(), size as u64);
        assert!(back == plain);
        assert!(read(dir.path(), &[4; 32], &stored.hash, &mut vec![]).is_err());
    }

    #[test]
    fn any_size_comes_back_whole() {
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            roundtrip(size);
        }
    }

    #[test]
    fn lesson_16_every_damage_to_the_file_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let machine = Replay::new(0, 1);
        let plain = vec![5u8; 2 * CHUNK + 10];
        let stored = draft(dir.path(), &KEY, &machine, &mut &plain[..]).unwrap();
        let stored = stored.keep(dir.path(), &KEY).unwrap();
        let file = path(dir.path(), &KEY, &stored.hash);
        let good = std::fs::read(&file).unwrap();
        let sealed = CHUNK + TAG;
        let mut swapped = good.clone();
        swapped.copy_within(16 + sealed..16 + 2 * sealed, 16);
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 1;
        for bad in [swapped, flipped, good[..16 + sealed].to_vec(), good[..good.len() - 1].to_vec(), vec![]] {
            std::fs::write(&file, bad).unwrap();
            assert!(read(dir.path(), &KEY, &stored.hash, &mut vec![]).is_err());
        }
        std::fs::write(&file, good).unwrap();
        assert!(read(dir.path(), &KEY, &stored.hash, &mut vec![]).is_ok());
    }

    #[test]
    fn drafts_that_a_kill_left_are_swept_and_one_under_way_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let machine = Replay::new(0, 1);
        let at_work = draft(dir.path(), &KEY, &machine, &mut &b"photo"[..]).unwrap();
        let left = dir.path().join("draft-00");
        std::fs::write(&left, b"half a photo").unwrap();
        sweep_drafts(dir.path()).unwrap();
        assert!(left.exists(), "it is new");
        let long_ago = SystemTime::now() - 2 * FORGOTTEN;
        File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
        sweep_drafts(dir.path()).unwrap();
        assert!(!left.exists());
        let stored = at_work.keep(dir.path(), &KEY).unwrap();
        assert_eq!(read(dir.path(), &KEY, &stored.hash, &mut vec![]).unwrap(), 5);
        drop(draft(dir.path(), &KEY, &machine, &mut &b"other"[..]).unwrap());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "what nobody kept is gone");
    }
}
