//! The team's key pair: phones seal with the public half, the server opens with the secret one.

use super::Kem;
use hpke::{Deserializable, Kem as _, Serializable};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The public half. Every phone of the team has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamKey(#[serde(with = "serde_bytes")] pub [u8; 32]);

/// The secret half, as 32 random bytes from which the pair is derived. Zeroed when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TeamSecret(pub [u8; 32]);

impl std::fmt::Debug for TeamSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TeamSecret(…)")
    }
}

impl TeamSecret {
    /// The public half.
    pub fn public(&self) -> TeamKey {
        let mut key = [0; 32];
        let bytes = Kem::derive_keypair(&self.0).1.to_bytes();
        key.copy_from_slice(bytes.as_slice());
        TeamKey(key)
    }

    pub(super) fn private(&self) -> <Kem as hpke::Kem>::PrivateKey {
        Kem::derive_keypair(&self.0).0
    }
}

impl TeamKey {
    /// None if it is no key.
    pub(super) fn read(&self) -> Option<<Kem as hpke::Kem>::PublicKey> {
        <Kem as hpke::Kem>::PublicKey::from_bytes(&self.0).ok()
    }
}
