//! Making a bundle.

use super::outside::{Outside, TRAILER};
use super::{Aead, Head, Kdf, Kem, LARGEST, LAST, MORE, Part, TAG, TeamKey, add, header, signed};
use crate::wire;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use ed25519_dalek::{Signer, SigningKey};
use hpke::aead::AeadCtxS;
use hpke::{OpModeS, Serializable};
use rounds_model::ids::{Signature, TeamId};
use sha2::Sha256;
use std::io::Write;
use thiserror::Error;

/// Why a bundle could not be made.
#[derive(Debug, Error)]
pub enum CannotSeal {
    /// The team's key is no key.
    #[error("the team's key is not usable")]
    Key,
    /// A part is larger than may be, or all of them are.
    #[error("the bundle is too large")]
    TooLarge,
    /// It could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A bundle that is being made.
pub struct Writer<W> {
    out: W,
    seal: AeadCtxS<Aead, Kdf, Kem>,
    team: TeamId,
    sum: Sha256,
    outside: Outside,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a bundle. `seed` is random and used for nothing else.
    pub fn begin(
        mut out: W,
        key: &TeamKey,
        team: TeamId,
        head: Head,
        seed: [u8; 32],
    ) -> Result<Self, CannotSeal> {
        let key = key.read().ok_or(CannotSeal::Key)?;
        let mut random = ChaCha20Rng::from_seed(seed);
        let mode = OpModeS::<Kem>::Base;
        let info = [super::INFO, team.as_bytes()].concat();
        let (encapped, seal) = hpke::setup_sender_with_rng::<Aead, Kdf, Kem>(&mode, &key, &info, &mut random)
            .map_err(|_| CannotSeal::Key)?;
        let header = header(team, encapped.to_bytes().as_slice());
        out.write_all(&header)?;
        let (sum, mut outside, written) = (Sha256::default(), Outside::default(), header.len() as u64);
        outside.add(&header);
        let mut writer = Writer { out, seal, team, sum, outside, written };
        writer.part(&Part::Head(head))?;
        Ok(writer)
    }

    /// Adds a part.
    pub fn part(&mut self, part: &Part) -> Result<(), CannotSeal> {
        self.packed(&wire::pack(part).map_err(|_| CannotSeal::TooLarge)?)
    }

    /// Adds a part that is packed already, whatever it is: whoever has the team's key may seal anything.
    pub fn packed(&mut self, part: &[u8]) -> Result<(), CannotSeal> {
        add(&mut self.sum, part);
        self.sealed(part, MORE)
    }

    /// Bytes so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Signs everything and ends the bundle.
    pub fn end(mut self, key: &SigningKey) -> Result<W, CannotSeal> {
        let message = signed(self.team, std::mem::take(&mut self.sum));
        let end = Part::End(Signature(key.sign(&message).to_bytes()));
        let plain = wire::pack(&end).map_err(|_| CannotSeal::TooLarge)?;
        self.sealed(&plain, LAST)?;
        self.out.write_all(&std::mem::take(&mut self.outside).trailer())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn sealed(&mut self, plain: &[u8], place: &[u8]) -> Result<(), CannotSeal> {
        if plain.len() > super::PART.packed {
            return Err(CannotSeal::TooLarge);
        }
        let sealed = self.seal.seal(plain, place).map_err(|_| CannotSeal::TooLarge)?;
        debug_assert_eq!(sealed.len(), plain.len() + TAG);
        let length = u32::try_from(sealed.len()).map_err(|_| CannotSeal::TooLarge)?;
        self.written += 4 + u64::from(length);
        if self.written + TRAILER as u64 > LARGEST {
            return Err(CannotSeal::TooLarge);
        }
        self.outside.add(&length.to_be_bytes());
        self.outside.add(&sealed);
        self.out.write_all(&length.to_be_bytes())?;
        Ok(self.out.write_all(&sealed)?)
    }
}
