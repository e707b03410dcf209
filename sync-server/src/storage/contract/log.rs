//! The log and the packs.

use super::{Backend, TEAM, act, append, doc, log_row, with_team};
use crate::storage::log::{LogRow, PackRow};
use crate::storage::records::{EditKey, EditRow};
use rounds_model::ids::{ActorId, ChangeHash, PersonId, Seq};
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;

pub fn the_log_is_merged_over_scopes<B: Backend>() {
    let b = with_team::<B>();
    let scopes: Vec<Scope> = (0..4).map(|n| Scope::Person(PersonId([n; 16]))).collect();
    for i in [0, 1, 2, 3, 0, 0, 1, 3, 2, 1] {
        append(b.storage(), &scopes[i], true);
    }
    let view = b.storage().read(TEAM).unwrap();
    let read = |cursors: &[(usize, u64)], limit| -> Vec<u64> {
        let cursors: Vec<_> = cursors.iter().map(|(i, s)| (scopes[*i].clone(), Seq(*s))).collect();
        view.log(&cursors, limit).unwrap().iter().map(|r| r.seq.0).collect()
    };
    assert_eq!(read(&[(0, 0), (1, 0), (3, 0)], 100), [1, 2, 4, 5, 6, 7, 8, 10]);
    assert_eq!(read(&[(0, 0), (1, 0), (3, 0)], 3), [1, 2, 4]);
    assert_eq!(read(&[(0, 5), (2, 0)], 100), [3, 6, 9], "each scope has its own cursor");
    assert_eq!(read(&[(0, 10), (1, 99)], 100), [0; 0]);
    assert_eq!(read(&[], 100), [0; 0]);
    let row = view.log(&[(scopes[2].clone(), Seq(3))], 1).unwrap().remove(0);
    assert_eq!(row, log_row(Seq(9), scopes[2].clone()));
    assert_eq!(view.log_at(&scopes[2], &[Seq(3), Seq(9), Seq(8)]).unwrap().len(), 2, "8 is another's");
    assert_eq!(view.log_at(&scopes[2], &[Seq(9)]).unwrap(), [row]);
}

pub fn packs_have_versions<B: Backend>() {
    let b = with_team::<B>();
    let pack = |id: &str, version, seq| PackRow {
        pack: id.into(),
        version,
        seq: Seq(seq),
        hash: [1; 32],
        bundle: vec![2],
    };
    let mut tx = b.storage().write(TEAM).unwrap();
    assert_eq!(tx.packs_seq().unwrap(), Seq(0));
    for row in [pack("a", 1, 1), pack("b", 1, 2), pack("a", 10, 3), pack("a", 9, 4)] {
        tx.put_pack(&row).unwrap();
    }
    assert!(tx.put_pack(&pack("a", 1, 5)).is_err(), "a version is written once");
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.packs().unwrap(), [pack("a", 10, 3), pack("b", 1, 2)]);
    assert_eq!(view.all_packs().unwrap().len(), 4);
    assert_eq!(view.packs_seq().unwrap(), Seq(4));
    assert_eq!(view.pack("a", 9).unwrap(), Some(pack("a", 9, 4)));
    assert_eq!((view.pack("a", 2).unwrap(), view.pack("c", 1).unwrap()), (None, None));
}

pub fn a_record_is_taken_out_of_a_log<B: Backend>() {
    let b = with_team::<B>();
    let scope = Scope::Area("north".into());
    let row =
        |seq: u64, n: u8, scope: &Scope| LogRow { doc: Some(doc(n)), ..log_row(Seq(seq), scope.clone()) };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_log(&[
        row(1, 1, &scope),
        row(2, 2, &scope),
        row(3, 1, &scope),
        row(4, 1, &scope),
        row(5, 1, &scope),
        row(6, 1, &Scope::Team),
    ])
    .unwrap();
    let key = EditKey { doc: doc(1), actor: ActorId([3; 16]), number: 1 };
    tx.put_edits(&[EditRow { key, hash: ChangeHash([4; 32]), seq: Seq(3) }]).unwrap();
    tx.put_acts(&[act(1, 4, Outcome::Accepted)]).unwrap();
    tx.take_out(&scope, doc(1), Seq(1)).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let left = view.log(&[(scope, Seq(0)), (Scope::Team, Seq(0))], 10).unwrap();
    let places: Vec<u64> = left.iter().map(|r| r.seq.0).collect();
    assert_eq!(places, [2, 5, 6], "other records, news about this one, other scopes");
}
