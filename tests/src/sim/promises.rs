//! What users were told was saved.
//!
//! Whatever a phone has in its outbox was answered with "saved", so it is noted here as it goes in.
//! From then on it may be nowhere but: in the server's history, among the phone's held items, still
//! in the outbox of a phone that may not send any more, or given up by its user. Only a phone that
//! is put back to an older copy of itself may lose what it had not sent.

use anyhow::{Context, Result};
use rounds_device::Rounds;
use rounds_device::store::outbox;
use rounds_protocol::exchange::PushItem;
use std::collections::BTreeMap;

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
    /// It was on a phone that was put back to an older copy before it was sent.
    Lost,
}

/// A phone's promises, by the bytes of the item.
#[derive(Debug, Clone, Default)]
pub struct Book(BTreeMap<Vec<u8>, Promise>);

impl Book {
    /// Notes what is in the outbox.
    pub fn note(&mut self, rounds: &Rounds, step: u32) -> Result<Vec<PushItem>> {
        let waiting = rounds.store().read(|db| outbox::oldest(db, usize::MAX, usize::MAX))?;
        let mut new = vec![];
        for one in waiting {
            let item = one.item.unpack().context("an item of the outbox cannot be read")?;
            let known = self.0.get(&one.item.0).is_some_and(|p| p.state == State::Kept);
            if !known {
                new.push(item.clone());
                self.0.insert(one.item.0, Promise { item, step, state: State::Kept });
            }
        }
        Ok(new)
    }

    /// The user decided about an item.
    pub fn decide(&mut self, item: &PushItem, step: u32) -> Result<()> {
        let key = item.pack().context("an item cannot be encoded")?.0;
        if let Some(promise) = self.0.get_mut(&key) {
            promise.state = State::Decided(step);
        }
        Ok(())
    }

    /// The phone is put back to how it was at a step: what it has not sent since is lost, and what
    /// was decided since is undecided. To be called before it is put back.
    pub fn back_to(&mut self, step: u32, rounds: &Rounds) -> Result<()> {
        let waiting = rounds.store().read(|db| outbox::oldest(db, usize::MAX, usize::MAX))?;
        let mut unsent: Vec<_> = waiting.into_iter().map(|w| w.item.0).collect();
        for held in rounds.store().read(outbox::held)? {
            unsent.push(held.item.pack().context("an item cannot be encoded")?.0);
        }
        for key in unsent {
            if let Some(promise) = self.0.get_mut(&key)
                && promise.step > step
            {
                promise.state = State::Lost;
            }
        }
        for promise in self.0.values_mut() {
            if matches!(promise.state, State::Decided(at) if at > step) {
                promise.state = if promise.step > step { State::Lost } else { State::Kept };
            }
        }
        Ok(())
    }

    /// Everything that must be somewhere.
    pub fn kept(&self) -> impl Iterator<Item = &PushItem> {
        self.0.values().filter(|p| p.state == State::Kept).map(|p| &p.item)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if nothing was ever saved.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
