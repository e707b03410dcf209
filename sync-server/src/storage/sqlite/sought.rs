//! Searches as SQL, and the function that looks for a text in the answers of a projection.

use super::codec::scope_out;
use crate::storage::Result;
use crate::storage::records::{Order, Search, Word};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;

const COLUMNS: &str = "doc, kind, stage, owner, scope, day, conflicts, settled, projection, subject, removed";

/// Lets a connection look into projections. `has_text(projection, 'a' || x'0a' || 'b')` is true where an answer
/// holds one of the texts, which are given with small letters; `has_choice(projection, 'sku/*/tag', 'a' ||
/// x'0a' || 'b')` where the answer with this key, in whichever row, is or names one of the words.
pub fn teach(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("has_text", 2, flags, |context| {
        let bytes = context.get_raw(0).as_blob_or_null().ok().flatten().unwrap_or_default();
        let texts = context.get_raw(1).as_str().unwrap_or_default();
        Ok(answers_hold(bytes, texts))
    })?;
    connection.create_scalar_function("has_choice", 3, flags, |context| {
        let bytes = context.get_raw(0).as_blob_or_null().ok().flatten().unwrap_or_default();
        let (key, words) = (context.get_raw(1).as_str(), context.get_raw(2).as_str());
        Ok(answer_names(bytes, key.unwrap_or_default(), words.unwrap_or_default()))
    })?;
    Ok(())
}

/// A page of what is sought.
pub fn page(team: [u8; 16], search: &Search) -> (String, Vec<Value>) {
    // What is shown in an order is read in it, from an index that has what is asked for, and not found
    // scope by scope and sorted: the plus keeps a column from being looked up by.
    let (wheres, values) = wheres(team, search, "+scope");
    let order = match search.order {
        Order::Newest => "doc DESC",
        Order::Oldest => "doc",
        Order::LatestDay => "day DESC, doc DESC",
        Order::EarliestDay => "day, doc",
        Order::Owner => {
            "(SELECT name FROM people p WHERE p.team_id = records.team_id AND p.person = owner), doc DESC"
        }
        Order::Stage => "stage, doc DESC",
    };
    let limit = if search.limit > 0 { i64::from(search.limit) } else { -1 };
    let sql = format!(
        "SELECT {COLUMNS} FROM {}{wheres} ORDER BY {order} LIMIT {limit} OFFSET {}",
        table(search),
        search.offset
    );
    (sql, values)
}

/// The few records in conflict have an index of their own, which SQLite would not take by itself: it does not
/// know that they are few.
fn table(search: &Search) -> &'static str {
    if search.conflicted { "records INDEXED BY records_disputed" } else { "records" }
}

/// How many there are.
pub fn count(team: [u8; 16], search: &Search) -> (String, Vec<Value>) {
    let (wheres, values) = wheres(team, search, "scope");
    (format!("SELECT count(*) FROM {}{wheres}", table(search)), values)
}

/// The same by owner.
pub fn owners(team: [u8; 16], search: &Search) -> (String, Vec<Value>) {
    let (wheres, values) = wheres(team, search, "scope");
    (format!("SELECT owner, count(*) FROM {}{wheres} GROUP BY owner", table(search)), values)
}

/// The same by owner, kind and stage.
pub fn people(team: [u8; 16], search: &Search) -> (String, Vec<Value>) {
    let (wheres, values) = wheres(team, search, "scope");
    let table = table(search);
    (format!("SELECT owner, kind, stage, count(*) FROM {table}{wheres} GROUP BY owner, kind, stage"), values)
}

/// The same by kind and stage.
pub fn stages(team: [u8; 16], search: &Search) -> (String, Vec<Value>) {
    let (wheres, values) = wheres(team, search, "scope");
    let sum = if search.conflicted { "sum(conflicts)" } else { "0" };
    (format!("SELECT kind, stage, count(*), {sum} FROM records{wheres} GROUP BY kind, stage"), values)
}

/// The pictures of what is sought.
pub fn pictures(team: [u8; 16], search: &Search, offset: u32, limit: u32) -> (String, Vec<Value>) {
    let (mut wheres, mut values) = wheres(team, search, "scope");
    if let Some(question) = &search.pictured {
        values.push(Value::Text(question.clone()));
        wheres.push_str(&format!(" AND has_choice(projection, ?{}, lower(hex(d.hash)))", values.len()));
    }
    let sql = format!(
        "SELECT d.doc, d.hash, b.size, b.media, d.received
         FROM blob_docs d JOIN blobs b ON b.team_id = d.team_id AND b.hash = d.hash
         WHERE d.team_id = ?1 AND b.media LIKE 'image/%' AND EXISTS (SELECT 1 FROM records{wheres} AND doc = d.doc)
         ORDER BY d.received DESC, d.doc DESC LIMIT {limit} OFFSET {offset}"
    );
    (sql, values)
}

fn wheres(team: [u8; 16], search: &Search, scope: &str) -> (String, Vec<Value>) {
    let mut out = Wheres {
        sql: " WHERE team_id = ?1 AND removed = 0".to_owned(),
        values: vec![Value::Blob(team.to_vec())],
    };
    let text = |text: &String| Value::Text(text.clone());
    let owner = |id: &rounds_model::ids::PersonId| Value::Blob(id.0.to_vec());
    if !search.kinds.is_empty() {
        let among = out.among("kind", search.kinds.iter().map(text));
        out.and(&among);
    }
    if !search.stages.is_empty() {
        let among = out.among("stage", search.stages.iter().map(text));
        out.and(&among);
    }
    if !search.owners.is_empty() {
        let among = out.among("owner", search.owners.iter().map(owner));
        out.and(&among);
    }
    if let Some(scopes) = &search.scopes {
        let among = out.among(scope, scopes.iter().map(|scope| Value::Blob(scope_out(scope))));
        out.and(&among);
    }
    if let Some(day) = &search.from_day {
        let bound = out.bind(text(day));
        out.and(&format!("day >= {bound}"));
    }
    if let Some(day) = &search.to_day {
        let bound = out.bind(text(day));
        out.and(&format!("day <= {bound}"));
    }
    // An id begins with the time at which it was made.
    if let Some(ms) = search.made_from {
        let bound = out.bind(began(ms));
        out.and(&format!("doc >= {bound}"));
    }
    if let Some(ms) = search.made_before {
        let bound = out.bind(began(ms));
        out.and(&format!("doc < {bound}"));
    }
    if let Some(doc) = search.after {
        let bound = out.bind(Value::Blob(doc.0.to_vec()));
        out.and(&format!("doc > {bound}"));
    }
    if search.conflicted {
        out.and("conflicts > 0");
    }
    for Word { texts, choices, owners, stages } in &search.words {
        let mut ways = vec![];
        if !owners.is_empty() {
            ways.push(out.among("owner", owners.iter().map(owner)));
        }
        if !stages.is_empty() {
            ways.push(out.among("stage", stages.iter().map(text)));
        }
        let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase().replace('\n', " ")).collect();
        let bound = out.bind(Value::Text(texts.join("\n")));
        ways.push(format!("has_text(projection, {bound})"));
        // A letter or two is in choices of every question, and in a text of nearly every record: that is looked
        // for first.
        for (key, words) in choices {
            let (key, words) = (out.bind(text(key)), out.bind(Value::Text(words.join("\n"))));
            ways.push(format!("has_choice(projection, {key}, {words})"));
        }
        out.and(&format!("({})", ways.join(" OR ")));
    }
    (out.sql, out.values)
}

/// The smallest id of this time.
fn began(ms: i64) -> Value {
    let bytes = u64::try_from(ms).unwrap_or(0).to_be_bytes();
    Value::Blob(bytes.iter().skip(2).copied().chain([0; 10]).collect())
}

struct Wheres {
    sql: String,
    values: Vec<Value>,
}

impl Wheres {
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn among(&mut self, column: &str, values: impl Iterator<Item = Value>) -> String {
        let bound: Vec<String> = values.map(|value| self.bind(value)).collect();
        match bound.as_slice() {
            [] => "0".to_owned(),
            [one] => format!("{column} = {one}"),
            several => format!("{column} IN ({})", several.join(", ")),
        }
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }
}

/// Whether one of the texts (a line each, small letters) is in a text value below the key `data` or
/// `search` of a CBOR map. Capitals of Latin letters do not matter.
fn answers_hold(bytes: &[u8], texts: &str) -> bool {
    let needles: Vec<&[u8]> = texts.split('\n').filter(|text| !text.is_empty()).map(str::as_bytes).collect();
    let mut walk = Walk { rest: bytes, needles: &needles };
    walk.projection().unwrap_or(false)
}

/// Whether the answer with this key, `*` for a row's id, is or names one of the words (a line each).
fn answer_names(bytes: &[u8], key: &str, words: &str) -> bool {
    let words: Vec<&[u8]> = words.split('\n').filter(|word| !word.is_empty()).map(str::as_bytes).collect();
    let mut walk = Walk { rest: bytes, needles: &words };
    walk.answer(key).unwrap_or(false)
}

/// Whether a key is this one, or of a row of it.
fn is_key(key: &[u8], pattern: &str) -> bool {
    let mut parts = key.split(|byte| *byte == b'/');
    let fits = pattern.split('/').all(|wanted| match parts.next() {
        Some(part) => wanted == "*" || wanted.as_bytes() == part,
        None => false,
    });
    fits && parts.next().is_none()
}

struct Walk<'a> {
    rest: &'a [u8],
    needles: &'a [&'a [u8]],
}

impl<'a> Walk<'a> {
    /// The map of a projection: its fields' keys, and only two of them are searched.
    fn projection(&mut self) -> Option<bool> {
        let (major, count) = self.head()?;
        if major != 5 {
            return None;
        }
        for _ in 0..count {
            let (major, length) = self.head()?;
            let key = if major == 3 { self.take(length)? } else { return None };
            let searched = key == b"data" || key == b"search";
            if self.value(searched, 0)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Looks for the needles as whole words in one answer of a projection.
    fn answer(&mut self, wanted: &str) -> Option<bool> {
        let (major, count) = self.head()?;
        if major != 5 {
            return None;
        }
        for _ in 0..count {
            let (major, length) = self.head()?;
            let key = if major == 3 { self.take(length)? } else { return None };
            if key != b"data" {
                self.value(false, 0)?;
                continue;
            }
            let (major, answers) = self.head()?;
            if major != 5 {
                return None;
            }
            for _ in 0..answers {
                let (major, length) = self.head()?;
                let key = if major == 3 { self.take(length)? } else { return None };
                if is_key(key, wanted) && self.rest.first().is_some_and(|first| first >> 5 == 3) {
                    let (_, length) = self.head()?;
                    let mut words = self.take(length)?.split(u8::is_ascii_whitespace);
                    if words.any(|word| self.needles.contains(&word)) {
                        return Some(true);
                    }
                } else {
                    self.value(false, 0)?;
                }
            }
        }
        Some(false)
    }

    /// Walks over one value; true at the first text that holds a needle.
    fn value(&mut self, searched: bool, depth: u8) -> Option<bool> {
        if depth > 32 {
            return None;
        }
        let (major, argument) = self.head()?;
        match major {
            0 | 1 | 7 => {}
            2 => drop(self.take(argument)?),
            3 => {
                let text = self.take(argument)?;
                return Some(searched && self.needles.iter().any(|needle| holds(text, needle)));
            }
            4 => {
                for _ in 0..argument {
                    if self.value(searched, depth + 1)? {
                        return Some(true);
                    }
                }
            }
            5 => {
                for _ in 0..argument {
                    self.value(false, depth + 1)?;
                    if self.value(searched, depth + 1)? {
                        return Some(true);
                    }
                }
            }
            _ => return self.value(searched, depth + 1),
        }
        Some(false)
    }

    /// The major type and the argument of the next item; lengths that are not told are none of ours.
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let (major, low) = (first >> 5, first & 31);
        let wide = match low {
            0..=23 => return Some((major, u64::from(low))),
            24..=27 => 1_u64 << (low - 24),
            _ => return None,
        };
        let argument = self.take(wide)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Some((major, argument))
    }

    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(count).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

fn holds(text: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return false };
    let starts = |at: &u8| at.eq_ignore_ascii_case(first);
    let mut rest = text;
    while let Some(at) = rest.iter().position(starts) {
        let Some(here) = rest.get(at..) else { return false };
        match here.get(..needle.len()) {
            Some(found) if found.eq_ignore_ascii_case(needle) => return true,
            Some(_) => rest = here.get(1..).unwrap_or_default(),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::canonical;
    use std::collections::BTreeMap;

    #[test]
    fn a_text_is_found_in_answers_and_not_in_their_names() {
        #[derive(serde::Serialize)]
        struct Row {
            kind: &'static str,
            owner: serde_bytes_like::Bytes,
            data: BTreeMap<&'static str, &'static str>,
            search: &'static str,
        }
        mod serde_bytes_like {
            pub struct Bytes(pub [u8; 16]);
            impl serde::Serialize for Bytes {
                fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                    s.serialize_bytes(&self.0)
                }
            }
        }
        let data = BTreeMap::from([("store", "Zhongshan Square 中山广场"), ("purpose", "")]);
        let row = Row { kind: "visit", owner: serde_bytes_like::Bytes([7; 16]), data, search: "S0001" };
        let bytes = canonical::encode(&row).unwrap();
        for there in ["zhongshan", "ngshan sq", "中山", "s0001", "nothing\n广场"] {
            assert!(answers_hold(&bytes, there), "{there}");
        }
        for absent in ["visit", "store", "purpose", "zhongshan  square", "", "s00012"] {
            assert!(!answers_hold(&bytes, absent), "{absent}");
        }
        for end in 0..bytes.len() {
            answers_hold(&bytes[..end], "x");
        }
    }

    #[test]
    fn a_choice_is_found_as_a_whole_word_of_its_own_question_in_whichever_row() {
        let data = BTreeMap::from([
            ("height", rounds_model::scalar::Scalar::from("above_eye")),
            ("sku/3f/tag", "ok several".into()),
            ("sku/3f/price", 11.into()),
            ("note", "height above_eye".into()),
        ]);
        let bytes = canonical::encode(&BTreeMap::from([("data", data)])).unwrap();
        for (key, words) in [("height", "below\nabove_eye"), ("sku/*/tag", "several"), ("sku/*/tag", "ok")] {
            assert!(answer_names(&bytes, key, words), "{key} {words}");
        }
        for (key, words) in [
            ("height", "above"),
            ("height", "eye"),
            ("height", ""),
            ("tag", "ok"),
            ("sku/*", "ok"),
            ("sku/*/tag/x", "ok"),
            ("sku/*/price", "11"),
            ("weight", "above_eye"),
        ] {
            assert!(!answer_names(&bytes, key, words), "{key} {words}");
        }
        for end in 0..bytes.len() {
            answer_names(&bytes[..end], "sku/*/tag", "several");
        }
    }
}
