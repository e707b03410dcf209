//! The values of a document: what one answer can be.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One value. Clearing an answer writes [`Scalar::Null`]; nothing is ever deleted, because a
/// delete in a CRDT hides what another phone wrote at the same time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
