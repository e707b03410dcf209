//! Who asks: a device with its token, the person whose it is, and the scopes they hold.

use crate::error::Result;
use crate::secrets;
use crate::storage::Read;
use crate::storage::people::DeviceRow;
use crate::texts::held;
use rounds_model::ids::{DeviceId, PersonId, PublicKey};
use rounds_model::people::Person;
use rounds_model::refusal::Refusal;
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
    /// The areas that they were granted.
    pub areas: Vec<String>,
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
    /// The work was handed over, and somebody has decided that it is to be part of its record: who
    /// wrote as its owner then is judged as its owner now.
    pub decided: bool,
}

/// Which records somebody holds.
#[derive(Debug, Clone)]
pub enum Holds {
    /// All of the team: the server itself.
    Everything,
    /// Those of these scopes.
    Scopes(BTreeSet<Scope>),
    /// None any more: the device was revoked.
    Nothing,
}

impl Caller {
    /// Believes a device that knows its secret, also if it was revoked: such a one holds nothing,
    /// and may only hand over what it still has.
    pub fn recognise(view: &dyn Read, device: DeviceId, token_hash: &[u8; 32]) -> Result<Caller> {
        let row = view.device(device)?.ok_or(Fault::TokenUnknown)?;
        if !secrets::same(&row.token_hash, token_hash) {
            return Err(Fault::TokenUnknown.into());
        }
        Caller::of(view, row)
    }

    /// The same, but refuses a device that was revoked.
    pub fn authenticate(view: &dyn Read, device: DeviceId, token_hash: &[u8; 32]) -> Result<Caller> {
        let caller = Caller::recognise(view, device, token_hash)?;
        if caller.is_revoked() { Err(Fault::DeviceRevoked.into()) } else { Ok(caller) }
    }

    /// Whom a device speaks for that has shown in another way that it is itself.
    pub fn of(view: &dyn Read, row: DeviceRow) -> Result<Caller> {
        let person = view.person(row.person)?.ok_or(Fault::TokenUnknown)?;
        let (led, areas) = (view.led_by(person.id)?, view.areas_of(person.id)?);
        Ok(Caller { row, person, led, areas })
    }

    /// True if the device may do nothing any more but hand over.
    pub fn is_revoked(&self) -> bool {
        self.row.revoked.is_some()
    }

    /// The scopes that the device holds.
    pub fn scopes(&self) -> BTreeSet<Scope> {
        if self.is_revoked() { BTreeSet::new() } else { scopes(self.person.id, &self.led, &self.areas) }
    }

    /// The same, for the judge.
    pub fn author(&self) -> Author {
        let holds = if self.is_revoked() { Holds::Nothing } else { Holds::Scopes(self.scopes()) };
        let (device, key) = (self.row.device, self.row.key);
        Author { device, key, person: self.person.clone(), holds, decided: false }
    }
}

/// The scopes that a person holds: the team's, their own, of those they lead, and their areas.
pub fn scopes_of(view: &dyn Read, person: PersonId) -> Result<BTreeSet<Scope>> {
    Ok(scopes(person, &view.led_by(person)?, &view.areas_of(person)?))
}

fn scopes(person: PersonId, led: &[PersonId], areas: &[String]) -> BTreeSet<Scope> {
    let persons = led.iter().chain([&person]).map(|id| Scope::Person(*id));
    let areas = areas.iter().filter_map(|name| Scope::area(name));
    persons.chain(areas).chain([Scope::Team]).collect()
}

impl Holds {
    /// True if records of this scope are among them.
    pub fn has(&self, scope: &Scope) -> bool {
        match self {
            Holds::Everything => true,
            Holds::Scopes(scopes) => scopes.contains(scope),
            Holds::Nothing => false,
        }
    }

    /// Refuses what is about a record of another scope; about a new record, if there is none yet.
    ///
    /// Refusals: `device-revoked-work`, `record-out-of-scope`.
    pub fn check(&self, scope: Option<&Scope>) -> Result<(), Refusal> {
        match (self, scope) {
            (Holds::Nothing, _) => Err(held("device-revoked-work")),
            (_, Some(scope)) if !self.has(scope) => Err(held("record-out-of-scope")),
            _ => Ok(()),
        }
    }
}
