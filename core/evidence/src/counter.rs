//! The server's signature, with its time: that it had been given something by then.
//!
//! A phone's clock, be it ever so well judged, is the phone's; from this time on nobody can claim to
//! have recorded, photographed or signed later than that.

use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use rounds_model::ids::{ActId, BlobHash, DocId, PublicKey, Signature, TeamId};
use sha2::{Digest, Sha256};

/// What a server confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    /// Of which team.
    pub team: TeamId,
    /// The record.
    pub doc: DocId,
    /// The act that sealed it.
    pub act: ActId,
    /// The question that it answers.
    pub field: &'a str,
    /// What answers it: the SHA-256 of its bytes.
    pub blob: BlobHash,
    /// When, by the server's clock, Unix milliseconds.
    pub at_ms: i64,
}

impl Received<'_> {
    /// The text that is signed: a line for each, so that others can make it again.
    fn message(&self) -> String {
        let Received { team, doc, act, field, blob, at_ms } = self;
        format!(
            "rounds evidence v1 received\nteam {team}\nrecord {doc}\nact {act}\nfield {field}\nsha256 {blob}\nat {at_ms}\n"
        )
    }

    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Signature {
        Signature(key.sign(self.message().as_bytes()).to_bytes())
    }

    /// Whether the server with this key signed it.
    pub fn is_signed(&self, key: &PublicKey, signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
        key.verify(self.message().as_bytes(), &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
    }
}

/// The key with which a team's server confirms: derived from the team's secret, which is kept and backed
/// up already, under a label of its own.
pub fn key(team_secret: &[u8]) -> SigningKey {
    let seed = Sha256::new().chain_update(b"rounds evidence v1 server key\0").chain_update(team_secret);
    SigningKey::from_bytes(&seed.finalize().into())
}

/// Its public half.
pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_is_of_exactly_one_thing_at_one_time() {
        let secret = key(&[1; 32]);
        let told = Received {
            team: TeamId([1; 16]),
            doc: DocId([2; 16]),
            act: ActId([3; 16]),
            field: "recording",
            blob: BlobHash([4; 32]),
            at_ms: 5,
        };
        let signature = told.sign(&secret);
        assert!(told.is_signed(&public(&secret), &signature));
        let others = [
            Received { team: TeamId([9; 16]), ..told },
            Received { doc: DocId([9; 16]), ..told },
            Received { act: ActId([9; 16]), ..told },
            Received { field: "other", ..told },
            Received { blob: BlobHash([9; 32]), ..told },
            Received { at_ms: 6, ..told },
        ];
        for other in others {
            assert!(!other.is_signed(&public(&secret), &signature), "{other:?}");
        }
        assert!(!told.is_signed(&public(&key(&[2; 32])), &signature), "another team's server");
    }
}
