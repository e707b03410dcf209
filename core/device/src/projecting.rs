//! Making projection rows: from a document and its acts, with the pure code of `workflow` that the
//! server uses too.

use crate::authoring::who;
use crate::error::Fail;
use crate::foreseeing;
use crate::identity::{self, Identity};
use crate::store::{Store, acts, documents, foreseen, gone, meta, records};
use crate::world::Here;
use rounds_model::digest::{Digest, Entry, Summing};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Ahead, Catalogue, Judged, Projection, Record, Unprojectable};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    let (history, foreseen) = (history(db, doc)?, foreseen::of(db, doc)?);
    let moment = rounds_workflow::moment(document.last_written() * 1000, me.zone());
    let (here, heads, contested) = (Here(db), document.heads(), contested(document));
    let (who, zone) = (who(me), me.zone());
    let ahead = Ahead { who, world: &here, zone, heads: &heads, contested: &contested, foreseen: &foreseen };
    match rounds_workflow::project(catalogue, doc, &document.fields(), &history, moment, Some(ahead)) {
        Ok(projection) => {
            // Nobody chooses between two versions of what was removed.
            let conflicts = if projection.removed { 0 } else { contested.len() };
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
    let (here, heads, contested) = (Here(db), document.heads(), contested(document));
    let (who, zone, foreseen) = (who(me), me.zone(), foreseen::of(db, doc)?);
    let ahead = Ahead { who, world: &here, zone, heads: &heads, contested: &contested, foreseen: &foreseen };
    match rounds_workflow::stand(catalogue, doc, &document.fields(), &history(db, doc)?, Some(ahead)) {
        Ok(standing) => Ok(standing.record),
        Err(Unprojectable::Refused(refusal)) => Err(Fail::Refused(refusal)),
        Err(Unprojectable::World(e)) => Err(e.into()),
    }
}

/// The answers that have two values or more.
pub(crate) fn contested(document: &Document) -> BTreeSet<String> {
    document.conflicts().into_iter().map(|conflict| conflict.key).collect()
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
    /// Records with acts that wait and are expected to be ruled in another way than what was kept says,
    /// as far as this phone knows. The server's rulings replace it.
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
    let other = foreseeing::other_than_foreseen(db, catalogue, me)?;
    let mut out = Verification { outdated: other.len() as u64, ..Verification::default() };
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
        match documents::load(tx, doc) {
            Ok(Some(document)) => {
                project(tx, catalogue, me, doc, &document)?;
                made += 1;
            }
            // `verify` names it; the next sync that meets it asks for it again.
            Ok(None) | Err(Fail::Document(_)) => {}
            Err(fail) => return Err(fail),
        }
    }
    foreseeing::anew(tx, catalogue, me)?;
    Ok(made)
}

/// Records of one step of [`catch_up`].
const STEP: usize = 200;

/// With what rows were made: [`Catalogue::stamp`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    /// All of them.
    by: String,
    /// They are being made anew: with what, and up to which record.
    under_way: Option<(String, DocId)>,
}

/// Makes every row anew that was made with something else: by an earlier version of the app, or without a
/// pack that only this one can read. In steps, so that a kill in the middle loses little. Returns of how
/// many records.
pub(crate) fn catch_up(store: &Store, catalogue: &Catalogue) -> Result<u64, Fail> {
    let mut done = 0;
    while let Some(records) = store.write(|tx| step(tx, catalogue))? {
        done += records;
    }
    Ok(done)
}

/// None if nothing is left to do.
fn step(tx: &Transaction<'_>, catalogue: &Catalogue) -> Result<Option<u64>, Fail> {
    let (stamp, made): (_, Made) = (catalogue.stamp(), meta::get(tx, "rows")?.unwrap_or_default());
    if made.by == stamp {
        return Ok(None);
    }
    let after = made.under_way.filter(|(by, _)| *by == stamp).map(|(_, doc)| doc);
    let docs = documents::after(tx, after, STEP)?;
    let (Some(last), Some(me)) = (docs.last(), identity::load(tx)?) else {
        if let Some(me) = identity::load(tx)? {
            foreseeing::anew(tx, catalogue, &me)?;
        }
        meta::set(tx, "rows", &Made { by: stamp, under_way: None })?;
        return Ok(None);
    };
    for doc in &docs {
        let document = match documents::load(tx, *doc) {
            // `verify` names it.
            Ok(None) | Err(Fail::Document(_)) => continue,
            document => document?.unwrap_or_default(),
        };
        // Of a kind that is not known (any more) the row stays as it was.
        if let Some((projection, conflicts)) = compute(tx, catalogue, &me, *doc, &document)? {
            records::put(tx, *doc, &projection, conflicts)?;
        }
    }
    meta::set(tx, "rows", &Made { by: made.by, under_way: Some((stamp, *last)) })?;
    Ok(Some(docs.len() as u64))
}

/// Notes that rows which were made with one catalogue follow from another one now.
pub(crate) fn follow(tx: &Transaction<'_>, old: &Catalogue, new: &Catalogue) -> Result<(), Fail> {
    let made: Made = meta::get(tx, "rows")?.unwrap_or_default();
    if made.by == old.stamp() {
        meta::set(tx, "rows", &Made { by: new.stamp(), under_way: None })?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::{Key, Rounds};
    use ed25519_dalek::SigningKey;
    use rounds_model::ids::{ActorId, DeviceId, PersonId, TeamId};
    use rounds_model::people::{Person, Role};
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_workflow::Bundle;
    use std::sync::Arc;

    const PACK: &str = r#"
id = "notes"
version = 1
title = { zh = "便条", en = "Notes" }
[kinds.note]
title = { zh = "便条", en = "Note" }
plural = { zh = "便条", en = "Notes" }
scope = "owner"
create = ["rep"]
initial = "open"
fields = [{ name = "text", type = "text", title = { zh = "内容", en = "Text" } }]
write = [{ stages = ["open"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.note.display]
title = { zh = "${text}", en = "${text}" }
[kinds.note.stages]
open = { title = { zh = "有效", en = "Open" } }
"#;

    fn note(n: u8) -> (DocId, Document) {
        let (doc, mut document) = (DocId([n; 16]), Document::new());
        let owner = PersonId([2; 16]).to_string();
        let values = [("@kind", "note".into()), ("@owner", owner.as_str().into()), ("@pack", 1.into())];
        let values = values.map(|(key, value)| (key.to_owned(), value));
        document.write(doc, ActorId([7; 16]), 1, &values).unwrap().unwrap();
        (doc, document)
    }

    /// Found by a critic: rows that an earlier app had made otherwise stayed as they were.
    #[test]
    fn after_an_upgrade_rows_are_made_anew_and_only_once() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let rounds = open();
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let answer =
            EnrolAnswer { device: DeviceId([4; 16]), token: String::new(), person, team, server_ms: 1 };
        let me = Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[1; 32]));
        let bundle = Bundle::new([("pack.toml", PACK.as_bytes().to_vec())]).unwrap().encode().unwrap();
        rounds
            .store
            .write(|tx| {
                meta::set(tx, "identity", &me)?;
                crate::store::roster::put_pack(tx, "notes", 1, &bundle)?;
                for (doc, document) in (1..=STEP as u8 + 5).map(note) {
                    documents::replace(tx, doc, &document)?;
                }
                documents::store_snapshot(tx, DocId([250; 16]), b"damaged")
            })
            .unwrap();
        drop(rounds);
        // The pack can be read now, as by an app that is new; the rows are made at the start.
        let rounds = open();
        let stage = |n: u8, is: &str| {
            let row = rounds.store.read(|db| records::get(db, DocId([n; 16]))).unwrap();
            assert_eq!(row.unwrap().projection.stage, is, "{n}");
        };
        let made: Made = rounds.store.read(|db| meta::get(db, "rows")).unwrap().unwrap();
        assert_eq!((made.under_way, made.by), (None, rounds.catalogue().stamp()));
        stage(1, "open");
        stage(205, "open");
        let found = rounds.verify().unwrap();
        assert_eq!((found.different.len(), found.damaged.len()), (0, 1));
        // Made by an earlier app, in another way, and stopped after the first step.
        let spoil = |by: &str, until: u8| {
            rounds.store.write(|tx| {
                for n in 1..=205 {
                    let mut row = records::get(tx, DocId([n; 16]))?.unwrap();
                    row.projection.stage = "old".into();
                    records::put(tx, row.doc, &row.projection, 0)?;
                }
                let under_way = (until > 0).then(|| (rounds.catalogue().stamp(), DocId([until; 16])));
                meta::set(tx, "rows", &Made { by: by.into(), under_way })
            })
        };
        spoil("0.0.9", 200).unwrap();
        assert_eq!(catch_up(&rounds.store, &rounds.catalogue()).unwrap(), 6);
        stage(200, "old");
        stage(201, "open");
        spoil("0.0.9", 0).unwrap();
        assert_eq!(catch_up(&rounds.store, &rounds.catalogue()).unwrap(), 206);
        assert_eq!(rounds.verify().unwrap().different, []);
        assert_eq!(catch_up(&rounds.store, &rounds.catalogue()).unwrap(), 0);
    }
}
