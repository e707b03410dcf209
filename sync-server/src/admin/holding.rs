//! Deciding about work that was handed over: what one device made of one record is one piece of
//! work, decided about as a whole, because its items build on each other.
//!
//! Accepted, each item is judged again as of the device and the person who made it, as if they still
//! held the record, and as its owner if they ever were. What the rules still do not allow stays in
//! the queue with its reason. Dropped, it stays on the server too, and nobody is asked about it again.
//!
//! A decision is about what its maker has seen: it names the first and the last item of the list that
//! they read, and what has arrived since waits for another one. Whether it is theirs to decide is asked
//! in the transaction that carries it out.

use super::{Done, Refused};
use crate::error::{Error, Result};
use crate::exchange::batch::Batch;
use crate::exchange::caller::{self, Author, Holds};
use crate::exchange::moving;
use crate::exchange::rules::Rules;
use crate::storage::holding::HoldingRow;
use crate::storage::{Read, Storage, Write};
use rounds_model::ids::{ActId, DeviceId, DocId, PersonId, Seq, TeamId};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{Decision, Packed, PushItem, Receipt, RuledBefore};
use std::collections::BTreeMap;

/// The most items that a list reads.
const LISTED: u32 = 5_000;
/// The most bytes of a reason.
pub const REASON: usize = 1_000;

/// What one device made of one record and what nobody has decided about.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// The number of its first item.
    pub number: Seq,
    /// The number of its newest item.
    pub newest: Seq,
    /// The device.
    pub device: DeviceId,
    /// Whose work it is.
    pub person: PersonId,
    /// The record.
    pub doc: DocId,
    /// Who holds the record; none if the server never had it.
    pub scope: Option<Scope>,
    /// Its items, oldest first, as far as they can be read.
    pub items: Vec<PushItem>,
    /// How many items it has.
    pub count: usize,
    /// When the first of it arrived, Unix milliseconds.
    pub since: i64,
    /// Why it was not applied.
    pub refusal: Refusal,
}

/// Which items of a piece of work are decided about: from the first to the last that somebody has seen.
/// Written as `12-15`, or `12` for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first item's number.
    pub first: Seq,
    /// The last one's.
    pub last: Seq,
}

/// How somebody names a piece of work: by a number of it, which is all of it, or by what of it they have seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// All of the piece of work that this number is of.
    Whole(Seq),
    /// From the first to the last that was seen.
    Seen(Span),
}

impl std::str::FromStr for Named {
    type Err = BadSpan;
    fn from_str(text: &str) -> std::result::Result<Self, BadSpan> {
        let span: Span = text.parse()?;
        Ok(if text.contains('-') { Named::Seen(span) } else { Named::Whole(span.first) })
    }
}

impl Named {
    /// Which items that is now. What is not there or decided about is told by whoever carries it out.
    pub fn span(self, view: &dyn Read) -> Result<Span> {
        match self {
            Named::Seen(span) => Ok(span),
            Named::Whole(number) => {
                let one = Span { first: number, last: number };
                let waits = view.holding(number)?.is_some_and(|row| row.decision.is_none());
                // Of what was decided about, what came since is not meant.
                let work = if waits { self::one(view, number)? } else { None };
                Ok(work.map_or(one, |work| work.span()))
            }
        }
    }
}

/// A text that is no [`Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number, nor two with a hyphen between them")]
pub struct BadSpan;

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Span { first, last } if first == last => write!(f, "{}", first.0),
            Span { first, last } => write!(f, "{}-{}", first.0, last.0),
        }
    }
}

impl std::str::FromStr for Span {
    type Err = BadSpan;
    fn from_str(text: &str) -> std::result::Result<Self, BadSpan> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| text.parse().map(Seq).map_err(|_| BadSpan);
        let span = Span { first: number(first)?, last: number(last)? };
        if span.first <= span.last { Ok(span) } else { Err(BadSpan) }
    }
}

/// Who decides.
#[derive(Debug, Clone, Copy)]
pub enum Decider {
    /// Whoever runs the server: about everything.
    Operator(PersonId),
    /// Somebody who holds the record or, where there is none yet, leads the work's author.
    Person(PersonId),
}

impl Work {
    /// All of it, as it was read.
    pub fn span(&self) -> Span {
        Span { first: self.number, last: self.newest }
    }
}

impl Decider {
    fn person(self) -> PersonId {
        let (Decider::Operator(person) | Decider::Person(person)) = self;
        person
    }

    fn check(self, tx: &dyn Read, rows: &[HoldingRow]) -> Done<()> {
        let (Decider::Person(person), Some(row)) = (self, rows.first()) else { return Ok(()) };
        let known = tx.marks(&[row.doc])?.into_iter().next();
        let scope = known.map_or(Scope::Person(row.person), |mark| mark.scope);
        if caller::scopes_of(tx, person)?.contains(&scope) {
            Ok(())
        } else {
            Err(Refused::new("work-foreign", &[("number", &row.number.0)]).into())
        }
    }
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// How many items were accepted, or dropped.
    pub done: u64,
    /// Why the others could not be accepted; they still wait.
    pub left: Vec<Refusal>,
}

/// Everything that waits, oldest first.
pub fn waiting(view: &dyn Read) -> Result<Vec<Work>> {
    waiting_in(view, None)
}

/// The same about records in these scopes, or of people whose scopes are among them: what others have to
/// decide about does not crowd it out.
pub fn waiting_in(view: &dyn Read, scopes: Option<&[Scope]>) -> Result<Vec<Work>> {
    works(view, view.holding_waiting(scopes, LISTED)?)
}

/// What waits about one record.
pub fn about(view: &dyn Read, doc: DocId) -> Result<Vec<Work>> {
    let rows = view.holding_about(doc)?;
    works(view, rows.into_iter().filter(|row| row.decision.is_none()).collect())
}

/// The piece of work that an item is of.
pub fn one(view: &dyn Read, number: Seq) -> Result<Option<Work>> {
    let Some(row) = view.holding(number)? else { return Ok(None) };
    Ok(about(view, row.doc)?.into_iter().find(|work| work.device == row.device))
}

fn works(view: &dyn Read, rows: Vec<HoldingRow>) -> Result<Vec<Work>> {
    let mut places: BTreeMap<(DeviceId, DocId), usize> = BTreeMap::new();
    let mut out: Vec<Work> = vec![];
    for row in rows {
        let at = *places.entry((row.device, row.doc)).or_insert_with(|| {
            out.push(Work {
                number: row.number,
                newest: row.number,
                device: row.device,
                person: row.person,
                doc: row.doc,
                scope: None,
                items: vec![],
                count: 0,
                since: row.received,
                refusal: row.refusal.clone(),
            });
            out.len() - 1
        });
        if let Some(work) = out.get_mut(at) {
            work.items.extend(Packed(row.item).unpack().ok());
            work.count += 1;
            work.newest = work.newest.max(row.number);
        }
    }
    let docs: Vec<_> = out.iter().map(|work| work.doc).collect();
    let scopes: BTreeMap<_, _> = view.marks(&docs)?.into_iter().map(|mark| (mark.doc, mark.scope)).collect();
    out.iter_mut().for_each(|work| work.scope = scopes.get(&work.doc).cloned());
    Ok(out)
}

/// Makes a piece of work, as far as it was seen, a part of its record.
pub fn accept(storage: &dyn Storage, team: TeamId, seen: Span, by: Decider, now_ms: i64) -> Done<Decided> {
    let mut tx = storage.write(team)?;
    let rows = open(&*tx, seen)?;
    by.check(&*tx, &rows)?;
    let author = author(&*tx, &rows)?;
    let rules = Rules::load(&*tx)?;
    let items: Vec<_> = rows.iter().map(|row| Packed(row.item.clone())).collect();
    let mut batch = Batch::new(&mut *tx, rules, author, now_ms).remembering(&ruled_before(&rows));
    let receipts = batch.push(&items)?;
    batch.store()?;
    let mut decided = Decided { done: 0, left: vec![] };
    let decision = Decision { accepted: true, by: by.person(), at_ms: now_ms, reason: String::new() };
    for (row, receipt) in rows.into_iter().zip(receipts) {
        match receipt {
            Receipt::Stored(_) | Receipt::Duplicate(_) => {
                decided.done += 1;
                settle(&mut *tx, HoldingRow { item: vec![], decision: Some(decision.clone()), ..row })?;
            }
            Receipt::Held(refusal) | Receipt::Taken(refusal) => {
                tx.put_holding(&HoldingRow { refusal: refusal.clone(), ..row })?;
                decided.left.push(refusal);
            }
        }
    }
    tx.commit()?;
    Ok(decided)
}

/// How the acts of a piece of work were ruled before the server was put back, as their phone was told.
fn ruled_before(rows: &[HoldingRow]) -> BTreeMap<ActId, RuledBefore> {
    let told = rows.iter().filter_map(|row| Some((row.ruled.clone()?, &row.item)));
    let acts = told.filter_map(|(ruled, item)| match Packed(item.clone()).unpack() {
        Ok(PushItem::Act(signed)) => Some((signed.read().ok()?.id, ruled)),
        Ok(PushItem::Edit(_)) | Err(_) => None,
    });
    acts.collect()
}

/// Drops a piece of work, as far as it was seen, with a reason.
pub fn drop_work(
    storage: &dyn Storage,
    team: TeamId,
    seen: Span,
    by: Decider,
    reason: &str,
    now_ms: i64,
) -> Done<Decided> {
    let reason = reason.trim();
    if reason.len() > REASON || reason.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refused::new("bad-reason", &[("max", &REASON)]).into());
    }
    let mut tx = storage.write(team)?;
    let rows = open(&*tx, seen)?;
    by.check(&*tx, &rows)?;
    let done = rows.len() as u64;
    let decision = Decision { accepted: false, by: by.person(), at_ms: now_ms, reason: reason.to_owned() };
    for row in rows {
        settle(&mut *tx, HoldingRow { decision: Some(decision.clone()), ..row })?;
    }
    tx.commit()?;
    Ok(Decided { done, left: vec![] })
}

/// The items of the piece of work that were seen and wait.
fn open(view: &dyn Read, seen: Span) -> Done<Vec<HoldingRow>> {
    let Span { first, last } = seen;
    let named = view.holding(first)?.ok_or_else(|| Refused::new("no-such-work", &[("number", &first.0)]))?;
    let about = view.holding_about(named.doc)?.into_iter();
    let is_seen = |row: &HoldingRow| (first..=last).contains(&row.number) && row.device == named.device;
    let rows: Vec<_> = about.filter(|row| is_seen(row) && row.decision.is_none()).collect();
    if rows.is_empty() {
        return Err(Refused::new("work-decided", &[("number", &first.0)]).into());
    }
    Ok(rows)
}

fn author(view: &dyn Read, rows: &[HoldingRow]) -> Result<Author> {
    let missing = || Error::StorageDamaged("the author of handed-over work is missing".into());
    let first = rows.first().ok_or_else(missing)?;
    let device = view.device(first.device)?.ok_or_else(missing)?;
    let person = view.person(first.person)?.ok_or_else(missing)?;
    Ok(Author { device: device.device, key: device.key, person, holds: Holds::Everything, decided: true })
}

/// Stores a decision and tells the author, and whoever holds the record.
fn settle(tx: &mut dyn Write, row: HoldingRow) -> Result<()> {
    tx.put_holding(&row)?;
    let own = Scope::Person(row.person);
    let mut rows = vec![moving::handed(tx, row.doc, own.clone(), row.number)];
    for mark in tx.marks(&[row.doc])?.into_iter().filter(|mark| mark.scope != own) {
        rows.push(moving::handed(tx, row.doc, mark.scope, row.number));
    }
    tx.put_log(&rows)
}
