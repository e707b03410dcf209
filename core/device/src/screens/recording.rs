//! The prompter: the step of a script that is spoken now, what must happen before the next one, and what
//! has been recorded so far.

use super::record::Reason;
use super::say;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::recording::under_way::{self, UnderWay};
use crate::store::records;
use rounds_evidence::session::{Gate, State};
use rounds_evidence::words;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::text::Lang;
use rounds_model::time::Judgement;
use rusqlite::Connection;
use serde::Serialize;
use std::sync::TryLockError;

/// The prompter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prompter {
    /// The record.
    pub record: DocId,
    /// The question that the recording answers.
    pub field: String,
    /// Its title.
    pub title: String,
    /// `none` (not begun), `recording`, `paused`, `ended`.
    pub state: &'static str,
    /// The same in words, with why it stands still.
    pub said: String,
    /// `audio` or `video`; empty before it is begun.
    pub medium: &'static str,
    /// Steps that are done.
    pub done: u32,
    /// Steps in all.
    pub of: u32,
    /// The step that is shown; none before it is begun and when all are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepCard>,
    /// Segments begun, and how many of them are encrypted and queued.
    pub segments: (u32, u32),
    /// How far the time may be believed.
    pub clock: String,
    /// It may not.
    pub clock_doubt: bool,
    /// What can be done now: `begin`, `answer`, `mark`, `pause`, `resume`, `finish`, `break-off`.
    pub can: Vec<&'static str>,
}

/// A step as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepCard {
    /// Its number, from 1.
    pub number: u32,
    /// Who speaks.
    pub speaker: String,
    /// What is spoken: in Chinese, whatever the reader's language.
    pub text: String,
    /// The same in the reader's language, if that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gloss: Option<String>,
    /// What to do in this way of recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the customer must answer; empty if nothing.
    pub needs: String,
    /// What they answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
    /// How long it must be held, milliseconds.
    pub hold_ms: u64,
    /// How much longer it must be held, milliseconds; a shell counts down and asks again.
    pub left_ms: u64,
    /// Why it cannot be marked yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<Reason>,
}

impl Rounds {
    /// The prompter of a question.
    pub fn prompter(&self, doc: DocId, field: &str, lang: Lang) -> Result<Prompter, RoundsError> {
        // While a segment is put away the screen shows what is stored, rather than wait.
        let (held, busy) = match self.recording.try_lock() {
            Ok(held) => (Some(held), false),
            Err(TryLockError::Poisoned(held)) => (Some(held.into_inner()), false),
            Err(TryLockError::WouldBlock) => (None, true),
        };
        let held = held.as_ref().and_then(|held| held.as_ref());
        let in_hand = held.filter(|it| it.doc == doc && it.field == field);
        Ok(self.store.read(|db| match in_hand {
            Some(it) => prompter(self, db, doc, field, Some((it, true)), lang),
            None => {
                let stored = under_way::load(db, doc, field)?;
                prompter(self, db, doc, field, stored.as_ref().map(|it| (it, busy)), lang)
            }
        })?)
    }
}

fn prompter(
    rounds: &Rounds,
    db: &Connection,
    doc: DocId,
    field: &str,
    it: Option<(&UnderWay, bool)>,
    lang: Lang,
) -> Result<Prompter, Fail> {
    let catalogue = rounds.catalogue();
    let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
    let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
    if kind.recording(field).is_none() {
        return Err(Fail::UnknownQuestion(field.to_owned()));
    }
    let title = kind.question_title(field).map(|title| title.get(lang).to_owned()).unwrap_or_default();
    let now = rounds.now(db)?;
    let doubt = matches!(now.judgement, Judgement::Suspect | Judgement::Unchecked);
    let mut screen = Prompter {
        record: doc,
        field: field.to_owned(),
        title,
        state: "none",
        said: say(lang, "prompter-none", &[]),
        medium: "",
        done: 0,
        of: 0,
        step: None,
        segments: (0, 0),
        clock: words::time(&now).get(lang).to_owned(),
        clock_doubt: doubt,
        can: vec!["begin"],
    };
    let Some((it, in_hand)) = it else {
        if row.data.contains_key(field) {
            screen.state = "ended";
            screen.said = say(lang, "prompter-ended", &[]);
        }
        return Ok(screen);
    };
    let session = &it.session;
    screen.medium = if it.kept.video { "video" } else { "audio" };
    (screen.done, screen.segments) = (session.marked(), session.segments());
    screen.of = u32::try_from(it.kept.steps.len()).unwrap_or(u32::MAX);
    // What another run of the app recorded was killed with it, whatever its last link says.
    let recording = it.is_recording() && in_hand;
    let gate = if recording { None } else { Some(Gate::Paused) };
    (screen.state, screen.said) = match session.state {
        State::Recording { .. } if recording => ("recording", say(lang, "prompter-recording", &[])),
        State::Recording { .. } => ("paused", paused(lang, "killed")),
        State::Paused { why: Some(why) } => ("paused", paused(lang, why.name())),
        State::Paused { why: None } => ("paused", say(lang, "prompter-none", &[])),
        State::Ended(_) => ("ended", say(lang, "prompter-ended", &[])),
    };
    screen.can = match (screen.state, screen.done == screen.of) {
        ("recording", true) => vec!["pause", "finish", "break-off"],
        ("recording", false) => vec!["answer", "mark", "pause", "break-off"],
        ("paused", true) => vec!["resume", "finish", "break-off"],
        ("paused", false) => vec!["resume", "break-off"],
        _ => vec![],
    };
    let shown = session.step().zip(it.kept.steps.get(session.marked() as usize));
    screen.step = shown.map(|(step, words)| {
        let left_ms = session.left_ms(&now);
        let needs = !step.needs.is_empty() && session.said() != Some(&step.needs);
        let gate = gate.or_else(|| needs.then(|| Gate::Answer(step.needs.clone())));
        let gate = gate.or((left_ms > 0).then_some(Gate::Held { left_ms }));
        StepCard {
            number: step.number,
            speaker: words.speaker.get(lang).to_owned(),
            text: words.text.zh.clone(),
            gloss: (lang != Lang::Zh).then(|| words.text.get(lang).to_owned()),
            note: words.note.as_ref().map(|note| note.get(lang).to_owned()),
            needs: step.needs.clone(),
            answered: session.said().map(str::to_owned),
            hold_ms: step.hold_ms,
            left_ms,
            why_not: gate.map(|gate| reason(&gate, lang)),
        }
    });
    Ok(screen)
}

fn paused(lang: Lang, why: &str) -> String {
    let why = words::messages().get(lang, &format!("stop-{why}"), &[]);
    say(lang, "prompter-paused", &[("why", why)])
}

fn reason(gate: &Gate, lang: Lang) -> Reason {
    let (text, remedy) = words::gate(gate);
    Reason::of(&Refusal::new(gate.code(), text, remedy), lang)
}
