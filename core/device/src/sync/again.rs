//! Beginning anew with a server that was restored from a backup.
//!
//! What the server lost, it lost without a word: receipts that this phone was given count no more.
//! So the phone offers again everything that its own person made on it, in the order in which it was
//! made, whatever record it is of ([`Order`]): an act may need what was said of another record before it.
//! The server answers "I have it" to what the backup had. What others made comes from their phones, or from the server, with the cursors at nothing.
//! Until then it stays in its records, in doubt; [`super::lost`] is about what does not come.

use super::mending;
use super::order::Order;
use crate::error::Fail;
use crate::identity::{self, Identity};
use crate::store::before::Before;
use crate::store::outbox::Waiting;
use crate::store::{acts, documents, doubtful, handed, meta, offered, outbox, parted, roster, uploads};
use rounds_model::document::Document;
use rounds_model::edit::Edit;
use rounds_model::ids::{ActId, ActorId, DocId, Epoch};
use rounds_protocol::exchange::{Cursors, ItemHash, PushItem, RuledBefore};
use rounds_protocol::handover::TeamKey;
use rounds_workflow::Catalogue;
use rusqlite::Transaction;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Empties the outbox and fills it with everything that this phone ever said.
pub(super) fn offer_again(
    tx: &Transaction<'_>,
    catalogue: &Catalogue,
    me: &Identity,
    at_ms: i64,
) -> Result<(), Fail> {
    let pens = own_pens(tx, me)?;
    let waited = outbox::oldest(tx, usize::MAX, usize::MAX)?;
    outbox::clear(tx)?;
    let known = Known::of(tx, &waited)?;
    acts::forget_own_rulings(tx)?;
    uploads::forget_receipts(tx)?;
    doubtful::clear(tx)?;
    doubtful::note_acts(tx)?;
    let mut order = Order::default();
    for doc in documents::all(tx)? {
        if let Some(document) = mending::load(tx, catalogue, doc, at_ms)? {
            let (own, others) = said_here(tx, doc, &document, &pens)?;
            doubtful::note(tx, doc, &others.iter().filter_map(Edit::hash).collect())?;
            own.iter().try_for_each(|item| order.add(doc, item, false, known.before(item)?))?;
        }
    }
    rest(tx, waited, &known, &mut order)?;
    order.push(tx, at_ms)?;
    // The server, or the one before it, has had most of it: none of it is a draft of this phone alone.
    offered::put(tx, outbox::newest(tx)?)?;
    roster::put_cursors(tx, &Cursors::new())?;
    // A backup from before the key was made has led to another key.
    meta::set(tx, "team_key", &None::<TeamKey>)?;
    meta::remove(tx, "witness")?;
    meta::set(tx, "epoch", &None::<Epoch>)
}

/// What this phone was told of what it says again.
struct Known {
    /// What it had not sent yet, or had begun to say again to the server of before.
    waited: HashMap<ItemHash, Before>,
    /// How its acts were ruled.
    rulings: BTreeMap<ActId, RuledBefore>,
}

impl Known {
    fn of(tx: &Transaction<'_>, waited: &[Waiting]) -> Result<Self, Fail> {
        let waited = waited.iter().map(|waiting| (waiting.item.hash(), waiting.before.clone())).collect();
        Ok(Known { waited, rulings: acts::own_rulings(tx)? })
    }

    fn before(&self, item: &PushItem) -> Result<Before, Fail> {
        if let PushItem::Act(signed) = item {
            let act = signed.read().map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
            if let Some(ruled) = self.rulings.get(&act.id) {
                return Ok(Before::Ruled(ruled.clone()));
            }
        }
        let packed = item.pack().map_err(|_| Fail::Damaged("an item cannot be encoded"))?;
        Ok(self.waited.get(&packed.hash()).cloned().unwrap_or(Before::Had))
    }
}

/// What is in no record here: this phone's part of records that went out of its sight; what the server
/// took without applying it, decided about or not, because its queue and what became of it are as old as
/// its backup; and what waited, because it was held before or is built on what was taken.
fn rest(tx: &Transaction<'_>, waited: Vec<Waiting>, known: &Known, order: &mut Order) -> Result<(), Fail> {
    let waited = waited.into_iter().map(|waiting| (waiting.doc, waiting.item));
    let parted = parted::all(tx)?.into_iter().chain(handed::items(tx)?);
    for (doc, item) in parted.chain(waited) {
        let read = item.unpack().map_err(|_| Fail::Damaged("an item of the outbox"))?;
        order.add(doc, &read, true, known.before(&read)?)?;
    }
    Ok(())
}

/// Keeps what this phone said about a record that is about to be forgotten.
pub(super) fn keep_own(tx: &Transaction<'_>, doc: DocId, pens: &HashSet<ActorId>) -> Result<(), Fail> {
    // What cannot be opened cannot be said again; the server has it.
    let Ok(Some(document)) = documents::load(tx, doc) else { return Ok(()) };
    parted::keep(tx, doc, &said_here(tx, doc, &document, pens)?.0)
}

/// The pens of this phone, also those that it had forgotten and was told of.
pub(super) fn own_pens(tx: &Transaction<'_>, me: &Identity) -> Result<HashSet<ActorId>, Fail> {
    let mut pens = identity::own_pens(tx)?;
    pens.extend(roster::pens_of(tx, me.device)?);
    Ok(pens)
}

/// What this phone said about a record, each act after the edits that it saw; and what others wrote.
fn said_here(
    tx: &Transaction<'_>,
    doc: DocId,
    document: &Document,
    pens: &HashSet<ActorId>,
) -> Result<(Vec<PushItem>, Vec<Edit>), Fail> {
    let (mut edits, others): (Vec<_>, Vec<_>) =
        document.edits(doc).into_iter().partition(|edit| pens.contains(&edit.actor));
    let mut own = vec![];
    for signed in acts::own(tx, doc)? {
        let act = signed.read().map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
        let seen = document.seen_at(&act.heads);
        let is_seen = |edit: &Edit| edit.hash().is_some_and(|h| seen.contains(&h));
        let (before, after): (Vec<_>, Vec<_>) = edits.into_iter().partition(is_seen);
        edits = after;
        own.extend(before.into_iter().map(PushItem::Edit));
        own.push(PushItem::Act(signed));
    }
    own.extend(edits.into_iter().map(PushItem::Edit));
    Ok((own, others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::store::blobs::Stored;
    use crate::store::{Key, Store};
    use crate::sync::compose::{Bounds, compose};
    use ed25519_dalek::SigningKey;
    use rounds_model::act::Act;
    use rounds_model::ids::{ActId, BlobHash, BootId, DeviceId, PersonId, Seq, TeamId};
    use rounds_model::people::{Pen, Person, Role};
    use rounds_model::time::{Reading, TrustedTime};
    use rounds_model::verdict::{Outcome, Verdict};
    use rounds_protocol::enrol::{EnrolAnswer, Team};

    const DOC: DocId = DocId([1; 16]);

    fn me() -> Identity {
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let device = DeviceId([4; 16]);
        let answer = EnrolAnswer { device, token: String::new(), person, team, server_ms: 1 };
        Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[1; 32]))
    }

    fn act(heads: Vec<rounds_model::ids::ChangeHash>) -> Act {
        let reading = Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) };
        let time = TrustedTime::judge(reading, None);
        let (id, name, payload) = (ActId([5; 16]), "x".to_owned(), Default::default());
        let (person, device, stage) = (me().person.id, me().device, String::new());
        Act {
            id,
            doc: DOC,
            name,
            person,
            device,
            number: 1,
            pack: 1,
            heads,
            stage,
            payload,
            time,
            proofs: Default::default(),
        }
    }

    fn edit_of_another() -> PushItem {
        let values = [("x".to_owned(), "unsent".into())];
        let written = Document::new().write(DocId([9; 16]), ActorId([9; 16]), 2, &values);
        PushItem::Edit(written.unwrap().unwrap())
    }

    /// Found by reading: a phone was restored from a copy, and got what it had sent since then
    /// back from the server as news. Then the server was restored, and lost it.
    #[test]
    fn what_this_phone_had_forgotten_itself_is_offered_too() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let mut document = Document::new();
        let mut write = |pen: u8, value: &str| {
            let values = [("x".to_owned(), value.into())];
            document.write(DOC, ActorId([pen; 16]), 1, &values).unwrap().unwrap()
        };
        let (mine, theirs) = (write(7, "mine"), write(8, "theirs"));
        let act = act(vec![mine.hash().unwrap()]);
        let signed = act.sign(&SigningKey::from_bytes(&[1; 32])).unwrap();
        let (outcome, stage, facts) = (Outcome::Accepted, String::new(), Default::default());
        let verdict =
            Verdict { act: act.id, doc: DOC, seq: Seq(9), outcome, stage, facts, at_ms: 0, turned: None };
        let pen = |actor: u8, device| Pen {
            actor: ActorId([actor; 16]),
            device,
            device_name: String::new(),
            person: me().person.id,
            person_name: String::new(),
        };
        let photo = Stored { hash: BlobHash([6; 32]), size: 10 };
        store
            .write(|tx| {
                identity::new_pen(tx, &Replay::new(1, 1))?;
                documents::replace(tx, DOC, &document)?;
                roster::put_pen(tx, &pen(7, me().device))?;
                roster::put_pen(tx, &pen(8, DeviceId([9; 16])))?;
                acts::insert_ruled(tx, &signed, &verdict, true)?;
                uploads::push(tx, DOC, photo, 1)?;
                uploads::receipted(tx, 1, 1)?;
                offer_again(tx, &Catalogue::default(), &me(), 1)
            })
            .unwrap();
        let offered = store.read(|db| outbox::of(db, DOC)).unwrap().into_iter().map(|(_, item)| item);
        assert_eq!(offered.collect::<Vec<_>>(), [PushItem::Edit(mine), PushItem::Act(signed)]);
        // What it was told of them goes with them, however often it has to begin anew.
        let told = || {
            let waiting = store.read(|db| outbox::oldest(db, usize::MAX, usize::MAX)).unwrap();
            waiting.into_iter().map(|waiting| waiting.before).collect::<Vec<_>>()
        };
        let accepted = || Before::Ruled(RuledBefore::As("x".into()));
        assert_eq!(told(), [Before::Had, accepted()]);
        let new = edit_of_another();
        let again = |tx: &Transaction<'_>| {
            outbox::push(tx, DocId([9; 16]), &new, 1)?;
            offer_again(tx, &Catalogue::default(), &me(), 1)
        };
        store.write(again).unwrap();
        assert_eq!(told(), [Before::Had, accepted(), Before::Nothing]);
        // Also if the server was put back once more before it said again how it ruled.
        store
            .write(|tx| {
                for waiting in outbox::oldest(tx, 2, usize::MAX)? {
                    if let Some((act, ruled)) = waiting.before.ruling(&waiting.item)? {
                        acts::remember(tx, act, ruled)?;
                    }
                    outbox::remove(tx, waiting.n)?;
                }
                offer_again(tx, &Catalogue::default(), &me(), 1)
            })
            .unwrap();
        assert_eq!(told(), [Before::Had, accepted(), Before::Nothing]);
        let composed = store.read(|db| compose(db, &me(), &Bounds::default(), vec![])).unwrap();
        assert_eq!(composed.request.ruled, [(ActId([5; 16]), RuledBefore::As("x".into()))].into());
        assert_eq!((composed.request.again, composed.request.apart), (false, vec![2]), "one push for all");
        let had = store.read(|db| Ok((offered::last(db)?, outbox::newest(db)?))).unwrap();
        assert_eq!(had.0, had.1, "the server has had it: none of it is a draft of this phone alone");
        let doubted = store.read(|db| doubtful::changes(db, DOC)).unwrap();
        assert_eq!(doubted, [theirs.hash().unwrap()].into());
        assert_eq!(store.read(uploads::count_waiting).unwrap(), 1, "the photo is offered too");
    }
}
