//! Contests: whether a ledger is still within its limit after a step.
//!
//! What a ledger comes to at a time: every claim that is held, and of every lease that has not ended
//! what nobody has spent from it yet. So a claim that its lease covers changes nothing and is always
//! possible, a lease that ends gives back what is left of it, and nobody has to do anything for that.
//!
//! Whoever waits has a place before everyone who came later: what becomes free is theirs first.

use super::ledger::Limit;
use crate::env::Env;
use crate::kind::Kind;
use crate::record::Record;
use crate::stop::Stop;
use crate::world::World;
use crate::world::WorldError;
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{DocId, Seq};
use std::collections::BTreeMap;

/// What a refusal may tell of the ledger that stood in the way.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    /// How much all may claim.
    pub limit: Amount,
    /// How much this record could still claim.
    pub left: Amount,
    /// Whose record stands in the way, where there is one and that is known; else nothing.
    pub holder: String,
}

/// Stops a step to a stage in which the record would claim more than the others leave. A record
/// that claims no more than it did before is never in the way of itself.
pub(crate) fn contest(
    kind: &Kind,
    record: &Record,
    to: &str,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(), Stop> {
    let moment = env.time();
    let now_ms = world.received_ms().unwrap_or(moment.now_ms);
    for ledger in &kind.ledgers {
        let Some(bound) = &ledger.bound else { continue };
        let Some(new) = ledger.claim(kind, record, to, moment)?.filter(|claim| claim.waits.is_none()) else {
            continue;
        };
        let old = ledger.claim(kind, record, &record.stage, moment)?;
        let place = old.as_ref().and_then(|claim| claim.waits);
        let old = old.filter(|claim| claim.waits.is_none() && claim.key == new.key);
        let mut others = world.claims(&ledger.book, &new.key)?;
        others.retain(|(doc, _)| *doc != record.id);
        let with = |own: Option<&Claim>| {
            let own = own.map(|claim| (record.id, claim.clone()));
            total(others.iter().chain(own.as_ref()), now_ms)
        };
        let (before, after) = (with(old.as_ref()), with(Some(&new)));
        if after <= before {
            continue;
        }
        let limit = match &bound.limit {
            Limit::One => Amount::ONE,
            Limit::Worked(limit) => Amount::from_number(limit.value(env)?.as_number())
                .ok_or_else(|| Stop::Eval(format!("{}: the limit is not known", ledger.name)))?,
        };
        let line = line(&others, place);
        if after.plus(line) <= limit {
            continue;
        }
        // As much as would leave the total at the limit: what the lease covers comes on top.
        let covered = new.amount.minus(after.minus(with(None)));
        let left = limit.minus(line).minus(with(None)).plus(covered).max(Amount::ZERO);
        let first = others.iter().map(|(doc, _)| *doc).min().filter(|_| matches!(bound.limit, Limit::One));
        let holder = first.map_or(Ok(String::new()), |doc| holder(doc, world))?;
        let mut refusal = bound.refusal.made(&env.measuring(Measure { limit, left, holder }))?;
        refusal.link = first;
        return Err(Stop::Overtaken(Box::new(refusal)));
    }
    Ok(())
}

/// The name of whoever has a record, as far as both are known here.
fn holder(doc: DocId, world: &dyn World) -> Result<String, WorldError> {
    let Some(known) = world.record(doc)? else { return Ok(String::new()) };
    Ok(world.name(known.owner)?.unwrap_or_default())
}

/// What is held of a ledger at a time, what ends by itself and has not ended yet among it.
pub(crate) fn held(claims: &[(DocId, Claim)], now_ms: i64) -> Amount {
    total(claims.iter(), now_ms)
}

/// What is held of a ledger, without leases and without those who wait.
pub(crate) fn drawn(claims: &[(DocId, Claim)]) -> Amount {
    let held = |claim: &&Claim| claim.waits.is_none() && claim.until.is_none();
    claims.iter().map(|(_, claim)| claim).filter(held).map(|claim| claim.amount).sum()
}

/// What is waited for.
pub(crate) fn waiting(claims: &[(DocId, Claim)]) -> Amount {
    line(claims, None)
}

/// What a ledger comes to.
fn total<'c>(claims: impl Iterator<Item = &'c (DocId, Claim)>, now_ms: i64) -> Amount {
    let (mut sum, mut leases) = (Amount::ZERO, Vec::new());
    let mut spent: BTreeMap<DocId, Amount> = BTreeMap::new();
    for (doc, claim) in claims.filter(|(_, claim)| claim.waits.is_none()) {
        match claim.until {
            Some(until) if until > now_ms => leases.push((doc, claim.amount)),
            Some(_) => {}
            None => {
                sum = sum.plus(claim.amount);
                if let Some(lease) = claim.from {
                    let so_far = spent.entry(lease).or_insert(Amount::ZERO);
                    *so_far = so_far.plus(claim.amount);
                }
            }
        }
    }
    let unspent = |(doc, amount): (&DocId, Amount)| {
        amount.minus(spent.get(doc).copied().unwrap_or(Amount::ZERO)).max(Amount::ZERO)
    };
    sum.plus(leases.into_iter().map(unspent).sum())
}

/// What those want who wait and come before this place; who has none comes last.
fn line(claims: &[(DocId, Claim)], place: Option<Seq>) -> Amount {
    let earlier = |claim: &Claim| claim.waits.is_some_and(|since| place.is_none_or(|place| since < place));
    claims.iter().filter(|(_, claim)| earlier(claim)).map(|(_, claim)| claim.amount).sum()
}
