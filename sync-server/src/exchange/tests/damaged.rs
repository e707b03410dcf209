//! A record whose stored content is damaged stops nothing but itself.

use super::tickets;
use crate::admin::verify::verify;
use crate::storage::Storage;
use crate::testing::{BOSS, Office, act, doc, edit, words};
use rounds_model::ids::DocId;
use rounds_protocol::exchange::PullItem;

/// Changes one byte of a stored document, near its end: of an edit that is a value's.
fn damage(office: &Office, doc: DocId) {
    let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
    let sql = "SELECT snapshot FROM documents WHERE doc = ?1";
    let mut bytes: Vec<u8> = file.query_row(sql, [doc.0], |row| row.get(0)).unwrap();
    let at = bytes.windows(4).position(|four| four == b"good").map_or(bytes.len() - 3, |at| at + 1);
    bytes[at] ^= 1;
    file.execute("UPDATE documents SET snapshot = ?2 WHERE doc = ?1", (doc.0, bytes)).unwrap();
}

#[test]
fn phones_get_everything_but_the_damaged_record_and_are_told_which_it_is() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let mut items = vec![edit(&li.ticket(1, "a good one")), edit(&li.ticket(2, "b"))];
    // Two edits: this one is automerge's.
    items.extend([edit(&li.ticket(3, "c")), edit(&li.set(doc(3), "note", "d"))]);
    items.push(edit(&li.ticket(4, "fine")));
    li.push(&office, items);
    let mut late = office.phone(BOSS);
    late.take.items = 1;
    damage(&office, doc(1));
    damage(&office, doc(3));
    let got = late.sync(&office);
    assert_eq!(tickets(&got), ["damaged", "snapshot", "damaged", "damaged", "snapshot"], "once on a page");
    let damaged = |item: &PullItem| match item {
        PullItem::Damaged { doc } => Some(*doc),
        _ => None,
    };
    let named = got.iter().filter_map(damaged);
    assert_eq!(named.collect::<Vec<_>>(), [doc(1), doc(3), doc(3)]);
    assert_eq!(late.docs.keys().copied().collect::<Vec<_>>(), [doc(2), doc(4)]);
    // What a phone that had it gets is the same, and its own work on it waits.
    let more = vec![edit(&li.set(doc(1), "note", "later")), edit(&li.set(doc(2), "note", "fine"))];
    assert_eq!(words(&li.push(&office, more)), ["record-damaged", "stored"]);
    assert_eq!(tickets(&late.sync(&office)), ["change"]);
    // And the operator is told.
    let found = verify(&*office.db.read(office.team).unwrap()).unwrap();
    let named: Vec<_> = found.differences.iter().map(|found| (found.doc, found.what)).collect();
    assert_eq!(named, [(doc(1), "heads"), (doc(3), "content")]);
    assert_eq!(found.records, 4);
}

/// A row that is no document at all, with heads that are none.
#[test]
fn a_row_that_cannot_even_be_read_is_named_too() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let items = vec![edit(&li.ticket(1, "a")), edit(&li.ticket(2, "b"))];
    li.push(&office, items);
    let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
    let sql = "UPDATE documents SET snapshot = x'00', heads = x'00' WHERE doc = ?1";
    file.execute(sql, [doc(1).0]).unwrap();
    let got = office.phone(BOSS).sync(&office);
    assert_eq!(tickets(&got), ["damaged", "snapshot"]);
    let found = verify(&*office.db.read(office.team).unwrap()).unwrap();
    assert_eq!(found.differences.iter().map(|found| found.doc).collect::<Vec<_>>(), [doc(1)]);
}

/// Found by a critic: a row beside the content that could not be read stopped every sync of everybody.
#[test]
fn whatever_row_of_a_record_is_damaged_the_others_come() {
    for sql in [
        "UPDATE documents SET scope = x'00' WHERE doc = ?1",
        "UPDATE documents SET first_seq = 'x' WHERE doc = ?1",
        "UPDATE records SET projection = 7 WHERE doc = ?1",
        "UPDATE acts SET verdict = x'00' WHERE doc = ?1",
        "UPDATE acts SET signature = x'00' WHERE doc = ?1",
        "UPDATE edits SET hash = x'00' WHERE doc = ?1",
        "DELETE FROM acts WHERE doc = ?1",
    ] {
        let office = Office::new();
        let mut li = office.phone("李娜");
        let first = edit(&li.ticket(1, "a"));
        let stated = act(&li.act(doc(1), "send", "open"));
        let items = vec![first.clone(), stated.clone(), edit(&li.ticket(2, "b"))];
        assert_eq!(words(&li.push(&office, items)), ["stored"; 3]);
        let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
        assert_eq!(file.execute(sql, [doc(1).0]).unwrap(), 1, "{sql}");
        let mut late = office.phone(BOSS);
        let got = tickets(&late.sync(&office));
        assert!(got.contains(&"snapshot") && late.docs.contains_key(&doc(2)), "{sql}: {got:?}");
        let is_told = got.contains(&"damaged");
        assert_eq!(is_told, !sql.contains("edits"), "{sql}: {got:?}");
        // Sent again, and with work on another record beside it.
        let more = edit(&li.set(doc(2), "note", "fine"));
        let receipts = words(&li.push(&office, vec![first, stated, more]));
        assert_eq!(receipts[2], "stored", "{sql}: {receipts:?}");
    }
}

#[test]
fn a_phone_gets_whole_what_it_cannot_read_and_nothing_of_others() {
    let office = Office::new();
    let (mut li, mut zhao, mut boss) = (office.phone("李娜"), office.phone("赵强"), office.phone(BOSS));
    let items = vec![edit(&li.ticket(1, "a")), edit(&li.ticket(2, "b"))];
    li.push(&office, items);
    boss.sync(&office);
    zhao.sync(&office);
    let unread = vec![doc(1), doc(2), doc(3)];
    (li.unread, boss.unread, zhao.unread) = (unread.clone(), unread.clone(), unread);
    damage(&office, doc(2));
    assert_eq!(tickets(&boss.try_exchange(&office, vec![], false).unwrap().pull), ["snapshot", "damaged"]);
    assert_eq!(tickets(&zhao.try_exchange(&office, vec![], false).unwrap().pull), [""; 0]);
    boss.take.items = 1;
    boss.cursors.clear();
    let first = boss.try_exchange(&office, vec![], false).unwrap();
    assert!(first.more && !tickets(&first.pull).contains(&"snapshot"), "with all news, not before");
}
