//! A data folder that can be copied while it is in use, and cut off as a dead battery cuts it off.
//!
//! Both ends keep one SQLite file with a write-ahead log. A process that dies leaves the log as far
//! as it was written; so a copy whose log ends at any byte between its length before a call and its
//! length after it is what a kill at some moment of that call leaves behind: before the first
//! commit, inside any of them, or after the last.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// SQLite moves the log into the database when it has 1,000 pages. Up to then the database file
/// stands still, and the log may be cut anywhere.
const CHECKPOINT: u64 = 1_000 * 4_096;

/// What both ends call their file.
const DATABASE: &str = "rounds.db";
const LOG: &str = "rounds.db-wal";
/// Where a phone keeps photos: whole files that never change.
const PHOTOS: &str = "blobs";

/// A folder with one database in it, and the generations that kills have made of it.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    generation: u32,
}

impl Folder {
    /// A new folder below `root`, with a copy of what is in `from`.
    pub fn copy_of(from: &Path, root: PathBuf) -> Result<Folder> {
        let folder = Folder { root, generation: 0 };
        copy(from, &folder.path(), None)?;
        Ok(folder)
    }

    /// Where it is now.
    pub fn path(&self) -> PathBuf {
        self.root.join(self.generation.to_string())
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.path().join(DATABASE)
    }

    /// A file that outlives the generations.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// How long the log is.
    pub fn log_length(&self) -> u64 {
        std::fs::metadata(self.path().join(LOG)).map_or(0, |m| m.len())
    }

    /// True if the log may be cut anywhere.
    pub fn can_cut(&self) -> bool {
        self.log_length() < CHECKPOINT
    }

    /// Goes on with a copy as a kill leaves it, the log cut at `cut` bytes. Whoever has the old one
    /// open must drop it afterwards.
    pub fn die(&mut self, cut: Option<u64>) -> Result<()> {
        let old = self.path();
        self.generation += 1;
        copy(&old, &self.path(), cut)
    }

    /// Removes what earlier generations left.
    pub fn tidy(&self) {
        if let Some(old) = self.generation.checked_sub(1) {
            // What cannot be removed now goes with the whole folder.
            let _ = std::fs::remove_dir_all(self.root.join(old.to_string()));
        }
    }

    /// Copies it elsewhere, as a phone's backup does.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        let _ = std::fs::remove_dir_all(to);
        copy(&self.path(), to, None)
    }

    /// Goes on with a copy that was made earlier.
    pub fn restore(&mut self, from: &Path) -> Result<()> {
        self.generation += 1;
        copy(from, &self.path(), None)
    }
}

fn copy(from: &Path, to: &Path, cut: Option<u64>) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for name in [DATABASE, LOG] {
        let source = from.join(name);
        if source.exists() {
            std::fs::copy(&source, to.join(name)).with_context(|| format!("{name} cannot be copied"))?;
        }
    }
    let photos = from.join(PHOTOS);
    if photos.exists() {
        std::fs::create_dir_all(to.join(PHOTOS))?;
        for photo in std::fs::read_dir(&photos)? {
            let photo = photo?;
            std::fs::copy(photo.path(), to.join(PHOTOS).join(photo.file_name()))?;
        }
    }
    let log = to.join(LOG);
    if let Some(cut) = cut
        && log.exists()
    {
        std::fs::OpenOptions::new().write(true).open(log)?.set_len(cut)?;
    }
    Ok(())
}
