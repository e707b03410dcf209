//! The log and the packs.

use super::codec::{int, scope_in, scope_out, small, uint};
use super::session::Session;
use crate::storage::log::{LogRow, Marked, PackRow, ReadLog, What, WriteLog};
use crate::storage::{Error, Result};
use rounds_model::ids::{DocId, Seq};
use rounds_model::scope::Scope;
use rusqlite::{Row, params};

const LOG: &str = include_str!("sql/log_after.sql");
const AT: &str = include_str!("sql/log_at.sql");
const PUT_LOG: &str = include_str!("sql/log_put.sql");
const TAKE_OUT: &str = include_str!("sql/log_take_out.sql");
const PUT_PACK: &str = include_str!("sql/pack_put.sql");
const PACKS: &str = include_str!("sql/packs_newest.sql");
const PACK: &str = include_str!("sql/pack.sql");
const ALL_PACKS: &str = include_str!("sql/packs_all.sql");

impl ReadLog for Session<'_> {
    fn head(&self) -> Result<Seq> {
        Ok(Seq(self.last))
    }

    fn marked(&self, at: Seq) -> Result<Marked> {
        let sql = "SELECT mark FROM marks WHERE team_id = ?1 AND seq = ?2";
        if let Some(mark) = self.one(sql, params![self.team.0, int(at.0)], |row| Ok(row.get(0)?))? {
            return Ok(Marked::With(mark));
        }
        let sql = "SELECT min(seq) FROM marks WHERE team_id = ?1";
        let first = self.one(sql, params![self.team.0], |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten();
        Ok(if first.is_some_and(|first| uint(first) < at.0) { Marked::Never } else { Marked::Unknown })
    }

    fn log(&self, cursors: &[(Scope, Seq)], limit: usize) -> Result<Vec<LogRow>> {
        // Every scope is read only as far as the merge asks for: a supervisor of fifty people pays
        // for one page, not for fifty.
        let mut statements = vec![];
        for _ in cursors {
            statements.push(self.connection().prepare_cached(LOG)?);
        }
        let mut sources = vec![];
        for (statement, (scope, after)) in statements.iter_mut().zip(cursors) {
            let mut rows = statement.query(params![self.team.0, scope_out(scope), int(after.0)])?;
            if let Some(next) = rows.next()?.map(log_row).transpose()? {
                sources.push((next, rows));
            }
        }
        let mut out = vec![];
        while out.len() < limit {
            let first = sources.iter().enumerate().min_by_key(|(_, (next, _))| next.seq).map(|(i, _)| i);
            let Some((next, rows)) = first.and_then(|i| sources.get_mut(i)) else { break };
            match rows.next()?.map(log_row).transpose()? {
                Some(following) => out.push(std::mem::replace(next, following)),
                None => {
                    let (last, _) = sources.swap_remove(first.unwrap_or_default());
                    out.push(last);
                }
            }
        }
        Ok(out)
    }

    fn log_at(&self, scope: &Scope, places: &[Seq]) -> Result<Vec<LogRow>> {
        let scope = scope_out(scope);
        let mut out = vec![];
        for place in places {
            out.extend(self.one(AT, params![self.team.0, scope, int(place.0)], log_row)?);
        }
        Ok(out)
    }

    fn packs_seq(&self) -> Result<Seq> {
        let sql = "SELECT max(seq) FROM packs WHERE team_id = ?1";
        let found = self.one(sql, params![self.team.0], |row| Ok(row.get::<_, Option<i64>>(0)?))?;
        Ok(Seq(uint(found.flatten().unwrap_or(0))))
    }

    fn packs(&self) -> Result<Vec<PackRow>> {
        self.many(PACKS, params![self.team.0], pack_row)
    }

    fn pack(&self, pack: &str, version: u32) -> Result<Option<PackRow>> {
        self.one(PACK, params![self.team.0, pack, version], pack_row)
    }

    fn pack_versions(&self, pack: &str) -> Result<Vec<u32>> {
        let sql = "SELECT version FROM packs WHERE team_id = ?1 AND pack = ?2 ORDER BY version";
        self.many(sql, params![self.team.0, pack], |row| Ok(small(row.get(0)?)))
    }

    fn all_packs(&self) -> Result<Vec<PackRow>> {
        self.many(ALL_PACKS, params![self.team.0], pack_row)
    }
}

impl WriteLog for Session<'_> {
    fn next_seq(&mut self) -> Seq {
        self.last += 1;
        Seq(self.last)
    }

    fn put_log(&mut self, rows: &[LogRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_LOG)?;
        for row in rows {
            let doc = row.doc.map(|doc| doc.0);
            let scope = scope_out(&row.scope);
            let (seq, what) = (int(row.seq.0), what_out(row.what));
            statement.execute(params![self.team.0, scope, seq, what, doc, row.reference, row.bytes])?;
        }
        Ok(())
    }

    fn take_out(&mut self, scope: &Scope, doc: DocId, first: Seq) -> Result<()> {
        self.run(TAKE_OUT, params![self.team.0, scope_out(scope), doc.0, int(first.0)])
    }

    fn put_pack(&mut self, row: &PackRow) -> Result<()> {
        let seq = int(row.seq.0);
        self.run(PUT_PACK, params![self.team.0, row.pack, row.version, seq, row.hash, row.bundle])
    }
}

fn log_row(row: &Row<'_>) -> Result<LogRow> {
    Ok(LogRow {
        scope: scope_in(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?,
        seq: Seq(uint(row.get(1)?)),
        what: what_in(row.get(2)?)?,
        doc: row.get::<_, Option<[u8; 16]>>(3)?.map(DocId),
        reference: row.get(4)?,
        bytes: small(row.get(5)?),
    })
}

fn pack_row(row: &Row<'_>) -> Result<PackRow> {
    Ok(PackRow {
        pack: row.get(0)?,
        version: small(row.get(1)?),
        seq: Seq(uint(row.get(2)?)),
        hash: row.get(3)?,
        bundle: row.get(4)?,
    })
}

fn what_out(what: What) -> i64 {
    match what {
        What::Edit => 1,
        What::Act => 2,
        What::Person => 3,
        What::Pen => 4,
        What::Pack => 5,
        What::Device => 6,
        What::Arrived => 7,
        What::Left => 8,
        What::Removed => 9,
        What::Holding => 10,
        What::Access => 11,
        What::Leader => 12,
    }
}

fn what_in(n: i64) -> Result<What> {
    Ok(match n {
        1 => What::Edit,
        2 => What::Act,
        3 => What::Person,
        4 => What::Pen,
        5 => What::Pack,
        6 => What::Device,
        7 => What::Arrived,
        8 => What::Left,
        9 => What::Removed,
        10 => What::Holding,
        11 => What::Access,
        12 => What::Leader,
        _ => return Err(Error::StorageDamaged("a log row".into())),
    })
}
