//! Who asks: a device with its token, the person whose it is, and the scopes they hold.

use crate::error::Result;
use crate::secrets;
use crate::storage::Read;
use crate::storage::people::DeviceRow;
use rounds_model::ids::{DeviceId, PersonId, PublicKey};
use rounds_model::people::Person;
use rounds_model::scope::Scope;
use rounds_protocol::fault::Fault;
use std::collections::BTreeSet;

/// A device that has shown its token.
pub struct Caller {
    /// The device.
    pub row: DeviceRow,
    /// Whose it is.
    pub person: Person,
    /// Whom that person leads.
    pub led: Vec<PersonId>,
}

/// Who writes, for the judge.
#[derive(Debug, Clone)]
pub struct Author {
    /// On which device.
    pub device: DeviceId,
    /// With which key the device signs.
    pub key: PublicKey,
    /// Who.
    pub person: Person,
    /// Which records they hold.
    pub holds: Holds,
}

/// Which records somebody holds.
#[derive(Debug, Clone)]
pub enum Holds {
    /// All of the team: the server itself.
    Everything,
    /// Those of these scopes.
    Scopes(BTreeSet<Scope>),
}

impl Caller {
    /// Believes a device that knows its secret and was not revoked.
    pub fn authenticate(view: &dyn Read, device: DeviceId, token_hash: &[u8; 32]) -> Result<Caller> {
        let row = view.device(device)?.ok_or(Fault::TokenUnknown)?;
        if !secrets::same(&row.token_hash, token_hash) {
            return Err(Fault::TokenUnknown.into());
        }
        if row.revoked.is_some() {
            return Err(Fault::DeviceRevoked.into());
        }
        Caller::of(view, row)
    }

    /// Whom a device speaks for that has shown in another way that it is itself.
    pub fn of(view: &dyn Read, row: DeviceRow) -> Result<Caller> {
        let person = view.person(row.person)?.ok_or(Fault::TokenUnknown)?;
        let led = view.led_by(person.id)?;
        Ok(Caller { row, person, led })
    }

    /// The scopes that the device holds: the team's, its person's, and of those they lead.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        let persons = self.led.iter().chain([&self.person.id]);
        persons.map(|id| Scope::Person(*id)).chain([Scope::Team]).collect()
    }

    /// The same, for the judge.
    pub fn author(&self) -> Author {
        let holds = Holds::Scopes(self.scopes());
        Author { device: self.row.device, key: self.row.key, person: self.person.clone(), holds }
    }
}

impl Holds {
    /// True if records of this scope are among them.
    pub fn has(&self, scope: &Scope) -> bool {
        match self {
            Holds::Everything => true,
            Holds::Scopes(scopes) => scopes.contains(scope),
        }
    }
}
