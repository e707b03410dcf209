//! A phone: the real app core on a real encrypted store, in a process that can die.

use super::cast::{Cast, NOW, PHONES, device, store_key};
use super::folder::Folder;
use super::machine::Machine;
use super::promises::Book;
use super::rng::Rng;
use anyhow::{Context, Result};
use rounds_device::Rounds;
use rounds_device::sync::keeper::Keeper;
use rounds_model::ids::{DeviceId, PersonId};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A phone and what its user was told.
pub struct Phone {
    /// Its number in the cast.
    pub n: usize,
    /// Its files.
    pub folder: Folder,
    /// Its hardware.
    pub machine: Arc<Machine>,
    /// Without a network until this step.
    pub offline_until: u32,
    /// Its disk is full.
    pub full: bool,
    /// Its access was withdrawn.
    pub revoked: bool,
    /// What keeps it in sync by itself, if it is a phone that is kept so.
    pub keeper: Option<Keeper>,
    rounds: Option<Rounds>,
    book: Mutex<Book>,
    copy: Option<u32>,
    went_back: Option<u32>,
    root: PathBuf,
}

impl Phone {
    /// A phone of the cast, for one run.
    pub fn new(cast: &Cast, n: usize, root: &Path, rng: &mut Rng) -> Result<Phone> {
        let root = root.join(format!("phone-{n}"));
        let folder = Folder::copy_of(&cast.phone(n), root.clone())?;
        let machine = Arc::new(Machine::new(NOW, rng.draw()));
        let (rounds, book) = (None, Mutex::default());
        let mut phone = Phone {
            n,
            folder,
            machine,
            offline_until: 0,
            full: false,
            revoked: false,
            keeper: None,
            rounds,
            book,
            copy: None,
            went_back: None,
            root,
        };
        phone.start()?;
        Ok(phone)
    }

    /// What people call it.
    pub fn name(&self) -> &'static str {
        PHONES.get(self.n).map_or("?", |(name, _)| name)
    }

    /// Whose it is.
    pub fn person(&self) -> PersonId {
        PHONES.get(self.n).map_or(PersonId([0; 16]), |(_, person)| *person)
    }

    /// Which device it is.
    pub fn device(&self) -> DeviceId {
        device(self.n)
    }

    /// The app on it.
    pub fn rounds(&self) -> Result<&Rounds> {
        self.rounds.as_ref().context("the app is not running")
    }

    /// Its access was withdrawn, and it has handed over everything and forgotten the rest.
    pub fn is_signed_out(&self) -> Result<bool> {
        Ok(self.rounds()?.is_signed_out()?)
    }

    /// What its user was told.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&mut self) -> Result<()> {
        self.rounds = Some(Rounds::open(&self.folder.path(), store_key(), self.machine.clone())?);
        self.keeper = self.keeper.take().map(|_| Keeper::new());
        self.set_full(self.full)
    }

    /// The app is killed and starts again; its log was written up to `cut`, or to its end.
    pub fn die(&mut self, cut: Option<u64>) -> Result<()> {
        self.folder.die(cut.filter(|_| self.folder.can_cut()))?;
        self.rounds = None;
        self.folder.tidy();
        self.start().context("the app does not start after a kill")
    }

    /// The app is closed and started again.
    pub fn restart(&mut self) -> Result<()> {
        self.set_full(false)?;
        self.rounds.take().context("the app is not running")?.close()?;
        self.start().context("the app does not start after it was closed")
    }

    /// Fills its disk, or frees it.
    pub fn set_full(&mut self, full: bool) -> Result<()> {
        self.full = full;
        let pages = if full { "PRAGMA max_page_count = 1" } else { "PRAGMA max_page_count = 4294967294" };
        // A row comes back, which a batch ignores.
        Ok(self.rounds()?.store().write(|tx| Ok(tx.execute_batch(pages)?))?)
    }

    /// Copies its folder, as a backup does.
    pub fn back_up(&mut self, step: u32) -> Result<()> {
        self.folder.back_up(&self.root.join("copy"))?;
        self.copy = Some(step);
        Ok(())
    }

    /// True if it was backed up.
    pub fn has_copy(&self) -> bool {
        self.copy.is_some()
    }

    /// The step of the oldest copy that it was ever put back to.
    pub fn copied_at(&self) -> Option<u32> {
        self.went_back
    }

    /// Puts the copy back, if there is one. Returns when it was made.
    pub fn restore(&mut self) -> Result<Option<u32>> {
        let Some(step) = self.copy else { return Ok(None) };
        self.book().back_to(step);
        self.went_back = Some(self.went_back.map_or(step, |earlier| earlier.min(step)));
        self.folder.restore(&self.root.join("copy"))?;
        self.rounds = None;
        self.folder.tidy();
        self.start().context("the app does not start on an older copy")?;
        Ok(Some(step))
    }
}
