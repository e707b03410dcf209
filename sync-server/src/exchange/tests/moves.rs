//! Records that go from one scope to another, or are removed and brought back.

use super::tickets;
use crate::admin::access::{self, Access};
use crate::admin::verify::verify;
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit, moving, ruling, words};
use rounds_model::ids::DocId;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{PullItem, Take};

fn office() -> Office {
    let office = Office::new();
    office.publish(&moving());
    office
}

fn clean(office: &Office) {
    let found = verify(&*office.db.read(office.team).unwrap()).unwrap().differences;
    assert!(found.is_empty(), "{found:?}");
}

fn give(from: &mut Phone, doc: DocId, to: &Phone) -> rounds_protocol::exchange::Packed {
    let whom = to.person.to_string();
    act(&from.act_with(doc, "give", "open", &[("whom", &whom)]))
}

fn equal(office: &Office, phones: &mut [&mut Phone]) {
    for phone in phones {
        phone.sync(office);
        assert_eq!(phone.digest(), office.digest(phone));
    }
    clean(office);
}

#[test]
fn lesson_09_access_change_moves_the_record_and_nobody_sees_it_flicker() {
    let office = office();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let first = [edit(&li.ticket(1, "a")), edit(&li.set(doc(1), "note", "before"))];
    li.push(&office, first.to_vec());
    boss.sync(&office);
    zhao.sync(&office);
    let given = give(&mut boss, doc(1), &zhao);
    let answer = boss.try_exchange(&office, vec![given], false).unwrap();
    assert_eq!(words(&answer.receipts), ["stored"]);
    assert_eq!(tickets(&answer.pull), ["left", "snapshot", "ruled"], "the supervisor holds both");
    assert!(boss.docs.contains_key(&doc(1)));
    assert_eq!(tickets(&li.sync(&office)), ["left"]);
    assert!(li.docs.is_empty(), "it is not hers any more");
    assert_eq!(tickets(&zhao.sync(&office)), ["snapshot", "ruled"]);
    assert_eq!(zhao.docs[&doc(1)].len(), 2);
    assert_eq!(zhao.scope(&doc(1)), Scope::Person(zhao.person));
    let mine = zhao.set(doc(1), "title", "mine now");
    assert_eq!(words(&zhao.push(&office, vec![edit(&mine)])), ["stored"]);
    equal(&office, &mut [&mut li, &mut zhao, &mut boss]);
    // And back again: she gets all of it, with what came meanwhile.
    let back = give(&mut zhao, doc(1), &li);
    assert_eq!(words(&zhao.push(&office, vec![back])), ["stored"]);
    assert!(zhao.docs.is_empty());
    assert_eq!(tickets(&li.sync(&office)), ["snapshot", "ruled", "ruled"]);
    assert_eq!(tickets(&boss.sync(&office)), ["left", "snapshot", "ruled", "ruled"]);
    let mut late = office.phone("赵强");
    equal(&office, &mut [&mut li, &mut zhao, &mut boss, &mut late]);
}

#[test]
fn a_move_inside_one_push_counts_at_once() {
    let office = office();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let items = vec![
        edit(&li.ticket(1, "a")),
        give(&mut li, doc(1), &zhao),
        edit(&li.set(doc(1), "note", "too late")),
        edit(&li.ticket(2, "b")),
    ];
    let got = words(&li.push(&office, items));
    assert_eq!(got, ["stored", "stored", "taken record-out-of-scope", "stored"]);
    assert_eq!(li.docs.keys().copied().collect::<Vec<_>>(), [doc(2)]);
    equal(&office, &mut [&mut li, &mut zhao, &mut boss]);
    assert_eq!(zhao.docs[&doc(1)].len(), 1);
    assert_eq!(zhao.handed.len(), 1, "told that something waits");
    assert_eq!(boss.handed, zhao.handed);
}

#[test]
fn nobody_is_given_a_record_who_is_not_there() {
    let office = office();
    let mut li = office.phone("李娜");
    let nobody = rounds_model::ids::PersonId([99; 16]).to_string();
    let first = edit(&li.ticket(1, "a"));
    let given = act(&li.act_with(doc(1), "give", "open", &[("whom", &nobody)]));
    assert_eq!(words(&li.push(&office, vec![first, given])), ["stored", "stored"]);
    assert_eq!(ruling(&li.verdicts[&doc(1)][0]), "owner-unknown");
    let rounds_model::verdict::Outcome::Blocked(no) = &li.verdicts[&doc(1)][0].outcome else { panic!() };
    assert_eq!(no.rule.as_deref(), Some("T.2"), "with the requirement of its act");
    clean(&office);
}

/// Whatever the size of the pages and wherever they end, a phone that holds both scopes never
/// misses the record, and every phone comes to what the server has.
#[test]
fn pages_across_moves() {
    for (items, bytes) in [(1, 1 << 20), (2, 1 << 20), (3, 1 << 20), (5_000, 1), (5_000, 2_000)] {
        let office = office();
        let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
        let mut seen = office.phone(BOSS);
        for phone in [&mut li, &mut zhao, &mut boss, &mut seen] {
            phone.take = Take { items, bytes };
        }
        for n in 1..=4 {
            let new = [edit(&li.ticket(n, "t")), edit(&li.set(doc(n), "note", "x"))];
            li.push(&office, new.to_vec());
        }
        seen.sync(&office);
        zhao.sync(&office);
        boss.sync(&office);
        for n in [1, 2, 3] {
            let given = give(&mut boss, doc(n), &zhao);
            boss.push(&office, vec![given]);
            boss.sync(&office);
            zhao.sync(&office);
            let more =
                vec![edit(&zhao.set(doc(n), "note", "mine")), edit(&zhao.set(doc(n), "note", "still"))];
            assert_eq!(words(&zhao.push(&office, more)), ["stored", "stored"]);
        }
        boss.sync(&office);
        let back = give(&mut boss, doc(2), &li);
        boss.push(&office, vec![back]);
        let mut pages = 0;
        loop {
            let answer = seen.try_exchange(&office, vec![], false).unwrap();
            assert_eq!(seen.docs.len(), 4, "{items} {bytes}: none is ever missing");
            pages += 1;
            if !answer.more {
                break;
            }
        }
        assert!(pages > 1);
        let mut late = office.phone(BOSS);
        late.take = Take { items, bytes };
        equal(&office, &mut [&mut li, &mut zhao, &mut boss, &mut seen, &mut late]);
        let held = |phone: &Phone| phone.docs.keys().map(|doc| doc.0[0]).collect::<Vec<_>>();
        assert_eq!((held(&li), held(&zhao)), (vec![2, 4], vec![1, 3]));
    }
}

#[test]
fn a_record_for_somebody_else_is_not_its_authors_to_keep() {
    let office = office();
    let (mut boss, mut zhao) = (office.phone(BOSS), office.phone("赵强"));
    access::withdraw(&office.db, office.team, BOSS, &Access::Leads("赵强".into()), NOW).unwrap();
    let first = boss.create(doc(1), "ticket", zhao.person, &[("note", "for you")]);
    let answer = boss.try_exchange(&office, vec![edit(&first)], false).unwrap();
    assert_eq!((words(&answer.receipts), tickets(&answer.pull)), (vec!["stored".to_owned()], vec!["left"]));
    assert!(boss.docs.is_empty());
    assert_eq!(tickets(&zhao.sync(&office)), ["snapshot"]);
    // Led again, the supervisor has it, from the beginning.
    access::grant(&office.db, office.team, BOSS, &Access::Leads("赵强".into()), NOW).unwrap();
    equal(&office, &mut [&mut boss, &mut zhao]);
    assert_eq!(boss.docs.len(), 1);
}

#[test]
fn areas_are_granted_and_withdrawn() {
    let office = office();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let north = Access::Area("北区".into());
    let grant = |who: &str| access::grant(&office.db, office.team, who, &north, NOW).unwrap();
    assert!(grant("李娜") && !grant("李娜"));
    let first = li.create(doc(1), "notice", li.person, &[("text", "a"), ("region", " 北区 ")]);
    let own = li.create(doc(2), "notice", li.person, &[("text", "b")]);
    assert_eq!(words(&li.push(&office, vec![edit(&first), edit(&own)])), ["stored", "stored"]);
    assert_eq!(li.scope(&doc(1)), Scope::Area("北区".into()));
    assert_eq!(li.scope(&doc(2)), Scope::Person(li.person), "while it names no area");
    assert_eq!(tickets(&zhao.sync(&office)), [""; 0]);
    grant("赵强");
    assert_eq!(tickets(&zhao.sync(&office)), ["snapshot"]);
    // To an area that one does not hold nobody sends a record: it would leave them, and perhaps everybody.
    let strange = li.create(doc(3), "notice", li.person, &[("text", "c"), ("region", "南区")]);
    assert_eq!(words(&li.push(&office, vec![edit(&strange)])), ["area-not-held"]);
    li.docs.remove(&doc(3));
    access::grant(&office.db, office.team, "李娜", &Access::Area("南区".into()), NOW).unwrap();
    // By a mere answer it goes elsewhere, at once.
    let moved = edit(&li.set(doc(1), "region", "南区"));
    assert_eq!(words(&li.push(&office, vec![moved])), ["stored"]);
    assert_eq!(tickets(&zhao.sync(&office)), ["left"]);
    assert!(!zhao.docs.contains_key(&doc(1)) && li.docs.contains_key(&doc(1)));
    access::withdraw(&office.db, office.team, "李娜", &Access::Area("南区".into()), NOW).unwrap();
    let late = edit(&li.set(doc(1), "text", "late"));
    assert_eq!(words(&li.push(&office, vec![late])), ["taken record-out-of-scope"]);
    li.sync(&office);
    assert!(!li.docs.contains_key(&doc(1)));
    access::grant(&office.db, office.team, "赵强", &Access::Area("南区".into()), NOW).unwrap();
    zhao.sync(&office);
    assert!(zhao.docs.contains_key(&doc(1)));
    access::withdraw(&office.db, office.team, "赵强", &Access::Area("南区".into()), NOW).unwrap();
    zhao.sync(&office);
    assert!(zhao.docs.is_empty());
    equal(&office, &mut [&mut li, &mut zhao]);
    assert!(access::grant(&office.db, office.team, "赵强", &Access::Area(" ".into()), NOW).is_err());
}

#[test]
fn lesson_09_access_of_a_rep_who_goes_to_another_supervisor() {
    let office = office();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let code = office.invite("另一主管", "supervisor", None);
    let key = ed25519_dalek::SigningKey::from_bytes(&[77; 32]);
    let request = rounds_protocol::enrol::EnrolRequest::new(&code, "phone", &key);
    let mut chief = Phone::of(crate::enrol::enrol(&office.db, &request, NOW).unwrap(), key, 77);
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    boss.sync(&office);
    chief.sync(&office);
    let note = boss.set(doc(1), "note", "made before, sent after");
    access::transfer(&office.db, office.team, "李娜", BOSS, "另一主管", NOW).unwrap();
    assert!(access::transfer(&office.db, office.team, "李娜", BOSS, "另一主管", NOW).is_err());
    assert_eq!(words(&boss.push(&office, vec![edit(&note)])), ["taken record-out-of-scope"]);
    assert!(boss.docs.is_empty());
    let told = chief.sync(&office);
    assert_eq!(chief.handed.len(), 1, "the new supervisor knows of it");
    // Found by a user: whoever leads somebody was told that somebody leads them.
    let leader = |items: &[PullItem]| items.iter().filter(|i| matches!(i, PullItem::Leader { .. })).count();
    assert_eq!((leader(&told), leader(&li.sync(&office))), (0, 2), "it is said to whom it is about");
    equal(&office, &mut [&mut li, &mut chief, &mut boss]);
    assert_eq!(chief.docs.len(), 1);
}

#[test]
fn lesson_11_deletes_propagate_as_tombstones_and_come_back() {
    let office = office();
    let (mut li, mut boss, mut away) = (office.phone("李娜"), office.phone(BOSS), office.phone(BOSS));
    let first = [edit(&li.ticket(1, "a")), edit(&li.set(doc(1), "note", "n")), edit(&li.ticket(2, "b"))];
    li.push(&office, first.to_vec());
    away.sync(&office);
    let gone = act(&li.act(doc(1), "remove", "open"));
    assert_eq!(tickets(&li.try_exchange(&office, vec![gone], false).unwrap().pull), ["removed"]);
    assert_eq!(ruling(&li.verdicts[&doc(1)][0]), "accepted");
    assert_eq!(tickets(&away.sync(&office)), ["removed"]);
    assert_eq!(tickets(&boss.sync(&office)), ["snapshot", "removed"], "a new phone gets no content of it");
    assert!(!boss.docs.contains_key(&doc(1)));
    equal(&office, &mut [&mut li, &mut boss, &mut away]);
    // What was written without knowing waits beside it; the rest goes through.
    let late = [edit(&away.set(doc(1), "note", "late")), edit(&away.set(doc(2), "note", "fine"))];
    assert_eq!(words(&away.push(&office, late.to_vec())), ["record-removed", "stored"]);
    let undo = act(&li.act(doc(1), "undo", "gone"));
    let answer = li.try_exchange(&office, vec![undo], false).unwrap();
    assert_eq!(tickets(&answer.pull), ["change", "snapshot", "ruled", "ruled"]);
    boss.sync(&office);
    assert_eq!(boss.docs[&doc(1)].len(), 2);
    assert_eq!(boss.stages[&doc(1)], "open");
    away.docs.remove(&doc(1));
    equal(&office, &mut [&mut li, &mut boss]);
}

#[test]
fn what_nobody_saw_is_not_removed_unseen() {
    let office = office();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    boss.sync(&office);
    let news = edit(&li.set(doc(1), "note", "important"));
    li.push(&office, vec![news]);
    let gone = act(&boss.act(doc(1), "remove", "open"));
    assert_eq!(words(&boss.push(&office, vec![gone])), ["stored"]);
    assert_eq!(ruling(&boss.verdicts[&doc(1)][0]), "content-moved");
    let gone = act(&boss.act(doc(1), "remove", "open"));
    boss.push(&office, vec![gone]);
    assert_eq!(ruling(&boss.verdicts[&doc(1)][1]), "accepted", "having seen it");
    equal(&office, &mut [&mut li, &mut boss]);
}

#[test]
fn a_removed_record_claims_nothing_and_is_in_no_list() {
    let office = office();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    let seat = |phone: &mut Phone, n: u8| {
        let new = phone.create(doc(n), "ticket", phone.person, &[("title", "t"), ("seat", "S1")]);
        let send = phone.act(doc(n), "send", "open");
        phone.push(&office, vec![edit(&new), act(&send)]);
        phone.verdicts[&doc(n)].iter().map(ruling).collect::<Vec<_>>()
    };
    assert_eq!(seat(&mut li, 1), ["accepted"]);
    assert_eq!(seat(&mut zhao, 2), ["seat-taken"]);
    let gone = act(&li.act(doc(1), "remove", "sent"));
    li.push(&office, vec![gone]);
    assert_eq!(seat(&mut zhao, 3), ["accepted"]);
    let view = office.db.read(office.team).unwrap();
    let listed = view.list(&crate::storage::records::Filter::default()).unwrap();
    assert_eq!(listed.iter().map(|row| row.doc.0[0]).collect::<Vec<_>>(), [2, 3]);
    drop(view);
    equal(&office, &mut [&mut li, &mut zhao]);
}

/// Found by a critic: each move of a record inside one push took all of its rows out of the log again.
#[test]
fn a_record_that_moves_many_times_in_one_push_is_moved_once() {
    let office = office();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    for area in ["东", "西", "南"] {
        for person in ["李娜", BOSS] {
            access::grant(&office.db, office.team, person, &Access::Area(area.into()), NOW).unwrap();
        }
    }
    let first = li.create(doc(1), "notice", li.person, &[("text", "a"), ("region", "东")]);
    li.push(&office, vec![edit(&first)]);
    boss.sync(&office);
    let head = || office.db.read(office.team).unwrap().head().unwrap().0;
    let moves = |li: &mut Phone, through: [&str; 2], last: &str| {
        let regions = through.into_iter().cycle().take(26).chain([last]).enumerate();
        let edits = regions.flat_map(|(n, region)| {
            let text = format!("{} {n}", through[0]);
            [edit(&li.set(doc(1), "region", region)), edit(&li.set(doc(1), "text", &text))]
        });
        let before = head();
        let edits: Vec<_> = edits.collect();
        let got = li.push(&office, edits);
        assert!(words(&got).iter().all(|word| word == "stored"), "{:?}", words(&got));
        (got.len() as u64, head() - before)
    };
    let (edits, places) = moves(&mut li, ["西", "南"], "西");
    assert_eq!(places, edits + 2, "one place where it left, one where it arrived");
    let view = office.db.read(office.team).unwrap();
    let rows = view.log(&[(Scope::area("南").unwrap(), rounds_model::ids::Seq(0))], 100).unwrap();
    assert!(rows.is_empty(), "nobody ever saw it there: {rows:?}");
    drop(view);
    assert_eq!(tickets(&boss.sync(&office)), ["left", "snapshot"]);
    equal(&office, &mut [&mut li, &mut boss]);
    // There and back again: it never went.
    let (edits, places) = moves(&mut li, ["南", "东"], "西");
    assert_eq!(places, edits);
    equal(&office, &mut [&mut li, &mut boss]);
}

/// Found by a critic: acts counted as 700 bytes each, so that a record that arrived could come to more
/// than a phone reads.
#[test]
fn the_acts_of_a_record_are_bounded_and_counted_as_what_they_are() {
    let office = office();
    let (mut li, zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    let long = "长".repeat(10_000);
    let stated: Vec<_> =
        (0..80).map(|_| act(&li.act_with(doc(1), "send", "sent", &[("note", &long)]))).collect();
    let got = words(&li.push(&office, stated));
    let stored = got.iter().filter(|word| *word == "stored").count();
    assert_eq!((stored, got[stored].as_str()), (68, "record-full"), "2 MB of 30 KB each");
    boss.sync(&office);
    let given = give(&mut boss, doc(1), &zhao);
    boss.push(&office, vec![given]);
    let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
    let arrived: i64 = file.query_row("SELECT bytes FROM log WHERE what = 7", [], |row| row.get(0)).unwrap();
    assert!(arrived > 68 * 30_000, "{arrived}");
}

/// The same for what an edit tells beside its answers.
#[test]
fn what_an_edit_tells_of_time_is_counted_too() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let first = edit(&li.ticket(1, "a"));
    li.push(&office, vec![first]);
    let spent = |n: usize| rounds_model::edit::Spent { key: format!("{n:0>200}"), ms: 1 };
    let document = li.docs.get_mut(&doc(1)).unwrap();
    let items: Vec<_> = (0..300)
        .map(|n| {
            let values = [("note".to_owned(), format!("{n}").as_str().into())];
            let told = (0..200).map(spent).collect();
            let written = document.write_telling(doc(1), li.actor, NOW / 1000, &values, told);
            edit(&written.unwrap().unwrap().0)
        })
        .collect();
    let got = words(&li.push(&office, items));
    let stored = got.iter().filter(|word| *word == "stored").count();
    assert_eq!(got[stored], "record-full");
    assert!((180..210).contains(&stored), "8 MB of 42 KB each: {stored}");
}
