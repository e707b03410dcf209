//! Ledgers: which claim a record has in which stage.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{Kind, RefusalRule};
use crate::messages::refusal;
use crate::moment::instant;
use crate::record::Record;
use crate::stop::Stop;
use crate::world::Alone;
use rounds_forms::expr::Moment;
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::Seq;
use rounds_model::scalar::Scalar;

/// The place in a waiting list of what the server has not ruled on yet: the last.
const LAST: Seq = Seq(i64::MAX as u64);

/// A rule of a kind: what its records claim, and how much all claims of a key may come to.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// The rule's own name, unique among all packs of a team.
    pub name: String,
    /// The ledger that it writes in; several kinds may share one.
    pub book: String,
    pub key: Expression,
    /// One, if none is given.
    pub amount: Option<Expression>,
    /// The stages in which the record holds its claim.
    pub holds: Vec<String>,
    /// The stages in which it waits for it.
    pub waits: Vec<String>,
    /// When the claim ends by itself: it is a lease.
    pub until: Option<Expression>,
    /// The field that links to the lease that the claim is spent from.
    pub spends: Option<String>,
    /// The answers that all of this is worked out from.
    pub reads: Vec<String>,
    /// Without one the ledger only counts.
    pub bound: Option<Bound>,
}

impl Ledger {
    /// True if a record in this stage holds something of which there is not enough, or waits for it.
    pub fn counts_in(&self, stage: &str) -> bool {
        self.bound.is_some() && self.holds.iter().chain(&self.waits).any(|name| name == stage)
    }

    /// True if others rely on this answer while a record is in this stage.
    pub fn rests_on(&self, key: &str, stage: &str) -> bool {
        self.counts_in(stage) && self.reads.iter().any(|read| read == key)
    }
}

/// How much all claims of a key may come to, and what is said when they would be more.
#[derive(Debug)]
pub(crate) struct Bound {
    pub limit: Limit,
    pub refusal: RefusalRule,
}

/// How much.
#[derive(Debug)]
pub(crate) enum Limit {
    /// One claim of one: the refusal names the record that has it.
    One,
    /// What an expression comes to when an act is ruled.
    Worked(Expression),
}

/// What the record claims in the stage that it is in, sorted. `moment` is only asked for the zone.
pub(crate) fn claims(kind: &Kind, record: &Record, moment: Moment) -> Vec<Claim> {
    let claim = |ledger: &Ledger| ledger.claim(kind, record, &record.stage, moment).ok().flatten();
    let mut claims: Vec<Claim> = kind.ledgers.iter().filter_map(claim).collect();
    claims.sort();
    claims
}

impl Ledger {
    /// The claim of the record if it were in this stage; none where it has none, or a blank key.
    /// Worked out from the record alone: what depended on the world or the time could differ
    /// between two ends.
    pub(crate) fn claim(
        &self,
        kind: &Kind,
        record: &Record,
        stage: &str,
        moment: Moment,
    ) -> Result<Option<Claim>, Stop> {
        let is_in = |stages: &[String]| stages.iter().any(|name| name == stage);
        let waits = is_in(&self.waits);
        if !waits && !is_in(&self.holds) {
            return Ok(None);
        }
        let env = Env::new(kind, record, &Alone, Moment { now_ms: 0, seed: 0, ..moment });
        let key = self.key.shown(&env)?;
        let key = key.trim();
        if key.is_empty() {
            return Ok(None);
        }
        let amount = match &self.amount {
            None => Amount::ONE,
            Some(amount) => {
                let worked = Amount::from_number(amount.value(&env)?.as_number());
                // A negative claim would make room for others.
                worked.filter(|worked| *worked >= Amount::ZERO).ok_or_else(|| self.unclear(kind, amount))?
            }
        };
        let until = match &self.until {
            None => None,
            Some(until) => {
                let text = until.shown(&env)?;
                Some(instant(&text, moment.offset_minutes).ok_or_else(|| self.unclear(kind, until))?)
            }
        };
        let lease = self.spends.as_ref().and_then(|field| record.fields.get(field));
        Ok(Some(Claim {
            rule: self.book.clone(),
            key: key.to_owned(),
            amount,
            until,
            from: lease.and_then(Scalar::as_text).and_then(|id| id.parse().ok()),
            waits: waits.then(|| record.since.filter(|_| stage == record.stage).unwrap_or(LAST)),
        }))
    }

    /// The key under which the record claims, whatever its stage; none if it is blank or cannot be worked out.
    pub(crate) fn key_of(&self, kind: &Kind, record: &Record, moment: Moment) -> Option<String> {
        let env = Env::new(kind, record, &Alone, Moment { now_ms: 0, seed: 0, ..moment });
        let key = self.key.shown(&env).ok()?;
        let key = key.trim();
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// The answer that says how much is claimed, if one does.
    pub fn asked(&self, kind: &Kind) -> Option<String> {
        read(self.amount.as_ref()?, kind)
    }

    /// Told at the answer that it is worked out from.
    fn unclear(&self, kind: &Kind, from: &Expression) -> Stop {
        let key = read(from, kind);
        let title =
            key.as_ref().and_then(|key| kind.question_title(key)).unwrap_or_else(|| kind.title.clone());
        let mut unclear = refusal("amount-unclear", &[("field", &title)]);
        unclear.field = key;
        let rule = self.bound.as_ref().and_then(|bound| bound.refusal.rule.as_ref());
        unclear.by(rule).into()
    }
}

/// The first answer that an expression reads.
fn read(from: &Expression, kind: &Kind) -> Option<String> {
    from.expr().references().into_iter().find_map(|read| kind.questions.key(&read.target))
}
