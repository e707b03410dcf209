//! Work whose author does not hold the record any more: taken, kept, decided about.

use super::tickets;
use crate::admin::holding::{self, Decided, Decider, Named, Span};
use crate::admin::{Done, Trouble};
use crate::exchange::handing;
use crate::storage::Storage;
use crate::storage::holding::HoldingRow;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit, moving, words};
use rounds_model::ids::{PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use rounds_protocol::exchange::{ItemHash, Packed};

fn office() -> (Office, Phone, Phone, Phone) {
    let office = Office::new();
    office.publish(&moving());
    let (li, zhao, boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    (office, li, zhao, boss)
}

/// Decides about all that waits of a piece of work.
fn accept(office: &Office, number: Seq, by: PersonId, at: i64) -> Done<Decided> {
    holding::accept(&office.db, office.team, all_of(office, number), Decider::Person(by), at)
}

fn drop_work(office: &Office, number: Seq, by: PersonId, reason: &str) -> Done<Decided> {
    holding::drop_work(&office.db, office.team, all_of(office, number), Decider::Person(by), reason, NOW)
}

fn all_of(office: &Office, number: Seq) -> Span {
    let work = holding::one(&*office.db.read(office.team).unwrap(), number).unwrap();
    work.map_or(Span { first: number, last: number }, |work| work.span())
}

/// Li's ticket is given to Zhao while Li still writes in it.
fn reassigned() -> (Office, Phone, Phone, Phone, Vec<Packed>) {
    let (office, mut li, zhao, mut boss) = office();
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    boss.sync(&office);
    let whom = zhao.person.to_string();
    let given = act(&boss.act_with(doc(1), "give", "open", &[("whom", &whom)]));
    boss.push(&office, vec![given]);
    let work = vec![edit(&li.set(doc(1), "title", "hers")), edit(&li.set(doc(1), "note", "on top"))];
    (office, li, zhao, boss, work)
}

#[test]
fn lesson_09_access_change_takes_unsent_work_once_and_tells_everyone() {
    let (office, mut li, mut zhao, mut boss, work) = reassigned();
    let lost = li.try_exchange(&office, work.clone(), true).unwrap();
    assert_eq!(words(&lost.receipts), ["taken record-out-of-scope"; 2]);
    let again = li.try_exchange(&office, work, false).unwrap();
    assert_eq!(again.receipts, lost.receipts, "the same item, the same receipt");
    assert!(li.docs.is_empty(), "told, and only then removed");
    for phone in [&mut li, &mut zhao, &mut boss] {
        phone.sync(&office);
        assert_eq!(phone.handed.len(), 2);
        assert!(phone.handed.values().all(|h| h.decision.is_none() && h.doc == doc(1)));
    }
    assert_eq!(zhao.docs[&doc(1)].len(), 1, "nothing is applied before somebody decides");
    let view = office.db.read(office.team).unwrap();
    assert_eq!(view.holding_load(li.device).unwrap().waiting, 2);
    drop(view);
    // Somebody who never had to do with it hears nothing of it.
    let mut other = office.phone("周静");
    other.sync(&office);
    assert!(other.handed.is_empty());
}

/// Found by a user: the number of a row of the list took its first item alone, and the rest could not follow.
#[test]
fn a_number_of_a_row_is_the_whole_row_and_a_range_is_what_was_seen() {
    let (office, mut li, .., work) = reassigned();
    li.push(&office, work);
    let view = || office.db.read(office.team).unwrap();
    let row = holding::waiting(&*view()).unwrap().remove(0);
    let (first, last) = (row.number, row.newest);
    assert!(first < last);
    let named = |text: String| text.parse::<Named>().unwrap().span(&*view()).unwrap();
    assert_eq!((named(first.0.to_string()), named(last.0.to_string())), (row.span(), row.span()));
    let seen = Span { first, last: first };
    assert_eq!(named(format!("{0}-{0}", first.0)), seen);
    assert!("12-".parse::<Named>().is_err() && "x".parse::<Named>().is_err());
    let operator = crate::admin::team::own_device(&*view()).unwrap().0.id;
    let all = named(first.0.to_string());
    let dropped =
        holding::drop_work(&office.db, office.team, all, Decider::Operator(operator), "", NOW).unwrap();
    assert_eq!((dropped.done, holding::waiting(&*view()).unwrap().len()), (2, 0), "nothing is stranded");
    // What comes later is not meant by a number that was decided about.
    let later = edit(&li.set(doc(1), "note", "later"));
    li.push(&office, vec![later]);
    assert_eq!(named(first.0.to_string()), seen);
}

#[test]
fn what_waits_goes_along_when_its_record_moves_on() {
    let (office, mut li, mut zhao, mut boss, work) = reassigned();
    li.push(&office, work);
    zhao.sync(&office);
    let mut third = office.phone("周静");
    third.sync(&office);
    let whom = third.person.to_string();
    let given = act(&zhao.act_with(doc(1), "give", "open", &[("whom", &whom)]));
    zhao.push(&office, vec![given]);
    third.sync(&office);
    assert_eq!((third.docs.len(), third.handed.len()), (1, 2));
    boss.sync(&office);
    assert_eq!(boss.digest(), office.digest(&boss));
}

#[test]
fn the_queue_is_bounded_for_each_device() {
    let (office, mut li, mut zhao, _, work) = reassigned();
    let refusal = Refusal::new("x", Text::default(), Text::default());
    let mut tx = office.db.write(office.team).unwrap();
    for n in 0..handing::WAITING - 1 {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&n.to_be_bytes());
        let number = tx.next_seq();
        let row = HoldingRow {
            number,
            device: li.device,
            person: li.person,
            doc: doc(1),
            hash: ItemHash(hash),
            item: vec![1],
            refusal: refusal.clone(),
            received: NOW,
            decision: None,
            ruled: None,
        };
        tx.put_holding(&row).unwrap();
    }
    tx.commit().unwrap();
    let got = words(&li.push(&office, work.clone()));
    assert_eq!(got, ["taken record-out-of-scope", "record-out-of-scope"], "the second stays on the phone");
    assert_eq!(words(&li.push(&office, work)), got);
    // Another device is not concerned, nor is what the device may still do.
    zhao.sync(&office);
    let fine = edit(&li.ticket(5, "mine"));
    assert_eq!(words(&li.push(&office, vec![fine])), ["stored"]);
}

#[test]
fn a_revoked_device_hands_over_and_gets_nothing() {
    let (office, mut li, _, mut boss) = office();
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first.clone()]);
    let work = [
        first,
        edit(&li.set(doc(1), "note", "unsent")),
        edit(&li.ticket(2, "new and unsent")),
        act(&li.act(doc(2), "send", "open")),
    ];
    crate::admin::team::revoke_person(
        &office.db,
        office.team,
        "李娜",
        crate::admin::leaving::Heir::Office,
        NOW + 7,
    )
    .unwrap();
    let mut request = li.request(work[..2].to_vec());
    request.unsent = 2;
    let ask =
        |request: &_| crate::exchange::exchange(&office.db, &office.rules, &li.token, request, NOW).unwrap();
    let half = ask(&request);
    assert_eq!(words(&half.receipts), ["duplicate", "taken device-revoked-work"]);
    assert!(half.pull.is_empty() && half.cursors.is_empty() && !half.more && half.ended.is_none());
    let rest = ask(&li.request(work[2..].to_vec()));
    assert_eq!(words(&rest.receipts), ["taken device-revoked-work"; 2]);
    let ended = rest.ended.unwrap();
    assert_eq!((ended.at_ms, ended.taken), (NOW + 7, 3));
    boss.sync(&office);
    assert_eq!(boss.handed.len(), 3);
    assert_eq!((boss.docs.len(), boss.docs[&doc(1)].len()), (1, 1), "nothing of it is applied");
    // Enrolled anew, the rep's own phone hears of it too.
    let mut again = office.phone("李娜");
    assert_eq!(tickets(&again.sync(&office)), ["snapshot", "handed", "handed", "handed"]);
    assert_eq!(again.digest(), office.digest(&again));
}

#[test]
fn lesson_09_access_change_work_is_accepted_as_if_nothing_had_changed() {
    let (office, mut li, mut zhao, mut boss, work) = reassigned();
    li.push(&office, work.clone());
    boss.sync(&office);
    let number = boss.handed.values().next().unwrap().number;
    let waiting = holding::waiting(&*office.db.read(office.team).unwrap()).unwrap();
    assert_eq!((waiting.len(), waiting[0].count, waiting[0].number), (1, 2, number), "one piece of work");
    // She was the owner when she wrote what only an owner may write.
    let decided = accept(&office, number, boss.person, NOW + 5).unwrap();
    assert_eq!((decided.done, decided.left.len()), (2, 0));
    let by = boss.person;
    zhao.sync(&office);
    assert_eq!(zhao.docs[&doc(1)].get("title"), Some("hers".into()));
    assert_eq!(zhao.docs[&doc(1)].get("note"), Some("on top".into()));
    for phone in [&mut li, &mut zhao, &mut boss] {
        phone.sync(&office);
        let decisions: Vec<_> = phone.handed.values().filter_map(|h| h.decision.clone()).collect();
        assert_eq!((decisions.len(), decisions[0].accepted, decisions[0].by), (2, true, by));
        assert_eq!(phone.digest(), office.digest(phone));
    }
    assert_eq!(words(&li.push(&office, work)), ["duplicate"; 2], "a phone that never heard is told");
    let again = accept(&office, number, boss.person, NOW + 6);
    assert!(matches!(again, Err(Trouble::Refused(why)) if why[0].code == "work-decided"));
    let found = crate::admin::verify::verify(&*office.db.read(office.team).unwrap()).unwrap();
    assert_eq!(found.differences, []);
}

#[test]
fn work_is_dropped_with_a_reason_and_kept() {
    let (office, mut li, mut zhao, boss, work) = reassigned();
    li.push(&office, work.clone());
    li.sync(&office);
    let number = *li.handed.keys().next().unwrap();
    let drop = |reason: &str| drop_work(&office, Seq(number), boss.person, reason);
    assert!(drop(&"x".repeat(holding::REASON + 1)).is_err());
    assert_eq!(drop(" done twice ").unwrap().done, 2);
    for phone in [&mut li, &mut zhao] {
        phone.sync(&office);
        let decision = phone.handed[&number].decision.clone().unwrap();
        assert_eq!((decision.accepted, decision.reason.as_str()), (false, "done twice"));
    }
    assert_eq!(zhao.docs[&doc(1)].len(), 1);
    assert_eq!(words(&li.push(&office, work)), ["taken record-out-of-scope"; 2], "and not asked about again");
    let view = office.db.read(office.team).unwrap();
    assert!(holding::waiting(&*view).unwrap().is_empty());
    assert!(!view.holding(Seq(number)).unwrap().unwrap().item.is_empty());
}

/// The rules that held for everybody else hold for handed-over work too; and what they do not allow
/// waits with its reason.
#[test]
fn what_the_rules_do_not_allow_keeps_waiting() {
    let (office, mut li, mut zhao, _, work) = reassigned();
    li.push(&office, work);
    zhao.sync(&office);
    let send = act(&zhao.act(doc(1), "send", "open"));
    zhao.push(&office, vec![send]);
    let number = Seq(*zhao.handed.keys().next().unwrap());
    let decided = accept(&office, number, zhao.person, NOW).unwrap();
    assert_eq!(decided.done, 0);
    assert_eq!(decided.left[0].code, "stage-frozen");
    assert!(decided.left[1].code.starts_with("edit-"), "{:?}", decided.left);
    let view = office.db.read(office.team).unwrap();
    let waiting = holding::waiting(&*view).unwrap();
    assert_eq!((waiting[0].count, waiting[0].refusal.code.as_str()), (2, "stage-frozen"));
}

#[test]
fn what_a_revoked_device_made_becomes_its_persons_record() {
    let (office, mut li, _, mut boss) = office();
    let items = vec![edit(&li.ticket(2, "new and unsent")), act(&li.act(doc(2), "send", "open"))];
    crate::admin::team::revoke_person(
        &office.db,
        office.team,
        "李娜",
        crate::admin::leaving::Heir::Office,
        NOW,
    )
    .unwrap();
    let request = li.request(items);
    crate::exchange::exchange(&office.db, &office.rules, &li.token, &request, NOW).unwrap();
    boss.sync(&office);
    let number = Seq(*boss.handed.keys().next().unwrap());
    assert_eq!(accept(&office, number, boss.person, NOW).unwrap().done, 2);
    boss.sync(&office);
    assert_eq!((boss.stages[&doc(2)].as_str(), boss.digest()), ("sent", office.digest(&boss)));
    let mut again = office.phone("李娜");
    again.sync(&office);
    assert_eq!(again.digest(), office.digest(&again));
    assert!(again.docs.contains_key(&doc(2)));
}

/// Found by a critic: a decision took along what had arrived after the list was read.
#[test]
fn a_decision_is_about_what_was_seen_and_what_came_since_waits() {
    let (office, mut li, mut zhao, boss, work) = reassigned();
    li.push(&office, work[..1].to_vec());
    let seen = holding::waiting(&*office.db.read(office.team).unwrap()).unwrap()[0].span();
    li.push(&office, work[1..].to_vec());
    let decided = holding::accept(&office.db, office.team, seen, Decider::Person(boss.person), NOW).unwrap();
    assert_eq!((decided.done, decided.left.len()), (1, 0));
    zhao.sync(&office);
    assert_eq!(zhao.docs[&doc(1)].get("title"), Some("hers".into()));
    assert_eq!(zhao.docs[&doc(1)].get("note"), None, "nobody has seen it");
    let left = holding::waiting(&*office.db.read(office.team).unwrap()).unwrap();
    assert_eq!((left.len(), left[0].count), (1, 1));
    let dropped =
        holding::drop_work(&office.db, office.team, seen, Decider::Person(boss.person), "", NOW).unwrap_err();
    assert!(matches!(dropped, Trouble::Refused(why) if why[0].code == "work-decided"));
    assert_eq!("7-9".parse(), Ok(Span { first: Seq(7), last: Seq(9) }));
    assert_eq!("7".parse::<Span>().unwrap().to_string(), "7");
    for bad in ["", "-", "9-7", "7-", "x", "7-8-9"] {
        assert!(bad.parse::<Span>().is_err(), "{bad}");
    }
}

/// Found by a critic: whether somebody may decide was asked before the transaction, not in it.
#[test]
fn who_holds_the_record_no_more_decides_no_more() {
    let (office, mut li, zhao, boss, work) = reassigned();
    li.push(&office, work);
    let seen = holding::waiting(&*office.db.read(office.team).unwrap()).unwrap()[0].span();
    let decide = |by| holding::accept(&office.db, office.team, seen, by, NOW);
    let zhao_is_led = crate::admin::access::Access::Leads("赵强".into());
    crate::admin::access::withdraw(&office.db, office.team, BOSS, &zhao_is_led, NOW).unwrap();
    let foreign = |done| matches!(done, Err(Trouble::Refused(why)) if why[0].code == "work-foreign");
    assert!(foreign(decide(Decider::Person(boss.person))));
    assert!(foreign(decide(Decider::Person(li.person))));
    assert_eq!(decide(Decider::Person(zhao.person)).unwrap().done, 2);
}

/// Found by a critic: what is held for another reason than access kept its record on a phone that holds
/// it no more, and a revoked phone from ending.
#[test]
fn what_would_be_held_is_handed_over_where_its_phone_cannot_keep_it() {
    let (office, mut li, _, mut boss, work) = reassigned();
    let mut zhao_2 = office.phone("赵强");
    let foreign = {
        let mine = std::mem::replace(&mut li.actor, zhao_2.actor);
        let edit = edit(&li.ticket(7, "with another's pen"));
        li.actor = mine;
        edit
    };
    let first = edit(&zhao_2.ticket(8, "binds the pen"));
    zhao_2.push(&office, vec![first]);
    assert_eq!(words(&li.push(&office, vec![foreign.clone()])), ["actor-foreign"]);
    let mut request = li.request(vec![foreign.clone(), work[0].clone(), Packed(b"noise".to_vec())]);
    request.again = true;
    let ask =
        |request: &_| crate::exchange::exchange(&office.db, &office.rules, &li.token, request, NOW).unwrap();
    let wanted = ["taken actor-foreign", "taken record-out-of-scope", "taken item-malformed"];
    assert_eq!(words(&ask(&request).receipts), wanted);
    boss.sync(&office);
    let codes: Vec<_> = boss.handed.values().map(|h| h.refusal.code.clone()).collect();
    assert!(codes.contains(&"record-out-of-scope".to_owned()), "{codes:?}");
    let view = office.db.read(office.team).unwrap();
    let all = holding::waiting(&*view).unwrap();
    assert_eq!(all.iter().map(|work| work.count).sum::<usize>(), 3, "people see all of it");
    drop(view);
    // Nobody's rules are bent by that: accepted, it waits with its reason.
    let number = all.iter().find(|work| work.refusal.code == "actor-foreign").unwrap().number;
    let left = accept(&office, number, boss.person, NOW).unwrap().left;
    assert_eq!(left[0].code, "actor-foreign");
    // A revoked phone is rid of everything at once.
    crate::admin::team::revoke_person(
        &office.db,
        office.team,
        "李娜",
        crate::admin::leaving::Heir::Office,
        NOW,
    )
    .unwrap();
    let late = li.request(vec![Packed(b"other noise".to_vec()), foreign]);
    let answer = ask(&late);
    assert_eq!(words(&answer.receipts), ["taken item-malformed", "taken actor-foreign"]);
    assert!(answer.ended.is_some());
}

/// What comes back from the queue or from among the held is in no record on its phone.
#[test]
fn what_is_offered_again_and_applied_is_sent_back() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = edit(&li.ticket(1, "a"));
    let note = edit(&li.set(doc(1), "note", "again"));
    li.push(&office, vec![first]);
    let mut request = li.request(vec![note]);
    request.again = true;
    let answer = crate::exchange::exchange(&office.db, &office.rules, &li.token, &request, NOW).unwrap();
    assert_eq!((words(&answer.receipts), tickets(&answer.pull)), (vec!["stored".into()], vec!["change"]));
}
