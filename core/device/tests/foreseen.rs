//! What waits is expected to be ruled as it was when it was stated, whatever came after it on this phone.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::{Phone, me, phone, typed};
use proptest::prelude::*;
use rounds_device::store::meta;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;

fn stage(phone: &Phone, doc: DocId) -> String {
    phone.show(doc, Lang::En).unwrap().row.stage.name
}

/// Each row is what it would be made into now, and each waiting act is expected to be ruled as it would be if
/// all of them were ruled anew, each on what came before it.
fn stands(phone: &Phone) {
    let found = phone.verify().unwrap();
    assert!(found.is_clean() && found.outdated == 0, "{found:?}");
}

/// A package is handed in, which is what its applications had to be before. They stay so.
#[test]
fn o5_what_was_put_into_a_package_stays_handed_in_when_the_package_is() {
    let phone = phone("operator", &["policy-application"]);
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

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
