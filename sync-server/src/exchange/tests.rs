//! The exchange, in process.

mod damaged;
mod handed;
mod held;
mod ledgers;
mod moves;
mod numbers;
mod pages;
mod random;
mod room;
mod ruled;
mod set_back;
mod small;
mod speed;

use crate::testing::{BOSS, NOW, Office, act, doc, edit, ruling, words};
use rounds_protocol::exchange::{PullItem, Receipt};
use rounds_protocol::fault::Fault;

fn tickets(items: &[PullItem]) -> Vec<&'static str> {
    let sort = |item: &PullItem| match item {
        PullItem::Change { .. } => "change",
        PullItem::Snapshot { .. } => "snapshot",
        PullItem::Earlier { .. } => "earlier",
        PullItem::Left { .. } => "left",
        PullItem::Removed { .. } => "removed",
        PullItem::Handed(_) => "handed",
        PullItem::Access { .. } => "access",
        PullItem::Leader { .. } => "leader",
        PullItem::Damaged { .. } => "damaged",
        PullItem::Ruled { .. } => "ruled",
        PullItem::Person(_) => "person",
        PullItem::Device(_) => "device",
        PullItem::Pen(_) => "pen",
        PullItem::Pack { .. } => "pack",
    };
    let about = ["damaged", "change", "snapshot", "earlier", "left", "removed", "handed", "ruled"];
    items.iter().map(sort).filter(|s| about.contains(s)).collect()
}

#[test]
fn what_a_rep_writes_reaches_the_supervisor_and_nobody_else() {
    let office = Office::new();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let first = li.ticket(1, "灯坏了");
    assert_eq!(words(&li.push(&office, vec![edit(&first)])), ["stored"]);
    assert_eq!(tickets(&boss.sync(&office)), ["snapshot"]);
    assert_eq!(tickets(&zhao.sync(&office)), [""; 0]);
    assert_eq!(boss.docs[&doc(1)].fields(), li.docs[&doc(1)].fields());
    let note = boss.set(doc(1), "note", "马上");
    boss.push(&office, vec![edit(&note)]);
    assert_eq!(tickets(&li.sync(&office)), ["change"]);
    assert_eq!(li.digest(), office.digest(&li));
    assert_eq!(boss.digest(), office.digest(&boss));
    assert_eq!(office.numbers(), (1..=office.numbers().len() as u64).collect::<Vec<_>>());
}

#[test]
fn a_lost_answer_is_repaired_by_sending_again() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let items = vec![edit(&li.ticket(1, "a")), act(&li.act(doc(1), "send", "open"))];
    let lost = li.try_exchange(&office, items.clone(), true).unwrap();
    let again = li.try_exchange(&office, items.clone(), false).unwrap();
    assert_eq!(words(&lost.receipts), ["stored", "stored"]);
    assert_eq!(words(&again.receipts), ["duplicate", "duplicate"]);
    let places = |receipts: &[Receipt]| -> Vec<u64> {
        receipts
            .iter()
            .filter_map(|r| match r {
                Receipt::Stored(seq) | Receipt::Duplicate(seq) => Some(seq.0),
                Receipt::Held(_) | Receipt::Taken(_) => None,
            })
            .collect()
    };
    assert_eq!(places(&lost.receipts), places(&again.receipts));
    assert_eq!(tickets(&again.pull), ["ruled"], "the own edit is not sent back, its ruling is");
    assert_eq!(ruling(&li.verdicts[&doc(1)][0]), "accepted");
    assert_eq!(li.digest(), office.digest(&li));
    let third = li.try_exchange(&office, items, false).unwrap();
    assert_eq!(tickets(&third.pull), [""; 0]);
}

#[test]
fn acts_are_ruled_in_order_and_one_seat_is_given_once() {
    let office = Office::new();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let a = li.create(doc(1), "ticket", li.person, &[("title", "a"), ("seat", "S1")]);
    let early = li.act(doc(1), "send", "sent");
    let foreign = li.act(doc(1), "finish", "sent");
    let b = li.create(doc(2), "ticket", li.person, &[("title", "b"), ("seat", "S1")]);
    let items = vec![
        edit(&a),
        act(&foreign),
        act(&li.act(doc(1), "send", "open")),
        act(&early),
        edit(&b),
        act(&li.act(doc(2), "send", "open")),
    ];
    let got = words(&li.push(&office, items));
    assert_eq!(got, ["stored", "act-role", "stored", "stored", "stored", "stored"]);
    let rulings = |phone: &crate::testing::Phone, n: u8| -> Vec<String> {
        phone.verdicts[&doc(n)].iter().map(ruling).collect()
    };
    assert_eq!(rulings(&li, 1), ["accepted", "act-not-now"]);
    assert_eq!(rulings(&li, 2), ["seat-taken"], "a later item of the batch sees the earlier");
    let c = zhao.create(doc(3), "ticket", zhao.person, &[("title", "c"), ("seat", "S1")]);
    let send = zhao.act(doc(3), "send", "open");
    zhao.push(&office, vec![edit(&c), act(&send)]);
    assert_eq!(rulings(&zhao, 3), ["seat-taken"]);
    boss.sync(&office);
    let finish = boss.act(doc(1), "finish", "sent");
    boss.push(&office, vec![act(&finish)]);
    assert_eq!(rulings(&boss, 1), ["accepted", "act-not-now", "accepted"]);
    let again = zhao.act(doc(3), "send", "open");
    zhao.push(&office, vec![act(&again)]);
    assert_eq!(rulings(&zhao, 3), ["seat-taken", "accepted"], "the seat is free again");
    for phone in [&mut li, &mut zhao, &mut boss] {
        phone.sync(&office);
        assert_eq!(phone.digest(), office.digest(phone));
    }
}

#[test]
fn o14_one_open_application_for_a_policy() {
    let office = Office::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs/policy-application");
    let bundle = crate::admin::publish::read_folder(&folder).unwrap();
    crate::admin::publish::publish(&office.db, office.team, &bundle, false).unwrap();
    let import = |kind, rows: &str, key| {
        crate::admin::import::import(&office.db, office.team, kind, rows.as_bytes(), Some(key), NOW).unwrap();
    };
    import("policy", "number,holder,service_code\nP1,孙敏,8001\n", "number");
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    import("staff", "person,code,user_type\n李娜,8001,agent\n赵强,8001,agent\n", "person");
    let outcome = |phone: &mut crate::testing::Phone, n: u8| {
        phone.sync(&office);
        let is_policy =
            |document: &rounds_model::document::Document| document.get("number") == Some("P1".into());
        let policy = phone.docs.iter().find(|(_, document)| is_policy(document)).unwrap().0.to_string();
        let answers = [("policy", policy.as_str()), ("item", "other")];
        let first = phone.create(doc(n), "application", phone.person, &answers);
        let submit = phone.act(doc(n), "submit", "draft");
        phone.push(&office, vec![edit(&first), act(&submit)]);
        let verdict = phone.verdicts[&doc(n)][0].clone();
        (ruling(&verdict), verdict.stage)
    };
    assert_eq!(outcome(&mut li, 1), ("accepted".to_owned(), "submitted".to_owned()));
    assert_eq!(outcome(&mut zhao, 2), ("one-open-application".to_owned(), "draft".to_owned()));
}

/// Q1: what only one record of a kind may have is refused where another has it: in a sheet, in a row of the same
/// sheet, in an edit. The number that was corrected away is free again.
#[test]
fn o14_q1_a_number_that_another_policy_has_is_refused() {
    use crate::storage::Storage;
    let office = Office::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs/policy-application");
    let bundle = crate::admin::publish::read_folder(&folder).unwrap();
    crate::admin::publish::publish(&office.db, office.team, &bundle, false).unwrap();
    let import = |rows: &str, key| {
        let rows = format!("number,old_number,holder,service_code\n{rows}");
        crate::admin::import::import(&office.db, office.team, "policy", rows.as_bytes(), key, NOW).is_ok()
    };
    let count = || {
        let filter = crate::storage::records::Filter { kind: Some("policy".into()), ..Default::default() };
        office.db.read(office.team).unwrap().list(&filter).unwrap().len()
    };
    assert!(import("P1,1,孙敏,8001\n", None));
    assert!(!import("P1,2,周强,8001\n", None) && !import("P2,2,周强,8001\nP2,3,刘洋,8001\n", None));
    assert_eq!(count(), 1, "a sheet is taken whole or not at all");
    assert!(import("P2,2,周强,8001\n", None));
    assert!(!import("P1,2,周强,8001\n", Some("old_number")), "an edit of the second");
    assert!(import("P3,1,孙敏,8001\nP1,2,周强,8001\n", Some("old_number")), "the first has another one now");
    assert_eq!(count(), 2);
}

#[test]
fn an_unchanged_phone_writes_nothing_and_is_noted_once_a_minute() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    li.sync(&office);
    let seen = |office: &Office| {
        let view = crate::storage::Storage::read(&office.db, office.team).unwrap();
        view.device(li.device).unwrap().unwrap()
    };
    assert_eq!(seen(&office).last_sync, Some(NOW));
    let mut request = li.request(vec![]);
    let ask = |request: &_, at| super::exchange(&office.db, &office.rules, &li.token, request, at).unwrap();
    let answer = ask(&request, NOW + 59_000);
    assert!(answer.pull.is_empty() && !answer.more && answer.cursors == li.cursors);
    assert_eq!(seen(&office).last_sync, Some(NOW));
    ask(&request, NOW + 60_000);
    assert_eq!(seen(&office).last_sync, Some(NOW + 60_000));
    request.unsent = 3;
    ask(&request, NOW + 60_001);
    assert_eq!((seen(&office).last_sync, seen(&office).unsent), (Some(NOW + 60_001), 3));
}

#[test]
fn a_wrong_token_is_refused() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let mut zhao = office.phone("赵强");
    let fault = |phone: &mut crate::testing::Phone, items| {
        phone.try_exchange(&office, items, false).unwrap_err().fault()
    };
    let before = office.numbers().len();
    li.token = zhao.token.clone();
    assert_eq!(fault(&mut li, vec![]), Fault::TokenUnknown, "another device's token");
    let (last, rest) = zhao.token.split_at(zhao.token.len() - 1);
    zhao.token = format!("{}{}", last, if rest == "0" { "1" } else { "0" });
    assert_eq!(fault(&mut zhao, vec![]), Fault::TokenUnknown);
    assert_eq!(office.numbers().len(), before);
}
