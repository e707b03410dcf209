//! The server: the real exchange over the real storage, in a process that can die.

use super::cast::{NOW, TEAM};
use super::folder::Folder;
use anyhow::{Context, Result, anyhow};
use rounds_model::ids::DeviceId;
use rounds_protocol::exchange::{Answer, Request};
use rounds_server::admin::files::{self, DataFolder};
use rounds_server::admin::restore;
use rounds_server::blobs::keep::Keep;
use rounds_server::blobs::staging::Staging;
use rounds_server::blobs::{Blobs, Limits};
use rounds_server::error::Error;
use rounds_server::exchange::exchange;
use rounds_server::exchange::rules::RulesCache;
use rounds_server::storage::sqlite::Sqlite;
use rounds_server::storage::{Read, Storage};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More pages than a run can fill.
const PLENTY: i64 = 1 << 30;

/// A running server.
pub struct Server {
    folder: Folder,
    db: Option<Arc<Sqlite>>,
    full: bool,
    /// When it was backed up, and which phones were revoked then.
    copy: Option<(u32, Vec<usize>)>,
}

impl Server {
    /// Starts on a folder.
    pub fn open(folder: Folder) -> Result<Server> {
        let db = Some(Arc::new(Sqlite::open(&folder.database())?));
        Ok(Server { folder, db, full: false, copy: None })
    }

    /// One request, as it arrives.
    pub fn exchange(
        &self,
        rules: &RulesCache,
        token: &str,
        request: &Request,
        now_ms: i64,
    ) -> Result<Answer, Error> {
        let db = self.db.as_ref().ok_or(Error::Cancelled)?;
        exchange(&**db, rules, token, request, now_ms)
    }

    /// Its storage.
    pub fn storage(&self) -> Result<&dyn Storage> {
        self.db.as_deref().map(|db| db as &dyn Storage).context("the server is not running")
    }

    /// What it has now.
    pub fn view(&self) -> Result<Box<dyn Read + '_>> {
        Ok(self.storage()?.read(TEAM)?)
    }

    /// Its photos: whole ones and parts are beside the database, and no backup has them.
    pub fn blobs(&self) -> Result<Arc<Blobs>, Error> {
        let storage: Arc<dyn Storage> = self.db.clone().ok_or(Error::Cancelled)?;
        let (keep, staging) = (Keep::folder(&self.photos())?, Staging::at(&self.parts())?);
        Ok(Blobs::new(storage, keep, staging, Limits::default(), || NOW))
    }

    /// Where whole photos are.
    pub fn photos(&self) -> PathBuf {
        self.folder.beside("photos")
    }

    /// Where the parts of photos are.
    pub fn parts(&self) -> PathBuf {
        self.folder.beside("parts")
    }

    /// Fills its disk, or frees it.
    pub fn set_full(&mut self, full: bool) -> Result<()> {
        self.full = full;
        if let Some(db) = &self.db {
            db.limit_pages(if full { 1 } else { PLENTY })?;
        }
        Ok(())
    }

    /// True if its disk is full.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// How far its log is written.
    pub fn log_length(&self) -> u64 {
        self.folder.log_length()
    }

    /// Dies and starts again; its log was written up to `cut`, or to its end.
    pub fn die(&mut self, cut: Option<u64>) -> Result<()> {
        let cut = cut.filter(|_| self.folder.can_cut());
        self.folder.die(cut)?;
        self.db = None;
        self.folder.tidy();
        self.db = Some(Arc::new(Sqlite::open(&self.folder.database())?));
        self.set_full(self.full)
    }

    /// Backs it up while it runs, as an operator does.
    pub fn back_up(&mut self, step: u32, revoked: Vec<usize>) -> Result<()> {
        let to = self.folder.beside("backup.db");
        if to.exists() {
            std::fs::remove_file(&to)?;
        }
        files::backup(self.storage()?, &to).map_err(|e| anyhow!("no backup: {e:?}"))?;
        self.copy = Some((step, revoked));
        Ok(())
    }

    /// True if it was backed up.
    pub fn has_copy(&self) -> bool {
        self.copy.is_some()
    }

    /// Puts the backup in the place of its data. Returns when it was made, and which phones were
    /// revoked then. If it is done `blindly`, phones are not told.
    pub fn restore(&mut self, blindly: bool, now_ms: i64) -> Result<(u32, Vec<usize>)> {
        let copy = self.copy.clone().context("the server has no backup")?;
        let epoch = self.view()?.epoch()?;
        self.db = None;
        let folder = DataFolder::at(&self.folder.path());
        restore::restore(&folder, &self.folder.beside("backup.db"), true, now_ms)
            .map_err(|e| anyhow!("the backup is refused: {e:?}"))?;
        let db = Sqlite::open(&self.folder.database())?;
        if blindly {
            db.begin_epoch(TEAM, epoch)?;
        }
        self.db = Some(Arc::new(db));
        self.set_full(self.full)?;
        Ok(copy)
    }

    /// Stops in an orderly way and leaves its file in a folder.
    pub fn close_into(mut self, to: &Path) -> Result<()> {
        self.db = None;
        self.folder.back_up(to)
    }
}

/// The token of a device: not a secret here.
pub fn token(device: DeviceId) -> String {
    format!("{device}.{}", "5c".repeat(32))
}
