//! The prompter: what is said now, large, while a recording by its script runs, and what must happen before
//! the next step. What may happen when is the phone's core's to say; this only shows it.

use super::Look;
use crate::ask::{Input, Question};
use crate::screen::{Block, Button, Fact, Notice, Screen, Script, Sure, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::recording::{Prompter, StepCard};
use rounds_model::ids::DocId;

/// How often a recording is looked at, milliseconds.
const LOOK_MS: u64 = 1_000;

impl Look<'_> {
    pub(super) fn prompter(&self, doc: DocId, field: &str) -> Result<Screen, RoundsError> {
        let shown = self.rounds.prompter(doc, field, self.lang)?;
        let mut screen = Screen::new("prompter", shown.title.clone());
        screen.subtitle = Some(self.rounds.row_of(doc, self.lang)?.title);
        if shown.clock_doubt {
            screen.notice(Notice::saying(Tone::Warning, shown.clock.clone()));
        }
        if shown.of > 0 {
            let args = [("done", shown.done.to_string()), ("of", shown.of.to_string())];
            let (done, of) = (u64::from(shown.done), u64::from(shown.of));
            screen.blocks.push(Block::Progress { text: self.words("prompter-progress", &args), done, of });
        }
        match &shown.step {
            Some(step) => self.step(&shown, step, &mut screen),
            None => screen.notice(Notice::saying(tone(shown.state), self.said(&shown))),
        }
        self.lead_on(doc, field, &shown, &mut screen);
        if shown.state == "recording" {
            screen.again_ms = Some(LOOK_MS);
        }
        Ok(screen)
    }

    /// How it stands, in words.
    fn said(&self, shown: &Prompter) -> String {
        match (shown.state, shown.done == shown.of && shown.of > 0) {
            ("recording" | "paused", true) => self.plain("prompter-all"),
            _ => shown.said.clone(),
        }
    }

    fn step(&self, shown: &Prompter, step: &StepCard, screen: &mut Screen) {
        let args = [("n", step.number.to_string()), ("of", shown.of.to_string())];
        screen.blocks.push(Block::Script {
            script: Script {
                step: self.words("prompter-step", &args),
                speaker: step.speaker.clone(),
                words: step.text.clone(),
                instruction: step.note.clone(),
                state: shown.said.clone(),
                recording: shown.state == "recording",
            },
        });
        if let Some(gloss) = &step.gloss {
            screen.text(gloss.clone());
        }
        if !step.needs.is_empty() {
            let mut facts = vec![Fact::new(self.plain("prompter-needs"), step.needs.clone())];
            if let Some(answered) = &step.answered {
                let tone = if *answered == step.needs { Tone::Good } else { Tone::Warning };
                facts.push(Fact { tone, ..Fact::new(self.plain("prompter-said"), answered.clone()) });
            }
            screen.blocks.push(Block::Facts { facts });
        }
        if step.left_ms > 0 && shown.state == "recording" {
            let args = [("n", step.left_ms.div_ceil(1_000).to_string())];
            screen.blocks.push(Block::Ring {
                text: self.words("prompter-hold", &args),
                left_ms: step.left_ms,
                of_ms: step.hold_ms.max(step.left_ms),
            });
        }
    }

    /// What leads on, and what else can be done.
    fn lead_on(&self, doc: DocId, field: &str, shown: &Prompter, screen: &mut Screen) {
        let at = || (doc, field.to_owned());
        let can = |what: &str| shown.can.contains(&what);
        let button =
            |tap: &Tap, key: &str| Button { tone: Tone::Active, ..Button::new(tap, self.plain(key)) };
        let (record, mark) = (Tap::Record(at().0, at().1), Tap::RecordMark(at().0, at().1));
        let finish = button(&Tap::RecordFinish(at().0, at().1), "prompter-finish");
        let needs = shown.step.as_ref().map(|step| step.needs.as_str()).unwrap_or_default();
        let answered = shown.step.as_ref().and_then(|step| step.answered.as_deref());
        if can("begin") && shown.state == "none" {
            screen.text(self.plain("prompter-script"));
            screen.main = Some(button(&record, "prompter-begin"));
        } else if can("finish") {
            screen.main = Some(finish);
        } else if can("resume") {
            screen.main = Some(button(&record, "prompter-resume"));
        } else if can("mark") && !needs.is_empty() && answered != Some(needs) {
            let tap = Tap::RecordSaid(doc, field.to_owned(), needs.to_owned());
            let title = self.words("prompter-answered", &[("answer", needs.to_owned())]);
            screen.main = Some(Button { tone: Tone::Active, ..Button::new(&tap, title) });
            let tap = Tap::RecordOther(doc, field.to_owned());
            let mut other = Button::new(&tap, self.plain("prompter-other"));
            let ask = Question::new("said", self.plain("prompter-other-ask"), Input::Text { long: false });
            other.asks = vec![Question { required: true, ..ask }];
            screen.button(other);
        } else if can("mark") {
            let last = shown.done + 1 == shown.of;
            let mut next = button(&mark, if last { "prompter-mark-last" } else { "prompter-mark" });
            next.why_not = shown.step.as_ref().and_then(|step| step.why_not.as_ref()).map(Notice::why);
            screen.main = Some(next);
        }
        if can("resume") && can("finish") {
            screen.button(Button::new(&record, self.plain("prompter-resume")));
        }
        if can("pause") {
            let tap = Tap::RecordPause(doc, field.to_owned());
            screen.button(Button::new(&tap, self.plain("prompter-pause")));
        }
        if can("break-off") {
            let tap = Tap::RecordBreakOff(doc, field.to_owned());
            let mut end = Button { tone: Tone::Bad, ..Button::new(&tap, self.plain("prompter-break")) };
            end.sure = Some(Sure {
                text: self.plain("prompter-break-sure"),
                yes: self.plain("prompter-break"),
                no: self.plain("prompter-resume"),
            });
            screen.also.push(end);
        }
    }
}

fn tone(state: &str) -> Tone {
    match state {
        "recording" => Tone::Active,
        "paused" => Tone::Warning,
        "ended" => Tone::Good,
        _ => Tone::Neutral,
    }
}
