//! Where the answers of a kind are: which names an expression may use, and what they come to.
//!
//! A name is a key (`step2/visible`) or, if only one question has it, its last part (`visible`). A
//! question inside a repeat has as many answers as the repeat has instances.

use crate::expression::to_value;
use rounds_forms::expr::Value;
use rounds_model::document::BESIDE;
use rounds_model::scalar::Scalar;
use std::collections::{BTreeMap, BTreeSet};

/// The questions of a kind by their names.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    by_name: BTreeMap<String, Option<Place>>,
    /// The keys, with nothing in the place of the instances' ids.
    keys: BTreeSet<String>,
    repeats: BTreeSet<String>,
}

/// Where answers are: the parts of a key, each with the mark of a repeat, after which the
/// instance's id stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    parts: Vec<(String, bool)>,
}

impl Questions {
    /// Adds a question: the parts of its key, and which of them are repeats.
    pub(crate) fn add(&mut self, parts: Vec<(String, bool)>) {
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        let (key, last) = (names.join("/"), names.last().map(|name| (*name).to_owned()));
        self.keys.insert(key.clone());
        for (at, _) in parts.iter().enumerate().filter(|(_, (_, repeats))| *repeats) {
            self.repeats.insert(names.get(..=at).unwrap_or_default().join("/"));
        }
        let place = Place { parts };
        if let Some(last) = last.filter(|last| *last != key) {
            // A second question of that name makes the short name mean neither, unless it is the
            // whole key of one.
            self.by_name
                .entry(last)
                .and_modify(|known| *known = known.take().filter(|place| place.parts.len() == 1))
                .or_insert_with(|| Some(place.clone()));
        }
        self.by_name.insert(key, Some(place));
    }

    /// Whether a document may have this key: the answer to a question (`sku/<instance>/price`), or where an
    /// instance stands and whether it was removed; or what is known of such an answer.
    pub(crate) fn asks(&self, key: &str) -> bool {
        let key = key.strip_suffix(BESIDE).unwrap_or(key);
        let (mut path, mut parts) = (String::new(), key.split('/'));
        while let Some(part) = parts.next() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(part);
            if self.repeats.contains(&path) {
                let instance = parts.next();
                let rest: Vec<&str> = parts.clone().collect();
                if instance.is_none_or(str::is_empty) || matches!(rest.as_slice(), ["@ord" | "@del"]) {
                    return instance.is_some_and(|instance| !instance.is_empty());
                }
            }
        }
        self.keys.contains(&path)
    }

    /// Whether there are questions below a group or repeat, given as `step2/`.
    pub(crate) fn has_below(&self, group: &str) -> bool {
        self.by_name.keys().any(|name| name.starts_with(group))
    }

    /// Every usable name.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.by_name.iter().filter(|(_, place)| place.is_some()).map(|(name, _)| name.as_str()).collect()
    }

    /// Whether an answer can have this key, with the instances of repeats in it.
    pub(crate) fn has(&self, key: &str) -> bool {
        let fits = |place: &Place| {
            let mut given = key.split('/');
            let parts = place.parts.iter();
            parts.into_iter().all(|(part, repeat)| {
                given.next() == Some(part.as_str())
                    && (!repeat || given.next().is_some_and(|id| !id.is_empty()))
            }) && given.next().is_none()
        };
        self.by_name.values().flatten().any(fits)
    }

    /// The key of a question outside repeats.
    pub(crate) fn key(&self, name: &str) -> Option<String> {
        let place = self.by_name.get(name)?.as_ref()?;
        let plain = place.parts.iter().all(|(_, repeat)| !repeat);
        plain.then(|| place.parts.iter().map(|(part, _)| part.as_str()).collect::<Vec<_>>().join("/"))
    }

    /// What a name comes to; none when it is no question's.
    pub(crate) fn value(&self, name: &str, fields: &BTreeMap<String, Scalar>) -> Option<Value> {
        let place = self.by_name.get(name)?.as_ref()?;
        let mut keys = vec![String::new()];
        let mut several = false;
        for (part, repeat) in &place.parts {
            keys.iter_mut().for_each(|key| {
                if !key.is_empty() {
                    key.push('/');
                }
                key.push_str(part);
            });
            if *repeat {
                several = true;
                keys = keys.iter().flat_map(|key| instances(key, fields)).collect();
            }
        }
        let empty = Scalar::Null;
        let mut values = keys.iter().map(|key| to_value(fields.get(key).unwrap_or(&empty)));
        Some(if several {
            Value::Nodes(values.map(|value| value.as_text()).collect())
        } else {
            values.next().unwrap_or_else(|| Value::Text(String::new()))
        })
    }
}

/// The keys of a repeat's instances, in their order (that of their `@ord` as text, then of their
/// ids), without those that were removed.
pub fn instances(repeat: &str, fields: &BTreeMap<String, Scalar>) -> Vec<String> {
    let prefix = format!("{repeat}/");
    let below = fields.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
    let mut found: Vec<(String, String)> = below
        .filter_map(|(key, order)| Some((order.to_string(), key.strip_suffix("/@ord")?.to_owned())))
        .filter(|(_, key)| key.get(prefix.len()..).is_some_and(|id| !id.contains('/')))
        .filter(|(_, key)| !is_set(fields.get(&format!("{key}/@del"))))
        .collect();
    found.sort();
    found.into_iter().map(|(_, key)| key).collect()
}

/// Whether the flag of a removed instance is set, as a truth or as its text.
pub(crate) fn is_set(flag: Option<&Scalar>) -> bool {
    flag.is_some_and(|flag| flag.to_string() == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str) -> (String, bool) {
        (name.to_owned(), false)
    }

    #[test]
    fn names_are_keys_or_their_last_part() {
        let mut q = Questions::default();
        q.add(vec![part("step2"), part("visible")]);
        q.add(vec![part("a"), part("x")]);
        q.add(vec![part("b"), part("x")]);
        let fields = BTreeMap::from([("step2/visible".to_owned(), Scalar::from("n"))]);
        assert_eq!(q.value("visible", &fields), Some(Value::from("n")));
        assert_eq!(q.value("step2/visible", &fields), Some(Value::from("n")));
        assert_eq!(q.value("a/x", &fields), Some(Value::from("")));
        assert!(q.value("x", &fields).is_none(), "two questions have this name");
    }

    #[test]
    fn a_repeat_has_its_instances_in_order_without_the_removed() {
        let mut q = Questions::default();
        q.add(vec![("sku".to_owned(), true), part("price")]);
        let fields: BTreeMap<String, Scalar> = [
            ("sku/a/price", Scalar::Int(1)),
            ("sku/a/@ord", "b".into()),
            ("sku/b/price", Scalar::Int(2)),
            ("sku/b/@ord", "a".into()),
            ("sku/c/price", Scalar::Int(3)),
            ("sku/c/@ord", "c".into()),
            ("sku/c/@del", "true".into()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        assert_eq!(q.value("price", &fields), Some(Value::Nodes(vec!["2".into(), "1".into()])));
        q.add(vec![
            ("shelf".to_owned(), false),
            ("row".to_owned(), true),
            ("cell".to_owned(), true),
            part("n"),
        ]);
        for key in
            ["sku/a/price", "sku/a/@ord", "sku/a/@del", "shelf/row/x/cell/y/n", "shelf/row/x/cell/y/@ord"]
        {
            assert!(q.asks(key), "{key}");
        }
        for key in [
            "",
            "price",
            "sku",
            "sku/a",
            "sku//price",
            "sku/@ord",
            "sku/price",
            "sku/a/junk",
            "sku/a/@x",
            "shelf/row/x/cell/n",
            "shelf/@ord",
            "sku/a/@ord/b",
        ] {
            assert!(!q.asks(key), "{key}");
        }
    }
}
