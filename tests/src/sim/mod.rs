//! A seeded simulation of sync: many phones and a server in one process, on a bad day.
//!
//! Everything that could go wrong is drawn from a seed, and nothing else is left to chance: no
//! sockets, no real clock, no randomness of the system. So a seed that fails fails again, with the
//! same trace, on every machine. What runs is the product itself: `rounds_device::Rounds` on
//! encrypted stores, and the server's exchange on its SQLite storage.
//!
//! - [`cast`]: what there is before a run: people, packs, master data, enrolled phones.
//! - [`world`]: a run, step by step. [`user`]: what people do. [`network`]: what becomes of a
//!   request. [`faults`]: what happens to phones and to the server. [`office`]: what the
//!   people at the server do. [`phone`], [`server`]: the two ends as processes that die; [`folder`]:
//!   their files, cut off at any byte; [`machine`]: clocks that jump and system calls that fail.
//! - [`photos`]: photos on their way. [`promises`]: what users were told was saved. [`check`]: what must be true in the end.
//! - [`broken`]: engines broken on purpose, to show that all this would notice.
//! - [`rng`], [`trace`].
//!
//! Some phones keep themselves in sync (`rounds_device::sync::keeper`, which an app runs in its loop): they
//! hear of news, or not, of the network and of their user, try again by their pauses, and must have sent
//! everything in the end without being asked to.
//!
//! A run ends when everything works again and all phones have synced until nothing moves. Then
//! every phone of a scope equals the server; whatever a user was told was saved is shown, is one of
//! two versions, was overwritten by somebody who had seen it, or is held; every act has one
//! verdict; nothing waits; every row follows from its content.

pub mod broken;
pub mod cast;
pub mod check;
pub mod faults;
pub mod folder;
pub mod machine;
pub mod network;
pub mod office;
pub mod phone;
pub mod photos;
pub mod promises;
pub mod rng;
pub mod server;
pub mod trace;
pub mod user;
pub mod world;

use anyhow::Result;
use broken::Broken;
use cast::{Cast, Packs};
use std::path::PathBuf;
use world::World;

/// The simulation, ready to run seeds.
pub struct Simulation {
    root: PathBuf,
    plain: Cast,
    with_forms: Cast,
}

/// A run that failed.
#[derive(Debug)]
pub struct Failure {
    /// Run this again to see it again.
    pub seed: u64,
    /// What was wrong.
    pub what: String,
    /// What had happened.
    pub trace: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.trace {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "seed {}: {}", self.seed, self.what)?;
        write!(f, "It fails again with: rounds-sim --seed {}", self.seed)
    }
}

/// How a run is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// With every kind of misfortune, not with those that the seed draws.
    pub every_fault: bool,
    /// With an engine that is broken on purpose.
    pub broken: Option<Broken>,
}

/// What a run was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How many items users were told were saved.
    pub saved: usize,
    /// What happened.
    pub trace: Vec<String>,
}

/// How many runs this machine does at a time.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// One run in so many has the packs with forms.
const FORMS: u64 = 10;

impl Simulation {
    /// Sets the scene, in memory if this machine has a folder there.
    pub fn new() -> Result<Simulation> {
        let memory = PathBuf::from("/dev/shm");
        let root = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let plain = Cast::build(&root, Packs::Plain)?;
        let with_forms = Cast::build(&root, Packs::WithForms)?;
        Ok(Simulation { root, plain, with_forms })
    }

    /// Runs a seed.
    pub fn run(&self, seed: u64) -> Result<Run, Failure> {
        self.run_as(seed, How::default())
    }

    /// Runs a seed in some way.
    pub fn run_as(&self, seed: u64, how: How) -> Result<Run, Failure> {
        let failure = |what: anyhow::Error, trace| Failure { seed, what: format!("{what:#}"), trace };
        let cast = if seed.is_multiple_of(FORMS) { &self.with_forms } else { &self.plain };
        let folder = tempfile::Builder::new().prefix("rounds-sim-").tempdir_in(&self.root);
        let folder = folder.map_err(|e| failure(e.into(), vec![]))?;
        let world = World::begin(cast, seed, how, folder.path());
        let mut world = world.map_err(|e| failure(e, vec![]))?;
        let ended = world.live().and_then(|()| world.heal()).and_then(|()| check::everything(&world));
        let trace = world.trace.take();
        let saved = world.phones.iter().map(|phone| phone.book().len()).sum();
        match ended {
            Ok(()) => Ok(Run { saved, trace }),
            Err(e) => Err(failure(e, trace)),
        }
    }
}
