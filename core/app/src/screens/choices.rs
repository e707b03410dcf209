//! All that can be chosen for a question, with a search, page by page; what cannot be chosen says why.

use super::{Look, More, begins, line_of};
use crate::route::{Many, Route};
use crate::screen::{Block, Button, Line, Notice, Screen};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::screens::choosing::{Candidate, Chosen, Paging};
use rounds_device::screens::row::Row;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::{Answer, Catalogue, Field, Kind};
use std::collections::BTreeMap;

/// Lines of one page.
const PAGE: usize = 50;

/// Words that are taken along to a finder; longer ones are no number and no name.
const WORDS: usize = 200;

/// A question of the screen below.
struct Asked<'k> {
    /// That screen.
    route: Route,
    /// Its declaration; a workbook declares its own.
    field: Option<&'k Field>,
    /// What people read.
    label: String,
    /// What it is answered with.
    value: String,
    /// It takes several choices.
    several: bool,
}

impl Asked<'_> {
    /// The kind that it links to.
    fn linked<'k>(&self, packs: &'k Catalogue) -> Option<&'k Kind> {
        self.field.and_then(|field| packs.kind(field.link.as_ref()?))
    }
}

impl Look<'_> {
    pub(super) fn choices(&self, question: &str, typed: &str) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let asked = self.asked(&packs, self.session.below().ok_or_else(stale)?, question)?;
        let mut screen = Screen::new("choices", asked.label.clone());
        let tap = Tap::Turn(Route::Choices { question: question.to_owned(), typed: String::new() });
        screen.blocks.push(Block::Find {
            hint: self.plain("search-hint"),
            typed: typed.to_owned(),
            tap: tap.text(),
        });
        self.finders(&asked, &packs, typed, &mut screen);
        self.several(question, &mut screen)?;
        self.another(&asked, &packs, &mut screen);
        let lines = self.choices_of(&asked, question, typed, 0)?;
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
    fn finders(&self, asked: &Asked<'_>, packs: &Catalogue, typed: &str, screen: &mut Screen) {
        let Some(kind) = asked.linked(packs) else { return };
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
    }

    /// What is not there yet can be begun from here.
    fn another(&self, asked: &Asked<'_>, packs: &Catalogue, screen: &mut Screen) {
        let asks = !matches!(asked.route, Route::Finder { .. });
        if let Some(kind) = asked.linked(packs).filter(|kind| asks && begins(kind, &self.role())) {
            let args = [("kind", kind.title.get(self.lang).to_owned())];
            let tap = Tap::Begin(kind.name.clone(), BTreeMap::new());
            screen.also.push(Button::new(&tap, self.words("begin", &args)));
        }
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
        let packs = self.packs();
        let asked = self.asked(&packs, self.session.below().ok_or_else(stale)?, question)?;
        self.choices_of(&asked, question, typed, from)
    }

    fn choices_of(
        &self,
        asked: &Asked<'_>,
        question: &str,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        match (&asked.route, asked.field) {
            (_, Some(field)) if field.answer == Answer::Record => self.records(asked, field, typed, from),
            (Route::Form { doc }, _) => self.of_form(asked, *doc, question, typed, from),
            (_, field) => {
                let field = field.ok_or_else(stale)?;
                let skip = usize::try_from(from).unwrap_or(0);
                let offer = self.rounds.offer_of(field, typed, skip, PAGE, self.lang)?;
                let chosen = asked.value.as_str();
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
        asked: &Asked<'_>,
        field: &Field,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        let page = Paging { from: (from > 0).then_some(from), most: PAGE };
        let found =
            self.choosing(&asked.route, |by| self.rounds.candidates_for(by, field, typed, page, self.lang))?;
        let line = |candidate| Block::Line { line: self.candidate(candidate, &asked.value) };
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
        let asked = self.asked(&packs, asker, &question)?;
        let Some(field) = asked.field.filter(|field| field.link.as_deref() == Some(kind)) else {
            return Ok(None);
        };
        let among: Vec<DocId> = found.iter().map(|row| row.id).collect();
        let judged =
            self.choosing(&asked.route, |by| self.rounds.judge_candidates(by, field, &among, self.lang))?;
        Ok(Some(judged.iter().map(|candidate| self.candidate(candidate, &asked.value)).collect()))
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

    /// What is known of a question of a screen. A record that is being filled is opened for it once.
    fn asked<'k>(
        &self,
        packs: &'k Catalogue,
        route: Route,
        question: &str,
    ) -> Result<Asked<'k>, RoundsError> {
        let field = field(packs, self, &route, question);
        if let Route::Form { doc } = route {
            let form = self.rounds.form(doc, self.lang)?;
            let node = form.nodes.into_iter().find(|node| node.question.key == question);
            let asked = node.ok_or_else(stale)?.question;
            let several = matches!(asked.kind.as_str(), "select_multiple" | "rank");
            return Ok(Asked { route, field: field.ok(), label: asked.label, value: asked.value, several });
        }
        let field = field?;
        let value = given(&route).and_then(|given| given.get(question)).cloned().unwrap_or_default();
        let label = field.title.get(self.lang).to_owned();
        Ok(Asked { route, field: Some(field), label, value, several: false })
    }

    fn of_form(
        &self,
        asked: &Asked<'_>,
        doc: DocId,
        question: &str,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        let value = asked.value.as_str();
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
        let is_chosen = |one: &str| match asked.several {
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
    packs: &'k Catalogue,
    look: &Look<'_>,
    route: &Route,
    question: &str,
) -> Result<&'k Field, RoundsError> {
    let fields: &'k [Field] = match route {
        Route::Form { doc } => {
            let (kind, version) = look.rounds.kind_of(*doc)?;
            &packs.kind_at(&kind, version).ok_or_else(stale)?.fields
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
            let (kind, version) = look.rounds.kind_of(*doc)?;
            let kind = packs.kind_at(&kind, version).ok_or_else(stale)?;
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
