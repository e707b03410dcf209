//! A server that is set back by something else than `restore`: a machine's snapshot, a copied file.

use crate::storage::Storage;
use crate::testing::{Office, Phone, edit, words};
use rounds_model::ids::Seq;
use rounds_protocol::exchange::{Receipt, Witness};
use rounds_protocol::fault::Fault;

fn fault(office: &Office, phone: &mut Phone) -> Option<Fault> {
    phone.try_exchange(office, vec![], false).err().map(|e| e.fault())
}

fn epoch(office: &Office) -> [u8; 16] {
    office.db.read(office.team).unwrap().epoch().unwrap().0
}

/// An office, as it was, and as it is with what two phones have sent since.
fn set_back() -> (Office, Office, Phone, Phone) {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    li.sync(&office);
    zhao.sync(&office);
    let snapshot = office.dir.path().join("snapshot.db");
    office.db.backup(&snapshot).unwrap();
    let items = (1..=5).map(|n| edit(&li.ticket(n, "t"))).collect();
    assert_eq!(words(&li.push(&office, items)), ["stored"; 5]);
    li.sync(&office);
    (Office::of(&snapshot, office.team), office, li, zhao)
}

/// Found by a critic: the phone's receipts were of a log that was not there any more, and its cursors
/// were set back without a word, so that its work was never offered again.
#[test]
fn a_log_that_is_shorter_than_a_phone_knows_begins_another_life() {
    let (office, _, mut li, mut zhao) = set_back();
    let before = epoch(&office);
    assert_eq!(fault(&office, &mut zhao), None, "who knows nothing of what is lost goes on");
    assert_eq!(fault(&office, &mut li), Some(Fault::ServerRestored));
    assert_ne!(epoch(&office), before, "for all phones, for good");
    li.forget();
    assert_eq!(fault(&office, &mut li), None);
}

#[test]
fn a_log_that_has_grown_past_what_a_phone_knows_is_noticed_as_well() {
    let (office, _, mut li, mut zhao) = set_back();
    let before = epoch(&office);
    let items = (11..=40).map(|n| edit(&zhao.ticket(n, "t"))).collect();
    assert_eq!(words(&zhao.push(&office, items)), ["stored"; 30]);
    let head = office.db.read(office.team).unwrap().head().unwrap();
    assert!(li.cursors.values().all(|seq| *seq < head));
    assert_eq!(fault(&office, &mut li), Some(Fault::ServerRestored));
    assert_ne!(epoch(&office), before);
}

/// Whoever has a device must not be able to make all others begin anew.
#[test]
fn a_claim_without_a_seal_sends_back_only_who_makes_it() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    li.sync(&office);
    zhao.sync(&office);
    let before = epoch(&office);
    let given = li.witness.unwrap();
    for forged in [
        Witness { mark: [1; 8], ..given },
        Witness { seq: Seq(given.seq.0 + 1), ..given },
        zhao.witness.unwrap(),
    ] {
        li.witness = Some(forged);
        assert_eq!(fault(&office, &mut li), None);
        assert_eq!(epoch(&office), before);
    }
    li.cursors.values_mut().for_each(|seq| seq.0 += 1_000_000);
    assert_eq!(fault(&office, &mut li), Some(Fault::ServerRestored));
    assert_eq!(epoch(&office), before);
}

#[test]
fn a_log_that_goes_on_is_the_same_log() {
    let office = Office::new();
    let (mut li, mut zhao) = (office.phone("李娜"), office.phone("赵强"));
    for n in 1..20 {
        let item = edit(&li.ticket(n, "t"));
        let receipts = li.push(&office, vec![item]);
        assert!(matches!(receipts[..], [Receipt::Stored(_)]));
        assert_eq!(fault(&office, &mut zhao), None);
    }
    // With records that went elsewhere, and a file of before anything was marked.
    let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
    file.execute_batch("DELETE FROM log; DELETE FROM marks").unwrap();
    assert_eq!((fault(&office, &mut li), fault(&office, &mut zhao)), (None, None));
}
