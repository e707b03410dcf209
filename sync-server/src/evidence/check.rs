//! The chain of a recording, checked with everything that the server knows: the device's key, the
//! server's own signature, which media arrived, and what the file itself is.
//!
//! [`super::sealed`] says which file it is that is checked, and what is wrong with the recording as a whole.

use super::confirm::Confirmed;
use super::sealed::Problem;
use crate::error::Error;
use crate::error::Result;
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use rounds_evidence::chain::verify::{Expected, Scripted};
use rounds_evidence::chain::{About, Ending, Fault, Finding, Report, verify};
use rounds_evidence::session::{Script, Step};
use rounds_model::canonical;
use rounds_model::ids::{BlobHash, DeviceId, DocId, PersonId, PublicKey};
use rounds_model::text::Text;
use rounds_model::time::TrustedTime;
use rounds_workflow::{Person, Projection, View, moment};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

pub use super::sealed::recordings;

/// The code of a recording that is not whole.
pub const BROKEN: &str = "recording-broken";
/// The code of a recording while which the phone's clocks were in doubt.
pub const CLOCK: &str = "recording-clock";
/// The code of a recording that was sealed and has not arrived.
pub const AWAITED: &str = "recording-awaited";

/// A recording of a record, before its chain is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The record.
    pub doc: DocId,
    /// The question.
    pub field: String,
    /// What it is called.
    pub title: Text,
    /// The chain's file: the one that was sealed while nobody may answer anew, otherwise the answer.
    pub blob: BlobHash,
    /// The chain's bytes have arrived.
    pub arrived: bool,
    /// When they were stored, Unix milliseconds; 0 before.
    pub arrived_ms: i64,
    /// How it ended, as the record says.
    pub ending: Option<Ending>,
    /// Its segments, as the record says.
    pub segments: Vec<BlobHash>,
    /// Who sealed it.
    pub person: Option<PersonId>,
    /// What the server has confirmed of it.
    pub confirmed: Option<Confirmed>,
    /// The server's signature on that fits.
    pub confirmation_fits: bool,
    /// What is wrong with it before anybody has read its chain.
    pub problems: Vec<Problem>,
    /// Files of the record that have arrived, with their bytes.
    pub media: BTreeMap<BlobHash, u64>,
}

/// A recording that was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Which.
    pub recording: Recording,
    /// What is wrong with it as a whole.
    pub problems: Vec<Problem>,
    /// What became of its chain; none if that is not here.
    pub report: Option<Report>,
    /// The device that says it recorded, if it is enrolled as that of whom it says, with its key.
    pub device: Option<(DeviceId, PublicKey)>,
    /// The steps were compared with those that the record asks for.
    pub script: bool,
    /// Every byte of the segments was read.
    pub media: bool,
}

impl Checked {
    /// One whose chain is not here.
    pub fn unread(recording: Recording) -> Checked {
        let problems = recording.problems.clone();
        Checked { recording, problems, report: None, device: None, script: false, media: false }
    }

    /// Nothing is wrong with it, and nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty() && self.report.as_ref().is_some_and(Report::is_whole)
    }

    /// What is wrong with its chain.
    pub fn findings(&self) -> &[Finding] {
        self.report.as_ref().map(|report| report.findings.as_slice()).unwrap_or_default()
    }

    /// How much is wrong with it.
    pub fn wrong(&self) -> usize {
        self.problems.len() + self.findings().len()
    }
}

/// Checks a recording whose chain is these bytes. Whose it is to be, the chain itself says: a rep may have
/// changed phones before sealing it. It is believed if that device is enrolled, as that person's. That
/// media have not arrived yet is told by the segment; media themselves are read by whoever wants to know.
pub fn check(view: &dyn Read, rules: &Rules, recording: &Recording, bytes: &[u8]) -> Result<Checked> {
    let stated = verify::about(bytes);
    let device = match &stated {
        Some((about, _)) => view.device(about.device)?.filter(|row| row.person == about.person),
        // Its first link was changed, which is told; whose it was, the key under it says, if it is one of
        // the phones of whoever sealed it.
        None => {
            let key = verify::sealed_by(bytes).filter(|_| recording.person.is_some());
            let own = |person| Some(person) == recording.person;
            view.devices()?.into_iter().find(|row| Some(row.key) == key && own(row.person))
        }
    };
    let device = device.map(|row| (row.device, row.key));
    let asked = match &stated {
        Some((about, began)) => scripted(view, rules, recording, about, began)?,
        None => Asked::Unknown,
    };
    let script = if let Asked::Script(script) = &asked { Some(script) } else { None };
    let confirmed = recording.confirmed.as_ref().filter(|_| recording.confirmation_fits);
    let received = confirmed.map_or(recording.arrived_ms, |c| c.at_ms.min(recording.arrived_ms));
    let expected = Expected {
        device,
        field: Some(&recording.field),
        person: recording.person,
        script,
        ending: recording.ending,
        received_ms: Some(received),
        ..Expected::of(recording.doc)
    };
    let mut report = verify::verify(bytes, &expected);
    if let Asked::Other { recorded, now } = &asked {
        let filed = Finding::new(Some(0), "script", Fault::Filed);
        report.findings.push(filed.naming("recorded", recorded).naming("now", now));
    }
    let segments: Vec<_> = report.segments().collect();
    for (number, hash, size) in segments {
        match recording.media.get(&hash) {
            None => report.media(number, Fault::NoMedia, None),
            Some(stored) if *stored != size => report.media(number, Fault::OtherMedia, Some(*stored)),
            Some(_) => {}
        }
    }
    let mut problems = recording.problems.clone();
    // A chain may be right in itself and not be the one that was answered with.
    if Sha256::digest(bytes).as_slice() != recording.blob.as_bytes() {
        problems.push(Problem::OtherFile);
    }
    let (recording, script) = (recording.clone(), script.is_some());
    Ok(Checked { recording, problems, report: Some(report), device, script, media: false })
}

/// The script that a record asks for.
enum Asked {
    /// With its steps.
    Script(Scripted),
    /// Another one than was recorded by.
    Other { recorded: String, now: String },
    /// Nobody can tell: the pack has changed since, or the record does not say enough.
    Unknown,
}

/// The script as the record asks for it, filled in as it was when the recording began.
fn scripted(
    view: &dyn Read,
    rules: &Rules,
    recording: &Recording,
    about: &About,
    began: &TrustedTime,
) -> Result<Asked> {
    let Some(row) = view.records(&[recording.doc])?.into_iter().next() else { return Ok(Asked::Unknown) };
    let projection: Projection = canonical::decode(&row.projection)?;
    let Some(kind) = rules.catalogue.kind_at(&projection.kind, projection.pack) else {
        return Ok(Asked::Unknown);
    };
    let (recorded, version) = named(&about.script);
    let (Some(rule), Some(person)) = (kind.recording(&recording.field), view.person(about.person)?) else {
        return Ok(Asked::Unknown);
    };
    if version.is_some_and(|version| version < kind.version) {
        return Ok(Asked::Unknown);
    }
    let world = TeamWorld {
        view,
        open: &HashMap::new(),
        now_ms: None,
        damaged: Default::default(),
        histories: &Default::default(),
    };
    let who = Person { id: person.id, role: &person.role };
    let view = View::new(who, &world, moment(began.at_ms, rules.zone));
    let record = projection.record(recording.doc);
    let name = rounds_workflow::script_name(kind, rule, &record, &view);
    if let Ok(name) = name.map_err(|e| Error::Packs(e.to_string()))? {
        let (now, _) = named(&name);
        if version == Some(kind.version) && !now.is_empty() && now != recorded {
            return Ok(Asked::Other { recorded: recorded.to_owned(), now: now.to_owned() });
        }
    }
    let filled = rounds_workflow::script(kind, rule, &record, &view);
    let Ok(script) = filled.map_err(|e| Error::Packs(e.to_string()))? else { return Ok(Asked::Unknown) };
    let steps = script.steps.into_iter().map(|step| Step {
        number: step.number,
        speaker: step.speaker.zh,
        text: step.text.zh,
        needs: step.needs,
        hold_ms: step.hold_ms,
    });
    let medium = script.medium.name().to_owned();
    Ok(Asked::Script(Scripted { name: script.name, medium, script: Script { steps: steps.collect() } }))
}

/// `pack/names version`: the names, and the version.
fn named(script: &str) -> (&str, Option<u32>) {
    let (name, version) = script.rsplit_once(' ').unwrap_or((script, ""));
    (name.split_once('/').map_or(name, |(_, names)| names).trim(), version.parse().ok())
}
