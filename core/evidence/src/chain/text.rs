//! Links as lines of text, and back.
//!
//! ```text
//! @3 mark ~5e1f0a9c
//! chain 6f1c… ~a0b1c2d3
//! step 2 ~…
//! …
//! =9f86d081…
//! ```
//!
//! A line is a name, a space, a value, and ` ~` with the first eight hex digits of the SHA-256 of what
//! stands before. In a value a backslash is `\\`, a line feed `\n`, a carriage return `\r`.

use super::event::Fields;
use super::{LinkHash, limits};
use sha2::{Digest, Sha256};

/// One link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 0.
    pub number: u64,
    /// Its lines without the hash, each with its line feed.
    pub body: String,
    /// Its hash.
    pub hash: LinkHash,
}

impl Link {
    /// Its lines, the hash among them.
    pub fn text(&self) -> String {
        format!("{}={}\n", self.body, self.hash)
    }
}

/// A whole chain: links and the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Everything, as it is stored.
    pub text: String,
}

impl Chain {
    /// From links in their order and the seal.
    pub fn new(links: &[Link], seal: &super::Seal) -> Chain {
        let mut text: String = links.iter().map(Link::text).collect();
        text.push_str(&seal.text());
        Chain { text }
    }
}

pub(super) fn body(number: u64, event: &str, fields: &Fields) -> String {
    let mut out = line(&format!("@{number} {event}"));
    for (name, value) in fields {
        out.push_str(&line(&format!("{name} {}", escaped(value))));
    }
    out
}

/// A line with its check.
pub(super) fn line(said: &str) -> String {
    format!("{said} ~{}\n", check(said))
}

pub(super) fn check(said: &str) -> String {
    let hash = Sha256::digest(said);
    hex::encode(hash.get(..4).unwrap_or_default())
}

/// A line without its check, if the check fits.
pub(super) fn said(line: &str) -> Option<&str> {
    let (said, given) = line.rsplit_once(" ~")?;
    (check(said) == given).then_some(said)
}

/// A value on one line, cut where it would be longer than a line may be.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len().min(limits::VALUE));
    for c in value.chars().take(length_of(value)) {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

/// What of a value a link can hold: all of it, but for the very longest.
pub fn bounded(value: &str) -> String {
    value.chars().take(length_of(value)).collect()
}

/// How many characters of a value fit on its line.
fn length_of(value: &str) -> usize {
    let length = |c: char| if matches!(c, '\\' | '\n' | '\r') { 2 } else { c.len_utf8() };
    let ends = value.chars().scan(0, |end, c| {
        *end += length(c);
        Some(*end)
    });
    ends.take_while(|end| *end <= limits::VALUE).count()
}

/// A value as it was; none if it is not as [`escaped`] writes it.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            '\r' => return None,
            c => c,
        });
    }
    (text.len() <= limits::VALUE).then_some(out)
}

/// A stored link, as far as it can be read.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    /// Lines without the hash line, each with its line feed, as they are there.
    pub body: Vec<u8>,
    /// The lines themselves.
    pub lines: Vec<Vec<u8>>,
    /// What stands in the hash line, without its `=`.
    pub hash: Option<Vec<u8>>,
}

/// Cuts stored bytes into links and the lines of the seal. Every byte is in one of them.
pub(super) fn cut(bytes: &[u8]) -> (Vec<Stored>, Vec<Vec<u8>>) {
    let mut links: Vec<Stored> = Vec::new();
    let mut seal: Vec<Vec<u8>> = Vec::new();
    let mut open: Option<Stored> = None;
    for raw in bytes.split_inclusive(|b| *b == b'\n') {
        let line = raw.strip_suffix(b"\n").unwrap_or(raw);
        if !seal.is_empty() || line.starts_with(b"!") {
            // A missing line feed at the very end is kept as a line of its own that nobody expects.
            links.extend(open.take());
            seal.push(line.to_vec());
            if raw.len() == line.len() {
                seal.push(Vec::new());
            }
            continue;
        }
        if line.starts_with(b"@") {
            links.extend(open.take());
        }
        if let Some(hash) = line.strip_prefix(b"=") {
            let mut link = open.take().unwrap_or_else(Stored::empty);
            link.hash = Some(hash.to_vec());
            if raw.len() == line.len() {
                link.hash = None;
            }
            links.push(link);
            continue;
        }
        let link = open.get_or_insert_with(Stored::empty);
        link.body.extend_from_slice(raw);
        link.lines.push(line.to_vec());
    }
    // A seal whose first line was torn is a seal all the same.
    let torn =
        |link: &Stored| link.hash.is_none() && link.lines.get(1).is_some_and(|l| l.starts_with(b"head "));
    match open {
        Some(link) if seal.is_empty() && torn(&link) => seal = link.lines,
        open => links.extend(open),
    }
    (links, seal)
}

impl Stored {
    /// The link without its last line, if it has no hash and that line is none of a link's.
    pub fn without_torn_hash(&self) -> Option<Stored> {
        let (last, lines) = self.lines.split_last().filter(|_| self.hash.is_none())?;
        if std::str::from_utf8(last).ok().and_then(said).is_some() {
            return None;
        }
        let length = lines.iter().map(|line| line.len() + 1).sum::<usize>();
        let body = self.body.get(..length)?.to_vec();
        Some(Stored { body, lines: lines.to_vec(), hash: None })
    }

    fn empty() -> Stored {
        Stored { body: Vec::new(), lines: Vec::new(), hash: None }
    }
}
