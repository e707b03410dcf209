//! One page of what is new for a device.
//!
//! A page ends at a place of the log, and what it brings is the state of the device's scopes at
//! that place: a record that is new to the device and has nothing after that place comes whole,
//! every other record comes as its changes up to there or, if there are very many, whole as it was there. The end moves back until the page fits, so
//! sizes are known (from the log and the marks) before anything large is loaded.
//!
//! A record that came into a scope later than it was made, or that was removed, has one row there
//! in the place of everything before (see [`super::moving`]). It is read like a new record; where the
//! page ends before the record's newest row, as the record was when it came.
//!
//! Packs are state too, and one state of all of them: they link to each other, so that a phone with
//! some of them could load none. A page with any row of a pack begins with the newest version of
//! every pack that came after the device's place in the log, whatever the bounds: it has the others.

use super::damage::sparing;
use super::plan::{Plan, Step};
use crate::error::{Error, Result};
use crate::storage::Read;
use crate::storage::log::{LogRow, What};
use crate::storage::records::{ActRow, DocumentMark};
use rounds_model::act::SignedAct;
use rounds_model::document::Document;
use rounds_model::ids::{ActId, ActorId, ChangeHash, DeviceId, DocId, PersonId, Seq};
use rounds_model::people::{Device, Pen};
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{Cursors, Handed, PullItem, Request, Wanted};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The most items of an answer.
const ITEMS: usize = 5_000;
/// The most bytes of an answer, if it has more than one item.
const BYTES: u64 = 4 << 20;

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// What is new, in the order of the log; packs before everything.
    pub items: Vec<PullItem>,
    /// Where the device stands when it has stored them.
    pub cursors: Cursors,
    /// There is more.
    pub more: bool,
}

/// The next page for a device that holds these scopes. The edits at the places `own` were pushed
/// in this exchange and are not sent back.
pub fn pull(
    view: &dyn Read,
    scopes: &BTreeSet<Scope>,
    request: &Request,
    own: &BTreeSet<Seq>,
) -> Result<Page> {
    let at = |scope: &Scope| request.cursors.get(scope).copied().unwrap_or_default();
    let cursors: Vec<_> = scopes.iter().map(|scope| (scope.clone(), at(scope))).collect();
    let items = usize::try_from(request.take.items).unwrap_or(ITEMS).clamp(1, ITEMS);
    let bytes = u64::from(request.take.bytes).min(BYTES);
    // One more than fits tells whether there is more.
    let mut rows = view.log(&cursors, items + 1)?;
    let mut more = rows.len() > items;
    rows.truncate(items);
    let after: HashMap<_, _> = cursors.into_iter().collect();
    let told = rows.iter().filter(|row| row.what != What::Edit || !own.contains(&row.seq));
    let (marks, unmarked) = marks(view, told)?;
    let mut packs = if rows.iter().any(|row| row.what == What::Pack) { view.packs()? } else { vec![] };
    let seen = after.get(&Scope::Team).copied().unwrap_or_default();
    packs.retain(|pack| pack.seq > seen);
    let heavy = packs.iter().map(|pack| pack.bundle.len() as u64).sum();
    let mut plan = Plan::new(&rows, &marks, &after, own, heavy);
    while let Some(fits) = plan.overflow(bytes, items as u64) {
        rows.truncate(fits);
        more = true;
        plan = Plan::new(&rows, &marks, &after, own, heavy);
    }
    let head = view.head()?;
    let end = rows.last().filter(|_| more).map_or(head, |row| row.seq);
    let mut out = vec![];
    if plan.has(Step::Packs) {
        out.extend(packs.into_iter().map(|pack| PullItem::Pack { bundle: pack.bundle }));
    }
    out.extend(Loader::load(view, &rows, &plan, (scopes, request.device), unmarked)?);
    // A scope may be ahead of this page's end.
    let cursors = after.into_iter().map(|(scope, seq)| (scope, seq.max(end))).collect();
    Ok(Page { items: out, cursors, more })
}

/// The most bytes of earlier packs in one answer, if it has more than one.
const EARLIER: usize = 8 << 20;

/// Earlier versions of packs that a phone asked for, as far as the server has them.
pub fn earlier(view: &dyn Read, wanted: &[Wanted]) -> Result<Vec<PullItem>> {
    if wanted.is_empty() {
        return Ok(vec![]);
    }
    let mut bytes = 0;
    let mut items = vec![];
    for one in wanted {
        let Some(row) = view.pack(&one.pack, one.version)? else { continue };
        bytes += row.bundle.len();
        if items.is_empty() || bytes <= EARLIER {
            items.push(PullItem::Pack { bundle: row.bundle });
        }
    }
    Ok(items)
}

/// The rulings on these acts, as far as this device made them: their author is told also when the
/// record is out of their sight. Of the record they get nothing.
pub fn rulings(view: &dyn Read, device: DeviceId, acts: &[ActId]) -> Result<Vec<PullItem>> {
    if acts.is_empty() {
        return Ok(vec![]);
    }
    let rows = sparing(acts, |ids| view.acts(ids), |_| {})?;
    Ok(rows.into_iter().filter(|row| row.device == device).map(ruled).collect())
}

/// These records as they are, as far as the device holds them: it could not read them any more.
pub fn whole(view: &dyn Read, scopes: &BTreeSet<Scope>, docs: &[DocId]) -> Result<Vec<PullItem>> {
    let (mut damaged, mut out, mut bytes) = (vec![], vec![], 0);
    let marks = sparing(docs, |docs| view.marks(docs), |_| {})?;
    for mark in marks.iter().filter(|mark| scopes.contains(&mark.scope)) {
        bytes += mark.bytes;
        if bytes > BYTES && !out.is_empty() {
            break;
        }
        let document = sparing(&[mark.doc], |docs| view.documents(docs), |doc| damaged.push(doc))?.pop();
        let record = sparing(&[mark.doc], |docs| view.records(docs), |doc| damaged.push(doc))?.pop();
        let (Some(document), Some(record)) = (document, record) else { continue };
        if record.removed {
            continue;
        }
        if Document::is_intact(&document.snapshot, &document.heads) {
            let (doc, bytes) = (mark.doc, document.snapshot);
            let (projection, conflicts) = (record.projection, record.conflicts);
            out.push(PullItem::Snapshot { doc, bytes, projection, conflicts });
        } else {
            damaged.push(mark.doc);
        }
    }
    out.extend(damaged.into_iter().map(|doc| PullItem::Damaged { doc }));
    Ok(out)
}

/// What is known of the records of these rows, and which of them cannot be read. What a push brought is not
/// sent back, so that nothing has to be known of it.
fn marks<'a>(
    view: &dyn Read,
    rows: impl Iterator<Item = &'a LogRow>,
) -> Result<(HashMap<DocId, DocumentMark>, Vec<DocId>)> {
    let docs: BTreeSet<_> = rows.filter_map(|row| row.doc).collect();
    let docs: Vec<_> = docs.into_iter().collect();
    let mut damaged = vec![];
    let marks = sparing(&docs, |docs| view.marks(docs), |doc| damaged.push(doc))?;
    Ok((marks.into_iter().map(|mark| (mark.doc, mark)).collect(), damaged))
}

/// Everything that a page needs, read in a few questions.
struct Loader<'a> {
    view: &'a dyn Read,
    scopes: &'a BTreeSet<Scope>,
    device: DeviceId,
    documents: HashMap<DocId, Vec<u8>>,
    parsed: HashMap<DocId, Document>,
    projections: HashMap<DocId, (Vec<u8>, u32)>,
    acts: HashMap<ActId, ActRow>,
    /// The acts of the records that arrive on this page.
    brought: HashMap<DocId, Vec<ActRow>>,
    told: HashSet<PersonId>,
    /// Records whose content is not what was stored, and whether the page says so already.
    damaged: HashMap<DocId, bool>,
}

impl<'a> Loader<'a> {
    fn load(
        view: &'a dyn Read,
        rows: &[LogRow],
        plan: &Plan,
        (scopes, device): (&'a BTreeSet<Scope>, DeviceId),
        unmarked: Vec<DocId>,
    ) -> Result<Vec<PullItem>> {
        let steps = || rows.iter().zip(plan.steps());
        let docs = |wanted: &[Step]| -> Vec<DocId> {
            let docs = steps().filter(|(_, step)| wanted.contains(step)).filter_map(|(row, _)| row.doc);
            docs.collect::<BTreeSet<_>>().into_iter().collect()
        };
        // One whose reference is none is told when its turn comes.
        let acts = rows.iter().filter(|row| matches!(row.what, What::Act | What::Removed));
        let acts: Vec<_> = acts.filter_map(|row| ActId::from_slice(&row.reference).ok()).collect();
        let mut damaged: HashMap<DocId, bool> = unmarked.into_iter().map(|doc| (doc, false)).collect();
        let mut note = |doc| {
            damaged.insert(doc, false);
        };
        let whole: Vec<DocId> = docs(&[Step::Whole]);
        let records = sparing(&whole, |docs| view.records(docs), &mut note)?.into_iter();
        let arrived = steps().filter(|(row, _)| row.what == What::Arrived).filter_map(|(row, _)| row.doc);
        let arrived: Vec<_> = arrived.collect();
        let mut brought: HashMap<DocId, Vec<ActRow>> = HashMap::new();
        for act in sparing(&arrived, |docs| view.acts_of(docs), &mut note)? {
            brought.entry(act.doc).or_default().push(act);
        }
        let acts = sparing(&acts, |ids| view.acts(ids), |_| {})?;
        let mut loader = Loader {
            view,
            scopes,
            device,
            brought,
            documents: HashMap::new(),
            damaged,
            parsed: HashMap::new(),
            projections: records.map(|row| (row.doc, (row.projection, row.conflicts))).collect(),
            acts: acts.into_iter().map(|row| (row.act, row)).collect(),
            told: HashSet::new(),
        };
        loader.read_documents(&docs(&[Step::Whole, Step::Change, Step::Earlier]))?;
        let mut items = vec![];
        for (row, step) in steps() {
            match loader.step(row, step) {
                Ok(item) => items.extend(item),
                // One record, or one row of nobody's, keeps none of the others from their phones.
                Err(e) if e.is_damage() => {
                    tracing::error!(place = row.seq.0, error = %e, "a row of the log cannot be told");
                    if let Some(doc) = row.doc {
                        loader.damaged.entry(doc).or_insert(false);
                    }
                    items.extend(loader.tell_damage(row));
                }
                Err(e) => return Err(e),
            }
            if row.what == What::Arrived {
                items.extend(loader.bring(row));
            }
        }
        Ok(items)
    }

    fn step(&mut self, row: &LogRow, step: Step) -> Result<Option<PullItem>> {
        Ok(match step {
            Step::Whole | Step::Change | Step::Earlier if self.is_damaged(row) => self.tell_damage(row),
            Step::Nothing | Step::Packs => None,
            Step::Whole => Some(self.whole(row)?),
            Step::Change => Some(self.change(row)?),
            Step::Earlier => Some(self.earlier(row)?),
            Step::Other => self.other(row)?,
        })
    }

    /// A record that cannot be read keeps none of the others from their phones.
    fn read_documents(&mut self, docs: &[DocId]) -> Result<()> {
        let mut damaged = vec![];
        let rows = sparing(docs, |docs| self.view.documents(docs), |doc| damaged.push(doc))?;
        for row in rows {
            if Document::is_intact(&row.snapshot, &row.heads) {
                self.documents.insert(row.doc, row.snapshot);
            } else {
                damaged.push(row.doc);
            }
        }
        damaged.into_iter().for_each(|doc| self.note_damage(doc));
        Ok(())
    }

    fn note_damage(&mut self, doc: DocId) {
        tracing::error!(record = %doc, "a stored record is damaged; phones get the others");
        self.damaged.insert(doc, false);
    }

    fn is_damaged(&self, row: &LogRow) -> bool {
        row.doc.is_some_and(|doc| self.damaged.contains_key(&doc))
    }

    /// Said once on a page.
    fn tell_damage(&mut self, row: &LogRow) -> Option<PullItem> {
        let doc = row.doc?;
        let told = self.damaged.get_mut(&doc)?;
        (!std::mem::replace(told, true)).then_some(PullItem::Damaged { doc })
    }

    fn whole(&mut self, row: &LogRow) -> Result<PullItem> {
        let found = row.doc.and_then(|doc| {
            let (projection, conflicts) = self.projections.remove(&doc)?;
            Some(PullItem::Snapshot { doc, bytes: self.documents.remove(&doc)?, projection, conflicts })
        });
        found.ok_or_else(|| missing("a record"))
    }

    fn change(&mut self, row: &LogRow) -> Result<PullItem> {
        let hash = ChangeHash::from_slice(&row.reference)?;
        let (doc, document) = self.parsed(row)?;
        let bytes = document.change_bytes(&hash);
        Ok(PullItem::Change { doc, bytes: bytes.ok_or_else(|| missing("a change"))? })
    }

    /// A record without what was written to it after it came into the scope.
    fn earlier(&mut self, row: &LogRow) -> Result<PullItem> {
        let doc = row.doc.ok_or_else(|| missing("a record"))?;
        let edits = self.view.edits_of(doc)?.into_iter();
        let later: HashSet<_> = edits.filter(|edit| edit.seq > row.seq).map(|edit| edit.hash).collect();
        let (doc, document) = self.parsed(row)?;
        Ok(PullItem::Earlier { doc, bytes: document.without(&later)?.save() })
    }

    /// The acts that an arriving record had before it came; the later ones have rows of their own.
    fn bring(&mut self, row: &LogRow) -> Vec<PullItem> {
        let acts = row.doc.and_then(|doc| self.brought.remove(&doc)).unwrap_or_default();
        acts.into_iter().filter(|act| act.seq < row.seq).map(ruled).collect()
    }

    fn parsed(&mut self, row: &LogRow) -> Result<(DocId, &Document)> {
        let doc = row.doc.ok_or_else(|| missing("a record"))?;
        let document = match self.parsed.entry(doc) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let snapshot = self.documents.get(&doc).ok_or_else(|| missing("a document"))?;
                new.insert(Document::load(snapshot)?)
            }
        };
        Ok((doc, document))
    }

    fn other(&mut self, row: &LogRow) -> Result<Option<PullItem>> {
        Ok(match row.what {
            What::Edit | What::Arrived | What::Pack => None,
            What::Act => Some(ruled(self.act(row)?)),
            What::Left => row.doc.map(|doc| PullItem::Left { doc }),
            What::Removed => {
                let by = self.act(row)?;
                let act = SignedAct { body: by.body, signature: by.signature };
                let (doc, scope, verdict) = (by.doc, row.scope.clone(), Box::new(by.verdict));
                Some(PullItem::Removed { doc, scope, act, verdict })
            }
            What::Holding => self.handed(row)?,
            What::Access if self.is_own(row)? => access(row),
            What::Leader if self.is_own(row)? => leader(row),
            What::Access | What::Leader => None,
            What::Person => {
                // As they are now: the first mention on the page says it all.
                let id = PersonId::from_slice(&row.reference)?;
                let person = if self.told.insert(id) { self.view.person(id)? } else { None };
                person.map(PullItem::Person)
            }
            What::Device => {
                let found = self.view.device(DeviceId::from_slice(&row.reference)?)?;
                found.map(|d| {
                    PullItem::Device(Device { id: d.device, name: d.name, person: d.person, key: d.key })
                })
            }
            What::Pen => self.pen(ActorId::from_slice(&row.reference)?)?.map(PullItem::Pen),
        })
    }

    /// Whether a row is in the log of the device's own person. Whoever leads them reads it too, and is not the one
    /// whom it tells that somebody leads them, or that they see an area.
    fn is_own(&self, row: &LogRow) -> Result<bool> {
        let device = self.view.device(self.device)?;
        Ok(device.is_some_and(|device| row.scope == Scope::Person(device.person)))
    }

    fn act(&self, row: &LogRow) -> Result<ActRow> {
        let id = ActId::from_slice(&row.reference)?;
        self.acts.get(&id).cloned().ok_or_else(|| missing("an act"))
    }

    /// Work that was handed over, as it is now: told to whoever holds the record, and to its author.
    fn handed(&self, row: &LogRow) -> Result<Option<PullItem>> {
        let number = row.reference.as_slice().try_into().map_or(0, u64::from_be_bytes);
        let Some(row) = self.view.holding(Seq(number))? else { return Ok(None) };
        let known = self.view.marks(&[row.doc])?;
        let own = self.scopes.contains(&Scope::Person(row.person));
        if !own && !known.iter().any(|mark| self.scopes.contains(&mark.scope)) {
            return Ok(None);
        }
        let (number, device, person, doc) = (row.number, row.device, row.person, row.doc);
        let (hash, refusal, at_ms, decision) = (row.hash, row.refusal, row.received, row.decision);
        let handed = Handed { number, device, person, doc, hash, refusal, at_ms, decision };
        Ok(Some(PullItem::Handed(Box::new(handed))))
    }

    fn pen(&self, actor: ActorId) -> Result<Option<Pen>> {
        let bound = self.view.actors(&[actor])?;
        let Some((_, device)) = bound.first() else { return Ok(None) };
        let Some(device) = self.view.device(*device)? else { return Ok(None) };
        let Some(person) = self.view.person(device.person)? else { return Ok(None) };
        Ok(Some(Pen {
            actor,
            device: device.device,
            device_name: device.name,
            person: person.id,
            person_name: person.name,
        }))
    }
}

fn ruled(row: ActRow) -> PullItem {
    let act = SignedAct { body: row.body, signature: row.signature };
    PullItem::Ruled { act, verdict: Box::new(row.verdict) }
}

fn access(row: &LogRow) -> Option<PullItem> {
    let (granted, rest) = row.reference.split_first()?;
    let (at_ms, scope) = rest.split_first_chunk()?;
    let scope = std::str::from_utf8(scope).ok()?.parse().ok()?;
    Some(PullItem::Access { scope, granted: *granted == 1, at_ms: i64::from_be_bytes(*at_ms) })
}

fn leader(row: &LogRow) -> Option<PullItem> {
    let (leads, rest) = row.reference.split_first()?;
    let (at_ms, person) = rest.split_first_chunk()?;
    let person = PersonId::from_slice(person).ok()?;
    Some(PullItem::Leader { person, leads: *leads == 1, at_ms: i64::from_be_bytes(*at_ms) })
}

fn missing(what: &str) -> Error {
    Error::StorageDamaged(format!("{what} of the log is missing"))
}
