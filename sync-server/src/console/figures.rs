//! What each record adds to a report, kept in memory for each team and report: worked out once for each
//! record, and again when it has changed, or a record that it was judged by.
//!
//! A report of four weeks is over tens of thousands of records; to judge them for each look takes seconds, and
//! to add up what they were judged to be takes milliseconds. Nothing here is stored and nothing rules on it: a
//! server that starts works it out anew.

use super::kinds::{Tabled, Within};
use crate::error::{Error, Result};
use crate::evidence::watch::{Asking, news};
use crate::exchange::rules::Rules;
use crate::storage::Read;
use crate::storage::records::{Order, RecordRow, Search};
use rounds_model::canonical;
use rounds_model::ids::{DocId, Seq, TeamId};
use rounds_model::scope::Scope;
use rounds_workflow::{Kind, Projection, Report, ReportLine, Tabulating};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Records of a report: of a kind with more, what they add is not kept, and so many are looked at.
const MOST: usize = 200_000;
/// Records read at a time.
const PAGE: usize = 500;
/// How long before the day that it counts for a record is made, at most, where not all can be looked at.
const AHEAD: u64 = 366;

/// The figures of all teams.
pub struct Figures {
    kept: Mutex<HashMap<Which, Arc<Mutex<Kept>>>>,
    most: usize,
}

/// A team's report: kind and name.
type Which = (TeamId, String, String);

/// What is known of one report.
#[derive(Default)]
struct Kept {
    rules: Option<Arc<Rules>>,
    at: Seq,
    /// There are more records than are kept.
    many: bool,
    added: Arc<Added>,
    /// Records, with those that were judged by them.
    rests: HashMap<DocId, BTreeSet<DocId>>,
    /// Records that were judged by more than single records: judged again whenever anything changes.
    loose: BTreeSet<DocId>,
}

/// What records add, the oldest first.
type Added = BTreeMap<DocId, Entry>;

#[derive(Debug, Clone)]
struct Entry {
    scope: Scope,
    day: Day,
    line: ReportLine,
}

/// On which day a record counts.
#[derive(Debug, Clone)]
enum Day {
    /// The one that it names: `2026-11-23`.
    Named(Box<str>),
    /// The one on which it was made, Unix milliseconds.
    Made(i64),
}

/// A report with what it is worked out by.
struct Asked<'a> {
    view: &'a dyn Read,
    rules: &'a Arc<Rules>,
    kind: &'a Kind,
    report: &'a Report,
    asking: Asking<'a>,
}

impl Default for Figures {
    fn default() -> Self {
        Figures::new(MOST)
    }
}

impl Figures {
    /// Keeps what at most so many records add to each report.
    pub fn new(most: usize) -> Figures {
        Figures { kept: Mutex::default(), most }
    }

    /// What a report comes to; none if there is no such one.
    pub fn tabulate(
        &self,
        view: &dyn Read,
        rules: &Arc<Rules>,
        kind: &str,
        report: &str,
        within: &Within,
    ) -> Result<Option<Tabled>> {
        let Some(kind) = rules.catalogue.kind(kind) else { return Ok(None) };
        let Some(report) = kind.reports.iter().find(|known| known.name == report) else { return Ok(None) };
        let asked = Asked { view, rules, kind, report, asking: Asking::new(view) };
        let (table, unread) = match self.known(&asked, within)? {
            Some(table) => (table, 0),
            None => self.read(&asked, within)?,
        };
        Ok(Some(Tabled { labels: report.labels.clone(), table: table.finish(), unread }))
    }

    /// From what is kept; none if that would be too much.
    fn known<'r>(&self, asked: &Asked<'r>, within: &Within) -> Result<Option<Tabulating<'r>>> {
        let key = (asked.view.team()?.id, asked.kind.name.clone(), asked.report.name.clone());
        let kept = Arc::clone(lock(&self.kept).entry(key).or_default());
        // Two reports are made at a time, so that at most one waits here while the other one follows the news.
        let added = {
            let mut kept = lock(&kept);
            if !kept.follow(asked, self.most)? {
                return Ok(None);
            }
            Arc::clone(&kept.added)
        };
        let days = Between::of(within);
        let mut table = Tabulating::new(asked.report, within.groups);
        added.values().filter(|entry| days.have(entry)).for_each(|entry| table.add(&entry.line));
        Ok(Some(table))
    }

    /// From the records themselves, and how many were not looked at.
    fn read<'r>(&self, asked: &Asked<'r>, within: &Within) -> Result<(Tabulating<'r>, u64)> {
        let text = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
        let on = asked.report.on.is_some();
        let agenda = !on && asked.kind.agenda.is_some();
        let early = (within.made.0).saturating_sub(AHEAD as i64 * 86_400_000);
        let search = Search {
            kinds: vec![asked.kind.name.clone()],
            scopes: within.scopes.clone(),
            from_day: agenda.then(|| text(within.from)),
            to_day: agenda.then(|| text(within.to)),
            made_from: (!agenda).then_some(if on { early } else { within.made.0 }),
            made_before: (!agenda && !on).then_some(within.made.1),
            order: Order::Oldest,
            limit: u32::try_from(self.most).unwrap_or(u32::MAX),
            ..Search::default()
        };
        let days = Between::of(within);
        let mut table = Tabulating::new(asked.report, within.groups);
        let mut seen = 0;
        asked.view.search_each(&search, &mut |row| {
            seen += 1;
            if let Some(entry) = asked.entry(&row)?.filter(|entry| days.have(entry)) {
                table.add(&entry.line);
            }
            Ok(())
        })?;
        // Where the bound was not met all of them were seen: nothing is counted.
        let bounded = search.limit > 0 && seen >= u64::from(search.limit);
        let all = if bounded { asked.view.search_count(&search)? } else { seen };
        Ok((table, all.saturating_sub(seen)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The days and scopes that are asked for.
struct Between<'a> {
    from: String,
    to: String,
    made: (i64, i64),
    scopes: Option<HashSet<&'a Scope>>,
}

impl<'a> Between<'a> {
    fn of(within: &'a Within) -> Between<'a> {
        let text = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
        Between {
            from: text(within.from),
            to: text(within.to),
            made: within.made,
            scopes: within.scopes.as_ref().map(|scopes| scopes.iter().collect()),
        }
    }

    fn have(&self, entry: &Entry) -> bool {
        let then = match &entry.day {
            Day::Named(day) => self.from.as_str() <= &**day && &**day <= self.to.as_str(),
            Day::Made(at) => (self.made.0..self.made.1).contains(at),
        };
        then && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&entry.scope))
    }
}

impl Asked<'_> {
    /// What a record adds; none if it does not count, or on no day.
    fn entry(&self, row: &RecordRow) -> Result<Option<Entry>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let made = row.doc.made_ms().and_then(|ms| i64::try_from(ms).ok()).unwrap_or_default();
        let named = |text: Option<String>| text.map(|text| Day::Named(text.into()));
        let day = match (&self.report.on, &self.kind.agenda) {
            (Some(on), _) => named(projection.data.get(on).map(ToString::to_string)),
            (None, Some(_)) => named(row.day.clone()),
            (None, None) => Some(Day::Made(began(row.doc))),
        };
        let Some(day) = day else { return Ok(None) };
        // What is worked out by the clock is worked out by the time at which the record was made: the same
        // whenever somebody looks.
        let moment = rounds_workflow::moment(made, self.rules.zone);
        let line = self.report.line(self.kind, &projection.record(row.doc), &self.asking, moment);
        let line = line.map_err(|e| Error::Packs(e.to_string()))?;
        Ok(line.map(|line| Entry { scope: row.scope.clone(), day, line }))
    }
}

/// The time that an id begins with, as searches take it.
fn began(doc: DocId) -> i64 {
    doc.as_bytes().iter().take(6).fold(0, |ms, byte| ms << 8 | i64::from(*byte))
}

impl Kept {
    /// Brings it up to date; false if there are too many records to keep.
    fn follow(&mut self, asked: &Asked<'_>, most: usize) -> Result<bool> {
        let head = asked.view.head()?;
        // Until all of it is done, nothing is known.
        let rules = self.rules.take();
        let same = rules.is_some_and(|own| Arc::ptr_eq(&own, asked.rules));
        // What is kept may be of a later moment than what this reader sees: that is no harm to a report.
        if same && head <= self.at {
            self.rules = Some(Arc::clone(asked.rules));
            return Ok(!self.many);
        }
        let known = self.added.values().map(|entry| &entry.scope);
        match if same && !self.many { news(asked.view, self.at, known)? } else { None } {
            Some(news) => self.renew(asked, news)?,
            None => self.all(asked, most)?,
        }
        if self.added.len() > most {
            *self = Kept { many: true, ..Kept::default() };
        }
        (self.rules, self.at) = (Some(Arc::clone(asked.rules)), head);
        Ok(!self.many)
    }

    fn all(&mut self, asked: &Asked<'_>, most: usize) -> Result<()> {
        *self = Kept::default();
        let kinds = vec![asked.kind.name.clone()];
        let all = Search { kinds, order: Order::Oldest, ..Search::default() };
        self.many = asked.view.search_count(&all)? > most as u64;
        if self.many {
            return Ok(());
        }
        asked.view.search_each(&all, &mut |row| self.judge(asked, &row))
    }

    fn renew(&mut self, asked: &Asked<'_>, news: BTreeSet<DocId>) -> Result<()> {
        let mut docs = self.loose.clone();
        docs.extend(news.iter().filter_map(|doc| self.rests.get(doc)).flatten());
        docs.extend(news);
        let added = Arc::make_mut(&mut self.added);
        for doc in &docs {
            added.remove(doc);
            self.loose.remove(doc);
        }
        for docs in docs.into_iter().collect::<Vec<_>>().chunks(PAGE) {
            let rows = asked.view.records(docs)?;
            for row in rows.iter().filter(|row| row.kind == asked.kind.name && !row.removed) {
                self.judge(asked, row)?;
            }
        }
        Ok(())
    }

    fn judge(&mut self, asked: &Asked<'_>, row: &RecordRow) -> Result<()> {
        asked.asking.begin();
        let entry = asked.entry(row)?;
        for other in asked.asking.taken() {
            self.rests.entry(other).or_default().insert(row.doc);
        }
        if asked.asking.loosely() {
            self.loose.insert(row.doc);
        }
        if let Some(entry) = entry {
            Arc::make_mut(&mut self.added).insert(row.doc, entry);
        }
        Ok(())
    }
}
