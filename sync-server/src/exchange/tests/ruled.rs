//! How acts and edits of one push bear on each other, and what an act is ruled on.

use crate::storage::Storage;
use crate::testing::{BOSS, Office, PACK, Phone, act, doc, edit, ruling, words};

#[test]
fn an_edit_after_an_accepted_act_is_judged_by_the_new_stage() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = li.create(doc(1), "ticket", li.person, &[("title", "a"), ("seat", "S1")]);
    let send = li.act(doc(1), "send", "open");
    let late = li.set(doc(1), "seat", "S9");
    let got = words(&li.push(&office, vec![edit(&first), act(&send), edit(&late)]));
    assert_eq!(got, ["stored", "stored", "stage-frozen"]);
}

#[test]
fn an_act_opens_a_field_to_the_edits_after_it() {
    let office = Office::new();
    let rule = "stages = [\"*\"]\nroles = [\"rep\", \"supervisor\"]";
    let opened = rule.replace('*', "sent");
    office.publish(&PACK.replace("version = 1", "version = 2").replace(rule, &opened));
    let mut li = office.phone("李娜");
    let first = li.ticket(1, "a");
    let send = li.act(doc(1), "send", "open");
    let note = li.set(doc(1), "note", "now I may");
    let got = words(&li.push(&office, vec![edit(&first), act(&send), edit(&note)]));
    assert_eq!(got, ["stored", "stored", "stored"]);
    let early = li.ticket(2, "b");
    let note = li.set(doc(2), "note", "not yet");
    assert_eq!(words(&li.push(&office, vec![edit(&early), edit(&note)])), ["stored", "stage-frozen"]);
}

#[test]
fn old_heads_do_not_get_past_a_rule() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let a = li.create(doc(1), "ticket", li.person, &[("title", "a"), ("seat", "S1")]);
    let send = li.act(doc(1), "send", "open");
    li.push(&office, vec![edit(&a), act(&send)]);
    let b = li.create(doc(2), "ticket", li.person, &[("title", "b"), ("seat", "S2")]);
    let old = li.act(doc(2), "send", "open");
    let moved = li.set(doc(2), "seat", "S1");
    let got = words(&li.push(&office, vec![edit(&b), edit(&moved), act(&old)]));
    assert_eq!(got, ["stored"; 3]);
    assert_eq!(ruling(&li.verdicts[&doc(2)][0]), "seat-taken", "on the content as it stands");
    let view = office.db.read(office.team).unwrap();
    assert_eq!(
        view.claims("one-seat", "S1").unwrap(),
        [(doc(1), rounds_workflow::Claim::one("one-seat", "S1"))]
    );
}

#[test]
fn what_the_author_saw_is_asked_first_and_must_hold_too() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let a = li.create(doc(1), "ticket", li.person, &[("seat", "S1")]);
    let blind = li.act(doc(1), "send", "open");
    let title = li.set(doc(1), "title", "later");
    li.push(&office, vec![edit(&a), edit(&title), act(&blind)]);
    assert_eq!(ruling(&li.verdicts[&doc(1)][0]), "form-incomplete", "complete only since then");
    boss.sync(&office);
    let send = li.act(doc(1), "send", "open");
    let note = boss.set(doc(1), "note", "a colleague's, which hurts nothing");
    boss.push(&office, vec![edit(&note)]);
    li.push(&office, vec![act(&send)]);
    assert_eq!(ruling(&li.verdicts[&doc(1)][1]), "accepted");
}

#[test]
fn a_clock_that_runs_ahead_holds_no_edit_and_blocks_the_act() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = li.ticket(1, "a");
    let end = rounds_model::edit::limits::TIME - 1;
    let values = [("note".to_owned(), "from the end of time".into())];
    let far = li.docs.get_mut(&doc(1)).unwrap().write(doc(1), li.actor, end, &values).unwrap().unwrap();
    let ahead = |li: &mut Phone, ms: i64| {
        let mut send = li.act(doc(1), "send", "open").read().unwrap();
        send.time.reading.wall_ms += ms;
        send.time.at_ms += ms;
        act(&send.sign(&li.key).unwrap())
    };
    let (day, second) = (24 * 3_600_000, 1_000);
    let items = vec![
        edit(&first),
        edit(&far),
        ahead(&mut li, day + second),
        ahead(&mut li, i64::MAX - crate::testing::NOW),
        ahead(&mut li, day - second),
    ];
    assert_eq!(words(&li.push(&office, items)), ["stored"; 5]);
    let rulings: Vec<_> = li.verdicts[&doc(1)].iter().map(|v| (ruling(v), v.stage.as_str())).collect();
    let blocked = || ("time-ahead".to_owned(), "open");
    assert_eq!(rulings, [blocked(), blocked(), ("accepted".to_owned(), "sent")]);
    let row = office.db.read(office.team).unwrap().records(&[doc(1)]).unwrap().remove(0);
    let row: rounds_workflow::Projection = rounds_model::canonical::decode(&row.projection).unwrap();
    assert_eq!(row.data["@send/@clock"], "suspect".into(), "made after it was received");
    let view = office.db.read(office.team).unwrap();
    assert_eq!(crate::admin::verify::verify(&*view).unwrap().differences, vec![]);
}

#[test]
fn q1_choosing_between_two_answers_changes_no_claim_that_was_ruled() {
    let office = Office::new();
    let (mut phone, mut tablet) = (office.phone("李娜"), office.phone("李娜"));
    let first = phone.create(doc(1), "ticket", phone.person, &[("title", "a"), ("seat", "S0")]);
    phone.push(&office, vec![edit(&first)]);
    tablet.sync(&office);
    let one = phone.set(doc(1), "seat", "S1");
    let other = tablet.set(doc(1), "seat", "S2");
    let early = phone.act(doc(1), "send", "open");
    // Ruled on the phone's S1 alone it would hold; when it comes there are two.
    tablet.push(&office, vec![edit(&other)]);
    phone.push(&office, vec![edit(&one), act(&early)]);
    assert_eq!(ruling(&phone.verdicts[&doc(1)][0]), "content-undecided");
    phone.sync(&office);
    // One is chosen, and what is claimed is what everybody sees.
    let chosen = phone.settle(doc(1), "seat", "S1");
    let send = phone.act(doc(1), "send", "open");
    assert_eq!(words(&phone.push(&office, vec![edit(&chosen), act(&send)])), ["stored"; 2]);
    assert_eq!(ruling(&phone.verdicts[&doc(1)][1]), "accepted");
    // The tablet, which has not seen that, chooses the other one: too late.
    let late = tablet.docs.get_mut(&doc(1)).unwrap();
    let changes = phone.docs[&doc(1)].edits(doc(1)).into_iter().find(|known| known.hash() == one.hash());
    late.admit(&changes.unwrap()).unwrap();
    let late = tablet.settle(doc(1), "seat", "S2");
    assert_eq!(words(&tablet.push(&office, vec![edit(&late)])), ["settle-claims"]);
    let view = office.db.read(office.team).unwrap();
    let claims = |seat: &str| view.claims("one-seat", seat).unwrap().len();
    assert_eq!((claims("S1"), claims("S2")), (1, 0));
}
