//! Rules across records, with real transactions: what two phones that know nothing of each other
//! sent is ruled in the order of its arrival.

use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit, rules_folder, ruling, words};
use rounds_model::act::{Act, SignedAct};
use rounds_model::ids::{ActId, DocId};
use rounds_model::verdict::{Outcome, Verdict};
use rounds_workflow::Claim;

const HOUR: i64 = 3_600_000;

fn office() -> Office {
    let office = Office::new();
    let bundle = crate::admin::publish::read_folder(&rules_folder()).unwrap();
    crate::admin::publish::publish(&office.db, office.team, &bundle, false).unwrap();
    crate::admin::import::import(&office.db, office.team, "pool", b"size\n3\n", None, NOW).unwrap();
    office
}

/// The only record of the kind that the operator imported.
fn imported(office: &Office, kind: &str) -> DocId {
    let view = office.db.read(office.team).unwrap();
    let filter = crate::storage::records::Filter { kind: Some(kind.to_owned()), ..Default::default() };
    view.list(&filter).unwrap()[0].doc
}

fn draw(
    phone: &mut Phone,
    n: u8,
    pool: DocId,
    pieces: i64,
    more: &[(&str, &str)],
) -> rounds_model::edit::Edit {
    let pool = pool.to_string();
    let answers = [&[("pool", pool.as_str())], more].concat();
    phone.create_with(doc(n), "draw", &answers, &[("pieces", pieces.into())])
}

fn verdict(phone: &Phone, n: u8, at: usize) -> Verdict {
    phone.verdicts[&doc(n)][at].clone()
}

/// Signs the act again, changed.
fn changed(phone: &Phone, act: &SignedAct, change: impl FnOnce(&mut Act)) -> SignedAct {
    let mut act = act.read().unwrap();
    change(&mut act);
    act.sign(&phone.key).unwrap()
}

fn proven(phone: &Phone, act: &SignedAct, by: ActId) -> SignedAct {
    changed(phone, act, |act| act.proofs = vec![by])
}

#[test]
fn q2_q4_what_two_phones_drew_offline_never_comes_to_more_than_there_is() {
    let office = office();
    let pool = imported(&office, "pool");
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let two = [draw(&mut li, 1, pool, 2, &[]), draw(&mut zhao, 2, pool, 2, &[])];
    let (first, second) = (li.act(doc(1), "draw", "draft"), zhao.act(doc(2), "draw", "draft"));
    li.push(&office, vec![edit(&two[0]), act(&first)]);
    zhao.push(&office, vec![edit(&two[1]), act(&second)]);
    assert_eq!(ruling(&verdict(&li, 1, 0)), "accepted");
    let Outcome::Blocked(refusal) = verdict(&zhao, 2, 0).outcome else { panic!() };
    assert_eq!(
        (refusal.code.as_str(), refusal.reason.zh.as_str()),
        ("exceeds-remaining", "只剩 1（共 3），不够 2。")
    );
    assert_eq!(refusal.rule.as_deref(), Some("Q4"));

    // Asking takes a place on the list instead, and the ledger says since when.
    let ask = zhao.act(doc(2), "ask", "draft");
    zhao.push(&office, vec![act(&ask)]);
    let waits = verdict(&zhao, 2, 1);
    assert_eq!((waits.stage.as_str(), waits.turned.as_ref().unwrap().act.as_str()), ("waits", "wait"));
    let key = pool.to_string();
    let view = office.db.read(office.team).unwrap();
    let held = Claim { amount: rounds_workflow::Amount(20_000), ..Claim::one("pool", &key) };
    let waiting = Claim { waits: Some(waits.seq), ..held.clone() };
    assert_eq!(view.claims("pool", &key).unwrap(), [(doc(1), held), (doc(2), waiting)]);

    let third = draw(&mut li, 3, pool, 1, &[]);
    let overtaking = li.act(doc(3), "draw", "draft");
    li.push(&office, vec![edit(&third), act(&overtaking)]);
    assert_eq!(ruling(&verdict(&li, 3, 0)), "accepted", "one is free, which is not enough for who waits");
    let back = li.act(doc(1), "give_back", "drawn");
    li.push(&office, vec![act(&back)]);
    let fourth = draw(&mut li, 4, pool, 1, &[]);
    let overtaking = li.act(doc(4), "draw", "draft");
    li.push(&office, vec![edit(&fourth), act(&overtaking)]);
    assert_eq!(ruling(&verdict(&li, 4, 0)), "exceeds-remaining", "who waits comes first");
    let take = zhao.act(doc(2), "draw", "waits");
    zhao.push(&office, vec![act(&take)]);
    assert_eq!(ruling(&verdict(&zhao, 2, 2)), "accepted");
    for phone in [&mut li, &mut zhao] {
        phone.sync(&office);
        assert_eq!(phone.digest(), office.digest(phone));
    }
    let view = office.db.read(office.team).unwrap();
    assert_eq!(crate::admin::verify::verify(&*view).unwrap().differences, vec![]);
}

#[test]
fn q2_seats_leased_online_are_spent_offline_and_end_by_the_servers_clock() {
    let office = office();
    let pool = imported(&office, "pool");
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let end = chrono::DateTime::from_timestamp_millis(NOW + 8 * HOUR).unwrap().to_rfc3339();
    let (key, lease) = (pool.to_string(), doc(9).to_string());
    let answers = [("pool", key.as_str()), ("end", end.as_str())];
    let made = li.create_with(doc(9), "lease", &answers, &[("pieces", 2.into())]);
    let hold = li.act(doc(9), "hold", "draft");
    li.push(&office, vec![edit(&made), act(&hold)]);
    assert_eq!(ruling(&verdict(&li, 9, 0)), "accepted");

    let spend = |phone: &mut Phone, n: u8| {
        let made = draw(phone, n, pool, 1, &[("lease", lease.as_str())]);
        vec![edit(&made), act(&phone.act(doc(n), "draw", "draft"))]
    };
    let in_time = spend(&mut li, 1);
    let too_late = spend(&mut li, 2);
    for n in [11, 12, 13] {
        let made = draw(&mut zhao, n, pool, 1, &[]);
        let want = zhao.act(doc(n), "draw", "draft");
        zhao.push(&office, vec![edit(&made), act(&want)]);
    }
    let of = |phone: &Phone, n| ruling(&verdict(phone, n, 0));
    assert_eq!([11, 12, 13].map(|n| of(&zhao, n)), ["accepted", "exceeds-remaining", "exceeds-remaining"]);
    li.push(&office, in_time);
    assert_eq!(of(&li, 1), "accepted", "the lease was a promise");

    // The lease ends; what was not spent of it is anybody's, whenever it was drawn.
    let again = zhao.act(doc(12), "draw", "draft");
    let request = zhao.request(vec![act(&again)]);
    let later = NOW + 8 * HOUR;
    let answer = crate::exchange::exchange(&office.db, &office.rules, &zhao.token, &request, later).unwrap();
    zhao.take_in(&answer);
    assert_eq!(ruling(&verdict(&zhao, 12, 1)), "accepted");
    let request = li.request(too_late);
    let answer = crate::exchange::exchange(&office.db, &office.rules, &li.token, &request, later).unwrap();
    li.take_in(&answer);
    assert_eq!(of(&li, 2), "exceeds-remaining");
}

#[test]
fn q3_a_change_that_comes_after_the_audit_is_kept_as_a_request() {
    let office = office();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let card = li.create(doc(1), "card", li.person, &[("place", "A")]);
    li.push(&office, vec![edit(&card)]);
    boss.sync(&office);
    let offline = li.act(doc(1), "move", "unchecked");
    let offline = changed(&li, &offline, |act| {
        act.payload.insert("place".into(), "B".into());
    });
    let check = boss.act(doc(1), "check", "unchecked");
    boss.push(&office, vec![act(&check)]);
    li.push(&office, vec![act(&offline)]);
    let late = li.verdicts[&doc(1)].iter().find(|v| v.act == offline.read().unwrap().id).unwrap();
    assert_eq!((late.outcome.clone(), late.stage.as_str()), (Outcome::Accepted, "requested"));
    assert_eq!(late.turned.as_ref().unwrap().why.code, "stage-moved");
}

#[test]
fn q5_an_approval_taken_back_does_not_undo_what_was_begun_with_it() {
    let office = office();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let plan = li.create(doc(1), "plan", li.person, &[("text", "三家")]);
    let link = doc(1).to_string();
    let trip = li.create(doc(2), "trip", li.person, &[("plan", &link)]);
    let other = li.create(doc(3), "trip", li.person, &[("plan", &link)]);
    let bare = li.act(doc(2), "start", "planned");
    let got = words(&li.push(&office, vec![edit(&plan), edit(&trip), edit(&other), act(&bare)]));
    assert_eq!(got, ["stored"; 4]);
    assert_eq!(ruling(&verdict(&li, 2, 0)), "plan-not-approved");

    boss.sync(&office);
    let approve = boss.act(doc(1), "approve", "draft");
    boss.push(&office, vec![act(&approve)]);
    let token = approve.read().unwrap().id;
    let start = li.act(doc(2), "start", "planned");
    let start = proven(&li, &start, token);
    let forged = li.act(doc(3), "start", "planned");
    let forged = proven(&li, &forged, bare.read().unwrap().id);
    let revise = boss.act(doc(1), "revise", "approved");
    boss.push(&office, vec![act(&revise)]);
    li.push(&office, vec![act(&start), act(&forged)]);
    assert_eq!(ruling(&verdict(&li, 2, 1)), "accepted");
    assert_eq!(ruling(&verdict(&li, 3, 0)), "plan-not-approved");
}

#[test]
fn q10_closed_by_a_colleague_is_closed_in_either_order() {
    let office = office();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let issue = li.create(doc(1), "issue", li.person, &[("shop", "A")]);
    li.push(&office, vec![edit(&issue)]);
    zhao.sync(&office);
    let carried = li.act(doc(1), "carry_over", "open");
    let close = zhao.act(doc(1), "close", "open");
    zhao.push(&office, vec![act(&close)]);
    li.push(&office, vec![act(&carried)]);
    let last = li.verdicts[&doc(1)].iter().max_by_key(|v| v.seq).unwrap();
    assert_eq!((last.stage.as_str(), last.turned.as_ref().unwrap().act.as_str()), ("closed", "found_closed"));
    let view = office.db.read(office.team).unwrap();
    assert_eq!(view.claims("open-issues", "A").unwrap(), []);
}
