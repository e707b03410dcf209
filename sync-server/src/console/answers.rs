//! A record's answers in the order of its form, each in words.

use super::kinds::{KindWords, Lexicon, Question, Sort};
use super::names::{Names, other_record};
use super::view::{Answer, Block, Value};
use super::viewer::Viewer;
use super::words::Words;
use crate::blobs::media;
use crate::storage::blobs::BlobRow;
use crate::storage::{Read, Result};
use rounds_evidence::photo::{Source, TAKEN, Taken};
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use std::collections::{BTreeMap, BTreeSet};

/// What an XLSForm takes down by itself, by the names that its authors give it.
const BY_ITSELF: [&str; 5] = ["start", "end", "today", "deviceid", "username"];

/// What writing an answer down needs.
pub struct Ink<'a> {
    /// The database.
    pub tx: &'a dyn Read,
    /// The packs' words.
    pub lexicon: &'a dyn Lexicon,
    /// Who reads.
    pub viewer: &'a Viewer,
    /// In which language.
    pub words: &'a Words,
    /// Who is who.
    pub names: &'a Names,
    /// The record that is written down.
    pub doc: DocId,
    /// Its photos and files, as far as they are here.
    pub blobs: &'a [BlobRow],
    /// The time of the page.
    pub now_ms: i64,
}

/// The answers by groups; each repeat as one table.
pub fn blocks(
    ink: &Ink<'_>,
    kind: &KindWords,
    fields: &BTreeMap<String, Scalar>,
    conflicts: &BTreeSet<String>,
) -> Result<Vec<Block>> {
    let mut blocks: Vec<Block> = vec![];
    let mut recorded: Vec<Answer> = vec![];
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut tables: BTreeSet<String> = BTreeSet::new();
    for question in &kind.questions {
        match question.repeat() {
            Some(repeat) if tables.contains(&repeat) => {}
            Some(repeat) => {
                let (table, keys) = table(ink, kind, &repeat, fields)?;
                blocks.extend(table);
                used.extend(keys);
                tables.insert(repeat);
            }
            None => {
                let Some((key, scalar)) = fields.get_key_value(&question.path()) else { continue };
                used.insert(key);
                if !scalar.is_blank() {
                    let value = taken(ink, fields, key, value(ink, Some(question), scalar)?);
                    let label = question.label(ink.words.lang).to_owned();
                    let row = Answer {
                        key: key.clone(),
                        label,
                        value,
                        conflict: conflicts.contains(key),
                        said: None,
                    };
                    if question.is_asked() {
                        push(&mut blocks, heading(ink.words, kind, question), row);
                    } else if let Some(own) = by_itself(ink, question, scalar) {
                        recorded.push(Answer { label: own.0, value: own.1.unwrap_or(row.value), ..row });
                    }
                }
            }
        }
    }
    for row in recorded {
        push(&mut blocks, Some(ink.words.t("recorded")), row);
    }
    let other = |key: &str| !key.starts_with('@') && !key.contains("/@") && !used.contains(key);
    for (key, scalar) in fields.iter().filter(|(key, scalar)| other(key) && !scalar.is_blank()) {
        let value = value(ink, None, scalar)?;
        let row = Answer {
            key: key.clone(),
            label: key.clone(),
            value,
            conflict: conflicts.contains(key),
            said: None,
        };
        push(&mut blocks, Some(ink.words.t("other-answers")), row);
    }
    Ok(blocks)
}

/// What the form takes down by itself and people understand: its words, and its value where that is an id.
/// What it works out without a label is for support.
fn by_itself(ink: &Ink<'_>, question: &Question, scalar: &Scalar) -> Option<(String, Option<Value>)> {
    let path = question.path();
    let name = BY_ITSELF.iter().find(|known| **known == path)?;
    let device = scalar.as_text().and_then(|id| id.parse().ok()).filter(|_| *name == "deviceid");
    let value = device.map(|id| Value { text: ink.names.device(id), ..Value::default() });
    Some((ink.words.t(&format!("by-itself-{name}")), value))
}

/// What the form worked out that nobody was asked and nobody reads: for support.
pub fn unread(kind: &KindWords, fields: &BTreeMap<String, Scalar>) -> Vec<(String, String)> {
    let unread = |q: &&Question| !q.is_asked() && !BY_ITSELF.contains(&q.path().as_str());
    let questions = kind.questions.iter().filter(unread).filter(|q| q.repeat().is_none());
    let told = questions.filter_map(|q| Some((q.path(), fields.get(&q.path())?)));
    told.filter(|(_, scalar)| !scalar.is_blank()).map(|(key, scalar)| (key, scalar.to_string())).collect()
}

fn push(blocks: &mut Vec<Block>, group: Option<String>, row: Answer) {
    match blocks.last_mut() {
        Some(Block::Answers { heading, rows }) if *heading == group => rows.push(row),
        _ => blocks.push(Block::Answers { heading: group, rows: vec![row] }),
    }
}

/// The label of the innermost group around a question.
fn heading(words: &Words, kind: &KindWords, question: &Question) -> Option<String> {
    let path = question.path();
    let (group, _) = path.rsplit_once('/')?;
    let label = kind.group(group).map(|label| words.of(label).to_owned());
    label.filter(|label| !label.is_empty())
}

/// One repeat: its questions are columns, its instances rows in their order. Also the keys in it.
fn table<'f>(
    ink: &Ink<'_>,
    kind: &KindWords,
    repeat: &str,
    fields: &'f BTreeMap<String, Scalar>,
) -> Result<(Option<Block>, Vec<&'f str>)> {
    let own = || kind.questions.iter().filter(|q| q.repeat().as_deref() == Some(repeat));
    let asked: Vec<&Question> = own().filter(|q| q.is_asked()).collect();
    let questions = if asked.is_empty() { own().collect() } else { asked };
    let mut cells: BTreeMap<&str, BTreeMap<usize, (&str, &Scalar)>> = BTreeMap::new();
    let mut keys = vec![];
    for (key, scalar) in fields {
        if own().any(|q| q.matches(key)) {
            keys.push(key.as_str());
        }
        let Some(column) = questions.iter().position(|q| q.matches(key)) else { continue };
        let Some(row) = questions.get(column).and_then(|q| q.instance(key)) else { continue };
        cells.entry(row).or_default().insert(column, (key, scalar));
    }
    let mut rows = vec![];
    for instance in rows_in_order(cells.keys().copied(), fields) {
        let Some(cells) = cells.get(instance) else { continue };
        let cell = |(at, q): (usize, &&Question)| match cells.get(&at) {
            Some((key, scalar)) => {
                let value = taken(ink, fields, key, value(ink, Some(q), scalar)?);
                Ok(Value { key: Some((*key).to_owned()), ..value })
            }
            None => Ok(Value::default()),
        };
        rows.push(questions.iter().enumerate().map(cell).collect::<Result<Vec<_>>>()?);
    }
    if rows.is_empty() {
        return Ok((None, keys));
    }
    let heading =
        kind.group(repeat).map_or_else(|| repeat.to_owned(), |label| ink.words.of(label).to_owned());
    let columns = questions.iter().map(|q| q.label(ink.words.lang).to_owned()).collect();
    Ok((Some(Block::Table { heading, columns, rows }), keys))
}

/// A repeat's instances by their order keys, without those that were removed.
fn rows_in_order<'k>(
    instances: impl Iterator<Item = &'k str>,
    fields: &BTreeMap<String, Scalar>,
) -> Vec<&'k str> {
    let is_removed = |instance: &str| {
        let mut around =
            instance.match_indices('/').filter_map(|(at, _)| instance.get(..at)).chain([instance]);
        around.any(|part| fields.get(&format!("{part}/@del")) == Some(&Scalar::Bool(true)))
    };
    let order = |instance: &str| match fields.get(&format!("{instance}/@ord")) {
        Some(Scalar::Int(i)) => *i as f64,
        Some(Scalar::Float(f)) => *f,
        Some(Scalar::Text(text)) => text.parse().unwrap_or(f64::MAX),
        _ => f64::MAX,
    };
    let mut listed: Vec<&str> = instances.filter(|instance| !is_removed(instance)).collect();
    listed.sort_by(|a, b| order(a).total_cmp(&order(b)).then_with(|| a.cmp(b)));
    listed
}

/// The number that each instance of a repeat has in its table: `sku/3f` is row 2.
pub fn row_numbers(kind: &KindWords, fields: &BTreeMap<String, Scalar>) -> BTreeMap<String, usize> {
    let mut by_repeat: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for key in fields.keys() {
        let Some(question) = kind.question(key) else { continue };
        let Some((repeat, instance)) = question.repeat().zip(question.instance(key)) else { continue };
        by_repeat.entry(repeat).or_default().insert(instance);
    }
    let rows = by_repeat.into_values().flat_map(|instances| {
        let ordered = rows_in_order(instances.into_iter(), fields);
        (1..).zip(ordered).map(|(number, instance)| (instance.to_owned(), number)).collect::<Vec<_>>()
    });
    rows.collect()
}

/// A value in words.
pub fn value(ink: &Ink<'_>, question: Option<&Question>, scalar: &Scalar) -> Result<Value> {
    let sort = question.map(|q| q.sort).unwrap_or_default();
    let raw = scalar.to_string();
    let plain = |text: String| Value { text, ..Value::default() };
    let yes_no = |yes: bool| plain(ink.words.t(if yes { "yes" } else { "no" }));
    if scalar.is_blank() {
        return Ok(Value::default());
    }
    Ok(match (sort, scalar) {
        (_, Scalar::Bool(yes)) => yes_no(*yes),
        (Sort::Date, _) => plain(ink.words.written_day(&raw, ink.now_ms).short),
        (Sort::DateTime, _) => match chrono::DateTime::parse_from_rfc3339(&raw) {
            Ok(at) => plain(ink.words.moment(at.timestamp_millis(), ink.now_ms).short),
            Err(_) => plain(raw),
        },
        (Sort::Place, _) => place(ink.words, &raw),
        (Sort::Choices, _) => {
            let choices = question.map(|q| q.choices.as_slice()).unwrap_or_default();
            let label = |name: &str| {
                let found = choices.iter().find(|(choice, _)| choice == name);
                found.map_or_else(|| name.to_owned(), |(_, text)| ink.words.of(text).to_owned())
            };
            plain(raw.split_whitespace().map(label).collect::<Vec<_>>().join(" · "))
        }
        (Sort::Blob(message), _) => {
            let start = raw.chars().take(8).collect();
            blob(ink, ink.words.t(message), &raw, start)
        }
        (Sort::Person, _) => match raw.parse() {
            Ok(id) => plain(ink.names.person(id)),
            Err(_) => plain(raw),
        },
        (Sort::Record, _) => match raw.parse() {
            Ok(doc) => match other_record(ink.tx, ink.lexicon, ink.viewer, ink.words, doc)? {
                Some(other) => Value {
                    text: other.title,
                    link: Some(format!("/records/{}", other.doc)),
                    ..Value::default()
                },
                None => plain(ink.words.t("elsewhere")),
            },
            Err(_) => plain(raw),
        },
        (Sort::Plain | Sort::Boolean, _) => plain(raw),
    })
}

/// A photo or file: shown or linked if it is there, else what is missing is said.
fn blob(ink: &Ink<'_>, text: String, hash: &str, start: String) -> Value {
    let Some(blob) = ink.blobs.iter().find(|blob| blob.hash.to_string() == hash) else {
        let small = format!("{start} · {}", ink.words.t("blob-missing"));
        return Value { text, small: Some(small), ..Value::default() };
    };
    let address = format!("/records/{}/blobs/{hash}", ink.doc);
    let image = media::is_shown(&blob.media).then(|| address.clone());
    Value { text, link: Some(address), small: Some(start), image, ..Value::default() }
}

/// A photo with what is known of how it was taken: when and how far that may be believed, and where.
pub(super) fn taken(ink: &Ink<'_>, fields: &BTreeMap<String, Scalar>, key: &str, value: Value) -> Value {
    let beside = fields.get(&format!("{key}{TAKEN}")).and_then(Scalar::as_text);
    let Some(taken) = beside.and_then(|json| serde_json::from_str::<Taken>(json).ok()) else { return value };
    let source = match taken.source {
        Source::Lens => "photo-taken",
        Source::Library => "photo-from-library",
    };
    let when = ink.words.moment(taken.time.at_ms, ink.now_ms).short;
    let mut parts = vec![
        ink.words.f(source, &[("when", when)]),
        ink.words.of(&rounds_evidence::words::time(&taken.time)).to_owned(),
    ];
    parts.extend(taken.place.map(|spot| format!("{:.5}, {:.5}", spot.latitude, spot.longitude)));
    parts.extend(taken.mock.then(|| ink.words.t("photo-mock")));
    let before = value.small.filter(|_| value.link.is_none());
    parts.extend(before);
    Value { small: Some(parts.join(" · ")), ..value }
}

/// Five decimals are a metre; the accuracy says what they are worth.
fn place(words: &Words, raw: &str) -> Value {
    let numbers: Vec<f64> = raw.split_whitespace().filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [latitude, longitude, rest @ ..] => Value {
            text: format!("{latitude:.5}, {longitude:.5}"),
            small: rest.get(1).map(|accuracy| words.n("place-within", format!("{accuracy:.0}"))),
            ..Value::default()
        },
        _ => Value { text: raw.to_owned(), ..Value::default() },
    }
}
