//! What a record's workbook makes of its answers for lists of things (its sheet `entities`): to be looked at and
//! taken out. Nothing is added to a list by itself.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{documents, records};
use rounds_model::ids::DocId;
use serde::Serialize;
use std::collections::BTreeMap;

/// One thing that is added to a list, or changed in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entity {
    /// The list.
    pub list: String,
    /// Which one is changed; none is added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The row that it comes from, `tree/<id>`; none is the whole record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What it is called.
    pub label: String,
    /// Properties and values; an empty value is blank.
    pub properties: BTreeMap<String, String>,
}

impl Rounds {
    /// The entities of a record as its answers stand, in the order of the sheet, then of the rows.
    pub fn entities(&self, doc: DocId) -> Result<Vec<Entity>, RoundsError> {
        let (catalogue, me) = (self.catalogue(), self.identity()?);
        Ok(self.store.read(|db| {
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let Some(workbook) = &kind.workbook else { return Ok(vec![]) };
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            // As its row is made, so that everybody sees the same.
            let moment = rounds_workflow::moment(document.last_written() * 1000, me.zone());
            let things = workbook.things(&document.fields(), rounds_workflow::moment_of(doc, moment));
            let one = |thing: rounds_forms::Thing| Entity {
                list: thing.list,
                id: thing.id,
                row: Some(thing.from.trim_end_matches('/').to_owned()).filter(|row| !row.is_empty()),
                label: thing.label,
                properties: thing.properties,
            };
            Ok::<_, Fail>(things.into_iter().map(one).collect())
        })?)
    }
}
