//! Findings and looks.

use super::{Backend, TEAM, doc, record, with_team};
use crate::storage::evidence::{FindingRow, LookRow};
use rounds_evidence::photo::Look;
use rounds_model::ids::BlobHash;
use rounds_model::scope::Scope;

pub fn findings_are_replaced_and_taken_out_and_looks_found_by_what_is_near<B: Backend>() {
    let mut b = with_team::<B>();
    let finding = |n: u8, code: &str, at_ms| FindingRow {
        doc: doc(n),
        key: "photo".into(),
        code: code.into(),
        about: vec![n],
        at_ms,
    };
    let look = |n: u8, look| LookRow {
        doc: doc(n),
        key: "photo".into(),
        blob: BlobHash([n; 32]),
        look: Look(look),
        at_ms: n.into(),
    };
    let base = 0x0f0f_3355_aa00_ff12_u64;
    let mut tx = b.storage().write(TEAM).unwrap();
    for row in [finding(1, "a", 5), finding(1, "b", 6), finding(2, "a", 7)] {
        tx.put_finding(&row).unwrap();
    }
    tx.put_finding(&FindingRow { about: vec![9], ..finding(1, "a", 8) }).unwrap();
    tx.remove_finding(doc(1), "photo", "b").unwrap();
    tx.remove_finding(doc(1), "photo", "c").unwrap();
    for row in [look(1, base), look(2, base ^ 1), look(3, !base), look(1, base)] {
        tx.put_look(&row).unwrap();
    }
    tx.put_records(&[record(1, "x", "open"), record(2, "x", "open")]).unwrap();
    tx.commit().unwrap();
    b.restart();
    let view = b.storage().read(TEAM).unwrap();
    let first = FindingRow { about: vec![9], ..finding(1, "a", 8) };
    assert_eq!(view.findings(None, 10).unwrap(), [first.clone(), finding(2, "a", 7)], "the newest first");
    assert_eq!(view.findings(None, 1).unwrap(), std::slice::from_ref(&first));
    let areas = [Scope::Area("北区".into())];
    assert_eq!(view.findings(Some(&areas), 1).unwrap(), [], "cut after it is filtered");
    assert_eq!(view.findings(Some(&[Scope::Team]), 9).unwrap().len(), 2);
    assert_eq!(view.findings_of(doc(1)).unwrap(), [first]);
    assert_eq!(view.looks_like(Look(base)).unwrap(), [look(1, base), look(2, base ^ 1)]);
}
