//! Findings and looks.

use super::codec::scope_list;
use super::session::Session;
use crate::storage::Result;
use crate::storage::evidence::{FindingRow, LookRow, ReadEvidence, WriteEvidence, bands};
use rounds_evidence::photo::Look;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scope::Scope;
use rusqlite::{Row, params};

const FINDING: &str = "SELECT doc, key, code, about, at FROM findings";
const IN: &str = include_str!("sql/findings_in.sql");
const LIKE: &str = include_str!("sql/looks_like.sql");

impl ReadEvidence for Session<'_> {
    fn findings(&self, scopes: Option<&[Scope]>, limit: u32) -> Result<Vec<FindingRow>> {
        self.many(IN, params![self.team.0, scopes.map(scope_list), limit], finding)
    }

    fn findings_of(&self, doc: DocId) -> Result<Vec<FindingRow>> {
        let sql = format!("{FINDING} WHERE team_id = ?1 AND doc = ?2 ORDER BY key, code");
        self.many(&sql, params![self.team.0, doc.0], finding)
    }

    fn looks_like(&self, look: Look) -> Result<Vec<LookRow>> {
        let [a, b, c, d, e, f] = bands(look);
        self.many(LIKE, params![self.team.0, a, b, c, d, e, f], |row| {
            Ok(LookRow {
                doc: DocId(row.get(0)?),
                key: row.get(1)?,
                blob: BlobHash(row.get(2)?),
                look: Look(row.get::<_, i64>(3)?.cast_unsigned()),
                at_ms: row.get(4)?,
            })
        })
    }
}

impl WriteEvidence for Session<'_> {
    fn put_finding(&mut self, row: &FindingRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO findings (team_id, doc, key, code, about, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![self.team.0, row.doc.0, row.key, row.code, row.about, row.at_ms])
    }

    fn remove_finding(&mut self, doc: DocId, key: &str, code: &str) -> Result<()> {
        let sql = "DELETE FROM findings WHERE team_id = ?1 AND doc = ?2 AND key = ?3 AND code = ?4";
        self.run(sql, params![self.team.0, doc.0, key, code])
    }

    fn put_look(&mut self, row: &LookRow) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO looks (team_id, band, doc, key, blob, look, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        for band in bands(row.look) {
            let look = row.look.0.cast_signed();
            self.run(sql, params![self.team.0, band, row.doc.0, row.key, row.blob.0, look, row.at_ms])?;
        }
        Ok(())
    }
}

fn finding(row: &Row<'_>) -> Result<FindingRow> {
    Ok(FindingRow {
        doc: DocId(row.get(0)?),
        key: row.get(1)?,
        code: row.get(2)?,
        about: row.get(3)?,
        at_ms: row.get(4)?,
    })
}
