//! Conflicts: answers with two versions, each with its author, device and time, until a person
//! chooses. The choice is an edit like any other, and so has an author itself.

use super::row::{Row, row};
use super::status::clock;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{documents, records, roster};
use rounds_model::document::Document;
use rounds_model::text::Lang;
use rounds_workflow::Kind;
use rusqlite::Connection;
use serde::Serialize;

/// A record with answers that have two versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflicted {
    /// The record.
    #[serde(flatten)]
    pub row: Row,
    /// The answers.
    pub conflicts: Vec<Open>,
}

/// An answer with two versions or more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Open {
    /// The key to choose by.
    pub key: String,
    /// What people read.
    pub label: String,
    /// The versions; the last one is shown until someone chooses.
    pub versions: Vec<Version>,
}

/// One version of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// The number to choose it by, from 1.
    pub number: usize,
    /// The value.
    pub value: String,
    /// Who wrote it.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, in the team's time zone, as that device knew it.
    pub at: String,
    /// True for the one that the record shows now.
    pub shown: bool,
}

impl Rounds {
    /// Every record with answers that have two versions.
    pub fn conflicts(&self, lang: Lang) -> Result<Vec<Conflicted>, RoundsError> {
        let (catalogue, zone) = (self.catalogue(), self.identity()?.zone());
        Ok(self.store.read(|db| {
            let one = |record: &records::Record| {
                let p = &record.projection;
                let kind = catalogue.kind_at(&p.kind, p.pack).ok_or(Fail::UnknownRecord)?;
                let document = documents::load(db, record.doc)?.ok_or(Fail::UnknownRecord)?;
                let row = row(db, &catalogue, record, lang)?;
                Ok(Conflicted { row, conflicts: open(db, kind, &document, zone, lang)? })
            };
            records::in_conflict(db)?.iter().map(one).collect()
        })?)
    }
}

/// The open conflicts of a document.
pub(crate) fn open(
    db: &Connection,
    kind: &Kind,
    document: &Document,
    zone: chrono_tz::Tz,
    lang: Lang,
) -> Result<Vec<Open>, Fail> {
    let mut out = Vec::new();
    for conflict in document.conflicts() {
        let last = conflict.versions.len();
        let mut versions = Vec::new();
        for (i, v) in conflict.versions.iter().enumerate() {
            let pen = roster::pen(db, v.op.actor)?;
            let (by, device) = pen.map(|p| (p.person_name, p.device_name)).unwrap_or_default();
            let (number, value) = (i + 1, v.value.to_string());
            versions.push(Version {
                number,
                value,
                by,
                device,
                at: clock(zone, v.at * 1000),
                shown: number == last,
            });
        }
        let label = kind.question_title(&conflict.key);
        let label = label.map_or_else(|| conflict.key.clone(), |t| t.get(lang).to_owned());
        out.push(Open { key: conflict.key, label, versions });
    }
    Ok(out)
}
