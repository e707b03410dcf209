//! The one binary encoding: CBOR as ciborium writes it. What is signed is kept and sent as the
//! very bytes that were signed, so that no second encoder has to agree with the first.

use crate::bounded::TOO_MANY;
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

/// Bytes that are not the expected structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Something else, or nothing at all.
    #[error("not a well-formed message")]
    Structure,
    /// A list or map in it is longer than it may be ([`crate::bounded`]).
    #[error("a list of the message is too long")]
    TooMany,
}

/// Structures nested deeper than this are refused before they can exhaust a stack.
const MAX_DEPTH: usize = 32;

/// Encodes a value. The types of this workspace always can be.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).map_err(|_| Malformed::Structure)?;
    Ok(out)
}

/// Decodes exactly one value: bytes left over are an error.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_DEPTH).map_err(reason)?;
    if rest.is_empty() { Ok(value) } else { Err(Malformed::Structure) }
}

fn reason<E>(error: ciborium::de::Error<E>) -> Malformed {
    match error {
        ciborium::de::Error::Semantic(_, text) if text == TOO_MANY => Malformed::TooMany,
        _ => Malformed::Structure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_left_over_and_deep_nesting_are_refused() {
        let mut bytes = encode(&vec![1u8, 2]).unwrap();
        assert_eq!(decode::<Vec<u8>>(&bytes).unwrap(), [1, 2]);
        bytes.push(0);
        assert_eq!(decode::<Vec<u8>>(&bytes), Err(Malformed::Structure));
        let mut deep = vec![0x81; 10_000];
        deep.push(0);
        assert_eq!(decode::<serde::de::IgnoredAny>(&deep).err(), Some(Malformed::Structure));
    }
}
