//! What everyone of the team holds: people, pens, packs; and how far this phone has read.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{ActorId, DeviceId, PersonId, Seq};
use rounds_model::people::{Device, Pen, Person};
use rounds_protocol::exchange::Cursors;
use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};

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

/// Everyone of the team.
pub fn people(db: &Connection) -> Result<Vec<Person>, Fail> {
    let mut query = db.prepare_cached("SELECT body FROM people ORDER BY person")?;
    let mut rows = query.query([])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push(from_column(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(people)
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

/// Stores a version of a pack: as the newest, with the one before kept beside it, or as an earlier
/// one.
pub fn put_pack(tx: &Transaction<'_>, id: &str, version: u32, bundle: &[u8]) -> Result<(), Fail> {
    let mut query = tx.prepare_cached("SELECT version FROM packs WHERE pack = ?1")?;
    let newest: Option<u32> = query.query_row([id], |r| r.get(0)).optional()?;
    match newest {
        Some(newest) if newest == version => return Ok(()),
        Some(newest) if newest > version => {
            let sql = "INSERT OR REPLACE INTO older_packs (pack, version, bundle) VALUES (?1, ?2, ?3)";
            tx.prepare_cached(sql)?.execute((id, version, bundle))?;
            return Ok(());
        }
        _ => {}
    }
    let keep = "INSERT OR REPLACE INTO older_packs SELECT pack, version, bundle FROM packs WHERE pack = ?1";
    tx.prepare_cached(keep)?.execute([id])?;
    let sql = "INSERT OR REPLACE INTO packs (pack, version, bundle) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute((id, version, bundle))?;
    // It may have been here as an earlier one, before the server was set back.
    tx.prepare_cached("DELETE FROM older_packs WHERE pack = ?1 AND version >= ?2")?.execute((id, version))?;
    Ok(())
}

/// The encoded bundles of all packs, at their newest versions.
pub fn packs(db: &Connection) -> Result<Vec<Vec<u8>>, Fail> {
    let mut query = db.prepare_cached("SELECT bundle FROM packs ORDER BY pack")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The encoded bundles of earlier versions.
pub fn older_packs(db: &Connection) -> Result<Vec<Vec<u8>>, Fail> {
    let mut query = db.prepare_cached("SELECT bundle FROM older_packs ORDER BY pack, version")?;
    Ok(query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// The earlier versions of a pack that are here.
pub fn older_versions(db: &Connection, pack: &str) -> Result<Vec<u32>, Fail> {
    let mut query = db.prepare_cached("SELECT version FROM older_packs WHERE pack = ?1 ORDER BY version")?;
    Ok(query.query_map([pack], |r| r.get(0))?.collect::<Result<_, _>>()?)
}

/// Packs that are kept unread; beyond them the oldest goes.
const UNREAD: i64 = 32;

/// Keeps a pack that this app cannot read. The same bytes are kept once.
pub fn keep_unread(tx: &Transaction<'_>, bundle: &[u8]) -> Result<(), Fail> {
    let hash: [u8; 32] = Sha256::digest(bundle).into();
    tx.prepare_cached("DELETE FROM unread_packs WHERE hash = ?1")?.execute([hash])?;
    tx.prepare_cached("INSERT INTO unread_packs (hash, bundle) VALUES (?1, ?2)")?.execute((hash, bundle))?;
    let sql = "DELETE FROM unread_packs WHERE n <= (SELECT coalesce(max(n), 0) FROM unread_packs) - ?1";
    tx.prepare_cached(sql)?.execute([UNREAD])?;
    Ok(())
}

/// The packs that could not be read, in the order in which they came: number and bytes.
pub fn unread(db: &Connection) -> Result<Vec<(i64, Vec<u8>)>, Fail> {
    let mut query = db.prepare_cached("SELECT n, bundle FROM unread_packs ORDER BY n")?;
    Ok(query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// One of them is read now.
pub fn remove_unread(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM unread_packs WHERE n = ?1")?.execute([n])?;
    Ok(())
}

/// Forgets an earlier version of a pack.
pub fn remove_older(tx: &Transaction<'_>, pack: &str, version: u32) -> Result<(), Fail> {
    let sql = "DELETE FROM older_packs WHERE pack = ?1 AND version = ?2";
    tx.prepare_cached(sql)?.execute((pack, version))?;
    Ok(())
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
