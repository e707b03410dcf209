//! Batches: how far each is, and what to do about what was refused, one by one.

use super::{Look, line_of};
use crate::ask::Question;
use crate::make::tone;
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Line, Notice, Screen, Sure, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::batch::{BatchScreen, ItemLine};
use rounds_device::store::batches::State;
use rounds_workflow::{Catalogue, Field};
use std::collections::BTreeMap;

/// Refused items that are shown at once, each with its buttons.
const AT_ONCE: usize = 20;

/// What was worked out of a question with an answer.
type Asks = BTreeMap<(String, String), Option<Question>>;

impl Look<'_> {
    pub(super) fn batches(&self) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("batches", self.plain("batches"));
        let all = self.rounds.batches(self.lang)?;
        if all.is_empty() {
            screen.empty(self.plain("batches-none"), self.plain("batches-none-text"));
        }
        for batch in all {
            let mut line = Line::new(&batch.number.to_string(), batch.title);
            line.subtitle = Some(batch.state_text);
            line.end = Some(batch.at);
            if batch.state == "needs_you" {
                line.mark = Some("!".to_owned());
            }
            screen.line(line.tapping(&Tap::To(Route::Batch { number: batch.number })));
        }
        Ok(screen)
    }

    pub(super) fn batch(&self, number: i64) -> Result<Screen, RoundsError> {
        let batch = self.rounds.batch(number, self.lang)?;
        let mut screen = Screen::new("batch", batch.line.title.clone());
        screen.subtitle = Some(batch.line.state_text.clone());
        if let Some(newer) = &batch.line.newer {
            screen.notice(Notice::saying(Tone::Warning, newer.clone()));
        }
        if batch.line.progress.of > 0 {
            screen.blocks.push(Block::Progress {
                text: batch.line.state_text.clone(),
                done: u64::from(batch.line.progress.done),
                of: u64::from(batch.line.progress.of),
            });
        }
        let open = matches!(batch.line.state, "going" | "needs_you");
        let refused = |item: &&ItemLine| open && item.state == State::Refused;
        let mut asks = Asks::new();
        for item in batch.items.iter().filter(refused).take(AT_ONCE) {
            screen.notice(self.refused(&batch, item, &mut asks)?);
        }
        let more = batch.items.iter().filter(refused).count().saturating_sub(AT_ONCE);
        if more > 0 {
            screen.text(self.words("batch-more", &[("n", more.to_string())]));
        }
        for item in batch.items.iter().filter(|item| !refused(item)) {
            screen.line(self.item(&batch, item));
        }
        match batch.line.state {
            "going" => {
                screen.main = Some(Button::new(&Tap::BatchOn(number), self.plain("batch-on")));
                let mut cancel = Button::new(&Tap::BatchCancel(number), self.plain("batch-cancel"));
                cancel.sure = Some(Sure {
                    text: self.plain("batch-cancel-sure"),
                    yes: self.plain("batch-cancel"),
                    no: self.plain("no"),
                });
                screen.also.push(cancel);
            }
            "needs_you" => {
                screen.main = Some(Button::new(&Tap::BatchOn(number), self.plain("batch-again")));
                screen.also.push(Button::new(&Tap::BatchCancel(number), self.plain("batch-cancel")));
            }
            _ => {}
        }
        Ok(screen)
    }

    fn item(&self, batch: &BatchScreen, item: &ItemLine) -> Line {
        let mut line = match &item.record {
            Some(record) => line_of(record),
            None => Line::new("", self.typed_title(&batch.line.kind, &item.typed)),
        };
        line.id = item.item.to_string();
        let meant = match item.state {
            State::Done => tone("good"),
            State::Refused => tone("bad"),
            _ => tone("neutral"),
        };
        line.badges.insert(0, Badge::new(item.state_text.clone(), meant));
        line.why_not = item.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
        line
    }

    /// What was refused: why, and to be tried again with other answers, or left out.
    fn refused(&self, batch: &BatchScreen, item: &ItemLine, asks: &mut Asks) -> Result<Notice, RoundsError> {
        let line = self.item(batch, item);
        let mut notice = Notice::saying(Tone::Warning, line.title.clone());
        if let Some(why) = &item.reason {
            notice = Notice::why(why);
            notice.text = format!("{}: {}", line.title, why.reason);
        }
        if let Some(record) = &item.record {
            notice.buttons.push(Button::new(&super::open(record.id), self.plain("open-it")));
        }
        if let Some(link) = item.reason.as_ref().and_then(|why| why.link) {
            notice.buttons.push(Button::new(&super::open(link), self.plain("open-other")));
        }
        let number = batch.line.number;
        let mut mend = Button::new(&Tap::BatchMend(number, item.item), self.plain("held-retry"));
        let given: BTreeMap<String, String> = item.typed.iter().cloned().collect();
        let packs = self.packs();
        for field in asked_in(&packs, batch).iter().filter(|field| given.contains_key(&field.name)) {
            // With the same answer it is the same question: it was mostly given once, for all of them.
            let same = (field.name.clone(), given.get(&field.name).cloned().unwrap_or_default());
            let asked = match asks.get(&same) {
                Some(asked) => asked.clone(),
                None => super::outbox::on_sheet(self.of_field(None, field, &given)?),
            };
            asks.insert(same, asked.clone());
            mend.asks.extend(asked);
        }
        notice.buttons.push(mend);
        let drop = Button::new(&Tap::BatchDrop(number, item.item), self.plain("batch-drop"));
        notice.buttons.push(Button { tone: Tone::Bad, ..drop });
        Ok(notice)
    }
}

/// The questions that a batch answers for each of its items.
fn asked_in<'k>(packs: &'k Catalogue, batch: &BatchScreen) -> &'k [Field] {
    let Some(kind) = packs.kind(&batch.line.kind) else { return &[] };
    match &batch.line.act {
        Some(act) => kind.act(act).map(|rule| rule.payload.as_slice()).unwrap_or_default(),
        None => &kind.fields,
    }
}
