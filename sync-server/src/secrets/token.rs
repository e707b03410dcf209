//! Device tokens: `<device id>.<64 hex digits>`. Only the SHA-256 of the 32 bytes is stored, so
//! neither the database nor a backup of it can sign in.

use super::{hash, random};
use crate::error::Result;
use rounds_model::ids::DeviceId;
use zeroize::Zeroizing;

/// A new token and what is stored of it.
pub fn create(device: DeviceId) -> Result<(Zeroizing<String>, [u8; 32])> {
    let secret = Zeroizing::new(random::<32>()?);
    let hex = Zeroizing::new(hex::encode(*secret));
    Ok((Zeroizing::new(format!("{device}.{}", *hex)), hash(&*secret)))
}

/// Reads a token: whose it claims to be, and the hash to compare.
pub fn read(token: &str) -> Option<(DeviceId, [u8; 32])> {
    let (device, hex) = token.split_once('.')?;
    let mut secret = Zeroizing::new([0u8; 32]);
    hex::decode_to_slice(hex, &mut *secret).ok()?;
    Some((device.parse().ok()?, hash(&*secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nothing_else_does() {
        let device = DeviceId([7; 16]);
        let (token, stored) = create(device).unwrap();
        assert_eq!(read(&token), Some((device, stored)));
        for bad in ["", ".", "x.y", &token[1..], &token[..token.len() - 1], &format!("{}0", *token)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
