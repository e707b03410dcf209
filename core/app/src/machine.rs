//! What the app needs of the machine: clocks and random numbers, a place for secrets, what takes evidence
//! ([`rounds_device::capture`]), fonts for paper. One value for a real phone, another for a made-up one.

use crate::words::wrong;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rounds_device::capture::{CaptureFault, Fix, KeyStore, Kit, Tool};
use rounds_device::error::Fail;
use rounds_device::platform::{Platform, random};
use rounds_device::{Class, RoundsError};
use std::path::PathBuf;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The machine.
#[derive(Clone)]
pub struct Machine {
    /// Clocks and random numbers.
    pub platform: Arc<dyn Platform>,
    /// A place for secrets.
    pub keys: Arc<dyn KeyStore>,
    /// What takes evidence.
    pub kit: Kit,
    /// Fonts of the system with Chinese and Latin letters, the best first.
    pub fonts: Vec<PathBuf>,
    /// What this phone is called, for the team's list of devices.
    pub device_name: String,
}

impl Machine {
    /// Seals a secret with a key that is kept in the key store under this name, made at first use; and anew
    /// where it is lost, because what it sealed is lost with it.
    pub(crate) fn seal(&self, name: &str, secret: &[u8]) -> Result<Vec<u8>, RoundsError> {
        let key = match self.keys.load(name.to_owned()) {
            Ok(Some(key)) if key.len() == 32 => Zeroizing::new(key),
            Err(fault) if fault != CaptureFault::Lost => return Err(keys(fault)),
            _ => {
                let key = Zeroizing::new(random::<32>(&*self.platform)?.to_vec());
                self.keys.store(name.to_owned(), key.to_vec()).map_err(keys)?;
                key
            }
        };
        let nonce: [u8; 24] = random(&*self.platform)?;
        let sealed = cipher(&key)?.encrypt(&XNonce::from(nonce), secret);
        let sealed = sealed.map_err(|_| Fail::System("key"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed under this name.
    ///
    /// # Errors
    /// `key-lost` if the key store does not have the key any more, or another one.
    pub(crate) fn unseal(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, RoundsError> {
        let lost = || wrong("key-lost", Class::Storage, &[]);
        let key = self.keys.load(name.to_owned()).map_err(keys)?.map(Zeroizing::new).ok_or_else(lost)?;
        let (nonce, sealed) = sealed.split_at_checked(24).ok_or_else(lost)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| lost())?;
        let plain = cipher(&key)?.decrypt(&XNonce::from(nonce), sealed).map_err(|_| lost())?;
        Ok(Zeroizing::new(plain))
    }

    /// Forgets the key of this name, and with it what it sealed.
    pub(crate) fn forget(&self, name: &str) -> Result<(), RoundsError> {
        self.keys.remove(name.to_owned()).map_err(keys)
    }
}

fn cipher(key: &[u8]) -> Result<XChaCha20Poly1305, RoundsError> {
    let key: [u8; 32] = key.try_into().map_err(|_| wrong("key-lost", Class::Storage, &[]))?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

fn keys(fault: CaptureFault) -> RoundsError {
    match fault {
        CaptureFault::Lost => wrong("key-lost", Class::Storage, &[]),
        fault => Fail::Capture(Tool::KeyStore, fault).into(),
    }
}

/// Metres from a position to another place, along the earth.
pub(crate) fn metres(fix: &Fix, latitude: f64, longitude: f64) -> f64 {
    const RADIUS: f64 = 6_371_008.8;
    let (a, b) = (fix.latitude.to_radians(), latitude.to_radians());
    let (dlat, dlon) = (b - a, (longitude - fix.longitude).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}
