//! The recorder: a sound or a video that a question asks for, without a script.

use super::Look;
use crate::screen::{Block, Button, Notice, Screen, Script, Sure, Tone};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::recording::MemoState;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;

/// How often it is looked at while it runs, milliseconds.
const LOOK_MS: u64 = 1_000;

impl Look<'_> {
    pub(super) fn memo(&self, doc: DocId, field: &str) -> Result<Screen, RoundsError> {
        let form = self.rounds.form(doc, self.lang)?;
        let node = form.nodes.iter().find(|node| node.question.key == field);
        let asked = &node.ok_or_else(|| wrong("tap-stale", Class::Usage, &[]))?.question;
        let mut screen = Screen::new("memo", asked.label.clone());
        screen.subtitle = Some(self.rounds.row_of(doc, self.lang)?.title);
        let state = self.rounds.memo_look(doc, field)?;
        if let MemoState::Runs(ms) = state {
            screen.blocks.push(Block::Script {
                script: Script {
                    step: String::new(),
                    speaker: String::new(),
                    words: clock(ms),
                    instruction: None,
                    state: self.plain("memo-runs"),
                    recording: true,
                },
            });
            let keep = Button::new(&Tap::MemoKeep, self.plain("memo-keep"));
            screen.main = Some(Button { tone: Tone::Active, ..keep });
            let mut away = Button { tone: Tone::Bad, ..Button::new(&Tap::MemoDrop, self.plain("memo-drop")) };
            away.sure = Some(Sure {
                text: self.plain("memo-drop-sure"),
                yes: self.plain("memo-drop"),
                no: self.plain("no"),
            });
            screen.also.push(away);
            screen.again_ms = Some(LOOK_MS);
            return Ok(screen);
        }
        if let MemoState::Ended(_) = state {
            screen.notice(Notice::saying(Tone::Warning, self.plain("memo-ended")));
        }
        screen.text(self.plain(if asked.value.is_empty() { "memo-begin-text" } else { "memo-again-text" }));
        let begin = Button::new(&Tap::Memo(doc, field.to_owned()), self.plain("prompter-begin"));
        screen.main = Some(Button { tone: Tone::Active, ..begin });
        Ok(screen)
    }
}

/// Minutes and seconds, as a watch shows them.
fn clock(ms: u64) -> String {
    format!("{:02}:{:02}", ms / 60_000, ms / 1_000 % 60)
}
