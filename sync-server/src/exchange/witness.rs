//! Whether this log is the one that a device knows.
//!
//! A backup that is put back by `restore` begins another life of the database, and phones hear of it.
//! A machine that is set back with everything on it, or a file that somebody copied, begins none: the
//! log is shorter, or has other things at the same places, and phones that take it for the same would
//! never offer again what it has lost. So with all news a device is given a witness of the head: its
//! place and what was drawn for it, sealed for this device. One that this log cannot have given shows that
//! it went back, and another life begins for all. A device that merely claims so is sent back alone.

use crate::error::{Error, Result};
use crate::secrets;
use crate::storage::log::Marked;
use crate::storage::{Read, Storage};
use rounds_model::ids::{DeviceId, Epoch, Seq, TeamId};
use rounds_protocol::exchange::{Request, Witness};
use rounds_protocol::fault::Fault;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Set before what is sealed.
const DOMAIN: &[u8] = b"rounds witness v1\0";

/// What a device is given with everything up to the head; none if the head was never marked.
pub fn give(view: &dyn Read, device: DeviceId, epoch: Epoch) -> Result<Option<Witness>> {
    let seq = view.head()?;
    Ok(match (view.marked(seq)?, view.seal()?) {
        (Marked::With(mark), Some(key)) => {
            Some(Witness { seq, mark, seal: seal(&key, device, epoch, seq, mark) })
        }
        _ => None,
    })
}

/// What a request shows of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing that this log could not have given.
    Same,
    /// The phone is ahead of the log, or says so.
    Ahead,
    /// The log was set back: the phone proves it.
    SetBack,
}

/// Holds a request in this life of the database against the log.
pub fn look(view: &dyn Read, request: &Request, epoch: Epoch) -> Result<Shown> {
    let head = view.head()?;
    if let (Some(witness), Some(key)) = (&request.witness, view.seal()?) {
        let sealed = seal(&key, request.device, epoch, witness.seq, witness.mark);
        if bool::from(sealed.ct_eq(&witness.seal)) {
            let is_here = match view.marked(witness.seq)? {
                Marked::With(mark) => mark == witness.mark,
                Marked::Never => false,
                Marked::Unknown => witness.seq <= head,
            };
            if !is_here {
                return Ok(Shown::SetBack);
            }
        }
    }
    Ok(if request.cursors.values().any(|seq| *seq > head) { Shown::Ahead } else { Shown::Same })
}

/// Refuses a phone that knows more of the log than there is; all phones, if that is so.
pub fn refuse(storage: &dyn Storage, team: TeamId, shown: Shown, epoch: Epoch) -> Error {
    let begin = || -> Result<()> {
        // Two phones may show it at once.
        if shown == Shown::SetBack && storage.read(team)?.epoch()? == epoch {
            tracing::error!("the log was set back: phones begin anew");
            storage.begin_epoch(team, Epoch(secrets::random()?))?;
        }
        Ok(())
    };
    begin().err().unwrap_or_else(|| Fault::ServerRestored.into())
}

fn seal(key: &[u8; 32], device: DeviceId, epoch: Epoch, seq: Seq, mark: [u8; 8]) -> [u8; 16] {
    // Everything has a fixed length, and less than the whole hash is told.
    let sum = Sha256::new()
        .chain_update(DOMAIN)
        .chain_update(key)
        .chain_update(device.0)
        .chain_update(epoch.0)
        .chain_update(seq.0.to_be_bytes())
        .chain_update(mark)
        .finalize();
    let mut out = [0; 16];
    out.iter_mut().zip(sum).for_each(|(to, from)| *to = from);
    out
}
