//! Opening: the key, the pragmas, the migrations, one writer and a few readers.

use crate::error::Fail;
use crate::private;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The numbered migrations, in order. Version n is what the first n make.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_uploads.sql"),
    include_str!("migrations/0003_sync_log.sql"),
    include_str!("migrations/0004_filling.sql"),
    include_str!("migrations/0005_doubtful.sql"),
    include_str!("migrations/0006_ledgers.sql"),
    include_str!("migrations/0007_scopes.sql"),
    include_str!("migrations/0008_typed.sql"),
    include_str!("migrations/0009_again.sql"),
    include_str!("migrations/0010_sought.sql"),
    include_str!("migrations/0011_batches.sql"),
    include_str!("migrations/0012_evidence.sql"),
    include_str!("migrations/0013_news_of_held.sql"),
    include_str!("migrations/0014_lacking.sql"),
    include_str!("migrations/0015_sheets.sql"),
    include_str!("migrations/0016_foreseen.sql"),
    include_str!("migrations/0017_unread_packs.sql"),
    include_str!("migrations/0018_before.sql"),
];

/// Readers kept open; more are opened when more are busy, and closed again.
const READERS: usize = 2;

/// How many connections are tried before it is said that one takes no key.
const KEYED: u32 = 3;

/// A second process on the same folder (a support tool beside the app) waits this long.
const BUSY: Duration = Duration::from_secs(10);

/// The 32-byte database key, from the platform's key store. Zeroed when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key(pub [u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// The phone's database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    key: Key,
    writer: Mutex<Connection>,
    writes: AtomicU64,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// The schema version that this build makes.
    pub const VERSION: i64 = MIGRATIONS.len() as i64;

    /// Opens the store, creating or upgrading it as needed.
    ///
    /// # Errors
    /// [`Fail::WrongKey`] if the file is not readable with this key, [`Fail::NewerStore`] if a newer
    /// build made it (the file is not touched), [`Fail::StorageFull`], [`Fail::Sqlite`].
    pub fn open(path: &Path, key: Key) -> Result<Store, Fail> {
        private::file(path)?;
        let mut writer =
            connect(path, &key, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate(&mut writer)?;
        // A page of two thousand new records changes more than the four megabytes that a reader keeps: what
        // does not fit is encrypted and written to the log in the middle, and once more at the end.
        writer.execute_batch("PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 2000")?;
        Ok(Store {
            path: path.to_owned(),
            key,
            writer: Mutex::new(writer),
            writes: 0.into(),
            readers: Mutex::new(vec![]),
        })
    }

    /// A connection to what is there, for whoever has to read what can be read: nothing is made, brought up to
    /// date or written. Where not even the files of the log can be made, it is read without what is in the log.
    pub(crate) fn peek(path: &Path, key: &Key) -> Result<Connection, Fail> {
        let readable = |db: Connection| -> Result<Connection, Fail> {
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0))?;
            Ok(db)
        };
        let only = OpenFlags::SQLITE_OPEN_READ_ONLY;
        keyed(path, key, only).and_then(readable).or_else(|_| {
            let name = path.to_str().ok_or(Fail::Damaged("the name of the folder"))?;
            // What stands for something else in such a name.
            let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let still = PathBuf::from(format!("file:{name}?immutable=1"));
            keyed(&still, key, only | OpenFlags::SQLITE_OPEN_URI).and_then(readable)
        })
    }

    /// Runs `work` in the one write transaction; commits if it succeeds, rolls back if not.
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fail>) -> Result<T, Fail> {
        let mut writer = lock(&self.writer);
        self.writes.fetch_add(1, Ordering::SeqCst);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&tx)?;
        tx.commit()?;
        Ok(out)
    }

    /// The same for what touches no document: what somebody keeps of one in memory stays good.
    pub fn write_beside<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fail>) -> Result<T, Fail> {
        let mut writer = lock(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&tx)?;
        tx.commit()?;
        Ok(out)
    }

    /// SQLite's count of what other processes changed, as the writer knows it; none while somebody writes.
    pub fn data_version(&self) -> Option<i64> {
        let writer = self.writer.try_lock().ok()?;
        writer.query_row("PRAGMA data_version", [], |r| r.get(0)).ok()
    }

    /// Runs `work` in the write transaction and takes everything back: what would come of it.
    pub fn suppose<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Fail>) -> Result<T, Fail> {
        let mut writer = lock(&self.writer);
        self.writes.fetch_add(1, Ordering::SeqCst);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&tx)?;
        tx.rollback()?;
        Ok(out)
    }

    /// How many write transactions this process has begun that may touch documents. Inside one it stands still, so whoever
    /// keeps something in memory can see whether another came in between.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// Runs `work` on one consistent view of the store, beside the writer.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fail>) -> Result<T, Fail> {
        let pooled = lock(&self.readers).pop();
        let mut reader = match pooled {
            Some(reader) => reader,
            None => connect(&self.path, &self.key, OpenFlags::SQLITE_OPEN_READ_WRITE)?,
        };
        let out = {
            let tx = reader.transaction()?;
            work(&tx)?
        };
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(out)
    }

    /// Where the database file is; blobs lie beside it.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A panic elsewhere cannot leave SQLite half written: its transaction was rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: &Key, flags: OpenFlags) -> Result<Connection, Fail> {
    let db = keyed(path, key, flags)?;
    // The first read is where a wrong key shows.
    let readable: rusqlite::Result<i64> =
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0));
    readable.map_err(|e| match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => Fail::WrongKey,
        _ => e.into(),
    })?;
    // temp_store: Android has no writable place for temporary files.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;",
    )?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

/// A connection with its key. A key of 32 bytes is always a good one: SQLCipher refuses it only when it
/// cannot get memory or randomness for it at that moment, seen once in thousands of times with many
/// stores opened at once. Another connection is tried then.
fn keyed(path: &Path, key: &Key, flags: OpenFlags) -> Result<Connection, Fail> {
    let mut tries = 0;
    loop {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(BUSY)?;
        // Failures come back as errors; SQLCipher would also print them.
        db.execute_batch("PRAGMA cipher_log_level = NONE")?;
        let mut hex = hex::encode(key.0);
        let mut pragma = format!("PRAGMA key = \"x'{hex}'\"");
        let done = db.execute_batch(&pragma);
        hex.zeroize();
        pragma.zeroize();
        tries += 1;
        match done {
            Ok(()) => return Ok(db),
            Err(e) if tries == KEYED => return Err(e.into()),
            Err(_) => {}
        }
    }
}

fn migrate(db: &mut Connection) -> Result<(), Fail> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > Store::VERSION {
        return Err(Fail::NewerStore { found, known: Store::VERSION });
    }
    let done = usize::try_from(found).map_err(|_| Fail::Damaged("the store's version is negative"))?;
    if done == MIGRATIONS.len() {
        return Ok(());
    }
    for migration in &MIGRATIONS[done..] {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "user_version", Store::VERSION)?;
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &tempfile::TempDir, key: u8) -> Result<Store, Fail> {
        Store::open(&dir.path().join("rounds.db"), Key([key; 32]))
    }

    #[test]
    fn lesson_16_the_file_is_unreadable_without_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(&dir, 1).unwrap();
        let secret = b"0411-82630000";
        store.write(|tx| Ok(tx.execute("INSERT INTO meta VALUES ('x', ?1)", [&secret[..]])?)).unwrap();
        drop(store);
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(secret.len()).any(|w| w == secret));
            assert!(!bytes.starts_with(b"SQLite format 3"));
        }
        assert!(matches!(open(&dir, 2), Err(Fail::WrongKey)));
        assert!(open(&dir, 1).is_ok(), "a wrong key harms nothing");
    }

    /// Found by a critic: everybody on the machine could read the file.
    #[cfg(unix)]
    #[test]
    fn lesson_16_the_folder_and_its_files_are_private() {
        use crate::platform::Replay;
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("phone");
        std::fs::create_dir(&folder).unwrap();
        let open = |path: &std::path::Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        open(&folder, 0o755);
        for _ in 0..2 {
            let platform = std::sync::Arc::new(Replay::new(1, 1));
            let rounds = crate::Rounds::open(&folder, Key([1; 32]), platform).unwrap();
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder), 0o700);
            let files: Vec<_> =
                std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
            assert!(files.len() >= 2, "{files:?}");
            files.iter().for_each(|file| assert_eq!(mode(file), 0o600, "{}", file.display()));
            drop(rounds);
            // As an earlier version made it.
            open(&folder.join("rounds.db"), 0o644);
        }
    }

    #[test]
    fn a_store_of_version_2_keeps_its_outbox_and_gets_a_log() {
        let dir = tempfile::tempdir().unwrap();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let old = connect(&dir.path().join("rounds.db"), &Key([1; 32]), flags).unwrap();
        MIGRATIONS[..2].iter().for_each(|migration| old.execute_batch(migration).unwrap());
        old.pragma_update(None, "user_version", 2).unwrap();
        let item = "INSERT INTO outbox (doc, what, item, at_ms) VALUES (zeroblob(16), 'edit', x'00', 1)";
        old.execute(item, []).unwrap();
        drop(old);
        let store = open(&dir, 1).unwrap();
        let count = |table: &str| -> i64 {
            let sql = format!("SELECT count(*) FROM {table}");
            store.read(|db| Ok(db.query_row(&sql, [], |r| r.get(0))?)).unwrap()
        };
        assert_eq!((count("outbox"), count("sync_log"), count("taken")), (1, 0, 0));
    }

    #[test]
    fn a_store_of_version_10_keeps_what_it_has_and_gets_batches() {
        let dir = tempfile::tempdir().unwrap();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let old = connect(&dir.path().join("rounds.db"), &Key([1; 32]), flags).unwrap();
        MIGRATIONS[..10].iter().for_each(|migration| old.execute_batch(migration).unwrap());
        old.pragma_update(None, "user_version", 10).unwrap();
        let rows = "INSERT INTO outbox (doc, what, item, at_ms) VALUES (zeroblob(16), 'edit', x'00', 1);
                    INSERT INTO sought (kind, key) VALUES ('store', 'code');
                    INSERT INTO notices (at_ms, body) VALUES (1, x'00');";
        old.execute_batch(rows).unwrap();
        drop(old);
        let store = open(&dir, 1).unwrap();
        let count = |table: &str| -> i64 {
            let sql = format!("SELECT count(*) FROM {table}");
            store.read(|db| Ok(db.query_row(&sql, [], |r| r.get(0))?)).unwrap()
        };
        assert_eq!(["outbox", "sought", "notices", "batches", "batch_items"].map(count), [1, 1, 1, 0, 0]);
    }

    #[test]
    fn a_store_of_a_newer_app_is_refused_and_not_touched() {
        let dir = tempfile::tempdir().unwrap();
        open(&dir, 1).unwrap().write(|tx| Ok(tx.pragma_update(None, "user_version", 99)?)).unwrap();
        let before = std::fs::read(dir.path().join("rounds.db")).unwrap();
        assert!(matches!(open(&dir, 1), Err(Fail::NewerStore { found: 99, known: Store::VERSION })));
        assert_eq!(std::fs::read(dir.path().join("rounds.db")).unwrap(), before);
    }

    #[test]
    fn a_full_disk_is_named_and_stores_nothing_by_halves() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(&dir, 1).unwrap();
        store.write(|tx| Ok(tx.execute_batch("PRAGMA max_page_count = 1")?)).unwrap();
        let big = vec![0u8; 1 << 20];
        let result = store.write(|tx| {
            tx.execute("INSERT INTO meta VALUES ('small', x'00')", [])?;
            Ok(tx.execute("INSERT INTO meta VALUES ('big', ?1)", [&big])?)
        });
        assert!(matches!(result, Err(Fail::StorageFull)), "{result:?}");
        let rows: i64 =
            store.read(|db| Ok(db.query_row("SELECT count(*) FROM meta", [], |r| r.get(0))?)).unwrap();
        assert_eq!(rows, 0);
    }

    #[test]
    fn something_that_is_no_database_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("rounds.db"), [7; 8192]).unwrap();
        assert!(matches!(open(&dir, 1), Err(Fail::WrongKey)));
    }
}
