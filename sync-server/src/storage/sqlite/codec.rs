//! Between rows and columns.

use crate::storage::{Error, Result};
use rounds_model::ids::{ChangeHash, PersonId, TeamId};
use rounds_model::scope::Scope;
use rounds_protocol::enrol::Team;
use rusqlite::Row;

/// SQLite counts in signed 64 bits; nothing of ours comes near the end.
pub fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The other way.
pub fn uint(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// The other way, for what fits 32 bits.
pub fn small(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A scope as a column: 17 bytes for a person where the text has 43, twice in each log row.
pub fn scope_out(scope: &Scope) -> Vec<u8> {
    match scope {
        Scope::Team => b"t".to_vec(),
        Scope::Person(person) => [b"p".as_slice(), &person.0].concat(),
        Scope::Area(name) => [b"a", name.as_bytes()].concat(),
    }
}

/// Scopes as a list that a statement can look in: JSON of what `hex(scope)` gives.
pub fn scope_list(scopes: &[Scope]) -> String {
    let one = |scope| format!("\"{}\"", hex::encode_upper(scope_out(scope)));
    format!("[{}]", scopes.iter().map(one).collect::<Vec<_>>().join(","))
}

/// The other way.
pub fn scope_in(bytes: &[u8]) -> Result<Scope> {
    let bad = || Error::StorageDamaged("a scope".into());
    match bytes.split_first() {
        Some((b't', [])) => Ok(Scope::Team),
        Some((b'p', id)) => Ok(Scope::Person(PersonId::from_slice(id)?)),
        Some((b'a', name)) => Ok(Scope::Area(String::from_utf8(name.to_vec()).map_err(|_| bad())?)),
        _ => Err(bad()),
    }
}

/// Heads as a column.
pub fn heads_out(heads: &[ChangeHash]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.0).collect()
}

/// The other way.
pub fn heads_in(bytes: &[u8]) -> Result<Vec<ChangeHash>> {
    bytes.chunks(32).map(|head| Ok(ChangeHash::from_slice(head)?)).collect()
}

/// A team's row.
pub fn team_row(row: &Row<'_>) -> rusqlite::Result<Team> {
    Ok(Team { id: TeamId(row.get(0)?), name: row.get(1)?, zone: row.get(2)? })
}
