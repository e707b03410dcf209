//! Taking in an answer: receipts, news and cursors, all in one transaction, so that after any kill
//! the phone holds a state that the server once had.
//!
//! The parts of an answer are taken in by [`super::receipts`], [`super::packs`] and [`super::news`];
//! [`super::lost`] is about what a restored server does not send any more.

use super::compose::Composed;
use super::ending;
use super::leaving;
use super::mending;
use super::notes::Notes;
use super::packs;
use crate::error::Fail;
use crate::foreseeing;
use crate::identity;
use crate::platform::Platform;
use crate::projecting;
use crate::store::{acts, meta, records, roster, uploads};
use rounds_model::act::Act;
use rounds_model::ids::{DeviceId, DocId};
use rounds_model::scalar::Scalar;
use rounds_model::time::{Anchor, Reading};
use rounds_model::verdict::Verdict;
use rounds_protocol::exchange::Answer;
use rounds_protocol::fault::Fault;
use rounds_workflow::Catalogue;
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an answer changed, for a progress line.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Absorbed {
    /// Items that the server now has.
    pub sent: u64,
    /// Of these, the ones that it already had: an answer had been lost.
    pub duplicates: u64,
    /// Items that the server holds back.
    pub held: u64,
    /// Items that the server took, for somebody to decide about.
    pub taken: u64,
    /// New things taken in.
    pub received: u64,
    /// Own acts that were accepted.
    pub accepted: u64,
    /// Own acts that were blocked.
    pub blocked: u64,
}

/// An own act that was taken otherwise than was foreseen.
#[derive(Debug)]
pub(super) struct Otherwise {
    pub act: Act,
    pub foreseen: String,
    pub verdict: Verdict,
}

/// An act that was given other numbers before the server was put back.
#[derive(Debug)]
pub(super) struct Renumbered {
    pub act: Act,
    /// What it said before: facts.
    pub before: BTreeMap<String, Scalar>,
    pub verdict: Verdict,
}

/// An answer that is being taken in.
pub(super) struct Absorbing<'a> {
    pub tx: &'a Transaction<'a>,
    pub catalogue: &'a Catalogue,
    pub platform: &'a dyn Platform,
    /// This device.
    pub device: DeviceId,
    /// The server's time, for what is held now.
    pub at_ms: i64,
    pub out: Absorbed,
    /// Something came that may change how waiting acts are expected to be ruled.
    pub surprised: bool,
    /// Own acts that were taken as another act than was foreseen: which, as what each, and why.
    pub turned: Vec<Otherwise>,
    /// Acts whose numbers were others before the server was put back.
    pub renumbered: Vec<Renumbered>,
    /// Records whose row does not follow from their content and acts any more.
    pub dirty: BTreeSet<DocId>,
    /// What the records that came are pinned to, each with one of them.
    pub pinned: BTreeMap<(String, u32), Vec<DocId>>,
}

impl<'a> Absorbing<'a> {
    /// One of which nothing was taken in yet. `at_ms` is the server's time.
    pub(super) fn new(
        tx: &'a Transaction<'a>,
        catalogue: &'a Catalogue,
        platform: &'a dyn Platform,
        device: DeviceId,
        at_ms: i64,
    ) -> Self {
        let (out, dirty) = (Absorbed::default(), BTreeSet::new());
        let (pinned, surprised, turned, renumbered) = (BTreeMap::new(), false, vec![], vec![]);
        Absorbing {
            tx,
            catalogue,
            platform,
            device,
            at_ms,
            out,
            surprised,
            turned,
            renumbered,
            dirty,
            pinned,
        }
    }
}

/// Takes in an answer to what was asked at one reading of the clocks and came at another. Returns what changed and, if packs came, the new catalogue.
pub fn absorb(
    tx: &Transaction<'_>,
    catalogue: &Arc<Catalogue>,
    platform: &dyn Platform,
    composed: &Composed,
    answer: &Answer,
    (asked, at): (Reading, Reading),
) -> Result<(Absorbed, Option<Arc<Catalogue>>), Fail> {
    let mut me = identity::load(tx)?.ok_or(Fail::NotEnrolled)?;
    let at_ms = answer.server_ms;
    let mut absorbing = Absorbing::new(tx, catalogue, platform, me.device, at_ms);
    let before = roster::cursors(tx)?;
    absorbing.receipts(composed, answer)?;
    let new = packs::absorb(tx, &answer.pull)?;
    if let Some((_, kinds)) = &new {
        // Before the news: what the server sends with its packs follows from them already.
        absorbing.dirty.extend(records::to_project(tx, kinds)?);
    }
    absorbing.news(&answer.pull)?;
    let before_role = identity::follow(tx, &mut me)?.map(|before| before.role);
    if before_role.as_ref().is_some_and(|role| *role != me.person.role) {
        // What they said before and nobody has ruled on is foreseen by what they may do now.
        absorbing.dirty.extend(acts::unruled(tx)?);
        absorbing.surprised = true;
    }
    let me = &me;
    roster::put_cursors(tx, &answer.cursors)?;
    if !answer.more {
        leaving::is_not_lost(tx)?;
        absorbing.set_aside_lost()?;
    }
    if meta::get(tx, "epoch")? != Some(Some(answer.epoch)) {
        meta::set(tx, "epoch", &Some(answer.epoch))?;
    }
    for lost in &answer.lost {
        uploads::forget_receipt(tx, lost.doc, &lost.hash)?;
    }
    if answer.witness.is_some() {
        meta::set(tx, "witness", &answer.witness)?;
    }
    if answer.team_key.is_some() {
        meta::set(tx, "team_key", &answer.team_key)?;
    }
    let anchor = Anchor::learnt(asked, at, answer.server_ms);
    meta::set(tx, "anchor", &anchor)?;
    meta::set(tx, "synced", &anchor)?;
    // What was written down by a clock that nobody had checked is of no use any more.
    meta::remove(tx, "seen")?;
    let no_access = answer.ended.as_ref().map_or("", |_| Fault::DeviceRevoked.code());
    meta::set(tx, "no_access", &no_access)?;

    let Absorbing { mut out, surprised, turned, renumbered, mut dirty, pinned, .. } = absorbing;
    out.received = answer.pull.len() as u64;
    let before_packs = catalogue;
    let catalogue = new.as_ref().map_or(catalogue, |(catalogue, _)| catalogue);
    let mut pins = packs::Pins::new();
    for ((kind, version), docs) in pinned {
        // Such a row came with a form that is not here: until it is, the row is what this phone can
        // make of the record, so that every row follows from what is here.
        if catalogue.lacks(&kind, version).is_some() {
            dirty.extend(docs);
        }
        pins.insert((kind, version));
    }
    for doc in dirty {
        if let Some(document) = mending::load(tx, catalogue, doc, at_ms)? {
            pins.extend(projecting::project_pinned(tx, catalogue, me, doc, &document)?);
        }
    }
    if let Some((catalogue, kinds)) = &new {
        packs::prune(tx, catalogue, kinds, &pins)?;
        projecting::follow(tx, before_packs, catalogue)?;
    }
    packs::want(tx, catalogue, &pins, &composed.request.packs)?;
    let notes = Notes { tx, catalogue, me, at_ms };
    notes.news(&composed.request.acts, answer, &before)?;
    turned.iter().try_for_each(|otherwise| notes.turned(otherwise))?;
    renumbered.iter().try_for_each(|renumbered| notes.renumbered(renumbered))?;
    notes.role(before_role.as_ref())?;
    match &answer.ended {
        // It holds nothing any more, and keeps all of it until everything is handed over.
        Some(ended) => ending::note(tx, ended)?,
        None if answer.more || answer.cursors.is_empty() => {}
        None => notes.gone(&leaving::tidy(&notes, &composed.request.acts)?)?,
    }
    if surprised || new.is_some() {
        foreseeing::note_surprise(tx)?;
    }
    // Once, with all rulings in: what the server ruled on meanwhile is not ruled on again on a later page.
    if answer.ended.is_none() && !answer.more {
        foreseeing::settle(tx, catalogue, me)?;
    }
    Ok((out, new.map(|(catalogue, _)| catalogue)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use crate::platform::Replay;
    use crate::store::outbox;
    use crate::sync::compose::{Bounds, compose};
    use crate::{Key, Rounds};
    use ed25519_dalek::SigningKey;
    use rounds_model::ids::{Epoch, PersonId, PublicKey, Seq, TeamId};
    use rounds_model::people::{Device, Person, Role};
    use rounds_model::refusal::Refusal;
    use rounds_model::text::{Lang, Text};
    use rounds_model::verdict::{Outcome, Turned};
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_protocol::exchange::{PullItem, PushItem, Receipt};
    use rounds_workflow::Bundle;

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
rule = "Q.2"
fields = [{ name = "room", type = "text", title = { zh = "房间", en = "Room" } }]
write = [{ stages = ["draft"], roles = ["rep"], who = "owner", fields = ["*"] }]
[kinds.booking.display]
title = { zh = "concat('房间 ', ${room})", en = "concat('Room ', ${room})" }
[kinds.booking.stages]
draft = { title = { zh = "草稿", en = "Draft" } }
waits = { title = { zh = "候补", en = "Waiting" } }
taken = { title = { zh = "占用", en = "Taken" } }
[kinds.booking.acts.take]
title = { zh = "占用", en = "Take" }
from = ["draft"]
to = "taken"
roles = ["rep"]
otherwise = "queue"
[kinds.booking.acts.take.numbers.ticket]
title = { zh = "票号", en = "Ticket" }
prefix = "T"
date = "day"
digits = 4
[kinds.booking.acts.queue]
title = { zh = "候补", en = "Wait" }
from = ["draft"]
to = "waits"
roles = ["rep"]
[kinds.booking.acts.give_up]
title = { zh = "放弃", en = "Give up" }
from = ["waits", "taken"]
to = "draft"
roles = ["rep"]
[[arbitration]]
type = "one_open"
name = "room-taken"
kind = "booking"
key = "${room}"
open = ["taken"]
waits = ["waits"]
code = "room-taken"
rule = "Q.2"
reason = { zh = "已被占用。", en = "It is taken." }
remedy = { zh = "请等待。", en = "Wait for it." }
"#;

    fn phone(folder: &std::path::Path) -> Rounds {
        let platform = Arc::new(Replay::new(1_795_400_000_000, 1));
        let open = || Rounds::open(folder, Key([1; 32]), platform.clone()).unwrap();
        let rounds = open();
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let answer =
            EnrolAnswer { device: DeviceId([4; 16]), token: String::new(), person, team, server_ms: 1 };
        let key = SigningKey::from_bytes(&[1; 32]);
        let me = Identity::new(answer, "https://sim.invalid", &key);
        let bundle = Bundle::new([("pack.toml", PACK.as_bytes().to_vec())]).unwrap().encode().unwrap();
        let key = PublicKey(key.verifying_key().to_bytes());
        let device = Device { id: me.device, name: "x".into(), person: me.person.id, key };
        rounds
            .store
            .write(|tx| {
                identity::store(tx, &me, &*platform)?;
                roster::put_device(tx, &device)?;
                roster::put_pack(tx, "rooms", 1, &bundle)
            })
            .unwrap();
        drop(rounds);
        open()
    }

    /// The server has everything, and has ruled on the last act: as it says.
    fn ruled(rounds: &Rounds, seq: u64, stage: &str, turned: Option<Turned>) {
        ruled_with(rounds, seq, stage, turned, BTreeMap::new());
    }

    fn ruled_with(
        rounds: &Rounds,
        seq: u64,
        stage: &str,
        turned: Option<Turned>,
        facts: BTreeMap<String, Scalar>,
    ) {
        let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
        let at = rounds.platform.clocks().unwrap();
        rounds
            .store
            .write(|tx| {
                let composed = compose(tx, &me, &Bounds::default(), vec![])?;
                let items = outbox::oldest(tx, usize::MAX, usize::MAX)?;
                let act = items.iter().rev().find_map(|waiting| match waiting.item.unpack() {
                    Ok(PushItem::Act(signed)) => Some(signed),
                    _ => None,
                });
                let signed = act.unwrap();
                let act = signed.read().unwrap();
                let (outcome, stage) = (Outcome::Accepted, stage.to_owned());
                let (seq, at_ms) = (Seq(seq), 1);
                let verdict =
                    Verdict { act: act.id, doc: act.doc, seq, outcome, stage, facts, turned, at_ms };
                let answer = Answer {
                    receipts: composed.sent.iter().map(|_| Receipt::Stored(seq)).collect(),
                    pull: vec![PullItem::Ruled { act: signed, verdict: Box::new(verdict) }],
                    cursors: Default::default(),
                    epoch: Epoch([4; 16]),
                    more: false,
                    server_ms: 1_795_400_000_000,
                    team_key: None,
                    ended: None,
                    level: None,
                    witness: None,
                    lost: vec![],
                };
                absorb(tx, &catalogue, &*rounds.platform, &composed, &answer, (at, at)).map(drop)
            })
            .unwrap();
    }

    /// Found by a user: after a restore applications had other numbers than their papers, and nobody was told.
    #[test]
    fn who_has_a_number_on_paper_is_told_that_a_server_that_was_put_back_gave_another() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let doc = rounds.create("booking", &[("room".to_owned(), "101".to_owned())]).unwrap();
        rounds.act(doc, "take", &[]).unwrap();
        let facts = |number: &str| [("ticket".to_owned(), number.into())].into();
        ruled_with(&rounds, 7, "taken", None, facts("T20261201-0001"));
        assert!(rounds.notices(Lang::En).unwrap().is_empty(), "what was guessed here is no number yet");
        for number in ["T20261201-0001", "T20261201-0002"] {
            let (catalogue, me) = (rounds.catalogue(), rounds.identity().unwrap());
            let again = |tx: &Transaction<'_>| crate::sync::again::offer_again(tx, &catalogue, &me, 1);
            rounds.store.write(again).unwrap();
            ruled_with(&rounds, 7, "taken", None, facts(number));
        }
        let told = rounds.notices(Lang::En).unwrap();
        let text = "Room 101: Ticket is now T20261201-0002; before the server was put back to a backup it was \
                    T20261201-0001.";
        assert_eq!(told.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), [text]);
        assert!(rounds.notices(Lang::Zh).unwrap()[0].more.as_ref().unwrap().contains("T20261201-0001"));
    }

    /// Found by users: that a seat was lost was told on the record alone.
    #[test]
    fn q2_a_seat_that_became_a_place_on_the_list_is_among_what_needs_the_rep() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let doc = rounds.create("booking", &[("room".to_owned(), "101".to_owned())]).unwrap();
        assert_eq!(rounds.act(doc, "take", &[]).unwrap().stage, "taken");
        let why = Refusal::new(
            "room-taken",
            Text { zh: "已被占用。".into(), en: "It is taken.".into() },
            Text { zh: "请等待。".into(), en: "Wait for it.".into() },
        );
        ruled(&rounds, 7, "waits", Some(Turned { act: "queue".into(), why }));
        let status = rounds.status(Lang::En).unwrap();
        assert_eq!((status.state, status.needs_you), ("needs_you", 1));
        let told = |lang| {
            let entry = rounds.outbox(lang).unwrap().turned.remove(0);
            let reason = entry.reason.unwrap();
            (
                entry.record.unwrap().id,
                entry.what,
                format!("{}{}", reason.reason, reason.remedy),
                entry.number,
            )
        };
        let (record, what, reason, number) = told(Lang::En);
        assert_eq!((record, what.as_str()), (doc, "“Take” was taken as “Wait”: Room 101."));
        assert_eq!(reason, "It is taken.Wait for it.");
        assert_eq!(told(Lang::Zh).1, "“占用”按“候补”处理了：房间 101。");
        // Read, it is put aside.
        rounds.dismiss(number.unwrap()).unwrap();
        assert_eq!(rounds.status(Lang::En).unwrap().needs_you, 0);
        assert!(rounds.outbox(Lang::En).unwrap().turned.is_empty());
    }

    #[test]
    fn q2_what_was_foreseen_is_told_nobody_again_and_what_is_ruled_later_is_the_last_word() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = phone(dir.path());
        let new = || rounds.create("booking", &[("room".to_owned(), "101".to_owned())]).unwrap();
        let (first, second) = (new(), new());
        rounds.act(first, "take", &[]).unwrap();
        ruled(&rounds, 7, "taken", None);
        assert_eq!(rounds.act(second, "take", &[]).unwrap().stage, "waits");
        let why = Refusal::new("room-taken", Text::default(), Text::default());
        // The colleague's was given up before this one arrived.
        ruled(&rounds, 8, "taken", None);
        let turned = rounds.outbox(Lang::En).unwrap().turned;
        let words = "“Take” was accepted after all, not taken as “Wait” as it had looked here: Room 101.";
        assert_eq!((turned.len(), turned[0].what.as_str()), (1, words));
        assert_eq!(turned[0].reason, None);
        rounds.act(second, "give_up", &[]).unwrap();
        ruled(&rounds, 9, "draft", None);
        assert!(rounds.outbox(Lang::En).unwrap().turned.is_empty(), "something else was ruled since");
        assert_eq!(rounds.act(second, "take", &[]).unwrap().stage, "waits");
        ruled(&rounds, 10, "waits", Some(Turned { act: "queue".into(), why }));
        assert!(rounds.outbox(Lang::En).unwrap().turned.is_empty(), "it had looked so here");
    }
}
