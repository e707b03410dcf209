//! Lists: the records of a kind by pages, and what a search finds.

use super::row::{Row, row};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::records;
use rounds_model::text::Lang;
use serde::Serialize;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// Give this to get the next page; none if this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// The kinds that this team has, for a menu.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindItem {
    /// Its name.
    pub name: String,
    /// What several are called.
    pub title: String,
}

impl Rounds {
    /// A page of one kind's records, newest first.
    pub fn list(&self, kind: &str, before: Option<i64>, limit: u32, lang: Lang) -> Result<Page, RoundsError> {
        let catalogue = self.catalogue();
        self.identity()?;
        Ok(self.store.read(|db| {
            let limit = limit.clamp(1, 1_000);
            let found = records::of_kind(db, kind, before, limit)?;
            // Records whose pack is missing are listed all the same.
            if found.is_empty() && catalogue.kind(kind).is_none() {
                return Err(Fail::UnknownKind(kind.to_owned(), catalogue.names()));
            }
            let next = (found.len() as u32 == limit).then(|| found.last().map(|r| r.n)).flatten();
            let rows = found.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next })
        })?)
    }

    /// The records with all of the words that were typed, in Chinese or not.
    pub fn search(&self, typed: &str, limit: u32, lang: Lang) -> Result<Page, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            let found = records::found(db, typed, limit.clamp(1, 200))?;
            let rows = found.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next: None })
        })?)
    }

    /// The kinds that this team has.
    pub fn kinds(&self, lang: Lang) -> Vec<KindItem> {
        let item = |k: &rounds_workflow::Kind| KindItem {
            name: k.name.clone(),
            title: k.plural.get(lang).to_owned(),
        };
        self.catalogue().kinds().map(item).collect()
    }
}
