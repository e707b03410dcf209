//! What every database must do, as tests that run against any of them.

use super::blobs::{BlobRow, UploadRow};
use super::holding::{HoldingRow, Load};
use super::log::{LogRow, PackRow, What};
use super::people::{DeviceRow, InvitationRow, SessionRow};
use super::records::{ActRow, DocumentRow, EditKey, EditRow, Filter, RecordRow, Removed};
use super::{Result, Storage};
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{
    ActId, ActorId, BlobHash, ChangeHash, DeviceId, DocId, PersonId, PublicKey, Seq, Signature, TeamId,
};
use rounds_model::people::{Person, Role};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_model::verdict::{Outcome, Verdict};
use rounds_protocol::enrol::Team;
use rounds_protocol::exchange::{Decision, ItemHash};
use rounds_protocol::handover::TeamSecret;

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
            areas_and_leads_end, what_is_handed_over_is_kept_once_and_counted,
            a_record_is_taken_out_of_a_log, removed_records_are_in_no_list,
            writers_wait_for_each_other, runs_that_did_not_stop_are_counted);
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

pub fn an_edit_is_stored_once<B: Backend>() {
    let b = with_team::<B>();
    let key = |number| EditKey { doc: doc(1), actor: ActorId([3; 16]), number };
    let row = |n| EditRow { key: key(n), hash: ChangeHash([4; 32]), seq: Seq(n) };
    let put = |rows: &[EditRow]| -> Result<()> {
        let mut tx = b.storage().write(TEAM)?;
        tx.put_edits(rows)?;
        tx.commit()
    };
    put(&[row(1), row(2)]).unwrap();
    assert!(put(&[row(2)]).is_err());
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.edits(&[key(2), key(3)]).unwrap(), [row(2)]);
    assert_eq!(view.edits_of(doc(1)).unwrap(), [row(1), row(2)]);
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

pub fn claims_are_set_exactly<B: Backend>() {
    let b = with_team::<B>();
    let claim = |key: &str| Claim::one("one", key);
    let lease = Claim { amount: Amount(25_000), until: Some(-7), ..claim("B") };
    let waiting = Claim { from: Some(doc(9)), waits: Some(Seq(5)), ..claim("C") };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_claims(doc(1), &[claim("A"), claim("B")]).unwrap();
    tx.put_claims(doc(2), &[claim("A")]).unwrap();
    let both = [(doc(1), claim("A")), (doc(2), claim("A"))];
    assert_eq!(tx.claims("one", "A").unwrap(), both, "a writer sees what it wrote");
    tx.put_claims(doc(1), &[waiting.clone(), lease.clone()]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.claims("one", "A").unwrap(), [(doc(2), claim("A"))]);
    assert_eq!(view.claims_of(doc(1)).unwrap(), [lease, waiting]);
    assert_eq!(view.claims_of(doc(2)).unwrap(), [claim("A")]);
}

pub fn counters_count<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    assert_eq!(tx.counter("YS-2026").unwrap(), 0);
    tx.put_counter("YS-2026", 1).unwrap();
    tx.put_counter("YS-2026", 2).unwrap();
    assert_eq!(tx.counter("YS-2026").unwrap(), 2, "a writer sees what it wrote");
    tx.commit().unwrap();
    let mut undone = b.storage().write(TEAM).unwrap();
    undone.put_counter("YS-2026", 3).unwrap();
    drop(undone);
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.counter("YS-2026").unwrap(), view.counter("YS-2027").unwrap()), (2, 0));
}

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

pub fn the_records_before_one_about_the_same<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    let rows: Vec<_> = (1..=9).map(|n| record(n, if n == 6 { "other" } else { "a" }, "x")).collect();
    tx.put_records(&rows).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let found = |before: u8, limit| -> Vec<DocId> {
        let rows = view.earlier("a", "S1", doc(before), limit).unwrap();
        rows.into_iter().map(|row| row.doc).collect()
    };
    assert_eq!(found(99, 9), [doc(9), doc(3)], "newest first, of that kind only");
    assert_eq!(found(9, 9), [doc(3)], "before, not at");
    assert_eq!(found(99, 1), [doc(9)]);
    assert_eq!(view.earlier("a", "S2", doc(99), 9).unwrap(), []);
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

pub fn people_and_devices<B: Backend>() {
    let b = with_team::<B>();
    let storage = b.storage();
    let li = Person { id: PersonId([3; 16]), name: "李娜".into(), role: Role::from(Role::REP) };
    let row = DeviceRow {
        device: DeviceId([5; 16]),
        person: li.id,
        token_hash: [6; 32],
        key: PublicKey([7; 32]),
        name: "phone".into(),
        enrolled: 10,
        revoked: None,
        last_sync: None,
        unsent: 0,
    };
    let invitation = InvitationRow { code_hash: [8; 32], person: li.id, expires: 99, used: None };
    let mut tx = storage.write(TEAM).unwrap();
    tx.put_person(&li).unwrap();
    tx.put_password(li.id, Some("hash")).unwrap();
    tx.put_person(&Person { name: "李娜 2".into(), ..li.clone() }).unwrap();
    tx.put_lead(PersonId([4; 16]), li.id).unwrap();
    tx.put_lead(PersonId([4; 16]), li.id).unwrap();
    tx.put_device(&row).unwrap();
    tx.put_invitation(&invitation).unwrap();
    tx.bind_actors(row.device, &[ActorId([1; 16])]).unwrap();
    tx.bind_actors(DeviceId([9; 16]), &[ActorId([1; 16])]).unwrap();
    tx.commit().unwrap();
    assert_eq!(storage.team_of_device(row.device).unwrap(), Some(TEAM));
    assert_eq!(storage.team_of_device(DeviceId([0; 16])).unwrap(), None);
    assert_eq!(storage.team_of_invitation(&[8; 32]).unwrap(), Some(TEAM));
    storage.touch_device(TEAM, row.device, 77, 3).unwrap();
    let view = storage.read(TEAM).unwrap();
    assert_eq!(view.person(li.id).unwrap().unwrap().name, "李娜 2");
    assert_eq!(view.password(li.id).unwrap().as_deref(), Some("hash"), "a rename keeps the password");
    assert_eq!(view.led_by(PersonId([4; 16])).unwrap(), [li.id]);
    let touched = DeviceRow { last_sync: Some(77), unsent: 3, ..row.clone() };
    assert_eq!(view.device(row.device).unwrap(), Some(touched));
    assert_eq!(view.invitation(&[8; 32]).unwrap(), Some(invitation));
    let bound = view.actors(&[ActorId([1; 16]), ActorId([2; 16])]).unwrap();
    assert_eq!(bound, [(ActorId([1; 16]), row.device)], "the first device keeps the actor");
}

pub fn sessions_end<B: Backend>() {
    let b = with_team::<B>();
    let person = |n| PersonId([n; 16]);
    let row = |n: u8, whose, expires| SessionRow {
        session_hash: [n; 32],
        person: person(whose),
        csrf: [n; 32],
        expires,
    };
    let change = |what: &dyn Fn(&mut dyn crate::storage::Write) -> Result<()>| {
        let mut tx = b.storage().write(TEAM).unwrap();
        what(&mut *tx).unwrap();
        tx.commit().unwrap();
        let view = b.storage().read(TEAM).unwrap();
        (1..5).filter(|n| view.session(&[*n; 32]).unwrap().is_some()).collect::<Vec<u8>>()
    };
    let rows = [row(1, 7, 10), row(2, 7, 20), row(3, 8, 20), row(4, 8, 30)];
    assert_eq!(change(&|tx| rows.iter().try_for_each(|row| tx.put_session(row))), [1, 2, 3, 4]);
    assert_eq!(change(&|tx| tx.forget_sessions(10)), [2, 3, 4], "good until, not including");
    assert_eq!(change(&|tx| tx.end_sessions_of(person(7))), [3, 4]);
    assert_eq!(change(&|tx| tx.end_session(&[4; 32])), [3]);
    assert_eq!(change(&|tx| tx.put_password(person(7), None)), [3]);
}

pub fn records_are_filtered<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    let rows: Vec<_> = (1..7)
        .map(|n| record(n, if n < 4 { "x" } else { "y" }, if n % 3 == 0 { "done" } else { "open" }))
        .collect();
    tx.put_records(&rows).unwrap();
    let acts = [act(1, 2, Outcome::Accepted), act(1, 1, Outcome::Accepted)];
    tx.put_acts(&acts).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let list = |f: Filter| -> Vec<u8> { view.list(&f).unwrap().iter().map(|r| r.doc.0[0]).collect() };
    assert_eq!(list(Filter::default()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(list(Filter { kind: Some("x".into()), ..Filter::default() }), [1, 2, 3]);
    assert_eq!(list(Filter { stage: Some("done".into()), after: Some(doc(3)), ..Filter::default() }), [6]);
    assert_eq!(list(Filter { conflicted: true, limit: 2, ..Filter::default() }), [1, 3]);
    assert_eq!(list(Filter { owner: Some(PersonId([0; 16])), ..Filter::default() }), [2, 4, 6]);
    let days = Filter {
        from_day: Some("2026-11-23".into()),
        to_day: Some("2026-11-24".into()),
        ..Filter::default()
    };
    assert_eq!(list(days), [3, 4]);
    assert_eq!(view.records(&[doc(5)]).unwrap(), [record(5, "y", "open")]);
    let counts: Vec<_> = view.counts().unwrap().into_iter().map(|c| (c.kind, c.stage, c.records)).collect();
    let row = |k: &str, s: &str, n| (k.to_owned(), s.to_owned(), n);
    assert_eq!(counts, [row("x", "done", 1), row("x", "open", 2), row("y", "done", 1), row("y", "open", 2)]);
    assert_eq!(view.verdict_counts().unwrap(), (2, 0));
    assert_eq!(view.acts_of(&[doc(1)]).unwrap(), [acts[1].clone(), acts[0].clone()]);
    assert_eq!(view.acts(&[ActId([2; 16])]).unwrap(), [acts[0].clone()]);
}

pub fn a_blocked_act_is_told_while_it_is_the_last_word<B: Backend>() {
    let b = with_team::<B>();
    let no = || Outcome::Blocked(Refusal::new("no", Text::new("不行", "no"), Text::new("重来", "again")));
    let acts =
        [act(1, 1, no()), act(2, 2, no()), act(3, 3, no()), act(1, 4, Outcome::Accepted), act(2, 5, no())];
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_acts(&acts).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let told: Vec<u64> = view.blocked().unwrap().iter().map(|row| row.seq.0).collect();
    assert_eq!(told, [5, 3], "the newest first, one for each record");
}

pub fn a_reader_sees_one_state<B: Backend>() {
    let b = with_team::<B>();
    append(b.storage(), &Scope::Team, true);
    let view = b.storage().read(TEAM).unwrap();
    append(b.storage(), &Scope::Team, true);
    assert_eq!(view.log(&[(Scope::Team, Seq(0))], 10).unwrap().len(), 1);
    assert_eq!(view.head().unwrap(), Seq(1));
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
}

fn blob(n: u8, size: u64) -> BlobRow {
    BlobRow { hash: BlobHash([n; 32]), size, media: "image/jpeg".into(), received: 5 }
}

pub fn blobs_are_kept_once_and_counted<B: Backend>() {
    let mut b = with_team::<B>();
    b.storage().add_team(&team(OTHER)).unwrap();
    let device = DeviceId([5; 16]);
    let mut tx = b.storage().write(TEAM).unwrap();
    for row in [blob(1, 100), blob(2, 30), BlobRow { received: 9, ..blob(1, 100) }] {
        tx.put_blob(&row).unwrap();
    }
    for at in [1, 2] {
        tx.put_blob_doc(doc(1), &BlobHash([1; 32]), device, at).unwrap();
        tx.put_blob_doc(doc(2), &BlobHash([1; 32]), device, at).unwrap();
    }
    tx.commit().unwrap();
    b.restart();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.blob(&BlobHash([1; 32])).unwrap(), Some(blob(1, 100)), "the first one stays");
    assert_eq!(view.blob_bytes().unwrap(), 130);
    assert_eq!(view.docs_of_blob(&BlobHash([1; 32])).unwrap(), [doc(1), doc(2)]);
    assert_eq!(view.blobs_of(doc(2)).unwrap(), [blob(1, 100)]);
    assert!(view.blobs_of(doc(3)).unwrap().is_empty());
    drop(view);
    let other = b.storage().read(OTHER).unwrap();
    assert_eq!((other.blob(&BlobHash([1; 32])).unwrap(), other.blob_bytes().unwrap()), (None, 0));
}

pub fn uploads_are_of_a_device_and_end<B: Backend>() {
    let b = with_team::<B>();
    let (device, hash) = (DeviceId([5; 16]), BlobHash([1; 32]));
    let row = |n: u8, received| UploadRow {
        upload: [n; 16],
        device,
        doc: doc(1),
        hash,
        size: 50,
        expires: n.into(),
        received,
    };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in [1, 2] {
        tx.put_upload(&row(n, None)).unwrap();
    }
    assert_eq!(tx.blob_bytes().unwrap(), 100, "what is announced counts");
    assert_eq!(tx.upload_of(device, doc(1), &hash).unwrap(), Some(row(1, None)));
    tx.put_upload(&row(1, Some(7))).unwrap();
    assert_eq!(tx.upload_of(device, doc(1), &hash).unwrap(), Some(row(2, None)));
    assert_eq!((tx.unfinished(device).unwrap(), tx.blob_bytes().unwrap()), (1, 50));
    assert_eq!(tx.unfinished(DeviceId([6; 16])).unwrap(), 0);
    assert_eq!(tx.expired_uploads(2, 9).unwrap(), [row(1, Some(7))]);
    assert_eq!(tx.expired_uploads(9, 1).unwrap().len(), 1);
    tx.remove_upload(&[2; 16]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.upload(&[2; 16]).unwrap(), view.unfinished(device).unwrap()), (None, 0));
    assert_eq!(view.upload(&[1; 16]).unwrap(), Some(row(1, Some(7))));
}

pub fn areas_and_leads_end<B: Backend>() {
    let b = with_team::<B>();
    let (chief, rep) = (PersonId([4; 16]), PersonId([3; 16]));
    let mut tx = b.storage().write(TEAM).unwrap();
    for area in ["north", "north", "东区"] {
        tx.put_area(rep, area).unwrap();
    }
    tx.put_lead(chief, rep).unwrap();
    tx.commit().unwrap();
    assert_eq!(b.storage().read(TEAM).unwrap().areas_of(rep).unwrap(), ["north", "东区"]);
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.remove_area(rep, "north").unwrap();
    tx.remove_area(chief, "东区").unwrap();
    tx.remove_lead(rep, chief).unwrap();
    assert_eq!(tx.led_by(chief).unwrap(), [rep], "the other way around is not it");
    tx.remove_lead(chief, rep).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.areas_of(rep).unwrap(), view.led_by(chief).unwrap()), (vec!["东区".to_owned()], vec![]));
}

pub fn what_is_handed_over_is_kept_once_and_counted<B: Backend>() {
    let mut b = with_team::<B>();
    let no = Refusal::new("no", Text::new("不行", "no"), Text::new("重来", "again"));
    let row = |n: u8| HoldingRow {
        number: Seq(n.into()),
        device: DeviceId([5 + n % 2; 16]),
        person: PersonId([3; 16]),
        doc: doc(1 + n / 3),
        hash: ItemHash([n; 32]),
        item: vec![n; 10],
        refusal: no.clone(),
        received: 7,
        decision: None,
    };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in 1..=4 {
        tx.put_holding(&row(n)).unwrap();
    }
    assert!(tx.put_holding(&HoldingRow { number: Seq(9), ..row(1) }).is_err(), "an item is there once");
    drop(tx);
    let decision = Decision { accepted: true, by: PersonId([9; 16]), at_ms: 8, reason: String::new() };
    let decided = HoldingRow { item: vec![], decision: Some(decision), ..row(2) };
    let mut tx = b.storage().write(TEAM).unwrap();
    for n in 1..=4 {
        tx.put_holding(&row(n)).unwrap();
    }
    tx.put_holding(&decided).unwrap();
    tx.commit().unwrap();
    b.restart();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.holding(Seq(2)).unwrap(), Some(decided.clone()));
    assert_eq!(view.holding(Seq(5)).unwrap(), None);
    let even = DeviceId([5; 16]);
    assert_eq!(view.holding_of(even, &[ItemHash([4; 32]), ItemHash([1; 32])]).unwrap(), [row(4)]);
    assert_eq!(view.holding_load(even).unwrap(), Load { waiting: 1, items: 2, bytes: 10 });
    assert_eq!(view.holding_load(DeviceId([0; 16])).unwrap(), Load::default());
    assert_eq!(view.holding_waiting(2).unwrap(), [row(1), row(3)], "oldest first, and no more");
    assert_eq!(view.holding_about(doc(1)).unwrap(), [row(1), decided]);
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

pub fn removed_records_are_in_no_list<B: Backend>() {
    let b = with_team::<B>();
    let gone = RecordRow { removed: true, ..record(2, "x", "gone") };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_records(&[record(1, "x", "open"), gone.clone()]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.list(&Filter::default()).unwrap(), [record(1, "x", "open")]);
    let all = Filter { removed: Removed::With, ..Filter::default() };
    assert_eq!(view.list(&all).unwrap(), [record(1, "x", "open"), gone.clone()]);
    assert_eq!(view.records(&[doc(2)]).unwrap(), [gone]);
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
