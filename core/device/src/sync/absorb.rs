//! Taking in an answer: receipts, news and cursors, all in one transaction, so that after any kill
//! the phone holds a state that the server once had.

use super::compose::Composed;
use crate::error::Fail;
use crate::identity;
use crate::platform::Platform;
use crate::projecting;
use crate::store::{acts, documents, from_column, meta, outbox, records, roster};
use rounds_model::act::SignedAct;
use rounds_model::document::Document;
use rounds_model::ids::{ChangeHash, DocId};
use rounds_model::people::Device;
use rounds_model::refusal::Refusal;
use rounds_model::time::{Anchor, Reading};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::exchange::{Answer, PullItem, PushItem, Receipt};
use rounds_workflow::{Bundle, Catalogue, Pack, Projection};
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What an answer changed, for a progress line.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Absorbed {
    /// Items that the server now has.
    pub sent: u64,
    /// Of these, the ones that it already had: an answer had been lost.
    pub duplicates: u64,
    /// Items that the server holds back.
    pub held: u64,
    /// New things taken in.
    pub received: u64,
    /// Own acts that were accepted.
    pub accepted: u64,
    /// Own acts that were blocked.
    pub blocked: u64,
}

/// Takes in an answer. Returns what changed and, if packs came, the new catalogue.
pub fn absorb(
    tx: &Transaction<'_>,
    catalogue: &Arc<Catalogue>,
    platform: &dyn Platform,
    composed: &Composed,
    answer: &Answer,
    at: Reading,
) -> Result<(Absorbed, Option<Arc<Catalogue>>), Fail> {
    let mut out = Absorbed::default();
    let me = &identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
    let mut dirty = BTreeSet::new();
    receipts(tx, platform, composed, answer, &mut out, &mut dirty)?;
    let packs = store_packs(tx, &answer.pull)?;
    let new = if packs { Some(Arc::new(load_catalogue(tx)?)) } else { None };
    let catalogue = new.as_ref().unwrap_or(catalogue);
    let fresh = snapshots(tx, &answer.pull, &mut dirty)?;
    changes(tx, &answer.pull, &mut dirty)?;
    news(tx, &answer.pull, &fresh, &mut out, &mut dirty)?;
    roster::put_cursors(tx, &answer.cursors)?;
    let anchor = Anchor { reading: at, server_ms: answer.server_ms };
    meta::set(tx, "anchor", &anchor)?;
    meta::set(tx, "synced", &anchor)?;
    out.received = answer.pull.len() as u64;
    if packs {
        projecting::rebuild(tx, catalogue, me)?;
    } else {
        for doc in dirty {
            if let Some(document) = documents::load(tx, doc)? {
                projecting::project(tx, catalogue, me, doc, &document)?;
            }
        }
    }
    Ok((out, new))
}

/// Loads every pack of the store.
pub fn load_catalogue(db: &rusqlite::Connection) -> Result<Catalogue, Fail> {
    let mut packs = Vec::new();
    for bytes in roster::packs(db)? {
        let bundle = Bundle::decode(&bytes).map_err(|_| Fail::BadPack("bundle".into()))?;
        packs.push(Pack::load(&bundle).map_err(|p| Fail::BadPack(first(&p)))?);
    }
    Catalogue::new(packs).map_err(|p| Fail::BadPack(first(&p)))
}

fn first(problems: &[rounds_workflow::Problem]) -> String {
    problems.first().map(|p| format!("{}:{} {}", p.file, p.line.unwrap_or(0), p.code)).unwrap_or_default()
}

fn receipts(
    tx: &Transaction<'_>,
    platform: &dyn Platform,
    composed: &Composed,
    answer: &Answer,
    out: &mut Absorbed,
    dirty: &mut BTreeSet<DocId>,
) -> Result<(), Fail> {
    if answer.receipts.len() != composed.sent.len() {
        return Err(Fail::BadAnswer("receipts do not match what was sent"));
    }
    let mut held: BTreeMap<DocId, HashSet<ChangeHash>> = BTreeMap::new();
    for (waiting, receipt) in composed.sent.iter().zip(&answer.receipts) {
        match receipt {
            Receipt::Stored(_) | Receipt::Duplicate(_) => {
                out.sent += 1;
                out.duplicates += u64::from(matches!(receipt, Receipt::Duplicate(_)));
                outbox::remove(tx, waiting.n)?;
            }
            Receipt::Held(refusal) => {
                out.held += 1;
                hold(
                    tx,
                    waiting.n,
                    waiting.doc,
                    &waiting.item.unpack().ok(),
                    refusal,
                    answer.server_ms,
                    &mut held,
                )?;
            }
        }
    }
    if held.is_empty() {
        return Ok(());
    }
    for (doc, hashes) in held {
        branch(tx, doc, hashes, answer.server_ms)?;
        dirty.insert(doc);
    }
    identity::new_pen(tx, platform)?;
    Ok(())
}

fn hold(
    tx: &Transaction<'_>,
    n: i64,
    doc: DocId,
    item: &Option<PushItem>,
    refusal: &Refusal,
    at_ms: i64,
    held: &mut BTreeMap<DocId, HashSet<ChangeHash>>,
) -> Result<(), Fail> {
    outbox::hold(tx, n, refusal, at_ms)?;
    match item {
        Some(PushItem::Edit(edit)) => {
            held.entry(doc).or_default().extend(edit.hash());
        }
        Some(PushItem::Act(signed)) => {
            if let Ok(act) = signed.read() {
                acts::remove_unruled(tx, act.id)?;
            }
        }
        None => {}
    }
    Ok(())
}

/// Takes held edits, and what was written on top of them and is still unsent, out of the record:
/// it shows the server's content again, and the held edits stay beside it.
fn branch(tx: &Transaction<'_>, doc: DocId, hashes: HashSet<ChangeHash>, at_ms: i64) -> Result<(), Fail> {
    let Some(document) = documents::load(tx, doc)? else { return Ok(()) };
    let trunk = document.without(&hashes)?;
    for (n, item) in outbox::of(tx, doc)? {
        let on_top = match &item {
            PushItem::Edit(edit) => edit.hash().is_none_or(|h| !trunk.has_all(&[h])),
            PushItem::Act(signed) => signed.read().map_or(true, |a| !trunk.has_all(&a.heads)),
        };
        if on_top {
            let refusal = builds_on_held();
            hold(tx, n, doc, &Some(item), &refusal, at_ms, &mut BTreeMap::new())?;
        }
    }
    documents::replace(tx, doc, &trunk)?;
    if trunk.is_empty() {
        records::remove(tx, doc)?;
    }
    Ok(())
}

fn builds_on_held() -> Refusal {
    let text = |key: &str| crate::error::messages().text(key, &[]);
    Refusal::new("builds-on-held", text("builds-on-held"), text("builds-on-held-remedy"))
}

fn store_packs(tx: &Transaction<'_>, pull: &[PullItem]) -> Result<bool, Fail> {
    let mut any = false;
    for item in pull {
        let PullItem::Pack { bundle } = item else { continue };
        let parsed = Bundle::decode(bundle).map_err(|_| Fail::BadPack("bundle".into()))?;
        let pack = Pack::load(&parsed).map_err(|p| Fail::BadPack(first(&p)))?;
        roster::put_pack(tx, &pack.id, pack.version, bundle)?;
        any = true;
    }
    Ok(any)
}

/// Stores new records as they come. Returns which; those need no projecting.
fn snapshots(
    tx: &Transaction<'_>,
    pull: &[PullItem],
    dirty: &mut BTreeSet<DocId>,
) -> Result<BTreeSet<DocId>, Fail> {
    let mut fresh = BTreeSet::new();
    for item in pull {
        let PullItem::Snapshot { doc, bytes, projection, conflicts } = item else { continue };
        if documents::exists(tx, *doc)? {
            // The phone has a part of it, perhaps with unsent work on top.
            let mut mine = documents::load(tx, *doc)?.unwrap_or_default();
            mine.merge(&Document::load(bytes)?)?;
            documents::replace(tx, *doc, &mine)?;
            dirty.insert(*doc);
        } else {
            documents::store_snapshot(tx, *doc, bytes)?;
            let read: Projection = from_column(projection)?;
            records::insert(tx, *doc, &read, projection, *conflicts)?;
            fresh.insert(*doc);
        }
    }
    Ok(fresh)
}

fn changes(tx: &Transaction<'_>, pull: &[PullItem], dirty: &mut BTreeSet<DocId>) -> Result<(), Fail> {
    let mut by_doc: BTreeMap<DocId, Vec<&[u8]>> = BTreeMap::new();
    for item in pull {
        if let PullItem::Change { doc, bytes } = item {
            by_doc.entry(*doc).or_default().push(bytes);
        }
    }
    for (doc, bytes) in by_doc {
        let mut document = documents::load(tx, doc)?.unwrap_or_default();
        let hashes = document.apply_bytes(bytes)?;
        documents::append(tx, doc, &document, &hashes)?;
        dirty.insert(doc);
    }
    Ok(())
}

fn news(
    tx: &Transaction<'_>,
    pull: &[PullItem],
    fresh: &BTreeSet<DocId>,
    out: &mut Absorbed,
    dirty: &mut BTreeSet<DocId>,
) -> Result<(), Fail> {
    for item in pull {
        match item {
            PullItem::Ruled { act, verdict } => {
                ruled(tx, act, verdict, out)?;
                if !fresh.contains(&verdict.doc) {
                    dirty.insert(verdict.doc);
                }
            }
            PullItem::Person(person) => roster::put_person(tx, person)?,
            PullItem::Device(device) => roster::put_device(tx, device)?,
            PullItem::Pen(pen) => roster::put_pen(tx, pen)?,
            PullItem::Change { .. } | PullItem::Snapshot { .. } | PullItem::Pack { .. } => {}
        }
    }
    Ok(())
}

/// Stores an act with its ruling, if the device that made it really signed it.
fn ruled(
    tx: &Transaction<'_>,
    signed: &SignedAct,
    verdict: &Verdict,
    out: &mut Absorbed,
) -> Result<(), Fail> {
    let act = signed.read().map_err(|_| Fail::BadAnswer("an act cannot be read"))?;
    let device: Device =
        roster::device(tx, act.device)?.ok_or(Fail::BadAnswer("an act of an unknown device"))?;
    let fits = act.person == device.person && act.id == verdict.act && act.doc == verdict.doc;
    if !fits || signed.verify(&device.key).is_err() {
        return Err(Fail::BadAnswer("an act that its device did not sign"));
    }
    let own = acts::get(tx, act.id)?.is_some_and(|known| known.verdict.is_none());
    acts::insert_ruled(tx, signed, verdict)?;
    if own {
        match verdict.outcome {
            Outcome::Accepted => out.accepted += 1,
            Outcome::Blocked(_) => out.blocked += 1,
        }
    }
    Ok(())
}
