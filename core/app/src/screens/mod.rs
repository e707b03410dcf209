//! The screens, one file for a family of them. Each is made of what the phone's core says, at the moment
//! it is asked for, in the reader's language. Which kinds of records appear where follows from the packs:
//! what has a day is on Today, what links to a record is on that record's screen, what finds by a record is
//! asked there.

mod act;
mod batch;
mod belongs;
mod choices;
mod comments;
mod form;
mod history;
mod list;
mod many;
mod memo;
mod more;
mod outbox;
mod people;
mod prompter;
pub(crate) mod questions;
mod record;
mod tab;
mod tasks;
mod today;
mod trend;
mod view;

pub(crate) use act::place_asked;
pub(crate) use choices::what;
pub(crate) use form::{first_of, is_first, next_question};
pub(crate) use many::several;

use crate::make::tone;
use crate::phone::{Gate, Inner};
use crate::route::Route;
use crate::screen::{Badge, Block, Chip, Line, Notice, Page, Place, Screen, Tone};
use crate::session::{Inside, lock};
use crate::tap::Tap;
use crate::words::plain;
use rounds_device::screens::row::Row;
use rounds_device::screens::status::Status;
use rounds_device::{Rounds, RoundsError};
use rounds_model::ids::DocId;
use rounds_model::people::Role;
use rounds_model::text::Lang;
use rounds_workflow::{Catalogue, Kind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a screen is made from.
pub(crate) struct Look<'a> {
    pub inner: &'a Inner,
    pub session: &'a Inside,
    pub rounds: &'a Rounds,
    pub lang: Lang,
}

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum More {
    /// The records of a kind, before a place.
    List(String, Option<String>, i64),
    /// A list that a pack has, after so many.
    View(String, String, i64),
    /// The choices of a question, after so many.
    Choices(String, String, i64),
    /// Records to choose several of, after a place.
    Pick(i64),
    /// What waits for a decision, of one person or of all, after so many.
    Waiting(Option<String>, usize),
    /// A part of the outbox, after so many.
    Outbox(Part, usize),
    /// The records of a kind that link to one by a question, after so many.
    Linked(DocId, String, String, usize),
    /// What was found by words, after so many.
    Found(String, usize),
    /// What can be said about single answers with an act, after so many.
    Comments(DocId, String, usize),
}

/// A part of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    /// What the server did not do.
    Blocked,
    /// What was taken otherwise than foreseen.
    Turned,
    /// What is held.
    Held,
    /// What was handed over and not looked at.
    Handed,
    /// What waits.
    Waiting,
    /// Photos and files that wait.
    Media,
    /// What the server took lately.
    Taken,
}

impl More {
    fn block(&self) -> Block {
        Block::More { more: serde_json::to_string(self).unwrap_or_default() }
    }
}

/// A page of something, and where it goes on.
pub(super) fn paged<T>(
    all: &[T],
    skip: usize,
    page: usize,
    goes_on: impl FnOnce(usize) -> More,
    block: impl FnMut(&T) -> Block,
) -> Vec<Block> {
    let left = all.get(skip..).unwrap_or_default();
    let mut blocks: Vec<Block> = left.iter().take(page).map(block).collect();
    if left.len() > page {
        blocks.push(goes_on(skip + page).block());
    }
    blocks
}

/// The screen that is now.
pub(crate) fn now(inner: &Inner) -> Result<Screen, RoundsError> {
    let (gate, lang) = {
        inner.open_for_use()?;
        let state = lock(&inner.state);
        (state.gate.clone(), state.set.lang)
    };
    let session = inner.maybe_inside()?;
    let (Some(session), false) = (&session, matches!(gate, Gate::FirstPin(_))) else {
        return crate::gate::screen(inner, &gate, lang);
    };
    let look = Look { inner, session, rounds: &session.rounds, lang };
    let status = look.rounds.status(lang)?;
    let route = session.here();
    let mut screen = match look.at(&route) {
        Ok(screen) => screen,
        // What was shown here has left the phone, or the phone has been signed out: say so.
        Err(error) => {
            let mut screen = Screen::new(route.name(), plain(lang, "gone-title"));
            screen.notice(Notice::of(&error, lang));
            screen
        }
    };
    screen.id = route.id();
    screen.chip = Some(chip_of(&status));
    screen.back = session.depth() > 1;
    if !screen.back {
        screen.places = look.places(&route, &status);
    }
    Ok(screen)
}

/// More of a list.
pub(crate) fn page(inner: &Inner, more: &str) -> Result<Page, RoundsError> {
    let session = inner.inside()?;
    let look = Look { inner, session: &session, rounds: &session.rounds, lang: inner.lang() };
    let blocks = match serde_json::from_str::<More>(more) {
        Ok(More::List(kind, act, before)) => look.rows_of(&kind, act.as_deref(), Some(before))?,
        Ok(More::View(kind, view, after)) => look.view_rows(&kind, &view, Some(after))?,
        Ok(More::Choices(question, typed, skip)) => look.more_choices(&question, &typed, skip)?,
        Ok(More::Pick(from)) => look.more_to_pick(from)?,
        Ok(More::Waiting(person, skip)) => {
            look.waiting(&look.rounds.team(look.lang)?, person.as_deref(), skip)
        }
        Ok(More::Outbox(part, skip)) => look.part(&look.rounds.outbox(look.lang)?, part, skip)?,
        Ok(More::Linked(doc, kind, field, skip)) => look.linked_rows(doc, &kind, &field, skip)?,
        Ok(More::Found(typed, skip)) => look.found(&typed, skip)?,
        Ok(More::Comments(doc, act, skip)) => look.more_comments(doc, &act, skip)?,
        Err(_) => vec![],
    };
    Ok(Page { blocks })
}

/// The sync chip.
pub(crate) fn chip(rounds: &Rounds, lang: Lang) -> Result<Chip, RoundsError> {
    Ok(chip_of(&rounds.status(lang)?))
}

fn chip_of(status: &Status) -> Chip {
    let tone = match status.state {
        "up_to_date" => Tone::Good,
        "syncing" => Tone::Active,
        "needs_you" | "stopped" => Tone::Warning,
        "no_access" | "signed_out" => Tone::Bad,
        _ => Tone::Neutral,
    };
    let text = match status.state {
        // The whole story is in the outbox.
        "signed_out" => status.text.split(['。', '.']).next().unwrap_or_default().to_owned(),
        _ => status.text.clone(),
    };
    Chip { state: status.state.to_owned(), text, tone, tap: Tap::Place(Route::Outbox).text() }
}

impl Look<'_> {
    fn at(&self, route: &Route) -> Result<Screen, RoundsError> {
        match route {
            Route::Today => self.today(),
            Route::Work => self.work(),
            Route::Tasks => self.tasks(),
            Route::Outbox => self.outbox(),
            Route::More => self.more(),
            Route::Team => self.team(),
            Route::Person { person } => self.person(person),
            Route::List { kind, act: None, view: Some(view) } => self.view(kind, view),
            Route::List { kind, act, .. } => self.list(kind, act.as_deref()),
            Route::Search { typed } => self.search(typed),
            Route::Finder { kind, finder, asked, done } => self.finder(kind, finder, asked, *done),
            Route::Record { doc, tab: None } => self.record(*doc),
            Route::Record { doc, tab: Some(tab) } => self.tab(*doc, tab),
            Route::History { doc } => self.history(*doc),
            Route::Prompter { doc, field } => self.prompter(*doc, field),
            Route::Memo { doc, field } => self.memo(*doc, field),
            Route::Linked { doc, kind, field } => self.linked(*doc, kind, field),
            Route::Form { doc } => self.form(*doc),
            Route::Newer { doc } => self.newer(*doc),
            Route::New { kind, given } => self.begin(kind, given),
            Route::Act { doc, act, given } => self.act(*doc, act, given),
            Route::Choices { question, typed } => self.choices(question, typed),
            Route::Pick { many, chosen, typed } => self.pick(many, chosen, typed),
            Route::Foresee { many, chosen, given } => self.foresee(many, chosen, given),
            Route::Conflicts => self.conflicts(),
            Route::Notices => self.notices(),
            Route::Batches => self.batches(),
            Route::Batch { number } => self.batch(*number),
            Route::Settings => self.settings(),
            Route::ChangePin => Ok(self.change_pin()),
            Route::Schedule => self.schedule(),
        }
    }

    fn places(&self, here: &Route, status: &Status) -> Vec<Place> {
        let one = |route: Route, key: &str, count: u64| Place {
            icon: route.name().to_owned(),
            title: plain(self.lang, key),
            here: *here == route,
            tap: Tap::Place(route).text(),
            count,
        };
        let mut places = vec![one(Route::Today, "place-today", 0)];
        if self.leads() {
            places.push(one(Route::Team, "place-team", 0));
        }
        places.extend([
            one(Route::Work, "place-work", 0),
            one(Route::Tasks, "place-tasks", 0),
            one(Route::Outbox, "place-outbox", status.needs_you),
            one(Route::More, "place-more", status.notices),
        ]);
        places
    }

    pub(super) fn leads(&self) -> bool {
        self.rounds.identity().is_ok_and(|me| me.person.role.0 == Role::SUPERVISOR)
    }

    pub(super) fn role(&self) -> Role {
        self.rounds.identity().map_or_else(|_| Role(String::new()), |me| me.person.role)
    }

    pub(super) fn packs(&self) -> Arc<Catalogue> {
        self.rounds.catalogue()
    }

    pub(super) fn plain(&self, key: &str) -> String {
        plain(self.lang, key)
    }

    pub(super) fn words(&self, key: &str, args: &[(&str, String)]) -> String {
        crate::words::say(self.lang, key, args)
    }
}

/// Whether a person of this role begins records of a kind.
pub(super) fn begins(kind: &Kind, role: &Role) -> bool {
    kind.create.contains(role)
}

/// A record as a line of a list.
pub(crate) fn line_of(row: &Row) -> Line {
    let mut badges = vec![Badge::new(row.stage.title.clone(), tone(row.stage.tone))];
    badges.extend(row.badges.iter().map(|badge| {
        let tone = match badge.state {
            "conflict" | "held" | "print" => Tone::Warning,
            "pending" => Tone::Active,
            _ => Tone::Neutral,
        };
        Badge::new(badge.text.clone(), tone)
    }));
    let why_not = row.act.as_ref().filter(|act| !act.possible);
    Line {
        subtitle: row.subtitle.clone().filter(|text| !text.trim().is_empty()),
        badges,
        why_not: why_not.and_then(|act| act.reason.as_ref()).map(|why| why.reason.clone()),
        ..Line::new(&row.id.to_string(), row.title.clone())
    }
    .tapping(&open(row.id))
}

pub(crate) fn open(doc: DocId) -> Tap {
    Tap::To(Route::record(doc))
}
