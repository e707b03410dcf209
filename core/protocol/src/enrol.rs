//! Enrolment: a one-time invitation makes a phone a device of one person.

use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use rounds_model::ids::{DeviceId, PersonId, PublicKey, Signature, TeamId};
use rounds_model::people::Person;
use serde::{Deserialize, Serialize};

/// Set before the code when the phone proves that it holds its key.
const DOMAIN: &[u8] = b"rounds enrol v1\0";
/// The same for a device that registers again.
const AGAIN: &[u8] = b"rounds enrol again v1\0";

/// The longest device name, bytes.
pub const DEVICE_NAME: usize = 80;

/// What a phone sends to be enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The invitation, as typed or scanned.
    pub code: String,
    /// What the device calls itself, up to [`DEVICE_NAME`] bytes.
    pub device_name: String,
    /// The key with which it will sign acts.
    pub key: PublicKey,
    /// Proof that it holds that key: a signature over the code, and over who it was.
    pub proof: Signature,
    /// The device is one already, of which the server does not know any more: it was put back to a
    /// backup from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
}

/// What a device was that registers again, with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// What they were called.
    pub name: String,
}

impl EnrolRequest {
    /// Makes the request with the device's key.
    pub fn new(code: &str, device_name: &str, key: &SigningKey) -> Self {
        EnrolRequest::made(code, device_name, key, None)
    }

    /// The same for a device that registers again, with the key that it has.
    pub fn again(code: &str, device_name: &str, key: &SigningKey, former: Former) -> Self {
        EnrolRequest::made(code, device_name, key, Some(former))
    }

    fn made(code: &str, device_name: &str, key: &SigningKey, former: Option<Former>) -> Self {
        let proof = Signature(key.sign(&message(code, former.as_ref())).to_bytes());
        let public = PublicKey(key.verifying_key().to_bytes());
        EnrolRequest {
            code: code.to_owned(),
            device_name: device_name.to_owned(),
            key: public,
            proof,
            former,
        }
    }

    /// True if the sender holds the key.
    pub fn is_proven(&self) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.key.0) else { return false };
        let message = message(&self.code, self.former.as_ref());
        key.verify(&message, &ed25519_dalek::Signature::from_bytes(&self.proof.0)).is_ok()
    }
}

/// What the device is told once and keeps in its encrypted store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// The new device.
    pub device: DeviceId,
    /// The bearer token of every later request; the server keeps only its hash.
    pub token: String,
    /// Whose device it is.
    pub person: Person,
    /// The team.
    pub team: Team,
    /// The server's clock, Unix milliseconds.
    pub server_ms: i64,
}

impl std::fmt::Debug for EnrolAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolAnswer").field("device", &self.device).finish_non_exhaustive()
    }
}

/// A team as its devices know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Which.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// The IANA time zone of its days: `Asia/Shanghai`.
    pub zone: String,
}

fn message(code: &str, former: Option<&Former>) -> Vec<u8> {
    match former {
        None => [DOMAIN, code.as_bytes()].concat(),
        Some(Former { device, person, name }) => {
            // The ids have a fixed length, and a code has no NUL.
            [AGAIN, code.as_bytes(), &[0], &device.0, &person.0, name.as_bytes()].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_the_sender_does_not_hold_is_not_proven() {
        let mine = SigningKey::from_bytes(&[1; 32]);
        let mut request = EnrolRequest::new("ABCD-EFGH", "phone", &mine);
        assert!(request.is_proven());
        request.key = PublicKey(SigningKey::from_bytes(&[2; 32]).verifying_key().to_bytes());
        assert!(!request.is_proven());
        let former = Former { device: DeviceId([1; 16]), person: PersonId([2; 16]), name: "李娜".into() };
        let again = EnrolRequest::again("ABCD-EFGH", "phone", &mine, former.clone());
        assert!(again.is_proven());
        for other in [
            None,
            Some(Former { device: DeviceId([3; 16]), ..former.clone() }),
            Some(Former { person: PersonId([3; 16]), ..former.clone() }),
            Some(Former { name: "赵强".into(), ..former }),
        ] {
            assert!(!EnrolRequest { former: other, ..again.clone() }.is_proven());
        }
    }
}
