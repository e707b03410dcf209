//! Lists: the records of a kind by pages, and what a search finds.

use super::cell::cell;
use super::row::{Row, row};
use super::say;
use crate::Rounds;
use crate::answers;
use crate::authoring::{Typed, who};
use crate::error::{Fail, RoundsError};
use crate::store::records::{self, Record};
use crate::store::sought;
use crate::world::Here;
use rounds_model::text::Lang;
use rounds_workflow::{ListColumn, Lookup, Place};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeSet;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// Give this to get the next page; none if this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
    /// What people read above the columns, if the list has some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// Records that a finder shows at most.
pub const FOUND: usize = 200;
/// Records that are looked at in one step.
const PAGE: u32 = 1_000;

/// What a finder found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidates {
    /// What was asked.
    pub title: String,
    /// The records that fit, newest first.
    pub rows: Vec<Row>,
    /// There are more than are shown: ask more exactly.
    pub more: bool,
}

/// The kinds that this team has, for a menu.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindItem {
    /// Its name.
    pub name: String,
    /// What several are called.
    pub title: String,
    /// The questions that find some of them; what each asks, in the pack's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finders: Vec<FinderItem>,
    /// The lists that its pack has of them, in the pack's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListItem>,
}

/// A list that a pack has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListItem {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// A question that finds records.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FinderItem {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it asks, by name.
    pub asks: Vec<String>,
}

impl FinderItem {
    pub(super) fn of(finder: &rounds_workflow::Finder, lang: Lang) -> FinderItem {
        FinderItem {
            name: finder.name.clone(),
            title: finder.title.get(lang).to_owned(),
            asks: finder.asks.iter().map(|field| field.name.clone()).collect(),
        }
    }
}

/// The records that a finder has to look at, newest first, a page at a time; one page at least, so that
/// what was asked is judged in any case.
struct Pages<'k> {
    kind: &'k str,
    /// Their places, the newest last; every record of the kind, if there are none.
    places: Option<Vec<i64>>,
    before: Option<i64>,
    ended: bool,
}

impl<'k> Pages<'k> {
    fn of(db: &Connection, kind: &'k str, narrowed: Option<&[Lookup]>) -> Result<Pages<'k>, Fail> {
        let places = narrowed.map(|lookups| sought::look_up(db, kind, lookups)).transpose()?;
        let places = places.map(|places| places.into_iter().collect());
        Ok(Pages { kind, places, before: None, ended: false })
    }

    fn next(&mut self, db: &Connection) -> Result<Option<Vec<Record>>, Fail> {
        if self.ended {
            return Ok(None);
        }
        let page = match &mut self.places {
            Some(places) => {
                let mut newest = places.split_off(places.len().saturating_sub(PAGE as usize));
                newest.reverse();
                self.ended = places.is_empty();
                records::at(db, self.kind, &newest)?
            }
            None => {
                let page = records::of_kind(db, self.kind, self.before, PAGE)?;
                self.ended = page.len() < PAGE as usize;
                self.before = page.last().map(|record| record.n);
                page
            }
        };
        Ok(Some(page))
    }
}

impl Rounds {
    /// A page of one kind's records, newest first.
    pub fn list(&self, kind: &str, before: Option<i64>, limit: u32, lang: Lang) -> Result<Page, RoundsError> {
        let catalogue = self.catalogue();
        self.identity()?;
        Ok(self.store.read(|db| {
            let limit = limit.clamp(1, 1_000);
            let found = records::of_kind(db, kind, before, limit)?;
            // Records whose pack is missing are listed all the same.
            if found.is_empty() && catalogue.kind(kind).is_none() {
                return Err(Fail::UnknownKind(kind.to_owned(), catalogue.names()));
            }
            let next = (found.len() as u32 == limit).then(|| found.last().map(|r| r.n)).flatten();
            let rows = found.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next, columns: vec![] })
        })?)
    }

    /// A page of a list that a kind's pack has: its records, order and columns. `after` is how many came
    /// before, as the last page said.
    pub fn list_as(
        &self,
        kind: &str,
        list: &str,
        after: Option<i64>,
        limit: u32,
        lang: Lang,
    ) -> Result<Page, RoundsError> {
        let catalogue = self.catalogue();
        let known =
            catalogue.kind(kind).ok_or_else(|| Fail::UnknownKind(kind.to_owned(), catalogue.names()))?;
        let lists = || known.lists.iter().map(|list| list.name.as_str()).collect::<Vec<_>>().join(", ");
        let view = known.list(list).ok_or_else(|| Fail::UnknownList(list.to_owned(), lists()))?;
        let me = self.identity()?;
        Ok(self.store.read(|db| {
            let now = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            let (skip, limit) =
                (usize::try_from(after.unwrap_or(0)).unwrap_or(0), limit.clamp(1, 1_000) as usize);
            let last = skip.saturating_add(limit).saturating_add(1);
            let mut pages = Pages::of(db, kind, None)?;
            let mut found: Vec<(Place, Record)> = vec![];
            while let Some(page) = pages.next(db)? {
                for record in page {
                    let of = catalogue.kind_at(kind, record.projection.pack).unwrap_or(known);
                    let seen = record.projection.record(record.doc);
                    if view.has(of, &seen, &who(&me), &Here(db), now)? {
                        found.push((view.place(&seen), record));
                    }
                }
                // Of all that were looked at only what can still be on the page is kept; equal ones stay
                // newest first.
                found.sort_by(|one, other| view.compare(&one.0, &other.0));
                found.truncate(last);
            }
            let more = found.len() == last;
            let shown = found.iter().skip(skip).take(limit);
            let mut rows = vec![];
            for (_, record) in shown {
                let mut shown = row(db, &catalogue, record, lang)?;
                for column in &view.columns {
                    shown.cells.push(cell(db, &catalogue, record, &column.key, lang)?);
                }
                rows.push(shown);
            }
            let heading = |column: &ListColumn| match (&column.title, column.key.as_str()) {
                (Some(title), _) => title.get(lang).to_owned(),
                (None, "@title") => known.title.get(lang).to_owned(),
                (None, "@stage") => say(lang, "paper-stage", &[]),
                (None, key) => key.to_owned(),
            };
            let next = more.then(|| i64::try_from(skip + limit).unwrap_or(i64::MAX));
            Ok::<_, Fail>(Page { rows, next, columns: view.columns.iter().map(heading).collect() })
        })?)
    }

    /// The records with all of the words that were typed, in Chinese or not.
    pub fn search(&self, typed: &str, limit: u32, lang: Lang) -> Result<Page, RoundsError> {
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            let found = records::found(db, typed, limit.clamp(1, 200))?;
            let rows = found.iter().map(|r| row(db, &catalogue, r, lang)).collect::<Result<_, _>>()?;
            Ok(Page { rows, next: None, columns: vec![] })
        })?)
    }

    /// The records that fit what was asked of a finder of a kind (`by_number`), newest first, at most
    /// [`FOUND`]. Nothing is chosen: what is found are candidates.
    pub fn ask(
        &self,
        kind: &str,
        finder: &str,
        typed: &[Typed],
        lang: Lang,
    ) -> Result<Candidates, RoundsError> {
        let catalogue = self.catalogue();
        let kind =
            catalogue.kind(kind).ok_or_else(|| Fail::UnknownKind(kind.to_owned(), catalogue.names()))?;
        let known = kind.finders.iter().find(|known| known.name == finder);
        let finder = known.ok_or_else(|| Fail::UnknownFinder(finder.to_owned()))?;
        let me = self.identity()?;
        let asked = answers::asked_for(&finder.asks, typed, me.zone())?;
        let (narrowed, unkept) = self.store.read(|db| {
            let now = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            let narrowed = rounds_workflow::narrow(kind, finder, &asked, &who(&me), &Here(db), now);
            let unkept = sought::unkept(db, &kind.name, narrowed.as_deref().unwrap_or_default())?;
            Ok((narrowed, unkept))
        })?;
        if !unkept.is_empty() {
            self.store.write(|tx| unkept.iter().try_for_each(|(kind, key)| sought::keep(tx, kind, key)))?;
        }
        Ok(self.store.read(|db| {
            let now = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            let mut rows: Vec<Row> = vec![];
            let mut pages = Pages::of(db, &kind.name, narrowed.as_deref())?;
            let mut more = false;
            while !more && let Some(page) = pages.next(db)? {
                let seen = page.iter().map(|r| r.projection.record(r.doc));
                let found = rounds_workflow::find(kind, finder, &asked, &who(&me), &Here(db), now, seen)??;
                let found: BTreeSet<_> = found.into_iter().collect();
                for record in page.iter().filter(|record| found.contains(&record.doc)) {
                    if rows.len() == FOUND {
                        more = true;
                        break;
                    }
                    rows.push(row(db, &catalogue, record, lang)?);
                }
            }
            Ok::<_, Fail>(Candidates { title: finder.title.get(lang).to_owned(), rows, more })
        })?)
    }

    /// The kinds that this team has.
    pub fn kinds(&self, lang: Lang) -> Vec<KindItem> {
        let item = |k: &rounds_workflow::Kind| KindItem {
            name: k.name.clone(),
            title: k.plural.get(lang).to_owned(),
            finders: k.finders.iter().map(|f| FinderItem::of(f, lang)).collect(),
            lists: k
                .lists
                .iter()
                .map(|list| ListItem { name: list.name.clone(), title: list.title.get(lang).to_owned() })
                .collect(),
        };
        self.catalogue().kinds().map(item).collect()
    }
}
