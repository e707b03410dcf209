//! Secrets: made from the system's random bytes, kept as hashes, compared in constant time.
//!
//! - [`token`]: what a device shows with every request.
//! - [`invite`]: the one-time code that makes a device.
//! - [`password`]: what a person types into the console.

pub mod invite;
pub mod password;
pub mod token;

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Random bytes.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}

/// What is stored of a secret.
pub fn hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Compares without telling by its time where the first difference is.
pub fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.ct_eq(b).into()
}
