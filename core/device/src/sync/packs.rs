//! Packs on the phone: kept as they came, used as far as they can be used together.
//!
//! A record stays with the version of its pack that it was begun with, so the phone keeps the
//! versions that records here need and no others, and asks the server for one that it lacks: of a
//! colleague's record that was begun before this phone had any pack.

use super::loaded::{self, Loaded};
use crate::error::Fail;
use crate::store::{Store, meta, roster};
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{PullItem, Wanted, limits};
use rounds_workflow::{Bundle, Catalogue, Pack};
use rusqlite::Transaction;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A new catalogue, and the kinds that are new or different in it.
pub(super) type Changed = (Arc<Catalogue>, Vec<String>);

/// Takes in the packs of an answer. None if there was none that this app can read.
pub(super) fn absorb(tx: &Transaction<'_>, pull: &[PullItem]) -> Result<Option<Changed>, Fail> {
    let (ids, unreadable) = store(tx, pull)?;
    let mut changed = None;
    if !ids.is_empty() {
        let (catalogue, problem) = load_catalogue(tx)?;
        meta::set(tx, "packs_problem", &problem.unwrap_or_default())?;
        let kinds = catalogue.kinds().filter(|k| ids.contains(&k.pack)).map(|k| k.name.clone());
        let kinds = kinds.collect();
        changed = Some((catalogue, kinds));
    }
    if let Some(what) = unreadable {
        meta::set(tx, "packs_problem", &what)?;
    }
    Ok(changed)
}

/// What records are pinned to: their kind and the version of its pack.
pub(super) type Pins = BTreeSet<(String, u32)>;

/// Notes which versions the records lack that were looked at, beside those that were lacking before.
/// The server may send some at a time; once it sends none of those that it was asked for, it does not
/// have them, and they are not asked for again until a record needs them anew.
pub(super) fn want(
    tx: &Transaction<'_>,
    catalogue: &Catalogue,
    pins: &Pins,
    asked: &[Wanted],
) -> Result<(), Fail> {
    let before = wanted(tx)?;
    let lacking = pins.iter().filter_map(|(kind, version)| {
        Some(Wanted { pack: catalogue.lacks(kind, *version)?.to_owned(), version: *version })
    });
    let mut now: BTreeSet<Wanted> = before.iter().cloned().chain(lacking).collect();
    let mut came = false;
    for one in asked {
        if roster::older_versions(tx, &one.pack)?.contains(&one.version) {
            came = true;
            now.remove(one);
        }
    }
    if !came {
        now.retain(|one| !asked.contains(one));
    }
    let now: Vec<Wanted> = now.into_iter().collect();
    if now == before { Ok(()) } else { meta::set(tx, "packs_wanted", &now) }
}

/// The versions to ask the server for.
pub fn wanted(db: &rusqlite::Connection) -> Result<Vec<Wanted>, Fail> {
    Ok(meta::get(db, "packs_wanted")?.unwrap_or_default())
}

/// As many of them as one request may ask for.
pub(super) fn asked(db: &rusqlite::Connection) -> Result<Vec<Wanted>, Fail> {
    Ok(wanted(db)?.into_iter().take(limits::WANTED).collect())
}

/// Forgets the earlier versions that no record of these kinds needs; `pins` are of all their records.
pub(super) fn prune(
    tx: &Transaction<'_>,
    catalogue: &Catalogue,
    kinds: &[String],
    pins: &Pins,
) -> Result<(), Fail> {
    let packs: BTreeSet<&str> =
        kinds.iter().filter_map(|kind| Some(catalogue.kind(kind)?.pack.as_str())).collect();
    for pack in packs {
        let used = |version: u32| {
            let here = |(kind, at): &(String, u32)| {
                *at == version && catalogue.kind(kind).is_some_and(|kind| kind.pack == pack)
            };
            pins.iter().any(here)
        };
        for version in roster::older_versions(tx, pack)?.into_iter().filter(|version| !used(*version)) {
            roster::remove_older(tx, pack, version)?;
        }
    }
    Ok(())
}

/// Loads the packs of the store, as many of them as can be used together, and says what is wrong
/// with the others. A pack that needs a newer app, or one that has not arrived, stops nothing else.
pub fn load_catalogue(db: &rusqlite::Connection) -> Result<Loaded, Fail> {
    let (newest, older) = (roster::packs(db)?, roster::older_packs(db)?);
    Ok(loaded::once(&newest, &older, || put_together(&newest, &older)))
}

fn put_together(newest: &[Vec<u8>], older: &[Vec<u8>]) -> Loaded {
    let mut problem = None;
    let mut left_out: BTreeSet<String> = BTreeSet::new();
    loop {
        let mut packs = Vec::new();
        for bytes in newest {
            match read_pack(bytes) {
                Ok(pack) if !left_out.contains(&pack.id) => packs.push(pack),
                Ok(_) => {}
                Err(what) => problem = Some(what),
            }
        }
        let before = left_out.len();
        match Catalogue::new(packs) {
            Ok(catalogue) => {
                // One that this build cannot read any more leaves its records to the newest.
                let older = older.iter().filter_map(|bytes| read_pack(bytes).ok());
                return (Arc::new(catalogue.with_older(older)), problem);
            }
            Err(found) => {
                problem = Some(first(&found));
                // Problems between packs name the pack before the file.
                left_out.extend(found.iter().filter_map(|p| Some(p.file.split_once('/')?.0.to_owned())));
            }
        }
        if left_out.len() == before {
            return (Arc::default(), problem);
        }
    }
}

fn read_pack(bytes: &[u8]) -> Result<Pack, String> {
    let bundle = Bundle::decode(bytes).map_err(|e| e.to_string())?;
    Pack::load(&bundle).map_err(|found| first(&found))
}

fn first(problems: &[rounds_workflow::Problem]) -> String {
    problems.first().map(|p| format!("{}:{} {}", p.file, p.line.unwrap_or(0), p.code)).unwrap_or_default()
}

/// Reads what an earlier app could not: the server sends no pack twice. To be called at the start, before
/// packs are put together.
pub(crate) fn read_again(store: &Store) -> Result<(), Fail> {
    let unread = store.read(roster::unread)?;
    if unread.is_empty() {
        return ask_again(store);
    }
    if unread.iter().all(|(_, bundle)| read_pack(bundle).is_err()) {
        return Ok(());
    }
    store.write(|tx| {
        let mut problem = None;
        for (n, bundle) in roster::unread(tx)? {
            match read_pack(&bundle) {
                Ok(pack) => {
                    roster::put_pack(tx, &pack.id, pack.version, &bundle)?;
                    roster::remove_unread(tx, n)?;
                }
                Err(what) => problem = Some(what),
            }
        }
        let together = load_catalogue(tx)?.1;
        meta::set(tx, "packs_problem", &problem.or(together).unwrap_or_default())
    })
}

/// Apps of before kept nothing of what they could not read: what the team shares is asked for anew, once.
fn ask_again(store: &Store) -> Result<(), Fail> {
    let is_due = |db: &rusqlite::Connection| {
        let problem: Option<String> = meta::get(db, "packs_problem")?;
        let asked: Option<bool> = meta::get(db, "packs_asked_again")?;
        Ok(problem.is_some_and(|what| !what.is_empty()) && asked.is_none())
    };
    if !store.read(is_due)? {
        return Ok(());
    }
    store.write(|tx| {
        let mut cursors = roster::cursors(tx)?;
        cursors.remove(&Scope::Team);
        roster::put_cursors(tx, &cursors)?;
        meta::set(tx, "packs_asked_again", &true)
    })
}

/// Stores the packs that this app can read, and returns their ids and what is wrong with another. One
/// that it cannot read leaves the version before standing, and is kept for the app that can.
fn store(tx: &Transaction<'_>, pull: &[PullItem]) -> Result<(BTreeSet<String>, Option<String>), Fail> {
    let (mut ids, mut problem) = (BTreeSet::new(), None);
    for item in pull {
        let PullItem::Pack { bundle } = item else { continue };
        match read_pack(bundle) {
            Ok(pack) => {
                roster::put_pack(tx, &pack.id, pack.version, bundle)?;
                ids.insert(pack.id);
            }
            Err(what) => {
                roster::keep_unread(tx, bundle)?;
                problem = Some(what);
            }
        }
    }
    Ok((ids, problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};
    use rounds_model::ids::{PersonId, Seq};
    use std::path::Path;

    fn bundle(pack: &str) -> Vec<u8> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs").join(pack);
        let mut files = std::collections::BTreeMap::new();
        for folder in ["", "forms", "tables"] {
            for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
                if entry.path().is_file() {
                    let name = entry.file_name().into_string().unwrap();
                    let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                    files.insert(name, std::fs::read(entry.path()).unwrap());
                }
            }
        }
        Bundle::new(files).unwrap().encode().unwrap()
    }

    #[test]
    fn a_pack_whose_companion_has_not_arrived_stops_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let take = |packs: &[&str]| {
            let pull: Vec<_> = packs.iter().map(|p| PullItem::Pack { bundle: bundle(p) }).collect();
            store.write(|tx| super::store(tx, &pull)).unwrap();
            store.read(load_catalogue).unwrap()
        };
        let (catalogue, problem) = take(&["shelf-audit", "policy-application"]);
        assert!(catalogue.kind("application").is_some() && catalogue.kind("audit").is_none());
        assert!(problem.unwrap().contains("pack-missing"));
        let (catalogue, problem) = take(&["daily-routine", "store-visit"]);
        assert!(catalogue.kind("audit").is_some());
        assert_eq!(problem, None);
    }

    #[test]
    fn a_pack_that_this_app_cannot_read_leaves_the_one_before_standing() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let good = PullItem::Pack { bundle: bundle("policy-application") };
        store.write(|tx| super::store(tx, &[good])).unwrap();
        let bad = PullItem::Pack { bundle: b"from the future".to_vec() };
        let (ids, problem) = store.write(|tx| super::store(tx, &[bad])).unwrap();
        assert!(ids.is_empty() && problem.is_some());
        assert!(store.read(load_catalogue).unwrap().0.kind("application").is_some());
        // The server does not send it again: it waits here for an app that can read it.
        let unread = || -> Vec<_> {
            store.read(roster::unread).unwrap().into_iter().map(|(_, bundle)| bundle).collect()
        };
        assert_eq!(unread(), [b"from the future".to_vec()]);
        read_again(&store).unwrap();
        assert_eq!(unread().len(), 1, "this app still cannot");
    }

    /// Found by a critic: an app of before had dropped what it could not read, and its update never had it.
    #[test]
    fn what_an_older_app_dropped_is_asked_for_once_after_its_update() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let both = || [(Scope::Team, Seq(7)), (Scope::Person(PersonId([1; 16])), Seq(5))].into();
        store.write(|tx| roster::put_cursors(tx, &both())).unwrap();
        read_again(&store).unwrap();
        assert_eq!(store.read(roster::cursors).unwrap(), both(), "nothing is wrong with any pack");
        store.write(|tx| meta::set(tx, "packs_problem", &"pack.toml:1 unknown-key")).unwrap();
        read_again(&store).unwrap();
        let left = store.read(roster::cursors).unwrap();
        assert_eq!(left.into_keys().collect::<Vec<_>>(), [Scope::Person(PersonId([1; 16]))]);
        store.write(|tx| roster::put_cursors(tx, &both())).unwrap();
        read_again(&store).unwrap();
        assert_eq!(store.read(roster::cursors).unwrap(), both(), "once");
    }

    /// Found by a critic: after the update of the app its phone still had the old pack, for ever.
    #[test]
    fn a_pack_that_an_older_app_could_not_read_is_there_after_the_update() {
        let dir = tempfile::tempdir().unwrap();
        let platform = Arc::new(crate::platform::Replay::new(1, 1));
        let open = || crate::Rounds::open(dir.path(), Key([1; 32]), platform.clone()).unwrap();
        let rounds = open();
        assert!(rounds.catalogue().kind("application").is_none());
        // As the older app has left it.
        let left = |tx: &Transaction<'_>| {
            roster::keep_unread(tx, b"from the future")?;
            roster::keep_unread(tx, &bundle("policy-application"))?;
            meta::set(tx, "packs_problem", &"pack.toml:1 unknown-key")
        };
        rounds.store.write(left).unwrap();
        drop(rounds);
        let rounds = open();
        assert!(rounds.catalogue().kind("application").is_some());
        assert_eq!(rounds.store.read(roster::unread).unwrap().len(), 1, "the other one still waits");
    }
}
