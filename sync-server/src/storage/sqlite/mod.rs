//! The embedded database: one file, one writer, several readers.
//!
//! WAL, so that readers never wait for the writer; `synchronous = FULL`, so that a receipt is sent
//! only for what a power cut cannot take back. Other processes (the admin commands) use the same
//! file at the same time and wait for each other.

mod blobs;
mod codec;
mod console;
mod evidence;
mod holding;
mod log;
mod migrate;
mod people;
mod records;
mod session;
mod sought;

use super::people::SecretHash;
use super::{Error, Read, Result, Storage, Write};
use codec::{int, team_row};
use rounds_model::ids::{DeviceId, Epoch, TeamId};
use rounds_protocol::enrol::Team;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use session::Session;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// How long one process waits for another.
const BUSY: Duration = Duration::from_secs(15);
/// Reading connections for phones: more than cores, so that a slow reader does not stop the others.
const READERS: usize = 4;
/// Those for people: their pages, exports and reports take no reader from a phone.
const BROWSERS: usize = 6;
/// What a reading connection keeps of the file in memory, KiB.
const CACHE: i64 = 16 * 1024;
/// Prepared statements kept by each connection: every statement there is.
const STATEMENTS: usize = 160;

/// An open database file.
pub struct Sqlite {
    readers: Pool,
    browsers: Pool,
    /// Dropped after those that only read: the last connection takes the log into the file, if it may write.
    writer: Mutex<Connection>,
    /// Where the file is, if it is a copy that goes when this is dropped: after the connections to it.
    _folder: Option<TempDir>,
}

/// Reading connections, of which each takes its turn. They are opened when they are first needed: each reads the
/// whole schema, and most commands of an operator need one.
struct Pool {
    path: PathBuf,
    readers: Vec<OnceLock<Mutex<Connection>>>,
    next: AtomicUsize,
}

impl Pool {
    fn new(path: &Path, size: usize) -> Pool {
        let readers = (0..size).map(|_| OnceLock::new()).collect();
        Pool { path: path.to_owned(), readers, next: AtomicUsize::new(0) }
    }

    /// A connection that is free, a new one, or the next in turn once it is free.
    fn take(&self) -> Result<MutexGuard<'_, Connection>> {
        let (turn, size) = (self.next.fetch_add(1, Ordering::Relaxed), self.readers.len().max(1));
        let in_turn = || self.readers.iter().cycle().skip(turn % size).take(size).filter_map(OnceLock::get);
        if let Some(free) = in_turn().find_map(|reader| reader.try_lock().ok()) {
            return Ok(free);
        }
        if let Some(empty) = self.readers.iter().find(|reader| reader.get().is_none()) {
            let new = Mutex::new(open_reader(&self.path)?);
            // Where somebody else was faster, theirs is as good.
            return Ok(lock(empty.get_or_init(|| new)));
        }
        in_turn().next().map(lock).ok_or(Error::StorageBusy)
    }
}

impl Sqlite {
    /// Opens the file, makes it if it is new, and brings it up to this build's version. A file of
    /// a newer version is refused and not touched.
    pub fn open(path: &Path) -> Result<Sqlite> {
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(BUSY)?;
        writer.set_prepared_statement_cache_capacity(STATEMENTS);
        sought::teach(&writer)?;
        migrate::check(&writer)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "cache_size", -64 * 1024)?;
        writer.pragma_update(None, "foreign_keys", true)?;
        migrate::run(&mut writer)?;
        let (readers, browsers) = (Pool::new(path, READERS), Pool::new(path, BROWSERS));
        Ok(Sqlite { writer: Mutex::new(writer), readers, browsers, _folder: None })
    }

    /// Closes the file and takes all of its log into it, so that the one file is everything.
    ///
    /// # Errors
    /// [`Error::StorageBusy`] if another process has it open and something stays in the log.
    pub fn fold(self) -> Result<()> {
        let Sqlite { readers, browsers, writer, _folder } = self;
        drop((readers, browsers));
        let writer = writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.busy_timeout(Duration::from_secs(2))?;
        let left: i64 = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        writer.close().map_err(|(_, e)| Error::from(e))?;
        if left == 0 { Ok(()) } else { Err(Error::StorageBusy) }
    }

    /// Limits the file to so many pages, so that a test can fill it.
    pub fn limit_pages(&self, pages: i64) -> Result<()> {
        Ok(self.writer().pragma_update(None, "max_page_count", pages)?)
    }

    /// Takes the newest run as stopped: in a copy made while serving, it only looks like one that
    /// broke off.
    pub fn close_newest_run(&self) -> Result<()> {
        let newest =
            "UPDATE runs SET stopped = started WHERE stopped IS NULL AND run = (SELECT max(run) FROM runs)";
        self.writer().execute(newest, [])?;
        Ok(())
    }

    /// Checks a file that may be any: that it is a sound database of a version known here.
    pub fn check_file(path: &Path) -> Result<()> {
        let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        migrate::check(&file)?;
        if migrate::version(&file)? == 0 {
            return Err(Error::StorageDamaged("not a Rounds database".into()));
        }
        let said: String = file.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said == "ok" { Ok(()) } else { Err(Error::StorageDamaged(said)) }
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    fn reader(&self) -> Result<MutexGuard<'_, Connection>> {
        self.readers.take()
    }

    fn team_of(&self, sql: &str, id: &[u8]) -> Result<Option<TeamId>> {
        let reader = self.reader()?;
        let found = reader.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(found.map(TeamId))
    }
}

/// A panic while the lock was held left at worst an open transaction, and its guard rolled that
/// back while unwinding: the connection is as good as before.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open_reader(path: &Path) -> Result<Connection> {
    let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    reader.busy_timeout(BUSY)?;
    reader.set_prepared_statement_cache_capacity(STATEMENTS);
    reader.pragma_update(None, "cache_size", -CACHE)?;
    // SQLCipher is built to sort in memory, so that nothing lies about unsealed. This file is not sealed, and
    // a list of any length must not become memory of any size.
    reader.pragma_update(None, "temp_store", "FILE")?;
    sought::teach(&reader)?;
    Ok(reader)
}

impl Storage for Sqlite {
    fn teams(&self) -> Result<Vec<Team>> {
        let reader = self.reader()?;
        let mut statement =
            reader.prepare_cached("SELECT team_id, name, zone FROM teams ORDER BY team_id")?;
        let rows = statement.query_map([], team_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn add_team(&self, team: &Team) -> Result<()> {
        let sql = "INSERT INTO teams (team_id, name, zone, last_seq, seal)
            VALUES (?1, ?2, ?3, 0, randomblob(32))";
        self.writer().execute(sql, params![team.id.0, team.name, team.zone])?;
        Ok(())
    }

    fn team_of_device(&self, device: DeviceId) -> Result<Option<TeamId>> {
        self.team_of("SELECT team_id FROM devices WHERE device = ?1", &device.0)
    }

    fn team_of_invitation(&self, code_hash: &SecretHash) -> Result<Option<TeamId>> {
        self.team_of("SELECT team_id FROM invitations WHERE code_hash = ?1", code_hash)
    }

    fn read<'a>(&'a self, team: TeamId) -> Result<Box<dyn Read + 'a>> {
        Ok(Box::new(Session::read(self.reader()?, team)?))
    }

    fn browse<'a>(&'a self, team: TeamId) -> Result<Box<dyn Read + 'a>> {
        Ok(Box::new(Session::read(self.browsers.take()?, team)?))
    }

    fn write<'a>(&'a self, team: TeamId) -> Result<Box<dyn Write + 'a>> {
        Ok(Box::new(Session::write(self.writer(), team)?))
    }

    fn touch_device(&self, team: TeamId, device: DeviceId, at_ms: i64, unsent: u64) -> Result<()> {
        let sql = "UPDATE devices SET last_sync = ?3, unsent = ?4 WHERE team_id = ?1 AND device = ?2";
        let writer = self.writer();
        writer.prepare_cached(sql)?.execute(params![team.0, device.0, at_ms, int(unsent)])?;
        Ok(())
    }

    fn start_run(&self, at_ms: i64) -> Result<i64> {
        let writer = self.writer();
        writer.execute("INSERT INTO runs (started) VALUES (?1)", [at_ms])?;
        Ok(writer.last_insert_rowid())
    }

    fn stop_run(&self, run: i64, at_ms: i64) -> Result<()> {
        self.writer().execute("UPDATE runs SET stopped = ?2 WHERE run = ?1", [run, at_ms])?;
        Ok(())
    }

    fn unclean_runs(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM runs WHERE stopped IS NULL AND run < (SELECT max(run) FROM runs)";
        let count: i64 = self.reader()?.query_row(sql, [], |row| row.get(0))?;
        Ok(codec::uint(count))
    }

    fn begin_epoch(&self, team: TeamId, epoch: Epoch) -> Result<()> {
        let sql = "UPDATE teams SET epoch = ?2 WHERE team_id = ?1";
        self.writer().execute(sql, params![team.0, epoch.0])?;
        Ok(())
    }

    fn backup(&self, to: &Path) -> Result<()> {
        let from = self.browsers.take()?;
        let mut copy = Connection::open(to)?;
        // One step for all pages: the reading transaction it takes is a consistent state, and in
        // WAL mode it keeps nobody from writing.
        let backup = rusqlite::backup::Backup::new(&from, &mut copy)?;
        backup.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        drop(backup);
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }

    fn copy(&self) -> Result<Box<dyn Storage>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("copy.db");
        self.backup(&file)?;
        let copy = Sqlite { _folder: Some(folder), ..Sqlite::open(&file)? };
        // Nothing of it has to outlive a power cut.
        copy.writer().pragma_update(None, "synchronous", "OFF")?;
        Ok(Box::new(copy))
    }
}

#[cfg(test)]
mod tests;
