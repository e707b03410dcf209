//! Catalogues that this process has made already.
//!
//! Packs are read and checked as a whole, which takes longer than anything else when a store is opened: and an
//! app opens it again after each rest in the background, another rep of the phone opens one with the same
//! packs. A catalogue follows from the bytes of its packs alone, so those that were made are remembered by them.

use rounds_workflow::Catalogue;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// A catalogue, and what is wrong with the packs that are not in it.
pub type Loaded = (Arc<Catalogue>, Option<String>);

/// As many are kept: those of the reps of a phone, and the one before while packs arrive.
const KEPT: usize = 4;

/// The newest first.
static MADE: Mutex<Vec<([u8; 32], Loaded)>> = Mutex::new(Vec::new());

/// What `make` says of these packs; it is not asked again about the same.
pub(super) fn once(newest: &[Vec<u8>], older: &[Vec<u8>], make: impl FnOnce() -> Loaded) -> Loaded {
    let name = name(newest, older);
    let found = {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.iter().position(|(known, _)| *known == name).map(|at| {
            let known = made.remove(at);
            made.insert(0, known.clone());
            known.1
        })
    };
    // Made without the lock: it takes a while, and another store need not wait for it.
    found.unwrap_or_else(|| {
        let loaded = make();
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(0, (name, loaded.clone()));
        made.truncate(KEPT);
        loaded
    })
}

/// The same for the same packs only: each with its length, the older ones apart.
fn name(newest: &[Vec<u8>], older: &[Vec<u8>]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for packs in [newest, older] {
        hasher.update((packs.len() as u64).to_be_bytes());
        for pack in packs {
            hasher.update((pack.len() as u64).to_be_bytes());
            hasher.update(pack);
        }
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_packs_are_put_together_once_and_others_are_others() {
        let made = |what: &str| (Arc::default(), Some(what.to_owned()));
        let [a, b] = [b"a of a test".to_vec(), b"b of a test".to_vec()];
        let (newest, older) = ([a.clone()], [b.clone()]);
        assert_eq!(once(&newest, &older, || made("first")).1.unwrap(), "first");
        assert_eq!(once(&newest, &older, || made("second")).1.unwrap(), "first");
        assert_eq!(once(&[a, b], &[], || made("others")).1.unwrap(), "others");
        assert_eq!(once(&newest, &[], || made("without")).1.unwrap(), "without");
    }
}
