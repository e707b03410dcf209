//! Where the phone keeps the key of the database.

use super::{CaptureFault, Tool};
use crate::error::Fail;
use crate::platform::{Platform, random};
use crate::store::Key;
use std::path::Path;
use zeroize::{Zeroize, Zeroizing};

/// Keeps small secrets so that only this app on this phone can read them: wrapped by a key of the
/// Android Keystore, or in the iPhone's keychain (`AfterFirstUnlockThisDeviceOnly`: it must be readable
/// in the background, and never be part of a backup).
///
/// It must not be tied to the lock screen or to fingerprints: when those change, such keys are gone,
/// and the phone's unsent work with them.
pub trait KeyStore: Send + Sync {
    /// The secret of this name, or none if there never was one. Names are kebab-case, up to 64 letters.
    ///
    /// # Errors
    /// `Unavailable` before the phone was unlocked for the first time, `Lost` if a secret is there and can
    /// never be read again, `Failed` if it cannot be read now: never none, because a new key would hide the
    /// old data.
    fn load(&self, name: String) -> Result<Option<Vec<u8>>, CaptureFault>;

    /// Keeps a secret of up to 4,096 bytes, durably, before it returns; in the place of one that is lost, too.
    ///
    /// # Errors
    /// `Unavailable` or `Failed`.
    fn store(&self, name: String, secret: Vec<u8>) -> Result<(), CaptureFault>;

    /// Forgets a secret. That there is none is as good.
    ///
    /// # Errors
    /// `Unavailable` or `Failed`.
    fn remove(&self, name: String) -> Result<(), CaptureFault>;
}

/// The name under which the key of the database is kept.
const DATABASE: &str = "rounds-database";

/// The key of the database in a folder; made and kept if there is neither a key nor a database.
///
/// # Errors
/// [`Fail::WrongKey`] if the key is lost, or there is a database without one: it is not opened with a new one, and
/// nothing of it is touched.
pub fn database_key(keys: &dyn KeyStore, platform: &dyn Platform, folder: &Path) -> Result<Key, Fail> {
    let fault = |fault| match fault {
        CaptureFault::Lost => Fail::WrongKey,
        fault => Fail::Capture(Tool::KeyStore, fault),
    };
    if let Some(secret) = keys.load(DATABASE.to_owned()).map_err(fault)? {
        let secret = Zeroizing::new(secret);
        return secret.as_slice().try_into().map(Key).map_err(|_| Fail::WrongKey);
    }
    if folder.join("rounds.db").exists() {
        return Err(Fail::WrongKey);
    }
    let mut bytes: [u8; 32] = random(platform)?;
    let kept = keys.store(DATABASE.to_owned(), bytes.to_vec()).map_err(fault);
    let key = Key(bytes);
    bytes.zeroize();
    kept.map(|()| key)
}
