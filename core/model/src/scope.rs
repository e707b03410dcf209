//! Scopes: the unit in which records are shared. A record is in one scope; a device holds the
//! scopes that its person was granted, and keeps one cursor for each.

use crate::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A text that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a scope")]
pub struct BadScope;

/// `team`, `person:<id>` or `area:<name>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// What everyone of the team holds: packs, people, shared master data.
    Team,
    /// One person's own work; also held by whoever leads that person.
    Person(PersonId),
    /// A named part of the team, such as a territory. At most 64 bytes.
    Area(String),
}

impl Scope {
    /// The most bytes of an area's name.
    pub const AREA: usize = 64;

    /// The area of this name, without the blanks around it; none if that is no name of an area.
    pub fn area(name: &str) -> Option<Scope> {
        let name = name.trim();
        let fine = !name.is_empty() && name.len() <= Scope::AREA && !name.chars().any(char::is_control);
        fine.then(|| Scope::Area(name.to_owned()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Team => f.write_str("team"),
            Scope::Person(p) => write!(f, "person:{p}"),
            Scope::Area(a) => write!(f, "area:{a}"),
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = BadScope;
    fn from_str(s: &str) -> Result<Self, BadScope> {
        match s.split_once(':') {
            None if s == "team" => Ok(Scope::Team),
            Some(("person", id)) => id.parse().map(Scope::Person).map_err(|_| BadScope),
            Some(("area", name)) => Scope::area(name).ok_or(BadScope),
            _ => Err(BadScope),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = BadScope;
    fn try_from(s: String) -> Result<Self, BadScope> {
        s.parse()
    }
}

impl From<Scope> for String {
    fn from(s: Scope) -> String {
        s.to_string()
    }
}
