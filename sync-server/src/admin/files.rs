//! The data folder: opened, copied.

use super::{Done, Refused};
use crate::error::{Error, Result};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

pub(super) const DATABASE: &str = "rounds.db";
/// How the names of databases begin in whose place a backup was put.
pub(super) const REPLACED: &str = "rounds.replaced-";
const LOCK: &str = "serving.lock";

/// A folder that holds everything of an installation. Nobody else on the machine may look into it.
#[derive(Debug, Clone)]
pub struct DataFolder {
    path: PathBuf,
}

/// Held while a server serves from a folder.
#[derive(Debug)]
pub struct Serving {
    file: File,
}

/// Told, not left to the closing: a program that another thread is just starting has the file open too, for a
/// moment.
impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl DataFolder {
    /// The folder at a path. It is made when something is put into it.
    pub fn at(path: &Path) -> DataFolder {
        DataFolder { path: path.to_owned() }
    }

    /// Whether there is a database in it.
    pub fn has_database(&self) -> bool {
        self.path.join(DATABASE).exists()
    }

    /// Refuses a folder of an installation whose database is gone: a new one in its place would be empty, and
    /// no phone would be known to it.
    pub fn check_whole(&self) -> Done<()> {
        if self.has_database() || !self.has_traces() {
            return Ok(());
        }
        Err(Refused::new("database-missing", &[("folder", &self.path.display())]).into())
    }

    /// Whether there is what only an installation leaves: photos, databases that were replaced.
    fn has_traces(&self) -> bool {
        let is_used =
            |folder: &str| fs::read_dir(self.path.join(folder)).is_ok_and(|mut of| of.next().is_some());
        let mut names =
            fs::read_dir(&self.path).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let replaced =
            |name: &std::ffi::OsString| name.to_str().is_some_and(|name| name.starts_with(REPLACED));
        is_used("blobs") || is_used("uploads") || names.any(|name| replaced(&name))
    }

    fn make(&self) -> Result<()> {
        if !self.path.exists() {
            fs::create_dir_all(&self.path)?;
            private(&self.path, 0o700)?;
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the database, which is made if it is not there.
    pub fn open(&self) -> Result<Sqlite> {
        self.make()?;
        let file = self.path.join(DATABASE);
        let new = !file.exists();
        let open = Sqlite::open(&file)?;
        if new {
            private(&self.path, 0o700)?;
            private(&file, 0o600)?;
        }
        Ok(open)
    }

    /// Marks the folder as served from; `None` if another process serves from it.
    pub fn serve(&self) -> Result<Option<Serving>> {
        self.make()?;
        let file = File::options().create(true).truncate(false).write(true).open(self.path.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Serving { file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(e)) => Err(e.into()),
        }
    }
}

/// Copies everything to a new file, consistent while others write.
pub fn backup(storage: &dyn Storage, to: &Path) -> Done<()> {
    if to.exists() {
        return Err(Refused::new("file-exists", &[("file", &to.display())]).into());
    }
    // Made first, so that nobody else can read what is then written into it.
    File::create_new(to).map_err(Error::from)?;
    private(to, 0o600)?;
    let done = storage.backup(to).and_then(|()| Sqlite::check_file(to));
    if done.is_err() {
        // A half-written copy must not be taken for one.
        let _ = fs::remove_file(to);
    }
    Ok(done?)
}

#[cfg(unix)]
pub(super) fn private(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
pub(super) fn private(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}
