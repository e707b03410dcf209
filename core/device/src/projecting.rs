//! Making projection rows: from a document and its acts, with the pure code of `workflow` that the
//! server uses too.

use crate::authoring::who;
use crate::error::Fail;
use crate::identity::Identity;
use crate::store::{acts, documents, gone, records};
use crate::world::Here;
use rounds_model::digest::{Digest, Entry, Summing};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Ahead, Catalogue, Judged, Projection, Record, Unprojectable};
use rusqlite::{Connection, Transaction};

/// Makes a record's row again. A record of a kind that no pack here knows (yet) gets none.
pub(crate) fn project(
    tx: &Transaction<'_>,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
    document: &Document,
) -> Result<(), Fail> {
    project_pinned(tx, catalogue, me, doc, document).map(|_| ())
}

/// As [`project`]; returns the record's kind and the version that it is pinned to.
pub(crate) fn project_pinned(
    tx: &Transaction<'_>,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
    document: &Document,
) -> Result<Option<(String, u32)>, Fail> {
    match compute(tx, catalogue, me, doc, document)? {
        Some((projection, conflicts)) => {
            records::put(tx, doc, &projection, conflicts)?;
            Ok(Some((projection.kind, projection.pack)))
        }
        None => records::remove(tx, doc).map(|()| None),
    }
}

fn compute(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
    document: &Document,
) -> Result<Option<(Projection, u32)>, Fail> {
    let history = history(db, doc)?;
    let moment = rounds_workflow::moment(document.last_written() * 1000, me.zone());
    let (here, heads) = (Here(db), document.heads());
    let ahead = Ahead { who: who(me), world: &here, zone: me.zone(), heads: &heads };
    match rounds_workflow::project(catalogue, doc, &document.fields(), &history, moment, Some(ahead)) {
        Ok(projection) => {
            // Nobody chooses between two versions of what was removed.
            let conflicts = if projection.removed { 0 } else { document.conflicts().len() };
            let conflicts = u32::try_from(conflicts).unwrap_or(u32::MAX);
            Ok(Some((projection, conflicts)))
        }
        Err(Unprojectable::Refused(_)) => Ok(None),
        Err(Unprojectable::World(e)) => Err(e.into()),
    }
}

/// A record as it stands here: after the rulings of the server and, provisionally, after the acts
/// of this phone that wait for one.
pub(crate) fn stand(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
    document: &Document,
) -> Result<Record, Fail> {
    let (here, heads) = (Here(db), document.heads());
    let ahead = Ahead { who: who(me), world: &here, zone: me.zone(), heads: &heads };
    match rounds_workflow::stand(catalogue, doc, &document.fields(), &history(db, doc)?, Some(ahead)) {
        Ok(standing) => Ok(standing.record),
        Err(Unprojectable::Refused(refusal)) => Err(Fail::Refused(refusal)),
        Err(Unprojectable::World(e)) => Err(e.into()),
    }
}

/// The acts about a record with the rulings that the server made.
pub(crate) fn history(db: &Connection, doc: DocId) -> Result<Vec<Judged>, Fail> {
    let judged = |known: acts::KnownAct| Judged { act: known.act, verdict: known.verdict };
    Ok(acts::of(db, doc)?.into_iter().map(judged).collect())
}

/// What a check of the whole store found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verification {
    /// Records looked at.
    pub records: u64,
    /// Records whose row was not what their document and acts imply.
    pub different: Vec<DocId>,
    /// Documents that cannot be opened.
    pub damaged: Vec<DocId>,
    /// Documents without a row: their pack is not here.
    pub unknown: u64,
    /// Records with acts that wait, whose row was predicted from what this phone knew of other
    /// records then, and would be another now. The server's rulings replace it.
    pub outdated: u64,
}

impl Verification {
    /// True if nothing was wrong.
    pub fn is_clean(&self) -> bool {
        self.different.is_empty() && self.damaged.is_empty()
    }
}

/// Makes every row again and compares it with the stored one.
pub(crate) fn verify(db: &Connection, catalogue: &Catalogue, me: &Identity) -> Result<Verification, Fail> {
    let mut out = Verification::default();
    for doc in documents::all(db)? {
        out.records += 1;
        let document = match documents::load(db, doc) {
            Ok(Some(document)) => document,
            Ok(None) => continue,
            Err(Fail::Document(_)) => {
                out.damaged.push(doc);
                continue;
            }
            Err(e) => return Err(e),
        };
        let stored = records::get(db, doc)?.map(|r| (r.projection, r.conflicts));
        match compute(db, catalogue, me, doc, &document)? {
            None => out.unknown += 1,
            Some(implied)
                if implied.0.pending
                    && stored.as_ref().is_some_and(|s| s.0.pending)
                    && Some(&implied) != stored.as_ref() =>
            {
                out.outdated += 1;
            }
            implied if implied != stored => out.different.push(doc),
            Some((projection, _)) => {
                for claim in &projection.claims {
                    let held = records::claims(db, &claim.rule, &claim.key)?;
                    if !held.iter().any(|(other, kept)| *other == doc && kept == claim) {
                        out.different.push(doc);
                    }
                }
            }
        }
    }
    Ok(out)
}

/// Makes every row again and keeps it; returns how many.
pub(crate) fn rebuild(tx: &Transaction<'_>, catalogue: &Catalogue, me: &Identity) -> Result<u64, Fail> {
    records::clear(tx)?;
    let mut made = 0;
    for doc in documents::all(tx)? {
        if let Some(document) = documents::load(tx, doc)? {
            project(tx, catalogue, me, doc, &document)?;
            made += 1;
        }
    }
    Ok(made)
}

/// Sums up everything that is here, scope by scope.
pub(crate) fn digest(db: &Connection, catalogue: &Catalogue) -> Result<Digest, Fail> {
    let mut summing = Summing::default();
    let damaged = |_| Fail::Damaged("a record cannot be summed");
    let mut all = gone::tombstones(db)?;
    all.extend(documents::all(db)?);
    all.sort_unstable();
    all.dedup();
    for doc in all {
        if let Some(stone) = gone::tombstone(db, doc)? {
            summing.add(stone.scope, &Entry::removed(doc, stone.stage)).map_err(damaged)?;
            continue;
        }
        let (Some(document), Some(row)) = (documents::load(db, doc)?, records::get(db, doc)?) else {
            continue;
        };
        let fields = document.fields();
        let history = history(db, doc)?;
        let Ok(standing) = rounds_workflow::stand(catalogue, doc, &fields, &history, None) else {
            continue;
        };
        let ruled = history.iter().filter_map(|j| Some((j.act.id, j.verdict.as_ref()?)));
        let verdicts = ruled.map(|(act, v)| (act, v.outcome == Outcome::Accepted)).collect();
        let entry = Entry { doc, heads: document.heads(), fields, stage: standing.record.stage, verdicts };
        summing.add(row.projection.scope, &entry).map_err(damaged)?;
    }
    Ok(summing.finish())
}
