//! The contract, and what only a file can get wrong.

use super::{Sqlite, sought};
use crate::storage::contract::{Backend, TEAM};
use crate::storage::log::{LogRow, What};
use crate::storage::records::{Order, Search};
use crate::storage::{Error, Storage};
use rounds_model::ids::{PersonId, Seq};
use rounds_model::scope::Scope;
use rounds_protocol::enrol::Team;
use rounds_protocol::fault::Fault;
use rusqlite::{Connection, params_from_iter};
use tempfile::TempDir;

struct OnDisk {
    dir: TempDir,
    open: Option<Sqlite>,
}

impl Backend for OnDisk {
    fn fresh() -> Self {
        let dir = TempDir::new().unwrap();
        let open = Some(Sqlite::open(&dir.path().join("rounds.db")).unwrap());
        OnDisk { dir, open }
    }
    fn storage(&self) -> &dyn Storage {
        self.open.as_ref().unwrap()
    }
    fn restart(&mut self) {
        self.open = None;
        self.open = Some(Sqlite::open(&self.dir.path().join("rounds.db")).unwrap());
    }
}

crate::storage_contract!(OnDisk);

fn with_team(dir: &TempDir) -> Sqlite {
    let db = Sqlite::open(&dir.path().join("rounds.db")).unwrap();
    db.add_team(&Team { id: TEAM, name: "t".into(), zone: "UTC".into() }).unwrap();
    db
}

fn row(seq: Seq, bytes: usize) -> LogRow {
    let reference = vec![0; bytes];
    LogRow { seq, scope: Scope::Team, what: What::Edit, doc: None, reference, bytes: 1 }
}

#[test]
fn a_full_disk_is_a_fault_of_its_own_and_stores_nothing_by_halves() {
    let dir = TempDir::new().unwrap();
    let db = with_team(&dir);
    db.limit_pages(60).unwrap();
    let mut tx = db.write(TEAM).unwrap();
    let first = tx.next_seq();
    tx.put_log(&[row(first, 10)]).unwrap();
    let second = tx.next_seq();
    let error = tx.put_log(&[row(second, 1 << 20)]).and_then(|()| tx.commit()).unwrap_err();
    assert_eq!(error.fault(), Fault::StorageFull);
    let view = db.read(TEAM).unwrap();
    assert_eq!(view.head().unwrap(), Seq(0));
    assert!(view.log(&[(Scope::Team, Seq(0))], 9).unwrap().is_empty());
    drop(view);
    let mut tx = db.write(TEAM).unwrap();
    let seq = tx.next_seq();
    tx.put_log(&[row(seq, 10)]).unwrap();
    tx.commit().unwrap();
}

#[test]
fn a_newer_file_is_refused_and_not_touched() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("rounds.db");
    drop(with_team(&dir));
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::StorageNewer { found: 99, .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(matches!(Sqlite::check_file(&path), Err(Error::StorageNewer { found: 99, .. })));
}

#[test]
fn somebody_elses_file_is_refused() {
    let dir = TempDir::new().unwrap();
    let other = dir.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE x (y)").unwrap();
    assert!(matches!(Sqlite::open(&other), Err(Error::StorageDamaged(_))));
    let noise = dir.path().join("noise.db");
    std::fs::write(&noise, vec![7; 5000]).unwrap();
    assert!(matches!(Sqlite::open(&noise), Err(Error::StorageDamaged(_))));
    assert!(matches!(Sqlite::check_file(&noise), Err(Error::StorageDamaged(_))));
}

#[test]
fn a_backup_is_a_sound_file_of_one_moment() {
    let dir = TempDir::new().unwrap();
    let db = with_team(&dir);
    let mut open = db.write(TEAM).unwrap();
    let seq = open.next_seq();
    open.put_log(&[row(seq, 10)]).unwrap();
    let copy = dir.path().join("copy.db");
    db.backup(&copy).unwrap();
    open.commit().unwrap();
    Sqlite::check_file(&copy).unwrap();
    let copy = Sqlite::open(&copy).unwrap();
    assert_eq!(copy.read(TEAM).unwrap().head().unwrap(), Seq(0), "the open write is not in it");
}

/// How a statement is carried out, a line for each step.
fn plan(dir: &TempDir, (sql, values): (String, Vec<rusqlite::types::Value>)) -> String {
    let file = Connection::open(dir.path().join("rounds.db")).unwrap();
    sought::teach(&file).unwrap();
    let mut statement = file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

/// What lists, counts and exports ask for of 50,000 records is read from an index in the order in which it is
/// shown: nothing is sorted, and nothing is opened to be counted.
#[test]
fn lists_are_read_in_their_order_and_counts_open_no_record() {
    let dir = TempDir::new().unwrap();
    drop(with_team(&dir));
    let scopes = (0..200).map(|n| Scope::Person(PersonId([n; 16]))).chain([Scope::Team]).collect();
    let all = Search { kinds: vec!["visit".into()], scopes: Some(scopes), ..Search::default() };
    let dated =
        Search { from_day: Some("2026-11-01".into()), to_day: Some("2026-11-30".into()), ..all.clone() };
    let disputed = Search { kinds: vec![], conflicted: true, order: Order::Oldest, limit: 20, ..all.clone() };
    for (search, index) in [
        (Search { order: Order::LatestDay, ..all.clone() }, "records_by_day"),
        (Search { order: Order::EarliestDay, ..all.clone() }, "records_by_day"),
        (Search { order: Order::LatestDay, limit: 50, ..dated.clone() }, "records_by_day"),
        (Search { order: Order::LatestDay, scopes: None, ..all.clone() }, "records_by_day"),
        (Search { order: Order::Newest, limit: 50, ..all.clone() }, "records_listed"),
        (Search { order: Order::Oldest, ..all.clone() }, "records_listed"),
        (disputed.clone(), "records_disputed"),
        (Search { scopes: None, ..disputed.clone() }, "records_disputed"),
    ] {
        let plan = plan(&dir, sought::page(TEAM.0, &search));
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{:?}: {plan}", search.order);
    }
    for search in [&all, &dated, &Search { kinds: vec![], ..all.clone() }] {
        let people = sought::people(TEAM.0, search);
        for sql in [sought::count(TEAM.0, search), sought::stages(TEAM.0, search), people] {
            let plan = plan(&dir, sql);
            assert!(plan.contains("COVERING INDEX"), "{plan}");
        }
    }
    let staged = plan(&dir, sought::stages(TEAM.0, &Search { kinds: vec![], scopes: None, ..all.clone() }));
    assert!(staged.contains("records_staged") && !staged.contains("TEMP B-TREE"), "{staged}");
    for sql in [sought::count(TEAM.0, &disputed), sought::owners(TEAM.0, &disputed)] {
        let plan = plan(&dir, sql);
        assert!(plan.contains("COVERING INDEX records_disputed"), "{plan}");
    }
}

#[test]
fn readers_sort_on_disk_and_people_take_none_from_phones() {
    let dir = TempDir::new().unwrap();
    let db = with_team(&dir);
    for pool in [&db.readers, &db.browsers] {
        let reader = pool.take().unwrap();
        let kept: i64 = reader.pragma_query_value(None, "temp_store", |row| row.get(0)).unwrap();
        assert_eq!(kept, 1, "FILE");
    }
    let looking: Vec<_> = (0..super::BROWSERS).map(|_| db.browse(TEAM).unwrap()).collect();
    let taken = |reader: &std::sync::OnceLock<std::sync::Mutex<_>>| {
        reader.get().is_some_and(|reader| reader.try_lock().is_err())
    };
    assert!(db.browsers.readers.iter().all(taken), "every one is taken");
    assert_eq!(
        db.readers.readers.iter().filter(|reader| reader.get().is_some()).count(),
        1,
        "one was needed"
    );
    let phone = db.read(TEAM).unwrap();
    assert_eq!(phone.head().unwrap(), Seq(0));
    drop(looking);
}

#[test]
fn what_is_tried_out_in_a_copy_is_nowhere_else() {
    let dir = TempDir::new().unwrap();
    let db = with_team(&dir);
    let held = db.write(TEAM).unwrap();
    let copy = db.copy().unwrap();
    let mut tx = copy.write(TEAM).unwrap();
    let seq = tx.next_seq();
    tx.put_log(&[row(seq, 10)]).unwrap();
    tx.commit().unwrap();
    assert_eq!(copy.read(TEAM).unwrap().head().unwrap(), Seq(1), "while somebody else writes");
    drop(held);
    assert_eq!(db.read(TEAM).unwrap().head().unwrap(), Seq(0));
}
