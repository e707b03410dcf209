//! The answers of one document: a flat map of keys to texts.

use std::collections::BTreeMap;

use crate::filling::FillError;
use crate::limits;

/// How long an instance id is: 13 characters of lower-case base32.
pub const INSTANCE_ID_LENGTH: usize = 13;

/// Keys and answers, bounded.
///
/// | key | what |
/// |---|---|
/// | `step2/visible` | the question `/data/step2/visible` |
/// | `sku/<id>/price` | the question `price` of one instance of the repeat `sku` |
/// | `grp/sku/<id>/promo/<id2>/x` | nested, inside a group |
/// | `sku/<id>/@ord` | the instance exists, and where it sorts (text order, ties by id) |
/// | `sku/<id>/@del` | `true`: the instance is removed, its answers stay |
///
/// XML names cannot start with `@`, so the control keys meet no question.
///
/// A key with an empty answer was answered and cleared: it has no
/// default any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    map: BTreeMap<String, String>,
    bytes: usize,
}

impl Answers {
    /// No answers.
    pub fn new() -> Answers {
        Answers::default()
    }

    /// Takes keys and texts; of a key given twice the last counts. Fails beyond the limits of
    /// [`crate::limits`].
    pub fn collect<K: Into<String>, V: Into<String>>(
        items: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Answers, FillError> {
        let mut answers = Answers::new();
        for (key, value) in items {
            answers.insert(key.into(), value.into())?;
        }
        Ok(answers)
    }

    /// One answer.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.map.get(key).map(String::as_str)
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.map.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Sets one answer. Changes nothing when a limit is in the way.
    pub fn insert(&mut self, key: String, value: String) -> Result<(), FillError> {
        if value.len() > limits::ANSWER_BYTES || key.len() > limits::ANSWER_BYTES {
            return Err(FillError::TooLong { field: key });
        }
        let old = self.map.get(&key).map(|old| key.len() + old.len());
        let bytes = self.bytes - old.unwrap_or(0) + key.len() + value.len();
        let full = old.is_none() && self.map.len() >= limits::ANSWERS;
        if full || bytes > limits::ANSWERS_BYTES {
            return Err(FillError::TooManyAnswers { field: key });
        }
        self.bytes = bytes;
        self.map.insert(key, value);
        Ok(())
    }

    /// Whether a repeat has or had an instance, by a prefix such as `sku/`.
    pub(crate) fn ever_had(&self, prefix: &str) -> bool {
        let below = self.map.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        below.into_iter().any(|(key, _)| key.ends_with("/@ord"))
    }

    /// The ids and order keys of the instances below a prefix such as `sku/`, in order.
    pub(crate) fn instances(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (key, ord) in self.map.range(prefix.to_owned()..) {
            let Some(rest) = key.strip_prefix(prefix) else {
                break;
            };
            let Some(id) = rest.strip_suffix("/@ord") else {
                continue;
            };
            if is_instance_id(id) && self.get(&format!("{prefix}{id}/@del")) != Some("true") {
                found.push((ord.clone(), id.to_owned()));
            }
        }
        found.sort();
        found
    }
}

/// Whether a text can be the id of an instance.
pub fn is_instance_id(text: &str) -> bool {
    text.len() == INSTANCE_ID_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_sorted_and_removed_ones_left_out() {
        let answers = Answers::collect([
            ("sku/bbbbbbbbbbbbb/@ord", "a"),
            ("sku/aaaaaaaaaaaaa/@ord", "a"),
            ("sku/ccccccccccccc/@ord", "Z"),
            ("sku/ddddddddddddd/@ord", "0"),
            ("sku/ddddddddddddd/@del", "true"),
            ("sku/short/@ord", "0"),
            ("sku/aaaaaaaaaaaaa/promo/eeeeeeeeeeeee/@ord", "0"),
            ("skunk", "x"),
        ])
        .unwrap();
        let ids: Vec<_> = answers.instances("sku/").into_iter().map(|(_, id)| id).collect();
        assert_eq!(ids, ["ccccccccccccc", "aaaaaaaaaaaaa", "bbbbbbbbbbbbb"]);
    }

    #[test]
    fn limits_hold() {
        let mut answers = Answers::new();
        let long = "x".repeat(limits::ANSWER_BYTES + 1);
        assert_eq!(answers.insert("a".into(), long).unwrap_err().code(), "answer-too-long");
        assert!(answers.is_empty());
        let full = Answers::collect((0..=limits::ANSWERS).map(|n| (n.to_string(), "")));
        assert_eq!(full.unwrap_err().code(), "too-many-answers");
    }
}
