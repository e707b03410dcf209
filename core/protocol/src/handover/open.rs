//! Reading a bundle: a part at a time, each authenticated before it is looked at.
//!
//! A bundle is read twice. The first time only to know that it is whole and whose it is; only then
//! is anything done with what it holds.

use super::outside::Outside;
use super::{Aead, ENCAPPED, HEADER, Head, INFO, Kdf, Kem, LARGEST, LAST, MAGIC, MORE, PART, Part, TAG};
use super::{BLOBS, ITEMS, PIECE, TeamSecret, add, signed};
use crate::wire;
use ed25519_dalek::{Verifier, VerifyingKey};
use hpke::aead::AeadCtxR;
use hpke::{Deserializable, OpModeR};
use rounds_model::ids::{PublicKey, Signature, TeamId};
use sha2::Sha256;
use std::io::{ErrorKind, Read};
use thiserror::Error;

/// What is wrong with a bundle.
#[derive(Debug, Error)]
pub enum BadBundle {
    /// Not a bundle at all.
    #[error("not a bundle")]
    NotABundle,
    /// Of another team, or sealed to a key that this server never had.
    #[error("a bundle of another team")]
    OtherTeam,
    /// It ends early.
    #[error("the bundle ends early")]
    Truncated,
    /// It was changed on the way, or was not well made.
    #[error("the bundle is damaged")]
    Damaged,
    /// More than a bundle may hold.
    #[error("the bundle is too large")]
    TooLarge,
    /// Not signed by the device that it names.
    #[error("the bundle was not made by the device that it names")]
    Signature,
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// For which team a bundle is, without opening it.
pub fn team_of(input: &mut dyn Read) -> Result<TeamId, BadBundle> {
    let mut head = [0; 24];
    input.read_exact(&mut head).map_err(|e| cut(e, BadBundle::NotABundle))?;
    if !head.starts_with(MAGIC) {
        return Err(BadBundle::NotABundle);
    }
    TeamId::from_slice(&head[8..]).map_err(|_| BadBundle::NotABundle)
}

/// A bundle that is being read.
pub struct Reader<R> {
    input: R,
    open: AeadCtxR<Aead, Kdf, Kem>,
    team: TeamId,
    sum: Sha256,
    outside: Outside,
    read: u64,
    head: Head,
    ended: Option<Signature>,
    /// Bytes that the photo before still has to have.
    owed: u64,
    items: u64,
    ruled: u64,
    blobs: u64,
}

/// A bundle that was read to its end and is whole.
#[derive(Debug)]
pub struct Whole {
    /// Whose.
    pub head: Head,
    message: Vec<u8>,
    signature: Signature,
}

impl Whole {
    /// Checks that the device that the bundle names made it.
    pub fn verify(&self, key: &PublicKey) -> Result<(), BadBundle> {
        let key = VerifyingKey::from_bytes(&key.0).map_err(|_| BadBundle::Signature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        key.verify(&self.message, &signature).map_err(|_| BadBundle::Signature)
    }
}

impl<R: Read> Reader<R> {
    /// Opens a bundle of this team.
    pub fn open(mut input: R, secret: &TeamSecret, team: TeamId) -> Result<Self, BadBundle> {
        if team_of(&mut input)? != team {
            return Err(BadBundle::OtherTeam);
        }
        let mut encapped = [0; ENCAPPED];
        input.read_exact(&mut encapped).map_err(|e| cut(e, BadBundle::Truncated))?;
        let mut outside = Outside::default();
        outside.add(&super::header(team, &encapped));
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(&encapped);
        let encapped = encapped.map_err(|_| BadBundle::Damaged)?;
        let info = [INFO, team.as_bytes()].concat();
        let mode = OpModeR::<Kem>::Base;
        let open = hpke::setup_receiver::<Aead, Kdf, Kem>(&mode, &secret.private(), &encapped, &info);
        let mut reader = Reader {
            input,
            open: open.map_err(|_| BadBundle::Damaged)?,
            team,
            sum: Sha256::default(),
            outside,
            read: HEADER as u64,
            head: Head {
                device: rounds_model::ids::DeviceId([0; 16]),
                made_ms: 0,
                items: 0,
                blobs: 0,
                left_out: 0,
            },
            ended: None,
            owed: 0,
            items: 0,
            ruled: 0,
            blobs: 0,
        };
        // The first part that cannot be opened tells of a wrong key, not of damage.
        match reader.decode() {
            Ok(Part::Head(head)) => reader.head = head,
            Ok(_) => return Err(BadBundle::Damaged),
            Err(BadBundle::Damaged) => return Err(BadBundle::OtherTeam),
            Err(e) => return Err(e),
        }
        Ok(reader)
    }

    /// Whose it says that it is.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The next part; none after the last.
    pub fn part(&mut self) -> Result<Option<Part>, BadBundle> {
        if self.ended.is_some() {
            return Ok(None);
        }
        let part = self.decode()?;
        match &part {
            Part::Head(_) => return Err(BadBundle::Damaged),
            Part::Piece(bytes) => {
                let length = bytes.len() as u64;
                if bytes.is_empty() || bytes.len() > PIECE || length > self.owed {
                    return Err(BadBundle::Damaged);
                }
                self.owed -= length;
            }
            _ if self.owed > 0 => return Err(BadBundle::Damaged),
            Part::Items(items) | Part::Held(items) if items.is_empty() => return Err(BadBundle::Damaged),
            Part::Items(items) | Part::Held(items) => {
                self.items += items.len() as u64;
                if self.items > ITEMS {
                    return Err(BadBundle::TooLarge);
                }
            }
            Part::Ruled(ruled) => {
                self.ruled += ruled.len() as u64;
                if self.ruled > ITEMS {
                    return Err(BadBundle::TooLarge);
                }
            }
            Part::Blob { size, .. } => {
                self.blobs += 1;
                if self.blobs > BLOBS {
                    return Err(BadBundle::TooLarge);
                }
                self.owed = *size;
            }
            Part::End(_) => return self.end().map(|()| None),
        }
        Ok(Some(part))
    }

    /// Reads to the end and keeps nothing.
    pub fn check(mut self) -> Result<Whole, BadBundle> {
        while self.part()?.is_some() {}
        let signature = self.ended.ok_or(BadBundle::Truncated)?;
        Ok(Whole { head: self.head, message: signed(self.team, self.sum), signature })
    }

    fn end(&mut self) -> Result<(), BadBundle> {
        let counted = self.items == self.head.items && self.blobs == self.head.blobs;
        if !counted {
            return Err(BadBundle::Damaged);
        }
        std::mem::take(&mut self.outside).check(&mut self.input, &[])
    }

    fn decode(&mut self) -> Result<Part, BadBundle> {
        let mut length = [0; 4];
        self.input.read_exact(&mut length).map_err(|e| cut(e, BadBundle::Truncated))?;
        self.outside.add(&length);
        let length = u32::from_be_bytes(length) as usize;
        if !(TAG..=PART.packed + TAG).contains(&length) {
            return Err(BadBundle::Damaged);
        }
        self.read += 4 + length as u64;
        if self.read > LARGEST {
            return Err(BadBundle::TooLarge);
        }
        let mut sealed = Vec::new();
        (&mut self.input).take(length as u64).read_to_end(&mut sealed)?;
        if sealed.len() < length {
            return Err(BadBundle::Truncated);
        }
        self.outside.add(&sealed);
        // Which of the two it is follows from the part itself; only the right one opens, and a
        // failed try does not count.
        if let Ok(plain) = self.open.open(&sealed, MORE) {
            add(&mut self.sum, &plain);
            let part = wire::unpack(&plain, PART).map_err(|_| BadBundle::Damaged)?;
            return if matches!(part, Part::End(_)) { Err(BadBundle::Damaged) } else { Ok(part) };
        }
        let plain = self.open.open(&sealed, LAST).map_err(|_| BadBundle::Damaged)?;
        match wire::unpack(&plain, PART) {
            Ok(Part::End(signature)) => {
                self.ended = Some(signature);
                Ok(Part::End(signature))
            }
            _ => Err(BadBundle::Damaged),
        }
    }
}

pub(super) fn cut(error: std::io::Error, short: BadBundle) -> BadBundle {
    if error.kind() == ErrorKind::UnexpectedEof { short } else { error.into() }
}
