//! Hand-over: a phone's unsent work that came as a file instead of over the network.
//!
//! - [`team_key`]: the key that phones seal with. [`check`]: whether a bundle is whole, and whose.
//! - [`import`]: what it holds, judged like an exchange of the phone that made it.
//!
//! Whoever brings a bundle counts for nothing: it is believed because of its signature. Bringing
//! it again, or after the phone itself has synced, changes nothing, since every item is known by
//! its author and number.

pub mod import;

use crate::error::{Error, Result};
use crate::exchange::caller::Caller;
use crate::secrets;
use crate::storage::{Read, Storage};
use rounds_model::ids::TeamId;
use rounds_protocol::fault::Fault;
use rounds_protocol::handover::{BadBundle, Head, Reader, TeamKey, TeamSecret, team_of};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// A bundle on the disk that was read to its end and believed.
#[derive(Debug)]
pub struct Checked {
    /// Its team.
    pub team: TeamId,
    /// Whose work it is.
    pub head: Head,
    secret: TeamSecret,
}

/// The key that phones seal with; made when the first one asks.
pub fn team_key(storage: &dyn Storage, team: TeamId) -> Result<TeamKey> {
    if let Some(secret) = storage.read(team)?.team_secret()? {
        return Ok(secret.public());
    }
    let mut tx = storage.write(team)?;
    // Two may have asked at once.
    if let Some(secret) = tx.team_secret()? {
        return Ok(secret.public());
    }
    let secret = TeamSecret(secrets::random()?);
    tx.put_team_secret(&secret)?;
    tx.commit()?;
    Ok(secret.public())
}

/// Reads a bundle to its end, and believes it if a device of this server made it.
pub fn check(storage: &dyn Storage, file: &Path) -> Result<Checked> {
    let team = team_of(&mut File::open(file)?).map_err(bad)?;
    if !storage.teams()?.iter().any(|known| known.id == team) {
        return Err(Fault::BundleTeam.into());
    }
    let view = storage.read(team)?;
    let secret = view.team_secret()?.ok_or(Fault::BundleTeam)?;
    let whole = open(file, &secret, team)?.check().map_err(bad)?;
    let maker = view.device(whole.head.device)?.ok_or(Fault::BundleSignature)?;
    whole.verify(&maker.key).map_err(bad)?;
    Ok(Checked { team, head: whole.head, secret })
}

fn open(file: &Path, secret: &TeamSecret, team: TeamId) -> Result<Reader<BufReader<File>>> {
    Reader::open(BufReader::new(File::open(file)?), secret, team).map_err(bad)
}

/// Who made it, as the judge sees them.
fn maker(view: &dyn Read, checked: &Checked) -> Result<Caller> {
    let row = view.device(checked.head.device)?.ok_or(Fault::BundleSignature)?;
    // One that was revoked holds nothing: its work is taken into the holding queue.
    Caller::of(view, row).map_err(|_| Fault::BundleSignature.into())
}

fn bad(bad: BadBundle) -> Error {
    match bad {
        BadBundle::Io(e) => e.into(),
        bad => Fault::from(&bad).into(),
    }
}
