//! How the acts that wait are expected to be ruled.
//!
//! An act is foreseen when it is stated, on what the phone knew then. What came after it there, an edit or
//! another act, is nothing to the server, which takes things in their order: so it is nothing here either. Only
//! what comes from the server lies before all that waits. Then the waiting acts are ruled anew, one after
//! the other, each on the records as they stood when it was stated, with the news in them.
//!
//! What the server has is ruled already, and only not known here yet: of that the expectation stays. So it is while
//! everything is offered again to a server that was restored, until it has all of it: what it ruled before is the
//! best that is known, and what it says now comes in another order.

mod past;

use crate::error::Fail;
use crate::identity::Identity;
use crate::projecting;
use crate::store::{acts, documents, foreseen, meta, outbox};
use past::Past;
use rounds_model::act::Act;
use rounds_model::ids::{ActId, ChangeHash, DocId};
use rounds_protocol::exchange::PushItem;
use rounds_workflow::{Catalogue, Foreseen, Ruling};
use rusqlite::{Connection, Transaction};
use std::collections::{BTreeMap, HashSet};

/// In the store: something came that may change what is expected, and not all is in that came with it.
const DUE: &str = "foresee_anew";
/// In the store: the last place in the outbox of what is offered again to a restored server.
const OFFERED: &str = "offered_again";

/// Notes that something came which may change how waiting acts are expected to be ruled.
pub(crate) fn note_surprise(tx: &Transaction<'_>) -> Result<(), Fail> {
    meta::set(tx, DUE, &true)
}

/// Notes that everything in the outbox is offered again.
pub(crate) fn note_offered_again(tx: &Transaction<'_>) -> Result<(), Fail> {
    meta::set(tx, OFFERED, &outbox::newest(tx)?)
}

/// With all news in: rules on what waits anew, if anything came that may change it.
pub(crate) fn settle(tx: &Transaction<'_>, catalogue: &Catalogue, me: &Identity) -> Result<(), Fail> {
    match meta::get::<bool>(tx, DUE)? {
        Some(true) => anew(tx, catalogue, me),
        _ => Ok(()),
    }
}

/// Rules on everything that waits anew, and makes the rows anew that follow from it. Not yet while everything is
/// offered again.
pub(crate) fn anew(tx: &Transaction<'_>, catalogue: &Catalogue, me: &Identity) -> Result<(), Fail> {
    if is_offering_again(tx)? {
        return note_surprise(tx);
    }
    for (doc, rulings) in other_than_foreseen(tx, catalogue, me)? {
        for (act, ruling) in &rulings {
            foreseen::put(tx, doc, *act, ruling)?;
        }
        if let Some(document) = documents::load(tx, doc)? {
            projecting::project(tx, catalogue, me, doc, &document)?;
        }
    }
    meta::remove(tx, OFFERED)?;
    meta::remove(tx, DUE)
}

pub(crate) fn is_offering_again(db: &Connection) -> Result<bool, Fail> {
    let Some(last) = meta::get::<i64>(db, OFFERED)? else { return Ok(false) };
    Ok(outbox::first(db)?.is_some_and(|first| first <= last))
}

/// The waiting acts that are expected to be ruled in another way than what is kept says, by record.
pub(crate) fn other_than_foreseen(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
) -> Result<BTreeMap<DocId, Foreseen>, Fail> {
    let mut out: BTreeMap<DocId, Foreseen> = BTreeMap::new();
    let waiting = acts::waiting(db)?;
    if waiting.is_empty() || is_offering_again(db)? {
        return Ok(out);
    }
    let steps = steps(db, &waiting)?;
    let mut past = Past::new(db, catalogue, me, &steps);
    for step in &steps {
        past.go(step)?;
    }
    let mut foreseen = past.foreseen();
    for act in &waiting {
        let Some(ruling) = foreseen.remove(&act.id) else { continue };
        if foreseen::get(db, act.id)?.as_ref() != Some(&ruling) {
            out.entry(act.doc).or_default().insert(act.id, ruling);
        }
    }
    Ok(out)
}

/// What was done here and waits, from the first act on.
enum Step<'a> {
    /// An act that the server has: how it is expected to be ruled rests on what was known when it was sent.
    Sent(&'a Act, Box<Ruling>),
    Edit(DocId, ChangeHash),
    Act(&'a Act),
}

impl Step<'_> {
    fn doc(&self) -> DocId {
        match self {
            Step::Edit(doc, _) => *doc,
            Step::Sent(act, _) | Step::Act(act) => act.doc,
        }
    }
}

/// In the order in which the server takes it: acts that it has already, then the outbox.
fn steps<'a>(db: &Connection, waiting: &'a [Act]) -> Result<Vec<Step<'a>>, Fail> {
    let by_id: BTreeMap<ActId, &Act> = waiting.iter().map(|act| (act.id, act)).collect();
    let (mut unsent, mut queued) = (Vec::new(), HashSet::new());
    for waiting in outbox::oldest(db, usize::MAX, usize::MAX)?.into_iter().filter(|waiting| !waiting.again) {
        match waiting.item.unpack() {
            Ok(PushItem::Edit(edit)) => {
                unsent.extend(edit.hash().map(|hash| Step::Edit(waiting.doc, hash)));
            }
            Ok(PushItem::Act(signed)) => {
                let act = signed.read().ok().and_then(|act| by_id.get(&act.id));
                unsent.extend(act.map(|act| Step::Act(act)));
                queued.extend(act.map(|act| act.id));
            }
            // It is told when it is sent.
            Err(_) => {}
        }
    }
    let mut all = Vec::new();
    for act in waiting.iter().filter(|act| !queued.contains(&act.id)) {
        // Nothing was expected of one that was held, taken over by somebody and ruled out of sight.
        all.push(
            foreseen::get(db, act.id)?.map_or(Step::Act(act), |ruling| Step::Sent(act, Box::new(ruling))),
        );
    }
    all.extend(unsent);
    Ok(all.into_iter().skip_while(|step| matches!(step, Step::Edit(..))).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::platform::Replay;
    use crate::store::{records, roster};
    use crate::{Key, Rounds};
    use ed25519_dalek::SigningKey;
    use rounds_model::document::Document;
    use rounds_model::ids::PersonId;
    use rounds_model::ids::{ActorId, DeviceId, Seq, TeamId};
    use rounds_model::people::{Person, Role};
    use rounds_model::verdict::{Outcome, Verdict};
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_workflow::Bundle;
    use std::sync::Arc;

    const PACK: &str = r#"
id = "rooms"
version = 1
title = { zh = "房间", en = "Rooms" }
[kinds.booking]
title = { zh = "预订", en = "Booking" }
plural = { zh = "预订", en = "Bookings" }
scope = "team"
create = ["rep"]
initial = "draft"
rule = "Q.1"
fields = [{ name = "room", type = "text", title = { zh = "房间", en = "Room" } }]
write = [{ stages = ["draft"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.booking.display]
title = { zh = "${room}", en = "${room}" }
[kinds.booking.stages]
draft = { title = { zh = "草稿", en = "Draft" } }
taken = { title = { zh = "占用", en = "Taken" } }
free = { title = { zh = "退房", en = "Given back" } }
[kinds.booking.acts.take]
title = { zh = "占用", en = "Take" }
from = ["draft"]
to = "taken"
roles = ["rep"]
[kinds.booking.acts.give_back]
title = { zh = "退房", en = "Give back" }
from = ["taken"]
to = "free"
roles = ["rep"]
[[arbitration]]
type = "one_open"
name = "room-taken"
kind = "booking"
key = "${room}"
open = ["taken"]
code = "room-taken"
rule = "Q.1"
reason = { zh = "已被占用。", en = "It is taken." }
remedy = { zh = "请换一个。", en = "Choose another one." }
"#;

    /// A phone with bookings of rooms, each of which one has at a time.
    pub(crate) fn phone(folder: &std::path::Path) -> Rounds {
        let open =
            || Rounds::open(folder, Key([1; 32]), Arc::new(Replay::new(1_795_400_000_000, 1))).unwrap();
        let rounds = open();
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let answer =
            EnrolAnswer { device: DeviceId([4; 16]), token: String::new(), person, team, server_ms: 1 };
        let me = Identity::new(answer, "https://sim.invalid", &SigningKey::from_bytes(&[1; 32]));
        let bundle = Bundle::new([("pack.toml", PACK.as_bytes().to_vec())]).unwrap().encode().unwrap();
        let replay = Replay::new(1, 9);
        rounds
            .store
            .write(|tx| {
                crate::identity::store(tx, &me, &replay)?;
                roster::put_pack(tx, "rooms", 1, &bundle)
            })
            .unwrap();
        drop(rounds);
        open()
    }

    /// What is known here of how a record stands.
    pub(crate) fn stage(rounds: &Rounds, doc: DocId) -> String {
        rounds.store.read(|db| records::get(db, doc)).unwrap().unwrap().projection.stage
    }

    /// Found by a critic: every record of which something waits was open until all of it was ruled on.
    #[test]
    fn a_record_is_opened_when_it_is_asked_for_and_closed_after_its_last_step() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let booking = |room: &str| rounds.create("booking", &[("room".to_owned(), room.to_owned())]).unwrap();
        let [first, second, third] = ["101", "102", "103"].map(booking);
        rounds.act(first, "take", &[]).unwrap();
        rounds.act(first, "give_back", &[]).unwrap();
        rounds.act(second, "take", &[]).unwrap();
        rounds.answer(third, &[("room".to_owned(), "104".to_owned())]).unwrap();
        let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
        let open = rounds.store.read(|db| {
            let waiting = acts::waiting(db)?;
            let steps = steps(db, &waiting)?;
            let mut past = Past::new(db, &catalogue, &me, &steps);
            let mut open = vec![past.open()];
            for step in &steps {
                past.go(step)?;
                open.push(past.open());
            }
            Ok(open)
        });
        // Taking a room asks for all bookings; giving it back for none, and its record is closed then.
        assert_eq!(open.unwrap(), [0, 3, 2, 1, 0]);
    }

    /// A colleague's booking comes from the server, where it was ruled on before anything that waits here: what
    /// waits is ruled anew, all of it, each act behind the one before.
    #[test]
    fn q1_what_comes_from_the_server_lies_before_everything_that_waits() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let room = [("room".to_owned(), "101".to_owned())];
        let (first, second) =
            (rounds.create("booking", &room).unwrap(), rounds.create("booking", &room).unwrap());
        rounds.act(first, "take", &[]).unwrap();
        assert_eq!(rounds.act(second, "take", &[]).unwrap_err().code, "room-taken");
        rounds.act(first, "give_back", &[]).unwrap();
        rounds.act(second, "take", &[]).unwrap();
        let stages = || [first, second].map(|doc| stage(&rounds, doc));
        assert_eq!(stages(), ["free", "taken"]);
        assert_eq!(rounds.verify().unwrap().outdated, 0);

        let (theirs, mut document) = (DocId([9; 16]), Document::new());
        let owner = PersonId([8; 16]).to_string();
        let values = [
            ("@kind", "booking".into()),
            ("@owner", owner.as_str().into()),
            ("@pack", 1.into()),
            ("room", "101".into()),
        ];
        let values = values.map(|(key, value)| (key.to_owned(), value));
        document.write(theirs, ActorId([8; 16]), 1, &values).unwrap().unwrap();
        let news = |outcome: Outcome, stage: &str| {
            let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
            rounds
                .store
                .write(|tx| {
                    let mut act = acts::waiting(tx)?.remove(0);
                    (act.id, act.doc, act.person) = (ActId([7; 16]), theirs, PersonId([8; 16]));
                    let (stage, facts) = (stage.to_owned(), BTreeMap::new());
                    let (seq, turned, at_ms) = (Seq(1), None, 1);
                    let verdict =
                        Verdict { act: act.id, doc: theirs, seq, outcome, stage, facts, turned, at_ms };
                    let signed = act.sign(&SigningKey::from_bytes(&[8; 32])).unwrap();
                    documents::replace(tx, theirs, &document)?;
                    acts::insert_ruled(tx, &signed, &verdict, false)?;
                    projecting::project(tx, &catalogue, &me, theirs, &document)?;
                    assert!(!other_than_foreseen(tx, &catalogue, &me)?.is_empty());
                    anew(tx, &catalogue, &me)?;
                    assert!(other_than_foreseen(tx, &catalogue, &me)?.is_empty());
                    Ok(())
                })
                .unwrap();
        };
        news(Outcome::Accepted, "taken");
        assert_eq!(stages(), ["draft", "draft"]);
        // As if the colleague had given it back.
        news(Outcome::Accepted, "free");
        assert_eq!(stages(), ["free", "taken"]);
        assert!(rounds.verify().unwrap().is_clean());
    }
}
