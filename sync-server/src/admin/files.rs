//! The data folder: opened, copied.

use super::{Done, Refused};
use crate::error::{Error, Result};
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

pub(super) const DATABASE: &str = "rounds.db";
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
