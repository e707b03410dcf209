//! People, devices, invitations and sessions.

use super::codec::{int, uint};
use super::session::Session;
use crate::storage::Result;
use crate::storage::people::{DeviceRow, InvitationRow, ReadPeople, SecretHash, SessionRow, WritePeople};
use rounds_model::ids::{ActorId, DeviceId, PersonId, PublicKey};
use rounds_model::people::{Person, Role};
use rusqlite::{Row, params};

const DEVICE: &str = include_str!("sql/device.sql");
const DEVICES: &str = include_str!("sql/devices.sql");
const PUT_PERSON: &str = include_str!("sql/person_put.sql");
const PUT_LEAD: &str = include_str!("sql/lead_put.sql");
const PUT_DEVICE: &str = include_str!("sql/device_put.sql");
const PUT_INVITATION: &str = include_str!("sql/invitation_put.sql");
const PUT_SESSION: &str = include_str!("sql/session_put.sql");
const BIND_ACTOR: &str = include_str!("sql/actor_bind.sql");

impl ReadPeople for Session<'_> {
    fn people(&self) -> Result<Vec<Person>> {
        let sql = "SELECT person, name, role FROM people WHERE team_id = ?1 ORDER BY name, person";
        self.many(sql, params![self.team.0], person_row)
    }

    fn person(&self, id: PersonId) -> Result<Option<Person>> {
        let sql = "SELECT person, name, role FROM people WHERE team_id = ?1 AND person = ?2";
        self.one(sql, params![self.team.0, id.0], person_row)
    }

    fn password(&self, id: PersonId) -> Result<Option<String>> {
        let sql = "SELECT password FROM people WHERE team_id = ?1 AND person = ?2";
        Ok(self.one(sql, params![self.team.0, id.0], |row| Ok(row.get(0)?))?.flatten())
    }

    fn led_by(&self, supervisor: PersonId) -> Result<Vec<PersonId>> {
        let sql = "SELECT person FROM leads WHERE team_id = ?1 AND supervisor = ?2 ORDER BY person";
        self.many(sql, params![self.team.0, supervisor.0], |row| Ok(PersonId(row.get(0)?)))
    }

    fn areas_of(&self, person: PersonId) -> Result<Vec<String>> {
        let sql = "SELECT area FROM areas WHERE team_id = ?1 AND person = ?2 ORDER BY area";
        self.many(sql, params![self.team.0, person.0], |row| Ok(row.get(0)?))
    }

    fn devices(&self) -> Result<Vec<DeviceRow>> {
        self.many(DEVICES, params![self.team.0], device_row)
    }

    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>> {
        self.one(DEVICE, params![self.team.0, id.0], device_row)
    }

    fn invitation(&self, code_hash: &SecretHash) -> Result<Option<InvitationRow>> {
        let sql = "SELECT person, expires, used FROM invitations WHERE team_id = ?1 AND code_hash = ?2";
        self.one(sql, params![self.team.0, code_hash], |row| {
            let person = PersonId(row.get(0)?);
            Ok(InvitationRow { code_hash: *code_hash, person, expires: row.get(1)?, used: row.get(2)? })
        })
    }

    fn open_invitations(&self) -> Result<Vec<InvitationRow>> {
        let sql = "SELECT code_hash, person, expires FROM invitations
            WHERE team_id = ?1 AND used IS NULL ORDER BY expires, code_hash";
        self.many(sql, params![self.team.0], |row| {
            let person = PersonId(row.get(1)?);
            Ok(InvitationRow { code_hash: row.get(0)?, person, expires: row.get(2)?, used: None })
        })
    }

    fn withdrawn(&self) -> Result<Vec<(PersonId, i64)>> {
        let sql = "SELECT person, at FROM withdrawn WHERE team_id = ?1 ORDER BY person";
        self.many(sql, params![self.team.0], |row| Ok((PersonId(row.get(0)?), row.get(1)?)))
    }

    fn session(&self, session_hash: &SecretHash) -> Result<Option<SessionRow>> {
        let sql =
            "SELECT person, csrf, expires, signer FROM sessions WHERE team_id = ?1 AND session_hash = ?2";
        self.one(sql, params![self.team.0, session_hash], |row| {
            let person = PersonId(row.get(0)?);
            let (csrf, expires, signer) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(SessionRow { session_hash: *session_hash, person, csrf, expires, signer })
        })
    }

    fn actors(&self, ids: &[ActorId]) -> Result<Vec<(ActorId, DeviceId)>> {
        let sql = "SELECT actor, device FROM actors WHERE team_id = ?1 AND actor = ?2";
        let mut out = vec![];
        for id in ids {
            out.extend(self.one(sql, params![self.team.0, id.0], actor_row)?);
        }
        Ok(out)
    }

    fn all_actors(&self) -> Result<Vec<(ActorId, DeviceId)>> {
        let sql = "SELECT actor, device FROM actors WHERE team_id = ?1 ORDER BY actor";
        self.many(sql, params![self.team.0], actor_row)
    }
}

impl WritePeople for Session<'_> {
    fn put_person(&mut self, person: &Person) -> Result<()> {
        self.run(PUT_PERSON, params![self.team.0, person.id.0, person.name, person.role.0])
    }

    fn replace_person(&mut self, old: PersonId, new: &Person) -> Result<()> {
        let people = "UPDATE people SET person = ?3, name = ?4, role = ?5 WHERE team_id = ?1 AND person = ?2";
        self.run(people, params![self.team.0, old.0, new.id.0, new.name, new.role.0])?;
        for sql in [
            "UPDATE leads SET person = ?3 WHERE team_id = ?1 AND person = ?2",
            "UPDATE leads SET supervisor = ?3 WHERE team_id = ?1 AND supervisor = ?2",
            "UPDATE withdrawn SET person = ?3 WHERE team_id = ?1 AND person = ?2",
            "UPDATE areas SET person = ?3 WHERE team_id = ?1 AND person = ?2",
            "UPDATE invitations SET person = ?3 WHERE team_id = ?1 AND person = ?2",
            "UPDATE sessions SET person = ?3 WHERE team_id = ?1 AND person = ?2",
        ] {
            self.run(sql, params![self.team.0, old.0, new.id.0])?;
        }
        Ok(())
    }

    fn put_password(&mut self, id: PersonId, hash: Option<&str>) -> Result<()> {
        let sql = "UPDATE people SET password = ?3 WHERE team_id = ?1 AND person = ?2";
        self.run(sql, params![self.team.0, id.0, hash])
    }

    fn put_lead(&mut self, supervisor: PersonId, person: PersonId) -> Result<()> {
        self.run(PUT_LEAD, params![self.team.0, supervisor.0, person.0])
    }

    fn remove_lead(&mut self, supervisor: PersonId, person: PersonId) -> Result<()> {
        let sql = "DELETE FROM leads WHERE team_id = ?1 AND supervisor = ?2 AND person = ?3";
        self.run(sql, params![self.team.0, supervisor.0, person.0])
    }

    fn put_area(&mut self, person: PersonId, area: &str) -> Result<()> {
        let sql = "INSERT INTO areas (team_id, person, area) VALUES (?1, ?2, ?3)
            ON CONFLICT (team_id, person, area) DO NOTHING";
        self.run(sql, params![self.team.0, person.0, area])
    }

    fn remove_area(&mut self, person: PersonId, area: &str) -> Result<()> {
        let sql = "DELETE FROM areas WHERE team_id = ?1 AND person = ?2 AND area = ?3";
        self.run(sql, params![self.team.0, person.0, area])
    }

    fn put_device(&mut self, d: &DeviceRow) -> Result<()> {
        let (team, unsent) = (self.team.0, int(d.unsent));
        let (device, person, key) = (d.device.0, d.person.0, d.key.0);
        self.run(
            PUT_DEVICE,
            params![
                team,
                device,
                person,
                d.token_hash,
                key,
                d.name,
                d.enrolled,
                d.revoked,
                d.last_sync,
                unsent
            ],
        )
    }

    fn put_invitation(&mut self, i: &InvitationRow) -> Result<()> {
        self.run(PUT_INVITATION, params![self.team.0, i.code_hash, i.person.0, i.expires, i.used])
    }

    fn put_withdrawn(&mut self, person: PersonId, at: Option<i64>) -> Result<()> {
        let gone = "DELETE FROM withdrawn WHERE team_id = ?1 AND person = ?2";
        self.run(gone, params![self.team.0, person.0])?;
        let Some(at) = at else { return Ok(()) };
        let sql = "INSERT INTO withdrawn (team_id, person, at) VALUES (?1, ?2, ?3)";
        self.run(sql, params![self.team.0, person.0, at])
    }

    fn remove_invitations_of(&mut self, person: PersonId) -> Result<u64> {
        let sql = "DELETE FROM invitations WHERE team_id = ?1 AND person = ?2 AND used IS NULL";
        let gone = self.connection().prepare_cached(sql)?.execute(params![self.team.0, person.0])?;
        Ok(gone as u64)
    }

    fn put_session(&mut self, s: &SessionRow) -> Result<()> {
        let (team, whose) = (self.team.0, s.person.0);
        self.run(PUT_SESSION, params![team, s.session_hash, whose, s.csrf, s.expires, s.signer])
    }

    fn end_session(&mut self, session_hash: &SecretHash) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE team_id = ?1 AND session_hash = ?2";
        self.run(sql, params![self.team.0, session_hash])
    }

    fn end_sessions_of(&mut self, person: PersonId) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE team_id = ?1 AND person = ?2";
        self.run(sql, params![self.team.0, person.0])
    }

    fn forget_sessions(&mut self, now_ms: i64) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE team_id = ?1 AND expires <= ?2";
        self.run(sql, params![self.team.0, now_ms])
    }

    fn bind_actors(&mut self, device: DeviceId, actors: &[ActorId]) -> Result<()> {
        for actor in actors {
            self.run(BIND_ACTOR, params![self.team.0, actor.0, device.0])?;
        }
        Ok(())
    }
}

fn person_row(row: &Row<'_>) -> Result<Person> {
    Ok(Person { id: PersonId(row.get(0)?), name: row.get(1)?, role: Role(row.get(2)?) })
}

fn actor_row(row: &Row<'_>) -> Result<(ActorId, DeviceId)> {
    Ok((ActorId(row.get(0)?), DeviceId(row.get(1)?)))
}

fn device_row(row: &Row<'_>) -> Result<DeviceRow> {
    Ok(DeviceRow {
        device: DeviceId(row.get(0)?),
        person: PersonId(row.get(1)?),
        token_hash: row.get(2)?,
        key: PublicKey(row.get(3)?),
        name: row.get(4)?,
        enrolled: row.get(5)?,
        revoked: row.get(6)?,
        last_sync: row.get(7)?,
        unsent: uint(row.get(8)?),
    })
}
