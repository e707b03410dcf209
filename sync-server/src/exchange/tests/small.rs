//! What an unchanged phone costs.

use super::tickets;
use crate::exchange::exchange;
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, edit};
use rounds_model::ids::DocId;
use rounds_protocol::exchange::{Cursors, Level};
use rounds_protocol::fault::Fault;
use rounds_protocol::wire;

/// Found by a critic: an unchanged phone of a supervisor of fifty people sent and got more than a kilobyte.
#[test]
fn an_unchanged_phone_costs_less_than_a_kilobyte_whoever_it_leads() {
    for people in [1, 200] {
        let office = Office::new();
        let mut boss = office.phone(BOSS);
        for n in 0..people {
            office.invite(&format!("代表{n}"), "rep", Some(BOSS));
        }
        boss.sync(&office);
        let epoch = office.db.read(office.team).unwrap().epoch().unwrap();
        let mut request = boss.request(vec![]);
        request.epoch = Some(epoch);
        let level = Level::of(&request.cursors).unwrap();
        assert_eq!(request.cursors.len(), people + 2);
        let full = wire::pack(&request).unwrap().len();
        (request.cursors, request.level) = (Cursors::new(), Some(level));
        let ask = |request: &_| exchange(&office.db, &office.rules, &boss.token, request, NOW);
        let answer = ask(&request).unwrap();
        assert!(answer.cursors.is_empty() && answer.pull.is_empty());
        assert_eq!(answer.level, Some(level));
        let (up, down) = (wire::pack(&request).unwrap().len(), wire::pack(&answer).unwrap().len());
        println!("{people} people: {up} B up, {down} B down; said in full {full} B up");
        assert!(up <= 1_024 && down <= 1_024, "{people}: {up} up, {down} down");

        // Somebody more: what was said in short is not understood, and nothing is guessed.
        office.invite("新人", "rep", Some(BOSS));
        assert_eq!(ask(&request).unwrap_err().fault(), Fault::CursorsUnknown);
        boss.sync(&office);
        assert_eq!(boss.cursors.len(), people + 3);
        assert_eq!(boss.digest(), office.digest(&boss));
    }
}

/// A team with thousands of stores: what a phone is sent for one that changed is that one.
#[test]
fn lesson_12_of_thousands_of_records_a_phone_gets_only_what_changed() {
    let small = delta(20);
    let large = delta(2_000);
    assert_eq!(small.0, large.0, "the same items, however many there are");
    assert!(large.1 <= small.1 + 64 && large.1 <= 1_024, "{small:?} {large:?}");
}

/// The items and the bytes of an answer after one of so many records has changed.
fn delta(records: usize) -> (Vec<&'static str>, usize) {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let ticket = |n: usize| {
        let mut id = [7; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        DocId(id)
    };
    for from in (0..records).step_by(500) {
        let items = (from..records.min(from + 500))
            .map(|n| edit(&li.create(ticket(n), "ticket", li.person, &[("title", "灯坏了")])));
        let items: Vec<_> = items.collect();
        li.push(&office, items);
    }
    boss.sync(&office);
    assert_eq!(boss.docs.len(), records);
    let changed = edit(&li.set(ticket(records / 2), "note", "换了"));
    li.push(&office, vec![changed]);
    let answer = boss.try_exchange(&office, vec![], false).unwrap();
    assert!(!answer.more);
    (tickets(&answer.pull), wire::pack(&answer).unwrap().len())
}
