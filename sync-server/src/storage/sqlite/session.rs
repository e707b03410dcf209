//! One transaction of one team, over a reading connection or the writing one.

use super::codec::{int, team_row, uint};
use crate::storage::{Error, Read, Result, RowsMade, Write};
use rounds_model::canonical;
use rounds_model::ids::{Epoch, TeamId};
use rounds_protocol::enrol::Team;
use rounds_protocol::handover::TeamSecret;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use std::sync::MutexGuard;

/// Places of the log, back from its head, whose marks are kept.
const MARKED: u64 = 1_000_000;
/// Older ones are deleted each time that so many places were given out.
const SWEPT: u64 = 4_096;

/// A transaction. Dropped without a commit, it is undone.
pub struct Session<'a> {
    connection: MutexGuard<'a, Connection>,
    pub(super) team: TeamId,
    /// The last number given out, by this transaction too.
    pub(super) last: u64,
    /// The last number as it was when the transaction began.
    began: u64,
}

impl<'a> Session<'a> {
    /// A view of the team as it is now.
    pub fn read(connection: MutexGuard<'a, Connection>, team: TeamId) -> Result<Self> {
        connection.execute_batch("BEGIN")?;
        Session { connection, team, last: 0, began: 0 }.at_head()
    }

    /// Takes the team's lock.
    pub fn write(connection: MutexGuard<'a, Connection>, team: TeamId) -> Result<Self> {
        // IMMEDIATE is SQLite's one lock for all teams; Postgres would take the row of this team.
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Session { connection, team, last: 0, began: 0 }.at_head()
    }

    fn at_head(mut self) -> Result<Self> {
        let sql = "SELECT last_seq FROM teams WHERE team_id = ?1";
        let last = self.one(sql, params![self.team.0], |row| Ok(uint(row.get(0)?)))?;
        self.last = last.ok_or_else(|| Error::StorageDamaged("no such team".into()))?;
        self.began = self.last;
        Ok(self)
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(read).transpose()
    }

    pub(super) fn many<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = vec![];
        self.each(sql, params, |row| {
            out.push(read(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            read(row)?;
        }
        Ok(())
    }

    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }
}

impl Read for Session<'_> {
    fn team(&self) -> Result<Team> {
        let sql = "SELECT team_id, name, zone FROM teams WHERE team_id = ?1";
        let team = self.connection.prepare_cached(sql)?.query_row([self.team.0], team_row).optional()?;
        team.ok_or_else(|| Error::StorageDamaged("no such team".into()))
    }

    fn epoch(&self) -> Result<Epoch> {
        let sql = "SELECT epoch FROM teams WHERE team_id = ?1";
        let epoch = self.connection.prepare_cached(sql)?.query_row([self.team.0], |row| row.get(0));
        Ok(Epoch(epoch?))
    }

    fn seal(&self) -> Result<Option<[u8; 32]>> {
        let sql = "SELECT seal FROM teams WHERE team_id = ?1";
        Ok(self.one(sql, params![self.team.0], |row| Ok(row.get::<_, Option<[u8; 32]>>(0)?))?.flatten())
    }

    fn team_secret(&self) -> Result<Option<TeamSecret>> {
        let sql = "SELECT seed FROM team_secrets WHERE team_id = ?1";
        self.one(sql, params![self.team.0], |row| Ok(TeamSecret(row.get(0)?)))
    }

    fn rows_made(&self) -> Result<RowsMade> {
        let sql = "SELECT rows_made FROM teams WHERE team_id = ?1";
        let made = self.one(sql, params![self.team.0], |row| Ok(row.get::<_, Option<Vec<u8>>>(0)?))?;
        Ok(made.flatten().map(|bytes| canonical::decode(&bytes)).transpose()?.unwrap_or_default())
    }
}

impl Write for Session<'_> {
    fn put_rows_made(&mut self, made: &RowsMade) -> Result<()> {
        let made = canonical::encode(made)?;
        self.run("UPDATE teams SET rows_made = ?2 WHERE team_id = ?1", params![self.team.0, made])
    }

    fn put_team_secret(&mut self, secret: &TeamSecret) -> Result<()> {
        self.run("INSERT INTO team_secrets (team_id, seed) VALUES (?1, ?2)", params![self.team.0, secret.0])
    }

    fn commit(self: Box<Self>) -> Result<()> {
        if self.last != self.began {
            let sql = "UPDATE teams SET last_seq = ?2 WHERE team_id = ?1";
            self.run(sql, params![self.team.0, int(self.last)])?;
            let sql = "INSERT INTO marks (team_id, seq, mark) VALUES (?1, ?2, randomblob(8))";
            self.run(sql, params![self.team.0, int(self.last)])?;
            if self.last / SWEPT != self.began / SWEPT {
                let sql = "DELETE FROM marks WHERE team_id = ?1 AND seq < ?2";
                self.run(sql, params![self.team.0, int(self.last.saturating_sub(MARKED))])?;
            }
        }
        // If this fails, dropping `self` rolls back what is left of the transaction.
        Ok(self.connection.execute_batch("COMMIT")?)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // Nothing can be done about a failure here; SQLite undoes it when the file is opened.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
