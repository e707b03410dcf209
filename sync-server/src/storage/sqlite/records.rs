//! Documents, edits, acts, records and claims.

use super::codec::{heads_in, heads_out, int, scope_in, scope_list, scope_out, small, uint};
use super::session::Session;
use super::sought;
use crate::storage::Result;
use crate::storage::records::{
    ActRow, Among, ByPerson, CountRow, DocumentMark, DocumentRow, EditKey, EditRow, Filter, ReadRecords,
    RecordRow, Removed, Search, WriteRecords,
};
use rounds_model::act::SignedAct;
use rounds_model::canonical;
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{ActId, ActorId, ChangeHash, DeviceId, DocId, PersonId, Seq, Signature};
use rounds_model::time::Judgement;
use rounds_model::verdict::Outcome;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

const DOCUMENT: &str = include_str!("sql/document.sql");
const MARK: &str = include_str!("sql/document_mark.sql");
const WEIGHT: &str = include_str!("sql/document_weight.sql");
const DOC_IDS: &str = include_str!("sql/doc_ids.sql");
const EDIT: &str = include_str!("sql/edit.sql");
const EDITS_OF: &str = include_str!("sql/edits_of.sql");
const ACT: &str = include_str!("sql/act.sql");
const ACTS_OF: &str = include_str!("sql/acts_of.sql");
const BLOCKED: &str = include_str!("sql/acts_blocked.sql");
const BLOCKED_COUNT: &str = include_str!("sql/acts_blocked_count.sql");
const RECORD: &str = include_str!("sql/record.sql");
const EARLIER: &str = include_str!("sql/records_earlier.sql");
const COUNTS: &str = include_str!("sql/counts.sql");
const PUT_DOCUMENT: &str = include_str!("sql/document_put.sql");
const PUT_EDIT: &str = include_str!("sql/edit_put.sql");
const PUT_ACT: &str = include_str!("sql/act_put.sql");
const PUT_RECORD: &str = include_str!("sql/record_put.sql");
const CLAIMS: &str = include_str!("sql/claims.sql");
const CLAIMS_OF: &str = include_str!("sql/claims_of.sql");
const COUNTER: &str = include_str!("sql/counter.sql");
const PUT_COUNTER: &str = include_str!("sql/counter_put.sql");
const PUT_CLAIM: &str = include_str!("sql/claim_put.sql");

impl ReadRecords for Session<'_> {
    fn documents(&self, docs: &[DocId]) -> Result<Vec<DocumentRow>> {
        self.for_each_doc(docs, DOCUMENT, document_row)
    }

    fn marks(&self, docs: &[DocId]) -> Result<Vec<DocumentMark>> {
        self.for_each_doc(docs, MARK, |row| {
            Ok(DocumentMark {
                doc: DocId(row.get(0)?),
                scope: scope_in(&row.get::<_, Vec<u8>>(1)?)?,
                first_seq: Seq(uint(row.get(2)?)),
                last_seq: Seq(uint(row.get(3)?)),
                bytes: uint(row.get(4)?),
                plain: uint(row.get(5)?),
            })
        })
    }

    fn weights(&self, docs: &[DocId]) -> Result<Vec<(DocId, u64)>> {
        self.for_each_doc(docs, WEIGHT, |row| Ok((DocId(row.get(0)?), uint(row.get(1)?))))
    }

    fn doc_ids(&self, after: Option<DocId>, limit: u32) -> Result<Vec<DocId>> {
        let after = after.map(|doc| doc.0.to_vec()).unwrap_or_default();
        self.many(DOC_IDS, params![self.team.0, after, limit], |row| Ok(DocId(row.get(0)?)))
    }

    fn edits(&self, keys: &[EditKey]) -> Result<Vec<EditRow>> {
        let mut out = vec![];
        for k in keys {
            let params = params![self.team.0, k.doc.0, k.actor.0, int(k.number)];
            out.extend(self.one(EDIT, params, |row| edit_row(k.doc, row))?);
        }
        Ok(out)
    }

    fn edits_of(&self, doc: DocId) -> Result<Vec<EditRow>> {
        self.many(EDITS_OF, params![self.team.0, doc.0], |row| edit_row(doc, row))
    }

    fn acts(&self, ids: &[ActId]) -> Result<Vec<ActRow>> {
        let mut out = vec![];
        for id in ids {
            out.extend(self.one(ACT, params![self.team.0, id.0], act_row)?);
        }
        Ok(out)
    }

    fn acts_of(&self, docs: &[DocId]) -> Result<Vec<ActRow>> {
        let mut out = self.for_each_doc(docs, ACTS_OF, act_row)?;
        out.sort_by_key(|row| row.seq);
        Ok(out)
    }

    fn blocked(&self, among: &Among) -> Result<Vec<(RecordRow, ActRow)>> {
        self.acts_among(BLOCKED, among)
    }

    fn blocked_count(&self, among: &Among) -> Result<ByPerson> {
        self.count_among(BLOCKED_COUNT, among)
    }

    fn records(&self, docs: &[DocId]) -> Result<Vec<RecordRow>> {
        self.for_each_doc(docs, RECORD, record_row)
    }

    fn list(&self, filter: &Filter) -> Result<Vec<RecordRow>> {
        let (sql, values) = list_sql(self.team.0, filter);
        self.many(&sql, params_from_iter(values), record_row)
    }

    fn search(&self, search: &Search) -> Result<Vec<RecordRow>> {
        let (sql, values) = sought::page(self.team.0, search);
        self.many(&sql, params_from_iter(values), record_row)
    }

    fn search_count(&self, search: &Search) -> Result<u64> {
        let (sql, values) = sought::count(self.team.0, search);
        Ok(self.one(&sql, params_from_iter(values), |row| Ok(uint(row.get(0)?)))?.unwrap_or(0))
    }

    fn search_owners(&self, search: &Search) -> Result<ByPerson> {
        let (sql, values) = sought::owners(self.team.0, search);
        self.many(&sql, params_from_iter(values), |row| Ok((PersonId(row.get(0)?), uint(row.get(1)?))))
    }

    fn search_people(&self, search: &Search) -> Result<Vec<(PersonId, CountRow)>> {
        let (sql, values) = sought::people(self.team.0, search);
        self.many(&sql, params_from_iter(values), |row| {
            let (kind, stage, records) = (row.get(1)?, row.get(2)?, uint(row.get(3)?));
            let counted = CountRow { kind, stage, records, conflicts: 0, settled: 0 };
            Ok((PersonId(row.get(0)?), counted))
        })
    }

    fn search_stages(&self, search: &Search) -> Result<Vec<CountRow>> {
        let (sql, values) = sought::stages(self.team.0, search);
        self.many(&sql, params_from_iter(values), |row| {
            let (kind, stage, records) = (row.get(0)?, row.get(1)?, uint(row.get(2)?));
            Ok(CountRow { kind, stage, records, conflicts: uint(row.get(3)?), settled: 0 })
        })
    }

    fn search_each(&self, search: &Search, each: &mut dyn FnMut(RecordRow) -> Result<()>) -> Result<()> {
        let (sql, values) = sought::page(self.team.0, search);
        self.each(&sql, params_from_iter(values), |row| each(record_row(row)?))
    }

    fn earlier(&self, kind: &str, subject: &str, doc: DocId, limit: u32) -> Result<Vec<RecordRow>> {
        self.many(EARLIER, params![self.team.0, kind, subject, doc.0, limit], record_row)
    }

    fn counts(&self) -> Result<Vec<CountRow>> {
        self.many(COUNTS, params![self.team.0], |row| {
            Ok(CountRow {
                kind: row.get(0)?,
                stage: row.get(1)?,
                records: uint(row.get(2)?),
                conflicts: uint(row.get(3)?),
                settled: uint(row.get(4)?),
            })
        })
    }

    fn verdict_counts(&self) -> Result<(u64, u64)> {
        let sql = "SELECT coalesce(sum(accepted), 0), count(*) FROM acts WHERE team_id = ?1";
        let found = self.one(sql, params![self.team.0], |row| Ok((uint(row.get(0)?), uint(row.get(1)?))))?;
        let (accepted, all) = found.unwrap_or_default();
        Ok((accepted, all.saturating_sub(accepted)))
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>> {
        self.many(CLAIMS, params![self.team.0, rule, key], claim)
    }

    fn claims_of(&self, doc: DocId) -> Result<Vec<Claim>> {
        let mut out = self.many(CLAIMS_OF, params![self.team.0, doc.0], |row| Ok(claim(row)?.1))?;
        out.sort();
        Ok(out)
    }

    fn counter(&self, counter: &str) -> Result<u64> {
        Ok(self.one(COUNTER, params![self.team.0, counter], |row| Ok(uint(row.get(0)?)))?.unwrap_or(0))
    }
}

impl WriteRecords for Session<'_> {
    fn put_documents(&mut self, rows: &[DocumentRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_DOCUMENT)?;
        for d in rows {
            let (scope, heads, edits) = (scope_out(&d.scope), heads_out(&d.heads), int(d.edits));
            let (plain, first, last) = (int(d.plain), int(d.first_seq.0), int(d.last_seq.0));
            statement.execute(params![
                self.team.0,
                d.doc.0,
                scope,
                d.snapshot,
                heads,
                edits,
                plain,
                first,
                last
            ])?;
        }
        Ok(())
    }

    fn put_edits(&mut self, rows: &[EditRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_EDIT)?;
        for EditRow { key, hash, seq } in rows {
            let (number, seq) = (int(key.number), int(seq.0));
            statement.execute(params![self.team.0, key.doc.0, key.actor.0, number, hash.0, seq])?;
        }
        Ok(())
    }

    fn put_acts(&mut self, rows: &[ActRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_ACT)?;
        for a in rows {
            let (act, doc, device, seq) = (a.act.0, a.doc.0, a.device.0, int(a.seq.0));
            let (signature, verdict) = (a.signature.0.as_slice(), canonical::encode(&a.verdict)?);
            let accepted = a.verdict.outcome == Outcome::Accepted;
            statement.execute(params![
                self.team.0,
                act,
                doc,
                seq,
                device,
                a.body,
                signature,
                accepted,
                verdict,
                doubtful(a)
            ])?;
        }
        Ok(())
    }

    fn put_records(&mut self, rows: &[RecordRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_RECORD)?;
        for r in rows {
            let (doc, owner, scope) = (r.doc.0, r.owner.0, scope_out(&r.scope));
            statement.execute(params![
                self.team.0,
                doc,
                r.kind,
                r.stage,
                owner,
                scope,
                r.day,
                r.conflicts,
                r.settled,
                r.projection,
                r.subject,
                r.removed
            ])?;
        }
        Ok(())
    }

    fn put_claims(&mut self, doc: DocId, claims: &[Claim]) -> Result<()> {
        self.run("DELETE FROM claims WHERE team_id = ?1 AND doc = ?2", params![self.team.0, doc.0])?;
        for c in claims {
            let (lease, waits) = (c.from.map(|lease| lease.0), c.waits.map(|since| int(since.0)));
            let params = params![self.team.0, c.rule, c.key, doc.0, c.amount.0, c.until, lease, waits];
            self.run(PUT_CLAIM, params)?;
        }
        Ok(())
    }

    fn put_counter(&mut self, counter: &str, last: u64) -> Result<()> {
        self.run(PUT_COUNTER, params![self.team.0, counter, int(last)])
    }
}

impl Session<'_> {
    /// Acts with their records: the record's columns, then the act's.
    pub(super) fn acts_among(&self, sql: &str, among: &Among) -> Result<Vec<(RecordRow, ActRow)>> {
        let scopes = among.scopes.as_deref().map(scope_list);
        let limit = if among.limit > 0 { i64::from(among.limit) } else { -1 };
        let params = params![self.team.0, scopes, among.person.map(|person| person.0), limit];
        self.many(sql, params, |row| Ok((record_row(row)?, act_at(row, RECORD_COLUMNS)?)))
    }

    /// How many there are of each person; of those whom nobody knows there is nothing.
    pub(super) fn count_among(&self, sql: &str, among: &Among) -> Result<ByPerson> {
        let scopes = among.scopes.as_deref().map(scope_list);
        let params = params![self.team.0, scopes, among.person.map(|person| person.0)];
        let all = self.many(sql, params, |row| {
            Ok(row.get::<_, Option<[u8; 16]>>(0)?.map(PersonId).zip(Some(uint(row.get(1)?))))
        })?;
        Ok(all.into_iter().flatten().collect())
    }

    fn for_each_doc<T>(
        &self,
        docs: &[DocId],
        sql: &str,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = vec![];
        for doc in docs {
            self.each(sql, params![self.team.0, doc.0], |row| {
                out.push(read(row)?);
                Ok(())
            })?;
        }
        Ok(out)
    }
}

fn list_sql(team: [u8; 16], filter: &Filter) -> (String, Vec<Value>) {
    let mut sql = include_str!("sql/records.sql").trim_end().to_owned();
    let mut values = vec![Value::Blob(team.to_vec())];
    let mut and = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ?{}", values.len()));
        }
    };
    and("kind =", filter.kind.clone().map(Value::Text));
    and("stage =", filter.stage.clone().map(Value::Text));
    and("owner =", filter.owner.map(|p| Value::Blob(p.0.to_vec())));
    and("day >=", filter.from_day.clone().map(Value::Text));
    and("day <=", filter.to_day.clone().map(Value::Text));
    and("conflicts >", filter.conflicted.then_some(Value::Integer(0)));
    and("removed =", (filter.removed == Removed::Without).then_some(Value::Integer(0)));
    and("doc >", filter.after.map(|d| Value::Blob(d.0.to_vec())));
    if let Some(scopes) = &filter.scopes {
        values.push(Value::Text(scope_list(scopes)));
        sql.push_str(&format!(" AND hex(scope) IN (SELECT value FROM json_each(?{}))", values.len()));
    }
    sql.push_str(" ORDER BY doc");
    if filter.limit > 0 {
        sql.push_str(&format!(" LIMIT {}", filter.limit));
    }
    (sql, values)
}

/// Whether the time of an act cannot be believed. One that cannot be read says nothing.
fn doubtful(row: &ActRow) -> bool {
    let signed = SignedAct { body: row.body.clone(), signature: row.signature };
    let judged = signed.read().map(|act| act.time.judgement);
    matches!(judged, Ok(Judgement::Suspect | Judgement::Unchecked))
}

fn claim(row: &Row<'_>) -> Result<(DocId, Claim)> {
    let claim = Claim {
        rule: row.get(1)?,
        key: row.get(2)?,
        amount: Amount(row.get(3)?),
        until: row.get(4)?,
        from: row.get::<_, Option<[u8; 16]>>(5)?.map(DocId),
        waits: row.get::<_, Option<i64>>(6)?.map(|since| Seq(uint(since))),
    };
    Ok((DocId(row.get(0)?), claim))
}

fn document_row(row: &Row<'_>) -> Result<DocumentRow> {
    Ok(DocumentRow {
        doc: DocId(row.get(0)?),
        scope: scope_in(&row.get::<_, Vec<u8>>(1)?)?,
        snapshot: row.get(2)?,
        heads: heads_in(&row.get::<_, Vec<u8>>(3)?)?,
        edits: uint(row.get(4)?),
        plain: uint(row.get(5)?),
        first_seq: Seq(uint(row.get(6)?)),
        last_seq: Seq(uint(row.get(7)?)),
    })
}

fn edit_row(doc: DocId, row: &Row<'_>) -> Result<EditRow> {
    let key = EditKey { doc, actor: ActorId(row.get(0)?), number: uint(row.get(1)?) };
    Ok(EditRow { key, hash: ChangeHash(row.get(2)?), seq: Seq(uint(row.get(3)?)) })
}

fn act_row(row: &Row<'_>) -> Result<ActRow> {
    act_at(row, 0)
}

/// An act whose columns begin there.
fn act_at(row: &Row<'_>, at: usize) -> Result<ActRow> {
    Ok(ActRow {
        act: ActId(row.get(at)?),
        doc: DocId(row.get(at + 1)?),
        seq: Seq(uint(row.get(at + 2)?)),
        device: DeviceId(row.get(at + 3)?),
        body: row.get(at + 4)?,
        signature: Signature::from_slice(&row.get::<_, Vec<u8>>(at + 5)?)?,
        verdict: canonical::decode(&row.get::<_, Vec<u8>>(at + 6)?)?,
    })
}

/// How many columns [`record_row`] reads.
const RECORD_COLUMNS: usize = 11;

pub(super) fn record_row(row: &Row<'_>) -> Result<RecordRow> {
    Ok(RecordRow {
        doc: DocId(row.get(0)?),
        kind: row.get(1)?,
        stage: row.get(2)?,
        owner: PersonId(row.get(3)?),
        scope: scope_in(&row.get::<_, Vec<u8>>(4)?)?,
        day: row.get(5)?,
        conflicts: small(row.get(6)?),
        settled: small(row.get(7)?),
        projection: row.get(8)?,
        subject: row.get(9)?,
        removed: row.get(10)?,
    })
}
