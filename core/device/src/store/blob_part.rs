//! A part of a blob, decrypted as it is read: what an upload sends. Only the chunks that it needs
//! are read, and only one is in memory.

use super::blobs::{self, CHUNK, TAG};
use crate::error::Fail;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use rounds_model::ids::BlobHash;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// A part of a blob.
pub struct Part {
    cipher: XChaCha20Poly1305,
    file: File,
    prefix: [u8; 16],
    /// The chunk that is read next, and the last one there is.
    number: u64,
    last: u64,
    plain: Vec<u8>,
    /// Where in the chunk the next byte is.
    at: usize,
    left: u64,
}

impl Part {
    /// Opens a part of a blob of `size` plain bytes.
    pub fn open(
        dir: &Path,
        key: &[u8; 32],
        hash: &BlobHash,
        size: u64,
        range: Range<u64>,
    ) -> Result<Part, Fail> {
        let mut file = File::open(blobs::path(dir, key, hash)).map_err(|_| Fail::BlobDamaged)?;
        let mut prefix = [0; 16];
        file.read_exact(&mut prefix).map_err(|_| Fail::BlobDamaged)?;
        let (chunk, sealed) = (CHUNK as u64, (CHUNK + TAG) as u64);
        let number = range.start / chunk;
        file.seek(SeekFrom::Start(16 + number * sealed))?;
        Ok(Part {
            cipher: XChaCha20Poly1305::new(key.into()),
            file,
            prefix,
            number,
            last: size.saturating_sub(1) / chunk,
            plain: Vec::new(),
            at: usize::try_from(range.start % chunk).unwrap_or(0),
            left: range.end.min(size).saturating_sub(range.start),
        })
    }

    /// The SHA-256 of the whole part; reads it to its end.
    pub fn checksum(mut self) -> Result<[u8; 32], Fail> {
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; CHUNK]);
        loop {
            let n = self.read(&mut buffer).map_err(|_| Fail::BlobDamaged)?;
            match buffer.get(..n) {
                Some(read) if n > 0 => hasher.update(read),
                _ => return Ok(hasher.finalize().into()),
            }
        }
    }

    fn decrypt_next(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        (&self.file).take((CHUNK + TAG) as u64).read_to_end(&mut sealed)?;
        let payload = Payload { msg: &sealed, aad: &[u8::from(self.number == self.last)] };
        let nonce = blobs::nonce(&self.prefix, self.number);
        let plain = self.cipher.decrypt(&nonce, payload);
        self.plain = plain.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.number += 1;
        Ok(())
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        if self.plain.is_empty() {
            self.decrypt_next()?;
        } else if self.at >= self.plain.len() {
            self.at = 0;
            self.decrypt_next()?;
        }
        let rest = self.plain.get(self.at..).unwrap_or_default();
        let n = rest.len().min(buffer.len()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer.iter_mut().zip(rest).take(n).for_each(|(to, from)| *to = *from);
        self.at += n;
        self.left -= n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;

    #[test]
    fn every_part_is_that_part_of_the_whole() {
        let (dir, key) = (tempfile::tempdir().unwrap(), [3; 32]);
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            let plain: Vec<u8> = (0..size).map(|i| (i * 31 / 7) as u8).collect();
            let stored = blobs::draft(dir.path(), &key, &Replay::new(0, 1), &mut &plain[..]).unwrap();
            let stored = stored.keep(dir.path(), &key).unwrap();
            let step = (CHUNK / 3 + 7) as u64;
            let size = size as u64;
            for start in (0..=size).step_by(CHUNK / 2 + 3) {
                for end in [start, start + 1, start + step, start + 2 * CHUNK as u64, size, size + 9] {
                    let end_in = end.clamp(start, size);
                    let open = || Part::open(dir.path(), &key, &stored.hash, size, start..end).unwrap();
                    let mut read = vec![];
                    open().read_to_end(&mut read).unwrap();
                    let wanted = &plain[start as usize..end_in as usize];
                    assert!(read == wanted, "{size} {start}..{end}");
                    assert_eq!(open().checksum().unwrap(), <[u8; 32]>::from(Sha256::digest(wanted)));
                }
            }
        }
    }

    #[test]
    fn damage_is_noticed_before_it_is_sent() {
        let (dir, key) = (tempfile::tempdir().unwrap(), [3; 32]);
        let plain = vec![5u8; 2 * CHUNK + 10];
        let stored = blobs::draft(dir.path(), &key, &Replay::new(0, 1), &mut &plain[..]).unwrap();
        let stored = stored.keep(dir.path(), &key).unwrap();
        let file = blobs::path(dir.path(), &key, &stored.hash);
        let good = std::fs::read(&file).unwrap();
        let mut flipped = good.clone();
        flipped[20 + CHUNK] ^= 1;
        for bad in [flipped, good[..16 + CHUNK + TAG].to_vec()] {
            std::fs::write(&file, bad).unwrap();
            let part = Part::open(dir.path(), &key, &stored.hash, stored.size, 5..stored.size).unwrap();
            assert!(part.checksum().is_err());
        }
    }
}
