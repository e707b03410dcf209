//! Edits: the only form in which content travels upwards.
//!
//! An edit says the same as one automerge change of a document of ours, and can say nothing else.
//! A document is one flat map of scalars, so an edit is a list of "this key becomes this value, in
//! place of these earlier values". There is no object to name, no list, no nesting, no delete and
//! no counter: the hostile changes that need one cannot be written down. What is left to check is
//! in [`crate::admit`].
//!
//! The phone writes with edits too: it never uses automerge's own transactions, so that what it
//! applied and what it sends cannot differ.

use crate::bounded;
use crate::ids::{ActorId, ChangeHash, DocId};
use crate::scalar::Scalar;
use automerge::legacy as am;
use automerge::{Change, ExpandedChange};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::num::NonZeroU64;

/// The bounds of an edit; an edit beyond them is held.
pub mod limits {
    /// Puts in one edit.
    pub const PUTS: usize = 2_000;
    /// Bytes of a key.
    pub const KEY: usize = 200;
    /// Bytes of one value: the longest text that an answer may be.
    pub const VALUE: usize = 64 * 1024;
    /// Bytes of all keys and values of one edit.
    pub const BYTES: usize = 256 * 1024;
    /// Changes that an edit may depend on.
    pub const DEPS: usize = 64;
    /// Earlier values that one put may replace.
    pub const PREDS: usize = 64;
    /// Changes of a document side by side: half of what an edit may depend on, so that whoever wrote
    /// meanwhile can still be merged with.
    pub const HEADS: usize = DEPS / 2;
    /// Values of a key side by side, for the same reason.
    pub const VERSIONS: usize = PREDS / 2;
    /// Questions whose time one edit tells.
    pub const SPENT: usize = 200;
    /// Seconds since 1970; automerge overflows long before the end of an i64.
    pub const TIME: i64 = 1 << 40;
}

/// Names one earlier put: its place in the document's history and who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OpId {
    /// The Lamport counter.
    #[serde(rename = "c")]
    pub counter: u64,
    /// The writer.
    #[serde(rename = "a")]
    pub actor: ActorId,
}

/// "This key becomes this value, in place of these."
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// The answer key.
    #[serde(rename = "k")]
    pub key: String,
    /// The new value.
    #[serde(rename = "v")]
    pub value: Scalar,
    /// Every value of this key that the author saw, in ascending order. More than one: the author
    /// settled a conflict.
    #[serde(
        rename = "p",
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::PREDS }>"
    )]
    pub replaces: Vec<OpId>,
}

/// How long the author was at a question before this edit, by a clock that nobody can set.
///
/// It travels in the edit and is kept in the change that the edit becomes, so that the audit of a
/// record is its history and nothing else: it merges as the record does, and cannot be lost or
/// changed without it. The old value, the new one, the author and the time are in the edit anyway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// The answer key of the question.
    #[serde(rename = "k")]
    pub key: String,
    /// Milliseconds, since this author's edit of the record before.
    #[serde(rename = "t")]
    pub ms: u32,
}

/// One atomic change to one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The document.
    pub doc: DocId,
    /// The pen, bound to the sending device.
    pub actor: ActorId,
    /// Counts this actor's edits of this document from 1.
    pub seq: u64,
    /// The heads of the document that the author saw.
    pub deps: Vec<ChangeHash>,
    /// The counter of the first put: one more than the highest among the deps.
    pub start_op: u64,
    /// When, Unix seconds.
    pub time: i64,
    /// What.
    pub puts: Vec<Put>,
    /// How long the author was at which question.
    pub spent: Vec<Spent>,
    /// The first eight bytes of the change's hash as the author computed it; of a record's first
    /// edit four bytes, and zeros. Guards against damage and against two builds that disagree; who
    /// wrote it is for the device's key to prove.
    pub check: [u8; 8],
}

/// As it is encoded: a list, and what differs from one edit to the next first, so that in a batch
/// of new records everything up to the first answer is one repetition.
#[derive(Deserialize)]
struct Row(
    DocId,
    #[serde(with = "check")] [u8; 8],
    i64,
    ActorId,
    u64,
    u64,
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::DEPS }>")] Vec<ChangeHash>,
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::SPENT }>")] Vec<Spent>,
    #[serde(with = "crate::puts")] Vec<Put>,
);

/// The same, to be written.
#[derive(Serialize)]
struct Written<'a>(
    DocId,
    #[serde(with = "check")] [u8; 8],
    i64,
    ActorId,
    u64,
    u64,
    &'a [ChangeHash],
    &'a [Spent],
    #[serde(serialize_with = "crate::puts::serialize")] &'a [Put],
);

/// As earlier builds encoded it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    doc: DocId,
    actor: ActorId,
    seq: u64,
    #[serde(default, deserialize_with = "bounded::list::<_, _, { limits::DEPS }>")]
    deps: Vec<ChangeHash>,
    op: u64,
    time: i64,
    #[serde(with = "crate::puts")]
    puts: Vec<Put>,
    #[serde(rename = "s", default, deserialize_with = "bounded::list::<_, _, { limits::SPENT }>")]
    spent: Vec<Spent>,
    #[serde(with = "check")]
    check: [u8; 8],
}

impl Serialize for Edit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Edit { doc, actor, seq, deps, start_op, time, puts, spent, check } = self;
        Written(*doc, *check, *time, *actor, *seq, *start_op, deps, spent, puts).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Edit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Encoded)
    }
}

struct Encoded;

impl<'de> Visitor<'de> for Encoded {
    type Value = Edit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an edit")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Edit, A::Error> {
        let row = Row::deserialize(SeqAccessDeserializer::new(list))?;
        let Row(doc, check, time, actor, seq, start_op, deps, spent, puts) = row;
        Ok(Edit { doc, actor, seq, deps, start_op, time, puts, spent, check })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Edit, A::Error> {
        let named = Named::deserialize(MapAccessDeserializer::new(map))?;
        let Named { doc, actor, seq, deps, op, time, puts, spent, check } = named;
        Ok(Edit { doc, actor, seq, deps, start_op: op, time, puts, spent, check })
    }
}

/// Checks travel without their zeros at the end.
mod check {
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(check: &[u8; 8], serializer: S) -> Result<S::Ok, S::Error> {
        let zeros = check.iter().rev().take_while(|byte| **byte == 0).count();
        serializer.serialize_bytes(check.get(..8 - zeros.min(4)).unwrap_or(check))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 8], D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        if !(4..=8).contains(&bytes.len()) {
            return Err(serde::de::Error::invalid_length(bytes.len(), &"4 to 8 bytes"));
        }
        let mut check = [0; 8];
        check.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        Ok(check)
    }
}

impl Edit {
    /// True if it is within every bound of [`limits`]. Looks at nothing but the edit.
    pub fn is_bounded(&self) -> bool {
        let bytes: usize = self.puts.iter().map(|p| p.key.len() + p.value.size()).sum();
        let key_ok =
            |key: &str| !key.is_empty() && key.len() <= limits::KEY && !key.chars().any(char::is_control);
        let put_ok = |p: &Put| {
            key_ok(&p.key)
                && p.value.size() <= limits::VALUE
                && p.value.is_sane()
                && p.replaces.len() <= limits::PREDS
                && p.replaces.iter().all(|o| o.counter < self.start_op)
        };
        (1..=limits::PUTS).contains(&self.puts.len())
            && bytes <= limits::BYTES
            && self.deps.len() <= limits::DEPS
            && (0..limits::TIME).contains(&self.time)
            && self.seq >= 1
            && self.start_op >= 1
            // automerge keeps counters in 32 bits and panics beyond; half of it is for ever enough.
            && self.start_op <= u64::from(u32::MAX / 2)
            && self.seq <= u64::from(u32::MAX / 2)
            && self.puts.iter().all(put_ok)
            && self.spent.len() <= limits::SPENT
            && self.spent.iter().all(|s| key_ok(&s.key))
    }

    /// The check of this edit, if it becomes the change with this hash. The first edit of a record
    /// has nothing before it that it could be taken for, and in a batch of new records eight random
    /// bytes would be a seventh of each.
    pub fn check_of(&self, hash: &ChangeHash) -> [u8; 8] {
        let bytes = if self.seq == 1 && self.deps.is_empty() { 4 } else { 8 };
        let mut check = [0; 8];
        check.iter_mut().zip(hash.0).take(bytes).for_each(|(to, from)| *to = from);
        check
    }

    /// True if the author meant the change with this hash.
    pub fn is_change(&self, hash: &ChangeHash) -> bool {
        self.check == self.check_of(hash) || hash.0.starts_with(&self.check)
    }

    /// The hash of the change that this edit becomes, for an edit within its bounds.
    pub fn hash(&self) -> Option<ChangeHash> {
        if !self.is_bounded() {
            return None;
        }
        self.to_change().map(|c| ChangeHash(c.hash().0))
    }

    /// The automerge change that this edit is. `None` only for a `start_op` of 0.
    pub(crate) fn to_change(&self) -> Option<Change> {
        let operations = self.puts.iter().map(|p| am::Op {
            action: am::OpType::Put(to_automerge(&p.value)),
            obj: am::ObjectId::Root,
            key: am::Key::Map(p.key.as_str().into()),
            pred: p.replaces.iter().map(|o| am::OpId(o.counter, to_actor(o.actor))).collect(),
            insert: false,
        });
        Some(Change::from(ExpandedChange {
            operations: operations.collect(),
            actor_id: to_actor(self.actor),
            hash: None,
            seq: self.seq,
            start_op: NonZeroU64::new(self.start_op)?,
            time: self.time,
            message: told(&self.spent),
            deps: self.deps.iter().map(|h| automerge::ChangeHash(h.0)).collect(),
            extra_bytes: vec![],
            author: None,
        }))
    }
}

/// The message of the change: a line for each question, milliseconds and key. Keys have no line
/// breaks, so nothing has to be escaped.
fn told(spent: &[Spent]) -> Option<String> {
    let lines: Vec<String> = spent.iter().map(|s| format!("{} {}", s.ms, s.key)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What the message of a change tells.
pub(crate) fn spent_in(message: Option<&str>) -> Vec<Spent> {
    let one = |line: &str| {
        let (ms, key) = line.split_once(' ')?;
        Some(Spent { key: key.to_owned(), ms: ms.parse().ok()? })
    };
    message.unwrap_or_default().lines().filter_map(one).collect()
}

pub(crate) fn to_actor(actor: ActorId) -> automerge::ActorId {
    automerge::ActorId::from(actor.0)
}

fn to_automerge(value: &Scalar) -> automerge::ScalarValue {
    use automerge::ScalarValue as S;
    match value {
        Scalar::Null => S::Null,
        Scalar::Bool(b) => S::Boolean(*b),
        Scalar::Int(i) => S::Int(*i),
        Scalar::Float(f) => S::F64(*f),
        Scalar::Text(t) => S::Str(t.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;

    fn edit() -> Edit {
        let op = OpId { counter: 3, actor: ActorId([2; 16]) };
        let put = |key: &str, replaces| Put { key: key.into(), value: 1.into(), replaces };
        Edit {
            doc: DocId([1; 16]),
            actor: ActorId([2; 16]),
            seq: 4,
            deps: vec![ChangeHash([5; 32])],
            start_op: 6,
            time: 7,
            puts: vec![put("a", vec![op]), put("b", vec![])],
            spent: vec![Spent { key: "a".into(), ms: 5 }],
            check: [1, 2, 3, 4, 5, 6, 7, 0],
        }
    }

    #[test]
    fn an_edit_is_read_as_it_was_written() {
        for edit in [edit(), Edit { deps: vec![], check: [9, 9, 9, 9, 0, 0, 0, 0], ..edit() }] {
            let bytes = canonical::encode(&edit).unwrap();
            assert_eq!(canonical::decode::<Edit>(&bytes), Ok(edit));
        }
    }

    #[test]
    fn an_edit_of_an_earlier_build_waits_in_an_outbox_and_is_still_read() {
        #[derive(Serialize)]
        struct Old {
            doc: DocId,
            actor: ActorId,
            seq: u64,
            deps: Vec<ChangeHash>,
            op: u64,
            time: i64,
            puts: Vec<Put>,
            s: Vec<Spent>,
            #[serde(with = "serde_bytes")]
            check: [u8; 8],
        }
        let Edit { doc, actor, seq, deps, start_op, time, puts, spent, check } = edit();
        let old = Old { doc, actor, seq, deps, op: start_op, time, puts, s: spent, check };
        let bytes = canonical::encode(&old).unwrap();
        assert_eq!(canonical::decode::<Edit>(&bytes), Ok(edit()));
    }

    #[test]
    fn the_first_edit_of_a_record_is_checked_by_four_bytes_and_every_other_by_eight() {
        let hash = ChangeHash([8; 32]);
        let first = Edit { seq: 1, deps: vec![], ..edit() };
        assert_eq!(first.check_of(&hash), [8, 8, 8, 8, 0, 0, 0, 0]);
        assert_eq!(edit().check_of(&hash), [8; 8]);
        let is = |check, edit: Edit| Edit { check, ..edit }.is_change(&hash);
        assert!(is([8, 8, 8, 8, 0, 0, 0, 0], first.clone()) && is([8; 8], first.clone()));
        assert!(!is([8, 8, 8, 8, 0, 0, 0, 0], edit()) && !is([8, 8, 8, 9, 0, 0, 0, 0], first));
    }
}
