//! Carrying a colleague's bundle to the server. It is kept as it came: this phone can neither read
//! nor change it.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::platform::random;
use crate::settings;
use crate::store::meta;
use crate::sync::progress::Session;
use crate::sync::transport::Transport;
use rounds_model::refusal::Refusal;
use rounds_protocol::handover::{LARGEST, Taken, team_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bundles that one phone carries at a time.
const MOST: usize = 50;

/// How the names of files begin that are being written.
const DRAFT: &str = "draft-";
/// After this, nobody writes one any more.
const DRAFT_IS_OLD: Duration = Duration::from_secs(3_600);

/// A bundle that this phone carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// Bytes.
    pub bytes: u64,
    /// When it was taken, Unix milliseconds.
    pub at_ms: i64,
    /// Why the server did not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
}

/// What was done about carried bundles in one sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Brought {
    /// What the server did with each that it took.
    pub taken: Vec<Taken>,
    /// Bundles that still wait.
    pub waiting: u64,
}

type Shelf = BTreeMap<String, Carried>;

impl Rounds {
    /// Takes a bundle of the same team and keeps it until the server has it. The same bundle twice
    /// is one bundle.
    pub fn carry(&self, bundle: &mut dyn Read) -> Result<Carried, RoundsError> {
        Ok(carry(self, bundle)?)
    }

    /// The bundles that this phone carries.
    pub fn carried(&self) -> Result<Vec<Carried>, RoundsError> {
        Ok(self.store.read(shelf)?.into_values().collect())
    }

    /// Gives up the bundles that the server refused; returns how many.
    pub fn drop_refused(&self) -> Result<u64, RoundsError> {
        let refused: Vec<_> =
            self.store.read(shelf)?.into_iter().filter(|(_, c)| c.problem.is_some()).collect();
        for (name, _) in &refused {
            forget(self, name)?;
        }
        Ok(refused.len() as u64)
    }
}

fn carry(rounds: &Rounds, bundle: &mut dyn Read) -> Result<Carried, Fail> {
    let team = rounds.identity()?.team.id;
    let folder = folder(rounds);
    fs::create_dir_all(&folder)?;
    sweep(rounds, &folder)?;
    if rounds.store.read(shelf)?.len() >= MOST {
        return Err(Fail::TooManyBundles);
    }
    let draft = folder.join(format!("{DRAFT}{}", hex::encode(random::<8>(&*rounds.platform)?)));
    let copied = copy(bundle, &draft).and_then(|copied| {
        let of = team_of(&mut File::open(&draft)?).map_err(|_| Fail::NotABundle)?;
        if of == team { Ok(copied) } else { Err(Fail::OtherTeamsBundle) }
    });
    let (name, bytes) = copied.inspect_err(|_| drop(fs::remove_file(&draft)))?;
    fs::rename(&draft, folder.join(&name))?;
    File::open(&folder)?.sync_all()?;
    let carried = Carried { bytes, at_ms: rounds.platform.clocks()?.wall_ms, problem: None };
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        shelf.insert(name, carried.clone());
        meta::set(tx, "carried", &shelf)
    })?;
    Ok(carried)
}

/// Removes what a kill has left behind: files that no note names, and drafts that nobody writes.
fn sweep(rounds: &Rounds, folder: &Path) -> Result<(), Fail> {
    let shelf = rounds.store.read(shelf)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        let is_being_written = name.starts_with(DRAFT) && age < DRAFT_IS_OLD;
        if !shelf.contains_key(&name) && !is_being_written {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Copies at most the largest bundle; its name is its content.
fn copy(bundle: &mut dyn Read, to: &Path) -> Result<(String, u64), Fail> {
    let mut file = File::create(to)?;
    let bytes = std::io::copy(&mut bundle.take(LARGEST + 1), &mut file)?;
    if bytes > LARGEST {
        return Err(Fail::BundleTooLarge);
    }
    file.flush()?;
    file.sync_all()?;
    let (mut read, mut sum) = (File::open(to)?, Sha256::new());
    read.rewind()?;
    std::io::copy(&mut read, &mut sum)?;
    Ok((hex::encode(sum.finalize()), bytes))
}

/// Brings what is carried to the server. What is wrong with one is noted at it and stops no other.
pub(crate) fn bring(
    rounds: &Rounds,
    transport: &dyn Transport,
    session: &Session<'_>,
) -> Result<Brought, Fail> {
    let mut out = Brought::default();
    let shelf = rounds.store.read(shelf)?;
    let free_only = rounds.store.read(settings::load)?.wifi_only;
    let waits = || free_only && transport.blobs().is_some_and(|network| network.is_metered());
    for (name, carried) in shelf.iter().filter(|(_, c)| c.problem.is_none()) {
        if carried.bytes > 1 << 20 && waits() {
            continue;
        }
        session.stop.check()?;
        let token = rounds.identity()?;
        let sent = File::open(folder(rounds).join(name))
            .map_err(Fail::from)
            .and_then(|file| transport.handover(token.token(), file, carried.bytes));
        match sent {
            Ok(taken) => {
                forget(rounds, name)?;
                out.taken.push(taken);
            }
            Err(Fail::Stopped(why)) => return Err(Fail::Stopped(why)),
            Err(fail) => {
                let error = RoundsError::from(fail);
                // What is not about the bundle itself may pass: it is tried again.
                if !error.code.starts_with("bundle-") {
                    break;
                }
                let problem = Refusal::new(&error.code, error.text.clone(), error.remedy.clone());
                note(rounds, name, problem)?;
            }
        }
    }
    out.waiting = rounds.store.read(self::shelf)?.len() as u64;
    Ok(out)
}

fn note(rounds: &Rounds, name: &str, problem: Refusal) -> Result<(), Fail> {
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        if let Some(carried) = shelf.get_mut(name) {
            carried.problem = Some(problem);
        }
        meta::set(tx, "carried", &shelf)
    })
}

/// First the note, then the file: a file without a note is overwritten or removed later.
fn forget(rounds: &Rounds, name: &str) -> Result<(), Fail> {
    rounds.store.write(|tx| {
        let mut shelf = shelf(tx)?;
        shelf.remove(name);
        meta::set(tx, "carried", &shelf)
    })?;
    match fs::remove_file(folder(rounds).join(name)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

fn shelf(db: &rusqlite::Connection) -> Result<Shelf, Fail> {
    Ok(meta::get(db, "carried")?.unwrap_or_default())
}

fn folder(rounds: &Rounds) -> PathBuf {
    rounds.blobs.with_file_name("carried")
}
