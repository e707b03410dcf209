//! All that can be chosen for a question, with a search, page by page; what cannot be chosen says why.

use super::{Look, More, line_of};
use crate::route::Route;
use crate::screen::{Block, Line, Notice, Screen};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::{Answer, Field};

/// Lines of one page.
const PAGE: usize = 50;

impl Look<'_> {
    pub(super) fn choices(&self, question: &str, typed: &str) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("choices", self.asked_label(question)?);
        let tap = Tap::Turn(Route::Choices { question: question.to_owned(), typed: String::new() });
        screen.blocks.push(Block::Find {
            hint: self.plain("search-hint"),
            typed: typed.to_owned(),
            tap: tap.text(),
        });
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

    pub(super) fn more_choices(
        &self,
        question: &str,
        typed: &str,
        from: i64,
    ) -> Result<Vec<Block>, RoundsError> {
        let below = self.session.below().ok_or_else(stale)?;
        match below {
            Route::Form { doc } => self.of_form(doc, question, typed, from),
            other => {
                let packs = self.packs();
                let field = field(&packs, self, &other, question)?;
                let skip = usize::try_from(from).unwrap_or(0);
                let offer = self.rounds.offer_of(field, typed, skip, PAGE, self.lang)?;
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

    fn of_form(&self, doc: DocId, question: &str, typed: &str, from: i64) -> Result<Vec<Block>, RoundsError> {
        let form = self.rounds.form(doc, self.lang)?;
        let node = form.nodes.iter().find(|node| node.question.key == question).ok_or_else(stale)?;
        let value = node.question.value.as_str();
        if node.question.kind == "record" && typed.trim().is_empty() {
            // Each is judged as if it had been chosen.
            let before = (from > 0).then_some(from);
            let found = self.rounds.candidates(doc, question, before, self.lang)?;
            let one = |candidate: &rounds_device::screens::greyed::Candidate| {
                let mut line = line_of(&candidate.row);
                let id = candidate.row.id.to_string();
                line.chosen = Some(id == value);
                line.why_not = candidate.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
                line.tap = candidate.possible.then(|| Tap::Choose(id).text());
                Block::Line { line }
            };
            let mut blocks: Vec<Block> = found.candidates.iter().map(one).collect();
            if let Some(next) = found.next {
                blocks.push(More::Choices(question.to_owned(), typed.to_owned(), next).block());
            }
            return Ok(blocks);
        }
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
pub(crate) fn given(route: &Route) -> Option<&std::collections::BTreeMap<String, String>> {
    match route {
        Route::New { given, .. } | Route::Act { given, .. } => Some(given),
        Route::Finder { asked, .. } => Some(asked),
        _ => None,
    }
}

/// The declaration of a question of a screen that is no form.
fn field<'k>(
    packs: &'k rounds_workflow::Catalogue,
    look: &Look<'_>,
    route: &Route,
    question: &str,
) -> Result<&'k Field, RoundsError> {
    let fields: &'k [Field] = match route {
        Route::New { kind, .. } => &packs.kind(kind).ok_or_else(stale)?.fields,
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
