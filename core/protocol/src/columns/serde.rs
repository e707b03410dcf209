//! The lists of the exchange: as lists while they are short, by columns from then on. Both are read.

use super::{Most, turn, turn_back};
use crate::exchange::{Packed, PullItem};
use rounds_model::bounded::TOO_MANY;
use rounds_model::canonical::{self, Malformed};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// From so many items on columns are smaller.
const ENOUGH: usize = 4;

/// One kind of item of a list.
trait Item: Sized + serde::Serialize + for<'de> serde::Deserialize<'de> {
    const MOST: Most;
    fn write(&self) -> Result<std::borrow::Cow<'_, [u8]>, Malformed>;
    fn read(bytes: Vec<u8>) -> Result<Self, Malformed>;
}

impl Item for Packed {
    const MOST: Most = Most { items: crate::exchange::limits::PUSH, bytes: crate::wire::REQUEST.unpacked };

    fn write(&self) -> Result<std::borrow::Cow<'_, [u8]>, Malformed> {
        Ok((&*self.0).into())
    }

    fn read(bytes: Vec<u8>) -> Result<Self, Malformed> {
        Ok(Packed(bytes))
    }
}

impl Item for PullItem {
    /// A phone trusts its server as far as one message.
    const MOST: Most = Most { items: 1 << 20, bytes: crate::wire::ANSWER.unpacked };

    fn write(&self) -> Result<std::borrow::Cow<'_, [u8]>, Malformed> {
        canonical::encode(self).map(Into::into)
    }

    fn read(bytes: Vec<u8>) -> Result<Self, Malformed> {
        canonical::decode(&bytes)
    }
}

fn write<T: Item, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    if items.len() < ENOUGH {
        return serializer.collect_seq(items);
    }
    let written: Result<Vec<_>, _> = items.iter().map(T::write).collect();
    let written = written.map_err(serde::ser::Error::custom)?;
    serializer.serialize_bytes(&turn(written.iter().map(|item| &**item)))
}

fn read<'de, T: Item, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(Either(PhantomData))
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Item> Visitor<'de> for Either<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or one by columns")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut out = vec![];
        while let Some(item) = list.next_element()? {
            if out.len() == T::MOST.items {
                return Err(A::Error::custom(TOO_MANY));
            }
            out.push(item);
        }
        Ok(out)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
        let said = |bad: Malformed| match bad {
            Malformed::TooMany => E::custom(TOO_MANY),
            Malformed::Structure => E::custom("a list that cannot be read"),
        };
        turn_back(bytes, T::MOST).map_err(said)?.into_iter().map(|item| T::read(item).map_err(said)).collect()
    }
}

/// The items of a push.
pub mod packed {
    use super::*;

    /// Writes them.
    pub fn serialize<S: Serializer>(items: &[Packed], serializer: S) -> Result<S::Ok, S::Error> {
        write(items, serializer)
    }

    /// Reads them, as many as a push may have.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Packed>, D::Error> {
        read(deserializer)
    }
}

/// The items of an answer.
pub mod pull {
    use super::*;

    /// Writes them.
    pub fn serialize<S: Serializer>(items: &[PullItem], serializer: S) -> Result<S::Ok, S::Error> {
        write(items, serializer)
    }

    /// Reads them.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PullItem>, D::Error> {
        read(deserializer)
    }
}
