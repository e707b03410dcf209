//! Contests: whether a ledger is still within its limit after a step.
//!
//! What a ledger comes to at a time: every claim that is held, and of every lease that has not ended
//! what nobody has spent from it yet. So a claim that its lease covers changes nothing and is always
//! possible, a lease that ends gives back what is left of it, and nobody has to do anything for that.
//!
//! Whoever waits has a place before everyone who came later. What becomes free is offered along the list: the
//! first who fits is given it, and one for whom it is not enough keeps their place and holds up nobody. Somebody
//! fits whose claims fit in all the ledgers of a step: a family needs a seat for itself and one for each child.
//! A claim that is more than there is at all would wait for ever, so it is refused at once.

use super::ledger::{Ledger, Limit};
use crate::env::Env;
use crate::kind::{Kind, RefusalRule};
use crate::messages::{refusal, same};
use crate::record::Record;
use crate::stop::Stop;
use crate::world::World;
use crate::world::WorldError;
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{DocId, Seq};
use rounds_model::refusal::Refusal;
use std::collections::BTreeMap;

/// What a refusal may tell of the ledger that stood in the way.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    /// How much all may claim.
    pub limit: Amount,
    /// How much this record could still claim.
    pub left: Amount,
    /// How much is free beside that, and goes to those who wait before it.
    pub kept: Amount,
    /// Whose record stands in the way, where there is one and that is known; else nothing.
    pub holder: String,
}

/// Stops a step to a stage in which the record would claim more than the others leave, or wait for more than
/// there is. A record that claims no more than it did before is never in the way of itself.
pub(crate) fn contest(
    kind: &Kind,
    record: &Record,
    to: &str,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(), Stop> {
    let moment = env.time();
    let now_ms = world.received_ms().unwrap_or(moment.now_ms);
    let (mut contested, mut place) = (Vec::new(), None);
    for ledger in &kind.ledgers {
        let Some(bound) = &ledger.bound else { continue };
        let Some(new) = ledger.claim(kind, record, to, moment)? else { continue };
        if new.waits.is_some() {
            within(kind, ledger, &bound.refusal, &new, limit(ledger, &bound.limit, env)?)?;
            continue;
        }
        let old = ledger.claim(kind, record, &record.stage, moment)?;
        place = place.or(old.as_ref().and_then(|claim| claim.waits));
        let old = old.filter(|claim| claim.waits.is_none() && claim.key == new.key);
        let mut others = world.claims(&ledger.book, &new.key)?;
        others.retain(|(doc, _)| *doc != record.id);
        let book = Book::of(&others, now_ms);
        let rise = |claim: &Claim| book.rise(record.id, claim, now_ms);
        if rise(&new) <= old.as_ref().map_or(Amount::ZERO, rise) {
            continue;
        }
        let limit = limit(ledger, &bound.limit, env)?;
        if !ledger.waits.is_empty() {
            within(kind, ledger, &bound.refusal, &new, limit)?;
        }
        contested.push(Contested {
            refusal: &bound.refusal,
            one: matches!(bound.limit, Limit::One),
            limit,
            new,
            others,
            book,
            kept: Amount::ZERO,
        });
    }
    serve(&mut contested, place, now_ms);
    for contested in contested {
        let Contested { refusal, one, limit, new, others, book, kept } = contested;
        let rise = book.rise(record.id, &new, now_ms);
        if book.total.plus(rise) <= limit {
            continue;
        }
        // As much as would leave the total at the limit: what the lease covers comes on top.
        let covered = new.amount.minus(rise);
        let left = limit.minus(book.total).plus(covered).max(Amount::ZERO);
        let first = others.iter().map(|(doc, _)| *doc).min().filter(|_| one);
        let holder = first.map_or(Ok(String::new()), |doc| holder(doc, world))?;
        let mut refusal = refusal.made(&env.measuring(Measure { limit, left, kept, holder }))?;
        refusal.link = first;
        return Err(Stop::Overtaken(Box::new(refusal)));
    }
    Ok(())
}

fn limit(ledger: &Ledger, limit: &Limit, env: &Env<'_>) -> Result<Amount, Stop> {
    match limit {
        Limit::One => Ok(Amount::ONE),
        Limit::Worked(limit) => Amount::from_number(limit.value(env)?.as_number())
            .ok_or_else(|| Stop::Eval(format!("{}: the limit is not known", ledger.name))),
    }
}

/// Refusal: `never-enough`. No list is waited on for what will never be there.
fn within(
    kind: &Kind,
    ledger: &Ledger,
    rule: &RefusalRule,
    claim: &Claim,
    limit: Amount,
) -> Result<(), Refusal> {
    if claim.amount <= limit {
        return Ok(());
    }
    let key = ledger.asked(kind).or_else(|| rule.field.clone());
    let title = key.as_ref().and_then(|key| kind.question_title(key)).unwrap_or_else(|| kind.title.clone());
    let (asked, limit) = (claim.amount.to_string(), limit.to_string());
    let args = [("field", &title), ("asked", &same(&asked)), ("limit", &same(&limit))];
    let mut never = refusal("never-enough", &args);
    never.field = key;
    Err(never.by(rule.rule.as_ref()))
}

/// A ledger in which the step claims more than before.
struct Contested<'k> {
    refusal: &'k RefusalRule,
    /// At most one: the refusal names the record that has it.
    one: bool,
    limit: Amount,
    new: Claim,
    others: Vec<(DocId, Claim)>,
    /// What is held, and what those are given who come first.
    book: Book,
    kept: Amount,
}

/// Gives what is free to those who wait and come before this place, along the list, wherever it is enough for
/// them. Who has no place comes last.
fn serve(contested: &mut [Contested<'_>], place: Option<Seq>, now_ms: i64) {
    let mut list: BTreeMap<DocId, Seq> = BTreeMap::new();
    for (doc, claim) in contested.iter().flat_map(|contested| &contested.others) {
        if let Some(since) = claim.waits.filter(|since| place.is_none_or(|place| *since < place)) {
            let first = list.entry(*doc).or_insert(since);
            *first = since.min(*first);
        }
    }
    let mut list: Vec<_> = list.into_iter().map(|(doc, since)| (since, doc)).collect();
    list.sort();
    for (_, doc) in list {
        let wanted: Vec<Option<Claim>> = contested.iter().map(|contested| contested.wanted_by(doc)).collect();
        let fits = |(contested, claim): (&Contested<'_>, &Option<Claim>)| {
            let rise = claim.as_ref().map_or(Amount::ZERO, |claim| contested.book.rise(doc, claim, now_ms));
            contested.book.total.plus(rise) <= contested.limit
        };
        if !contested.iter().zip(&wanted).all(fits) {
            continue;
        }
        for (contested, claim) in contested.iter_mut().zip(&wanted) {
            if let Some(claim) = claim {
                contested.kept = contested.kept.plus(contested.book.rise(doc, claim, now_ms));
                contested.book.add(doc, claim, now_ms);
            }
        }
    }
}

impl Contested<'_> {
    /// What a record waits for here.
    fn wanted_by(&self, doc: DocId) -> Option<Claim> {
        self.others
            .iter()
            .find(|(other, claim)| *other == doc && claim.waits.is_some())
            .map(|(_, c)| c.clone())
    }
}

/// The name of whoever has a record, as far as both are known here.
fn holder(doc: DocId, world: &dyn World) -> Result<String, WorldError> {
    let Some(known) = world.record(doc)? else { return Ok(String::new()) };
    Ok(world.name(known.owner)?.unwrap_or_default())
}

/// What is held of a ledger at a time, what ends by itself and has not ended yet among it.
pub(crate) fn held(claims: &[(DocId, Claim)], now_ms: i64) -> Amount {
    Book::of(claims, now_ms).total
}

/// What is held of a ledger, without leases and without those who wait.
pub(crate) fn drawn(claims: &[(DocId, Claim)]) -> Amount {
    let held = |claim: &&Claim| claim.waits.is_none() && claim.until.is_none();
    claims.iter().map(|(_, claim)| claim).filter(held).map(|claim| claim.amount).sum()
}

/// What is waited for.
pub(crate) fn waiting(claims: &[(DocId, Claim)]) -> Amount {
    claims
        .iter()
        .map(|(_, claim)| claim)
        .filter(|claim| claim.waits.is_some())
        .map(|claim| claim.amount)
        .sum()
}

/// What a ledger comes to.
struct Book {
    total: Amount,
    /// Those that have not ended.
    leases: BTreeMap<DocId, Amount>,
    /// What was spent of each lease.
    spent: BTreeMap<DocId, Amount>,
}

impl Book {
    /// With what is held at a time.
    fn of(claims: &[(DocId, Claim)], now_ms: i64) -> Book {
        let mut book = Book { total: Amount::ZERO, leases: BTreeMap::new(), spent: BTreeMap::new() };
        for (doc, claim) in claims.iter().filter(|(_, claim)| claim.waits.is_none()) {
            book.add(*doc, claim, now_ms);
        }
        book
    }

    /// How much more it comes to with another claim.
    fn rise(&self, doc: DocId, claim: &Claim, now_ms: i64) -> Amount {
        match claim.until {
            Some(until) if until > now_ms => claim.amount.minus(self.spent_of(doc)).max(Amount::ZERO),
            Some(_) => Amount::ZERO,
            None => {
                let unspent = |lease: DocId| {
                    let leased = self.leases.get(&lease).copied().unwrap_or(Amount::ZERO);
                    leased.minus(self.spent_of(lease)).max(Amount::ZERO)
                };
                let covered = claim.from.map_or(Amount::ZERO, unspent);
                claim.amount.minus(covered).max(Amount::ZERO)
            }
        }
    }

    fn add(&mut self, doc: DocId, claim: &Claim, now_ms: i64) {
        self.total = self.total.plus(self.rise(doc, claim, now_ms));
        match (claim.until, claim.from) {
            (Some(until), _) if until > now_ms => drop(self.leases.insert(doc, claim.amount)),
            (None, Some(lease)) => {
                let spent = self.spent_of(lease).plus(claim.amount);
                self.spent.insert(lease, spent);
            }
            _ => {}
        }
    }

    fn spent_of(&self, lease: DocId) -> Amount {
        self.spent.get(&lease).copied().unwrap_or(Amount::ZERO)
    }
}
