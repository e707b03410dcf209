//! Automatic numbers: F.7 (an acceptance number that is generated), without gaps, none twice.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Judged, is_provisional, project};

fn server() -> Server {
    Server { counters: Some(Default::default()), clock: Some(MORNING), ..Server::default() }
}

fn asset(server: &mut Server, n: u8, unit: &str) {
    server.create(doc(n), "asset", LI, LI, &[("name", "x".into()), ("unit", unit.into())]);
}

fn number(server: &Server, n: u8, name: &str) -> String {
    server.project(doc(n)).data.get(&format!("@accept/{name}")).map(Scalar::to_string).unwrap_or_default()
}

#[test]
fn f7_numbers_count_by_prefix_and_year_and_are_kept() {
    let mut server = server();
    for (n, unit) in [(1, "A"), (2, "B"), (3, "A"), (4, "A")] {
        asset(&mut server, n, unit);
    }
    for n in 1..4 {
        accepted(&server.act(doc(n), "accept", LI, &[]));
    }
    let numbers = [1, 2, 3].map(|n| (number(&server, n, "acceptance_no"), number(&server, n, "slip")));
    let expected = [("YS-A-2026-0001", "1"), ("YS-B-2026-0001", "2"), ("YS-A-2026-0002", "3")];
    assert_eq!(numbers, expected.map(|(no, slip)| (no.to_owned(), slip.to_owned())));
    // A number that was given stays with its record, whatever the record says then.
    accepted(&server.act(doc(1), "modify", LI, &[]));
    server.set(doc(1), "unit", "B");
    accepted(&server.act(doc(1), "accept", LI, &[]));
    assert_eq!(number(&server, 1, "acceptance_no"), "YS-A-2026-0001");
    // The year is the one in which it is given.
    server.clock = Some(MORNING + 40 * 24 * 3_600_000);
    accepted(&server.act(doc(4), "accept", LI, &[]));
    assert_eq!(number(&server, 4, "acceptance_no"), "YS-A-2027-0001");
    assert!(server.project(doc(4)).search.contains("YS-A-2027-0001"));
    // One digit is soon used up, and then nothing is given rather than something twice.
    for n in 5..10 {
        asset(&mut server, n, "A");
        accepted(&server.act(doc(n), "accept", LI, &[]));
    }
    asset(&mut server, 10, "A");
    blocked(&server.act(doc(10), "accept", LI, &[]), "numbers-used-up");
    assert_eq!(server.counters.as_ref().unwrap()["YS-A-|2027"], 6, "what is refused takes no number");
}

#[test]
fn f7_a_phone_shows_a_number_that_nobody_takes_for_a_real_one() {
    let mut server = server();
    asset(&mut server, 1, "A");
    let mut act = server.statement(doc(1), "accept", LI, &[]);
    act.id.0[13..].copy_from_slice(&[0xab, 0x01, 0xff]);
    let phone = Server { counters: None, clock: None, ..server.clone() };
    let pending = [Judged { act: act.clone(), verdict: None }];
    let seen = project(catalogue(), doc(1), &server.fields[&doc(1)], &pending, now(), Some(phone.ahead(LI)))
        .unwrap();
    let provisional = seen.data["@accept/acceptance_no"].to_string();
    assert_eq!(provisional, "YS-A-2026-?ab01ff");
    assert!(is_provisional(&provisional));
    accepted(&server.judge(act));
    assert!(!is_provisional(&number(&server, 1, "acceptance_no")));
}

/// However it is written: what stands before the digits has one row of numbers.
#[test]
fn f7_two_rules_that_say_the_same_before_the_digits_never_give_one_number_twice() {
    let mut server = server();
    let acts = ["by_day", "by_batch", "bare", "by_day", "bare", "by_batch"];
    let mut given = Vec::new();
    for (n, act) in (1..).zip(acts) {
        server.create(doc(n), "slip", LI, LI, &[("batch", "20261123".into())]);
        accepted(&server.act(doc(n), act, LI, &[]));
        given.push(server.project(doc(n)).data[&format!("@{act}/no")].to_string());
    }
    let expected: Vec<_> = (1..=6).map(|n| format!("SL20261123-{n:04}")).collect();
    assert_eq!(given, expected);
    // One with fewer digits before the count: another row.
    server.create(doc(7), "slip", LI, LI, &[("batch", "2026".into())]);
    accepted(&server.act(doc(7), "bare", LI, &[]));
    assert_eq!(server.project(doc(7)).data["@bare/no"], "SL2026-0001".into());
    // A series that was counted before a number was kept for what stands before its digits goes on.
    let mut server = self::server();
    server.counters = Some([("SL|20261123".to_owned(), 41)].into());
    server.create(doc(1), "slip", LI, LI, &[]);
    accepted(&server.act(doc(1), "by_day", LI, &[]));
    assert_eq!(server.project(doc(1)).data["@by_day/no"], "SL20261123-0042".into());
}

proptest! {
    #[test]
    fn f7_no_gap_and_none_twice_in_any_order(steps in prop::collection::vec((1..9_u8, 0..3_u8), 1..40)) {
        let mut server = server();
        for n in 1..9 {
            asset(&mut server, n, if n % 2 == 0 { "A" } else { "B" });
        }
        for (n, what) in steps {
            server.act(doc(n), if what == 0 { "modify" } else { "accept" }, LI, &[]);
        }
        let mut slips: Vec<u64> = (1..9).filter_map(|n| number(&server, n, "slip").parse().ok()).collect();
        slips.sort_unstable();
        prop_assert_eq!(slips.clone(), (1..=slips.len() as u64).collect::<Vec<_>>());
        let mut numbers: Vec<_> = (1..9).map(|n| number(&server, n, "acceptance_no")).filter(|no| !no.is_empty()).collect();
        numbers.sort();
        let all = numbers.len();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), all);
    }
}
