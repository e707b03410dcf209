//! Invitation codes: twelve characters of Crockford's base 32 (60 bits) in groups of four. Typed
//! by hand on a phone: letters may be small, groups may lack their dashes, and O, I, L are taken
//! for 0, 1, 1.

use super::{hash, random};
use crate::error::Result;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;

/// A new code as it is shown, and what is stored of it.
pub fn create() -> Result<(Zeroizing<String>, [u8; 32])> {
    let bytes = Zeroizing::new(random::<LENGTH>()?);
    // 256 is a multiple of 32: the low five bits are evenly spread.
    let letter = |b: &u8| ALPHABET.get(usize::from(b & 31)).map_or('0', |c| char::from(*c));
    let letters: Zeroizing<String> = Zeroizing::new(bytes.iter().map(letter).collect());
    let mut shown = Zeroizing::new(String::with_capacity(LENGTH + 2));
    for (i, c) in letters.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            shown.push('-');
        }
        shown.push(c);
    }
    Ok((shown, hash(letters.as_bytes())))
}

/// What is stored of a code as somebody typed it; `None` if it cannot be one.
pub fn read(typed: &str) -> Option<[u8; 32]> {
    if typed.len() > 64 {
        return None;
    }
    let mut letters = Zeroizing::new(String::with_capacity(LENGTH));
    for c in typed.chars().filter(|c| !matches!(c, '-' | ' ')) {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if !ALPHABET.contains(&u8::try_from(c).ok()?) {
            return None;
        }
        letters.push(c);
    }
    (letters.len() == LENGTH).then(|| hash(letters.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let (code, stored) = create().unwrap();
        assert_eq!(code.len(), 14);
        assert_eq!(read(&code), Some(stored));
        assert_eq!(read(&code.to_lowercase().replace('-', " ")), Some(stored));
        assert_eq!(read(&code.replace('0', "o").replace('1', "l")), Some(stored));
        for bad in ["", "ABCD", "ABCD-EFGH-JKMU", "ABCD-EFGH-JKM邀", &"A".repeat(13), &"-".repeat(65)] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
