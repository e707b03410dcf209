//! How the puts of an edit are encoded: all keys, then all values, then what few of them replace.
//!
//! Records of one kind have the same keys, so that in a batch, or beside a dictionary, all of a
//! record's keys are one repetition; put by put they would be one for each.
//!
//! A list of puts, each with its key, value and replaced values, is what stores of earlier builds
//! hold; it is still read.

use crate::bounded;
use crate::edit::{OpId, Put, limits};
use crate::scalar::Scalar;
use serde::de::{Error, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Encodes puts.
pub fn serialize<S: Serializer>(puts: &[Put], serializer: S) -> Result<S::Ok, S::Error> {
    let replaces: Vec<(usize, &[OpId])> = puts
        .iter()
        .enumerate()
        .filter(|(_, put)| !put.replaces.is_empty())
        .map(|(at, put)| (at, put.replaces.as_slice()))
        .collect();
    let mut map = serializer.serialize_map(Some(if replaces.is_empty() { 2 } else { 3 }))?;
    map.serialize_entry("k", &Column(puts, |put| put.key.as_str()))?;
    map.serialize_entry("v", &Column(puts, |put| &put.value))?;
    if !replaces.is_empty() {
        map.serialize_entry("p", &replaces)?;
    }
    map.end()
}

/// Decodes puts; more than an edit may have are not built.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Put>, D::Error> {
    deserializer.deserialize_any(Puts)
}

/// One part of each put, as a list.
struct Column<'a, T>(&'a [Put], fn(&'a Put) -> T);

impl<T: Serialize> Serialize for Column<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for put in self.0 {
            list.serialize_element(&(self.1)(put))?;
        }
        list.end()
    }
}

struct Puts;

/// A list of keys.
#[derive(Deserialize)]
struct Keys(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PUTS }>")] Vec<String>);

/// A list of values.
#[derive(Deserialize)]
struct Values(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PUTS }>")] Vec<Scalar>);

/// Which puts replace what.
#[derive(Deserialize)]
struct Replaces(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PUTS }>")] Vec<(usize, Ops)>);

#[derive(Deserialize)]
struct Ops(#[serde(deserialize_with = "bounded::list::<_, _, { limits::PREDS }>")] Vec<OpId>);

impl<'de> Visitor<'de> for Puts {
    type Value = Vec<Put>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("puts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Put>, A::Error> {
        let (mut keys, mut values, mut replaces) = (None, None, vec![]);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "k" if keys.is_none() => keys = Some(map.next_value::<Keys>()?.0),
                "v" if values.is_none() => values = Some(map.next_value::<Values>()?.0),
                "p" if replaces.is_empty() => replaces = map.next_value::<Replaces>()?.0,
                _ => return Err(A::Error::custom("an unknown part of puts")),
            }
        }
        let keys = keys.ok_or_else(|| A::Error::missing_field("k"))?;
        let values = values.ok_or_else(|| A::Error::missing_field("v"))?;
        if keys.len() != values.len() {
            return Err(A::Error::custom("keys without values"));
        }
        let both = keys.into_iter().zip(values);
        let mut puts: Vec<Put> = both.map(|(key, value)| Put { key, value, replaces: vec![] }).collect();
        for (at, Ops(ops)) in replaces {
            let put = puts.get_mut(at).filter(|put| put.replaces.is_empty());
            put.ok_or_else(|| A::Error::custom("a put that is not there"))?.replaces = ops;
        }
        Ok(puts)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<Put>, A::Error> {
        bounded::list::<_, _, { limits::PUTS }>(SeqAccessDeserializer::new(list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;
    use crate::ids::ActorId;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct New(#[serde(with = "super")] Vec<Put>);

    fn put(key: &str, value: Scalar, replaces: &[u64]) -> Put {
        let op = |counter: &u64| OpId { counter: *counter, actor: ActorId([7; 16]) };
        Put { key: key.to_owned(), value, replaces: replaces.iter().map(op).collect() }
    }

    #[test]
    fn puts_are_read_as_they_were_written_by_this_build_and_by_earlier_ones() {
        let puts = vec![put("a", 1.into(), &[]), put("b", Scalar::Null, &[1, 2]), put("c", "x".into(), &[3])];
        let by_column = canonical::encode(&New(puts.clone())).unwrap();
        let by_put = canonical::encode(&puts).unwrap();
        assert_ne!(by_column, by_put);
        for bytes in [by_column, by_put] {
            assert_eq!(canonical::decode::<New>(&bytes).unwrap().0, puts);
        }
    }

    #[test]
    fn columns_that_do_not_fit_together_are_refused() {
        #[derive(Serialize)]
        struct Raw<'a> {
            k: Vec<&'a str>,
            v: Vec<i64>,
            p: Vec<(usize, Vec<OpId>)>,
        }
        let op = OpId { counter: 1, actor: ActorId([7; 16]) };
        let read = |raw: &Raw| canonical::decode::<New>(&canonical::encode(raw).unwrap()).is_ok();
        assert!(read(&Raw { k: vec!["a"], v: vec![1], p: vec![(0, vec![op])] }));
        for bad in [
            Raw { k: vec!["a", "b"], v: vec![1], p: vec![] },
            Raw { k: vec![], v: vec![1], p: vec![] },
            Raw { k: vec!["a"], v: vec![1], p: vec![(1, vec![op])] },
            Raw { k: vec!["a"], v: vec![1], p: vec![(0, vec![op]), (0, vec![op])] },
            Raw { k: vec!["a"], v: vec![1], p: vec![(0, vec![op; limits::PREDS + 1])] },
            Raw { k: vec!["a"; limits::PUTS + 1], v: vec![1; limits::PUTS + 1], p: vec![] },
        ] {
            assert!(!read(&bad));
        }
    }
}
