//! Lists and maps that stop at their bound while they are read. A few bytes can claim millions of
//! items; what is built of them is bounded by what may be there, not by what is claimed.
//!
//! For `#[serde(deserialize_with = "…")]`; the error is [`Malformed::TooMany`] where
//! [`crate::canonical`] reads.
//!
//! [`Malformed::TooMany`]: crate::canonical::Malformed::TooMany

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// What the error says: the only thing that a format hands through.
pub const TOO_MANY: &str = "more items than allowed";

/// A list of at most `MAX` items.
pub fn list<'de, D, T, const MAX: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(List::<T, MAX>(PhantomData))
}

/// A map of at most `MAX` entries.
pub fn map<'de, D, K, V, const MAX: usize>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    deserializer.deserialize_map(Map::<K, V, MAX>(PhantomData))
}

struct List<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for List<T, MAX> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MAX} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut out = Vec::new();
        while out.len() < MAX {
            let Some(item) = items.next_element()? else { return Ok(out) };
            out.push(item);
        }
        match items.next_element::<IgnoredAny>()? {
            None => Ok(out),
            Some(_) => Err(A::Error::custom(TOO_MANY)),
        }
    }
}

struct Map<K, V, const MAX: usize>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, const MAX: usize> Visitor<'de> for Map<K, V, MAX> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map of at most {MAX} entries")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<BTreeMap<K, V>, A::Error> {
        let mut out = BTreeMap::new();
        for _ in 0..MAX {
            let Some((key, value)) = entries.next_entry()? else { return Ok(out) };
            out.insert(key, value);
        }
        match entries.next_key::<IgnoredAny>()? {
            None => Ok(out),
            Some(_) => Err(A::Error::custom(TOO_MANY)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{self, Malformed};
    use serde::Serialize;
    use std::cell::Cell;

    thread_local!(static BUILT: Cell<usize> = const { Cell::new(0) });

    /// Counts how many of it are made.
    #[derive(Debug, PartialEq)]
    struct Counted;

    impl<'de> Deserialize<'de> for Counted {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            BUILT.set(BUILT.get() + 1);
            u8::deserialize(deserializer).map(|_| Counted)
        }
    }

    #[derive(Serialize)]
    struct Claim {
        list: Vec<u8>,
        map: BTreeMap<u32, u8>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Read {
        #[serde(deserialize_with = "list::<_, _, 3>")]
        list: Vec<Counted>,
        #[serde(deserialize_with = "map::<_, _, _, 3>")]
        map: BTreeMap<u32, Counted>,
    }

    #[test]
    fn no_more_is_built_than_may_be_there() {
        let read = |list: usize, map: u32| {
            BUILT.set(0);
            let claim = Claim { list: vec![0; list], map: (0..map).map(|n| (n, 0)).collect() };
            let done = canonical::decode::<Read>(&canonical::encode(&claim).unwrap());
            (done.map(|read| (read.list.len(), read.map.len())), BUILT.get())
        };
        assert_eq!(read(3, 3), (Ok((3, 3)), 6));
        assert_eq!(read(0, 0), (Ok((0, 0)), 0));
        assert_eq!(read(100_000, 0), (Err(Malformed::TooMany), 3));
        assert_eq!(read(0, 100_000), (Err(Malformed::TooMany), 3));
    }
}
