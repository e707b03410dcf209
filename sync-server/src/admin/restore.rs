//! Putting a backup in the place of the data.

use super::files::{DATABASE, DataFolder, private};
use super::{Done, Refused, rows, verify};
use crate::error::Error;
use crate::storage::Storage;
use crate::storage::sqlite::Sqlite;
use rounds_model::ids::Epoch;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many records the backup has; all of them were verified.
    pub records: u64,
    /// Where the data is that was there before.
    pub kept: Option<PathBuf>,
}

/// Puts a backup in the place of a folder's database, which is kept beside it. A copy of the
/// backup is verified first, every record of it: what is damaged replaces nothing.
pub fn restore(folder: &DataFolder, from: &Path, force: bool, now_ms: i64) -> Done<Restored> {
    if !from.is_file() {
        return Err(Refused::new("no-such-file", &[("file", &from.display())]).into());
    }
    Sqlite::check_file(from).map_err(|e| unsound(from, e))?;
    let _alone =
        folder.serve()?.ok_or_else(|| Refused::new("in-use", &[("folder", &folder.path().display())]))?;
    let database = folder.path().join(DATABASE);
    if database.exists() && !force {
        return Err(Refused::new("not-empty", &[("folder", &folder.path().display())]).into());
    }
    // Under another name until it is whole: a power cut leaves the old or the new.
    let new = folder.path().join("rounds.restoring");
    let records = match copy(from, &new) {
        Ok(records) => records,
        Err(trouble) => {
            remove(&new, &["", "-wal", "-shm"]);
            return Err(trouble);
        }
    };
    let mut kept = None;
    if database.exists() {
        // Opening it takes in what its log still holds, so that the one file is all of it.
        drop(Sqlite::open(&database)?);
        let old = folder.path().join(format!("rounds.replaced-{now_ms}.db"));
        fs::rename(&database, &old).map_err(Error::from)?;
        remove(&database, &["-wal", "-shm"]);
        kept = Some(old);
    }
    fs::rename(&new, &database).map_err(Error::from)?;
    let restored = Sqlite::open(&database)?;
    // What phones know of the log's places is of the other life: they begin anew, and send again.
    for team in restored.teams()? {
        restored.begin_epoch(team.id, Epoch(crate::secrets::random()?))?;
    }
    restored.close_newest_run()?;
    Ok(Restored { records, kept })
}

/// Copies and verifies; returns how many records there are.
fn copy(from: &Path, new: &Path) -> Done<u64> {
    fs::copy(from, new).map_err(Error::from)?;
    private(new, 0o600)?;
    let mut records = 0;
    {
        // The copy is brought up to this build's version, so that it is verified as it will be used.
        let storage = Sqlite::open(new)?;
        let mut wrong = vec![];
        for team in storage.teams()? {
            // What an earlier build backed up has rows as that build made them.
            rows::catch_up(&storage, team.id).map_err(|e| unsound(from, e))?;
            let view = storage.read(team.id)?;
            let done = verify::verify(&*view).map_err(|e| unsound(from, e))?;
            records += done.records;
            wrong.extend(done.differences);
        }
        if let Some(first) = wrong.first() {
            let (file, count) = (from.display(), wrong.len());
            let args: [(_, &dyn std::fmt::Display); 4] =
                [("file", &file), ("count", &count), ("doc", &first.doc), ("what", &first.what)];
            return Err(Refused::new("backup-differs", &args).into());
        }
    }
    File::open(new).and_then(|file| file.sync_all()).map_err(Error::from)?;
    Ok(records)
}

/// A file that is damaged or none of ours is refused; anything else is a failure.
fn unsound(from: &Path, error: Error) -> super::Trouble {
    match error {
        Error::StorageDamaged(detail) => {
            Refused::new("backup-damaged", &[("file", &from.display()), ("detail", &detail)]).into()
        }
        Error::Document(e) => {
            Refused::new("backup-damaged", &[("file", &from.display()), ("detail", &e)]).into()
        }
        other => other.into(),
    }
}

fn remove(file: &Path, endings: &[&str]) {
    for ending in endings {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        // It may well not be there.
        let _ = fs::remove_file(name);
    }
}
