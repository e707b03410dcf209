//! Hashes and base64.

use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::error::EvalError;

/// `digest(text, algorithm, encoding)`.
pub(super) fn digest(text: &str, algorithm: &str, encoding: &str) -> Result<String, EvalError> {
    let bytes = match algorithm {
        "MD5" => Md5::digest(text).to_vec(),
        "SHA-1" => Sha1::digest(text).to_vec(),
        "SHA-256" => Sha256::digest(text).to_vec(),
        "SHA-384" => Sha384::digest(text).to_vec(),
        "SHA-512" => Sha512::digest(text).to_vec(),
        other => return Err(EvalError::wrong("digest", other)),
    };
    match encoding {
        "hex" => Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        "base64" => Ok(encode(&bytes)),
        other => Err(EvalError::wrong("digest", other)),
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - group.len()));
        for at in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * at)) as usize & 63).copied().unwrap_or(b'A');
            out.push(if at <= group.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// The text in base64; what is no text in UTF-8 shows as replacement characters.
pub(super) fn decode(text: &str) -> Result<String, EvalError> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let letter = if letter == b'-' {
            b'+'
        } else if letter == b'_' {
            b'/'
        } else {
            letter
        };
        let value = LETTERS.iter().position(|have| *have == letter);
        let value = value.ok_or_else(|| EvalError::wrong("base64-decode", text))?;
        bits = (bits << 6) | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(digest("", "MD5", "hex").unwrap(), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(digest("abc", "SHA-1", "hex").unwrap(), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(digest("", "SHA-256", "base64").unwrap(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        for text in ["", "a", "ab", "abc", "中文"] {
            assert_eq!(decode(&encode(text.as_bytes())).unwrap(), text);
        }
        assert!(digest("a", "CRC", "hex").is_err());
        assert!(decode("%").is_err());
    }
}
