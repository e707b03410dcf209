//! Persons, their roles and their devices.

use crate::ids::{ActorId, DeviceId, PersonId, PublicKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person may do. Packs name further roles by their text; these three the server knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Role(pub String);

impl Role {
    /// Works in the field with an own phone.
    pub const REP: &'static str = "rep";
    /// Leads reps: holds their scopes, may use the console.
    pub const SUPERVISOR: &'static str = "supervisor";
    /// Runs the installation from the command line; the author of imported master data.
    pub const OPERATOR: &'static str = "operator";
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Role {
    fn from(s: &str) -> Self {
        Role(s.to_owned())
    }
}

/// A person, as everyone of the team may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name that colleagues read.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A device of the team, with the key that its acts are checked against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// Who enrolled it.
    pub person: PersonId,
    /// The key that it signs acts with.
    pub key: PublicKey,
}

/// Which pen belongs to whom: how a value in a document is traced to a person and a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pen {
    /// The automerge actor.
    pub actor: ActorId,
    /// The device that is bound to it for ever.
    pub device: DeviceId,
    /// What the device is called.
    pub device_name: String,
    /// Who enrolled the device.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
}
