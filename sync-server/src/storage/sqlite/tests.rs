//! The contract, and what only a file can get wrong.

use super::Sqlite;
use crate::storage::contract::{Backend, TEAM};
use crate::storage::log::{LogRow, What};
use crate::storage::{Error, Storage};
use rounds_model::ids::Seq;
use rounds_model::scope::Scope;
use rounds_protocol::enrol::Team;
use rounds_protocol::fault::Fault;
use rusqlite::Connection;
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
