//! What users were told was saved.
//!
//! Whatever a phone has in its outbox was answered with "saved", so it is noted here as it goes in.
//! From then on it may be nowhere but: in the server's history, among the phone's held items, still
//! on a phone that may not send any more, or given up by its user. Only a phone that is put back to an
//! older copy of itself may lose what it had made since and not sent, or sent to a server that was put
//! back too; and one that was revoked and has forgotten everything by order cannot say it again.

use super::user::said;
use anyhow::{Context, Result, ensure};
use rounds_device::Rounds;
use rounds_device::store::{outbox, uploads};
use rounds_model::ids::{BlobHash, DocId};
use rounds_protocol::exchange::PushItem;
use std::collections::{BTreeMap, BTreeSet};

/// One item that was saved.
#[derive(Debug, Clone)]
pub struct Promise {
    /// What.
    pub item: PushItem,
    /// When it was noted.
    pub step: u32,
    /// What became of it.
    pub state: State,
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It must be somewhere.
    Kept,
    /// Its user gave it up, or wrote it again, at this step.
    Decided(u32),
    /// It was only in what a backup has replaced.
    Lost,
}

/// A phone's promises.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// By the bytes of the item.
    items: BTreeMap<Vec<u8>, Promise>,
    /// Photos of records, and when they were noted; those that were lost are not here any more.
    photos: BTreeMap<(DocId, BlobHash), u32>,
    /// Records of which the office has dropped something.
    dropped: BTreeSet<DocId>,
    /// What its user decided of others' work, which it held as the last copy, and at which step.
    others: BTreeMap<Vec<u8>, u32>,
}

impl Book {
    /// Notes what is in the outbox.
    pub fn note(&mut self, rounds: &Rounds, step: u32) -> Result<Vec<PushItem>> {
        let waiting = rounds.store().read(|db| outbox::oldest(db, usize::MAX, usize::MAX))?;
        let mut new = vec![];
        for one in waiting {
            let item = one.item.unpack().context("an item of the outbox cannot be read")?;
            let known = self.items.get(&one.item.0).is_some_and(|p| p.state == State::Kept);
            if !known {
                new.push(item.clone());
                self.items.insert(one.item.0, Promise { item, step, state: State::Kept });
            }
        }
        for photo in rounds.store().read(|db| uploads::waiting(db, u32::MAX))? {
            self.photos.entry((photo.doc, photo.hash)).or_insert(step);
        }
        Ok(new)
    }

    /// Every photo that must be somewhere: something that was not given up says that its record has it.
    pub fn photos(&self) -> impl Iterator<Item = (&DocId, &BlobHash)> {
        self.photos.keys().filter(|(doc, hash)| self.names(doc, hash)).map(|(doc, hash)| (doc, hash))
    }

    fn names(&self, doc: &DocId, hash: &BlobHash) -> bool {
        let text = hash.to_string();
        !self.dropped.contains(doc) && self.kept().any(|(_, item)| names(item, doc, &text))
    }

    /// The office dropped something of a record: its photos may go with it.
    pub fn note_dropped(&mut self, doc: DocId) {
        self.dropped.insert(doc);
    }

    /// The same as [`Book::write_off`] for a photo.
    pub fn write_off_photo(&mut self, doc: DocId, hash: BlobHash, copied_at: Option<u32>) -> Result<()> {
        let step = self.photos.remove(&(doc, hash)).unwrap_or(0);
        ensure!(copied_at.is_some_and(|copied| copied < step), "a phone lost a photo that its copy had");
        Ok(())
    }

    /// The user decided about an item.
    pub fn decide(&mut self, item: &PushItem, step: u32) -> Result<()> {
        let key = item.pack().context("an item cannot be encoded")?.0;
        match self.items.get_mut(&key) {
            Some(promise) => promise.state = State::Decided(step),
            None => drop(self.others.insert(key, step)),
        }
        Ok(())
    }

    /// The work of others that its user decided about.
    pub fn decided_of_others(&self) -> Vec<Vec<u8>> {
        self.others.keys().cloned().collect()
    }

    /// The phone is put back to how it was at a step: what was decided since is undecided.
    pub fn back_to(&mut self, step: u32) {
        self.others.retain(|_, at| *at <= step);
        for promise in self.items.values_mut() {
            if matches!(promise.state, State::Decided(at) if at > step) {
                promise.state = State::Kept;
            }
        }
    }

    /// These are nowhere any more, after a backup was put in the place of the phone's data or of the
    /// server's. That may be so only of what was saved after the copy that the phone was put back to.
    pub fn write_off(&mut self, keys: impl Iterator<Item = Vec<u8>>, copied_at: Option<u32>) -> Result<()> {
        for key in keys {
            let Some(promise) = self.items.get_mut(&key) else { continue };
            ensure!(
                copied_at.is_some_and(|step| step < promise.step),
                "a phone had this when it was copied, and lost it: {}",
                said(&promise.item)
            );
            promise.state = State::Lost;
        }
        self.write_off_unnamed(copied_at);
        Ok(())
    }

    /// Photos that went with the last edit that named them: a copy that is older has neither. The edit may come back, in a
    /// request that was under way; the photo cannot.
    fn write_off_unnamed(&mut self, copied_at: Option<u32>) {
        let Some(copied_at) = copied_at else { return };
        let lost = self.photos.iter().filter(|((doc, hash), noted)| {
            let named = |promise: &Promise| {
                promise.state == State::Lost && names(&promise.item, doc, &hash.to_string())
            };
            **noted > copied_at && !self.names(doc, hash) && self.items.values().any(named)
        });
        let lost: Vec<_> = lost.map(|(photo, _)| *photo).collect();
        for photo in lost {
            self.photos.remove(&photo);
        }
    }

    /// Everything that must be somewhere.
    pub fn kept(&self) -> impl Iterator<Item = (&Vec<u8>, &PushItem)> {
        self.items.iter().filter(|(_, p)| p.state == State::Kept).map(|(key, p)| (key, &p.item))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if nothing was ever saved.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Whether an item says that a record has a photo.
fn names(item: &PushItem, doc: &DocId, photo: &str) -> bool {
    match item {
        PushItem::Edit(edit) => {
            edit.doc == *doc && edit.puts.iter().any(|put| put.value.as_text() == Some(photo))
        }
        PushItem::Act(_) => false,
    }
}
