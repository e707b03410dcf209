//! Conflicts: answers with two versions, each with its author, device and time, until a person
//! chooses. The choice is an edit like any other, and so has an author itself, who is shown
//! afterwards ([`Chosen`]).

use super::row::{Row, row};
use super::say;
use super::status::clock;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{documents, records, roster};
use rounds_evidence::beside::With;
use rounds_evidence::chain::Ending;
use rounds_evidence::photo::Taken;
use rounds_model::document::{BESIDE, Document};
use rounds_model::edit::{OpId, Put};
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::Kind;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

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
    /// What people read; in a repeat, with the row.
    pub label: String,
    /// The versions; the last one is shown until someone chooses.
    pub versions: Vec<Version>,
}

/// One version of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// The number to choose it by, from 1.
    pub number: usize,
    /// The value, as it is stored.
    pub value: String,
    /// The value, as people read it.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, in the team's time zone, as that device knew it.
    pub at: String,
    /// True for the one that the record shows now.
    pub shown: bool,
}

/// An answer that somebody chose between versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// The key.
    pub key: String,
    /// What people read; in a repeat, with the row.
    pub label: String,
    /// What was chosen.
    pub value: String,
    /// Who chose.
    pub by: String,
    /// On which device.
    pub device: String,
    /// When, in the team's time zone, as that device knew it.
    pub at: String,
    /// What was given up for it.
    pub instead_of: Vec<String>,
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
                Ok(Conflicted { row, conflicts: Story { db, kind, zone, lang }.open(&document)? })
            };
            records::in_conflict(db)?.iter().map(one).collect()
        })?)
    }
}

/// What telling about a record's versions needs.
pub(crate) struct Story<'a> {
    pub db: &'a Connection,
    pub kind: &'a Kind,
    pub zone: chrono_tz::Tz,
    pub lang: Lang,
}

impl Story<'_> {
    /// The open conflicts of a document.
    pub fn open(&self, document: &Document) -> Result<Vec<Open>, Fail> {
        let conflicts = document.conflicts();
        if conflicts.is_empty() {
            return Ok(vec![]);
        }
        let fields = document.fields();
        let mut out = Vec::new();
        for conflict in conflicts {
            let last = conflict.versions.len();
            let mut versions = Vec::new();
            for (number, v) in (1..).zip(&conflict.versions) {
                let (by, device) = self.pen(v.op)?;
                let beside = document.beside(&conflict.key, &v.value).map(|(_, told)| told);
                let text = self.text(&conflict.key, &v.value, beside.as_ref());
                let value = v.value.to_string();
                let at = clock(self.zone, v.at.saturating_mul(1_000));
                versions.push(Version { number, value, text, by, device, at, shown: number == last });
            }
            let label = self.label(&conflict.key, &fields);
            out.push(Open { key: conflict.key, label, versions });
        }
        Ok(out)
    }

    /// The answers that show what somebody chose.
    pub fn chosen(&self, document: &Document) -> Result<Vec<Chosen>, Fail> {
        let history = document.history();
        let puts = || {
            let placed = |step: &'_ rounds_model::document::Step| {
                let (actor, start, at) = (step.actor, step.start_op, step.at);
                let puts: Vec<(OpId, i64, Put)> = (start..)
                    .zip(&step.puts)
                    .map(|(counter, put)| (OpId { counter, actor }, at, put.clone()))
                    .collect();
                puts
            };
            history.iter().flat_map(placed)
        };
        if !puts().any(|(_, _, put)| put.replaces.len() > 1) {
            return Ok(vec![]);
        }
        let written: HashMap<OpId, Scalar> = puts().map(|(op, _, put)| (op, put.value)).collect();
        let fields = document.fields();
        let mut out = Vec::new();
        // What is known of a file is chosen with it.
        let between = |put: &Put| put.replaces.len() > 1 && !put.key.ends_with(BESIDE);
        for (op, at, put) in puts().filter(|(_, _, put)| between(put)) {
            // What was written over it since is an answer like any other.
            let stands = matches!(document.versions(&put.key).as_slice(), [one] if one.op == op);
            if !stands {
                continue;
            }
            let (by, device) = self.pen(op)?;
            let told = |value: &Scalar| {
                let beside = document.beside(&put.key, value).map(|(_, told)| told);
                self.text(&put.key, value, beside.as_ref())
            };
            let others = put.replaces.iter().filter_map(|op| written.get(op)).filter(|v| **v != put.value);
            out.push(Chosen {
                label: self.label(&put.key, &fields),
                value: told(&put.value),
                by,
                device,
                at: clock(self.zone, at.saturating_mul(1_000)),
                instead_of: others.map(told).collect(),
                key: put.key,
            });
        }
        Ok(out)
    }

    /// Who wrote a value, and on which device.
    fn pen(&self, op: OpId) -> Result<(String, String), Fail> {
        let pen = roster::pen(self.db, op.actor)?;
        Ok(pen.map(|p| (p.person_name, p.device_name)).unwrap_or_default())
    }

    /// A value in words; `beside` is what is known of it, if it is a file.
    fn text(&self, key: &str, value: &Scalar, beside: Option<&Scalar>) -> String {
        if self.kind.is_file(key) && !value.is_blank() {
            return file(value, beside, self.zone, self.lang);
        }
        let value = value.to_string();
        self.kind.choice_title(key, &value, self.lang).unwrap_or(value)
    }

    /// The question; in a repeat, with the number of the row.
    fn label(&self, key: &str, fields: &BTreeMap<String, Scalar>) -> String {
        let title = self.kind.question_title(key);
        let title = title.map_or_else(|| key.to_owned(), |t| t.get(self.lang).to_owned());
        let parts = key.match_indices('/').filter_map(|(at, _)| key.get(..at));
        let rows = parts.filter_map(|part| {
            let (repeat, _) = part.rsplit_once('/')?;
            let instances = rounds_workflow::instances(repeat, fields);
            Some((instances.iter().position(|key| key == part)? + 1).to_string())
        });
        match rows.collect::<Vec<_>>().join(".") {
            row if row.is_empty() => title,
            row => say(self.lang, "label-row", &[("label", title), ("row", row)]),
        }
    }
}

/// A file by what is known of it: its name says nothing to anybody, and its beginning tells two apart.
fn file(value: &Scalar, beside: Option<&Scalar>, zone: chrono_tz::Tz, lang: Lang) -> String {
    let hash = value.to_string();
    let name = ("name", hash.get(..8).unwrap_or(&hash).to_owned());
    let told = beside.and_then(Scalar::as_text).unwrap_or_default();
    if let Some(taken) = Taken::read(told) {
        return say(lang, "file-photo", &[("at", clock(zone, taken.time.at_ms)), name]);
    }
    let Some(with) = With::read(told) else { return say(lang, "paper-file", &[name]) };
    let parts = ("n", with.with.len().to_string());
    match with.ending {
        Some(Ending::Complete) => say(lang, "file-recording", &[parts, name]),
        Some(Ending::BrokenOff) => say(lang, "file-broken-off", &[parts, name]),
        None => say(lang, "file-signature", &[name]),
    }
}
