//! One record's content: a flat map from answer keys to scalars, kept by automerge.
//!
//! Flat, because then nothing has to be created before it can be filled: two phones that fill the
//! same repeat never make two containers of which one hides the other's answers, and an edit has
//! no object that could be wrong. A repeat's answers have keys with the instance's random id in
//! them (`sku/<instance>/price`), its order is `sku/<instance>/@ord`, its removal the flag
//! `sku/<instance>/@del`. Values are scalar strings, never automerge Text: an answer is replaced
//! as a whole, and two answers to one question stay two.
//!
//! Opening costs 20–40 µs for a record with a dozen answers, so nothing caches open documents
//! except a phone for the one that is being filled.

use crate::edit::{Edit, OpId, Put, Spent, spent_in, to_actor};
use crate::ids::{ActorId, ChangeHash, DocId};
use crate::scalar::Scalar;
use crate::seed::{NO_DOC, Seed};
use automerge::{Automerge, Change, ObjId, ROOT, ReadDoc, ScalarValue, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;
use thiserror::Error;

/// What automerge begins everything with that it saves; an edit is a CBOR list of eight.
const AUTOMERGE: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// What cannot be done with a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// Stored bytes that are no document: a damaged file.
    #[error("stored content is damaged: {0}")]
    Damaged(String),
    /// An edit of our own that is beyond the limits of an edit.
    #[error("the change is too large")]
    TooLarge,
}

/// One of the values of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The value.
    pub value: Scalar,
    /// The put that wrote it.
    pub op: OpId,
    /// When, Unix seconds, as the author's device knew it.
    pub at: i64,
}

/// A key with more than one value: two people wrote without seeing each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The answer key.
    pub key: String,
    /// Every value; the last one is what the record shows until someone chooses.
    pub versions: Vec<Version>,
}

/// One edit in a document's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its hash.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: ActorId,
    /// That actor's count.
    pub seq: u64,
    /// The counter of its first put; each put has the next.
    pub start_op: u64,
    /// When, Unix seconds.
    pub at: i64,
    /// What it wrote.
    pub puts: Vec<Put>,
    /// How long its author was at which question.
    pub spent: Vec<Spent>,
}

/// The content of one record.
#[derive(Clone, Default)]
pub struct Document {
    /// All of it, as long as it is one edit.
    seed: Option<Box<Seed>>,
    /// What automerge makes of it; of a seed, once that is asked for.
    am: OnceLock<Automerge>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Document::default()
    }

    /// From bytes that this very installation, or its server, saved. Never from a phone.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        if !bytes.starts_with(&AUTOMERGE) {
            return Seed::load(bytes).map(Document::from);
        }
        Automerge::load(bytes).map(Document::from).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// Whether saved bytes are what was saved, with these heads: cheaper than opening them. What
    /// automerge saved has a checksum; an edit is known by its hash.
    pub fn is_intact(bytes: &[u8], heads: &[ChangeHash]) -> bool {
        if bytes.starts_with(&AUTOMERGE) {
            return checksum_holds(bytes).unwrap_or_else(|| Document::load(bytes).is_ok());
        }
        Seed::load(bytes).is_ok_and(|seed| [seed.hash()] == *heads)
    }

    /// The whole history, compact: as automerge saves it or, if it is one edit, as that edit.
    pub fn save(&self) -> Vec<u8> {
        if let Some(edit) = self.seed.as_ref().and_then(|seed| seed.save()).or_else(|| self.single()) {
            return edit;
        }
        let options = automerge::SaveOptions { retain_orphans: false, ..Default::default() };
        self.am().save_with_options(options)
    }

    /// The one edit of a document that automerge holds; none if there are more, or if an edit
    /// cannot say it.
    fn single(&self) -> Option<Vec<u8>> {
        if self.len() != 1 {
            return None;
        }
        let edit = self.edits(NO_DOC).pop()?;
        let hash = edit.hash()?;
        (hash == *self.heads().first()?).then(|| Seed::new(&edit, hash).save()).flatten()
    }

    /// The newest changes, sorted: what an author saw.
    pub fn heads(&self) -> Vec<ChangeHash> {
        if let Some(seed) = &self.seed {
            return vec![seed.hash()];
        }
        let mut heads: Vec<_> = self.am().get_heads().iter().map(|h| ChangeHash(h.0)).collect();
        heads.sort_unstable();
        heads
    }

    /// True if nothing was ever written.
    pub fn is_empty(&self) -> bool {
        self.seed.is_none() && self.am.get().is_none_or(|am| am.get_heads().is_empty())
    }

    /// The value that a key shows; `None` if it was never written.
    pub fn get(&self, key: &str) -> Option<Scalar> {
        if let Some(seed) = &self.seed {
            return seed.version(key).map(|version| version.value);
        }
        self.am().get(ROOT, key).ok().flatten().and_then(|(v, _)| from_automerge(&v))
    }

    /// Every key with the value that it shows.
    pub fn fields(&self) -> BTreeMap<String, Scalar> {
        if let Some(seed) = &self.seed {
            return seed.fields();
        }
        let items = self.am().map_range(ROOT, ..);
        items
            .filter_map(|i| Some((i.key.to_string(), from_automerge(&i.value.clone().into_value())?)))
            .collect()
    }

    /// The fields as they were at some earlier heads; `None` if a head is unknown here.
    pub fn fields_at(&self, heads: &[ChangeHash]) -> Option<BTreeMap<String, Scalar>> {
        if !self.has_all(heads) {
            return None;
        }
        if let (Some(seed), false) = (&self.seed, heads.is_empty()) {
            return Some(seed.fields());
        }
        let heads: Vec<_> = heads.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        let items = self.am().map_range_at(ROOT, .., &heads);
        Some(
            items
                .filter_map(|i| Some((i.key.to_string(), from_automerge(&i.value.clone().into_value())?)))
                .collect(),
        )
    }

    /// Every value of a key, the shown one last.
    pub fn versions(&self, key: &str) -> Vec<Version> {
        if let Some(seed) = &self.seed {
            return seed.version(key).into_iter().collect();
        }
        if self.is_empty() {
            return vec![];
        }
        let all = self.am().get_all(ROOT, key).unwrap_or_default();
        all.iter()
            .filter_map(|(v, id)| {
                let at = self.am().hash_for_opid(id).and_then(|h| self.am().get_change_meta_by_hash(&h));
                let at = at.map_or(0, |m| m.timestamp);
                Some(Version { value: from_automerge(v)?, op: op_id(id)?, at })
            })
            .collect()
    }

    /// Every answer that has more than one value. Control keys (`@pack`) are no answers: what two
    /// people who moved a record to another version at once disagree about shows one of both, the
    /// same everywhere, and can be moved again.
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.seed.is_some() {
            return vec![];
        }
        let items = self.am().map_range(ROOT, ..).filter(|i| i.conflict && !i.key.starts_with('@'));
        let keys: Vec<String> = items.map(|i| i.key.to_string()).collect();
        keys.into_iter().map(|key| Conflict { versions: self.versions(&key), key }).collect()
    }

    /// True if all these changes are part of the document.
    pub fn has_all(&self, hashes: &[ChangeHash]) -> bool {
        if let Some(seed) = &self.seed {
            return hashes.iter().all(|h| *h == seed.hash());
        }
        hashes.iter().all(|h| self.am().get_change_meta_by_hash(&automerge::ChangeHash(h.0)).is_some())
    }

    /// How many edits it has seen.
    pub fn len(&self) -> usize {
        if self.seed.is_some() { 1 } else { self.am().get_changes_meta(&[]).len() }
    }

    /// When it was last written, Unix seconds, as the authors' devices knew it; 0 if it never was.
    pub fn last_written(&self) -> i64 {
        if let Some(seed) = &self.seed {
            return seed.said().time;
        }
        self.am().get_changes_meta(&[]).iter().map(|m| m.timestamp).max().unwrap_or(0)
    }

    /// The history, oldest first.
    pub fn history(&self) -> Vec<Step> {
        if let Some(seed) = &self.seed {
            return vec![seed.step()];
        }
        self.am().get_changes(&[]).iter().map(step).collect()
    }

    /// Writes values, as one edit by `actor`. Values that already stand undisputed are left out;
    /// `None` if nothing is left. A key with several values gets one again: that is a choice.
    pub fn write(
        &mut self,
        doc: DocId,
        actor: ActorId,
        time: i64,
        values: &[(String, Scalar)],
    ) -> Result<Option<Edit>, DocumentError> {
        Ok(self.write_telling(doc, actor, time, values, Vec::new())?.map(|(edit, _)| edit))
    }

    /// As [`Document::write`], and tells how long the author was at which question. Also returns
    /// the change that the edit became, for a store that keeps it.
    pub fn write_telling(
        &mut self,
        doc: DocId,
        actor: ActorId,
        time: i64,
        values: &[(String, Scalar)],
        spent: Vec<Spent>,
    ) -> Result<Option<(Edit, Vec<u8>)>, DocumentError> {
        let mut puts: Vec<Put> = Vec::with_capacity(values.len());
        for (key, value) in values {
            let now = self.versions(key);
            let stands = match now.as_slice() {
                [] => *value == Scalar::Null,
                [one] => one.value == *value,
                _ => false,
            };
            puts.retain(|p| p.key != *key);
            if !stands {
                let replaces = now.iter().map(|v| v.op).collect();
                puts.push(Put { key: key.clone(), value: value.clone(), replaces });
            }
        }
        if puts.is_empty() {
            return Ok(None);
        }
        let deps = self.heads();
        let mut edit = Edit {
            doc,
            actor,
            seq: self.last_seq(actor) + 1,
            start_op: self.max_op(&deps) + 1,
            deps,
            time: time.clamp(0, crate::edit::limits::TIME - 1),
            puts,
            spent,
            check: [0; 8],
        };
        if !edit.is_bounded() {
            return Err(DocumentError::TooLarge);
        }
        let change = edit.to_change().ok_or(DocumentError::TooLarge)?;
        let hash = ChangeHash(change.hash().0);
        edit.check = edit.check_of(&hash);
        let bytes = change.raw_bytes().to_vec();
        if self.is_empty() {
            self.sprout(&edit, hash);
        } else {
            self.apply(change)?;
        }
        Ok(Some((edit, bytes)))
    }

    /// The bytes of one of its changes, to travel downwards.
    pub fn change_bytes(&self, hash: &ChangeHash) -> Option<Vec<u8>> {
        if let Some(seed) = self.seed.as_ref().filter(|seed| seed.hash() == *hash) {
            return seed.change_bytes();
        }
        self.am().get_change_by_hash(&automerge::ChangeHash(hash.0)).map(|c| c.raw_bytes().to_vec())
    }

    /// Applies changes that the server sent or this store kept, in any order as long as they are
    /// complete. Returns the hashes of those that were new. On error the document is as it was.
    pub fn apply_bytes<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<ChangeHash>, DocumentError> {
        let parsed: Result<Vec<Change>, _> =
            changes.into_iter().map(|b| Change::from_bytes(b.to_vec())).collect();
        let mut new = parsed.map_err(|e| DocumentError::Damaged(e.to_string()))?;
        new.retain(|c| self.am().get_change_meta_by_hash(&c.hash()).is_none());
        let hashes: Vec<_> = new.iter().map(|c| ChangeHash(c.hash().0)).collect();
        let mut copy = self.am().clone();
        copy.apply_changes(new).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        let next = Document::from(copy);
        // automerge queues what it cannot place, and would save the queue too.
        if !next.has_all(&hashes) {
            return Err(DocumentError::Damaged("changes are missing".to_owned()));
        }
        *self = next;
        Ok(hashes)
    }

    /// The hash of one change, as it travels downwards.
    pub fn hash_of(change: &[u8]) -> Result<ChangeHash, DocumentError> {
        let change = Change::from_bytes(change.to_vec());
        let change = change.map_err(|e| DocumentError::Damaged(e.to_string()))?;
        Ok(ChangeHash(change.hash().0))
    }

    /// Its edits, oldest first, as they were sent or would be.
    pub fn edits(&self, doc: DocId) -> Vec<Edit> {
        if let Some(seed) = &self.seed {
            return vec![seed.edit(doc)];
        }
        let edit = |change: &Change| {
            let Step { hash, actor, seq, at, start_op, puts, spent } = step(change);
            let deps = change.deps().iter().map(|h| ChangeHash(h.0)).collect();
            let mut edit = Edit { doc, actor, seq, deps, start_op, time: at, puts, spent, check: [0; 8] };
            edit.check = edit.check_of(&hash);
            edit
        };
        self.am().get_changes(&[]).iter().map(edit).collect()
    }

    /// The changes that are part of what these heads name, or that came before it.
    pub fn seen_at(&self, heads: &[ChangeHash]) -> HashSet<ChangeHash> {
        let heads: Vec<_> = heads.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        let later: HashSet<_> = self.am().get_changes_meta(&heads).iter().map(|m| m.hash).collect();
        let all = self.am().get_changes_meta(&[]);
        all.iter().filter(|m| !later.contains(&m.hash)).map(|m| ChangeHash(m.hash.0)).collect()
    }

    /// Its own changes that have the author and the number of one of these, and are others: what a
    /// device wrote that went back in time. The two can never stand in one document.
    pub fn rivals<'a>(
        &self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<HashSet<ChangeHash>, DocumentError> {
        let mut rivals = HashSet::new();
        for bytes in changes {
            let change = Change::from_bytes(bytes.to_vec());
            let change = change.map_err(|e| DocumentError::Damaged(e.to_string()))?;
            rivals.extend(self.rival(change.actor_id(), change.seq(), &change.hash()));
        }
        Ok(rivals)
    }

    /// The same for everything that another copy of the document holds.
    pub fn rivals_in(&self, other: &Document) -> HashSet<ChangeHash> {
        let metas = other.am().get_changes_meta(&[]);
        metas.iter().filter_map(|m| self.rival(&m.actor, m.seq, &m.hash)).collect()
    }

    fn rival(
        &self,
        actor: &automerge::ActorId,
        seq: u64,
        hash: &automerge::ChangeHash,
    ) -> Option<ChangeHash> {
        let metas = self.am().get_changes_meta(&[]);
        let same = metas.iter().find(|m| *m.actor == *actor && m.seq == seq)?;
        (same.hash != *hash).then_some(ChangeHash(same.hash.0))
    }

    /// Takes in everything that another copy of the same document holds.
    pub fn merge(&mut self, other: &Document) -> Result<(), DocumentError> {
        let mut other = other.am().clone();
        self.grow()?.merge(&mut other).map(|_| ()).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// A copy as it was at earlier heads.
    pub fn fork_at(&self, heads: &[ChangeHash]) -> Result<Document, DocumentError> {
        if heads.is_empty() {
            return Ok(Document::new());
        }
        let heads: Vec<_> = heads.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        self.am().fork_at(&heads).map(Document::from).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// A copy without some changes and without whatever builds on them: what is left of a record
    /// when the server holds an edit back.
    pub fn without(&self, held: &HashSet<ChangeHash>) -> Result<Document, DocumentError> {
        let mut gone: HashSet<automerge::ChangeHash> =
            held.iter().map(|h| automerge::ChangeHash(h.0)).collect();
        let mut kept = Vec::new();
        for change in self.am().get_changes(&[]) {
            if gone.contains(&change.hash()) || change.deps().iter().any(|d| gone.contains(d)) {
                gone.insert(change.hash());
            } else {
                kept.push(change);
            }
        }
        let mut am = Automerge::new();
        am.apply_changes(kept).map_err(|e| DocumentError::Damaged(e.to_string()))?;
        Ok(Document::from(am))
    }

    /// The count of this actor's last edit here; 0 if it never wrote.
    pub fn last_seq(&self, actor: ActorId) -> u64 {
        if let Some(seed) = &self.seed {
            return if seed.said().actor == actor { seed.said().seq } else { 0 };
        }
        let actor = to_actor(actor);
        let metas = self.am().get_changes_meta(&[]);
        metas.iter().filter(|m| *m.actor == actor).map(|m| m.seq).max().unwrap_or(0)
    }

    /// The change that an actor made with this count.
    pub fn change_of(&self, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        if let Some(seed) = &self.seed {
            return (seed.said().actor == actor && seed.said().seq == seq).then(|| seed.hash());
        }
        let actor = to_actor(actor);
        let metas = self.am().get_changes_meta(&[]);
        metas.iter().find(|m| *m.actor == actor && m.seq == seq).map(|m| ChangeHash(m.hash.0))
    }

    pub(crate) fn max_op(&self, deps: &[ChangeHash]) -> u64 {
        if let Some(seed) = &self.seed {
            return if deps.contains(&seed.hash()) { seed.max_op() } else { 0 };
        }
        let meta = |h: &ChangeHash| self.am().get_change_meta_by_hash(&automerge::ChangeHash(h.0));
        deps.iter().filter_map(meta).map(|m| m.max_op).max().unwrap_or(0)
    }

    pub(crate) fn apply(&mut self, change: Change) -> Result<(), DocumentError> {
        self.grow()?.apply_changes([change]).map_err(|e| DocumentError::Damaged(e.to_string()))
    }

    /// Takes a checked edit, which becomes the change with this hash, for all there is.
    pub(crate) fn sprout(&mut self, edit: &Edit, hash: ChangeHash) {
        *self = Document { seed: Some(Box::new(Seed::new(edit, hash))), am: OnceLock::new() };
    }

    /// What automerge makes of it. A seed that is not what its author made shows nothing.
    fn am(&self) -> &Automerge {
        self.am.get_or_init(|| self.seed.as_ref().and_then(|seed| seed.grow()).unwrap_or_default())
    }

    /// The same, to be changed: from here on there is more than one edit.
    fn grow(&mut self) -> Result<&mut Automerge, DocumentError> {
        let damaged = || DocumentError::Damaged("an edit that is not what it was".to_owned());
        if self.seed.is_some() && self.am().get_heads().is_empty() {
            return Err(damaged());
        }
        self.am();
        self.seed = None;
        self.am.get_mut().ok_or_else(damaged)
    }

    pub(crate) fn automerge(&self) -> &Automerge {
        self.am()
    }
}

impl From<Automerge> for Document {
    fn from(am: Automerge) -> Self {
        Document { seed: None, am: OnceLock::from(am) }
    }
}

impl From<Seed> for Document {
    fn from(seed: Seed) -> Self {
        Document { seed: Some(Box::new(seed)), am: OnceLock::new() }
    }
}

/// Whether the one chunk that automerge saved has the checksum that it says: four bytes of the SHA-256
/// over everything after it. None if there is anything else.
fn checksum_holds(bytes: &[u8]) -> Option<bool> {
    const DOCUMENT: u8 = 0;
    let (said, rest) = bytes.get(AUTOMERGE.len()..)?.split_first_chunk::<4>()?;
    let (kind, mut after) = rest.split_first()?;
    let (mut length, mut shift) = (0u64, 0);
    loop {
        let (byte, left) = after.split_first()?;
        after = left;
        length |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    if *kind != DOCUMENT || length != after.len() as u64 {
        return None;
    }
    Some(Sha256::digest(rest).first_chunk::<4>() == Some(said))
}

pub(crate) fn op_id(id: &ObjId) -> Option<OpId> {
    match id {
        ObjId::Id(counter, actor, _) => {
            Some(OpId { counter: *counter, actor: ActorId::from_slice(actor.to_bytes()).ok()? })
        }
        ObjId::Root => None,
    }
}

fn step(change: &Change) -> Step {
    use automerge::legacy as am;
    let x = change.decode();
    let puts = x.operations.iter().filter_map(|op| {
        let (am::OpType::Put(v), am::Key::Map(key)) = (&op.action, &op.key) else { return None };
        let replaces = op.pred.iter().filter_map(|o| {
            Some(OpId { counter: o.counter(), actor: ActorId::from_slice(o.actor().to_bytes()).ok()? })
        });
        Some(Put { key: key.to_string(), value: scalar(v)?, replaces: replaces.collect() })
    });
    Step {
        hash: ChangeHash(change.hash().0),
        actor: ActorId::from_slice(change.actor_id().to_bytes()).unwrap_or(ActorId([0; 16])),
        seq: change.seq(),
        start_op: x.start_op.get(),
        at: change.timestamp(),
        puts: puts.collect(),
        spent: spent_in(change.message()),
    }
}

pub(crate) fn from_automerge(value: &Value<'_>) -> Option<Scalar> {
    match value {
        Value::Scalar(s) => scalar(s),
        Value::Object(_) => None,
    }
}

fn scalar(value: &ScalarValue) -> Option<Scalar> {
    Some(match value {
        ScalarValue::Null => Scalar::Null,
        ScalarValue::Boolean(b) => Scalar::Bool(*b),
        ScalarValue::Int(i) => Scalar::Int(*i),
        ScalarValue::F64(f) => Scalar::Float(*f),
        ScalarValue::Str(s) => Scalar::Text(s.to_string()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
