//! A pack as it travels and is stored: its files, in one canonical byte string with one hash.

use crate::limits;
use rounds_model::canonical;
use rounds_model::ids::BlobHash;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use thiserror::Error;

/// The file that says what a pack is.
pub const MANIFEST: &str = "pack.toml";

/// The files of one pack, by their path inside its folder (`forms/check.xlsx`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Path to bytes. Paths are relative, with `/`, and never leave the folder.
    pub files: BTreeMap<String, ByteBuf>,
}

/// Files that cannot travel as a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadBundle {
    /// More than [`limits::FILES`] files or [`limits::BUNDLE_BYTES`] bytes.
    #[error("the pack is too large: at most 200 files and 16 MB")]
    TooLarge,
    /// A path that is absolute, has `..`, or has characters that some file system would not take.
    #[error("{0:?}: names of files have only letters A to Z, digits, '-', '_' and '.'; rename it")]
    Path(String),
    /// Bytes that are no bundle.
    #[error("not a bundle")]
    Malformed,
}

impl Bundle {
    /// From paths and bytes.
    pub fn new<P: Into<String>>(files: impl IntoIterator<Item = (P, Vec<u8>)>) -> Result<Bundle, BadBundle> {
        let files = files.into_iter().map(|(path, bytes)| (path.into(), ByteBuf::from(bytes))).collect();
        let bundle = Bundle { files };
        bundle.within_bounds().map(|()| bundle)
    }

    /// The one byte string for these files: the same files give the same bytes.
    pub fn encode(&self) -> Result<Vec<u8>, BadBundle> {
        self.within_bounds()?;
        canonical::encode(self).map_err(|_| BadBundle::Malformed)
    }

    /// Reads what [`Bundle::encode`] wrote; anything else, or more, is refused.
    pub fn decode(bytes: &[u8]) -> Result<Bundle, BadBundle> {
        // The paths and the framing need a little beside the files themselves.
        if bytes.len() > limits::BUNDLE_BYTES + limits::FILES * (limits::PATH + 16) + 64 {
            return Err(BadBundle::TooLarge);
        }
        let bundle: Bundle = canonical::decode(bytes).map_err(|_| BadBundle::Malformed)?;
        bundle.within_bounds()?;
        // A second spelling of the same files would have a second hash.
        if bundle.encode()? == bytes { Ok(bundle) } else { Err(BadBundle::Malformed) }
    }

    /// The SHA-256 of the encoded bundle: which bytes a version of a pack is.
    pub fn hash(&self) -> Result<BlobHash, BadBundle> {
        Ok(BlobHash(Sha256::digest(self.encode()?).into()))
    }

    /// One file's bytes.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| bytes.as_slice())
    }

    pub(crate) fn within_bounds(&self) -> Result<(), BadBundle> {
        let bytes: usize = self.files.values().map(|bytes| bytes.len()).sum();
        if self.files.len() > limits::FILES || bytes > limits::BUNDLE_BYTES {
            return Err(BadBundle::TooLarge);
        }
        match self.files.keys().find(|path| !is_path(path)) {
            Some(path) => Err(BadBundle::Path(path.chars().take(limits::PATH).collect())),
            None => Ok(()),
        }
    }
}

fn is_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    path.len() <= limits::PATH && path.split('/').count() <= 4 && path.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bundle_has_one_spelling_and_one_hash() {
        let bundle =
            Bundle::new([("pack.toml", b"id = 'x'".to_vec()), ("forms/a.xlsx", vec![0; 9])]).unwrap();
        let bytes = bundle.encode().unwrap();
        assert_eq!(Bundle::decode(&bytes), Ok(bundle.clone()));
        let same = Bundle::new([("forms/a.xlsx", vec![0; 9]), ("pack.toml", b"id = 'x'".to_vec())]).unwrap();
        assert_eq!(same.hash(), bundle.hash());
        let other = Bundle::new([("pack.toml", b"id = 'y'".to_vec())]).unwrap();
        assert_ne!(other.hash(), bundle.hash());
        assert_eq!(Bundle::decode(&[bytes, vec![0]].concat()), Err(BadBundle::Malformed));
    }

    #[test]
    fn paths_stay_inside_the_folder() {
        for bad in ["", "/a", "../a", "a/../b", "a//b", "a\\b", "C:a", "门店.csv", "a/b/c/d/e", ".git/x"] {
            assert_eq!(Bundle::new([(bad, vec![])]), Err(BadBundle::Path(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn bundles_are_bounded() {
        let big = [("pack.toml", vec![0; limits::BUNDLE_BYTES + 1])];
        assert_eq!(Bundle::new(big), Err(BadBundle::TooLarge));
        let many = (0..=limits::FILES).map(|i| (format!("tables/{i}.csv"), vec![]));
        assert_eq!(Bundle::new(many), Err(BadBundle::TooLarge));
        let huge = vec![0x40; limits::BUNDLE_BYTES * 2];
        assert_eq!(Bundle::decode(&huge), Err(BadBundle::TooLarge));
    }

    proptest! {
        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Bundle::decode(&bytes);
        }
    }
}
