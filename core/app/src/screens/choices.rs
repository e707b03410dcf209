//! All that can be chosen for a question, with a search, page by page; what cannot be chosen says why.

use super::{Look, More, begins, line_of};
use crate::route::{Many, Route};
use crate::screen::{Block, Button, Line, Notice, Screen};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::screens::choosing::{Candidate, Chosen};
use rounds_device::screens::row::Row;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::{Answer, Field};
use std::collections::BTreeMap;

/// Lines of one page.
const PAGE: usize = 50;

/// Words that are taken along to a finder; longer ones are no number and no name.
const WORDS: usize = 200;

impl Look<'_> {
    pub(super) fn choices(&self, question: &str, typed: &str) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("choices", self.asked_label(question)?);
        let tap = Tap::Turn(Route::Choices { question: question.to_owned(), typed: String::new() });
        screen.blocks.push(Block::Find {
            hint: self.plain("search-hint"),
            typed: typed.to_owned(),
            tap: tap.text(),
        });
        self.finders(question, typed, &mut screen)?;
        self.several(question, &mut screen)?;
        self.another(question, &mut screen)?;
        let lines = self.more_choices(question, typed, 0)?;
        if lines.is_empty() {
            let (none, text) = match typed.is_empty() {
                true => ("list-empty", "choices-empty-text"),
                false => ("search-none", "choices-none-text"),
            };
            screen.empty(self.plain(none), self.plain(text));
        }
        screen.blocks.extend(lines);
        Ok(screen)
    }

    /// What else finds a record to choose: what its pack asks, such as a number with its zeros left out.
    fn finders(&self, question: &str, typed: &str, screen: &mut Screen) -> Result<(), RoundsError> {
        let below = self.session.below().ok_or_else(stale)?;
        let packs = self.packs();
        let Ok(field) = field(&packs, self, &below, question) else { return Ok(()) };
        let Some(kind) = field.link.as_ref().and_then(|link| packs.kind(link)) else { return Ok(()) };
        for finder in &kind.finders {
            // What is typed already is not typed again.
            let words = Some(typed.trim()).filter(|typed| !typed.is_empty() && typed.len() <= WORDS);
            let first = finder.asks.first().filter(|asks| asks.answer == Answer::Text);
            let asked = first.zip(words).map(|(asks, words)| (asks.name.clone(), words.to_owned()));
            let route = Route::Finder {
                kind: kind.name.clone(),
                finder: finder.name.clone(),
                done: asked.is_some() && finder.asks.len() == 1,
                asked: asked.into_iter().collect(),
            };
            let args = [("finder", finder.title.get(self.lang).to_owned())];
            screen.button(Button::new(&Tap::To(route), self.words("choices-finder", &args)));
        }
        Ok(())
    }

    /// What is not there yet can be begun from here.
    fn another(&self, question: &str, screen: &mut Screen) -> Result<(), RoundsError> {
        let below = self.session.below().ok_or_else(stale)?;
        let packs = self.packs();
        let Ok(field) = field(&packs, self, &below, question) else { return Ok(()) };
        let linked = field.link.as_ref().and_then(|link| packs.kind(link));
        let asks = !matches!(below, Route::Finder { .. });
        if let Some(kind) = linked.filter(|kind| asks && begins(kind, &self.role())) {
            let args = [("kind", kind.title.get(self.lang).to_owned())];
            let tap = Tap::Begin(kind.name.clone(), BTreeMap::new());
            screen.also.push(Button::new(&tap, self.words("begin", &args)));
        }
        Ok(())
    }

    /// Where a record is about to begin, one can begin for each of several as well.
    fn several(&self, question: &str, screen: &mut Screen) -> Result<(), RoundsError> {
        let Some(Route::New { kind, .. }) = self.session.below() else { return Ok(()) };
        let packs = self.packs();
        let known = packs.kind(&kind).ok_or_else(stale)?;
        if known.field(question).is_some_and(|field| field.answer == Answer::Record && field.required) {
            let many = Many::Each { kind, link: question.to_owned() };
            let pick = Route::Pick { many, chosen: vec![], typed: String::new() };
            screen.also.push(Button::new(&Tap::To(pick), self.plain("pick")));
        }
        Ok(())
    }

    pub(super) fn more_choices(
        &self,
        question: &str,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        let below = self.session.below().ok_or_else(stale)?;
        let packs = self.packs();
        let declared = field(&packs, self, &below, question);
        match (below, declared) {
            (below, Ok(field)) if field.answer == Answer::Record => self.records(&below, field, typed, from),
            (Route::Form { doc }, _) => self.of_form(doc, question, typed, from),
            (other, field) => {
                let skip = usize::try_from(from).unwrap_or(0);
                let offer = self.rounds.offer_of(field?, typed, skip, PAGE, self.lang)?;
                let chosen = given(&other).and_then(|given| given.get(question)).cloned().unwrap_or_default();
                let count = offer.choices.len();
                let mut blocks: Vec<Block> =
                    offer.choices.into_iter().map(|c| choice(&c.value, c.label, c.value == chosen)).collect();
                if offer.more {
                    let next = from.saturating_add(i64::try_from(count).unwrap_or(0));
                    blocks.push(More::Choices(question.to_owned(), typed.to_owned(), next).block());
                }
                Ok(blocks)
            }
        }
    }

    /// Records, each judged as if it had been chosen.
    fn records(
        &self,
        route: &Route,
        field: &Field,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        let before = (from > 0).then_some(from);
        let found =
            self.choosing(route, |by| self.rounds.candidates_for(by, field, typed, before, self.lang))?;
        let value = self.value(route, &field.name)?;
        let line = |candidate| Block::Line { line: self.candidate(candidate, &value) };
        let mut blocks: Vec<Block> = found.candidates.iter().map(line).collect();
        if let Some(next) = found.next {
            blocks.push(More::Choices(field.name.clone(), typed.to_owned(), next).block());
        }
        Ok(blocks)
    }

    /// What a finder found, to be chosen from, where it was asked for a question.
    pub(super) fn found_to_choose(
        &self,
        kind: &str,
        found: &[Row],
    ) -> Result<Option<Vec<Line>>, RoundsError> {
        let (Some(Route::Choices { question, .. }), Some(asker)) =
            (self.session.below(), self.session.under(2))
        else {
            return Ok(None);
        };
        let packs = self.packs();
        let field = field(&packs, self, &asker, &question)?;
        if field.link.as_deref() != Some(kind) {
            return Ok(None);
        }
        let among: Vec<DocId> = found.iter().map(|row| row.id).collect();
        let judged =
            self.choosing(&asker, |by| self.rounds.judge_candidates(by, field, &among, self.lang))?;
        let value = self.value(&asker, &question)?;
        Ok(Some(judged.iter().map(|candidate| self.candidate(candidate, &value)).collect()))
    }

    pub(super) fn candidate(&self, candidate: &Candidate, value: &str) -> Line {
        let mut line = line_of(&candidate.row);
        let id = candidate.row.id.to_string();
        line.chosen = Some(id == value);
        line.why_not = candidate.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
        line.tap = candidate.possible.then(|| Tap::Choose(id).text());
        line
    }

    /// For what a record is chosen on a screen.
    fn choosing<T>(&self, route: &Route, then: impl FnOnce(Chosen<'_>) -> T) -> T {
        let typed = |given: &BTreeMap<String, String>| -> Vec<(String, String)> {
            given.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        match route {
            Route::Form { doc } => then(Chosen::Record(*doc)),
            Route::New { kind, given } => then(Chosen::New(kind, &typed(given))),
            Route::Act { doc, act, given } => then(Chosen::Act(*doc, act, &typed(given))),
            Route::Foresee { many: Many::Each { kind, .. }, given, .. } => {
                then(Chosen::New(kind, &typed(given)))
            }
            _ => then(Chosen::Finder),
        }
    }

    /// What a question of a screen is answered with.
    fn value(&self, route: &Route, question: &str) -> Result<String, RoundsError> {
        if let Route::Form { doc } = route {
            let form = self.rounds.form(*doc, self.lang)?;
            let node = form.nodes.into_iter().find(|node| node.question.key == question);
            return Ok(node.ok_or_else(stale)?.question.value);
        }
        Ok(given(route).and_then(|given| given.get(question)).cloned().unwrap_or_default())
    }

    fn of_form(&self, doc: DocId, question: &str, typed: &str, from: i64) -> Result<Vec<Block>, RoundsError> {
        let form = self.rounds.form(doc, self.lang)?;
        let node = form.nodes.iter().find(|node| node.question.key == question).ok_or_else(stale)?;
        let value = node.question.value.as_str();
        let skip = usize::try_from(from).unwrap_or(0);
        let offer = self.rounds.offer(doc, question, typed, skip, PAGE, self.lang)?;
        let mut blocks = Vec::new();
        for first in &offer.first {
            let text = self.words("choices-first", &[("label", first.label.clone())]);
            blocks.push(Block::Notice { notice: Notice::saying(crate::Tone::Warning, text) });
        }
        for by in &offer.by {
            let args = [("label", by.label.clone()), ("answer", by.answer.clone())];
            let text = self.words("choices-by", &args);
            blocks.push(Block::Notice { notice: Notice::saying(crate::Tone::Warning, text) });
        }
        let several = matches!(node.question.kind.as_str(), "select_multiple" | "rank");
        let is_chosen = |one: &str| match several {
            true => value.split(' ').any(|each| each == one),
            false => value == one,
        };
        let count = offer.choices.len();
        blocks.extend(offer.choices.into_iter().map(|c| choice(&c.value, c.label, is_chosen(&c.value))));
        if offer.more {
            let next = from.saturating_add(i64::try_from(count).unwrap_or(0));
            blocks.push(More::Choices(question.to_owned(), typed.to_owned(), next).block());
        }
        Ok(blocks)
    }

    fn asked_label(&self, question: &str) -> Result<String, RoundsError> {
        let below = self.session.below().ok_or_else(stale)?;
        if let Route::Form { doc } = below {
            let form = self.rounds.form(doc, self.lang)?;
            let node = form.nodes.iter().find(|node| node.question.key == question).ok_or_else(stale)?;
            return Ok(node.question.label.clone());
        }
        let packs = self.packs();
        Ok(field(&packs, self, &below, question)?.title.get(self.lang).to_owned())
    }
}

fn choice(value: &str, label: String, chosen: bool) -> Block {
    let mut line = Line::new(value, label).tapping(&Tap::Choose(value.to_owned()));
    line.chosen = Some(chosen);
    Block::Line { line }
}

fn stale() -> RoundsError {
    wrong("tap-stale", Class::Usage, &[])
}

/// What is answered so far on a screen that keeps that itself.
pub(crate) fn given(route: &Route) -> Option<&BTreeMap<String, String>> {
    match route {
        Route::New { given, .. } | Route::Act { given, .. } | Route::Foresee { given, .. } => Some(given),
        Route::Finder { asked, .. } => Some(asked),
        _ => None,
    }
}

/// The declaration of a question of a screen; a workbook declares its own.
fn field<'k>(
    packs: &'k rounds_workflow::Catalogue,
    look: &Look<'_>,
    route: &Route,
    question: &str,
) -> Result<&'k Field, RoundsError> {
    let fields: &'k [Field] = match route {
        Route::Form { doc } => {
            let screen = look.rounds.show(*doc, look.lang)?;
            &packs.kind_at(&screen.row.kind, screen.version).ok_or_else(stale)?.fields
        }
        Route::New { kind, .. } => &packs.kind(kind).ok_or_else(stale)?.fields,
        Route::Foresee { many: Many::Each { kind, .. }, .. } => &packs.kind(kind).ok_or_else(stale)?.fields,
        Route::Foresee { many: Many::Act { kind, act }, .. } => {
            &packs.kind(kind).and_then(|kind| kind.act(act)).ok_or_else(stale)?.payload
        }
        Route::Finder { kind, finder, .. } => {
            let kind = packs.kind(kind).ok_or_else(stale)?;
            &kind.finders.iter().find(|known| known.name == *finder).ok_or_else(stale)?.asks
        }
        Route::Act { doc, act, .. } => {
            let screen = look.rounds.show(*doc, look.lang)?;
            let kind = packs.kind_at(&screen.row.kind, screen.version).ok_or_else(stale)?;
            &kind.act(act).ok_or_else(stale)?.payload
        }
        _ => return Err(stale()),
    };
    fields.iter().find(|field| field.name == question).ok_or_else(stale)
}

/// What is taken for a question of a screen that is no form.
pub(crate) fn what(
    look: &Look<'_>,
    route: &Route,
    question: &str,
) -> Result<(crate::capture::What, String), RoundsError> {
    let packs = look.packs();
    let field = field(&packs, look, route, question)?;
    let kind = match field.answer {
        Answer::Blob(_) | Answer::Place | Answer::Barcode => field.answer.name(),
        _ => return Err(stale()),
    };
    let what = super::questions::taken(kind, "").ok_or_else(stale)?;
    Ok((what, field.title.get(look.lang).to_owned()))
}
