//! What packs say somebody should look at, kept in memory for each team: worked out once for each record,
//! and again when it has changed, or a record that it was judged by.
//!
//! A list of exceptions is over all records there are; to judge fifty thousand visits for each look at it
//! takes seconds. Nothing here is stored and nothing rules on it: a server that starts works it out anew.
//!
//! Who looks holds a reading connection, so nobody waits here for anybody: while one follows the news, the
//! others are given what was known before.

use super::exceptions::{Exception, Looking};
use crate::error::Result;
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::records::{Filter, RecordRow};
use rounds_model::canonical;
use rounds_model::ids::{DocId, Seq, TeamId};
use rounds_model::scope::Scope;
use rounds_workflow::{Claim, Judged, Known, Projection, World, WorldError};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

/// Records read at a time.
const PAGE: u32 = 500;
/// News of the log that are followed; after more, everything is worked out anew.
const NEWS: usize = 20_000;

/// The watches of all teams.
#[derive(Default)]
pub struct Watch {
    teams: Mutex<HashMap<TeamId, Arc<Team>>>,
}

/// What was found, by record: its scope, and what should be looked at.
type Found = BTreeMap<DocId, (Scope, Vec<Exception>)>;

/// One team's.
#[derive(Default)]
struct Team {
    /// Whoever has it follows the news.
    kept: Mutex<Kept>,
    /// What it came to when it was followed last.
    last: Mutex<Option<Arc<Found>>>,
}

/// What is known of one team.
#[derive(Default)]
struct Kept {
    rules: Option<Arc<Rules>>,
    /// The day of the team's zone, counted from 1970: rules may ask what day it is.
    day: Option<i64>,
    at: Seq,
    found: Arc<Found>,
    /// Records, with those that were judged by them.
    rests: HashMap<DocId, BTreeSet<DocId>>,
    /// Ledgers, with the records that were judged by what they come to.
    summed: HashMap<Book, BTreeSet<DocId>>,
    /// Records that had a claim in one of these: when they change, what it comes to may have.
    claimed: HashMap<DocId, BTreeSet<Book>>,
}

/// A ledger and a key of it.
type Book = (String, String);

impl Watch {
    /// What packs say of the records in these scopes, or in any, in no order.
    pub fn found(
        &self,
        view: &dyn Read,
        rules: &Arc<Rules>,
        scopes: Option<&[Scope]>,
        now_ms: i64,
    ) -> Result<Vec<Exception>> {
        let id = view.team()?.id;
        let team = Arc::clone(lock(&self.teams).entry(id).or_default());
        let found = team.found(view, rules, now_ms)?;
        let wanted: Option<BTreeSet<&Scope>> = scopes.map(|scopes| scopes.iter().collect());
        let own = found.values().filter(|(scope, _)| wanted.as_ref().is_none_or(|all| all.contains(scope)));
        Ok(own.flat_map(|(_, found)| found.iter().cloned()).collect())
    }
}

impl Team {
    fn found(&self, view: &dyn Read, rules: &Arc<Rules>, now_ms: i64) -> Result<Arc<Found>> {
        let taken = match self.kept.try_lock() {
            Ok(kept) => Some(kept),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let Some(mut kept) = taken else {
            if let Some(last) = lock(&self.last).clone() {
                return Ok(last);
            }
            // Nothing was known before: it is worked out twice, which happens once after a start.
            let mut own = Kept::default();
            own.follow(view, rules, now_ms)?;
            return Ok(own.found);
        };
        kept.follow(view, rules, now_ms)?;
        *lock(&self.last) = Some(Arc::clone(&kept.found));
        Ok(Arc::clone(&kept.found))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The records of which there is news since then, in the scopes that there are and in those that are known;
/// none if there is too much of it.
pub(crate) fn news<'s>(
    view: &dyn Read,
    since: Seq,
    known: impl Iterator<Item = &'s Scope>,
) -> Result<Option<BTreeSet<DocId>>> {
    let people = view.people()?;
    let mut scopes: BTreeSet<Scope> = people.iter().map(|person| Scope::Person(person.id)).collect();
    for person in &people {
        scopes.extend(view.areas_of(person.id)?.iter().filter_map(|name| Scope::area(name)));
    }
    for scope in known {
        if !scopes.contains(scope) {
            scopes.insert(scope.clone());
        }
    }
    scopes.insert(Scope::Team);
    let cursors: Vec<(Scope, Seq)> = scopes.into_iter().map(|scope| (scope, since)).collect();
    let rows = view.log(&cursors, NEWS)?;
    Ok((rows.len() < NEWS).then(|| rows.into_iter().filter_map(|row| row.doc).collect()))
}

impl Kept {
    fn follow(&mut self, view: &dyn Read, rules: &Arc<Rules>, now_ms: i64) -> Result<()> {
        let ahead_ms = i64::from(rounds_workflow::moment(now_ms, rules.zone).offset_minutes) * 60_000;
        let (head, day) = (view.head()?, now_ms.saturating_add(ahead_ms).div_euclid(86_400_000));
        let same = self.rules.as_ref().is_some_and(|own| Arc::ptr_eq(own, rules)) && self.day == Some(day);
        if same && head == self.at {
            return Ok(());
        }
        let news = if same && head > self.at { self.news(view)? } else { None };
        let looking = Looking::new(view, rules, now_ms)?;
        let asking = Asking::new(view);
        match news {
            Some(news) => self.renew(view, &looking, &asking, news)?,
            None => {
                *self = Kept::default();
                self.all(view, &looking, &asking)?;
            }
        }
        (self.rules, self.day, self.at) = (Some(Arc::clone(rules)), Some(day), head);
        Ok(())
    }

    /// The records of which there is news; none if there is too much of it.
    fn news(&self, view: &dyn Read) -> Result<Option<BTreeSet<DocId>>> {
        news(view, self.at, self.found.values().map(|(scope, _)| scope))
    }

    fn all(&mut self, view: &dyn Read, looking: &Looking<'_>, asking: &Asking<'_>) -> Result<()> {
        for kind in looking.kinds() {
            let mut after = None;
            loop {
                let kind = Some(kind.to_owned());
                let page = view.list(&Filter { kind, after, limit: PAGE, ..Filter::default() })?;
                let Some(last) = page.last() else { break };
                after = Some(last.doc);
                for row in &page {
                    self.judge(looking, asking, row)?;
                }
            }
        }
        Ok(())
    }

    fn renew(
        &mut self,
        view: &dyn Read,
        looking: &Looking<'_>,
        asking: &Asking<'_>,
        news: BTreeSet<DocId>,
    ) -> Result<()> {
        let books = self.books(view, &news)?;
        let mut docs: BTreeSet<DocId> =
            news.iter().filter_map(|doc| self.rests.get(doc)).flatten().copied().collect();
        docs.extend(books.iter().filter_map(|book| self.summed.get(book)).flatten());
        docs.extend(news);
        let kinds: BTreeSet<&str> = looking.kinds();
        let found = Arc::make_mut(&mut self.found);
        for doc in &docs {
            found.remove(doc);
        }
        for docs in docs.into_iter().collect::<Vec<_>>().chunks(PAGE as usize) {
            for row in view.records(docs)?.iter().filter(|row| kinds.contains(row.kind.as_str())) {
                self.judge(looking, asking, row)?;
            }
        }
        Ok(())
    }

    /// The ledgers in which these records had a claim, or have one now.
    fn books(&mut self, view: &dyn Read, news: &BTreeSet<DocId>) -> Result<BTreeSet<Book>> {
        let mut books = BTreeSet::new();
        if self.summed.is_empty() {
            return Ok(books);
        }
        for docs in news.iter().copied().collect::<Vec<_>>().chunks(PAGE as usize) {
            books.extend(docs.iter().filter_map(|doc| self.claimed.remove(doc)).flatten());
            for row in view.records(docs)? {
                let projection: Projection = canonical::decode(&row.projection)?;
                books.extend(projection.claims.into_iter().map(|claim| (claim.rule, claim.key)));
            }
        }
        Ok(books)
    }

    fn judge(&mut self, looking: &Looking<'_>, asking: &Asking<'_>, row: &RecordRow) -> Result<()> {
        let projection: Projection = canonical::decode(&row.projection)?;
        asking.begin();
        let found = looking.by_pack(row.doc, &projection, asking)?;
        for other in asking.asked.take() {
            self.rests.entry(other).or_default().insert(row.doc);
        }
        for book in asking.summed.take() {
            self.summed.entry(book).or_default().insert(row.doc);
        }
        for (doc, book) in asking.claimed.take() {
            self.claimed.entry(doc).or_default().insert(book);
        }
        if !found.is_empty() && !row.removed {
            Arc::make_mut(&mut self.found).insert(row.doc, (row.scope.clone(), found));
        }
        Ok(())
    }
}

/// The records of a team, that notes what it is asked about, and reads each record once.
pub(crate) struct Asking<'a> {
    view: &'a dyn Read,
    known: RefCell<HashMap<DocId, Option<Known>>>,
    asked: RefCell<BTreeSet<DocId>>,
    summed: RefCell<BTreeSet<Book>>,
    claimed: RefCell<BTreeSet<(DocId, Book)>>,
}

impl<'a> Asking<'a> {
    pub fn new(view: &'a dyn Read) -> Self {
        let (known, asked) = (RefCell::default(), RefCell::default());
        Asking { view, known, asked, summed: RefCell::default(), claimed: RefCell::default() }
    }

    pub fn begin(&self) {
        self.asked.take();
        self.summed.take();
        self.claimed.take();
    }

    /// What was asked about since it began.
    pub fn taken(&self) -> BTreeSet<DocId> {
        self.asked.take()
    }

    /// Whether more than single records were asked about since it began.
    pub fn loosely(&self) -> bool {
        !self.summed.borrow().is_empty()
    }

    fn world<T>(&self, ask: impl FnOnce(&TeamWorld<'_>) -> T) -> T {
        let (open, histories) = (HashMap::new(), RefCell::default());
        let damaged = Cell::default();
        ask(&TeamWorld { view: self.view, open: &open, now_ms: None, damaged, histories: &histories })
    }
}

impl World for Asking<'_> {
    fn record(&self, id: DocId) -> std::result::Result<Option<Known>, WorldError> {
        self.asked.borrow_mut().insert(id);
        if let Some(known) = self.known.borrow().get(&id) {
            return Ok(known.clone());
        }
        let found = self.world(|world| world.record(id))?;
        self.known.borrow_mut().insert(id, found.clone());
        Ok(found)
    }

    fn claims(&self, rule: &str, key: &str) -> std::result::Result<Vec<(DocId, Claim)>, WorldError> {
        let found = self.world(|world| world.claims(rule, key))?;
        let book: Book = (rule.to_owned(), key.to_owned());
        self.claimed.borrow_mut().extend(found.iter().map(|(doc, _)| (*doc, book.clone())));
        self.summed.borrow_mut().insert(book);
        Ok(found)
    }

    fn history(&self, id: DocId) -> std::result::Result<Arc<Vec<Judged>>, WorldError> {
        self.asked.borrow_mut().insert(id);
        self.world(|world| world.history(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;
    use crate::testing::Office;

    /// Found by a critic: whoever looked meanwhile waited with a reading connection in hand.
    #[test]
    fn who_looks_while_another_follows_the_news_is_given_what_was_known() {
        let office = Office::new();
        let view = office.db.read(office.team).unwrap();
        let rules = Rules::load(&*view).unwrap();
        let team = Team::default();
        let following = team.kept.lock().unwrap();
        assert!(team.found(&*view, &rules, 0).unwrap().is_empty(), "nothing was known: worked out beside");
        drop(following);
        let first = team.found(&*view, &rules, 0).unwrap();
        let following = team.kept.lock().unwrap();
        let second = team.found(&*view, &rules, 0).unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        drop(following);
    }
}
