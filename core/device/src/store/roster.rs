//! What everyone of the team holds: people, pens, packs; and how far this phone has read.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{ActorId, DeviceId, PersonId, Seq};
use rounds_model::people::{Device, Pen, Person};
use rounds_protocol::exchange::Cursors;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Stores a person.
pub fn put_person(tx: &Transaction<'_>, person: &Person) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO people (person, body) VALUES (?1, ?2)")?;
    insert.execute((person.id.as_bytes(), to_column(person)?))?;
    Ok(())
}

/// A person of the team.
pub fn person(db: &Connection, id: PersonId) -> Result<Option<Person>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM people WHERE person = ?1")?;
    let body: Option<Vec<u8>> = query.query_row([id.as_bytes()], |r| r.get(0)).optional()?;
    body.map(|b| from_column(&b)).transpose()
}

/// Stores a device with its key. A key never changes: a second one for the same device is ignored.
pub fn put_device(tx: &Transaction<'_>, device: &Device) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO devices (device, body) VALUES (?1, ?2)")?;
    insert.execute((device.id.as_bytes(), to_column(device)?))?;
    Ok(())
}

/// A device of the team.
pub fn device(db: &Connection, id: DeviceId) -> Result<Option<Device>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM devices WHERE device = ?1")?;
    let body: Option<Vec<u8>> = query.query_row([id.as_bytes()], |r| r.get(0)).optional()?;
    body.map(|b| from_column(&b)).transpose()
}

/// Stores whose pen an actor is.
pub fn put_pen(tx: &Transaction<'_>, pen: &Pen) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO pens (actor, body) VALUES (?1, ?2)")?;
    insert.execute((pen.actor.as_bytes(), to_column(pen)?))?;
    Ok(())
}

/// Whose pen an actor is.
pub fn pen(db: &Connection, actor: ActorId) -> Result<Option<Pen>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM pens WHERE actor = ?1")?;
    let body: Option<Vec<u8>> = query.query_row([actor.as_bytes()], |r| r.get(0)).optional()?;
    body.map(|b| from_column(&b)).transpose()
}

/// The pens of a device that are known here.
pub fn pens_of(db: &Connection, device: DeviceId) -> Result<Vec<ActorId>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM pens")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let pen: Pen = from_column(row.get_ref(0)?.as_blob()?)?;
        if pen.device == device {
            out.push(pen.actor);
        }
    }
    Ok(out)
}

/// Stores a pack, unless a newer version is here.
pub fn put_pack(tx: &Transaction<'_>, id: &str, version: u32, bundle: &[u8]) -> Result<(), Fail> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO packs (pack, version, bundle) VALUES (?1, ?2, ?3)
         ON CONFLICT (pack) DO UPDATE SET version = excluded.version, bundle = excluded.bundle
         WHERE excluded.version > version",
    )?;
    insert.execute((id, version, bundle))?;
    Ok(())
}

/// The encoded bundles of all packs.
pub fn packs(db: &Connection) -> Result<Vec<Vec<u8>>, Fail> {
    let mut query = db.prepare_cached("SELECT bundle FROM packs ORDER BY pack")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// How far this phone has read, by scope.
pub fn cursors(db: &Connection) -> Result<Cursors, Fail> {
    let mut query = db.prepare_cached("SELECT scope, seq FROM cursors")?;
    let mut rows = query.query([])?;
    let mut out = Cursors::new();
    while let Some(row) = rows.next()? {
        let scope: String = row.get(0)?;
        let scope = scope.parse().map_err(|_| Fail::Damaged("a stored scope cannot be read"))?;
        out.insert(scope, Seq(row.get(1)?));
    }
    Ok(out)
}

/// Replaces the cursors by the server's.
pub fn put_cursors(tx: &Transaction<'_>, cursors: &Cursors) -> Result<(), Fail> {
    if self::cursors(tx)? == *cursors {
        return Ok(());
    }
    tx.prepare_cached("DELETE FROM cursors")?.execute([])?;
    let mut insert = tx.prepare_cached("INSERT INTO cursors (scope, seq) VALUES (?1, ?2)")?;
    for (scope, seq) in cursors {
        let seq = i64::try_from(seq.0).map_err(|_| Fail::Damaged("a sequence number is too large"))?;
        insert.execute((scope.to_string(), seq))?;
    }
    Ok(())
}
