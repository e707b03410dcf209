//! What a document has seen: its edits, who made them, and which of two histories lacks what.

use super::{Document, DocumentError, Step, scalar};
use crate::edit::{Edit, OpId, Put, spent_in, to_actor};
use crate::ids::{ActorId, ChangeHash, DocId};
use automerge::{Change, ReadDoc};
use std::collections::{HashMap, HashSet};

impl Document {
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

    /// The bytes of one of its changes, to travel downwards.
    pub fn change_bytes(&self, hash: &ChangeHash) -> Option<Vec<u8>> {
        if let Some(seed) = self.seed.as_ref().filter(|seed| seed.hash() == *hash) {
            return seed.change_bytes();
        }
        self.am().get_change_by_hash(&automerge::ChangeHash(hash.0)).map(|c| c.raw_bytes().to_vec())
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

    /// The count of this actor's last edit here; 0 if it never wrote.
    pub fn last_seq(&self, actor: ActorId) -> u64 {
        if let Some(seed) = &self.seed {
            return if seed.said().actor == actor { seed.said().seq } else { 0 };
        }
        let tips = self.tips.get_or_init(|| {
            let mut tips = HashMap::new();
            for meta in self.am().get_changes_meta(&[]) {
                if let Ok(actor) = ActorId::from_slice(meta.actor.to_bytes()) {
                    let tip: &mut u64 = tips.entry(actor).or_default();
                    *tip = (*tip).max(meta.seq);
                }
            }
            tips
        });
        tips.get(&actor).copied().unwrap_or(0)
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
