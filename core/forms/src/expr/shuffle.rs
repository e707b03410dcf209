//! Orders by chance that are the same for the same seed, as JavaRosa's are.

use sha2::{Digest as _, Sha256};

use super::value::Value;

/// What a value means as a seed: numbers as they are, texts by their hash, nothing as 0.
pub(crate) fn seed_of(value: &Value) -> i64 {
    let number = value.as_number();
    if !number.is_nan() {
        // As Java turns a double into a long: cut off, and held at the ends.
        return number as i64;
    }
    let text = value.as_text();
    if text.is_empty() || text == "NaN" {
        return 0;
    }
    let hash = Sha256::digest(text.as_bytes());
    let first = hash.get(..8).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; 8]);
    i64::from_be_bytes(first)
}

/// The items in another order: Fisher and Yates, inside out, with Park and Miller's numbers.
pub(crate) fn shuffled<T: Clone>(items: &[T], seed: i64) -> Vec<T> {
    const MODULUS: i64 = 2_147_483_647;
    let mut state = seed % MODULUS;
    if state <= 0 {
        state += MODULUS - 1;
    }
    let mut out: Vec<T> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        state = state * 16_807 % MODULUS;
        let draw = (state - 1) as f64 / (MODULUS - 1) as f64;
        let to = ((draw * (at + 1) as f64).floor() as usize).min(at);
        out.push(item.clone());
        out.swap(to, at);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_javarosa() {
        // What web-forms makes of the seed 42.
        let letters = ["A", "B", "C", "D", "E", "F"];
        assert_eq!(shuffled(&letters, 42), ["A", "F", "C", "B", "D", "E"]);
        assert_eq!(shuffled::<u8>(&[], 1), [0u8; 0]);
        assert_eq!(seed_of(&Value::from("3.9")), 3);
        assert_eq!(seed_of(&Value::from("")), 0);
        assert_ne!(seed_of(&Value::from("a")), seed_of(&Value::from("b")));
    }
}
