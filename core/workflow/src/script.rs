//! Recordings by script: a table of steps, whose blanks are filled from the record (A.1, A.9).
//!
//! Which script it is, and whether it is recorded with pictures, the record says. What may happen while
//! it is recorded is decided by `rounds-evidence`; here stands only what is spoken.

use crate::available::View;
use crate::complete;
use crate::env::Env;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::messages::{refusal, same};
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::template::Template;
use crate::world::WorldError;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;

/// A recording that a kind asks for.
#[derive(Debug)]
pub struct RecordingRule {
    /// The question that it answers.
    pub field: String,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// The table's steps, of all scripts.
    pub(crate) steps: Vec<StepRule>,
    /// Which scripts, by name, with spaces between; one after the other.
    pub(crate) which: Expression,
    /// `audio` or `video`.
    pub(crate) medium: Expression,
}

/// A step of a script's table.
#[derive(Debug)]
pub(crate) struct StepRule {
    pub script: String,
    pub speaker: Text,
    pub text: Template,
    pub needs: String,
    pub hold_ms: u64,
    pub only: Option<Medium>,
    pub audio: Option<Text>,
    pub video: Option<Text>,
}

/// How a recording is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Sound alone.
    Audio,
    /// Pictures with sound.
    Video,
}

impl Medium {
    /// Its name in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Medium::Audio => "audio",
            Medium::Video => "video",
        }
    }
}

/// A script with its blanks filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its name and the version of its pack.
    pub name: String,
    /// How it is recorded.
    pub medium: Medium,
    /// Its steps in their order, numbered from 1.
    pub steps: Vec<ScriptStep>,
}

/// A step as it is spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptStep {
    /// Its number.
    pub number: u32,
    /// Who speaks.
    pub speaker: Text,
    /// What is spoken; the Chinese text is the one that counts.
    pub text: Text,
    /// What to do in this way of recording.
    pub note: Option<Text>,
    /// What the customer must answer; empty if nothing.
    pub needs: String,
    /// How long it must be held, milliseconds; 0 if not at all, and always with sound alone.
    pub hold_ms: u64,
}

/// The script of a record, filled in.
///
/// Refusals: `script-empty` for a template without steps, be it a part of the whole, `script-blank` while a blank has nothing to be
/// filled with, `script-medium` when the record does not say how it is recorded.
pub fn script(
    kind: &Kind,
    recording: &RecordingRule,
    record: &Record,
    view: &View<'_>,
) -> Result<Result<Script, Refusal>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    settle(filled(kind, recording, &view.env(kind, &whole)))
}

/// What the script of a record is called, with the version of its pack, also while no script can be filled:
/// nothing but this tells which product a recording was filed under.
pub fn script_name(
    kind: &Kind,
    recording: &RecordingRule,
    record: &Record,
    view: &View<'_>,
) -> Result<Result<String, Refusal>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    settle(named(kind, recording, &view.env(kind, &whole)))
}

fn named(kind: &Kind, recording: &RecordingRule, env: &Env<'_>) -> Result<String, Stop> {
    Ok(format!("{}/{} {}", kind.pack, recording.which.shown(env)?, kind.version))
}

fn filled(kind: &Kind, recording: &RecordingRule, env: &Env<'_>) -> Result<Script, Stop> {
    let title = kind.question_title(&recording.field).unwrap_or_else(|| same(&recording.field));
    let no = |code: &str, args: &[(&str, &Text)]| -> Stop {
        let args: Vec<_> = args.iter().copied().chain([("recording", &title)]).collect();
        refusal(code, &args).on(&recording.field).by(recording.rule.as_ref()).into()
    };
    let medium = match recording.medium.shown(env)?.as_str() {
        "audio" => Medium::Audio,
        "video" => Medium::Video,
        _ => return Err(no("script-medium", &[])),
    };
    let which = recording.which.shown(env)?;
    let mut steps = Vec::new();
    for name in which.split_whitespace() {
        // A part whose template is empty is a part that nobody would speak.
        if !recording.steps.iter().any(|step| step.script == name) {
            return Err(no("script-empty", &[]));
        }
        let own = recording.steps.iter().filter(|step| step.script == name);
        for step in own.filter(|step| step.only.is_none_or(|only| only == medium)) {
            let number = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
            if step.text.has_blank(env)? {
                return Err(no("script-blank", &[("step", &same(number.to_string()))]));
            }
            let video = medium == Medium::Video;
            steps.push(ScriptStep {
                number,
                speaker: step.speaker.clone(),
                text: step.text.whole(env)?,
                note: if video { step.video.clone() } else { step.audio.clone() },
                needs: step.needs.clone(),
                hold_ms: if video { step.hold_ms } else { 0 },
            });
        }
    }
    if steps.is_empty() {
        return Err(no("script-empty", &[]));
    }
    let name = format!("{}/{which} {}", kind.pack, kind.version);
    Ok(Script { name, medium, steps })
}
