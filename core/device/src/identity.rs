//! Who this phone is: its device, its person, its team, its keys.

use crate::error::Fail;
use crate::platform::{Platform, random};
use crate::store::{meta, roster};
use ed25519_dalek::SigningKey;
use rounds_model::ids::{ActorId, DeviceId};
use rounds_model::people::Person;
use rounds_protocol::enrol::Team;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What enrolment gave this phone. Kept in the encrypted store and nowhere else.
#[derive(Clone, Serialize, Deserialize)]
pub struct Identity {
    /// This device.
    pub device: DeviceId,
    /// Whose it is.
    pub person: Person,
    /// The team.
    pub team: Team,
    /// Where the server is: `https://rounds.example`.
    pub server: String,
    secrets: Secrets,
}

#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Secrets {
    token: String,
    signing: [u8; 32],
}

impl Identity {
    /// Puts together what enrolment gave.
    pub fn new(answer: rounds_protocol::enrol::EnrolAnswer, server: &str, key: &SigningKey) -> Self {
        let secrets = Secrets { token: answer.token, signing: key.to_bytes() };
        let (device, person, team) = (answer.device, answer.person, answer.team);
        Identity { device, person, team, server: server.to_owned(), secrets }
    }

    /// The bearer token of every request.
    pub fn token(&self) -> &str {
        &self.secrets.token
    }

    /// The key that signs acts.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.secrets.signing)
    }

    /// The team's time zone; UTC if this build does not know it.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.team.zone.parse().unwrap_or(chrono_tz::UTC)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("device", &self.device).finish_non_exhaustive()
    }
}

/// The identity in the store, if the phone is enrolled.
pub fn load(db: &Connection) -> Result<Option<Identity>, Fail> {
    meta::get(db, "identity")
}

/// Stores the identity and draws the first pen.
pub fn store(tx: &Transaction<'_>, identity: &Identity, platform: &dyn Platform) -> Result<(), Fail> {
    meta::set(tx, "identity", identity)?;
    new_pen(tx, platform).map(|_| ())
}

/// Takes over what the team says of this phone's person now, as a changed role. Returns what they were before.
pub fn follow(tx: &Transaction<'_>, me: &mut Identity) -> Result<Option<Person>, Fail> {
    match roster::person(tx, me.person.id)? {
        Some(now) if now != me.person => {
            let before = std::mem::replace(&mut me.person, now);
            meta::set(tx, "identity", me)?;
            Ok(Some(before))
        }
        _ => Ok(None),
    }
}

/// The pen (automerge actor) with which this phone writes now.
pub fn pen(db: &Connection) -> Result<ActorId, Fail> {
    meta::get(db, "actor")?.ok_or(Fail::NotEnrolled)
}

/// Draws a new pen: at enrolment, after a held edit, after a restore. An actor is never used again
/// for something else, or two different changes would have one name.
pub fn new_pen(tx: &Transaction<'_>, platform: &dyn Platform) -> Result<ActorId, Fail> {
    let actor = ActorId(random(platform)?);
    let mut pens = own_pens(tx)?;
    pens.insert(actor);
    meta::set(tx, "own_pens", &pens)?;
    meta::set(tx, "actor", &actor)?;
    Ok(actor)
}

/// Every pen that this phone knows it wrote with. A phone that was restored from a copy may have
/// written with others: [`crate::store::roster::pens_of`] knows those that the server told it of.
pub fn own_pens(db: &Connection) -> Result<HashSet<ActorId>, Fail> {
    Ok(meta::get(db, "own_pens")?.unwrap_or_default())
}
