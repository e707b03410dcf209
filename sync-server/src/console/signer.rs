//! The key with which the console signs what a person states in it.
//!
//! The console is a device of each person who uses it, with a key of its own. The database has the
//! secret half only sealed: under the person's password, and, while they are signed in, under the secret
//! of their session's cookie. So whoever has the database or a backup of it can state nothing in
//! anybody's name, and the server can only while it is being asked to by a browser that holds the
//! cookie. A password that is set anew makes a new key, as another device.

use crate::clock::stamp;
use crate::error::{Error, Result};
use crate::secrets::{hash, random};
use crate::storage::Write;
use crate::storage::console::ConsoleKey;
use crate::storage::log::{LogRow, What};
use crate::storage::people::DeviceRow;
use argon2::Argon2;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use ed25519_dalek::SigningKey;
use rounds_model::ids::{DeviceId, PersonId, PublicKey};
use rounds_model::scope::Scope;
use zeroize::Zeroizing;

/// What the console is called as a device, wherever its work is shown.
pub const DEVICE: &str = "控制台 · Console";

const BY_PASSWORD: &[u8] = b"rounds console key v1";
const BY_SESSION: &[u8] = b"rounds console session v1";
const NONCE: usize = 12;

/// A person's key, open.
pub struct Signer {
    /// As which device it signs.
    pub device: DeviceId,
    /// With what.
    pub key: SigningKey,
}

impl Signer {
    /// The key of a person who has just shown their password, and what is to be stored if it is new.
    pub fn unlock(
        known: Option<ConsoleKey>,
        person: PersonId,
        password: &str,
        now_ms: i64,
    ) -> Result<(Signer, Option<ConsoleKey>)> {
        if let Some(known) = known
            && let Some(seed) = unseal(&*derived(password, &known.salt)?, &known.sealed, BY_PASSWORD)
            && let Ok(seed) = <[u8; 32]>::try_from(seed.as_slice())
        {
            return Ok((Signer { device: known.device, key: SigningKey::from_bytes(&seed) }, None));
        }
        // There is none yet, or it was sealed under another password, which nobody knows here.
        let seed = Zeroizing::new(random::<32>()?);
        let key = SigningKey::from_bytes(&seed);
        let (device, salt) = (DeviceId::v7(stamp(now_ms), random()?), random()?);
        let sealed = seal(&*derived(password, &salt)?, &*seed, BY_PASSWORD)?;
        let public = PublicKey(key.verifying_key().to_bytes());
        Ok((Signer { device, key }, Some(ConsoleKey { person, device, key: public, salt, sealed })))
    }

    /// For the session: sealed under the secret of its cookie.
    pub fn sealed(&self, session: &[u8; 32]) -> Result<Vec<u8>> {
        let bytes = Zeroizing::new([self.device.0.as_slice(), &self.key.to_bytes()].concat());
        seal(&of_session(session), &bytes, BY_SESSION)
    }

    /// The other way; none if it is not of this session.
    pub fn of_session(session: &[u8; 32], sealed: &[u8]) -> Option<Signer> {
        let bytes = unseal(&of_session(session), sealed, BY_SESSION)?;
        let (device, seed) = bytes.split_at_checked(16)?;
        let seed = <[u8; 32]>::try_from(seed).ok()?;
        Some(Signer { device: DeviceId::from_slice(device).ok()?, key: SigningKey::from_bytes(&seed) })
    }

    /// The device's row, which is made when something is first written or stated with it. Nothing can
    /// sign in as it.
    pub fn device(&self, tx: &mut dyn Write, person: PersonId, now_ms: i64) -> Result<DeviceRow> {
        if let Some(known) = tx.device(self.device)? {
            return Ok(known);
        }
        let row = DeviceRow {
            device: self.device,
            person,
            // Of nothing that anyone knows, and revoked besides.
            token_hash: random()?,
            key: PublicKey(self.key.verifying_key().to_bytes()),
            name: DEVICE.to_owned(),
            enrolled: now_ms,
            revoked: Some(now_ms),
            last_sync: None,
            unsent: 0,
        };
        tx.put_device(&row)?;
        let (seq, reference) = (tx.next_seq(), row.device.0.to_vec());
        let log = LogRow { seq, scope: Scope::Team, what: What::Device, doc: None, reference, bytes: 200 };
        tx.put_log(&[log])?;
        Ok(row)
    }
}

/// The key that a password opens. The password itself was checked with another salt.
fn derived(password: &str, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    let hashed = Argon2::default().hash_password_into(password.as_bytes(), salt, &mut *key);
    hashed.map_err(|_| Error::Password)?;
    Ok(key)
}

/// A session's secret is random: one hash is enough.
fn of_session(secret: &[u8; 32]) -> [u8; 32] {
    hash(&[BY_SESSION, b"\0", secret].concat())
}

fn seal(key: &[u8; 32], secret: &[u8], about: &[u8]) -> Result<Vec<u8>> {
    let nonce = random::<NONCE>()?;
    let cipher = ChaCha20Poly1305::new(Key::from_slice(key));
    let sealed = cipher.encrypt(Nonce::from_slice(&nonce), Payload { msg: secret, aad: about });
    Ok([nonce.as_slice(), &sealed.map_err(|_| Error::Password)?].concat())
}

fn unseal(key: &[u8; 32], sealed: &[u8], about: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let cipher = ChaCha20Poly1305::new(Key::from_slice(key));
    cipher.decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: about }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_with_its_password_or_its_session_and_with_nothing_else() {
        let person = PersonId([7; 16]);
        let (first, stored) = Signer::unlock(None, person, "four quiet words", 5).unwrap();
        let stored = stored.unwrap();
        assert!(!stored.sealed.windows(32).any(|part| part == first.key.to_bytes()), "it is sealed");
        let (again, new) = Signer::unlock(Some(stored.clone()), person, "four quiet words", 6).unwrap();
        assert_eq!(
            (again.device, again.key.to_bytes(), new.is_none()),
            (first.device, first.key.to_bytes(), true)
        );
        let (other, new) = Signer::unlock(Some(stored), person, "another password", 7).unwrap();
        assert!(new.is_some() && other.device != first.device, "a new password is a new device");
        let sealed = first.sealed(&[1; 32]).unwrap();
        let opened = Signer::of_session(&[1; 32], &sealed).unwrap();
        assert_eq!((opened.device, opened.key.to_bytes()), (first.device, first.key.to_bytes()));
        assert!(Signer::of_session(&[2; 32], &sealed).is_none());
        assert!(
            Signer::of_session(&[1; 32], &sealed[1..]).is_none()
                && Signer::of_session(&[1; 32], &[]).is_none()
        );
    }
}
