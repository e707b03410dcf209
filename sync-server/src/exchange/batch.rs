//! The pushed items of one exchange, judged in order inside one transaction. What is accepted is
//! kept here and stored at the end, each record once.

use super::caller::{Author, Holds};
use super::damage::sparing;
use super::handing::Handed;
use super::moving::{Home, Mover};
use super::open::Open;
use super::rules::Rules;
use super::world::Histories;
use crate::error::{Error, Result};
use crate::evidence::looks;
use crate::storage::Write;
use crate::storage::log::{LogRow, What};
use crate::storage::records::{ActRow, EditKey, EditRow};
use crate::texts::{held, inadmissible};
use rounds_model::admit::Inadmissible;
use rounds_model::canonical::Malformed;
use rounds_model::ids::{ActId, ActorId, ChangeHash, DeviceId, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{Packed, PushItem, Receipt, RuledBefore};
use rounds_protocol::fault::Fault;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Items that are unpacked at a time: all of a push at once may weigh many times what was sent.
const UNPACKED: usize = 500;
/// What the records that are open at a time may come to, bytes of their edits and acts: a device can write
/// records that are nothing at rest and megabytes each to whoever opens them, and then name thousands.
const OPENED: u64 = 32 << 20;
/// What may be opened in all for the items of one transaction, bytes of edits and acts: a few kilobytes can name
/// thousands of heavy records.
const HEAVY: u64 = 64 << 20;

type Unpacked = std::result::Result<PushItem, Malformed>;

/// Items being judged.
pub struct Batch<'a> {
    pub(super) tx: &'a mut dyn Write,
    pub(super) rules: Arc<Rules>,
    pub(super) author: Author,
    pub(super) now_ms: i64,
    pub(super) open: HashMap<DocId, Open>,
    /// Documents that were looked for and are not there.
    pub(super) absent: BTreeSet<DocId>,
    /// Documents that are there and cannot be read.
    damaged: BTreeSet<DocId>,
    pub(super) edits: HashMap<EditKey, (ChangeHash, Seq)>,
    pub(super) actors: HashMap<ActorId, DeviceId>,
    pub(super) acts: HashMap<ActId, ActRow>,
    pub(super) persons: HashMap<PersonId, bool>,
    pub(super) histories: RefCell<Histories>,
    /// How acts were ruled before the server was put back, as their phone was told.
    pub(super) told: BTreeMap<ActId, RuledBefore>,
    /// Records with an act that waits for what it rests on.
    pub(super) stalled: BTreeSet<DocId>,
    /// The record that was written to last.
    pub(super) writing: Option<DocId>,
    /// Records whose projection or claims do not follow from their content any more.
    pub(super) dirty: BTreeSet<DocId>,
    /// Records that have left the place in the log where they were; some may be back.
    wandered: BTreeSet<DocId>,
    new_edits: Vec<EditRow>,
    new_acts: Vec<ActId>,
    new_actors: Vec<ActorId>,
    pub(super) handed: Handed,
    /// Of which of the items what would be held is handed over: their phone cannot keep it.
    parts: Box<dyn Fn(usize) -> bool>,
    log: Vec<LogRow>,
    /// What may be open at a time.
    room: u64,
    /// What was opened so far, and may be in all.
    opened: u64,
    most: u64,
    /// Some of what was accepted is stored already.
    stored: bool,
}

/// Why an item has no place in the log: it is held or handed over, or the whole exchange fails.
pub(super) enum Stop {
    Held(Box<Refusal>),
    /// Its author does not hold the record: it is kept for somebody to decide about.
    Taken(Box<Refusal>),
    Failed(Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Held(Box::new(refusal))
    }
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(e: E) -> Self {
        Stop::Failed(e.into())
    }
}

impl<'a> Batch<'a> {
    /// Nothing judged yet.
    pub fn new(tx: &'a mut dyn Write, rules: Arc<Rules>, author: Author, now_ms: i64) -> Self {
        Batch {
            tx,
            rules,
            author,
            now_ms,
            open: HashMap::new(),
            absent: BTreeSet::new(),
            damaged: BTreeSet::new(),
            edits: HashMap::new(),
            actors: HashMap::new(),
            acts: HashMap::new(),
            persons: HashMap::new(),
            histories: RefCell::default(),
            told: BTreeMap::new(),
            stalled: BTreeSet::new(),
            writing: None,
            dirty: BTreeSet::new(),
            wandered: BTreeSet::new(),
            new_edits: vec![],
            new_acts: vec![],
            new_actors: vec![],
            handed: Handed::default(),
            parts: Box::new(|_| false),
            log: vec![],
            room: OPENED,
            opened: 0,
            most: u64::MAX,
            stored: false,
        }
    }

    /// Takes what it would hold into the queue, of those items, by their places, of which it is so: the phone that
    /// sends one holds its record no more, or is to forget everything, and could do nothing about it.
    #[must_use]
    pub fn parting(mut self, parts: impl Fn(usize) -> bool + 'static) -> Self {
        let all = matches!(self.author.holds, Holds::Nothing);
        self.parts = Box::new(move |n| all || parts(n));
        self
    }

    /// Fails when more has to be opened for these items in all than a team can wait for. One item is always taken.
    #[must_use]
    pub fn opening_for(mut self, items: &[Packed]) -> Self {
        self.most = if items.len() > 1 { HEAVY } else { u64::MAX };
        self
    }

    /// With another bound for what is opened in all.
    #[cfg(test)]
    pub fn opening_at_most(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    /// With what the phone was told of its acts before the server was put back to a backup.
    #[must_use]
    pub fn remembering(mut self, told: &BTreeMap<ActId, RuledBefore>) -> Self {
        self.told.clone_from(told);
        self
    }

    /// With less room for open records.
    #[cfg(test)]
    pub fn with_room(mut self, room: u64) -> Self {
        self.room = room;
        self
    }

    /// Judges items, oldest first. An item that cannot be accepted is held by itself.
    pub fn push(&mut self, items: &[Packed]) -> Result<Vec<Receipt>> {
        self.fetch_handed(items)?;
        let mut receipts = Vec::with_capacity(items.len());
        for items in items.chunks(UNPACKED) {
            let mut unpacked: Vec<_> = items.iter().map(Packed::unpack).collect();
            let weights = self.weigh(&unpacked)?;
            let mut items = items.iter();
            while !unpacked.is_empty() {
                let fits = self.make_room(&unpacked, &weights)?;
                let rest = unpacked.split_off(fits.clamp(1, unpacked.len()));
                self.fetch(&unpacked, &weights)?;
                // This way round: the other would take an item too many.
                for (unpacked, item) in unpacked.into_iter().zip(items.by_ref()) {
                    let parts = (self.parts)(receipts.len());
                    receipts.push(self.take(item, unpacked, parts)?);
                }
                unpacked = rest;
            }
        }
        Ok(receipts)
    }

    /// What it costs to open the records that these items are about. What the items themselves add to one is
    /// no more than they weigh.
    fn weigh(&self, items: &[Unpacked]) -> Result<HashMap<DocId, u64>> {
        let docs: BTreeSet<_> = items.iter().filter_map(about).collect();
        Ok(self.tx.weights(&docs.into_iter().collect::<Vec<_>>())?.into_iter().collect())
    }

    /// How many of these items can be judged with their records all open, at least one. What is open is
    /// stored and let go for it if need be.
    fn make_room(&mut self, items: &[Unpacked], weights: &HashMap<DocId, u64>) -> Result<usize> {
        let mut sum: u64 = self.open.values().map(|open| open.plain.saturating_add(open.act_bytes)).sum();
        let mut counted = BTreeSet::new();
        for (n, item) in items.iter().enumerate() {
            let new = about(item).filter(|doc| !self.open.contains_key(doc) && counted.insert(*doc));
            let Some(weight) = new.and_then(|doc| weights.get(&doc)) else { continue };
            sum = sum.saturating_add(*weight);
            if sum > self.room {
                if n > 0 {
                    return Ok(n);
                }
                self.put_away()?;
                sum = *weight;
            }
        }
        Ok(items.len())
    }

    fn take(&mut self, item: &Packed, unpacked: Unpacked, parts: bool) -> Result<Receipt> {
        if let Some(receipt) = self.handed.receipt(item) {
            return Ok(receipt);
        }
        let taken = match unpacked {
            Ok(PushItem::Edit(edit)) => self.take_edit(&edit),
            Ok(PushItem::Act(act)) => self.take_act(act),
            Err(Malformed::TooMany) => Err(inadmissible(Inadmissible::OutOfBounds).into()),
            Err(Malformed::Structure) => Err(held("item-malformed").into()),
        };
        match taken {
            Ok(receipt) => Ok(receipt),
            Err(Stop::Held(refusal)) if !parts => Ok(Receipt::Held(*refusal)),
            Err(Stop::Held(refusal) | Stop::Taken(refusal)) => self.hand_over(item, *refusal),
            Err(Stop::Failed(e)) => Err(e),
        }
    }

    /// Reads everything that the items name, each table once.
    fn fetch(&mut self, items: &[Unpacked], weights: &HashMap<DocId, u64>) -> Result<()> {
        let (mut docs, mut keys, mut actors, mut acts) = (BTreeSet::new(), vec![], BTreeSet::new(), vec![]);
        for item in items.iter().flatten() {
            match item {
                PushItem::Edit(edit) => {
                    docs.insert(edit.doc);
                    actors.insert(edit.actor);
                    keys.push(EditKey { doc: edit.doc, actor: edit.actor, number: edit.seq });
                }
                PushItem::Act(signed) => {
                    if let Ok(act) = signed.read() {
                        docs.insert(act.doc);
                        acts.push((act.id, act.doc));
                    }
                }
            }
        }
        let actors: Vec<_> = actors.into_iter().collect();
        self.actors.extend(self.tx.actors(&actors)?);
        let mut damaged = vec![];
        let edits = sparing(&keys, |keys| self.tx.edits(keys), |key| damaged.push(key.doc))?;
        let acts =
            sparing(&acts, |ids: &[(ActId, DocId)]| self.acts_named(ids), |(_, doc)| damaged.push(doc))?;
        self.edits.extend(edits.into_iter().map(|row| (row.key, (row.hash, row.seq))));
        self.acts.extend(acts.into_iter().map(|row| (row.act, row)));
        self.damaged.extend(damaged);
        docs.retain(|doc| !self.open.contains_key(doc) && !self.absent.contains(doc));
        let weights = docs.iter().filter_map(|doc| weights.get(doc));
        self.opened = weights.fold(self.opened, |sum, weight| sum.saturating_add(*weight));
        if self.opened > self.most {
            return Err(Fault::PushTooHeavy.into());
        }
        self.fetch_docs(docs.into_iter().collect())
    }

    fn acts_named(&self, named: &[(ActId, DocId)]) -> Result<Vec<ActRow>> {
        let ids: Vec<_> = named.iter().map(|(id, _)| *id).collect();
        self.tx.acts(&ids)
    }

    /// One record that cannot be read stops no other: its items are held.
    fn fetch_docs(&mut self, docs: Vec<DocId>) -> Result<()> {
        match self.open_docs(&docs) {
            Err(e) if e.is_damage() => {}
            done => return done,
        }
        for doc in docs {
            match self.open_docs(&[doc]) {
                Err(e) if e.is_damage() => {
                    tracing::error!(record = %doc, "a stored record is damaged");
                    self.damaged.insert(doc);
                }
                done => done?,
            }
        }
        Ok(())
    }

    fn open_docs(&mut self, docs: &[DocId]) -> Result<()> {
        let rows = self.tx.documents(docs)?;
        let known: Vec<_> = rows.iter().map(|row| row.doc).collect();
        self.absent.extend(docs.iter().copied());
        let records: HashMap<_, _> = self.tx.records(&known)?.into_iter().map(|row| (row.doc, row)).collect();
        let mut acts: BTreeMap<DocId, Vec<ActRow>> = BTreeMap::new();
        for row in self.tx.acts_of(&known)? {
            acts.entry(row.doc).or_default().push(row);
        }
        for row in rows {
            let Some(record) = records.get(&row.doc) else {
                return Err(Error::StorageDamaged("a record is missing".into()));
            };
            let acts = acts.remove(&row.doc).unwrap_or_default();
            self.absent.remove(&row.doc);
            self.open.insert(row.doc, Open::stored(&row, record, &acts)?);
        }
        Ok(())
    }

    /// Brings every projection up to its content and stores its claims: before anything is ruled
    /// that may ask about other records, and before the end.
    pub(super) fn settle(&mut self) -> Result<()> {
        for doc in std::mem::take(&mut self.dirty) {
            self.settle_one(doc)?;
        }
        Ok(())
    }

    /// The same for one record.
    pub(super) fn settle_one(&mut self, doc: DocId) -> Result<()> {
        let Some(open) = self.open.get_mut(&doc) else { return Ok(()) };
        open.project(&self.rules)?;
        if !open.claimed {
            self.tx.put_claims(open.doc, &open.projection.claims)?;
            open.claimed = true;
        }
        self.dirty.remove(&doc);
        if open.home != Home::of(&open.projection) {
            self.wandered.insert(doc);
        }
        Ok(())
    }

    /// Moves the records whose projections belong elsewhere in the log than where their rows are: once
    /// for all that the batch has made of them, because nobody has seen where they were in between.
    fn relocate(&mut self) -> Result<()> {
        let wandered = std::mem::take(&mut self.wandered);
        if wandered.is_empty() {
            return Ok(());
        }
        // What this batch has accepted is not stored yet.
        let (of_wanderers, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.log)
            .into_iter()
            .partition(|row| row.what.is_of_record() && row.doc.is_some_and(|doc| wandered.contains(&doc)));
        self.log = rest;
        let mut stay = BTreeMap::new();
        for doc in wandered {
            let Some(open) = self.open.get_mut(&doc) else { continue };
            let to = Home::of(&open.projection);
            if open.home == to {
                stay.insert(doc, to.scope);
                continue;
            }
            let from = std::mem::replace(&mut open.home, to.clone());
            let mover = Mover {
                doc,
                first: open.first_seq,
                history: &open.history,
                plain: open.plain,
                acts: open.act_bytes,
            };
            let (rows, arrival) = mover.go(self.tx, &from, &to)?;
            (open.first_seq, open.last_seq, open.changed) = (arrival, arrival, true);
            self.log.extend(rows);
        }
        // It went and came back: its rows belong where it was all the time.
        let back = of_wanderers.into_iter().filter_map(|row| {
            let scope = stay.get(&row.doc?)?.clone();
            Some(LogRow { scope, ..row })
        });
        self.log.extend(back);
        Ok(())
    }

    pub(super) fn push_log(&mut self, row: LogRow) {
        self.log.push(row);
    }

    pub(super) fn log_edit(&mut self, row: EditRow, scope: Scope, bytes: usize) {
        self.edits.insert(row.key, (row.hash, row.seq));
        let reference = row.hash.0.to_vec();
        self.log_row(row.seq, scope, What::Edit, Some(row.key.doc), reference, bytes);
        self.new_edits.push(row);
    }

    pub(super) fn log_act(&mut self, row: ActRow, scope: Scope) {
        let bytes = usize::try_from(row.weight()).unwrap_or(usize::MAX);
        self.log_row(row.seq, scope, What::Act, Some(row.doc), row.act.0.to_vec(), bytes);
        self.new_acts.push(row.act);
        self.acts.insert(row.act, row);
    }

    /// Binds an actor to the author's device for ever, and tells the team whose it is.
    pub(super) fn bind(&mut self, actor: ActorId) {
        if self.actors.insert(actor, self.author.device).is_none() {
            let seq = self.tx.next_seq();
            self.log_row(seq, Scope::Team, What::Pen, None, actor.0.to_vec(), 150);
            self.new_actors.push(actor);
        }
    }

    fn log_row(
        &mut self,
        seq: Seq,
        scope: Scope,
        what: What,
        doc: Option<DocId>,
        reference: Vec<u8>,
        bytes: usize,
    ) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.log.push(LogRow { seq, scope, what, doc, reference, bytes });
    }

    /// Hands everything that was accepted to the transaction.
    pub fn store(mut self) -> Result<()> {
        self.put_away()
    }

    /// The same, and goes on with nothing open: what comes next finds it in the transaction.
    fn put_away(&mut self) -> Result<()> {
        self.settle()?;
        self.relocate()?;
        let (device, person) = (self.author.device, self.author.person.id);
        let sent = looks::Sent { device, person, at_ms: self.now_ms };
        for open in self.open.values().filter(|open| open.changed) {
            let about = &open.projection;
            let kind = self.rules.catalogue.kind_at(&about.kind, about.pack);
            looks::note(&mut *self.tx, kind, open.doc, about, sent)?;
        }
        let mut changed: Vec<&Open> = self.open.values().filter(|open| open.changed).collect();
        changed.sort_by_key(|open| open.doc);
        let documents: Vec<_> = changed.iter().map(|open| open.document_row()).collect();
        let records = changed.iter().map(|open| open.record_row()).collect::<Result<Vec<_>>>()?;
        let acts: Vec<_> = self.new_acts.iter().filter_map(|id| self.acts.get(id).cloned()).collect();
        self.tx.bind_actors(self.author.device, &std::mem::take(&mut self.new_actors))?;
        self.tx.put_documents(&documents)?;
        self.tx.put_edits(&std::mem::take(&mut self.new_edits))?;
        self.tx.put_acts(&acts)?;
        self.tx.put_records(&records)?;
        self.stored |= !self.log.is_empty();
        self.tx.put_log(&std::mem::take(&mut self.log))?;
        self.new_acts.clear();
        (self.open, self.acts, self.edits) = (HashMap::new(), HashMap::new(), HashMap::new());
        (self.absent, self.writing) = (BTreeSet::new(), None);
        self.histories.take();
        Ok(())
    }

    /// Holds what is about a record that cannot be read.
    pub(super) fn check_readable(&self, doc: DocId) -> Result<(), Stop> {
        if self.damaged.contains(&doc) { Err(held("record-damaged").into()) } else { Ok(()) }
    }

    /// True if nothing was accepted.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty() && !self.stored
    }
}

/// The record that an item is about.
fn about(item: &Unpacked) -> Option<DocId> {
    match item.as_ref().ok()? {
        PushItem::Edit(edit) => Some(edit.doc),
        PushItem::Act(signed) => signed.read().ok().map(|act| act.doc),
    }
}
