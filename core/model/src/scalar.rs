//! The values of a document: what one answer can be.

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One value. Clearing an answer writes [`Scalar::Null`]; nothing is ever deleted, because a
/// delete in a CRDT hides what another phone wrote at the same time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// No answer (any more).
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number. NaN and the infinities are refused at every entrance.
    Float(f64),
    /// Text; also dates, places and choices, in the notation of XLSForm.
    Text(String),
}

impl Scalar {
    /// True for [`Scalar::Null`] and for the empty text.
    pub fn is_blank(&self) -> bool {
        match self {
            Scalar::Null => true,
            Scalar::Text(t) => t.is_empty(),
            _ => false,
        }
    }

    /// True unless it is a float that is no number.
    pub fn is_sane(&self) -> bool {
        !matches!(self, Scalar::Float(f) if !f.is_finite())
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Scalar::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The bytes that this value adds to a message, for limits.
    pub fn size(&self) -> usize {
        match self {
            Scalar::Text(t) => t.len(),
            _ => 9,
        }
    }
}

/// By hand: what serde derives tries one variant after the other, and writes a sentence with the
/// whole text in it about each that does not fit. That was a third of the judging of a push.
impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Value)
    }
}

struct Value;

impl<'de> Visitor<'de> for Value {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar value")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }
}

impl fmt::Display for Scalar {
    /// As XLSForm writes it: nothing for null, whole floats without a point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Null => Ok(()),
            Scalar::Bool(b) => b.fmt(f),
            Scalar::Int(i) => i.fmt(f),
            Scalar::Float(x) => x.fmt(f),
            Scalar::Text(t) => f.write_str(t),
        }
    }
}

impl From<&str> for Scalar {
    fn from(s: &str) -> Self {
        Scalar::Text(s.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(s: String) -> Self {
        Scalar::Text(s)
    }
}

impl From<i64> for Scalar {
    fn from(i: i64) -> Self {
        Scalar::Int(i)
    }
}

impl From<bool> for Scalar {
    fn from(b: bool) -> Self {
        Scalar::Bool(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;

    #[test]
    fn every_value_is_read_as_it_was_written_and_nothing_else_is_a_value() {
        for value in [
            Scalar::Null,
            Scalar::Bool(true),
            Scalar::Int(0),
            Scalar::Int(i64::MIN),
            Scalar::Int(i64::MAX),
            Scalar::Float(-0.5),
            Scalar::Float(1e300),
            Scalar::Text(String::new()),
            Scalar::Text("中山广场店 \"1\"".to_owned()),
        ] {
            let bytes = canonical::encode(&value).unwrap();
            assert_eq!(canonical::decode::<Scalar>(&bytes), Ok(value.clone()));
        }
        for bad in [canonical::encode(&vec![1]), canonical::encode(&serde_bytes::Bytes::new(b"x"))] {
            assert!(canonical::decode::<Scalar>(&bad.unwrap()).is_err());
        }
    }
}
