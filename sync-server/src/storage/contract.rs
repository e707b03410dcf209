//! What every database must do, as tests that run against any of them, by concept.

mod blobs;
mod evidence;
mod holding;
mod log;
mod people;
mod records;
mod transactions;

pub use blobs::*;
pub use evidence::*;
pub use holding::*;
pub use log::*;
pub use people::*;
pub use records::*;
pub use transactions::*;

use super::Storage;
use super::log::{LogRow, What};
use super::records::{ActRow, DocumentRow, RecordRow};
use rounds_model::ids::{ActId, ChangeHash, DeviceId, DocId, PersonId, Seq, Signature, TeamId};
use rounds_model::scope::Scope;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::enrol::Team;

/// A database under test: fresh for each test, and able to stop and start again.
pub trait Backend {
    /// An empty one.
    fn fresh() -> Self;
    /// The open database.
    fn storage(&self) -> &dyn Storage;
    /// Closes it and opens it again.
    fn restart(&mut self);
}

/// Runs the whole contract against a backend.
#[macro_export]
macro_rules! storage_contract {
    ($backend:ty) => {
        $crate::storage_contract!(@each $backend:
            numbers_have_no_gaps_over_rollbacks, a_transaction_is_all_or_nothing,
            an_edit_is_stored_once, teams_do_not_see_each_other, claims_are_set_exactly, counters_count,
            the_log_is_merged_over_scopes, a_restart_keeps_what_was_committed, the_records_before_one_about_the_same,
            people_and_devices, sessions_end, records_are_filtered, a_blocked_act_is_told_while_it_is_the_last_word,
            a_reader_sees_one_state, packs_have_versions, a_team_has_one_key_for_hand_over,
            blobs_are_kept_once_and_counted, uploads_are_of_a_device_and_end,
            areas_and_leads_end, a_person_gets_another_id, what_is_handed_over_is_kept_once_and_counted,
            a_record_is_taken_out_of_a_log, removed_records_are_in_no_list,
            writers_wait_for_each_other, runs_that_did_not_stop_are_counted, what_rows_were_made_with_is_kept,
            findings_are_replaced_and_taken_out_and_looks_found_by_what_is_near);
    };
    (@each $backend:ty: $($name:ident),*) => {
        $(#[test] fn $name() { $crate::storage::contract::$name::<$backend>() })*
    };
}

pub const TEAM: TeamId = TeamId([1; 16]);

const OTHER: TeamId = TeamId([2; 16]);

fn team(id: TeamId) -> Team {
    Team { id, name: "大连".into(), zone: "Asia/Shanghai".into() }
}

fn with_team<B: Backend>() -> B {
    let b = B::fresh();
    b.storage().add_team(&team(TEAM)).unwrap();
    b
}

fn doc(n: u8) -> DocId {
    DocId([n; 16])
}

fn log_row(seq: Seq, scope: Scope) -> LogRow {
    LogRow { seq, scope, what: What::Edit, doc: Some(doc(1)), reference: vec![9; 32], bytes: 120 }
}

fn document(n: u8) -> DocumentRow {
    DocumentRow {
        doc: doc(n),
        scope: Scope::Person(PersonId([7; 16])),
        snapshot: vec![n; 40],
        heads: vec![ChangeHash([n; 32]), ChangeHash([n + 1; 32])],
        edits: 3,
        plain: 400,
        first_seq: Seq(1),
        last_seq: Seq(5),
    }
}

fn record(n: u8, kind: &str, stage: &str) -> RecordRow {
    RecordRow {
        doc: doc(n),
        kind: kind.into(),
        stage: stage.into(),
        owner: PersonId([n % 2; 16]),
        scope: Scope::Team,
        day: Some(format!("2026-11-2{}", n % 10)),
        conflicts: u32::from(n % 2),
        settled: 1,
        subject: n.is_multiple_of(3).then(|| "S1".to_owned()),
        projection: vec![n; 9],
        removed: false,
    }
}

/// The act about a record at this place of the log.
fn act(about: u8, n: u8, outcome: Outcome) -> ActRow {
    let verdict = Verdict {
        act: ActId([n; 16]),
        doc: doc(about),
        seq: Seq(n.into()),
        outcome,
        stage: "open".into(),
        facts: [("far".to_owned(), 3.into())].into(),
        turned: None,
        at_ms: 5,
    };
    ActRow {
        act: ActId([n; 16]),
        doc: doc(about),
        seq: Seq(n.into()),
        device: DeviceId([5; 16]),
        body: vec![1, 2],
        signature: Signature([8; 64]),
        verdict,
    }
}

fn append(storage: &dyn Storage, scope: &Scope, commit: bool) -> Seq {
    let mut tx = storage.write(TEAM).unwrap();
    let seq = tx.next_seq();
    tx.put_log(&[log_row(seq, scope.clone())]).unwrap();
    if commit {
        tx.commit().unwrap();
    }
    seq
}
