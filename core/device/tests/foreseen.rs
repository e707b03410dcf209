//! What waits is expected to be ruled as it was when it was stated, whatever came after it on this phone.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::server::{Line, Team};
use common::{Phone, me, phone, phone_of, typed};
use proptest::prelude::*;
use rounds_device::store::meta;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use std::sync::Mutex;

fn stage(phone: &Phone, doc: DocId) -> String {
    phone.show(doc, Lang::En).unwrap().row.stage.name
}

/// Each row is what it would be made into now, and each waiting act is expected to be ruled as it would be if
/// all of them were ruled anew, each on what came before it.
fn stands(phone: &Phone) {
    let found = phone.verify().unwrap();
    assert!(found.is_clean() && found.outdated == 0, "{found:?}");
}

/// A package with two applications, all handed in.
fn package(phone: &Phone) -> (DocId, [DocId; 2]) {
    let person = me("rep").person.id.to_string();
    let staff = [("person", person.as_str()), ("code", "8001"), ("user_type", "agent")];
    phone.create("staff", &typed(&staff)).unwrap();
    let policy = |number: &str| {
        let answers = [("number", number), ("holder", "孙敏"), ("service_code", "8001")];
        phone.create("policy", &typed(&answers)).unwrap().to_string()
    };
    let policies = ["P1", "P2"].map(policy);
    phone.store().write(|tx| meta::set(tx, "identity", &me("rep"))).unwrap();
    let package = phone.create("package", &typed(&[("customer", "孙敏")])).unwrap();
    let of = package.to_string();
    let applications = policies.map(|policy| {
        let answers = [("policy", policy.as_str()), ("item", "contact_change"), ("package", of.as_str())];
        phone.create("application", &typed(&answers)).unwrap()
    });
    for application in applications {
        phone.act(application, "submit", &[]).unwrap();
    }
    phone.act(package, "submit", &[]).unwrap();
    (package, applications)
}

/// A package is handed in, which is what its applications had to be before. They stay so.
#[test]
fn o5_what_was_put_into_a_package_stays_handed_in_when_the_package_is() {
    let phone = phone("operator", &["policy-application"]);
    let (_, applications) = package(&phone);
    stands(&phone);
    phone.rebuild().unwrap();
    for application in applications {
        assert_eq!(stage(&phone, application), "submitted");
        // The next step is one from there.
        phone.act(application, "print", &[]).unwrap();
        assert_eq!(stage(&phone, application), "submitted");
    }
    stands(&phone);
}

/// Found by a critic: with a server that was restored, what it had ruled was ruled anew at once, record by record,
/// and the applications of a package that was handed in were none of it any more.
#[test]
fn o5_what_a_restored_server_had_ruled_stays_until_it_rules_again() {
    const PEOPLE: [(u8, &str); 1] = [(2, "rep")];
    let phone = phone("operator", &["policy-application"]);
    let (package, applications) = package(&phone);
    let team = Mutex::new(Team::of(&PEOPLE));
    let line = Line::new(&team, &phone);
    assert!(line.sync(500, 100));
    let stages = || [package, applications[0], applications[1]].map(|doc| stage(&phone, doc));
    let ruled = stages();
    assert_eq!(ruled, ["submitted"; 3]);
    team.lock().unwrap().restore(&PEOPLE);
    // The first exchange is told that it was restored; then it breaks off.
    assert!(!Line::new(&team, &phone).sync(500, 1));
    assert_eq!(stages(), ruled);
    phone.rebuild().unwrap();
    assert_eq!(stages(), ruled);
    stands(&phone);
    assert!(Line::new(&team, &phone).sync(500, 100));
    let there = [package, applications[0], applications[1]].map(|doc| team.lock().unwrap().stage(doc));
    assert_eq!(stages(), there);
    stands(&phone);
}

struct Event {
    phone: Phone,
    event: DocId,
}

impl Event {
    fn new() -> Event {
        let phone = phone("supervisor", &["family-event"]);
        let leader = me("supervisor").person.id.to_string();
        let answers = [
            ("label", "小小牙医"),
            ("date", "2026-11-28"),
            ("begins", "09:30"),
            ("venue", "某诊所"),
            ("leader", leader.as_str()),
        ];
        let event = phone.create("event", &typed(&answers)).unwrap();
        phone.act(event, "invite", &[]).unwrap();
        Event { phone, event }
    }

    fn family(&self, children: u8) -> DocId {
        let (event, children) = (self.event.to_string(), children.to_string());
        let answers = [
            ("event", event.as_str()),
            ("label", "王家"),
            ("phone", "1"),
            ("children", &children),
            ("adults", "1"),
        ];
        self.phone.create("family", &typed(&answers)).unwrap()
    }

    fn enrol(&self, family: DocId) {
        self.phone.act(family, "call", &typed(&[("answer", "来")])).unwrap();
        self.phone.act(family, "enrol", &[]).unwrap();
    }
}

/// Whoever was enrolled while people were invited stays enrolled when the event is postponed afterwards.
#[test]
fn l2_l3_an_event_that_is_postponed_takes_no_seat_from_who_was_enrolled_before() {
    let all = Event::new();
    let family = all.family(2);
    all.enrol(family);
    all.phone.act(all.event, "postpone", &typed(&[("reason", "下雨")])).unwrap();
    all.phone.answer(all.event, &typed(&[("date", "2026-12-05")])).unwrap();
    stands(&all.phone);
    all.phone.rebuild().unwrap();
    assert_eq!(stage(&all.phone, family), "enrolled");
    all.phone.act(family, "remind", &[]).unwrap();
    assert_eq!(stage(&all.phone, family), "enrolled");
}

/// Who found no seat is on the list, although one became free here afterwards; who had one keeps it.
#[test]
fn l1_q2_a_place_that_waits_is_neither_lost_nor_won_by_what_came_after_it() {
    let all = Event::new();
    let (first, second, third) = (all.family(18), all.family(4), all.family(2));
    for family in [first, second, third] {
        all.enrol(family);
    }
    let stages = || [first, second, third].map(|family| stage(&all.phone, family));
    let expected = stages();
    assert_eq!(expected[..2], ["enrolled", "waitlisted"]);
    all.phone.act(first, "cancel", &[]).unwrap();
    stands(&all.phone);
    all.phone.rebuild().unwrap();
    all.phone.answer(second, &typed(&[("phone", "2")])).unwrap();
    assert_eq!(stages()[1..], expected[1..]);
    stands(&all.phone);
}

/// Two supervisors, who hold the same records.
const BOTH: [(u8, &str); 2] = [(2, "supervisor"), (3, "supervisor")];

/// A colleague's family at an event, as far as it gets.
fn theirs(phone: &Phone, event: DocId, children: u8) -> Result<DocId, rounds_device::RoundsError> {
    let (event, children) = (event.to_string(), children.to_string());
    let answers = [
        ("event", event.as_str()),
        ("label", "赵家"),
        ("phone", "3"),
        ("children", &children),
        ("adults", "1"),
    ];
    let family = phone.create("family", &typed(&answers))?;
    phone.act(family, "call", &typed(&[("answer", "来")]))?;
    phone.act(family, "enrol", &[])?;
    Ok(family)
}

/// Found by a critic: what the server had, and whose ruling was on a later page, was ruled on again with what was
/// written after it, which the server had too.
#[test]
fn l3_what_the_server_has_is_not_ruled_on_again_with_what_came_after_it() {
    let all = Event::new();
    let family = all.family(2);
    let team = Mutex::new(Team::of(&BOTH));
    assert!(Line::new(&team, &all.phone).sync(500, 100));
    let colleague = phone_of(3, "supervisor", &["family-event"]);
    assert!(Line::new(&team, &colleague).sync(500, 100));
    theirs(&colleague, all.event, 3).unwrap();
    assert!(Line::new(&team, &colleague).sync(500, 100));
    // Of another day, which the call was not for.
    all.enrol(family);
    all.phone.act(all.event, "postpone", &typed(&[("reason", "下雨")])).unwrap();
    all.phone.answer(all.event, &typed(&[("date", "2026-12-05")])).unwrap();
    let line = Line::new(&team, &all.phone);
    // All is sent before anything has come: then news come one by one.
    while !line.sync(1, 1) {
        assert_eq!(stage(&all.phone, family), "enrolled");
    }
    assert_eq!(team.lock().unwrap().stage(family), "enrolled");
    assert_eq!(stage(&all.phone, family), "enrolled");
    stands(&all.phone);
}

/// What waits is ruled anew when all news is in, also for what came on a page after which the sync had broken off.
#[test]
fn l1_q2_what_came_before_a_sync_broke_off_counts_once_all_is_in() {
    let all = Event::new();
    let family = all.family(2);
    let team = Mutex::new(Team::of(&BOTH));
    let line = Line::new(&team, &all.phone);
    assert!(line.sync(500, 100));
    let colleague = phone_of(3, "supervisor", &["family-event"]);
    assert!(Line::new(&team, &colleague).sync(500, 100));
    theirs(&colleague, all.event, 20).unwrap();
    assert!(Line::new(&team, &colleague).sync(500, 100));
    for phone in ["2", "3", "4", "5", "6", "7"] {
        all.phone.answer(family, &typed(&[("phone", phone)])).unwrap();
    }
    all.enrol(family);
    // Their family, its call and that it is enrolled; of mine, an edit each time.
    for _ in 0..3 {
        assert!(!line.sync(1, 1));
        assert_eq!(stage(&all.phone, family), "enrolled");
    }
    assert!(!line.sync_taking(1, 500, 1), "there is more to send");
    assert_eq!(stage(&all.phone, family), "waitlisted");
    stands(&all.phone);
    assert!(line.sync(500, 100));
    assert_eq!(stage(&all.phone, family), "waitlisted");
}

/// What only the server can say, a number, is nothing that was not expected.
#[test]
fn o5_only_what_was_not_expected_has_what_waits_ruled_anew() {
    let phone = phone("operator", &["policy-application"]);
    let (package, _) = package(&phone);
    let team = Mutex::new(Team::of(&[(2, "rep")]));
    let line = Line::new(&team, &phone);
    let due = || phone.store().read(|db| meta::get::<bool>(db, "foresee_anew")).unwrap();
    while !line.sync(1, 1) {
        assert_eq!(due(), None);
    }
    assert_eq!(stage(&phone, package), "submitted");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// With a server, small pages, a sync that breaks off between them, and a colleague: what is foreseen is how it
    /// is ruled wherever the phone was told of all that the ruling rests on, and stays expected until it comes. The
    /// line to the server watches both.
    #[test]
    fn what_is_foreseen_is_how_the_server_rules(
        sizes in prop::collection::vec(1..12_u8, 4),
        steps in prop::collection::vec((0..5_usize, 0..9_usize, 1..5_u32, 1..4_u64), 8..24),
    ) {
        let team = Mutex::new(Team::of(&BOTH));
        let all = Event::new();
        let families: Vec<_> = sizes.iter().map(|size| all.family(*size)).collect();
        let line = Line::new(&team, &all.phone);
        prop_assert!(line.sync(500, 100));
        let colleague = phone_of(3, "supervisor", &["family-event"]);
        let other = Line::new(&team, &colleague);
        prop_assert!(other.sync(500, 100));
        // What is not possible now is refused, and that is all.
        let act = |doc, name: &str, said: &[(&str, &str)]| drop(all.phone.act(doc, name, &typed(said)));
        for (whom, what, items, exchanges) in steps {
            let family = families.get(whom).copied();
            match (what, family) {
                (0 | 1, Some(family)) => {
                    act(family, "call", &[("answer", "来")]);
                    act(family, "call_waiting", &[("answer", "来")]);
                    act(family, "enrol", &[]);
                }
                (2, Some(family)) => act(family, "cancel", &[]),
                (3, Some(family)) => drop(all.phone.answer(family, &typed(&[("children", "4")]))),
                (4, Some(family)) => act(family, "remind", &[]),
                (0..=1, None) => act(all.event, "postpone", &[("reason", "雨")]),
                (2..=3, None) => act(all.event, "invite", &[]),
                (4, None) => drop(all.phone.answer(all.event, &typed(&[("date", "2026-11-27")]))),
                (5, _) => {
                    let _ = theirs(&colleague, all.event, sizes[whom % sizes.len()]);
                    prop_assert!(other.sync(500, 100));
                }
                _ => _ = line.sync(items, exchanges),
            }
            line.watch();
        }
        prop_assert!(line.sync(2, 1000));
        stands(&all.phone);
        for doc in families.into_iter().chain([all.event]) {
            prop_assert_eq!(stage(&all.phone, doc), team.lock().unwrap().stage(doc));
        }
    }

    /// Whatever is done in whatever order, nothing that is done later changes what is expected of what was done
    /// before, and all of it is what comes out when the waiting acts are ruled one after the other.
    #[test]
    fn what_waits_is_ruled_in_its_own_order(
        sizes in prop::collection::vec(1..9_u8, 5),
        steps in prop::collection::vec((0..6_usize, 0..7_usize), 10..30),
    ) {
        let all = Event::new();
        let families: Vec<_> = sizes.into_iter().map(|size| all.family(size)).collect();
        let mut stages: Vec<_> = families.iter().map(|family| stage(&all.phone, *family)).collect();
        let done = |done: Result<(), rounds_device::RoundsError>| done.is_ok();
        let act = |doc, name: &str, said: &[(&str, &str)]| done(all.phone.act(doc, name, &typed(said)).map(drop));
        for (whom, what) in steps {
            let Some(family) = families.get(whom) else {
                // What is not possible now is refused, and that is all.
                match what < 4 {
                    true => act(all.event, "postpone", &[("reason", "雨")]),
                    false => act(all.event, "invite", &[]),
                };
                continue;
            };
            let is_done = match what {
                0..3 => {
                    act(*family, "call", &[("answer", "来")]);
                    act(*family, "enrol", &[])
                }
                3 => act(*family, "cancel", &[]),
                4 | 5 => act(*family, "remind", &[]),
                _ => done(all.phone.answer(*family, &typed(&[("phone", "2")]))),
            };
            if is_done {
                stages[whom] = stage(&all.phone, *family);
            }
        }
        stands(&all.phone);
        all.phone.rebuild().unwrap();
        let now: Vec<_> = families.iter().map(|family| stage(&all.phone, *family)).collect();
        prop_assert_eq!(now, stages);
    }
}
