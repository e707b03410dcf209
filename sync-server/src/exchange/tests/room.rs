//! A push that names many heavy records.

use crate::exchange::batch::Batch;
use crate::exchange::caller::Caller;
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, act, doc, edit, words};
use rounds_protocol::fault::Fault;

/// Found by a critic: a device writes one long text over and over into each of its records, which is nothing
/// at rest; then a push with one small edit for each opened them all at once, under the team's lock.
#[test]
fn heavy_records_are_opened_a_few_at_a_time() {
    let office = Office::new();
    let (mut li, mut boss) = (office.phone("李娜"), office.phone(BOSS));
    const RECORDS: u8 = 8;
    for n in 1..=RECORDS {
        let mut items = vec![edit(&li.ticket(n, "t"))];
        for (text, times) in [("x", 20_000), ("y", 20_000), ("z", 20_000), ("short", 1)] {
            items.push(edit(&li.set(doc(n), "note", &text.repeat(times))));
        }
        assert_eq!(words(&li.push(&office, items)), ["stored"; 5]);
    }
    boss.sync(&office);
    let room = 150_000;
    {
        let view = office.db.read(office.team).unwrap();
        let all: Vec<_> = (1..=RECORDS).map(doc).collect();
        let plain: u64 = view.weights(&all).unwrap().into_iter().map(|(_, plain)| plain).sum();
        let at_rest: u64 = view.marks(&all).unwrap().into_iter().map(|mark| mark.bytes).sum();
        assert!(plain > 3 * room && at_rest < room / 2, "{plain} {at_rest}");
    }
    let edits: Vec<_> = (1..=RECORDS).map(|n| edit(&li.set(doc(n), "title", "u"))).collect();
    let acts: Vec<_> = (1..=RECORDS).map(|n| act(&li.act(doc(n), "send", "open"))).collect();
    let push = [&edits[..], &acts, &edits, &acts].concat();
    {
        let (device, hash) = crate::secrets::token::read(&li.token).unwrap();
        let mut tx = office.db.write(office.team).unwrap();
        let caller = Caller::recognise(&*tx, device, &hash).unwrap();
        let rules = office.rules.of(&*tx).unwrap();
        let mut batch = Batch::new(&mut *tx, rules, caller.author(), NOW).with_room(room);
        let receipts = batch.push(&push).unwrap();
        let open: u64 = batch.open.values().map(|open| open.plain).sum();
        assert!(open <= room, "{open}");
        assert!(!batch.is_empty());
        batch.store().unwrap();
        tx.commit().unwrap();
        let n = usize::from(RECORDS);
        assert_eq!(words(&receipts)[..2 * n], vec!["stored"; 2 * n]);
        assert_eq!(words(&receipts)[2 * n..], vec!["duplicate"; 2 * n]);
    }
    // In all no more than is allowed, each record counted as often as it is opened; one that is too heavy alone is.
    for (most, items, fits) in
        [(room, &push[..], false), (room, &push[..1], true), (u64::MAX, &push[..], true)]
    {
        let (device, hash) = crate::secrets::token::read(&li.token).unwrap();
        let mut tx = office.db.write(office.team).unwrap();
        let caller = Caller::recognise(&*tx, device, &hash).unwrap();
        let rules = office.rules.of(&*tx).unwrap();
        let batch = Batch::new(&mut *tx, rules, caller.author(), NOW).with_room(room);
        let pushed = batch.opening_at_most(most).push(items).map(|receipts| receipts.len());
        match pushed {
            Ok(n) => assert!(fits && n == items.len(), "{most}"),
            Err(e) => assert!(!fits && e.fault() == Fault::PushTooHeavy, "{e:?}"),
        }
    }
    li.sync(&office);
    boss.sync(&office);
    assert_eq!(boss.digest(), office.digest(&boss));
    assert!(boss.stages.values().all(|stage| stage == "sent"), "{:?}", boss.stages);
    assert_eq!(office.numbers(), (1..=office.numbers().len() as u64).collect::<Vec<_>>(), "no gap");
}
