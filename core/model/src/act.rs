//! Acts: signed statements about a record.
//!
//! An act names the content that its author saw (the document's heads) and the stage they assumed,
//! and is signed with the device's Ed25519 key. It travels and is stored as the very bytes that
//! were signed.

use crate::bounded;
use crate::canonical::{self, Malformed};
use crate::ids::{ActId, ChangeHash, DeviceId, DocId, PersonId, PublicKey, Signature};
use crate::scalar::Scalar;
use crate::time::TrustedTime;
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Set before the bytes that are signed, so that a signature means nothing anywhere else.
const DOMAIN: &[u8] = b"rounds act v1\0";

/// The bounds of an act; an act beyond them is held.
pub mod limits {
    /// Bytes of the encoded act.
    pub const BYTES: usize = 32 * 1024;
    /// Heads that an act may name.
    pub const HEADS: usize = 64;
    /// Payload fields.
    pub const FIELDS: usize = 64;
    /// Acts that an act may rest on.
    pub const PROOFS: usize = 8;
    /// Bytes of a name (act, stage, field).
    pub const NAME: usize = 128;
}

/// A statement about a record: "I check in", "I submit this", "I return it".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Which.
    pub id: ActId,
    /// About which record.
    pub doc: DocId,
    /// The act's name in the pack of the record's kind.
    pub name: String,
    /// Who states it.
    pub person: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// Counts the device's acts from 1: the order in which it made them.
    pub number: u64,
    /// The version of the pack whose rules the author's phone used.
    pub pack: u32,
    /// The content that the author saw: the document's heads, sorted.
    #[serde(deserialize_with = "bounded::list::<_, _, { limits::HEADS }>")]
    pub heads: Vec<ChangeHash>,
    /// The stage that the author assumed.
    pub stage: String,
    /// What the act carries beside its name.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "bounded::map::<_, _, _, { limits::FIELDS }>"
    )]
    pub payload: BTreeMap<String, Scalar>,
    /// The acts of others that it rests on, such as an approval: its author had seen them ruled.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<_, _, { limits::PROOFS }>"
    )]
    pub proofs: Vec<ActId>,
    /// When.
    pub time: TrustedTime,
}

/// An act as it travels: the signed bytes and the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedAct {
    /// The encoded [`Act`].
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// By the device's key, over the domain and the body.
    pub signature: Signature,
}

/// An act that cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadAct {
    /// Not an act at all, or beyond its bounds.
    #[error("the act is not well formed")]
    Malformed,
    /// Not signed by that key: a changed byte, or another author.
    #[error("the signature does not fit")]
    Signature,
}

impl From<Malformed> for BadAct {
    fn from(_: Malformed) -> Self {
        BadAct::Malformed
    }
}

impl Act {
    /// Signs the act.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedAct, BadAct> {
        let body = canonical::encode(self)?;
        let signature = Signature(key.sign(&message(&body)).to_bytes());
        Ok(SignedAct { body, signature })
    }

    fn is_bounded(&self) -> bool {
        let name_ok = |n: &str| !n.is_empty() && n.len() <= limits::NAME;
        name_ok(&self.name)
            && self.stage.len() <= limits::NAME
            && self.heads.len() <= limits::HEADS
            && self.payload.len() <= limits::FIELDS
            && self.proofs.len() <= limits::PROOFS
            && self.payload.iter().all(|(k, v)| name_ok(k) && v.is_sane())
    }
}

impl SignedAct {
    /// Reads the act without believing it, within its bounds.
    pub fn read(&self) -> Result<Act, BadAct> {
        if self.body.len() > limits::BYTES {
            return Err(BadAct::Malformed);
        }
        let act: Act = canonical::decode(&self.body)?;
        if act.is_bounded() { Ok(act) } else { Err(BadAct::Malformed) }
    }

    /// Checks that the key's owner signed exactly these bytes.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadAct> {
        let key = VerifyingKey::from_bytes(&key.0).map_err(|_| BadAct::Signature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        key.verify(&message(&self.body), &signature).map_err(|_| BadAct::Signature)
    }
}

fn message(body: &[u8]) -> Vec<u8> {
    [DOMAIN, body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::BootId;
    use crate::time::Reading;

    fn act() -> Act {
        let reading = Reading { wall_ms: 1, mono_ms: 1, boot: BootId([0; 16]) };
        Act {
            id: ActId([1; 16]),
            doc: DocId([2; 16]),
            name: "submit".into(),
            person: PersonId([3; 16]),
            device: DeviceId([4; 16]),
            number: 1,
            pack: 1,
            heads: vec![ChangeHash([5; 32])],
            stage: "draft".into(),
            payload: [("reason".to_owned(), Scalar::from("客户同意"))].into(),
            proofs: vec![ActId([6; 16])],
            time: TrustedTime::judge(reading, None),
        }
    }

    #[test]
    fn every_changed_byte_of_an_act_is_noticed() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey(key.verifying_key().to_bytes());
        let signed = act().sign(&key).unwrap();
        assert_eq!(signed.read().unwrap(), act());
        assert_eq!(signed.verify(&public), Ok(()));
        for i in 0..signed.body.len() {
            let mut bad = signed.clone();
            bad.body[i] ^= 1;
            assert_eq!(bad.verify(&public), Err(BadAct::Signature), "byte {i}");
        }
        for i in 0..64 {
            let mut bad = signed.clone();
            bad.signature.0[i] ^= 1;
            assert_eq!(bad.verify(&public), Err(BadAct::Signature), "signature byte {i}");
        }
        assert_eq!(signed.verify(&PublicKey([9; 32])), Err(BadAct::Signature));
    }

    #[test]
    fn an_act_beyond_its_bounds_is_malformed() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut long = act();
        long.name = "x".repeat(limits::NAME + 1);
        let mut many = act();
        many.heads = vec![ChangeHash([0; 32]); limits::HEADS + 1];
        let mut resting = act();
        resting.proofs = vec![ActId([0; 16]); limits::PROOFS + 1];
        let mut nan = act();
        nan.payload.insert("n".into(), Scalar::Float(f64::NAN));
        for bad in [long, many, resting, nan] {
            assert_eq!(bad.sign(&key).unwrap().read(), Err(BadAct::Malformed));
        }
        let huge = SignedAct { body: vec![0; limits::BYTES + 1], signature: Signature([0; 64]) };
        assert_eq!(huge.read(), Err(BadAct::Malformed));
    }
}
