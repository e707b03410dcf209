//! One record's content: a flat map from answer keys to scalars, kept by automerge.
//!
//! Flat, because then nothing has to be created before it can be filled: two phones that fill the
//! same repeat never make two containers of which one hides the other's answers, and an edit has
//! no object that could be wrong. A repeat's answers have keys with the instance's random id in
//! them (`sku/<instance>/price`), its order is `sku/<instance>/@ord`, its removal the flag
//! `sku/<instance>/@del`. Values are scalar strings, never automerge Text: an answer is replaced
//! as a whole, and two answers to one question stay two.
//!
//! What it shows is asked here; [`history`] has what it has seen, [`writing`] how it changes.
//!
//! Opening costs 20–40 µs for a record with a dozen answers, so nothing caches open documents
//! except a phone for the one that is being filled.

mod history;
mod writing;

use crate::edit::{OpId, Put, Spent};
use crate::ids::{ActorId, ChangeHash};
use crate::scalar::Scalar;
use crate::seed::{NO_DOC, Seed};
use automerge::{Automerge, Change, ObjId, ROOT, ReadDoc, ScalarValue, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;
use thiserror::Error;

/// What stands behind the key of an answer for the key of what is known of it: how a photo was taken.
pub const BESIDE: &str = "/@taken";

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
    /// The count of each author's last edit, once that is asked for: automerge would look at all of them.
    tips: OnceLock<HashMap<ActorId, u64>>,
    /// What it was before the last checked edits, and these: for the case that automerge spoils it.
    safe: Safe,
}

/// A copy to go back to, and what was applied to the document since. A copy of the document needs none.
#[derive(Default)]
struct Safe(Option<(Automerge, Vec<Change>)>);

impl Clone for Safe {
    fn clone(&self) -> Self {
        Safe(None)
    }
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
    /// same everywhere, and can be moved again. What is known of an answer ([`BESIDE`]) is chosen with it.
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.seed.is_some() {
            return vec![];
        }
        let answer = |key: &str| !key.starts_with('@') && !key.ends_with(BESIDE);
        let items = self.am().map_range(ROOT, ..).filter(|i| i.conflict && answer(&i.key));
        let keys: Vec<String> = items.map(|i| i.key.to_string()).collect();
        keys.into_iter().map(|key| Conflict { versions: self.versions(&key), key }).collect()
    }

    /// What is known of an answer's value ([`BESIDE`]), to be written with a choice of that value; none if
    /// nothing is in dispute about it.
    pub fn beside(&self, key: &str, value: &Scalar) -> Option<(String, Scalar)> {
        let beside = format!("{key}{BESIDE}");
        let versions = self.versions(&beside);
        let value = value.as_text().filter(|value| !value.is_empty())?;
        let about = |version: &&Version| version.value.as_text().is_some_and(|told| told.contains(value));
        let chosen = versions.iter().find(about).filter(|_| versions.len() > 1)?;
        Some((beside, chosen.value.clone()))
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
        (self.tips, self.safe) = (OnceLock::new(), Safe(None));
        self.am.get_mut().ok_or_else(damaged)
    }

    pub(crate) fn automerge(&self) -> &Automerge {
        self.am()
    }
}

impl From<Automerge> for Document {
    fn from(am: Automerge) -> Self {
        Document { am: OnceLock::from(am), ..Document::default() }
    }
}

impl From<Seed> for Document {
    fn from(seed: Seed) -> Self {
        Document { seed: Some(Box::new(seed)), ..Document::default() }
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
