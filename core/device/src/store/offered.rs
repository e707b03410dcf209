//! Up to which item of the outbox the server may have what was saved, whether an answer was heard or not: what is
//! before it is no draft of this phone alone any more.
//!
//! A try is noted before its request is made, and taken back if nothing left the phone. That says nothing about a
//! bundle that was made meanwhile, nor about an earlier try: so the last try is kept apart from what is certain.

use super::{Store, meta};
use crate::error::Fail;
use rusqlite::{Connection, Transaction};

/// In the store: the last item that was in a bundle, or in a request before the last try.
const OFFERED: &str = "offered";
/// In the store: the last item of the last try.
const TRIED: &str = "offered_now";

/// The last item that the server may have.
pub fn last(db: &Connection) -> Result<i64, Fail> {
    Ok(certain(db)?.max(meta::get(db, TRIED)?.unwrap_or(0)))
}

/// Notes that everything up to an item is in a bundle, or was said to a server that has forgotten it.
pub fn put(tx: &Transaction<'_>, n: i64) -> Result<(), Fail> {
    if n > certain(tx)? { meta::set(tx, OFFERED, &n) } else { Ok(()) }
}

/// The same in a transaction of its own. A full disk keeps nobody from making a bundle.
pub fn note(store: &Store, n: i64) -> Result<(), Fail> {
    unless_full(store.write_beside(|tx| put(tx, n)))
}

/// Notes that everything up to an item is about to be in a request. Returns whether that is news, and noted. A full disk keeps
/// nobody from sending.
pub fn try_now(store: &Store, n: i64) -> Result<bool, Fail> {
    if n <= store.read(last)? {
        return Ok(false);
    }
    let noted = store.write_beside(|tx| {
        put(tx, last(tx)?)?;
        meta::set(tx, TRIED, &n)
    });
    match noted {
        Err(Fail::StorageFull) => Ok(false),
        noted => noted.map(|()| true),
    }
}

/// Nothing of the last try, which was noted, left the phone after all.
pub fn take_back(store: &Store) -> Result<(), Fail> {
    unless_full(store.write_beside(|tx| meta::remove(tx, TRIED)))
}

fn certain(db: &Connection) -> Result<i64, Fail> {
    Ok(meta::get(db, OFFERED)?.unwrap_or(0))
}

fn unless_full(noted: Result<(), Fail>) -> Result<(), Fail> {
    match noted {
        Err(Fail::StorageFull) => Ok(()),
        noted => noted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Key;

    /// Found by a critic: a try without a network, in the moment in which a bundle was made, let what the bundle holds
    /// be thrown away as a draft.
    #[test]
    fn a_try_that_is_taken_back_takes_back_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let last = || store.read(last).unwrap();
        assert!(try_now(&store, 3).unwrap());
        take_back(&store).unwrap();
        assert_eq!(last(), 0);
        assert!(try_now(&store, 3).unwrap());
        note(&store, 3).unwrap();
        take_back(&store).unwrap();
        assert_eq!(last(), 3, "the bundle has it");
        assert!(try_now(&store, 5).unwrap());
        assert!(!try_now(&store, 5).unwrap(), "it may be there already");
        // The try before may have left: nobody has said that it did not.
        assert!(try_now(&store, 8).unwrap());
        take_back(&store).unwrap();
        assert_eq!(last(), 5);
    }
}
