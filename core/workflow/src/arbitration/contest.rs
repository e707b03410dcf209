//! Contests: whether a ledger is still within its limit after a step.
//!
//! What a ledger comes to at a time: every claim that is held, and of every lease that has not ended
//! what nobody has spent from it yet. So a claim that its lease covers changes nothing and is always
//! possible, a lease that ends gives back what is left of it, and nobody has to do anything for that.
//!
//! Whoever waits has a place before everyone who came later. What becomes free is offered along the list: the
//! first who fits is given it, and one for whom it is not enough keeps their place and holds up nobody. Somebody
//! fits whose claims fit in all the ledgers of a step: a family needs a seat for itself and one for each child.
//! That is asked of every ledger that they wait for, also of one of which the step itself claims nothing more. A claim
//! that is more than there is at all would wait for ever, so it is refused at once.

use super::ledger::{Ledger, Limit};
use crate::env::Env;
use crate::kind::{Kind, RefusalRule};
use crate::messages::{refusal, same};
use crate::record::Record;
use crate::stop::{Stop, settle};
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
    let others = |ledger: &Ledger, key: &str| -> Result<Vec<(DocId, Claim)>, Stop> {
        let mut others = world.claims(&ledger.book, key)?;
        others.retain(|(doc, _)| *doc != record.id);
        Ok(others)
    };
    let (mut pools, mut quiet, mut place) = (Vec::new(), Vec::new(), None);
    for ledger in &kind.ledgers {
        let Some(bound) = &ledger.bound else { continue };
        let Some(new) = ledger.claim(kind, record, to, moment)? else {
            // What it may have claimed here, it gives back.
            quiet.extend(ledger.key_of(kind, record, moment).map(|key| (ledger, bound, key, None)));
            continue;
        };
        let old = ledger.claim(kind, record, &record.stage, moment)?;
        if new.waits.is_some() {
            // Who waits already asks for nothing new: not even where there is less by now than there was.
            if old.is_none_or(|old| old.amount < new.amount) {
                within(kind, ledger, &bound.refusal, &new, limit(ledger, &bound.limit, env)?)?;
            }
            continue;
        }
        place = place.or(old.as_ref().and_then(|claim| claim.waits));
        let old = old.filter(|claim| claim.waits.is_none() && claim.key == new.key);
        let others = others(ledger, &new.key)?;
        let book = Book::of(&others, now_ms);
        let rise = |claim: &Claim| book.rise(record.id, claim, now_ms);
        if rise(&new) <= old.as_ref().map_or(Amount::ZERO, rise) {
            quiet.push((ledger, bound, new.key, old));
            continue;
        }
        let limit = limit(ledger, &bound.limit, env)?;
        if !ledger.waits.is_empty() {
            within(kind, ledger, &bound.refusal, &new, limit)?;
        }
        let one = matches!(bound.limit, Limit::One);
        let first = others.iter().map(|(doc, _)| *doc).min().filter(|_| one);
        let rising = Rising { refusal: &bound.refusal, first, new, book, kept: Amount::ZERO };
        pools.push(Pool::new(record.id, limit, &others, old.as_ref(), Some(rising), now_ms));
    }
    if pools.iter().any(|pool| !pool.waiting.is_empty()) {
        for (ledger, bound, key, old) in quiet {
            let others = others(ledger, &key)?;
            if others.iter().all(|(_, claim)| claim.waits.is_none()) {
                continue;
            }
            // Where it is not known, it is no reason to say no: nothing is claimed here.
            let Ok(limit) = settle(limit(ledger, &bound.limit, env))? else { continue };
            pools.push(Pool::new(record.id, limit, &others, old.as_ref(), None, now_ms));
        }
    }
    serve(&mut pools, place, now_ms);
    for Pool { limit, rising, .. } in pools {
        let Some(Rising { refusal, first, new, book, kept }) = rising else { continue };
        let rise = book.rise(record.id, &new, now_ms);
        if book.total.plus(rise) <= limit {
            continue;
        }
        // As much as would leave the total at the limit: what the lease covers comes on top.
        let covered = new.amount.minus(rise);
        let left = limit.minus(book.total).plus(covered).max(Amount::ZERO);
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

/// A ledger of the step, or one that somebody waits for who waits for those of the step as well.
struct Pool<'k> {
    limit: Amount,
    /// What is held, with what the record holds already, and what those are given who come first.
    book: Book,
    /// Who waits, each for what.
    waiting: BTreeMap<DocId, Claim>,
    /// Where the step claims more than before.
    rising: Option<Rising<'k>>,
}

/// What the step claims of a ledger.
struct Rising<'k> {
    refusal: &'k RefusalRule,
    /// The record that has it, where there is one only.
    first: Option<DocId>,
    new: Claim,
    /// What others hold, and what those are given who come first.
    book: Book,
    kept: Amount,
}

impl<'k> Pool<'k> {
    fn new(
        id: DocId,
        limit: Amount,
        others: &[(DocId, Claim)],
        old: Option<&Claim>,
        rising: Option<Rising<'k>>,
        now_ms: i64,
    ) -> Pool<'k> {
        let mut book = Book::of(others, now_ms);
        // What it holds nobody is given who waits.
        if let Some(old) = old {
            book.add(id, old, now_ms);
        }
        let mut waiting = BTreeMap::new();
        for (doc, claim) in others.iter().filter(|(_, claim)| claim.waits.is_some()) {
            waiting.entry(*doc).or_insert_with(|| claim.clone());
        }
        Pool { limit, book, waiting, rising }
    }

    /// Nobody who waits can be given anything more that the step wants too.
    fn is_spent(&self) -> bool {
        self.rising.is_none() || self.book.total >= self.limit
    }

    fn fits(&self, doc: DocId, now_ms: i64) -> bool {
        let rise = |claim| self.book.rise(doc, claim, now_ms);
        self.waiting.get(&doc).is_none_or(|claim| self.book.total.plus(rise(claim)) <= self.limit)
    }

    fn give(&mut self, doc: DocId, now_ms: i64) {
        let Some(claim) = self.waiting.get(&doc) else { return };
        if let Some(Rising { book, kept, .. }) = &mut self.rising {
            *kept = kept.plus(book.rise(doc, claim, now_ms));
            book.add(doc, claim, now_ms);
        }
        self.book.add(doc, claim, now_ms);
    }
}

/// Gives what is free to those who wait and come before this place, along the list, wherever it is enough for
/// them. Who has no place comes last. Returns how many of the list were looked at: an event that everybody wants
/// to come to is not gone through for each of them.
fn serve(pools: &mut [Pool<'_>], place: Option<Seq>, now_ms: i64) -> usize {
    let mut list: BTreeMap<DocId, Seq> = BTreeMap::new();
    for (doc, claim) in pools.iter().flat_map(|pool| &pool.waiting) {
        if let Some(since) = claim.waits.filter(|since| place.is_none_or(|place| *since < place)) {
            let first = list.entry(*doc).or_insert(since);
            *first = since.min(*first);
        }
    }
    let mut list: Vec<_> = list.into_iter().map(|(doc, since)| (since, doc)).collect();
    list.sort();
    for (at, (_, doc)) in list.iter().enumerate() {
        if pools.iter().all(Pool::is_spent) {
            return at;
        }
        if pools.iter().all(|pool| pool.fits(*doc, now_ms)) {
            pools.iter_mut().for_each(|pool| pool.give(*doc, now_ms));
        }
    }
    list.len()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;
    use rounds_model::text::Text;

    fn claim(waits: Option<u64>) -> Claim {
        let (rule, key, waits) = ("seats".to_owned(), "e".to_owned(), waits.map(Seq));
        Claim { rule, key, amount: Amount::ONE, until: None, from: None, waits }
    }

    fn doc(n: u16) -> DocId {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        DocId(id)
    }

    /// Found by a critic: of two thousand who wait for twenty seats each was compared with each.
    #[test]
    fn q2_a_waiting_list_is_gone_through_until_nothing_is_left() {
        let waiting: Vec<_> = (1..=2_000).map(|n| (doc(n), claim(Some(n.into())))).collect();
        let words = || Template::parse(&Text::default()).0;
        let (reason, remedy) = (words(), words());
        let refusal = RefusalRule { code: "full".into(), field: None, rule: None, reason, remedy };
        let limit: Amount = (0..20).map(|_| Amount::ONE).sum();
        let pool = |wanted: bool| {
            let (new, book) = (claim(None), Book::of(&waiting, 0));
            let rising = Rising { refusal: &refusal, first: None, new, book, kept: Amount::ZERO };
            Pool::new(doc(0), limit, &waiting, None, wanted.then_some(rising), 0)
        };
        let mut pools = [pool(true), pool(false)];
        assert_eq!(serve(&mut pools, None, 0), 20);
        assert!(pools.iter().all(|pool| pool.book.total == limit));
        let kept = pools[0].rising.as_ref().map(|rising| rising.kept);
        assert_eq!(kept, Some(limit));
    }
}
