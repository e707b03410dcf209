//! What belongs to a record: the records that link to it, and where it and they are.

use super::row::{Row, row};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{records, sought};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_workflow::{Answer, Catalogue, Lookup};
use rusqlite::Connection;
use serde::Serialize;

/// The records of a kind that link to one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Linking {
    /// The newest, newest first.
    pub rows: Vec<Row>,
    /// How many there are.
    pub count: usize,
}

/// A record's answers, as far as a list knows them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// As lists show it.
    pub row: Row,
    /// When it was made, Unix milliseconds.
    pub made_ms: u64,
    /// Its answers and facts, as they are stored, by their keys.
    pub data: std::collections::BTreeMap<String, String>,
}

impl Rounds {
    /// The records of a kind whose question `field` names this record.
    pub fn linking(
        &self,
        doc: DocId,
        kind: &str,
        field: &str,
        most: usize,
        lang: Lang,
    ) -> Result<Linking, RoundsError> {
        let catalogue = self.catalogue();
        let found = self.places_of(doc, kind, field)?;
        let newest: Vec<i64> = found.iter().rev().take(most).copied().collect();
        Ok(self.store.read(|db| {
            let rows = records::at(db, kind, &newest)?;
            let rows = rows.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, Fail>>()?;
            Ok::<_, Fail>(Linking { rows, count: found.len() })
        })?)
    }

    /// The same with their answers, newest first.
    pub fn linking_told(
        &self,
        doc: DocId,
        kind: &str,
        field: &str,
        most: usize,
        lang: Lang,
    ) -> Result<Vec<Told>, RoundsError> {
        let catalogue = self.catalogue();
        let newest: Vec<i64> = self.places_of(doc, kind, field)?.into_iter().rev().take(most).collect();
        Ok(self.store.read(|db| {
            let found = records::at(db, kind, &newest)?;
            found.iter().map(|r| told(db, &catalogue, r, lang)).collect::<Result<_, Fail>>()
        })?)
    }

    fn places_of(&self, doc: DocId, kind: &str, field: &str) -> Result<Vec<i64>, RoundsError> {
        let lookup = [Lookup::Among { key: field.to_owned(), words: vec![Lookup::word(&doc.to_string())] }];
        let unkept = self.store.read(|db| sought::unkept(db, kind, &lookup))?;
        if !unkept.is_empty() {
            self.store.write(|tx| unkept.iter().try_for_each(|(kind, key)| sought::keep(tx, kind, key)))?;
        }
        let found = self.store.read(|db| sought::look_up(db, kind, &lookup))?;
        Ok(found.into_iter().collect())
    }

    /// A record with its answers.
    pub fn told(&self, doc: DocId, lang: Lang) -> Result<Told, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?;
            told(db, &catalogue, &stored, lang)
        })?)
    }

    /// Those of these records that are on this phone still, in their order.
    pub fn those_here(&self, docs: &[DocId]) -> Result<Vec<DocId>, RoundsError> {
        Ok(self.store.read(|db| {
            let mut here = Vec::with_capacity(docs.len());
            for doc in docs {
                if records::is_here(db, *doc)? {
                    here.push(*doc);
                }
            }
            Ok::<_, Fail>(here)
        })?)
    }

    /// The kind of a record and its version, from the row alone: no document is opened for it.
    pub fn kind_of(&self, doc: DocId) -> Result<(String, u32), RoundsError> {
        Ok(self.store.read(|db| {
            let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            Ok::<_, Fail>((stored.kind, stored.pack))
        })?)
    }

    /// The row of a record as lists show it.
    pub fn row_of(&self, doc: DocId, lang: Lang) -> Result<Row, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?;
            row(db, &catalogue, &stored, lang)
        })?)
    }

    /// Where records are, degrees north and east: by a place of their own, or of a record that they name.
    /// Reads rows only.
    pub fn whereabouts(&self, docs: &[DocId]) -> Result<Vec<Option<(f64, f64)>>, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| docs.iter().map(|doc| place(db, &catalogue, *doc, true)).collect())?)
    }
}

fn told(db: &Connection, catalogue: &Catalogue, r: &records::Record, lang: Lang) -> Result<Told, Fail> {
    let data = r.projection.data.iter().map(|(key, value)| (key.clone(), value.to_string()));
    let data = data.collect();
    Ok(Told { row: row(db, catalogue, r, lang)?, made_ms: r.doc.made_ms().unwrap_or(0), data })
}

fn place(
    db: &Connection,
    catalogue: &Catalogue,
    doc: DocId,
    deeper: bool,
) -> Result<Option<(f64, f64)>, Fail> {
    let Some(record) = records::get(db, doc)? else { return Ok(None) };
    let p = &record.projection;
    let Some(kind) = catalogue.kind_at(&p.kind, p.pack) else { return Ok(None) };
    for field in &kind.fields {
        let Some(value) = p.data.get(&field.name).map(ToString::to_string) else { continue };
        match field.answer {
            Answer::Place => {
                let mut parts = value.split(' ').map(str::parse::<f64>);
                if let (Some(Ok(north)), Some(Ok(east))) = (parts.next(), parts.next()) {
                    return Ok(Some((north, east)));
                }
            }
            Answer::Record if deeper => {
                let linked = value.parse().ok().map(|doc| place(db, catalogue, doc, false)).transpose()?;
                if let Some(Some(found)) = linked {
                    return Ok(Some(found));
                }
            }
            _ => {}
        }
    }
    Ok(None)
}
