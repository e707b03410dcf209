//! Random work from several phones, in random batches, with lost answers sent again.

use crate::testing::{BOSS, Office, Phone, act, doc, edit, moving};
use proptest::prelude::*;
use rounds_protocol::exchange::{Packed, Receipt, Take};

#[derive(Debug, Clone)]
enum Step {
    Create(usize, u8),
    Write(usize, u8, &'static str),
    Act(usize, u8, &'static str),
    Sync(usize, bool, u32),
}

fn step() -> impl Strategy<Value = Step> {
    let phone = 0..3usize;
    prop_oneof![
        (phone.clone(), 1..7u8).prop_map(|(p, n)| Step::Create(p, n)),
        (phone.clone(), 1..7u8, prop::sample::select(vec!["note", "title", "seat"]))
            .prop_map(|(p, n, k)| Step::Write(p, n, k)),
        (phone.clone(), 1..7u8, prop::sample::select(vec!["send", "finish"]))
            .prop_map(|(p, n, a)| Step::Act(p, n, a)),
        (phone, any::<bool>(), 1..6u32).prop_map(|(p, lost, items)| Step::Sync(p, lost, items)),
    ]
}

/// Sends everything that waits; what is held is put aside as the phone would.
fn send(office: &Office, phone: &mut Phone, waiting: &mut Vec<Packed>, lost: bool) {
    let answer = phone.try_exchange(office, waiting.clone(), lost).unwrap();
    if lost {
        return;
    }
    if answer.receipts.iter().any(|r| matches!(r, Receipt::Held(_) | Receipt::Taken(_))) {
        start_over(office, phone);
    }
    waiting.clear();
}

/// After a held item: the server's records, and a new pen.
fn start_over(office: &Office, phone: &mut Phone) {
    phone.forget();
    let next = phone.actor.0[1].wrapping_add(1);
    phone.actor.0[1] = next;
    phone.sync(office);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_reader_ends_with_the_same_and_no_number_is_missing(steps in prop::collection::vec(step(), 1..60)) {
        let office = Office::new();
        let mut phones = [office.phone("李娜"), office.phone("赵强"), office.phone(BOSS)];
        let mut waiting: [Vec<Packed>; 3] = Default::default();
        for step in steps {
            match step {
                Step::Create(p, n) => {
                    let n = n + 10 * p as u8;
                    if !phones[p].docs.contains_key(&doc(n)) {
                        let first = phones[p].ticket(n, "t");
                        waiting[p].push(edit(&first));
                    }
                }
                Step::Write(p, n, key) => {
                    let n = n + 10 * if p == 2 { n as usize % 3 } else { p } as u8;
                    if phones[p].docs.contains_key(&doc(n)) {
                        let value = format!("{p}-{}", waiting.iter().map(Vec::len).sum::<usize>());
                        let mut fork = phones[p].docs[&doc(n)].clone();
                        let values = [(key.to_owned(), value.as_str().into())];
                        if let Some(made) = fork.write(doc(n), phones[p].actor, 1_795_400_000, &values).unwrap() {
                            phones[p].docs.insert(doc(n), fork);
                            waiting[p].push(edit(&made));
                        }
                    }
                }
                Step::Act(p, n, name) => {
                    let n = n + 10 * if p == 2 { n as usize % 3 } else { p } as u8;
                    if phones[p].docs.contains_key(&doc(n)) {
                        let signed = phones[p].act(doc(n), name, if name == "send" { "open" } else { "sent" });
                        waiting[p].push(act(&signed));
                    }
                }
                Step::Sync(p, lost, items) => {
                    phones[p].take = Take { items, bytes: 1 << 20 };
                    send(&office, &mut phones[p], &mut waiting[p], lost);
                }
            }
        }
        for p in 0..3 {
            send(&office, &mut phones[p], &mut waiting[p], false);
        }
        for phone in &mut phones {
            phone.sync(&office);
            prop_assert_eq!(phone.digest(), office.digest(phone));
        }
        let numbers = office.numbers();
        prop_assert_eq!(&numbers, &(1..=numbers.len() as u64).collect::<Vec<_>>());
        let view = crate::storage::Storage::read(&office.db, office.team).unwrap();
        prop_assert_eq!(crate::admin::verify::verify(&*view).unwrap().differences, vec![]);
    }
}

/// What anybody may do with any of twelve records, whoever has it by now.
#[derive(Debug, Clone)]
enum Move {
    Create(usize, u8),
    Write(usize, u8),
    Give(usize, u8, usize),
    Act(usize, u8, &'static str),
    Sync(usize, bool, u32),
}

fn moves() -> impl Strategy<Value = Move> {
    let phone = || 0..4usize;
    prop_oneof![
        2 => (phone(), 1..13u8).prop_map(|(p, n)| Move::Create(p, n)),
        3 => (phone(), 1..13u8).prop_map(|(p, n)| Move::Write(p, n)),
        2 => (phone(), 1..13u8, 0..3usize).prop_map(|(p, n, to)| Move::Give(p, n, to)),
        2 => (phone(), 1..13u8, prop::sample::select(vec!["remove", "undo", "send"]))
            .prop_map(|(p, n, a)| Move::Act(p, n, a)),
        4 => (phone(), any::<bool>(), 1..6u32).prop_map(|(p, lost, items)| Move::Sync(p, lost, items)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn records_that_move_and_are_removed_end_where_the_server_has_them(steps in prop::collection::vec(moves(), 1..80)) {
        let office = Office::new();
        office.publish(&moving());
        let mut phones = [office.phone("李娜"), office.phone("赵强"), office.phone(BOSS), office.phone("李娜")];
        let people: Vec<_> = phones.iter().map(|phone| phone.person).collect();
        let mut waiting: [Vec<Packed>; 4] = Default::default();
        let mut made = std::collections::BTreeSet::new();
        let mut count = 0;
        for step in steps {
            count += 1;
            match step {
                Move::Create(p, n) if made.insert(n) => {
                    let first = phones[p].ticket(n, "t");
                    waiting[p].push(edit(&first));
                }
                Move::Write(p, n) if phones[p].docs.contains_key(&doc(n)) => {
                    let note = phones[p].set(doc(n), "note", &format!("{p} {count}"));
                    waiting[p].push(edit(&note));
                }
                Move::Give(p, n, to) if phones[p].docs.contains_key(&doc(n)) => {
                    let (whom, stage) = (people[to].to_string(), stage(&phones[p], n));
                    let given = phones[p].act_with(doc(n), "give", &stage, &[("whom", &whom)]);
                    waiting[p].push(act(&given));
                }
                Move::Act(p, n, name) if phones[p].docs.contains_key(&doc(n)) => {
                    let stage = stage(&phones[p], n);
                    let stated = phones[p].act(doc(n), name, &stage);
                    waiting[p].push(act(&stated));
                }
                Move::Sync(p, lost, items) => {
                    phones[p].take = Take { items, bytes: 1 << 20 };
                    send(&office, &mut phones[p], &mut waiting[p], lost);
                }
                _ => {}
            }
        }
        for p in 0..4 {
            send(&office, &mut phones[p], &mut waiting[p], false);
        }
        let mut late = office.phone(BOSS);
        for phone in phones.iter_mut().chain([&mut late]) {
            phone.sync(&office);
            prop_assert_eq!(phone.digest(), office.digest(phone));
        }
        let numbers = office.numbers();
        prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "a place is given out once");
        let view = crate::storage::Storage::read(&office.db, office.team).unwrap();
        prop_assert_eq!(crate::admin::verify::verify(&*view).unwrap().differences, vec![]);
    }
}

fn stage(phone: &Phone, n: u8) -> String {
    phone.stages.get(&doc(n)).cloned().unwrap_or_else(|| "open".into())
}
