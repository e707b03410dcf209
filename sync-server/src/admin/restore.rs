//! Putting a backup in the place of the data.

use super::files::{DATABASE, DataFolder, REPLACED, private};
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
///
/// There is a database at every moment, the old or the new one, whatever stops this: the old one gets a
/// second name, and then the new one takes the first, as it will be used and in one step.
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
        let old = folder.path().join(format!("{REPLACED}{now_ms}.db"));
        if let Err(trouble) = set_aside(folder, &database, &old) {
            remove(&new, &["", "-wal", "-shm"]);
            return Err(trouble);
        }
        remove(&database, &["-wal", "-shm"]);
        kept = Some(old);
    }
    fs::rename(&new, &database).map_err(Error::from)?;
    durable(folder.path())?;
    Ok(Restored { records, kept })
}

/// Keeps all of a database under another name too.
fn set_aside(folder: &DataFolder, database: &Path, old: &Path) -> Done<()> {
    let (log, kept_log) = (log_of(database), log_of(old));
    // Before it is opened: whoever opens what they cannot read takes its log away when they let go of it.
    if has_log(database) {
        keep(&log, &kept_log)?;
    }
    let opened = Sqlite::open(database).and_then(Sqlite::fold);
    let is_alone = !log.exists();
    match opened {
        // Its log is taken in: the one file is all of it.
        Ok(()) if is_alone => drop(fs::remove_file(&kept_log)),
        // Somebody has it open: what they write would be lost, or come into the new one.
        Ok(()) | Err(Error::StorageBusy) => {
            drop(fs::remove_file(&kept_log));
            return Err(Refused::new("in-use", &[("folder", &folder.path().display())]).into());
        }
        // What this build cannot open it cannot fold either, and it is often why a backup is put in its place:
        // it is kept as it is, with its log.
        Err(e) if e.is_damage() || matches!(e, Error::StorageNewer { .. }) => {}
        Err(e) => {
            drop(fs::remove_file(&kept_log));
            return Err(e.into());
        }
    }
    keep(database, old)
}

/// Gives a file a second name; where there is no such thing, a copy has it.
fn keep(file: &Path, name: &Path) -> Done<()> {
    if fs::hard_link(file, name).is_err() {
        fs::copy(file, name).and_then(|_| File::open(name)?.sync_all()).map_err(Error::from)?;
        private(name, 0o600)?;
    }
    name.parent().map_or(Ok(()), durable)
}

/// The names in a folder, as a power cut leaves them.
fn durable(folder: &Path) -> Done<()> {
    Ok(File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::from)?)
}

/// Whether anything of a database is still in its log.
fn has_log(database: &Path) -> bool {
    fs::metadata(log_of(database)).is_ok_and(|log| log.len() > 0)
}

fn log_of(database: &Path) -> PathBuf {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// Copies and verifies; returns how many records there are.
fn copy(from: &Path, new: &Path) -> Done<u64> {
    fs::copy(from, new).map_err(Error::from)?;
    private(new, 0o600)?;
    let mut records = 0;
    // What a restore that broke off left here is of another file.
    remove(new, &["-wal", "-shm"]);
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
        // What phones know of the log's places is of the other life: they begin anew, and send again. Before
        // it is in its place: one that went on as if nothing had happened would lose what they do not send.
        for team in storage.teams()? {
            storage.begin_epoch(team.id, Epoch(crate::secrets::random()?))?;
        }
        storage.close_newest_run()?;
        storage.fold()?;
    }
    remove(new, &["-wal", "-shm"]);
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
