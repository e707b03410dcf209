//! The work by kinds, lists by pages, and finding.

use super::{Look, More, begins, line_of, paged};
use crate::ask::Question;
use crate::route::{Many, Route};
use crate::screen::{Block, Button, Line, Screen};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::screens::list::FOUND;
use rounds_device::{Class, RoundsError};
use rounds_workflow::Kind;
use std::collections::BTreeMap;

/// Lines of one page of a list.
const PAGE: u32 = 40;
/// What a search finds at most.
const MOST: u32 = 200;

impl Look<'_> {
    /// The kinds, by the packs that they are of.
    pub(super) fn work(&self) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("work", self.plain("place-work"));
        let find = Tap::To(Route::Search { typed: String::new() });
        screen.blocks.push(Block::Find {
            hint: self.plain("search-hint"),
            typed: String::new(),
            tap: find.text(),
        });
        let packs = self.packs();
        for pack in packs.packs() {
            let mut kinds = packs.kinds().filter(|kind| kind.pack == pack.id).peekable();
            if kinds.peek().is_some() {
                screen.heading(pack.title.get(self.lang).to_owned());
            }
            for kind in kinds {
                let line = Line::new(&kind.name, kind.plural.get(self.lang).to_owned());
                screen.line(line.tapping(&Tap::To(Route::list(&kind.name))));
            }
        }
        if screen.blocks.len() == 1 {
            screen.empty(self.plain("work-empty"), self.plain("work-empty-text"));
        }
        Ok(screen)
    }

    pub(super) fn kind_of<'k>(
        &self,
        packs: &'k rounds_workflow::Catalogue,
        kind: &str,
    ) -> Result<&'k Kind, RoundsError> {
        packs.kind(kind).ok_or_else(|| wrong("tap-stale", Class::Usage, &[]))
    }

    pub(super) fn list(&self, kind: &str, act: Option<&str>) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let known = self.kind_of(&packs, kind)?;
        let mut screen = Screen::new("list", known.plural.get(self.lang).to_owned());
        if let Some(rule) = act.and_then(|act| known.act(act)) {
            let args = [("act", rule.title.get(self.lang).to_owned())];
            screen.subtitle = Some(self.words("list-for", &args));
            if super::many::fits(rule) {
                let many = Many::Act { kind: kind.to_owned(), act: rule.name.clone() };
                let pick = Route::Pick { many, chosen: vec![], typed: String::new() };
                screen.button(Button::new(&Tap::To(pick), self.plain("pick")));
            }
            let all = Tap::Turn(Route::list(kind));
            screen.also.push(Button::new(&all, self.plain("list-all")));
        }
        for finder in &known.finders {
            let route = Route::Finder {
                kind: kind.to_owned(),
                finder: finder.name.clone(),
                asked: BTreeMap::new(),
                done: false,
            };
            screen.also.push(Button::new(&Tap::To(route), finder.title.get(self.lang).to_owned()));
        }
        let role = self.role();
        for rule in known.acts.iter().filter(|rule| rule.roles.contains(&role) && act != Some(&rule.name)) {
            let route = Route::List { kind: kind.to_owned(), act: Some(rule.name.clone()), view: None };
            let args = [("act", rule.title.get(self.lang).to_owned())];
            screen.also.push(Button::new(&Tap::Turn(route), self.words("list-for", &args)));
        }
        let rows = self.rows_of(kind, act, None)?;
        if act.is_none() && !rows.is_empty() {
            self.views(known, None, &mut screen);
        }
        let none = rows.is_empty();
        screen.blocks.extend(rows);
        if none {
            let text = if begins(known, &role) { "list-empty-text" } else { "list-empty-wait" };
            screen.empty(self.plain("list-empty"), self.plain(text));
        }
        if begins(known, &role) {
            let args = [("kind", known.title.get(self.lang).to_owned())];
            let tap = Tap::Begin(kind.to_owned(), BTreeMap::new());
            screen.main = Some(Button::new(&tap, self.words("begin", &args)));
        }
        Ok(screen)
    }

    pub(super) fn rows_of(
        &self,
        kind: &str,
        act: Option<&str>,
        before: Option<i64>,
    ) -> Result<Vec<Block>, RoundsError> {
        let page = match act {
            Some(act) => self.rounds.list_for(kind, act, before, PAGE, self.lang)?,
            None => self.rounds.list(kind, before, PAGE, self.lang)?,
        };
        let mut blocks: Vec<Block> = page.rows.iter().map(|row| Block::Line { line: line_of(row) }).collect();
        if let Some(next) = page.next {
            blocks.push(More::List(kind.to_owned(), act.map(str::to_owned), next).block());
        }
        Ok(blocks)
    }

    pub(super) fn search(&self, typed: &str) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("search", self.plain("search"));
        let tap = Tap::Turn(Route::Search { typed: String::new() });
        screen.blocks.push(Block::Find {
            hint: self.plain("search-hint"),
            typed: typed.to_owned(),
            tap: tap.text(),
        });
        if typed.trim().is_empty() {
            let packs = self.packs();
            for kind in packs.kinds() {
                for finder in &kind.finders {
                    let route = Route::Finder {
                        kind: kind.name.clone(),
                        finder: finder.name.clone(),
                        asked: BTreeMap::new(),
                        done: false,
                    };
                    let id = format!("{}.{}", kind.name, finder.name);
                    let mut line = Line::new(&id, finder.title.get(self.lang).to_owned());
                    line.subtitle = Some(kind.plural.get(self.lang).to_owned());
                    screen.line(line.tapping(&Tap::To(route)));
                }
            }
            return Ok(screen);
        }
        screen.blocks.extend(self.found(typed, 0)?);
        if screen.blocks.len() == 1 {
            screen.empty(self.plain("search-none"), self.plain("search-none-text"));
        }
        Ok(screen)
    }

    /// What was found by words. Beyond [`MOST`] nobody reads on: more words find it.
    pub(super) fn found(&self, typed: &str, skip: usize) -> Result<Vec<Block>, RoundsError> {
        let found = self.rounds.search(typed, MOST, self.lang)?;
        let packs = self.packs();
        let goes_on = |skip| More::Found(typed.to_owned(), skip);
        let mut blocks = paged(&found.rows, skip, PAGE as usize, goes_on, |row| {
            let mut line = line_of(row);
            if let Some(kind) = packs.kind(&row.kind) {
                line.end = Some(kind.title.get(self.lang).to_owned());
            }
            Block::Line { line }
        });
        let whole = found.rows.len() == MOST as usize && !matches!(blocks.last(), Some(Block::More { .. }));
        if whole && !blocks.is_empty() {
            blocks.push(Block::Text { text: self.words("found-more", &[("n", MOST.to_string())]) });
        }
        Ok(blocks)
    }

    /// A finder: what it asks, and what it found once it was asked.
    pub(super) fn finder(
        &self,
        kind: &str,
        finder: &str,
        asked: &BTreeMap<String, String>,
        done: bool,
    ) -> Result<Screen, RoundsError> {
        let packs = self.packs();
        let known = self.kind_of(&packs, kind)?;
        let rule = known.finders.iter().find(|known| known.name == finder);
        let rule = rule.ok_or_else(|| wrong("tap-stale", Class::Usage, &[]))?;
        let mut screen = Screen::new("finder", rule.title.get(self.lang).to_owned());
        screen.subtitle = Some(known.plural.get(self.lang).to_owned());
        screen.gives = Some(Tap::Give.text());
        for field in &rule.asks {
            let question: Question = self.of_field(None, field, asked)?;
            screen.ask(question);
        }
        let route =
            Route::Finder { kind: kind.into(), finder: finder.into(), asked: asked.clone(), done: true };
        screen.main = Some(Button::new(&Tap::Turn(route), self.plain("search")));
        if done {
            let typed: Vec<(String, String)> = asked.clone().into_iter().collect();
            match self.rounds.ask(kind, finder, &typed, self.lang) {
                Ok(found) => {
                    if found.rows.is_empty() {
                        screen.empty(self.plain("search-none"), self.plain("search-none-text"));
                    }
                    match self.found_to_choose(kind, &found.rows)? {
                        Some(lines) => lines.into_iter().for_each(|line| screen.line(line)),
                        None => found.rows.iter().for_each(|row| screen.line(line_of(row))),
                    }
                    if found.more {
                        screen.text(self.words("found-more", &[("n", FOUND.to_string())]));
                    }
                }
                Err(error) => screen.notice(crate::screen::Notice::of(&error, self.lang)),
            }
        }
        Ok(screen)
    }
}
