//! The signature at the end of a chain: by the device, over the last link's hash, and so over all.

use super::text::{line, said};
use super::{DOMAIN, LinkHash};
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use rounds_model::ids::{PublicKey, Signature};

/// The end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// The last link's hash.
    pub head: LinkHash,
    /// The key that signed; whoever verifies knows the device's key from elsewhere.
    pub key: PublicKey,
    /// Over the domain, ` seal`, a zero byte and the 32 bytes of the head.
    pub signature: Signature,
}

impl Seal {
    /// Signs a chain's head.
    pub fn sign(head: LinkHash, key: &SigningKey) -> Seal {
        let signature = Signature(key.sign(&message(&head)).to_bytes());
        Seal { head, key: PublicKey(key.verifying_key().to_bytes()), signature }
    }

    /// Whether the key's owner signed this head.
    pub fn is_by(&self, key: &PublicKey) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
        key.verify(&message(&self.head), &ed25519_dalek::Signature::from_bytes(&self.signature.0)).is_ok()
    }

    /// As it is stored.
    pub fn text(&self) -> String {
        let fields = [("head", self.head.to_string()), ("key", self.key.to_string())];
        let mut out = line("!seal");
        for (name, value) in fields {
            out.push_str(&line(&format!("{name} {value}")));
        }
        out.push_str(&line(&format!("signature {}", self.signature)));
        out
    }

    /// The lines of a seal; otherwise the name of the one that is wrong.
    pub(super) fn read(lines: &[Vec<u8>]) -> Result<Seal, &'static str> {
        let get = |at: usize, name: &'static str| {
            let line = lines.get(at).and_then(|line| std::str::from_utf8(line).ok()).ok_or(name)?;
            said(line).and_then(|said| said.strip_prefix(name)?.strip_prefix(' ')).ok_or(name)
        };
        let first = lines.first().and_then(|line| std::str::from_utf8(line).ok()).and_then(said);
        if first != Some("!seal") {
            return Err("seal");
        }
        let mut head = [0; 32];
        let text = get(1, "head")?;
        hex::decode_to_slice(text, &mut head).map_err(|_| "head")?;
        let key = get(2, "key")?;
        let signature = get(3, "signature")?;
        let seal = Seal {
            head: LinkHash(head),
            key: key.parse().map_err(|_| "key")?,
            signature: signature.parse().map_err(|_| "signature")?,
        };
        // One spelling, and nothing behind it.
        let spelled = [seal.head.to_string(), seal.key.to_string(), seal.signature.to_string()];
        match () {
            () if lines.len() != 4 => Err("end"),
            () if spelled[0] != text => Err("head"),
            () if spelled[1] != key => Err("key"),
            () if spelled[2] != signature => Err("signature"),
            () => Ok(seal),
        }
    }
}

fn message(head: &LinkHash) -> Vec<u8> {
    [DOMAIN.as_bytes(), b" seal\0", &head.0].concat()
}
