//! Who listens: a device that has shown its token, and the scopes that it holds.

use crate::error::{Error, Result};
use crate::exchange::caller::{self, Caller};
use crate::storage::people::SecretHash;
use crate::storage::{Read, Storage};
use rounds_model::ids::{DeviceId, PersonId, Seq, TeamId};
use rounds_model::people::Role;
use rounds_model::scope::Scope;
use rounds_protocol::fault::Fault;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A device that may listen, or a person in the console.
#[derive(Debug, Clone)]
pub struct Seat {
    team: TeamId,
    device: DeviceId,
    shown: Shown,
    scopes: Arc<BTreeSet<Scope>>,
    /// Nothing is hidden from them: whatever is new is theirs to hear of.
    everything: bool,
}

/// What they have shown, which must still hold later.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// A device's token.
    Token(SecretHash),
    /// A session of the console.
    Session(SecretHash, PersonId),
}

impl Seat {
    /// Believes a device by its token. Also returns the head of its team's log.
    pub fn of(storage: &dyn Storage, token: &str) -> Result<(Seat, Seq)> {
        let (device, token_hash) = crate::secrets::token::read(token).ok_or(Fault::TokenUnknown)?;
        let team = storage.team_of_device(device)?.ok_or(Fault::TokenUnknown)?;
        let view = storage.read(team)?;
        let caller = Caller::authenticate(&*view, device, &token_hash)?;
        let scopes = Arc::new(caller.scopes());
        let shown = Shown::Token(token_hash);
        Ok((Seat { team, device, shown, scopes, everything: false }, view.head()?))
    }

    /// For a person with a session of the console, in a seat of its own: `id` is random.
    pub fn of_session(
        view: &dyn Read,
        session: SecretHash,
        person: PersonId,
        id: [u8; 16],
        everything: bool,
    ) -> Result<(Seat, Seq)> {
        let scopes = Arc::new(caller::scopes_of(view, person)?);
        let (team, shown) = (view.team()?.id, Shown::Session(session, person));
        Ok((Seat { team, device: DeviceId(id), shown, scopes, everything }, view.head()?))
    }

    /// The same as things stand now; none if it may not listen any more.
    pub(super) fn again(&self, view: &dyn Read) -> Result<Option<Seat>> {
        let scopes = match self.shown {
            Shown::Token(token_hash) => match Caller::authenticate(view, self.device, &token_hash) {
                Ok(caller) => caller.scopes(),
                Err(Error::Fault(_)) => return Ok(None),
                Err(error) => return Err(error),
            },
            Shown::Session(session, person) => {
                let row = view.session(&session)?;
                if row.is_none_or(|row| row.person != person || row.expires <= crate::clock::now_ms()) {
                    return Ok(None);
                }
                // Who was head office and is not any more sits down again as what they are.
                let head_office = view.person(person)?.is_some_and(|p| p.role.0 == Role::OPERATOR);
                if head_office != self.everything {
                    return Ok(None);
                }
                caller::scopes_of(view, person)?
            }
        };
        Ok(Some(Seat { scopes: Arc::new(scopes), ..self.clone() }))
    }

    /// Of which team.
    pub fn team(&self) -> TeamId {
        self.team
    }

    /// Which device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Whether it hears of whatever is new.
    pub fn hears_everything(&self) -> bool {
        self.everything
    }

    /// What it holds.
    pub fn scopes(&self) -> &BTreeSet<Scope> {
        &self.scopes
    }
}
