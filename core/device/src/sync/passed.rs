//! Held items whose cause has passed.
//!
//! Some items are held for what they are, and a person must decide about them. Others only came
//! before something else: an edit before what it builds on, an act before the content that its author
//! saw. The server does not keep them, so the phone does: when news of the record has come and the
//! item fits the record as it is now, it is part of it again and offered again, in its order. It is
//! tried again only after further news, so that nothing goes round in circles.

use super::mending;
use crate::Rounds;
use crate::error::Fail;
use crate::foreseeing;
use crate::identity::{self, Identity};
use crate::platform::Platform;
use crate::projecting;
use crate::store::before::Before;
use crate::store::outbox::Held;
use crate::store::{acts, documents, meta, outbox};
use rounds_model::document::Document;
use rounds_model::edit::{Edit, Put};
use rounds_model::ids::{ActId, ActorId, ChangeHash, DocId};
use rounds_model::refusal::Refusal;
use rounds_protocol::exchange::PushItem;
use rounds_workflow::Catalogue;
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeSet, HashMap};

/// Too many others stand beside it.
pub(crate) const CROWDED: &str = "edit-crowded";

/// An act names another one that the server does not have, or not any more.
pub(super) const PROOF_UNKNOWN: &str = "act-proof-unknown";

/// A server that was put back had accepted an act, and would refuse it as things stand now.
pub const ACCEPTED_BEFORE: &str = "act-accepted-before";

/// Why an item may be held that is right as it is: each names something that was not there yet.
const PASSING: [&str; 10] = [
    CROWDED,
    "edit-missing-deps",
    "edit-number-gap",
    "record-unknown",
    "record-damaged",
    "act-heads-unknown",
    PROOF_UNKNOWN,
    ACCEPTED_BEFORE,
    "builds-on-held",
    "builds-on-lost",
];

/// Whether an act waits for what it rests on, and what was stated and written after it about its record with it.
pub(crate) fn is_waiting(refusal: &Refusal) -> bool {
    [PROOF_UNKNOWN, ACCEPTED_BEFORE].contains(&refusal.code.as_str())
}

/// Whether an act about a record does.
pub(super) fn is_waited_for(db: &Connection, doc: DocId) -> Result<bool, Fail> {
    Ok(outbox::held_of(db, doc)?.iter().any(|held| is_waiting(&held.refusal)))
}

/// In the store: when acts that wait were last tried without news, Unix milliseconds.
const TRIED: &str = "waiting_tried";
const HOUR_MS: i64 = 3_600_000;

/// Whether an item is right as soon as what it lacked is there. Of what the server had before it was put back that is
/// so whatever it says now: it says so of a record that may not yet be at the stage that it was at.
fn is_passing(held: &Held) -> bool {
    may_pass(&held.refusal.code) || held.ruled_since && held.before != Before::Nothing
}

/// Whether what is held with this code is right as soon as what it lacked is there.
pub fn may_pass(code: &str) -> bool {
    PASSING.contains(&code)
}

/// Notes that news have come on which acts rest that are held: these are offered again, though nothing may have
/// come of their own records. Of some it is known which acts they name; others may rest on anything.
pub(super) fn news_have_come(
    tx: &Transaction<'_>,
    come: &BTreeSet<ActId>,
    anything: bool,
) -> Result<(), Fail> {
    if come.is_empty() && !anything || outbox::held_total(tx)? == 0 {
        return Ok(());
    }
    let names = |item: &PushItem| match item {
        PushItem::Act(signed) => {
            signed.read().is_ok_and(|act| act.proofs.iter().any(|proof| come.contains(proof)))
        }
        PushItem::Edit(_) => false,
    };
    let rests = |held: &Held| match held.refusal.code.as_str() {
        PROOF_UNKNOWN => names(&held.item),
        code => code == ACCEPTED_BEFORE && (anything || !come.is_empty()),
    };
    let held = outbox::held(tx)?.into_iter();
    held.filter(rests).try_for_each(|held| outbox::note_news(tx, held.doc))
}

/// Puts what fits its record now into the record and the outbox again. Returns how much.
pub(super) fn offer(rounds: &Rounds) -> Result<u64, Fail> {
    note_hour(rounds)?;
    let docs = rounds.store.read(outbox::held_with_news)?;
    if docs.is_empty() {
        return Ok(0);
    }
    let (me, catalogue) = (rounds.identity()?, rounds.catalogue());
    rounds.store.write(|tx| {
        let (mut count, at_ms) = (0, rounds.now(tx)?.at_ms);
        for doc in docs {
            count += offer_of(tx, &*rounds.platform, &catalogue, &me, doc, at_ms)?;
        }
        if count > 0 {
            // Nothing is expected yet of the acts among it, and of others something else.
            foreseeing::anew(tx, &catalogue, &me)?;
        }
        Ok(count)
    })
}

/// Some of what an act waits for comes with time alone, as where the server's clock was turned back: about once an hour
/// it is tried without news.
fn note_hour(rounds: &Rounds) -> Result<(), Fail> {
    let waits = |held: Held| (held.refusal.code == ACCEPTED_BEFORE).then_some(held.doc);
    let docs = rounds.store.read(|db| match outbox::held_total(db)? {
        0 => Ok(BTreeSet::new()),
        _ => Ok(outbox::held(db)?.into_iter().filter_map(waits).collect()),
    })?;
    if docs.is_empty() {
        return Ok(());
    }
    rounds.store.write(|tx| {
        let (now, tried) = (rounds.now(tx)?.at_ms, meta::get::<i64>(tx, TRIED)?);
        if tried.is_some_and(|tried| (tried..tried.saturating_add(HOUR_MS)).contains(&now)) {
            return Ok(());
        }
        docs.iter().try_for_each(|doc| outbox::note_news(tx, *doc))?;
        meta::set(tx, TRIED, &now)
    })
}

fn offer_of(
    tx: &Transaction<'_>,
    platform: &dyn Platform,
    catalogue: &Catalogue,
    me: &Identity,
    doc: DocId,
    at_ms: i64,
) -> Result<u64, Fail> {
    // Before it is forgotten what came.
    let held: Vec<_> = outbox::held_of(tx, doc)?.into_iter().filter(is_passing).collect();
    outbox::forget_news(tx, doc)?;
    let mut document = mending::load(tx, catalogue, doc, at_ms)?.unwrap_or_default();
    let mut anew = Anew { tx, platform, pen: None, written: HashMap::new() };
    let mut count = 0;
    // One may rest on another that was held after it: so as long as any fits.
    let mut left = held;
    loop {
        let tried = left.len();
        for held in std::mem::take(&mut left) {
            let item = match &held.item {
                item if take_back(tx, &mut document, item)? => Some(item.clone()),
                PushItem::Edit(edit) => {
                    let crowded = held.refusal.code == CROWDED;
                    anew.write(&mut document, edit, crowded)?.map(PushItem::Edit)
                }
                PushItem::Act(_) => None,
            };
            let Some(item) = item else {
                left.push(held);
                continue;
            };
            outbox::push_as(tx, doc, &item, held.at_ms, false, &held.before)?;
            outbox::remove_held(tx, held.n)?;
            count += 1;
        }
        if left.is_empty() || left.len() == tried {
            break;
        }
    }
    if count > 0 {
        documents::replace(tx, doc, &document)?;
        projecting::project(tx, catalogue, me, doc, &document)?;
    }
    Ok(count)
}

/// Edits that came to stand beside too many others, and what was built on them, written once more on all
/// that stands now.
struct Anew<'a> {
    tx: &'a Transaction<'a>,
    platform: &'a dyn Platform,
    pen: Option<ActorId>,
    /// As what they were written.
    written: HashMap<ChangeHash, ChangeHash>,
}

impl Anew<'_> {
    /// Writes one, unless that would put its values in the place of others that its author did not see:
    /// about that a person decides.
    fn write(&mut self, document: &mut Document, edit: &Edit, crowded: bool) -> Result<Option<Edit>, Fail> {
        if !crowded && !edit.deps.iter().any(|dep| self.written.contains_key(dep)) {
            return Ok(None);
        }
        let pen = match self.pen {
            Some(pen) => pen,
            None => *self.pen.insert(identity::new_pen(self.tx, self.platform)?),
        };
        let unseen = |put: &Put| {
            let now = document.versions(&put.key);
            now.iter().any(|version| version.op.actor != pen && !put.replaces.contains(&version.op))
        };
        if edit.puts.iter().any(unseen) {
            return Ok(None);
        }
        let values: Vec<_> = edit.puts.iter().map(|put| (put.key.clone(), put.value.clone())).collect();
        let written = document.write_telling(edit.doc, pen, edit.time, &values, edit.spent.clone())?;
        let Some((new, _)) = written else { return Ok(None) };
        if let (Some(old), Some(hash)) = (edit.hash(), new.hash()) {
            self.written.insert(old, hash);
            outbox::note_retried(self.tx, &old, &hash)?;
        }
        Ok(Some(new))
    }
}

/// Makes an item part of its record, if it fits there.
fn take_back(tx: &Transaction<'_>, document: &mut Document, item: &PushItem) -> Result<bool, Fail> {
    match item {
        PushItem::Edit(edit) => Ok(document.admit(edit).is_ok()),
        PushItem::Act(signed) => {
            let Ok(act) = signed.read() else { return Ok(false) };
            let fits = !document.is_empty() && document.has_all(&act.heads);
            if fits {
                acts::expect_ruling(tx, &act, signed)?;
            }
            Ok(fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::platform::Replay;
    use crate::store::Store;
    use crate::sync::absorb::Absorbing;
    use crate::sync::receipts::said;
    use ed25519_dalek::SigningKey;
    use rounds_model::act::Act;
    use rounds_model::ids::{ActId, BootId, DeviceId, PersonId, TeamId};
    use rounds_model::people::Person;
    use rounds_model::time::{Reading, TrustedTime};
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_protocol::exchange::{PullItem, RuledBefore};
    use std::sync::Arc;

    const DOC: DocId = DocId([1; 16]);

    fn me() -> Identity {
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: "rep".into() };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let (device, token) = (DeviceId([4; 16]), String::new());
        let answer = EnrolAnswer { device, token, person, team, server_ms: 1 };
        Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[1; 32]))
    }

    fn act(heads: Vec<ChangeHash>) -> PushItem {
        let reading = Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) };
        let act = Act {
            id: ActId([5; 16]),
            doc: DOC,
            name: "x".to_owned(),
            person: me().person.id,
            device: me().device,
            number: 1,
            pack: 1,
            heads,
            stage: String::new(),
            payload: Default::default(),
            time: TrustedTime::judge(reading, None),
            proofs: Default::default(),
        };
        PushItem::Act(act.sign(&SigningKey::from_bytes(&[1; 32])).unwrap())
    }

    fn news(store: &Store, pull: &[PullItem]) {
        store
            .write(|tx| {
                let (catalogue, platform) = (&Default::default(), &Replay::new(1, 1));
                Absorbing::new(tx, catalogue, platform, me().device, 1).news(pull)
            })
            .unwrap();
    }

    /// A colleague's edit was lost by the server after this phone had it and had built on it; the
    /// colleague's phone brought it back later.
    #[test]
    fn what_was_held_for_what_it_lacked_is_offered_again_once_that_came() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let store = &rounds.store;
        let mut all = Document::new();
        let mut write = |pen: u8, value: &str| -> Edit {
            all.write(DOC, ActorId([pen; 16]), 1, &[("x".to_owned(), value.into())]).unwrap().unwrap()
        };
        let (base, theirs, mine) = (write(1, "base"), write(8, "theirs"), write(9, "mine"));
        let (later, other) = (write(9, "later"), write(9, "not allowed"));
        let hash = |edit: &Edit| edit.hash().unwrap();
        let stated = act(vec![hash(&later)]);
        let change = |edit| PullItem::Change { doc: DOC, bytes: all.change_bytes(&hash(edit)).unwrap() };
        store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                let mut document = Document::new();
                document.admit(&base).unwrap();
                documents::replace(tx, DOC, &document)?;
                let hold = |item: PushItem, code: &str| outbox::set_aside(tx, DOC, &item, &said(code), 1);
                hold(PushItem::Edit(mine.clone()), "edit-missing-deps")?;
                hold(PushItem::Edit(later.clone()), "builds-on-held")?;
                hold(stated.clone(), "act-heads-unknown")?;
                hold(PushItem::Edit(other.clone()), "not-yours")
            })
            .unwrap();
        let waiting = || {
            let of = store.read(|db| outbox::of(db, DOC)).unwrap();
            of.into_iter().map(|(_, item)| item).collect::<Vec<_>>()
        };
        assert_eq!((offer(&rounds).unwrap(), waiting()), (0, vec![]), "nothing has come");

        let mut elsewhere = Document::new();
        elsewhere.admit(&base).unwrap();
        let aside =
            elsewhere.write(DOC, ActorId([7; 16]), 1, &[("y".to_owned(), 1.into())]).unwrap().unwrap();
        let bytes = elsewhere.change_bytes(&hash(&aside)).unwrap();
        news(store, &[PullItem::Change { doc: DOC, bytes }]);
        assert_eq!((offer(&rounds).unwrap(), waiting()), (0, vec![]), "something else has come");

        news(store, &[change(&theirs)]);
        assert_eq!(offer(&rounds).unwrap(), 3);
        assert_eq!(waiting(), [PushItem::Edit(mine), PushItem::Edit(later.clone()), stated]);
        let document = store.read(|db| documents::load(db, DOC)).unwrap().unwrap();
        assert!(document.has_all(&[hash(&later)]), "the record shows it again");
        let held = store.read(outbox::held).unwrap();
        assert_eq!(held.into_iter().map(|h| h.item).collect::<Vec<_>>(), [PushItem::Edit(other)]);
        assert_eq!(store.read(acts::unruled).unwrap(), [DOC]);
        assert_eq!(offer(&rounds).unwrap(), 0);
    }

    /// Found by a critic: of what was held and fits again nothing was expected, and it was ruled on with whatever was
    /// done after it.
    #[test]
    fn q1_what_fits_again_is_foreseen_in_its_new_place() {
        use crate::foreseeing::tests::{phone, stage};
        use crate::store::foreseen;
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let room = [("room".to_owned(), "101".to_owned())];
        let (first, second) =
            (rounds.create("booking", &room).unwrap(), rounds.create("booking", &room).unwrap());
        let act = rounds.act(first, "take", &[]).unwrap().act;
        let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
        rounds
            .store
            .write(|tx| {
                for (n, item) in outbox::of(tx, first)? {
                    if matches!(item, PushItem::Act(_)) {
                        outbox::hold(tx, n, &said("act-heads-unknown"), 1)?;
                    }
                }
                acts::remove_unruled(tx, act)?;
                outbox::note_news(tx, first)?;
                let document = documents::load(tx, first)?.unwrap();
                projecting::project(tx, &catalogue, &me, first, &document)
            })
            .unwrap();
        rounds.act(second, "take", &[]).unwrap();
        assert_eq!(offer(&rounds).unwrap(), 1);
        let stages = || [first, second].map(|doc| stage(&rounds, doc));
        assert_eq!(stages(), ["draft", "taken"], "it is behind what was stated meanwhile");
        assert!(rounds.store.read(|db| foreseen::get(db, act)).unwrap().is_some());
        // What is done later changes nothing about it.
        rounds.act(second, "give_back", &[]).unwrap();
        rounds.answer(first, &[("room".to_owned(), "101".to_owned())]).unwrap();
        rounds.answer(first, &[("room".to_owned(), " 101".to_owned())]).unwrap();
        assert_eq!(stages(), ["draft", "free"]);
        assert_eq!(rounds.verify().unwrap().outdated, 0);
    }

    /// Nothing comes of the record of such an act itself: what it names is of another one.
    #[test]
    fn an_act_is_offered_again_once_the_act_that_it_names_has_come() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let mut document = Document::new();
        let written = document.write(DOC, ActorId([1; 16]), 1, &[("x".to_owned(), 1.into())]);
        let PushItem::Act(signed) = act(vec![written.unwrap().unwrap().hash().unwrap()]) else { panic!() };
        let mut named = signed.read().unwrap();
        named.proofs = vec![ActId([8; 16])];
        let stated = PushItem::Act(named.sign(&SigningKey::from_bytes(&[1; 32])).unwrap());
        rounds
            .store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                documents::replace(tx, DOC, &document)?;
                outbox::set_aside(tx, DOC, &stated, &said(PROOF_UNKNOWN), 1)?;
                news_have_come(tx, &[ActId([7; 16])].into(), false)
            })
            .unwrap();
        assert_eq!(offer(&rounds).unwrap(), 0, "another one has come");
        rounds.store.write(|tx| news_have_come(tx, &[ActId([8; 16])].into(), false)).unwrap();
        assert_eq!(offer(&rounds).unwrap(), 1);
        let waiting = rounds.store.read(|db| outbox::of(db, DOC)).unwrap();
        assert_eq!(waiting.into_iter().map(|(_, item)| item).collect::<Vec<_>>(), [stated]);
    }

    /// On a record that somebody crowded: written once more on what stands now, it makes room.
    #[test]
    fn what_came_to_stand_beside_too_many_others_is_written_on_all_of_them() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let store = &rounds.store;
        let value = |text: &str| [("x".to_owned(), text.into())];
        let mut base = Document::new();
        base.write(DOC, ActorId([1; 16]), 1, &value("base")).unwrap().unwrap();
        let mut mine = base.clone();
        let mut write = |key: &str, text: &str| {
            let values = [(key.to_owned(), text.into())];
            mine.write(DOC, ActorId([9; 16]), 1, &values).unwrap().unwrap()
        };
        let (first, second) = (write("x", "mine"), write("x", "mine, mended"));
        let over_theirs = write("k20", "mine");
        let mut crowded = base.clone();
        for n in 20..52 {
            let mut other = base.clone();
            let values = [(format!("k{n}"), "theirs".into())];
            other.write(DOC, ActorId([n; 16]), 1, &values).unwrap().unwrap();
            crowded.merge(&other).unwrap();
        }
        assert_eq!(crowded.clone().admit(&first).map_err(|e| e.code()), Err(CROWDED));
        store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                documents::replace(tx, DOC, &crowded)?;
                let hold = |edit: &Edit, code: &str| {
                    outbox::set_aside(tx, DOC, &PushItem::Edit(edit.clone()), &said(code), 1)
                };
                hold(&first, CROWDED)?;
                hold(&second, "edit-number-gap")?;
                hold(&over_theirs, "edit-number-gap")?;
                outbox::note_news(tx, DOC)
            })
            .unwrap();
        assert_eq!(offer(&rounds).unwrap(), 2);
        for (_, item) in store.read(|db| outbox::of(db, DOC)).unwrap() {
            let PushItem::Edit(edit) = item else { panic!("an act") };
            crowded.admit(&edit).unwrap();
        }
        assert_eq!((crowded.heads().len(), crowded.get("x")), (1, Some("mine, mended".into())));
        let held = store.read(outbox::held).unwrap();
        let held: Vec<_> = held.into_iter().map(|h| h.item).collect();
        assert_eq!(held, [PushItem::Edit(over_theirs)], "about their value a person decides");
    }

    /// Found by a critic: after a restore, what was written at the stage that a waiting act had led to stayed held.
    #[test]
    fn what_a_server_had_before_it_was_put_back_is_offered_again_whatever_it_said_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let store = &rounds.store;
        let mut all = Document::new();
        let mut write = |pen: u8, value: &str| {
            let values = [("x".to_owned(), value.into())];
            PushItem::Edit(all.write(DOC, ActorId([pen; 16]), 1, &values).unwrap().unwrap())
        };
        let (had, new) = (write(1, "had"), write(2, "new"));
        let PushItem::Edit(first) = &had else { panic!() };
        let stated = act(vec![first.hash().unwrap()]);
        let frozen = said("stage-frozen");
        let accepted = Before::Ruled(RuledBefore::As("x".into()));
        store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                outbox::push_as(tx, DOC, &had, 1, false, &Before::Had)?;
                outbox::push_as(tx, DOC, &stated, 1, false, &accepted)?;
                outbox::push(tx, DOC, &new, 1)?;
                for waiting in outbox::oldest(tx, 9, usize::MAX)? {
                    let why = if waiting.before == accepted { said(ACCEPTED_BEFORE) } else { frozen.clone() };
                    outbox::hold(tx, waiting.n, &why, 1)?;
                }
                // Any act that comes may be what it rests on.
                news_have_come(tx, &[ActId([7; 16])].into(), false)
            })
            .unwrap();
        assert!(store.read(|db| is_waited_for(db, DOC)).unwrap());
        // What is frozen is so until the record is at another stage.
        assert_eq!(offer(&rounds).unwrap(), 0, "the act is about content that is held");
        store.write(|tx| outbox::note_ruling(tx, DOC)).unwrap();
        assert_eq!(offer(&rounds).unwrap(), 2);
        assert!(!store.read(|db| is_waited_for(db, DOC)).unwrap());
        let waiting = store.read(|db| outbox::oldest(db, 9, usize::MAX)).unwrap();
        let waiting: Vec<_> =
            waiting.iter().map(|one| (one.item.unpack().unwrap(), one.before.clone())).collect();
        assert_eq!(waiting, [(had, Before::Had), (stated, accepted)]);
        let held = store.read(outbox::held).unwrap();
        assert_eq!(
            held.into_iter().map(|held| held.item).collect::<Vec<_>>(),
            [new],
            "about that a person decides"
        );
    }

    /// Found by the simulation: what rested on something that was held after it was left behind, with no news to come.
    #[test]
    fn the_order_in_which_they_were_held_is_nothing_to_what_fits() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let mut document = Document::new();
        let mut write = |value: &str| {
            let values = [("x".to_owned(), value.into())];
            PushItem::Edit(document.write(DOC, ActorId([1; 16]), 1, &values).unwrap().unwrap())
        };
        let items = [write("first"), write("second"), write("third")];
        rounds
            .store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                for item in items.iter().rev() {
                    outbox::set_aside(tx, DOC, item, &said("builds-on-held"), 1)?;
                }
                outbox::note_news(tx, DOC)
            })
            .unwrap();
        assert_eq!(offer(&rounds).unwrap(), 3);
        let waiting = rounds.store.read(|db| outbox::of(db, DOC)).unwrap();
        assert_eq!(waiting.into_iter().map(|(_, item)| item).collect::<Vec<_>>(), items);
    }

    /// Found by the simulation: the server's clock was turned back, and only time made an act right again.
    #[test]
    fn an_act_that_waits_is_tried_about_once_an_hour_without_news() {
        let dir = tempfile::tempdir().unwrap();
        let machine = Arc::new(Replay::new(1_795_400_000_000, 1));
        let rounds = Rounds::open(dir.path(), Key([1; 32]), machine.clone()).unwrap();
        let mut document = Document::new();
        let values = [("x".to_owned(), "y".into())];
        let edit = document.write(DOC, ActorId([1; 16]), 1, &values).unwrap().unwrap();
        let stated = act(vec![edit.hash().unwrap()]);
        let hold = || {
            rounds
                .store
                .write(|tx| {
                    outbox::clear(tx)?;
                    let PushItem::Act(signed) = &stated else { panic!() };
                    acts::remove_unruled(tx, signed.read().unwrap().id)?;
                    outbox::set_aside(tx, DOC, &stated, &said(ACCEPTED_BEFORE), 1)
                })
                .unwrap();
        };
        rounds
            .store
            .write(|tx| {
                identity::store(tx, &me(), &Replay::new(1, 1))?;
                documents::replace(tx, DOC, &document)
            })
            .unwrap();
        hold();
        assert_eq!(offer(&rounds).unwrap(), 1);
        hold();
        assert_eq!(offer(&rounds).unwrap(), 0, "it was tried just now");
        machine.advance(3_600_000);
        assert_eq!(offer(&rounds).unwrap(), 1);
    }
}
