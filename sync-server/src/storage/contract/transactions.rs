//! Transactions, teams, restarts.

use super::{Backend, OTHER, TEAM, append, doc, document, log_row, record, team, with_team};
use crate::storage::Result;
use crate::storage::RowsMade;
use crate::storage::records::{EditKey, EditRow};
use rounds_model::claim::Claim;
use rounds_model::ids::{ActorId, ChangeHash, Seq, TeamId};
use rounds_model::scope::Scope;
use rounds_protocol::handover::TeamSecret;

pub fn numbers_have_no_gaps_over_rollbacks<B: Backend>() {
    let b = with_team::<B>();
    for i in 0..30 {
        append(b.storage(), &Scope::Team, i % 3 != 0);
    }
    let view = b.storage().read(TEAM).unwrap();
    let rows = view.log(&[(Scope::Team, Seq(0))], 100).unwrap();
    let numbers: Vec<u64> = rows.iter().map(|r| r.seq.0).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    assert_eq!(view.head().unwrap(), Seq(20));
}

pub fn a_transaction_is_all_or_nothing<B: Backend>() {
    let b = with_team::<B>();
    let key = EditKey { doc: doc(1), actor: ActorId([3; 16]), number: 1 };
    let edit = EditRow { key, hash: ChangeHash([4; 32]), seq: Seq(1) };
    let attempt = || -> Result<()> {
        let mut tx = b.storage().write(TEAM)?;
        let seq = tx.next_seq();
        tx.put_documents(&[document(1)])?;
        tx.put_records(&[record(1, "a", "b")])?;
        tx.put_claims(doc(1), &[Claim::one("r", "k")])?;
        tx.put_log(&[log_row(seq, Scope::Team)])?;
        tx.put_edits(&[edit, edit])?;
        tx.commit()
    };
    assert!(attempt().is_err(), "the second insert of one edit fails");
    let view = b.storage().read(TEAM).unwrap();
    assert!(view.documents(&[doc(1)]).unwrap().is_empty());
    assert!(view.records(&[doc(1)]).unwrap().is_empty());
    assert!(view.claims("r", "k").unwrap().is_empty());
    assert!(view.edits(&[key]).unwrap().is_empty());
    assert_eq!(view.head().unwrap(), Seq(0));
}

pub fn teams_do_not_see_each_other<B: Backend>() {
    let b = with_team::<B>();
    b.storage().add_team(&team(OTHER)).unwrap();
    let mut tx = b.storage().write(TEAM).unwrap();
    let seq = tx.next_seq();
    tx.put_log(&[log_row(seq, Scope::Team)]).unwrap();
    tx.put_documents(&[document(1)]).unwrap();
    tx.put_claims(doc(1), &[Claim::one("r", "k")]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(OTHER).unwrap();
    assert!(view.documents(&[doc(1)]).unwrap().is_empty());
    assert!(view.log(&[(Scope::Team, Seq(0))], 10).unwrap().is_empty());
    assert!(view.claims("r", "k").unwrap().is_empty());
    assert_eq!(view.head().unwrap(), Seq(0));
    assert_eq!(view.team().unwrap(), team(OTHER));
    drop(view);
    let mut tx = b.storage().write(OTHER).unwrap();
    assert_eq!(tx.next_seq(), Seq(1), "each team counts by itself");
    assert!(b.storage().read(TeamId([9; 16])).is_err(), "there is no such team");
}

pub fn a_restart_keeps_what_was_committed<B: Backend>() {
    let mut b = with_team::<B>();
    append(b.storage(), &Scope::Team, true);
    append(b.storage(), &Scope::Area("north".into()), true);
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_documents(&[document(1)]).unwrap();
    tx.put_records(&[record(1, "a", "b")]).unwrap();
    tx.commit().unwrap();
    b.restart();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.documents(&[doc(2), doc(1)]).unwrap(), [document(1)]);
    let mark = view.marks(&[doc(1)]).unwrap().remove(0);
    assert_eq!((mark.first_seq, mark.last_seq, mark.bytes), (Seq(1), Seq(5), 49));
    assert_eq!(view.doc_ids(None, 10).unwrap(), [doc(1)]);
    assert_eq!(view.doc_ids(Some(doc(1)), 10).unwrap(), []);
    drop(view);
    assert_eq!(append(b.storage(), &Scope::Team, true), Seq(3));
    assert_eq!(b.storage().teams().unwrap(), [team(TEAM)]);
}

pub fn a_reader_sees_one_state<B: Backend>() {
    let b = with_team::<B>();
    append(b.storage(), &Scope::Team, true);
    let view = b.storage().read(TEAM).unwrap();
    append(b.storage(), &Scope::Team, true);
    assert_eq!(view.log(&[(Scope::Team, Seq(0))], 10).unwrap().len(), 1);
    assert_eq!(view.head().unwrap(), Seq(1));
}

pub fn writers_wait_for_each_other<B: Backend>() {
    let b = with_team::<B>();
    let storage = b.storage();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                (0..25).for_each(|i| {
                    append(storage, &Scope::Team, i % 5 != 0);
                })
            });
        }
    });
    let view = storage.read(TEAM).unwrap();
    let numbers: Vec<u64> =
        view.log(&[(Scope::Team, Seq(0))], 500).unwrap().iter().map(|r| r.seq.0).collect();
    assert_eq!(numbers, (1..=80).collect::<Vec<_>>());
}

pub fn runs_that_did_not_stop_are_counted<B: Backend>() {
    let mut b = with_team::<B>();
    let clean = b.storage().start_run(1).unwrap();
    b.storage().stop_run(clean, 2).unwrap();
    b.storage().start_run(3).unwrap();
    assert_eq!(b.storage().unclean_runs().unwrap(), 0, "the newest is still running");
    b.restart();
    b.storage().start_run(4).unwrap();
    assert_eq!(b.storage().unclean_runs().unwrap(), 1);
}

pub fn a_team_has_one_key_for_hand_over<B: Backend>() {
    let mut b = with_team::<B>();
    b.storage().add_team(&team(OTHER)).unwrap();
    let secret = |b: &B, id| b.storage().read(id).unwrap().team_secret().unwrap().map(|s| s.0);
    assert_eq!(secret(&b, TEAM), None);
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_team_secret(&TeamSecret([7; 32])).unwrap();
    assert!(tx.put_team_secret(&TeamSecret([8; 32])).is_err(), "it is never replaced");
    tx.commit().unwrap();
    b.restart();
    assert_eq!(secret(&b, TEAM), Some([7; 32]));
    assert_eq!(secret(&b, OTHER), None);
}

pub fn what_rows_were_made_with_is_kept<B: Backend>() {
    let mut b: B = with_team();
    assert_eq!(b.storage().read(TEAM).unwrap().rows_made().unwrap(), RowsMade::default());
    let made = RowsMade { by: "1".into(), under_way: Some(("2".into(), doc(7))) };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_rows_made(&made).unwrap();
    tx.commit().unwrap();
    b.restart();
    assert_eq!(b.storage().read(TEAM).unwrap().rows_made().unwrap(), made);
}
