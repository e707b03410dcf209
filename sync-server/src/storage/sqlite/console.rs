//! What the console keeps.

use super::codec::{int, uint};
use super::session::Session;
use crate::storage::Result;
use crate::storage::console::{
    Checked, ConsoleKey, DoubtName, Noted, ReadConsole, ReadToken, SavedView, Settled, WriteConsole,
};
use crate::storage::records::{ActRow, Among, ByPerson, RecordRow};
use rounds_model::canonical;
use rounds_model::ids::{ActId, DeviceId, DocId, PersonId, PublicKey};
use rounds_protocol::exchange::Status;
use rusqlite::{Row, params};
use std::collections::BTreeSet;

const TOKENS: &str = "SELECT token, person, secret_hash, name, created, revoked, used FROM read_tokens
    WHERE team_id = ?1";
const DOUBTFUL: &str = include_str!("sql/acts_doubtful.sql");
const DOUBTFUL_COUNT: &str = include_str!("sql/acts_doubtful_count.sql");
const NOTED: &str = include_str!("sql/noted.sql");
const NOTE: &str = "INSERT INTO noted (team_id, number, at, person, what, about)
    SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5 FROM noted WHERE team_id = ?1";

impl ReadConsole for Session<'_> {
    fn console_key(&self, person: PersonId) -> Result<Option<ConsoleKey>> {
        let sql =
            "SELECT device, public_key, salt, sealed FROM console_keys WHERE team_id = ?1 AND person = ?2";
        self.one(sql, params![self.team.0, person.0], |row| {
            let (device, key) = (DeviceId(row.get(0)?), PublicKey(row.get(1)?));
            Ok(ConsoleKey { person, device, key, salt: row.get(2)?, sealed: row.get(3)? })
        })
    }

    fn acts_by(&self, device: DeviceId) -> Result<u64> {
        let sql = "SELECT count(*) FROM acts WHERE team_id = ?1 AND device = ?2";
        Ok(self.one(sql, params![self.team.0, device.0], |row| Ok(uint(row.get(0)?)))?.unwrap_or(0))
    }

    fn views_of(&self, person: PersonId) -> Result<Vec<SavedView>> {
        let sql =
            "SELECT view, name, address FROM views WHERE team_id = ?1 AND person = ?2 ORDER BY name, view";
        self.many(sql, params![self.team.0, person.0], |row| {
            Ok(SavedView { view: row.get(0)?, person, name: row.get(1)?, address: row.get(2)? })
        })
    }

    fn noted(
        &self,
        before: Option<u64>,
        limit: u32,
        of: Option<(PersonId, &[PersonId])>,
    ) -> Result<Vec<Noted>> {
        let before = before.map_or(i64::MAX, int);
        let about = of.map(|(_, about)| about.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>());
        let about = about.map(|ids| format!("[{}]", ids.join(",")));
        let by = of.map(|(by, _)| by.0);
        self.many(NOTED, params![self.team.0, before, limit, by, about], |row| {
            Ok(Noted {
                number: uint(row.get(0)?),
                at: row.get(1)?,
                person: row.get::<_, Option<[u8; 16]>>(2)?.map(PersonId),
                what: row.get(3)?,
                about: row.get(4)?,
            })
        })
    }

    fn read_tokens(&self) -> Result<Vec<ReadToken>> {
        let sql = format!("{TOKENS} ORDER BY created DESC, token");
        self.many(&sql, params![self.team.0], token_row)
    }

    fn read_token(&self, token: &[u8; 16]) -> Result<Option<ReadToken>> {
        self.one(&format!("{TOKENS} AND token = ?2"), params![self.team.0, token], token_row)
    }

    fn statuses(&self) -> Result<Vec<(DeviceId, Status)>> {
        let sql = "SELECT device, status FROM device_status WHERE team_id = ?1 ORDER BY device";
        self.many(sql, params![self.team.0], |row| {
            Ok((DeviceId(row.get(0)?), canonical::decode(&row.get::<_, Vec<u8>>(1)?)?))
        })
    }

    fn status(&self, device: DeviceId) -> Result<Option<Status>> {
        let sql = "SELECT status FROM device_status WHERE team_id = ?1 AND device = ?2";
        self.one(sql, params![self.team.0, device.0], |row| {
            Ok(canonical::decode(&row.get::<_, Vec<u8>>(0)?)?)
        })
    }

    fn doubtful(&self, among: &Among) -> Result<Vec<(RecordRow, ActRow)>> {
        self.acts_among(DOUBTFUL, among)
    }

    fn doubtful_count(&self, among: &Among) -> Result<ByPerson> {
        self.count_among(DOUBTFUL_COUNT, among)
    }

    fn checked(&self, acts: &[ActId]) -> Result<Vec<Checked>> {
        let sql = "SELECT person, at, note FROM checked WHERE team_id = ?1 AND act = ?2";
        let mut out = vec![];
        for act in acts {
            out.extend(self.one(sql, params![self.team.0, act.0], |row| {
                Ok(Checked { act: *act, person: PersonId(row.get(0)?), at: row.get(1)?, note: row.get(2)? })
            })?);
        }
        Ok(out)
    }

    fn settled(&self) -> Result<BTreeSet<DoubtName>> {
        let sql = "SELECT doc, code, since FROM settled_doubts WHERE team_id = ?1";
        let all =
            self.many(sql, params![self.team.0], |row| Ok((DocId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        Ok(all.into_iter().collect())
    }

    fn settled_of(&self, doc: DocId) -> Result<Vec<Settled>> {
        let sql = "SELECT code, since, person, at, note FROM settled_doubts WHERE team_id = ?1 AND doc = ?2";
        self.many(sql, params![self.team.0, doc.0], |row| {
            let (doubt, person) = ((doc, row.get(0)?, row.get(1)?), PersonId(row.get(2)?));
            Ok(Settled { doubt, person, at: row.get(3)?, note: row.get(4)? })
        })
    }
}

impl WriteConsole for Session<'_> {
    fn put_console_key(&mut self, k: &ConsoleKey) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO console_keys (team_id, person, device, public_key, salt, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![self.team.0, k.person.0, k.device.0, k.key.0, k.salt, k.sealed])
    }

    fn remove_console_key(&mut self, person: PersonId) -> Result<()> {
        let sql = "DELETE FROM console_keys WHERE team_id = ?1 AND person = ?2";
        self.run(sql, params![self.team.0, person.0])
    }

    fn put_view(&mut self, v: &SavedView) -> Result<()> {
        let sql =
            "INSERT OR REPLACE INTO views (team_id, person, view, name, address) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![self.team.0, v.person.0, v.view, v.name, v.address])
    }

    fn remove_view(&mut self, person: PersonId, view: &[u8; 16]) -> Result<()> {
        let sql = "DELETE FROM views WHERE team_id = ?1 AND person = ?2 AND view = ?3";
        self.run(sql, params![self.team.0, person.0, view])
    }

    fn note(&mut self, at: i64, person: Option<PersonId>, what: &str, about: &str) -> Result<u64> {
        self.run(NOTE, params![self.team.0, at, person.map(|p| p.0), what, about])?;
        let sql = "SELECT max(number) FROM noted WHERE team_id = ?1";
        Ok(self.one(sql, params![self.team.0], |row| Ok(uint(row.get(0)?)))?.unwrap_or(0))
    }

    fn put_read_token(&mut self, t: &ReadToken) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO read_tokens
            (team_id, token, person, secret_hash, name, created, revoked, used)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (team, person) = (self.team.0, t.person.0);
        self.run(sql, params![team, t.token, person, t.secret_hash, t.name, t.created, t.revoked, t.used])
    }

    fn put_status(&mut self, device: DeviceId, status: &Status) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO device_status (team_id, device, status) VALUES (?1, ?2, ?3)";
        self.run(sql, params![self.team.0, device.0, canonical::encode(status)?])
    }

    fn put_checked(&mut self, c: &Checked) -> Result<()> {
        let sql = "INSERT INTO checked (team_id, act, person, at, note) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (team_id, act) DO NOTHING";
        self.run(sql, params![self.team.0, c.act.0, c.person.0, c.at, c.note])
    }

    fn put_settled(&mut self, s: &Settled) -> Result<()> {
        let sql = "INSERT INTO settled_doubts (team_id, doc, code, since, person, at, note)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
        let (doc, code, since) = &s.doubt;
        self.run(sql, params![self.team.0, doc.0, code, since, s.person.0, s.at, s.note])
    }
}

fn token_row(row: &Row<'_>) -> Result<ReadToken> {
    Ok(ReadToken {
        token: row.get(0)?,
        person: PersonId(row.get(1)?),
        secret_hash: row.get(2)?,
        name: row.get(3)?,
        created: row.get(4)?,
        revoked: row.get(5)?,
        used: row.get(6)?,
    })
}
