//! Which records a batch is about.

use super::{BatchFault, ITEMS};
use crate::authoring::Typed;
use crate::error::Fail;
use crate::store::records;
use rounds_model::ids::DocId;
use rounds_workflow::Catalogue;
use rusqlite::Connection;

/// Records that are looked at in one step.
const PAGE: u32 = 1_000;

/// Records that were chosen one by one, or all of a kind that fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// These.
    pub records: Vec<DocId>,
    /// All of this kind that this phone holds.
    pub kind: Option<String>,
    /// Of those, the ones in this stage.
    pub stage: Option<String>,
    /// Of those, the ones with these answers.
    pub having: Vec<Typed>,
}

impl Selection {
    /// The records, each once, and the kind that they are of.
    pub(super) fn resolve(
        &self,
        db: &Connection,
        catalogue: &Catalogue,
    ) -> Result<(String, Vec<DocId>), Fail> {
        let (kind, found) = match &self.kind {
            Some(kind) => (kind.clone(), self.of_kind(db, catalogue, kind)?),
            None => self.chosen(db)?,
        };
        if found.is_empty() {
            return Err(BatchFault::Empty.into());
        }
        Ok((kind, found))
    }

    fn chosen(&self, db: &Connection) -> Result<(String, Vec<DocId>), Fail> {
        let (mut kind, mut found) = (None, Vec::new());
        for doc in &self.records {
            let row = records::get(db, *doc)?.ok_or(Fail::UnknownRecord)?;
            match &kind {
                None => kind = Some(row.projection.kind),
                Some(kind) if *kind != row.projection.kind => return Err(BatchFault::Mixed.into()),
                Some(_) => {}
            }
            if !found.contains(doc) {
                take(&mut found, *doc)?;
            }
        }
        Ok((kind.unwrap_or_default(), found))
    }

    /// The oldest first.
    fn of_kind(&self, db: &Connection, catalogue: &Catalogue, kind: &str) -> Result<Vec<DocId>, Fail> {
        if catalogue.kind(kind).is_none() {
            return Err(Fail::UnknownKind(kind.to_owned(), catalogue.names()));
        }
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = records::of_kind(db, kind, before, PAGE)?;
            for record in page.iter().filter(|record| self.fits(record)) {
                take(&mut found, record.doc)?;
            }
            if page.len() < PAGE as usize {
                found.reverse();
                return Ok(found);
            }
            before = page.last().map(|record| record.n);
        }
    }

    fn fits(&self, record: &records::Record) -> bool {
        let said = |key: &str| record.projection.data.get(key).map(ToString::to_string).unwrap_or_default();
        self.stage.as_ref().is_none_or(|stage| *stage == record.projection.stage)
            && self.having.iter().all(|(key, value)| said(key) == *value)
    }
}

fn take(found: &mut Vec<DocId>, doc: DocId) -> Result<(), Fail> {
    found.push(doc);
    if found.len() > ITEMS { Err(BatchFault::TooMany(found.len()).into()) } else { Ok(()) }
}
