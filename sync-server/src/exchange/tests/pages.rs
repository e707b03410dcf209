//! Pages: whatever their size, after each the phone holds a state that the server once had.

use super::tickets;
use crate::testing::{BOSS, NOW, Office, PACK, Phone, act, doc, edit, words};
use rounds_model::document::Document;
use rounds_protocol::exchange::{PullItem, Take};
use rounds_workflow::{Bundle, Pack};
use std::collections::BTreeMap;

/// Some records with edits and acts among each other; also the heads of every document after each
/// accepted item, by its place in the log.
fn busy(office: &Office) -> (Phone, BTreeMap<u64, BTreeMap<u8, usize>>) {
    let mut li = office.phone("李娜");
    let mut states = BTreeMap::new();
    let mut lengths: BTreeMap<u8, usize> = BTreeMap::new();
    for round in 0..4u8 {
        for n in 1..=5u8 {
            let item = match round {
                0 => edit(&li.ticket(n, "t")),
                1 if n < 4 => edit(&li.set(doc(n), "note", &"x".repeat(usize::from(n) * 300))),
                2 if n == 2 => act(&li.act(doc(n), "send", "open")),
                3 if n != 5 => edit(&li.set(doc(n), "note", "last")),
                _ => continue,
            };
            let is_edit = round != 2;
            let receipts = li.push(office, vec![item]);
            assert_eq!(words(&receipts), ["stored"]);
            *lengths.entry(n).or_default() += usize::from(is_edit);
            states.insert(*office.numbers().last().unwrap(), lengths.clone());
        }
    }
    (li, states)
}

#[test]
fn tiny_pages_are_consistent_prefixes() {
    let office = Office::new();
    let (li, states) = busy(&office);
    for (items, bytes) in
        [(1, 1 << 20), (2, 1 << 20), (3, 1 << 20), (5000, 1), (5000, 700), (5000, 3000), (7, 1500)]
    {
        let mut boss = office.phone(BOSS);
        boss.take = Take { items, bytes };
        let mut pages = 0;
        loop {
            let answer = boss.try_exchange(&office, vec![], false).unwrap();
            pages += 1;
            assert!(answer.pull.len() <= items as usize);
            let at = answer.cursors.values().next().unwrap().0;
            assert!(answer.cursors.values().all(|seq| seq.0 == at));
            let then = states.range(..=at).next_back().map(|(_, s)| s.clone()).unwrap_or_default();
            let now: BTreeMap<u8, usize> =
                boss.docs.iter().map(|(d, doc)| (d.0[0], Document::len(doc))).collect();
            assert_eq!(now, then, "the state at {at} with pages of {items} items, {bytes} bytes");
            if !answer.more {
                break;
            }
            assert!(pages < 100, "it ends");
        }
        assert_eq!(boss.digest(), office.digest(&boss));
        assert_eq!(boss.verdicts[&doc(2)].len(), 1);
    }
    assert_eq!(li.digest(), office.digest(&li));
}

#[test]
fn new_records_come_whole_and_known_ones_as_changes() {
    let office = Office::new();
    let (mut li, _) = busy(&office);
    let mut boss = office.phone(BOSS);
    let items = boss.sync(&office);
    assert_eq!(tickets(&items), ["snapshot", "snapshot", "snapshot", "snapshot", "snapshot", "ruled"]);
    let (a, b) = (li.set(doc(1), "note", "more"), li.ticket(9, "new"));
    li.push(&office, vec![edit(&a), edit(&b)]);
    assert_eq!(tickets(&boss.sync(&office)), ["change", "snapshot"]);
    assert_eq!(tickets(&boss.sync(&office)), [""; 0]);
}

#[test]
fn a_page_counts_the_documents_that_it_opens_for_changes() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let mut noise = 7u64;
    for n in 1..=6 {
        let long: String = (0..20_000)
            .map(|_| {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b' ' + ((noise >> 33) % 90) as u8)
            })
            .collect();
        let items = vec![edit(&li.ticket(n, "t")), edit(&li.set(doc(n), "note", &long))];
        assert_eq!(words(&li.push(&office, items)), ["stored", "stored"]);
    }
    boss.sync(&office);
    for n in 1..=6 {
        let (a, b) = (li.set(doc(n), "title", "a"), li.set(doc(n), "title", "b"));
        li.push(&office, vec![edit(&a), edit(&b)]);
    }
    boss.take = Take { items: 5_000, bytes: 40_000 };
    let mut pages = vec![];
    while pages.last() != Some(&0) {
        pages.push(boss.try_exchange(&office, vec![], false).unwrap().pull.len());
    }
    assert_eq!(pages, [2, 2, 2, 2, 2, 2, 0], "one document of some 20 KB to a page");
    assert_eq!(boss.digest(), office.digest(&boss));
}

#[test]
fn the_newest_pack_is_sent_once() {
    let office = Office::new();
    let count = |phone: &mut Phone| {
        let items = phone.sync(&office);
        items.iter().filter(|i| matches!(i, rounds_protocol::exchange::PullItem::Pack { .. })).count()
    };
    let mut li = office.phone("李娜");
    assert_eq!(count(&mut li), 1);
    for version in 2..5 {
        office.publish(&crate::testing::PACK.replace("version = 1", &format!("version = {version}")));
    }
    assert_eq!(count(&mut li), 1);
    assert_eq!(count(&mut office.phone("赵强")), 1);
}

#[test]
fn a_page_has_all_packs_or_none_and_has_them_first() {
    let office = Office::new();
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs");
    let read = |id: &str| crate::admin::publish::read_folder(&packs.join(id)).unwrap();
    let publish = |bundle: &Bundle| {
        crate::admin::publish::publish(&office.db, office.team, bundle, false).unwrap();
    };
    for id in ["daily-routine", "store-visit", "shelf-audit", "policy-application"] {
        publish(&read(id));
    }
    let rows: String = (0..40).map(|n| format!("S{n}\n")).collect();
    let rows = format!("code\n{rows}");
    crate::admin::import::import(&office.db, office.team, "place", rows.as_bytes(), None, NOW).unwrap();
    let mut again = read("store-visit");
    let manifest = again.files.get_mut("pack.toml").unwrap();
    *manifest = String::from_utf8(manifest.to_vec())
        .unwrap()
        .replacen("version = 9", "version = 10", 1)
        .into_bytes()
        .into();
    publish(&again);
    for (turn, (items, bytes)) in
        [(1, 1 << 20), (3, 1 << 20), (5_000, 1), (5_000, 4_000), (5_000, 4 << 20)].into_iter().enumerate()
    {
        let mut phone = office.phone("李娜");
        phone.take = Take { items, bytes };
        let (mut more, mut had) = (true, BTreeMap::new());
        while more {
            let answer = phone.try_exchange(&office, vec![], false).unwrap();
            more = answer.more;
            let packs: Vec<_> = answer
                .pull
                .iter()
                .map_while(|item| match item {
                    PullItem::Pack { bundle } => Some(Pack::load(&Bundle::decode(bundle).unwrap()).unwrap()),
                    _ => None,
                })
                .collect();
            let rest = answer.pull.get(packs.len()..).unwrap();
            assert!(!rest.iter().any(|item| matches!(item, PullItem::Pack { .. })), "packs come first");
            if !packs.is_empty() {
                // All of them with the first; on later pages those whose rows are still to come.
                let newest = |p: &Pack| p.id != "store-visit" || p.version == 10;
                assert!(packs.iter().all(newest), "{items} {bytes}");
                had.extend(packs.into_iter().map(|pack| (pack.id.clone(), pack)));
                assert_eq!(had.len(), 5, "{items} {bytes}");
            }
            assert!(!had.is_empty() || tickets(rest).is_empty(), "no record before its rules");
        }
        assert!(rounds_workflow::Catalogue::new(had.into_values()).is_ok());
        // A pack that is published later comes alone: the phone has the others.
        let again = PACK.replacen("version = 1", &format!("version = {}", 10 + turn), 1);
        office.publish(&again);
        let is_pack = |item: &&PullItem| matches!(item, PullItem::Pack { .. });
        assert_eq!(phone.sync(&office).iter().filter(is_pack).count(), 1);
        assert_eq!(phone.sync(&office).iter().filter(is_pack).count(), 0);
        assert_eq!(phone.digest(), office.digest(&phone));
    }
}

#[test]
fn somebody_newly_led_comes_from_the_beginning() {
    let office = Office::new();
    let (mut li, _) = busy(&office);
    let code = office.invite("另一主管", "supervisor", None);
    let key = ed25519_dalek::SigningKey::from_bytes(&[77; 32]);
    let request = rounds_protocol::enrol::EnrolRequest::new(&code, "phone", &key);
    let answer = crate::enrol::enrol(&office.db, &request, NOW).unwrap();
    let mut chief = Phone::of(answer, key, 77);
    chief.sync(&office);
    assert!(chief.docs.is_empty());
    office.invite("李娜", "rep", Some("另一主管"));
    chief.sync(&office);
    assert_eq!(chief.docs.len(), 5);
    li.sync(&office);
    assert_eq!(chief.digest(), office.digest(&chief));
}

/// Found by a critic: a phone that was away for long got each of the changes since.
#[test]
fn a_record_of_which_much_is_new_comes_whole_also_to_who_has_it() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    let first = vec![edit(&li.ticket(1, "a")), edit(&li.ticket(2, "b"))];
    li.push(&office, first);
    boss.sync(&office);
    let mine = boss.set(doc(1), "note", "beside");
    let items: Vec<_> = (0..200).map(|n| edit(&li.set(doc(1), "note", &n.to_string()))).collect();
    li.push(&office, items);
    let items: Vec<_> = (0..3).map(|n| edit(&li.set(doc(2), "note", &n.to_string()))).collect();
    li.push(&office, items);
    assert_eq!(tickets(&boss.sync(&office)), ["snapshot", "change", "change", "change"]);
    assert!(boss.docs[&doc(1)].has_all(&[mine.hash().unwrap()]), "what it had not sent is still there");
    boss.push(&office, vec![edit(&mine)]);
    assert_eq!(boss.digest(), office.digest(&boss));
    // In pages: each leaves a state that the server once had.
    let items: Vec<_> = (0..200).map(|n| edit(&li.set(doc(2), "note", &format!("n{n}")))).collect();
    li.push(&office, items);
    boss.take = Take { items: 100, bytes: 1 << 20 };
    let mut lengths = vec![boss.docs[&doc(2)].len()];
    loop {
        let answer = boss.try_exchange(&office, vec![], false).unwrap();
        lengths.push(boss.docs[&doc(2)].len());
        if !answer.more {
            break;
        }
    }
    assert_eq!(lengths, [4, 104, 204]);
    assert_eq!(boss.digest(), office.digest(&boss));
}
