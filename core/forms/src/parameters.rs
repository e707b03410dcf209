//! The `parameters` column: `key=value` pairs.

use std::collections::BTreeMap;

use crate::expr::parse_number;
use crate::kind::Kind;

/// Pairs separated by spaces, commas or semicolons; keys in lower case.
pub(crate) fn read(cell: &str) -> BTreeMap<String, String> {
    cell.split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned()))
        .collect()
}

/// A slider goes from 1 to 10 by 1 unless its parameters say otherwise.
pub(crate) fn range(parameters: &BTreeMap<String, String>) -> Kind {
    let number = |key: &str, default: f64| {
        let given = parameters.get(key).and_then(|text| parse_number(text));
        given.unwrap_or(default)
    };
    Kind::Range { start: number("start", 1.0), end: number("end", 10.0), step: number("step", 1.0) }
}
