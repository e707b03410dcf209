//! Which records a finder has to look at: what its condition says of their answers, once it is known
//! what was asked. So that an index can be asked, and no pack has to say so.
//!
//! What is given is never too little: a record that fits is among those that are looked up, and each
//! of them is tried with the whole condition. Where a condition gives no hold, every record is.

use super::Finder;
use crate::dates;
use crate::env::Env;
use crate::kind::Kind;
use crate::record::Record;
use crate::world::{Person, World};
use rounds_forms::expr::{Moment, Part, Piece, Value};
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

/// What can be called without knowing a record.
const FREE: [&str; 13] = [
    "payload",
    "person",
    "role",
    "tally",
    "waiting",
    "held",
    "date-shift",
    "days-between",
    "week-start",
    "slot",
    "season",
    "slot-start",
    "slot-end",
];
/// The most spellings of one abbreviation.
const SPELLINGS: usize = 64;

/// Records of a kind by what a key of [`Projection::data`](crate::Projection::data) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// One of these, as [`Lookup::word`] writes them.
    Among {
        /// The key.
        key: String,
        /// The words.
        words: Vec<String>,
    },
    /// A day in a span; open where an end is missing.
    Days {
        /// The key.
        key: String,
        /// Not less than this.
        from: Option<String>,
        /// Less than this.
        before: Option<String>,
    },
    /// A link to one of the records of another kind that are looked up like this.
    Through {
        /// The key.
        key: String,
        /// The other kind.
        kind: String,
        /// All of these together.
        to: Vec<Lookup>,
    },
}

impl Lookup {
    /// A value as an index keeps it: without blanks around, without case, its beginning.
    pub fn word(value: &str) -> String {
        value.trim().chars().take(64).map(|c| c.to_ascii_uppercase()).collect()
    }

    /// Every kind and key whose values must be kept.
    pub fn keys<'l>(&'l self, kind: &'l str) -> Vec<(&'l str, &'l str)> {
        match self {
            Lookup::Among { key, .. } | Lookup::Days { key, .. } => vec![(kind, key)],
            Lookup::Through { key, kind: other, to } => {
                std::iter::once((kind, key.as_str())).chain(to.iter().flat_map(|l| l.keys(other))).collect()
            }
        }
    }

    /// The less, the fewer records.
    fn cost(&self) -> u8 {
        match self {
            Lookup::Among { .. } => 0,
            Lookup::Through { .. } => 1,
            Lookup::Days { from: Some(_), before: Some(_), .. } => 2,
            Lookup::Days { .. } => 3,
        }
    }
}

/// Where the records are that can fit what was asked, all of these together; none if that can be
/// anywhere.
pub fn narrow(
    kind: &Kind,
    finder: &Finder,
    asked: &BTreeMap<String, Scalar>,
    who: &Person<'_>,
    world: &dyn World,
    moment: Moment,
) -> Option<Vec<Lookup>> {
    let nothing = super::nobody(kind, who);
    let env = Env::new(kind, &nothing, world, moment).by(*who).carrying(asked);
    let narrowed = Narrow { kind, finder, env: &env }.narrow(finder.matches.expr().piece());
    // A world that cannot be read is told of by the search itself.
    narrowed.filter(|_| env.failure().is_none())
}

struct Narrow<'n> {
    kind: &'n Kind,
    finder: &'n Finder,
    env: &'n Env<'n>,
}

/// An answer that a condition reads.
enum Read {
    Own(String),
    Linked { key: String, kind: String, theirs: String },
}

impl Read {
    fn found(self, at: impl FnOnce(String) -> Lookup) -> Lookup {
        match self {
            Read::Own(key) => at(key),
            Read::Linked { key, kind, theirs } => Lookup::Through { key, kind, to: vec![at(theirs)] },
        }
    }
}

impl Narrow<'_> {
    fn narrow(&self, piece: Piece<'_>) -> Option<Vec<Lookup>> {
        if let Some(truth) = self.known(piece) {
            return if truth.as_bool() { None } else { Some(vec![]) };
        }
        match piece.part() {
            Part::All(parts) => {
                let narrowed = parts.into_iter().filter_map(|part| self.narrow(part)).collect();
                best(together(narrowed))
            }
            Part::Any(parts) => {
                let each: Option<Vec<_>> = parts.into_iter().map(|part| self.narrow(part)).collect();
                Some(each?.into_iter().flatten().collect())
            }
            Part::Same(left, right) => {
                self.same(left, right).or_else(|| self.same(right, left)).map(|one| vec![one])
            }
            Part::NotLess(days, zero) if matches!(zero.part(), Part::Number(0.0)) => {
                self.days(days).map(|one| vec![one])
            }
            Part::Call("omits", args) => self.omits(&args).map(|one| vec![one]),
            _ => None,
        }
    }

    fn same(&self, own: Piece<'_>, value: Piece<'_>) -> Option<Lookup> {
        let read = self.read(own)?;
        // Beside a number texts are compared as numbers, which have many spellings.
        let Some(Value::Text(text)) = self.known(value) else { return None };
        if text.trim().is_empty() || text.trim().parse::<f64>().is_ok() && !self.is_text(&read) {
            return None;
        }
        // Beside a text, yes is whatever is said at all.
        let mut words = vec![Lookup::word(&text), Lookup::word("true")];
        words.dedup();
        Some(read.found(|key| Lookup::Among { key, words }))
    }

    /// `omits(short, full, part)`: every full spelling of the short one.
    fn omits(&self, args: &[Piece<'_>]) -> Option<Lookup> {
        let [short, full, part] = args else { return None };
        let (short, part) = (self.known(*short)?.as_text(), self.known(*part)?.as_text());
        let read = self.read(*full)?;
        let (short, part) = (short.trim(), part.trim());
        if short.chars().count() > SPELLINGS {
            return None;
        }
        let inside = short.char_indices().skip(1).filter_map(|(at, _)| short.split_at_checked(at));
        let spelt = inside.map(|(before, after)| format!("{before}{part}{after}"));
        let mut words: Vec<_> =
            spelt.chain([short.to_owned()]).map(|s| Lookup::word(&s)).filter(|s| !s.is_empty()).collect();
        words.sort();
        words.dedup();
        Some(read.found(|key| Lookup::Among { key, words }))
    }

    /// `days-between(a, b) >= 0`: one of them is known. The other is written with a time or without, and
    /// with one perhaps as it is in another zone, where it can be a day earlier or later.
    fn days(&self, piece: Piece<'_>) -> Option<Lookup> {
        let Part::Call("days-between", args) = piece.part() else { return None };
        let [first, second] = args.as_slice() else { return None };
        let day = |piece: &Piece<'_>, shift: i64| {
            let text = self.known(*piece)?.as_text();
            let day = dates::day(text.trim(), self.env.time().offset_minutes)?;
            let day = day.checked_add_signed(chrono::Duration::days(shift))?;
            Some(day.format("%Y-%m-%d").to_string())
        };
        if let Some(from) = day(first, -1) {
            let read = self.read(*second)?;
            return Some(read.found(|key| Lookup::Days { key, from: Some(from), before: None }));
        }
        let (before, read) = (day(second, 2)?, self.read(*first)?);
        Some(read.found(|key| Lookup::Days { key, from: None, before: Some(before) }))
    }

    /// What a part comes to that reads nothing of a record.
    fn known(&self, piece: Piece<'_>) -> Option<Value> {
        let free = piece.is_free(&|name| FREE.contains(&name) || name == "omits");
        free.then(|| piece.eval(self.env).ok()).flatten()
    }

    fn read(&self, piece: Piece<'_>) -> Option<Read> {
        match piece.part() {
            Part::Reference(name) => self.kind.questions.key(name).map(Read::Own),
            Part::Call("act", args) => match (args.first()?.part(), args.get(1)?.part()) {
                (Part::Text(act), Part::Text(said)) => Some(Read::Own(format!("@{act}/{said}"))),
                _ => None,
            },
            Part::Call("linked", args) => match (args.first()?.part(), args.get(1)?.part()) {
                (Part::Text(field), Part::Text(theirs)) if !is_header(theirs) => {
                    let asked = self.finder.asks.iter().any(|asked| asked.name == field);
                    let link = self.kind.field(field).filter(|_| !asked)?.link.clone()?;
                    Some(Read::Linked { key: field.to_owned(), kind: link, theirs: theirs.to_owned() })
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn is_text(&self, read: &Read) -> bool {
        use crate::field::Answer as A;
        let Read::Own(key) = read else { return false };
        let answer = self.kind.field(key).map(|field| field.answer);
        matches!(answer, Some(A::Text | A::Barcode | A::Date | A::One | A::Record | A::Person))
    }
}

fn is_header(key: &str) -> bool {
    matches!(key, "@stage" | "@owner" | "@kind")
}

/// Of spans of one key with an open end each, one span.
fn together(narrowed: Vec<Vec<Lookup>>) -> Vec<Vec<Lookup>> {
    let mut out: Vec<Vec<Lookup>> = Vec::new();
    for one in narrowed {
        if let [Lookup::Days { key, from, before }] = one.as_slice() {
            let known = out.iter_mut().find_map(|other| match other.as_mut_slice() {
                [Lookup::Days { key: other, from, before }] if other == key => Some((from, before)),
                _ => None,
            });
            if let Some((known_from, known_before)) = known {
                *known_from = known_from.take().max(from.clone());
                *known_before = match (known_before.take(), before.clone()) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                continue;
            }
        }
        out.push(one);
    }
    out
}

/// What leads to the fewest records; nothing at all before everything else.
fn best(narrowed: Vec<Vec<Lookup>>) -> Option<Vec<Lookup>> {
    narrowed.into_iter().min_by_key(|all| all.iter().map(|one| 1 + u32::from(one.cost())).sum::<u32>())
}

/// Whether an index that looks a record up like this gives it; `linked` are those of the record that
/// a key links to. What an index does, in words: for tests of both.
pub fn looks_up(
    lookup: &Lookup,
    record: &Record,
    linked: &dyn Fn(DocId) -> Option<(String, Record)>,
) -> bool {
    let said = |key: &str| record.fields.get(key).or_else(|| record.acts.get(key)).map(|v| v.to_string());
    match lookup {
        Lookup::Among { key, words } => said(key).is_some_and(|value| words.contains(&Lookup::word(&value))),
        Lookup::Days { key, from, before } => {
            said(key).map(|value| Lookup::word(&value)).is_some_and(|day| {
                from.as_ref().is_none_or(|from| day >= *from) && before.as_ref().is_none_or(|end| day < *end)
            })
        }
        Lookup::Through { key, kind, to } => {
            let other = said(key).and_then(|id| id.parse().ok()).and_then(linked);
            other.is_some_and(|(theirs, other)| {
                theirs == *kind && to.iter().any(|to| looks_up(to, &other, linked))
            })
        }
    }
}
