//! Everything that can be wrong with a stored chain, by link and field.
//!
//! The order of the questions is that of trust: are the lines as they were written, do the hashes hang
//! together, is the end signed by the device that is said to have recorded, do the readings of the
//! clocks give the judgement that is claimed, and did it go as recordings go (`course`).

use super::event::Event;
use super::seal::Seal;
use super::text::{self, Stored, cut, said};
use super::{About, Ending, LinkHash, clocks, course, hash, limits};
use crate::session::Script;
use rounds_model::ids::{BlobHash, DeviceId, DocId, PersonId, PublicKey};
use rounds_model::time::{TOLERANCE_MS, TrustedTime};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The line's own check does not fit: a byte of it changed.
    Damaged,
    /// The line is there, and is not what such a link may say.
    Malformed,
    /// Every line fits its check, and the link's hash does not fit the lines: somebody rewrote it.
    Rewritten,
    /// The hash line changed; the lines are as they were.
    Hash,
    /// A link is not there.
    Missing,
    /// A link stands where it does not belong.
    OutOfPlace,
    /// The link is of another recording.
    Foreign,
    /// The end, with the signature, is not there.
    Cut,
    /// The signature does not fit the last link.
    Signature,
    /// Signed by another key than the device's.
    OtherKey,
    /// Nobody knows a device whose key this is.
    UnknownSigner,
    /// The recording is about another record or question, or of another person or device.
    OtherRecord,
    /// It is not the script that the record asks for.
    Script,
    /// It was recorded by one script, and its record now asks for another: one thing filed as another.
    Filed,
    /// The clocks do not give what is claimed of them.
    Clocks,
    /// It is later than the server received it.
    Later,
    /// A step was marked that was not shown, not answered as it must be, not held long enough, or while
    /// it stood still.
    Gate,
    /// A step was marked or answered over nothing: of its segment nothing was recorded, or the recorder had
    /// ended.
    Unrecorded,
    /// What the end says does not fit what came before.
    Sum,
    /// A segment's bytes have not arrived.
    NoMedia,
    /// A segment's bytes were received, and are not there any more.
    LostMedia,
    /// A segment's bytes are not what was recorded.
    OtherMedia,
    /// Nothing of it can be read.
    Unreadable,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 23] = [
        Fault::Damaged,
        Fault::Malformed,
        Fault::Rewritten,
        Fault::Hash,
        Fault::Missing,
        Fault::OutOfPlace,
        Fault::Foreign,
        Fault::Cut,
        Fault::Signature,
        Fault::OtherKey,
        Fault::UnknownSigner,
        Fault::OtherRecord,
        Fault::Script,
        Fault::Filed,
        Fault::Clocks,
        Fault::Later,
        Fault::Gate,
        Fault::Unrecorded,
        Fault::Sum,
        Fault::NoMedia,
        Fault::LostMedia,
        Fault::OtherMedia,
        Fault::Unreadable,
    ];

    /// The message that says it.
    pub fn key(self) -> &'static str {
        match self {
            Fault::Damaged => "fault-damaged",
            Fault::Malformed => "fault-malformed",
            Fault::Rewritten => "fault-rewritten",
            Fault::Hash => "fault-hash",
            Fault::Missing => "fault-missing",
            Fault::OutOfPlace => "fault-out-of-place",
            Fault::Foreign => "fault-foreign",
            Fault::Cut => "fault-cut",
            Fault::Signature => "fault-signature",
            Fault::OtherKey => "fault-other-key",
            Fault::UnknownSigner => "fault-unknown-signer",
            Fault::OtherRecord => "fault-other-record",
            Fault::Script => "fault-script",
            Fault::Filed => "fault-filed",
            Fault::Later => "fault-later",
            Fault::Unrecorded => "fault-unrecorded",
            Fault::Clocks => "fault-clocks",
            Fault::Gate => "fault-gate",
            Fault::Sum => "fault-sum",
            Fault::NoMedia => "fault-no-media",
            Fault::LostMedia => "fault-lost-media",
            Fault::OtherMedia => "fault-other-media",
            Fault::Unreadable => "fault-unreadable",
        }
    }
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// The link; none for the seal.
    pub link: Option<u64>,
    /// The field, by its name, or `hash`; empty for the link as a whole.
    pub field: String,
    /// What.
    pub fault: Fault,
    /// What its words name: the segment, sizes, scripts; each with the name that the message has for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl Finding {
    /// Something wrong at a link, or at the seal, with a field or the whole of it.
    pub fn new(link: Option<u64>, field: &str, fault: Fault) -> Finding {
        Finding { link, field: field.to_owned(), fault, args: Vec::new() }
    }

    /// The same, whose words name this.
    pub fn naming(mut self, name: &str, value: impl ToString) -> Finding {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}

/// A link as it was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Its number.
    pub number: u64,
    /// What it says, as far as it can be read.
    pub event: Option<Event>,
    /// When, as far as it can be read.
    pub time: Option<TrustedTime>,
    /// Its hash, made anew from its lines and the link before.
    pub hash: LinkHash,
}

/// What became of a verification.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The links in the order in which they are stored.
    pub links: Vec<Checked>,
    /// What the first link says.
    pub about: Option<About>,
    /// The seal, if it can be read.
    pub seal: Option<Seal>,
    /// Everything that is wrong; empty if nothing is.
    pub findings: Vec<Finding>,
}

/// What a chain must be, as far as whoever verifies it knows. What is none is not compared.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The record that it answers.
    pub record: DocId,
    /// The device that signed; a chain whose device's key is not known is signed by nobody known.
    pub device: Option<(DeviceId, PublicKey)>,
    /// The question that it answers.
    pub field: Option<&'a str>,
    /// Who recorded.
    pub person: Option<PersonId>,
    /// By which script.
    pub script: Option<&'a Scripted>,
    /// How it ended, as the record says.
    pub ending: Option<Ending>,
    /// When a server had it, by the server's clock, Unix milliseconds.
    pub received_ms: Option<i64>,
}

impl Expected<'_> {
    /// A chain about this record, of which nothing else is known.
    pub fn of(record: DocId) -> Self {
        let (device, field, person, script) = (None, None, None, None);
        Expected { record, device, field, person, script, ending: None, received_ms: None }
    }
}

/// A script as the record asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scripted {
    /// Its name and the version of its pack.
    pub name: String,
    /// `audio` or `video`.
    pub medium: String,
    /// Its steps.
    pub script: Script,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }

    /// The segments that were closed: number, hash, bytes.
    pub fn segments(&self) -> impl Iterator<Item = (u32, BlobHash, u64)> {
        self.links.iter().filter_map(|link| match link.event {
            Some(Event::Segment { segment, hash, bytes, .. }) => Some((segment, hash, bytes)),
            _ => None,
        })
    }

    /// The links at whose time the clocks were in doubt.
    pub fn doubted(&self) -> impl Iterator<Item = (u64, &TrustedTime)> {
        let read = self.links.iter().filter_map(|link| Some((link.number, link.time.as_ref()?)));
        read.filter(|(_, time)| time.doubt().is_some())
    }

    /// Adds what is wrong with a segment's media, at the link that closed it. `now` is how many bytes there
    /// are, if they are not as many as were recorded.
    pub fn media(&mut self, segment: u32, fault: Fault, now: Option<u64>) {
        let closed = |link: &Checked| match link.event {
            Some(Event::Segment { segment: number, bytes, .. }) if number == segment => {
                Some((link.number, bytes))
            }
            _ => None,
        };
        let Some((link, bytes)) = self.links.iter().find_map(closed) else { return };
        let field = if now.is_some() { "bytes" } else { "sha256" };
        let mut finding = Finding::new(Some(link), field, fault).naming("segment", segment);
        if let Some(now) = now {
            finding = finding.naming("recorded", bytes).naming("now", now);
        }
        self.findings.push(finding);
    }
}

/// Checks a stored chain. Costs one pass over its bytes; the media are the caller's to read.
pub fn verify(bytes: &[u8], expected: &Expected<'_>) -> Report {
    let mut check = Check { findings: Vec::new(), chain: None };
    if bytes.len() > limits::BYTES {
        check.add(None, "", Fault::Unreadable);
        return Report { links: Vec::new(), about: None, seal: None, findings: check.findings };
    }
    let (stored, seal_lines) = cut(bytes);
    if stored.is_empty() || stored.len() > limits::LINKS {
        check.add(None, "", Fault::Unreadable);
    }
    let (links, last) = check.links(&stored);
    let seal = check.seal(&seal_lines, last, expected);
    let about = check.about(&links, expected);
    course::check(&links, expected, &mut check);
    check.ending(&links, expected);
    check.received(&links, expected);
    Report { links, about, seal, findings: check.findings }
}

pub(super) struct Check {
    findings: Vec<Finding>,
    chain: Option<String>,
}

impl Check {
    pub(super) fn add(&mut self, link: Option<u64>, field: &str, fault: Fault) {
        let finding = Finding::new(link, field, fault);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Every link by itself and in its place. Returns the last hash as it must be.
    fn links(&mut self, stored: &[Stored]) -> (Vec<Checked>, LinkHash) {
        let mut links = Vec::with_capacity(stored.len());
        let mut before = LinkHash::NONE;
        let mut next = 0;
        for (at, link) in stored.iter().enumerate() {
            let counted = self.findings.len();
            // A last line that says nothing is the hash, whose sign was changed.
            let unsigned = link.without_torn_hash();
            let (number, event, time) = self.one(unsigned.as_ref().unwrap_or(link), next);
            if unsigned.is_some() {
                self.add(Some(number), "hash", Fault::Damaged);
            }
            let link = unsigned.as_ref().unwrap_or(link);
            let damaged = self.findings.len() > counted;
            match number.cmp(&next) {
                std::cmp::Ordering::Equal => {}
                // A short gap is named link by link; nobody reads a list of thousands.
                std::cmp::Ordering::Greater if number - next <= 100 => {
                    (next..number).for_each(|missing| self.add(Some(missing), "", Fault::Missing));
                }
                std::cmp::Ordering::Greater => self.add(Some(next), "", Fault::Missing),
                std::cmp::Ordering::Less => self.add(Some(number), "", Fault::OutOfPlace),
            }
            let made = String::from_utf8_lossy(&link.body);
            let made = hash(before, &made);
            let given = link.hash.as_deref().and_then(read_hash);
            let fits = given == Some(made);
            // What the links after it hang on tells which of the two was changed.
            let follows = |hash: LinkHash| stored.get(at + 1).is_some_and(|next| hangs_on(next, hash));
            let gap = number != next;
            before = match given {
                Some(given) if fits => given,
                // The lines were changed, or something before: the rest hangs on what was given.
                Some(given) if damaged || gap || follows(given) => {
                    if !damaged && !gap && given != made {
                        self.add(Some(number), "", Fault::Rewritten);
                    }
                    given
                }
                _ if damaged => made,
                _ => {
                    self.add(Some(number), "hash", Fault::Hash);
                    made
                }
            };
            next = number.saturating_add(1);
            links.push(Checked { number, event, time, hash: before });
        }
        (links, before)
    }

    fn one(&mut self, link: &Stored, expected: u64) -> (u64, Option<Event>, Option<TrustedTime>) {
        let counted = self.findings.len();
        let mut lines = link.lines.iter();
        let head = lines.next().map(Vec::as_slice).and_then(readable);
        let named = head.and_then(said).and_then(header);
        let (number, event) = match named {
            Some(found) => found,
            None => {
                // Nobody knows which it is but by its place.
                self.add(Some(expected), "link", Fault::Damaged);
                (expected, "")
            }
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        let names = Event::names(event);
        let order = names.map(|own| {
            let own = std::iter::once("chain").chain(own.iter().copied());
            own.chain(clocks::ALWAYS).chain(clocks::KNOWN).collect::<Vec<_>>()
        });
        for (at, line) in lines.enumerate() {
            let read = readable(line).and_then(said).and_then(|said| said.split_once(' '));
            let value = read.and_then(|(name, value)| Some((name, text::unescaped(value)?)));
            match value {
                Some((name, value)) => fields.push((name.to_owned(), value)),
                None => {
                    let told = readable(line).and_then(|line| line.split_once(' ')).map(|(name, _)| name);
                    let known = told.filter(|name| order.as_ref().is_some_and(|o| o.contains(name)));
                    let place = order.as_ref().and_then(|order| order.get(at).copied());
                    let field = known.or(place).map_or_else(|| format!("line {}", at + 2), str::to_owned);
                    self.add(Some(number), &field, Fault::Damaged);
                }
            }
        }
        if self.findings.len() > counted {
            return (number, None, None);
        }
        let given: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let Some(order) = order else {
            self.add(Some(number), "link", Fault::Malformed);
            return (number, None, None);
        };
        // The fields that must be there, in this order; of the last three each may be missing.
        let mut wanted = order.iter().copied().peekable();
        for (name, _) in &given {
            while wanted.peek().is_some_and(|want| want != name && clocks::KNOWN.contains(want)) {
                wanted.next();
            }
            if wanted.next() != Some(*name) {
                self.add(Some(number), name, Fault::Malformed);
                return (number, None, None);
            }
        }
        if let Some(missing) = wanted.find(|want| !clocks::KNOWN.contains(want)) {
            self.add(Some(number), missing, Fault::Missing);
            return (number, None, None);
        }
        self.chain(number, &given);
        let event = Event::read(event, &given).map_err(|f| self.add(Some(number), f, Fault::Malformed));
        let time = clocks::read(&given).map_err(|f| self.add(Some(number), f, Fault::Clocks));
        (number, event.ok(), time.ok())
    }

    fn chain(&mut self, number: u64, fields: &[(&str, &str)]) {
        let own = fields.iter().find(|(name, _)| *name == "chain").map(|(_, id)| (*id).to_owned());
        match (&self.chain, own) {
            (None, own) => self.chain = own,
            (Some(chain), Some(own)) if *chain != own => self.add(Some(number), "chain", Fault::Foreign),
            _ => {}
        }
    }

    fn seal(&mut self, lines: &[Vec<u8>], last: LinkHash, expected: &Expected<'_>) -> Option<Seal> {
        if lines.is_empty() {
            self.add(None, "", Fault::Cut);
            return None;
        }
        match Seal::read(lines) {
            Err(field) => {
                self.add(None, field, Fault::Damaged);
                None
            }
            Ok(seal) => {
                if expected.device.is_none() {
                    self.add(None, "key", Fault::UnknownSigner);
                }
                let key = expected.device.map_or(seal.key, |(_, key)| key);
                if seal.key != key {
                    self.add(None, "key", Fault::OtherKey);
                }
                if !seal.is_by(&key) {
                    self.add(None, "signature", Fault::Signature);
                } else if seal.head != last {
                    self.add(None, "head", Fault::Cut);
                }
                Some(seal)
            }
        }
    }

    fn about(&mut self, links: &[Checked], expected: &Expected<'_>) -> Option<About> {
        let first = links.first()?;
        let Some(Event::Begin(about)) = &first.event else {
            if first.event.is_some() {
                self.add(Some(0), "", Fault::Missing);
            }
            return None;
        };
        let (device, script) = (expected.device.map(|(device, _)| device), expected.script);
        let compared = [
            ("record", about.record != expected.record, Fault::OtherRecord),
            ("field", expected.field.is_some_and(|field| field != about.field), Fault::OtherRecord),
            ("person", expected.person.is_some_and(|person| person != about.person), Fault::OtherRecord),
            ("device", device.is_some_and(|device| device != about.device), Fault::OtherRecord),
            ("script", script.is_some_and(|script| script.name != about.script), Fault::Script),
            ("medium", script.is_some_and(|script| script.medium != about.medium), Fault::Script),
        ];
        for (field, _, fault) in compared.into_iter().filter(|(_, differs, _)| *differs) {
            self.add(Some(first.number), field, fault);
        }
        Some(about.clone())
    }

    /// It ended as the record says: one that was broken off passes for no complete one.
    fn ending(&mut self, links: &[Checked], expected: &Expected<'_>) {
        for link in links {
            let Some(Event::Finish { ending, .. }) = &link.event else { continue };
            if expected.ending.is_some_and(|told| told != *ending) {
                self.add(Some(link.number), "ending", Fault::Sum);
            }
        }
    }

    /// Nothing happened after the server had it; the first link that says so is told.
    fn received(&mut self, links: &[Checked], expected: &Expected<'_>) {
        let Some(received_ms) = expected.received_ms else { return };
        let later = links.iter().find(|link| {
            let Some(time) = &link.time else { return false };
            let within = i64::try_from(time.within_ms().unwrap_or(0)).unwrap_or(i64::MAX);
            time.at_ms > received_ms.saturating_add(within.max(TOLERANCE_MS))
        });
        if let Some(link) = later {
            self.add(Some(link.number), "at", Fault::Later);
        }
    }
}

/// What a stored chain says that it is about, and when it began: its first link, whatever that is worth.
pub fn about(bytes: &[u8]) -> Option<(About, TrustedTime)> {
    let (stored, _) = cut(bytes.get(..limits::FIRST.min(bytes.len()))?);
    let mut check = Check { findings: Vec::new(), chain: None };
    match check.one(stored.first()?, 0) {
        (0, Some(Event::Begin(about)), Some(time)) => Some((about, time)),
        _ => None,
    }
}

/// The key that a stored chain says it was signed with, whatever that is worth.
pub fn sealed_by(bytes: &[u8]) -> Option<PublicKey> {
    let (_, seal) = cut(bytes.get(..limits::BYTES.min(bytes.len()))?);
    Seal::read(&seal).ok().map(|seal| seal.key)
}

fn readable(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok()
}

/// `@3 mark`.
fn header(said: &str) -> Option<(u64, &str)> {
    let (number, event) = said.strip_prefix('@')?.split_once(' ')?;
    let read: u64 = number.parse().ok().filter(|n: &u64| n.to_string() == number)?;
    Some((read, event))
}

fn read_hash(text: &[u8]) -> Option<LinkHash> {
    let mut out = [0; 32];
    hex::decode_to_slice(text, &mut out).ok()?;
    // One spelling only: letters are small.
    (LinkHash(out).to_string().as_bytes() == text).then_some(LinkHash(out))
}

/// Whether a stored link's hash fits its lines if it hangs on this one.
fn hangs_on(link: &Stored, before: LinkHash) -> bool {
    let Some(given) = link.hash.as_deref().and_then(read_hash) else { return false };
    hash(before, &String::from_utf8_lossy(&link.body)) == given
}
