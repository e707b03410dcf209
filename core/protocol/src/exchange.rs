//! The exchange: everything a phone has for the server, and everything new for the phone, in one
//! round trip.

use crate::handover::TeamKey;
use rounds_model::act::SignedAct;
use rounds_model::bounded;
use rounds_model::canonical::{self, Malformed};
use rounds_model::edit::Edit;
use rounds_model::ids::{ActId, BlobHash, DeviceId, DocId, Epoch, PersonId, Seq};
use rounds_model::people::{Device, Pen, Person};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::verdict::Verdict;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The bounds of a request; one beyond them is refused while it is read.
pub mod limits {
    /// Items of one push. A phone sends fewer; nobody may keep the team waiting for long.
    pub const PUSH: usize = 5_000;
    /// Scopes that one phone holds.
    pub const SCOPES: usize = 4_096;
    /// Earlier versions of packs that are asked for at once.
    pub const WANTED: usize = 8;
    /// Acts whose rulings are asked for at once.
    pub const ASKED: usize = 64;
    /// Held items that a phone tells of.
    pub const TOLD: usize = 20;
}

/// For each scope that the phone holds, the last sequence number it has stored.
pub type Cursors = BTreeMap<Scope, Seq>;

/// What a phone sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks; the bearer token must be this device's.
    pub device: DeviceId,
    /// The life of the database that the cursors are of; none if the phone has none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Where the phone stands.
    #[serde(deserialize_with = "bounded::map::<_, _, _, { limits::SCOPES }>")]
    pub cursors: Cursors,
    /// What it has to say, oldest first.
    #[serde(with = "crate::columns::packed")]
    pub push: Vec<Packed>,
    /// How much it can take in one answer.
    pub take: Take,
    /// How many items wait on the phone besides these, for the supervisors' board.
    pub unsent: u64,
    /// The phone does not have the team's key for hand-over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wants_key: bool,
    /// Earlier versions of packs that records here were begun with and that the phone lacks.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::WANTED }>"
    )]
    pub packs: Vec<Wanted>,
    /// What is pushed was held or handed over before, and is in no record on the phone: what the server
    /// would hold it takes into its queue, and what it applies it sends back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Acts of this device that the server has and whose rulings the phone has not, although it has all
    /// news: their records went out of its sight.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::ASKED }>"
    )]
    pub acts: Vec<ActId>,
    /// What the phone says of itself; phones of before said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The cursors in short, which are not there then. A server that cannot tell which they are says so
    /// (`cursors-unknown`), and is told all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Records whose content the phone cannot read any more: with all news it gets them whole.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::ASKED }>"
    )]
    pub docs: Vec<DocId>,
    /// The newest that the phone was given in this life of the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// Of which of what is pushed `again` is so, if not of all: their places. An outbox that says everything again to a
    /// server that was put back has both.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::PUSH }>"
    )]
    pub apart: Vec<u32>,
    /// How acts among what is pushed were ruled before the server was put back to a backup, as this phone was told.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map::<_, _, _, { limits::PUSH }>"
    )]
    pub ruled: BTreeMap<ActId, RuledBefore>,
}

/// What a phone says of itself, for whoever looks after the team. Nothing is judged by it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Which build it runs: `0.1.0`.
    pub app: String,
    /// What is held on it, oldest first: the server has none of these items.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::TOLD }>"
    )]
    pub held: Vec<Told>,
}

/// An item that is held on a phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// About which record.
    pub doc: DocId,
    /// Why.
    pub refusal: Refusal,
    /// Since when, by the phone's clock, Unix milliseconds.
    pub at_ms: i64,
}

/// Cursors that all stand at one place, as those of a phone do that has all news: a supervisor of two hundred
/// people would say two hundred times the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Where they all stand.
    #[serde(rename = "n")]
    pub seq: Seq,
    /// Of which scopes: the first bytes of the SHA-256 of their texts, sorted, a line each.
    #[serde(rename = "s", with = "serde_bytes")]
    pub scopes: [u8; 16],
}

impl Level {
    /// What these cursors come to; none if they differ, or if there are none.
    pub fn of(cursors: &Cursors) -> Option<Level> {
        let seq = *cursors.values().next()?;
        let level = cursors.values().all(|at| *at == seq);
        level.then(|| Level { seq, scopes: sum(cursors.keys()) })
    }

    /// The cursors of these scopes, if it is about them.
    pub fn cursors<'a>(&self, scopes: impl Iterator<Item = &'a Scope> + Clone) -> Option<Cursors> {
        (sum(scopes.clone()) == self.scopes).then(|| scopes.map(|scope| (scope.clone(), self.seq)).collect())
    }
}

fn sum<'a>(scopes: impl Iterator<Item = &'a Scope>) -> [u8; 16] {
    let mut sum = Sha256::new();
    for scope in scopes {
        sum.update(scope.to_string());
        sum.update(b"\n");
    }
    let mut out = [0; 16];
    out.iter_mut().zip(sum.finalize()).for_each(|(to, from)| *to = from);
    out
}

/// What shows that a device was given news up to a place of the log, and that this log has that place:
/// a server that was put back to an earlier state by whatever means does not know it, or knows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// The place.
    #[serde(rename = "n")]
    pub seq: Seq,
    /// What was drawn when the head of the log was there.
    #[serde(rename = "m", with = "serde_bytes")]
    pub mark: [u8; 8],
    /// The server's seal over both, over the device and over the life of the database.
    #[serde(rename = "s", with = "serde_bytes")]
    pub seal: [u8; 16],
}

/// A version of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wanted {
    /// The pack's id.
    pub pack: String,
    /// Its version.
    pub version: u32,
}

impl Request {
    /// Which of the pushed items are in no record on the phone.
    pub fn is_apart(&self) -> impl Fn(usize) -> bool + use<> {
        let apart: BTreeSet<usize> = self.apart.iter().filter_map(|n| usize::try_from(*n).ok()).collect();
        let all = self.again;
        move |n| all || apart.contains(&n)
    }
}

/// How much a phone can take in one answer. The server sends less if it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// Items of the pull.
    pub items: u32,
    /// Bytes of the pull before compression. One item may be larger than this.
    pub bytes: u32,
}

impl Default for Take {
    fn default() -> Self {
        Take { items: 2_000, bytes: 2 << 20 }
    }
}

/// One pushed item, encoded by itself: an item that nobody can read is held by itself, and the
/// others go through.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packed(#[serde(with = "serde_bytes")] pub Vec<u8>);

/// How an act was ruled before the server was put back to a backup. What was accepted is held where it would be ruled
/// otherwise now, because what it rests on may come yet; what was refused stays refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuledBefore {
    /// It did not hold.
    #[serde(rename = "n")]
    Refused,
    /// It held, and was taken as the act of this name: its own, or another one in its place.
    #[serde(rename = "y")]
    As(String),
}

/// One thing that a phone has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PushItem {
    /// Content.
    #[serde(rename = "e")]
    Edit(Edit),
    /// A statement.
    #[serde(rename = "a")]
    Act(SignedAct),
}

impl PushItem {
    /// Encodes the item for the outbox and the wire.
    pub fn pack(&self) -> Result<Packed, Malformed> {
        canonical::encode(self).map(Packed)
    }
}

impl Packed {
    /// Reads the item.
    pub fn unpack(&self) -> Result<PushItem, Malformed> {
        canonical::decode(&self.0)
    }
}

/// What became of one pushed item. Sent only for what is durably stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Stored now, at this place of the log.
    Stored(Seq),
    /// It had been stored before, at this place: an answer was lost.
    Duplicate(Seq),
    /// Not applied. The phone keeps it, and shows why.
    Held(Refusal),
    /// Not applied, because its author does not hold the record (any more), and kept here until
    /// somebody decides about it. The phone tells its rep why, and may let go of it.
    Taken(Refusal),
}

/// Work that the server keeps until somebody decides about it: its author did not hold the record
/// any more when it arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handed {
    /// Its number, by which it is decided about.
    pub number: Seq,
    /// On which device it was made.
    pub device: DeviceId,
    /// By whom.
    pub person: PersonId,
    /// About which record.
    pub doc: DocId,
    /// What it is known by on the device: the SHA-256 of the item as it was sent.
    pub hash: ItemHash,
    /// Why it was not applied.
    pub refusal: Refusal,
    /// When it arrived, the server's clock, Unix milliseconds.
    pub at_ms: i64,
    /// What was decided, once something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What became of work that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// It is part of the record now; otherwise it was dropped, and the server keeps it.
    pub accepted: bool,
    /// Who decided.
    pub by: PersonId,
    /// When, the server's clock, Unix milliseconds.
    pub at_ms: i64,
    /// Why it was dropped.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The SHA-256 of a pushed item as it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl Packed {
    /// What the item is known by once it is in somebody else's hands.
    pub fn hash(&self) -> ItemHash {
        ItemHash(Sha256::digest(&self.0).into())
    }
}

/// What a revoked device is told when it has nothing left to hand over: that it is a device no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When its access was withdrawn, the server's clock, Unix milliseconds.
    pub at_ms: i64,
    /// How many of its items the server took into the holding queue, ever.
    pub taken: u64,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// One for each pushed item, in the same order.
    pub receipts: Vec<Receipt>,
    /// What is new, in sequence order, except that packs come first, and all of them if any.
    /// Receipts, items and cursors are stored together or not at all: after any answer the phone
    /// holds a state that the server once had.
    #[serde(with = "crate::columns::pull")]
    pub pull: Vec<PullItem>,
    /// Where the phone stands when it has stored this answer; exactly the scopes that it holds.
    pub cursors: Cursors,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// There is more: ask again at once.
    pub more: bool,
    /// The server's clock, Unix milliseconds.
    pub server_ms: i64,
    /// The team's key for hand-over, if the phone asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_key: Option<TeamKey>,
    /// The device is revoked and has nothing left: it forgets everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// The cursors in short. Without them if the phone asked in short and they are of the same scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The phone has all news up to here; it shows this with its next request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// Photos and files that this device brought and that the server has lost: it sends them again, as far as it
    /// has them still.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::ASKED }>"
    )]
    pub lost: Vec<Lost>,
}

/// A photo or file of a record that the server has lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Of which record.
    #[serde(rename = "d")]
    pub doc: DocId,
    /// What.
    #[serde(rename = "h")]
    pub hash: BlobHash,
}

impl Answer {
    /// As a phone of an earlier version reads it: by rows.
    pub fn by_rows(&self) -> impl Serialize + '_ {
        let Answer { receipts, pull, cursors, epoch, more, server_ms, team_key, ended, level, witness, lost } =
            self;
        let (epoch, more, server_ms) = (*epoch, *more, *server_ms);
        ByRows { receipts, pull, cursors, epoch, more, server_ms, team_key, ended, level, witness, lost }
    }
}

/// [`Answer`] as version 2 of the protocol has it.
#[derive(Serialize)]
struct ByRows<'a> {
    receipts: &'a [Receipt],
    pull: &'a [PullItem],
    cursors: &'a Cursors,
    epoch: Epoch,
    more: bool,
    server_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_key: &'a Option<TeamKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: &'a Option<Ended>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: &'a Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: &'a Option<Witness>,
    #[serde(skip_serializing_if = "is_none_of")]
    lost: &'a [Lost],
}

fn is_none_of(lost: &&[Lost]) -> bool {
    lost.is_empty()
}

/// One new thing for a phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullItem {
    /// One change of a record that the phone has.
    Change {
        /// The record.
        doc: DocId,
        /// The change, as automerge writes it.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// A record that is new to the phone, to be stored as it comes.
    Snapshot {
        /// The record.
        doc: DocId,
        /// The document, as automerge saves it.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
        /// The encoded projection (`workflow::Projection`), including every ruling in this answer.
        #[serde(with = "serde_bytes")]
        projection: Vec<u8>,
        /// How many keys of it are in conflict.
        conflicts: u32,
    },
    /// A record as it was at an earlier place of the log, when it came into one of the phone's
    /// scopes: the rest follows. What it comes to the phone works out.
    Earlier {
        /// The record.
        doc: DocId,
        /// The document, as automerge saves it.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// A record has left one of the phone's scopes. Unless it came into another one that the phone
    /// holds, the phone removes it once all news is in and nothing of it is unsent.
    Left {
        /// The record.
        doc: DocId,
    },
    /// A record was removed by an act. A phone that has it hides it; the others get no more of it
    /// than this.
    Removed {
        /// The record.
        doc: DocId,
        /// Who held it.
        scope: Scope,
        /// The act that removed it.
        act: SignedAct,
        /// Its ruling.
        verdict: Box<Verdict>,
    },
    /// Work about a record that waits for a decision, or what was decided.
    Handed(Box<Handed>),
    /// The server cannot read a record: nothing of its content comes until the server is repaired.
    Damaged {
        /// The record.
        doc: DocId,
    },
    /// Somebody leads the phone's person now, or leads them no more.
    Leader {
        /// Who.
        person: PersonId,
        /// They do; otherwise no more.
        leads: bool,
        /// When, the server's clock, Unix milliseconds.
        at_ms: i64,
    },
    /// A scope was granted to the phone's person, or withdrawn.
    Access {
        /// Which.
        scope: Scope,
        /// Granted; otherwise withdrawn.
        granted: bool,
        /// When, the server's clock, Unix milliseconds.
        at_ms: i64,
    },
    /// An act with its ruling.
    Ruled {
        /// The act.
        act: SignedAct,
        /// The ruling.
        verdict: Box<Verdict>,
    },
    /// A colleague, new or changed.
    Person(Person),
    /// A device, newly enrolled: the key that its acts are checked against comes before its acts.
    Device(Device),
    /// Whose pen an actor is.
    Pen(Pen),
    /// A version of a pack: the newest, of which an answer has those of all packs if it has any, or
    /// an earlier one that the phone asked for.
    Pack {
        /// The encoded bundle (`workflow::Bundle`).
        #[serde(with = "serde_bytes")]
        bundle: Vec<u8>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_item_does_not_spoil_its_neighbours() {
        let edit = Edit {
            doc: DocId([1; 16]),
            actor: rounds_model::ids::ActorId([2; 16]),
            seq: 1,
            deps: vec![],
            start_op: 1,
            time: 1,
            puts: vec![],
            spent: vec![],
            check: [0; 8],
        };
        let good = PushItem::Edit(edit).pack().unwrap();
        let request = Request {
            device: DeviceId([3; 16]),
            epoch: Some(Epoch([4; 16])),
            cursors: [(Scope::Team, Seq(7))].into(),
            push: vec![good.clone(), Packed(b"nonsense".to_vec()), good.clone()],
            take: Take::default(),
            unsent: 0,
            wants_key: true,
            packs: vec![Wanted { pack: "a".into(), version: 1 }],
            again: true,
            acts: vec![ActId([5; 16])],
            status: Some(Status { app: "1".into(), held: vec![] }),
            docs: vec![DocId([8; 16])],
            level: Some(Level { seq: Seq(7), scopes: [9; 16] }),
            witness: Some(Witness { seq: Seq(7), mark: [6; 8], seal: [7; 16] }),
            apart: vec![0, 2],
            ruled: [(ActId([5; 16]), RuledBefore::As("send".into()))].into(),
        };
        let bytes = canonical::encode(&request).unwrap();
        let back: Request = canonical::decode(&bytes).unwrap();
        assert_eq!(back, request);
        let read: Vec<bool> = back.push.iter().map(|p| p.unpack().is_ok()).collect();
        assert_eq!(read, [true, false, true]);
    }

    /// A request of which only the lengths of its lists are true.
    #[derive(Serialize)]
    struct Claim {
        device: DeviceId,
        #[serde(serialize_with = "scopes")]
        cursors: u128,
        #[serde(serialize_with = "empty")]
        push: usize,
        take: Take,
        unsent: u64,
    }

    fn empty<S: serde::Serializer>(count: &usize, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(std::iter::repeat_n(serde_bytes::Bytes::new(b""), *count))
    }

    fn scopes<S: serde::Serializer>(count: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        let person = |n: u128| Scope::Person(rounds_model::ids::PersonId(n.to_be_bytes()));
        serializer.collect_map((0..*count).map(|n| (person(n), Seq(0))))
    }

    fn claim(cursors: u128, push: usize) -> Vec<u8> {
        let claim = Claim { device: DeviceId([3; 16]), cursors, push, take: Take::default(), unsent: 0 };
        canonical::encode(&claim).unwrap()
    }

    #[test]
    fn a_request_costs_what_it_may_hold_and_not_what_it_claims() {
        let read =
            |bytes: Vec<u8>| canonical::decode::<Request>(&bytes).map(|r| (r.cursors.len(), r.push.len()));
        let (scopes, push) = (limits::SCOPES as u128, limits::PUSH);
        assert_eq!(read(claim(scopes, push)), Ok((limits::SCOPES, push)));
        assert_eq!(read(claim(0, push + 1)), Err(Malformed::TooMany));
        assert_eq!(read(claim(scopes + 1, 0)), Err(Malformed::TooMany));
        let body = crate::wire::pack(&Claim {
            device: DeviceId([3; 16]),
            cursors: 0,
            push: (16 << 20) - 1_000,
            take: Take::default(),
            unsent: 0,
        });
        let body = body.unwrap();
        assert!(body.len() < 4_000, "a bomb of {} bytes", body.len());
        let read = crate::wire::unpack::<Request>(&body, crate::wire::REQUEST);
        assert_eq!(read, Err(crate::wire::BadBody::TooMany));
    }

    #[test]
    fn an_edit_with_too_many_parts_is_not_built() {
        let edit = Edit {
            doc: DocId([1; 16]),
            actor: rounds_model::ids::ActorId([2; 16]),
            seq: 1,
            deps: vec![],
            start_op: 1,
            time: 1,
            puts: vec![],
            spent: vec![],
            check: [0; 8],
        };
        let put = rounds_model::edit::Put { key: "k".into(), value: 1.into(), replaces: vec![] };
        let op = rounds_model::edit::OpId { counter: 1, actor: edit.actor };
        let bounds = rounds_model::edit::limits::PUTS;
        let many = |n: usize| Edit { puts: vec![put.clone(); n], ..edit.clone() };
        let deps = Edit { deps: vec![rounds_model::ids::ChangeHash([0; 32]); 65], ..edit.clone() };
        let mut replaces = many(1);
        replaces.puts[0].replaces = vec![op; 65];
        assert!(PushItem::Edit(many(bounds)).pack().unwrap().unpack().is_ok());
        for bad in [many(bounds + 1), deps, replaces] {
            assert_eq!(PushItem::Edit(bad).pack().unwrap().unpack(), Err(Malformed::TooMany));
        }
    }
}
