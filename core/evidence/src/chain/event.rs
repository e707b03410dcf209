//! What a link says.

use rounds_model::ids::{BlobHash, DeviceId, DocId, PersonId};
use serde::{Deserialize, Serialize};

/// Something that happened in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It begins.
    Begin(About),
    /// A step of the script is shown.
    Step {
        /// Its number, from 1.
        step: u32,
        /// Who speaks.
        speaker: String,
        /// What is spoken, with its blanks filled in.
        text: String,
        /// What the customer must answer; empty if nothing.
        needs: String,
        /// How long it must be held before it may be marked, milliseconds; 0 if not at all.
        hold_ms: u64,
    },
    /// The customer answered.
    Answer {
        /// To which step.
        step: u32,
        /// What.
        said: String,
    },
    /// The step is done.
    Mark {
        /// Which.
        step: u32,
        /// How long it was held without a break, milliseconds by the monotonic clock.
        held_ms: u64,
    },
    /// The recording stands still.
    Pause {
        /// Why.
        why: Stop,
        /// When the recorder took its last sample: milliseconds of the monotonic clock, in the boot of
        /// this link; none if nobody knows.
        stopped: Option<u64>,
    },
    /// It goes on, in a new segment.
    Resume {
        /// The segment's number, from 1.
        segment: u32,
        /// What was not recorded.
        gap: Gap,
    },
    /// A segment was closed: this is all of it.
    Segment {
        /// Its number, from 1.
        segment: u32,
        /// The SHA-256 of its bytes.
        hash: BlobHash,
        /// Its bytes.
        bytes: u64,
        /// How long its media is, milliseconds; 0 if a kill left nobody who knows.
        media_ms: u64,
    },
    /// A look at the clocks that found something: a clock that was set, a restart.
    Clock,
    /// It ends, with everything marked or broken off.
    Finish {
        /// How.
        ending: Ending,
        /// How many steps were marked.
        steps: u32,
        /// How many segments there are.
        segments: u32,
    },
}

/// What a recording is about, and who makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The record.
    pub record: DocId,
    /// The question that the recording answers.
    pub field: String,
    /// Who records.
    pub person: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// The script, and the version of its pack.
    pub script: String,
    /// How many steps it has.
    pub steps: u32,
    /// `audio` or `video`.
    pub medium: String,
}

/// Why a recording stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Its maker asked for it.
    Asked,
    /// A call came, or another app took the microphone.
    Call,
    /// The app went out of sight.
    Background,
    /// The battery was empty, or the phone too hot.
    Power,
    /// There was no room left.
    Storage,
    /// The recorder broke.
    Broken,
    /// The app was killed; noticed when it started again.
    Killed,
}

impl Stop {
    /// All of them.
    pub const ALL: [Stop; 7] =
        [Stop::Asked, Stop::Call, Stop::Background, Stop::Power, Stop::Storage, Stop::Broken, Stop::Killed];

    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Asked => "asked",
            Stop::Call => "call",
            Stop::Background => "background",
            Stop::Power => "power",
            Stop::Storage => "storage",
            Stop::Broken => "broken",
            Stop::Killed => "killed",
        }
    }
}

/// What was not recorded between two segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// So many milliseconds by the monotonic clock.
    Exact(u64),
    /// At most so many, because nobody knows when it broke off.
    AtMost(u64),
    /// About so many, by clocks that were restarted between.
    About(u64),
    /// Nobody can say: the clocks cannot be compared.
    Unknown,
    /// None: it is the first segment.
    None,
}

impl Gap {
    pub(super) fn write(self) -> String {
        match self {
            Gap::Exact(ms) => format!("exact {ms}"),
            Gap::AtMost(ms) => format!("at-most {ms}"),
            Gap::About(ms) => format!("about {ms}"),
            Gap::Unknown => UNKNOWN.to_owned(),
            Gap::None => "none".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Gap> {
        Some(match text.split_once(' ') {
            Some(("exact", ms)) => Gap::Exact(ms.parse().ok()?),
            Some(("at-most", ms)) => Gap::AtMost(ms.parse().ok()?),
            Some(("about", ms)) => Gap::About(ms.parse().ok()?),
            None if text == UNKNOWN => Gap::Unknown,
            None if text == "none" => Gap::None,
            _ => return None,
        })
    }
}

/// How a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Every step was marked.
    Complete,
    /// Its maker broke it off.
    BrokenOff,
}

impl Ending {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Ending::Complete => "complete",
            Ending::BrokenOff => "broken-off",
        }
    }
}

/// What nobody knows.
const UNKNOWN: &str = "unknown";

/// A field's name and its value.
pub(super) type Fields = Vec<(&'static str, String)>;

impl Event {
    /// As it is stored.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Begin(_) => "begin",
            Event::Step { .. } => "step",
            Event::Answer { .. } => "answer",
            Event::Mark { .. } => "mark",
            Event::Pause { .. } => "pause",
            Event::Resume { .. } => "resume",
            Event::Segment { .. } => "segment",
            Event::Clock => "clock",
            Event::Finish { .. } => "finish",
        }
    }

    pub(super) fn fields(&self) -> Fields {
        match self {
            Event::Begin(about) => vec![
                ("record", about.record.to_string()),
                ("field", about.field.clone()),
                ("person", about.person.to_string()),
                ("device", about.device.to_string()),
                ("script", about.script.clone()),
                ("steps", about.steps.to_string()),
                ("medium", about.medium.clone()),
            ],
            Event::Step { step, speaker, text, needs, hold_ms } => vec![
                ("step", step.to_string()),
                ("speaker", speaker.clone()),
                ("text", text.clone()),
                ("needs", needs.clone()),
                ("hold", hold_ms.to_string()),
            ],
            Event::Answer { step, said } => vec![("step", step.to_string()), ("said", said.clone())],
            Event::Mark { step, held_ms } => {
                vec![("step", step.to_string()), ("held", held_ms.to_string())]
            }
            Event::Pause { why, stopped } => {
                let stopped = stopped.map_or_else(|| UNKNOWN.to_owned(), |mono| mono.to_string());
                vec![("why", why.name().to_owned()), ("stopped", stopped)]
            }
            Event::Resume { segment, gap } => {
                vec![("segment", segment.to_string()), ("gap", gap.write())]
            }
            Event::Segment { segment, hash, bytes, media_ms } => vec![
                ("segment", segment.to_string()),
                ("sha256", hash.to_string()),
                ("bytes", bytes.to_string()),
                ("media", media_ms.to_string()),
            ],
            Event::Clock => vec![],
            Event::Finish { ending, steps, segments } => vec![
                ("ending", ending.name().to_owned()),
                ("steps", steps.to_string()),
                ("segments", segments.to_string()),
            ],
        }
    }

    /// The names of the fields that an event of this name has, in their order; none for no event.
    pub(crate) fn names(event: &str) -> Option<&'static [&'static str]> {
        Some(match event {
            "begin" => &["record", "field", "person", "device", "script", "steps", "medium"],
            "step" => &["step", "speaker", "text", "needs", "hold"],
            "answer" => &["step", "said"],
            "mark" => &["step", "held"],
            "pause" => &["why", "stopped"],
            "resume" => &["segment", "gap"],
            "segment" => &["segment", "sha256", "bytes", "media"],
            "clock" => &[],
            "finish" => &["ending", "steps", "segments"],
            _ => return None,
        })
    }

    /// Reads an event from its fields, which are those of [`Event::names`]; otherwise the name of the
    /// field that is not as it must be.
    pub(super) fn read(event: &str, fields: &[(&str, &str)]) -> Result<Event, &'static str> {
        let get = |name: &'static str| {
            fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or(name)
        };
        fn number<T: std::str::FromStr + ToString>(
            text: &str,
            name: &'static str,
        ) -> Result<T, &'static str> {
            // One spelling only.
            text.parse().ok().filter(|n: &T| n.to_string() == text).ok_or(name)
        }
        let text = |name: &'static str| get(name).map(str::to_owned);
        Ok(match event {
            "begin" => Event::Begin(About {
                record: number(get("record")?, "record")?,
                field: text("field")?,
                person: number(get("person")?, "person")?,
                device: number(get("device")?, "device")?,
                script: text("script")?,
                steps: number(get("steps")?, "steps")?,
                medium: text("medium")?,
            }),
            "step" => Event::Step {
                step: number(get("step")?, "step")?,
                speaker: text("speaker")?,
                text: text("text")?,
                needs: text("needs")?,
                hold_ms: number(get("hold")?, "hold")?,
            },
            "answer" => Event::Answer { step: number(get("step")?, "step")?, said: text("said")? },
            "mark" => {
                Event::Mark { step: number(get("step")?, "step")?, held_ms: number(get("held")?, "held")? }
            }
            "pause" => {
                let why = get("why")?;
                let stopped = match get("stopped")? {
                    UNKNOWN => None,
                    mono => Some(number(mono, "stopped")?),
                };
                Event::Pause { why: Stop::ALL.into_iter().find(|s| s.name() == why).ok_or("why")?, stopped }
            }
            "resume" => Event::Resume {
                segment: number(get("segment")?, "segment")?,
                gap: Gap::read(get("gap")?).filter(|gap| get("gap") == Ok(&*gap.write())).ok_or("gap")?,
            },
            "segment" => Event::Segment {
                segment: number(get("segment")?, "segment")?,
                hash: number(get("sha256")?, "sha256")?,
                bytes: number(get("bytes")?, "bytes")?,
                media_ms: number(get("media")?, "media")?,
            },
            "clock" => Event::Clock,
            "finish" => Event::Finish {
                ending: match get("ending")? {
                    "complete" => Ending::Complete,
                    "broken-off" => Ending::BrokenOff,
                    _ => return Err("ending"),
                },
                steps: number(get("steps")?, "steps")?,
                segments: number(get("segments")?, "segments")?,
            },
            _ => return Err("event"),
        })
    }
}
