//! One bad item never stops another: each is held by itself, for its own reason.

use crate::exchange::exchange;
use crate::storage::Storage;
use crate::testing::{BOSS, Office, act, doc, edit, words};
use rounds_model::edit::Edit;
use rounds_model::ids::{ActorId, ChangeHash, PersonId};
use rounds_protocol::exchange::{Packed, Receipt, Request, RuledBefore};
use std::collections::BTreeMap;

#[test]
fn held_items_and_their_neighbours() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let good = li.ticket(1, "good");
    let (me, nobody) = (li.person, PersonId([99; 16]));
    let tamper = |edit: &Edit, change: &dyn Fn(&mut Edit)| {
        let mut bad = edit.clone();
        change(&mut bad);
        crate::testing::edit(&bad)
    };
    let other = li.ticket(2, "other");
    let cases: Vec<(Packed, &str)> = vec![
        (Packed(b"noise".to_vec()), "item-malformed"),
        (tamper(&other, &|e| e.check[0] ^= 1), "edit-damaged"),
        (tamper(&other, &|e| e.time = rounds_model::edit::limits::TIME), "edit-out-of-bounds"),
        (tamper(&other, &|e| e.seq = 2), "edit-number-gap"),
        (tamper(&other, &|e| e.deps = vec![ChangeHash([1; 32])]), "edit-missing-deps"),
        (tamper(&other, &|e| e.puts.clear()), "edit-out-of-bounds"),
        (edit(&li.create(doc(3), "nothing", me, &[])), "kind-unknown"),
        (edit(&li.create(doc(4), "place", me, &[("code", "x")])), "role-may-not-create"),
        (edit(&li.create(doc(5), "ticket", boss.person, &[("title", "x")])), "create-for-others"),
        (edit(&li.create(doc(6), "ticket", nobody, &[("title", "x")])), "owner-unknown"),
        (edit(&li.create(doc(7), "ticket", me, &[("colour", "x")])), "field-not-writable"),
        (edit(&li.set(doc(8), "title", "no identity")), "no-identity"),
        (edit(&good), "stored"),
        (edit(&other), "stored"),
        (edit(&good), "duplicate"),
    ];
    let (items, wanted): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let before = office.numbers().len();
    assert_eq!(words(&li.push(&office, items)), wanted);
    assert_eq!(office.numbers().len(), before + 3, "a pen and two edits");
    boss.sync(&office);
    assert_eq!(boss.docs.len(), 2);
}

#[test]
fn a_held_edit_takes_along_what_builds_on_it_and_nothing_else() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let a = [li.ticket(1, "a"), li.set(doc(1), "@owner", "me"), li.set(doc(1), "note", "on top")];
    let b = [li.ticket(2, "b"), li.set(doc(2), "note", "fine")];
    let submit = li.act(doc(1), "send", "open");
    let items = vec![edit(&a[0]), edit(&a[1]), edit(&a[2]), act(&submit), edit(&b[0]), edit(&b[1])];
    let got = words(&li.push(&office, items));
    assert_eq!(got[..2], ["stored", "control-key"]);
    assert!(got[2].starts_with("edit-"), "{got:?}");
    assert_eq!(got[3..], ["act-heads-unknown", "stored", "stored"]);
}

#[test]
fn stages_freeze_fields_and_owners_keep_theirs() {
    let office = Office::new();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let items = vec![edit(&li.ticket(1, "a")), act(&li.act(doc(1), "send", "open"))];
    li.push(&office, items);
    let late = li.set(doc(1), "title", "too late");
    assert_eq!(words(&li.push(&office, vec![edit(&late)])), ["stage-frozen"]);
    boss.sync(&office);
    let foreign = boss.set(doc(1), "title", "mine");
    assert_eq!(words(&boss.push(&office, vec![edit(&foreign)])), ["not-owner"]);
    zhao.docs.insert(doc(1), boss.docs[&doc(1)].clone());
    let note = zhao.set(doc(1), "note", "not shared with me");
    assert_eq!(words(&zhao.push(&office, vec![edit(&note)])), ["taken record-out-of-scope"]);
}

#[test]
fn a_record_is_full_by_what_was_written_not_by_what_it_is_compressed_to() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = li.ticket(1, "a");
    li.push(&office, vec![edit(&first)]);
    let mut got = vec![];
    for push in 0..14 {
        let long = |n: u32| format!("{n}{}", "x".repeat(65_000));
        let edits: Vec<_> = (0..10).map(|n| edit(&li.set(doc(1), "note", &long(push * 10 + n)))).collect();
        got.extend(words(&li.push(&office, edits)));
    }
    let stored = got.iter().filter(|word| *word == "stored").count();
    assert_eq!((stored, got[stored].as_str()), (128, "record-full"), "8 MB of 65 KB each");
}

#[test]
fn an_actor_belongs_to_the_device_that_used_it_first() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let first = li.ticket(1, "a");
    li.push(&office, vec![edit(&first)]);
    zhao.actor = li.actor;
    let stolen = zhao.ticket(2, "b");
    assert_eq!(words(&zhao.push(&office, vec![edit(&stolen)])), ["actor-foreign"]);
    zhao.actor = ActorId([200; 16]);
    let own = zhao.ticket(3, "c");
    assert_eq!(words(&zhao.push(&office, vec![edit(&own)])), ["stored"]);
}

#[test]
fn a_phone_restored_from_a_backup_is_told_that_its_number_is_used() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = li.ticket(1, "a");
    li.push(&office, vec![edit(&first)]);
    let backup = li.docs[&doc(1)].clone();
    let second = li.set(doc(1), "note", "before the restore");
    li.push(&office, vec![edit(&second)]);
    li.docs.insert(doc(1), backup);
    let fork = li.set(doc(1), "note", "after the restore");
    assert_eq!(words(&li.push(&office, vec![edit(&fork)])), ["edit-number-used"]);
}

#[test]
fn acts_that_cannot_be_believed() {
    let office = Office::new();
    let (mut li, zhao) = (office.phone("李娜"), office.phone("赵强"));
    let first = li.ticket(1, "a");
    li.push(&office, vec![edit(&first)]);
    let good = li.act(doc(1), "send", "open");
    let mut changed = good.clone();
    *changed.body.last_mut().unwrap() ^= 1;
    let mut forged = good.clone();
    forged.signature.0[3] ^= 1;
    let unknown = li.act(doc(9), "send", "open");
    li.docs.insert(doc(9), li.docs[&doc(1)].clone());
    let blind = li.act(doc(1), "send", "open").read().unwrap();
    let resign = |change: &dyn Fn(&mut rounds_model::act::Act)| {
        let mut act = blind.clone();
        act.id.0[15] ^= 1;
        change(&mut act);
        crate::testing::act(&act.sign(&li.key).unwrap())
    };
    let mut reused = good.read().unwrap();
    reused.name = "finish".into();
    let items = vec![
        act(&forged),
        act(&unknown),
        resign(&|a| a.heads = vec![]),
        resign(&|a| a.heads = vec![ChangeHash([7; 32])]),
        resign(&|a| a.person = zhao.person),
        resign(&|a| a.device = zhao.device),
        resign(&|a| a.time.at_ms += 1),
        act(&good),
        act(&good),
        act(&reused.sign(&li.key).unwrap()),
    ];
    let wanted = [
        "act-signature",
        "record-unknown",
        "act-heads-unknown",
        "act-heads-unknown",
        "act-foreign",
        "act-foreign",
        "time-unfounded",
        "stored",
        "duplicate",
        "act-id-used",
    ];
    assert_eq!(words(&li.push(&office, items)), wanted);
    let changed = words(&li.push(&office, vec![act(&changed)]));
    assert!(["item-malformed", "act-signature"].contains(&changed[0].as_str()), "{changed:?}");
}

#[test]
fn acts_that_nobody_could_state_are_held_and_the_others_have_a_bound() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let first = li.ticket(1, "a");
    let items = vec![edit(&first), act(&li.act(doc(1), "send", "open"))];
    li.push(&office, items);
    zhao.docs.insert(doc(1), li.docs[&doc(1)].clone());
    let strange = zhao.act(doc(1), "send", "open");
    assert_eq!(words(&zhao.push(&office, vec![act(&strange)])), ["taken record-out-of-scope"]);
    let before = office.numbers();
    let items = vec![act(&li.act(doc(1), "dance", "open")), act(&li.act(doc(1), "finish", "sent"))];
    assert_eq!(words(&li.push(&office, items)), ["act-unknown", "act-role"]);
    assert_eq!(office.numbers(), before);
    // As if it had been sent again and again.
    let mut tx = office.db.write(office.team).unwrap();
    let one = tx.acts_of(&[doc(1)]).unwrap().remove(0);
    let more: Vec<_> = (0..1_998u16)
        .map(|n| {
            let mut row = one.clone();
            row.act.0[..2].copy_from_slice(&n.to_be_bytes());
            row.act.0[15] ^= 0xff;
            (row.seq, row.verdict.act) = (tx.next_seq(), row.act);
            row
        })
        .collect();
    tx.put_acts(&more).unwrap();
    tx.commit().unwrap();
    let items = vec![act(&li.act(doc(1), "send", "sent")), act(&li.act(doc(1), "send", "sent"))];
    assert_eq!(words(&li.push(&office, items)), ["stored", "record-full"]);
}

#[test]
fn a_damaged_record_holds_its_own_items_only() {
    for damage in [
        "UPDATE documents SET snapshot = x'00' WHERE doc = ?1",
        "UPDATE documents SET scope = x'00' WHERE doc = ?1",
        "UPDATE records SET projection = x'00' WHERE doc = ?1",
        "UPDATE acts SET verdict = x'00' WHERE doc = ?1",
        "DELETE FROM records WHERE doc = ?1",
    ] {
        let office = Office::new();
        let mut li = office.phone("李娜");
        let first = [li.ticket(1, "a"), li.ticket(2, "b")];
        let send = li.act(doc(1), "send", "open");
        li.push(&office, vec![edit(&first[0]), edit(&first[1]), act(&send)]);
        let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
        assert_eq!(file.execute(damage, [doc(1).0]).unwrap(), 1);
        let items = vec![
            edit(&li.set(doc(1), "note", "lost?")),
            act(&li.act(doc(1), "send", "open")),
            edit(&li.set(doc(2), "note", "fine")),
            edit(&li.ticket(3, "new")),
            edit(&first[0]),
        ];
        let got = words(&li.push(&office, items));
        let wanted = ["record-damaged", "record-damaged", "stored", "stored", "duplicate"];
        assert_eq!(got, wanted, "{damage}");
    }
}

/// A record that is created and changed twice without a network, its items arriving in any order:
/// what comes too early is held with its reason and never applied by force; sent again, it goes
/// through, and the end is the same.
#[test]
fn lesson_10_out_of_order_offline_chains() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for order in orders {
        for alone in [true, false] {
            let office = Office::new();
            let mut li = office.phone("李娜");
            let chain = [li.ticket(1, "a"), li.set(doc(1), "note", "b"), li.set(doc(1), "note", "c")]
                .map(|e| edit(&e));
            let early = ["edit-missing-deps", "edit-number-gap", "no-identity", "record-unknown"];
            let mut rest: Vec<usize> = order.to_vec();
            for round in 0..3 {
                let items: Vec<_> = rest.iter().map(|n| chain[*n].clone()).collect();
                let got = match alone {
                    false => words(&li.push(&office, items)),
                    true => items.into_iter().flat_map(|item| words(&li.push(&office, vec![item]))).collect(),
                };
                for (n, word) in rest.iter().zip(&got) {
                    let known = word == "stored" || early.contains(&word.as_str());
                    assert!(known, "{order:?} {round}: item {n}: {word}");
                }
                let mut left = vec![];
                for (n, word) in rest.iter().zip(&got) {
                    if word != "stored" {
                        left.push(*n);
                    }
                }
                assert!(left.len() < rest.len(), "each round brings one further: {order:?} {got:?}");
                rest = left;
                if rest.is_empty() {
                    break;
                }
            }
            assert!(rest.is_empty(), "{order:?}");
            let mut boss = office.phone(BOSS);
            boss.sync(&office);
            assert_eq!(
                boss.docs[&doc(1)].get("note").map(|v| v.to_string()).as_deref(),
                Some("c"),
                "{order:?}"
            );
            assert_eq!(boss.digest(), office.digest(&boss));
        }
    }
}

/// What a phone's clock says is shown, and decides nothing that a wrong clock could spoil: edits of any
/// time go through, times that do not follow from the reading are held, and an act from the future is
/// ruled blocked, with what to do.
#[test]
fn lesson_15_a_wrong_clock_takes_nobodys_work_away_and_gets_nobody_past_a_rule() {
    use rounds_model::ids::BootId;
    use rounds_model::time::{Reading, TrustedTime};
    let office = Office::new();
    let mut li = office.phone("李娜");
    li.ticket(1, "a");
    for days in [-3_650, 0, 3_650] {
        let mut first = li.ticket(2 + u8::try_from(days / 3_650 + 1).unwrap(), "b");
        first.time = crate::testing::NOW / 1_000 + days * 86_400;
        first.check = first.check_of(&first.hash().unwrap());
        assert_eq!(words(&li.push(&office, vec![edit(&first)])), ["stored"], "{days} days off");
    }
    let honest = edit(&li.set(doc(1), "note", "n"));
    let base = edit(&li.docs[&doc(1)].edits(doc(1))[0]);
    assert_eq!(words(&li.push(&office, vec![base, honest])), ["stored", "stored"]);
    let send = |li: &mut crate::testing::Phone, ms: i64, spoil: &dyn Fn(&mut TrustedTime)| {
        let mut act = li.act(doc(1), "send", "open").read().unwrap();
        let reading = Reading { wall_ms: crate::testing::NOW + ms, mono_ms: 1, boot: BootId([0; 16]) };
        act.time = TrustedTime::judge(reading, None);
        spoil(&mut act.time);
        let signed = crate::testing::act(&act.sign(&li.key).unwrap());
        words(&li.push(&office, vec![signed]))
    };
    let day = 86_400_000;
    assert_eq!(send(&mut li, 0, &|time| time.at_ms -= day), ["time-unfounded"]);
    assert_eq!(send(&mut li, 3 * day, &|_| {}), ["stored"], "told and kept, like every other no");
    assert_eq!(send(&mut li, -3 * day, &|_| {}), ["stored"]);
    let rulings: Vec<_> = li.verdicts[&doc(1)].iter().map(crate::testing::ruling).collect();
    assert_eq!(rulings, ["time-ahead", "accepted"]);
    let rounds_model::verdict::Outcome::Blocked(no) = &li.verdicts[&doc(1)][0].outcome else { panic!() };
    assert_eq!(no.rule.as_deref(), Some("T.1"), "with the requirement of its act");
}

/// Found by a critic: after a restore, an act that rests on one that is not back yet was blocked for good.
#[test]
fn an_act_that_rests_on_one_that_is_not_here_waits_for_it() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let items = [edit(&li.ticket(1, "a")), edit(&zhao.ticket(2, "b"))];
    li.push(&office, items[..1].to_vec());
    zhao.push(&office, items[1..].to_vec());
    let theirs = zhao.act(doc(2), "send", "open");
    let mut mine = li.act(doc(1), "send", "open").read().unwrap();
    mine.proofs = vec![theirs.read().unwrap().id];
    let mine = act(&mine.sign(&li.key).unwrap());
    // What follows it about the same record waits with it, and nothing else does.
    let (next, other) = (li.act(doc(1), "send", "sent"), li.ticket(5, "other"));
    let got = words(&li.push(&office, vec![mine.clone(), act(&next), edit(&other)]));
    assert_eq!(got, ["act-proof-unknown", "act-proof-unknown", "stored"]);
    assert_eq!(words(&zhao.push(&office, vec![act(&theirs)])), ["stored"]);
    assert_eq!(words(&li.push(&office, vec![mine])), ["stored"], "nothing of it was ruled before");
    assert_eq!(crate::testing::ruling(&li.verdicts[&doc(1)][0]), "accepted");
    // One that came just before it is there.
    let (new, newer) = (li.ticket(3, "c"), li.ticket(4, "d"));
    let first = li.act(doc(3), "send", "open");
    let mut second = li.act(doc(4), "send", "open").read().unwrap();
    second.proofs = vec![first.read().unwrap().id];
    let second = act(&second.sign(&li.key).unwrap());
    let got = li.push(&office, vec![edit(&new), edit(&newer), act(&first), second]);
    assert_eq!(words(&got), ["stored"; 4]);
}

/// Found by a critic: after a restore, what depended on an act that waited was refused for good.
#[test]
fn what_was_ruled_before_a_restore_is_not_ruled_otherwise_after_it() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let seat = |phone: &mut crate::testing::Phone, n: u8| {
        let first = phone.create(doc(n), "ticket", phone.person, &[("title", "a"), ("seat", "S1")]);
        let sent = phone.act(doc(n), "send", "open");
        (edit(&first), sent)
    };
    // The seat was Zhao's; his phone comes later this time.
    let (mine, my_act) = seat(&mut li, 1);
    let (theirs, their_act) = seat(&mut zhao, 2);
    let told = |act: &rounds_model::act::SignedAct, before| [(act.read().unwrap().id, before)].into();
    let taken = || RuledBefore::As("send".into());
    let again = |phone: &mut crate::testing::Phone, items: Vec<_>, ruled: BTreeMap<_, _>| {
        let request = Request { ruled, ..phone.request(items) };
        let answer =
            exchange(&office.db, &office.rules, &phone.token, &request, crate::testing::NOW).unwrap();
        phone.take_in(&answer);
        answer.receipts
    };
    let got = again(&mut li, vec![mine, act(&my_act)], told(&my_act, RuledBefore::Refused));
    assert_eq!(words(&got), ["stored"; 2]);
    assert_eq!(crate::testing::ruling(&li.verdicts[&doc(1)][0]), "act-refused-before");
    let got = again(&mut zhao, vec![theirs, act(&their_act)], told(&their_act, taken()));
    assert_eq!(words(&got), ["stored"; 2]);
    assert_eq!(crate::testing::ruling(&zhao.verdicts[&doc(2)][0]), "accepted");

    // What would be refused now waits, what follows it about its record with it, and nothing was ruled.
    let (late, late_act) = seat(&mut li, 3);
    let (next, other) = (li.act(doc(3), "send", "sent"), li.ticket(5, "other"));
    let items = vec![late, act(&late_act), act(&next), edit(&other)];
    let got = again(&mut li, items, told(&late_act, taken()));
    assert_eq!(words(&got), ["stored", "act-accepted-before", "act-proof-unknown", "stored"]);
    let Receipt::Held(why) = &got[1] else { panic!() };
    assert!(
        why.reason.en.ends_with("As things stand now it would not be: The seat is taken."),
        "{}",
        why.reason.en
    );
    assert!(!li.verdicts.contains_key(&doc(3)));
    // What was taken as another act before waits too: the other way round it would stand before who was first.
    let (free, free_act) = (li.ticket(6, "free"), li.act(doc(6), "send", "open"));
    let got =
        again(&mut li, vec![edit(&free), act(&free_act)], told(&free_act, RuledBefore::As("queue".into())));
    assert_eq!(words(&got), ["stored", "act-accepted-before"]);
    // A proof that is not here keeps nothing that was refused, and nothing waits for that.
    let mut no = li.act(doc(6), "send", "open").read().unwrap();
    no.proofs = vec![rounds_model::ids::ActId([77; 16])];
    let no = no.sign(&li.key).unwrap();
    let got = again(&mut li, vec![act(&no), act(&free_act)], told(&no, RuledBefore::Refused));
    assert_eq!(words(&got), ["stored", "stored"]);
    let rulings: Vec<_> = li.verdicts[&doc(6)].iter().map(crate::testing::ruling).collect();
    assert_ne!(rulings[0], "accepted");
    assert_eq!(rulings[1], "accepted");
    // A phone that does not say so is ruled on as ever.
    assert_eq!(words(&li.push(&office, vec![act(&late_act)])), ["stored"]);
    assert_eq!(crate::testing::ruling(&li.verdicts[&doc(3)][0]), "seat-taken");
}
