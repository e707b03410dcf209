//! The holding queue.

use super::codec::{int, scope_list, uint};
use super::session::Session;
use crate::storage::Result;
use crate::storage::holding::{HoldingRow, Load, ReadHolding, WriteHolding};
use rounds_model::canonical;
use rounds_model::ids::{DeviceId, DocId, PersonId, Seq};
use rounds_model::scope::Scope;
use rounds_protocol::exchange::ItemHash;
use rusqlite::{Row, params};

const ONE: &str = include_str!("sql/holding.sql");
const OF: &str = include_str!("sql/holding_of.sql");
const LOAD: &str = include_str!("sql/holding_load.sql");
const WAITING: &str = include_str!("sql/holding_waiting.sql");
const ABOUT: &str = include_str!("sql/holding_about.sql");
const PUT: &str = include_str!("sql/holding_put.sql");

impl ReadHolding for Session<'_> {
    fn holding(&self, number: Seq) -> Result<Option<HoldingRow>> {
        self.one(ONE, params![self.team.0, int(number.0)], holding_row)
    }

    fn holding_of(&self, device: DeviceId, hashes: &[ItemHash]) -> Result<Vec<HoldingRow>> {
        let mut out = vec![];
        for hash in hashes {
            out.extend(self.one(OF, params![self.team.0, device.0, hash.0], holding_row)?);
        }
        Ok(out)
    }

    fn holding_load(&self, device: DeviceId) -> Result<Load> {
        let load = self.one(LOAD, params![self.team.0, device.0], |row| {
            Ok(Load { waiting: uint(row.get(0)?), items: uint(row.get(1)?), bytes: uint(row.get(2)?) })
        })?;
        Ok(load.unwrap_or_default())
    }

    fn holding_waiting(&self, scopes: Option<&[Scope]>, limit: u32) -> Result<Vec<HoldingRow>> {
        let people = scopes.map(|scopes| {
            let person = |scope: &Scope| match scope {
                Scope::Person(id) => Some(format!("\"{}\"", hex::encode_upper(id.0))),
                _ => None,
            };
            format!("[{}]", scopes.iter().filter_map(person).collect::<Vec<_>>().join(","))
        });
        self.many(WAITING, params![self.team.0, scopes.map(scope_list), people, limit], holding_row)
    }

    fn holding_about(&self, doc: DocId) -> Result<Vec<HoldingRow>> {
        self.many(ABOUT, params![self.team.0, doc.0], holding_row)
    }
}

impl WriteHolding for Session<'_> {
    fn put_holding(&mut self, h: &HoldingRow) -> Result<()> {
        let (refusal, waits) = (canonical::encode(&h.refusal)?, h.decision.is_none());
        let decision = h.decision.as_ref().map(canonical::encode).transpose()?;
        let ruled = h.ruled.as_ref().map(canonical::encode).transpose()?;
        let (number, person) = (int(h.number.0), h.person.0);
        self.run(
            PUT,
            params![
                self.team.0,
                number,
                h.device.0,
                person,
                h.doc.0,
                h.hash.0,
                h.item,
                refusal,
                h.received,
                waits,
                decision,
                ruled
            ],
        )
    }
}

fn holding_row(row: &Row<'_>) -> Result<HoldingRow> {
    let (decision, ruled): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(8)?, row.get(9)?);
    Ok(HoldingRow {
        number: Seq(uint(row.get(0)?)),
        device: DeviceId(row.get(1)?),
        person: PersonId(row.get(2)?),
        doc: DocId(row.get(3)?),
        hash: ItemHash(row.get(4)?),
        item: row.get(5)?,
        refusal: canonical::decode(&row.get::<_, Vec<u8>>(6)?)?,
        received: row.get(7)?,
        decision: decision.map(|bytes| canonical::decode(&bytes)).transpose()?,
        ruled: ruled.map(|bytes| canonical::decode(&bytes)).transpose()?,
    })
}
