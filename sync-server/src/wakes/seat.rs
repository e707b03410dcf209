//! Who listens: a device that has shown its token, and the scopes that it holds.

use crate::error::{Error, Result};
use crate::exchange::caller::Caller;
use crate::storage::people::SecretHash;
use crate::storage::{Read, Storage};
use rounds_model::ids::{DeviceId, Seq, TeamId};
use rounds_model::scope::Scope;
use rounds_protocol::fault::Fault;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A device that may listen.
#[derive(Debug, Clone)]
pub struct Seat {
    team: TeamId,
    device: DeviceId,
    token_hash: SecretHash,
    scopes: Arc<BTreeSet<Scope>>,
}

impl Seat {
    /// Believes a device by its token. Also returns the head of its team's log.
    pub fn of(storage: &dyn Storage, token: &str) -> Result<(Seat, Seq)> {
        let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
        let team = storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
        let view = storage.read(team)?;
        let caller = Caller::authenticate(&*view, device, &token_hash)?;
        let scopes = Arc::new(caller.scopes());
        Ok((Seat { team, device, token_hash, scopes }, view.head()?))
    }

    /// The same as things stand now; none if it may not listen any more.
    pub(super) fn again(&self, view: &dyn Read) -> Result<Option<Seat>> {
        match Caller::authenticate(view, self.device, &self.token_hash) {
            Ok(caller) => Ok(Some(Seat { scopes: Arc::new(caller.scopes()), ..self.clone() })),
            Err(Error::Fault(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Of which team.
    pub fn team(&self) -> TeamId {
        self.team
    }

    /// Which device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// What it holds.
    pub fn scopes(&self) -> &BTreeSet<Scope> {
        &self.scopes
    }
}
