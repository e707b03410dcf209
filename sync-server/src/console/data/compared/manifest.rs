//! Two versions of `pack.toml`, part by part: whatever a pack can say is compared, also what no page shows.

use super::{come, gone, other};
use crate::console::view::Difference;
use crate::console::words::Words;
use rounds_workflow::bundle::Bundle;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// What is different, in the order of the keys.
pub fn differences(words: &Words, old: &Bundle, new: &Bundle) -> Vec<Difference> {
    let (Some(mut was), Some(mut is)) = (read(old), read(new)) else { return vec![] };
    // That it is another version is why they are compared.
    was.remove("version");
    is.remove("version");
    let mut walk = Walk { words, path: vec![], all: vec![] };
    walk.tables(&was, &is);
    walk.all
}

/// The workbooks that kinds have, by their names in the pack.
pub fn forms(bundle: &Bundle) -> Vec<String> {
    let manifest = read(bundle);
    let kinds = manifest.as_ref().and_then(|manifest| manifest.get("kinds")?.as_table());
    let form = |kind: &Value| kind.get("form")?.as_str().map(str::to_owned);
    kinds.into_iter().flat_map(|kinds| kinds.iter()).filter_map(|(_, kind)| form(kind)).collect()
}

fn read(bundle: &Bundle) -> Option<Table> {
    let text = std::str::from_utf8(bundle.file("pack.toml")?).ok()?;
    text.trim_start_matches('\u{feff}').parse().ok()
}

struct Walk<'w> {
    words: &'w Words,
    /// Where it is, in words.
    path: Vec<String>,
    all: Vec<Difference>,
}

impl Walk<'_> {
    fn tables(&mut self, old: &Table, new: &Table) {
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            self.part(key, old.get(key), new.get(key));
        }
    }

    /// One part of a table or of a list, by its key or name.
    fn part(&mut self, key: &str, old: Option<&Value>, new: Option<&Value>) {
        let title = new.or(old).and_then(|value| self.title(value));
        let said = title.unwrap_or_else(|| self.word(key));
        self.path.push(said);
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            (Some(old), None) => self.all.push(gone(self.here(), self.leaf(old).unwrap_or_default())),
            (None, Some(new)) => self.all.push(come(self.here(), self.leaf(new).unwrap_or_default())),
            (None, None) => {}
        }
        self.path.pop();
    }

    fn values(&mut self, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        match (old, new) {
            (Value::Table(old), Value::Table(new)) if !(is_text(old) && is_text(new)) => {
                self.tables(old, new)
            }
            (Value::Array(old), Value::Array(new)) if holds_tables(old) || holds_tables(new) => {
                self.lists(old, new);
            }
            _ => {
                let (mut was, mut is) = (self.leaf(old), self.leaf(new));
                // In the reader's language it may be the same.
                if was == is {
                    (was, is) = (Some(old.to_string()), Some(new.to_string()));
                }
                self.all.push(other(self.here(), was.unwrap_or_default(), is.unwrap_or_default()));
            }
        }
    }

    /// Lists of parts: by their names, where they have some, else the same ones are left out and those that
    /// remain are compared one by one.
    fn lists(&mut self, old: &[Value], new: &[Value]) {
        if let (Some(had), Some(has)) = (named(old), named(new)) {
            for (name, value) in &had {
                let now = has.iter().find(|(other, _)| other == name).map(|(_, value)| *value);
                self.part(name, Some(*value), now);
            }
            for (name, value) in has.iter().filter(|(name, _)| had.iter().all(|(other, _)| other != name)) {
                self.part(name, None, Some(*value));
            }
            return;
        }
        let only = |own: &[Value], others: &[Value]| {
            let left = own.iter().filter(|value| !others.contains(value));
            left.cloned().collect::<Vec<_>>()
        };
        let (gone, come) = (only(old, new), only(new, old));
        if gone.is_empty() && come.is_empty() {
            let order = self.words.t("compared-order");
            self.all.push(other(self.here(), String::new(), order));
        }
        for at in 0..gone.len().max(come.len()) {
            self.part(&(at + 1).to_string(), gone.get(at), come.get(at));
        }
    }

    fn here(&self) -> String {
        self.path.join(" › ")
    }

    /// What people read of a part that has a title of its own.
    fn title(&self, value: &Value) -> Option<String> {
        let title = value.as_table()?.get("title")?.as_table()?;
        title.get(if self.words.lang.tag() == "en" { "en" } else { "zh" })?.as_str().map(str::to_owned)
    }

    /// A word for a key of the format; the key itself, where there is none.
    fn word(&self, key: &str) -> String {
        let message = format!("pack-key-{}", key.replace('_', "-"));
        if self.words.has(&message) { self.words.t(&message) } else { key.to_owned() }
    }

    /// A value that has no parts of its own.
    fn leaf(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Table(table) if is_text(table) => {
                let tag = if self.words.lang.tag() == "en" { "en" } else { "zh" };
                table.get(tag).and_then(Value::as_str).map(str::to_owned)
            }
            Value::Table(_) => None,
            Value::Array(all) if holds_tables(all) => None,
            Value::Array(all) => {
                Some(all.iter().filter_map(|value| self.leaf(value)).collect::<Vec<_>>().join(", "))
            }
            other => Some(other.to_string()),
        }
    }
}

/// Whether it is a text in both languages.
fn is_text(table: &Table) -> bool {
    !table.is_empty() && table.keys().all(|key| key == "zh" || key == "en")
}

fn holds_tables(values: &[Value]) -> bool {
    values.iter().any(Value::is_table)
}

/// Parts by what they are called, if each has a name of its own.
fn named(values: &[Value]) -> Option<Vec<(&str, &Value)>> {
    let name = |value: &Value| ["name", "code"].iter().any(|key| value.get(*key).is_some_and(Value::is_str));
    if !values.iter().all(name) {
        return None;
    }
    let named = values.iter().filter_map(|value| {
        let name = ["name", "code"].iter().find_map(|key| value.get(*key)?.as_str())?;
        Some((name, value))
    });
    let named: Vec<_> = named.collect();
    let once: BTreeSet<&str> = named.iter().map(|(name, _)| *name).collect();
    (once.len() == named.len()).then_some(named)
}
