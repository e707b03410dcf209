//! Identifiers, hashes and sequence numbers, each its own type.
//!
//! In JSON and in text an id is a hyphenated UUID or lowercase hex; in CBOR it is its raw bytes.

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A text that is no identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a valid {kind}")]
pub struct BadId {
    /// What was expected, for a log.
    pub kind: &'static str,
}

/// Reads exactly `N` bytes from a byte string (or, for formats without one, a sequence).
struct Bytes<const N: usize>;

impl<'de, const N: usize> Visitor<'de> for Bytes<N> {
    type Value = [u8; N];
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} bytes")
    }
    fn visit_bytes<E: serde::de::Error>(self, v: &[u8]) -> Result<[u8; N], E> {
        v.try_into().map_err(|_| E::invalid_length(v.len(), &self))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[u8; N], A::Error> {
        let mut out = [0; N];
        for (i, slot) in out.iter_mut().enumerate() {
            *slot = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(i, &self))?;
        }
        match seq.next_element::<u8>()? {
            None => Ok(out),
            Some(_) => Err(A::Error::invalid_length(N + 1, &self)),
        }
    }
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $kind:literal, $format:expr, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// From bytes of unknown length, as a database column gives them.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, BadId> {
                bytes.try_into().map(Self).map_err(|_| BadId { kind: $kind })
            }
            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let format: fn(&[u8; $len]) -> String = $format;
                f.write_str(&format(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(s: &str) -> Result<Self, BadId> {
                let parse: fn(&str) -> Option<[u8; $len]> = $parse;
                parse(s).map(Self).ok_or(BadId { kind: $kind })
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.collect_str(self) } else { s.serialize_bytes(&self.0) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    let s = String::deserialize(d)?;
                    s.parse().map_err(D::Error::custom)
                } else {
                    d.deserialize_bytes(Bytes::<$len>).map(Self)
                }
            }
        }
    };
}

fn hyphenated(bytes: &[u8; 16]) -> String {
    uuid::Uuid::from_bytes(*bytes).hyphenated().to_string()
}

fn parse_uuid(s: &str) -> Option<[u8; 16]> {
    // Only the form we print: a braced or URN form of the same id would be a second spelling.
    if s.len() != 36 {
        return None;
    }
    uuid::Uuid::parse_str(s).ok().map(uuid::Uuid::into_bytes)
}

fn parse_hex<const N: usize>(s: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    hex::decode_to_slice(s, &mut out).ok().map(|()| out)
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        byte_id!($(#[$doc])* $name, 16, $kind, hyphenated, parse_uuid);
        impl $name {
            /// A new UUIDv7 from a time (Unix milliseconds) and ten random bytes.
            pub fn v7(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid().into_bytes())
            }

            /// When it was made, Unix milliseconds, as its maker's clock said; none if it is not v7.
            pub fn made_ms(&self) -> Option<u64> {
                let at = uuid::Uuid::from_bytes(self.0).get_timestamp()?.to_unix();
                at.0.checked_mul(1000)?.checked_add(u64::from(at.1) / 1_000_000)
            }
        }
    };
}

uuid_id!(
    /// A team: the tenant. Everything on the server is keyed by it first.
    TeamId,
    "team id"
);
uuid_id!(
    /// A person of a team.
    PersonId,
    "person id"
);
uuid_id!(
    /// An enrolled device: one person on one phone. A second person on the phone is a second device.
    DeviceId,
    "device id"
);
uuid_id!(
    /// A record, and the document that holds its content.
    DocId,
    "record id"
);
uuid_id!(
    /// An act.
    ActId,
    "act id"
);
byte_id!(
    /// An automerge actor: the pen with which one device writes. Random; renewed after a restore.
    ActorId, 16, "actor id", |b| hex::encode(b), parse_hex::<16>
);
byte_id!(
    /// The SHA-256 of an automerge change.
    ChangeHash, 32, "change hash", |b| hex::encode(b), parse_hex::<32>
);
byte_id!(
    /// The SHA-256 of a blob's bytes.
    BlobHash, 32, "blob hash", |b| hex::encode(b), parse_hex::<32>
);
byte_id!(
    /// An Ed25519 public key.
    PublicKey, 32, "public key", |b| hex::encode(b), parse_hex::<32>
);
byte_id!(
    /// An Ed25519 signature.
    Signature, 64, "signature", |b| hex::encode(b), parse_hex::<64>
);
byte_id!(
    /// One start of a machine: two readings of a monotonic clock compare only within one boot.
    BootId, 16, "boot id", |b| hex::encode(b), parse_hex::<16>
);

byte_id!(
    /// One life of a server's database. A restored backup begins another: its log goes on from an
    /// earlier place, so places of two lives do not compare.
    Epoch, 16, "epoch", |b| hex::encode(b), parse_hex::<16>
);

/// A place in a team's log. The server gives every accepted item one, without gaps that a reader
/// could step over. 0 is "before everything".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = DocId::v7(1_795_400_000_000, [7; 10]);
        assert_eq!(id.to_string().parse::<DocId>(), Ok(id));
        assert!(format!("{{{id}}}").parse::<DocId>().is_err());
        assert!("".parse::<DocId>().is_err());
        assert!(ChangeHash::from_slice(&[1; 31]).is_err());
    }

    #[test]
    fn ids_are_bytes_in_cbor_and_text_in_json() {
        let id = ActorId([9; 16]);
        let json = serde_json_like(&id.to_string());
        assert_eq!(json, "\"09090909090909090909090909090909\"");
        let mut cbor = vec![];
        ciborium::into_writer(&id, &mut cbor).unwrap();
        assert_eq!(cbor.len(), 17);
        assert_eq!(ciborium::from_reader::<ActorId, _>(&cbor[..]).unwrap(), id);
        assert!(ciborium::from_reader::<DocId, _>(&cbor[..10]).is_err());
    }

    fn serde_json_like(s: &str) -> String {
        format!("\"{s}\"")
    }

    #[test]
    fn v7_ids_sort_by_time() {
        assert!(DocId::v7(1, [255; 10]) < DocId::v7(2, [0; 10]));
        assert_eq!(DocId::v7(1_795_400_000_123, [7; 10]).made_ms(), Some(1_795_400_000_123));
        assert_eq!(DocId([0; 16]).made_ms(), None);
    }
}
