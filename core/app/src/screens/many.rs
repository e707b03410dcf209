//! Several records for the same step: ticks beside those with which it is possible, then what would come of it,
//! one by one, before anything is done (O.15).

use super::{Look, More, line_of};
use crate::route::{Many, Route};
use crate::screen::{Block, Button, Line, Notice, Screen, Tone};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::batch::foresee::Foreseen;
use rounds_device::batch::{Plan, Selection};
use rounds_device::screens::choosing::{Chosen, Paging};
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::kind::ActRule;
use rounds_workflow::{Answer, Field, Kind};
use std::collections::BTreeMap;

/// Lines of one page.
const PAGE: u32 = 40;

impl Look<'_> {
    pub(super) fn pick(&self, many: &Many, chosen: &[DocId], typed: &str) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("pick", self.step_title(many)?);
        let here = self.rounds.those_here(chosen)?;
        self.left(chosen, &here, &mut screen);
        let chosen = here.as_slice();
        let n = [("n", chosen.len().to_string())];
        screen.subtitle = Some(self.words("pick-chosen", &n));
        if let Many::Each { .. } = many {
            let tap = Route::Pick { many: many.clone(), chosen: vec![], typed: String::new() };
            screen.blocks.push(Block::Find {
                hint: self.plain("search-hint"),
                typed: typed.to_owned(),
                tap: Tap::Turn(tap).text(),
            });
        }
        let lines = self.to_pick(many, chosen, typed, None)?;
        if lines.is_empty() {
            screen.empty(self.plain("list-empty"), self.plain("choices-none-text"));
        }
        screen.blocks.extend(lines);
        let mut on = Button::new(&Tap::Picked, self.words("pick-on", &n));
        on.tone = Tone::Active;
        if chosen.is_empty() {
            on = on.not(Notice::saying(Tone::Neutral, self.plain("pick-none")));
        }
        screen.main = Some(on);
        Ok(screen)
    }

    /// Says how many of those that were chosen have left the phone since.
    fn left(&self, chosen: &[DocId], here: &[DocId], screen: &mut Screen) {
        let left = chosen.len().saturating_sub(here.len());
        if left > 0 {
            let text = self.words("pick-left", &[("n", left.to_string())]);
            screen.notice(Notice::saying(Tone::Warning, text));
        }
    }

    /// More of them, where they are chosen.
    pub(super) fn more_to_pick(&self, from: i64) -> Result<Vec<Block>, RoundsError> {
        let Route::Pick { many, chosen, typed } = self.session.here() else { return Ok(vec![]) };
        self.to_pick(&many, &chosen, &typed, Some(from))
    }

    fn to_pick(
        &self,
        many: &Many,
        chosen: &[DocId],
        typed: &str,
        from: Option<i64>,
    ) -> Result<Vec<Block>, RoundsError> {
        let tick = |mut line: Line, doc: DocId, possible: bool| {
            line.chosen = Some(chosen.contains(&doc));
            line.tap = possible.then(|| Tap::Tick(doc).text());
            Block::Line { line }
        };
        let (mut blocks, next): (Vec<Block>, _) = match many {
            Many::Act { kind, act } => {
                let page = self.rounds.list_for(kind, act, from, PAGE, self.lang)?;
                let possible =
                    |row: &rounds_device::screens::row::Row| row.act.as_ref().is_some_and(|act| act.possible);
                let line = |row| tick(line_of(row), row.id, possible(row));
                (page.rows.iter().map(line).collect(), page.next)
            }
            Many::Each { kind, link } => {
                let packs = self.packs();
                let field = self.kind_of(&packs, kind)?.field(link).ok_or_else(stale)?;
                let given = self.begun(kind);
                let by = Chosen::New(kind, &given);
                let page = Paging { from, most: PAGE as usize };
                let found = self.rounds.candidates_for(by, field, typed, page, self.lang)?;
                let lines = found.candidates.iter();
                let lines = lines.map(|one| tick(self.candidate(one, ""), one.row.id, one.possible));
                (lines.collect(), found.next)
            }
        };
        if let Some(next) = next {
            blocks.push(More::Pick(next).block());
        }
        Ok(blocks)
    }

    /// What was answered of a record that is about to begin, before several were chosen for it.
    fn begun(&self, kind: &str) -> Vec<(String, String)> {
        let below = (1..4).filter_map(|deep| self.session.under(deep));
        let mut begun = below.filter_map(|route| match route {
            Route::New { kind: of, given } if of == kind => Some(given),
            _ => None,
        });
        begun.next().unwrap_or_default().into_iter().collect()
    }

    pub(super) fn foresee(
        &self,
        many: &Many,
        chosen: &[DocId],
        given: &BTreeMap<String, String>,
    ) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("foresee", self.step_title(many)?);
        let here = self.rounds.those_here(chosen)?;
        self.left(chosen, &here, &mut screen);
        let chosen = here.as_slice();
        screen.subtitle = Some(self.words("pick-chosen", &[("n", chosen.len().to_string())]));
        screen.gives = Some(Tap::Give.text());
        let packs = self.packs();
        let mut lacks = false;
        for field in self.asked_for_all(&packs, many, given)? {
            lacks |= field.required && field.relevant.is_none() && !given.contains_key(&field.name);
            screen.ask(self.of_field(None, field, given)?);
        }
        let mut main = Button::new(&Tap::Many, self.words("pick-do", &[("n", chosen.len().to_string())]));
        main.tone = Tone::Active;
        if lacks {
            screen.text(self.plain("pick-first"));
            screen.main = Some(main.not(Notice::saying(Tone::Neutral, self.plain("pick-first"))));
            return Ok(screen);
        }
        let plan = several(self, many, chosen, given);
        let foreseen = match plan.and_then(|plan| self.rounds.foresee(&plan, self.lang)) {
            Ok(foreseen) => foreseen,
            // What was chosen and answered is not lost with it: it can be put right here, or one step back.
            Err(error) => {
                let why = Notice::of(&error, self.lang);
                screen.notice(why.clone());
                screen.main = Some(main.not(why));
                return Ok(screen);
            }
        };
        self.foreseen(&foreseen, &mut screen);
        main.title = self.words("pick-do", &[("n", foreseen.possible.to_string())]);
        if foreseen.possible == 0 {
            main = main.not(Notice::saying(Tone::Warning, self.plain("pick-nothing")));
        }
        screen.main = Some(main);
        Ok(screen)
    }

    fn foreseen(&self, foreseen: &Foreseen, screen: &mut Screen) {
        let args = [("n", foreseen.possible.to_string()), ("of", foreseen.of.to_string())];
        screen.heading(self.words("pick-foreseen", &args));
        for item in &foreseen.items {
            let mut line = match &item.record {
                Some(record) => line_of(record),
                None => Line::new("", self.typed_title(&foreseen.kind, &item.typed)),
            };
            line.id = item.item.to_string();
            line.tap = None;
            line.mark = Some(if item.possible { "✓" } else { "!" }.to_owned());
            line.why_not = item.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
            screen.line(line);
        }
    }

    /// What was typed for a record that is not there, as people read it.
    pub(super) fn typed_title(&self, kind: &str, typed: &[(String, String)]) -> String {
        let packs = self.packs();
        let kind = packs.kind(kind);
        let read = |(key, value): &(String, String)| {
            let field = kind.and_then(|kind| kind.field(key));
            let read = field.and_then(|field| self.rounds.read_answer(field, value, self.lang).ok());
            read.unwrap_or_else(|| value.clone())
        };
        typed.iter().map(read).collect::<Vec<_>>().join(" · ")
    }

    /// What is asked once, for all of them.
    fn asked_for_all<'k>(
        &self,
        packs: &'k rounds_workflow::Catalogue,
        many: &Many,
        given: &BTreeMap<String, String>,
    ) -> Result<Vec<&'k Field>, RoundsError> {
        Ok(match many {
            Many::Act { kind, act } => {
                let rule = self.kind_of(packs, kind)?.act(act).ok_or_else(stale)?;
                rule.payload.iter().filter(|field| can_be_typed(field)).collect()
            }
            Many::Each { kind, link } => {
                let asked = self.kind_of(packs, kind)?.fields.iter();
                let seen = |field: &&Field| super::is_first(field) || given.contains_key(&field.name);
                asked.filter(seen).filter(|field| field.name != *link).collect()
            }
        })
    }

    fn step_title(&self, many: &Many) -> Result<String, RoundsError> {
        let packs = self.packs();
        let title = |kind: &Kind| self.words("begin", &[("kind", kind.plural.get(self.lang).to_owned())]);
        Ok(match many {
            Many::Each { kind, .. } => title(self.kind_of(&packs, kind)?),
            Many::Act { kind, act } => {
                let rule = self.kind_of(&packs, kind)?.act(act).ok_or_else(stale)?;
                rule.title.get(self.lang).to_owned()
            }
        })
    }
}

/// What is to be done with each that was chosen and is here still.
pub(crate) fn several(
    look: &Look<'_>,
    many: &Many,
    chosen: &[DocId],
    given: &BTreeMap<String, String>,
) -> Result<Plan, RoundsError> {
    let all: Vec<(String, String)> = given.clone().into_iter().collect();
    let chosen = Selection { records: look.rounds.those_here(chosen)?, ..Selection::default() };
    match many {
        Many::Act { act, .. } => look.rounds.plan_act(act, &chosen, &all),
        Many::Each { kind, link } => look.rounds.plan_for_each(kind, link, &chosen, &all),
    }
}

/// Whether an act can be stated about several at once: what it asks for is not taken on the spot.
pub(super) fn fits(rule: &ActRule) -> bool {
    rule.payload.iter().all(|field| can_be_typed(field) || !field.required)
}

fn can_be_typed(field: &Field) -> bool {
    !matches!(field.answer, Answer::Blob(_) | Answer::Place)
}

fn stale() -> RoundsError {
    wrong("tap-stale", Class::Usage, &[])
}
