//! Counts of what there is, and digests to compare with phones.

use super::{Done, team};
use crate::error::{Error, Result};
use crate::storage::{Read, Storage};
use rounds_model::digest::{Digest, Entry, Summing};
use rounds_model::document::Document;
use rounds_model::ids::{DocId, TeamId};
use rounds_model::verdict::Outcome;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Documents read at a time.
const PAGE: u32 = 500;

/// What there is of a team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many records there are, by kind, then by stage.
    pub kinds: BTreeMap<String, BTreeMap<String, u64>>,
    /// Acts that were accepted.
    pub accepted: u64,
    /// Acts that were blocked.
    pub blocked: u64,
    /// Keys with more than one value.
    pub conflicts_open: u64,
    /// Conflicts that someone settled.
    pub conflicts_settled: u64,
    /// Times that the server stopped without saying so.
    pub unclean_starts: u64,
    /// The last number of the log.
    pub head: u64,
}

/// Counts.
pub fn summary(storage: &dyn Storage, id: TeamId) -> Result<Summary> {
    let view = storage.read(id)?;
    let (accepted, blocked) = view.verdict_counts()?;
    let head = view.head()?.0;
    let mut out = Summary { accepted, blocked, head, ..Summary::default() };
    for row in view.counts()? {
        out.conflicts_open += row.conflicts;
        out.conflicts_settled += row.settled;
        out.kinds.entry(row.kind).or_default().insert(row.stage, row.records);
    }
    drop(view);
    out.unclean_starts = storage.unclean_runs()?;
    Ok(out)
}

/// The digest of each scope; of those that a person holds, if one is named.
pub fn digest(view: &dyn Read, person: Option<&str>) -> Done<Digest> {
    let held = match person {
        None => None,
        Some(name) => {
            let person = team::find_person(view, name)?;
            Some(crate::exchange::caller::scopes_of(view, person.id)?)
        }
    };
    let mut summing = Summing::default();
    let mut after = None;
    loop {
        let docs = view.doc_ids(after, PAGE)?;
        let Some(last) = docs.last() else { break };
        after = Some(*last);
        let mut verdicts: HashMap<DocId, Vec<_>> = HashMap::new();
        for act in view.acts_of(&docs)? {
            let accepted = act.verdict.outcome == Outcome::Accepted;
            verdicts.entry(act.doc).or_default().push((act.act, accepted));
        }
        let mut records: HashMap<_, _> = view.records(&docs)?.into_iter().map(|r| (r.doc, r)).collect();
        let mut documents = view.documents(&docs)?;
        documents.sort_by_key(|row| row.doc);
        for row in documents {
            if held.as_ref().is_some_and(|held| !held.contains(&row.scope)) {
                continue;
            }
            let record = records.remove(&row.doc);
            let removed = record.as_ref().is_some_and(|record| record.removed);
            let stage = record.map(|record| record.stage).unwrap_or_default();
            let entry = if removed {
                Entry::removed(row.doc, stage)
            } else {
                let document = Document::load(&row.snapshot)?;
                let verdicts = verdicts.remove(&row.doc).unwrap_or_default();
                Entry { doc: row.doc, heads: document.heads(), fields: document.fields(), stage, verdicts }
            };
            summing
                .add(row.scope, &entry)
                .map_err(|_| Error::StorageDamaged("a record cannot be summed".into()))?;
        }
    }
    Ok(summing.finish())
}
