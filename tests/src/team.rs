//! A team to make journeys with: the cast of the demo day, with enrolled phones, in a folder that is
//! gone afterwards.

use crate::day::cast::{Cast, Phones};
use anyhow::Result;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A server with its team, and the phones of its reps.
pub struct Team {
    /// Everything is in it.
    pub folder: TempDir,
    /// The server and the network.
    pub cast: Cast,
    /// The phones.
    pub phones: Phones,
}

impl Team {
    /// Founds it and enrols the phones.
    pub fn found() -> Result<Team> {
        let folder = tempfile::tempdir()?;
        let (cast, _) = Cast::found(folder.path(), 0)?;
        let phones = cast.enrol(&mut |_| {})?;
        Ok(Team { folder, cast, phones })
    }

    /// A file of the team's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file that looks like a photo and compresses like one: not at all.
    pub fn photo(&self, name: &str, bytes: usize, seed: u64) -> Result<PathBuf> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut content = vec![0xff, 0xd8, 0xff, 0xe0];
        content.resize_with(bytes, || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[4]
        });
        let path = self.file(name);
        std::fs::write(&path, content)?;
        Ok(path)
    }

    /// How many photos and files the server keeps.
    pub fn stored(&self) -> Result<usize> {
        files_in(&self.cast.server.blobs_folder())
    }
}

/// How many files a folder and those in it have.
pub fn files_in(folder: &Path) -> Result<usize> {
    if !folder.is_dir() {
        return Ok(0);
    }
    let mut files = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        files += if path.is_dir() { files_in(&path)? } else { 1 };
    }
    Ok(files)
}
