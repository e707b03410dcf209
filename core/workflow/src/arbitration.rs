//! Rules that look across records: what no offline phone can decide (section Q).
//!
//! A record in an open stage claims its key. Both ends derive the claims from the record alone, so
//! that a database can answer who holds a key. The server asks inside the transaction that rules,
//! so of two acts that want the same key the one that it rules first gets it.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{Arbitration, Kind};
use crate::record::Record;
use crate::stop::Stop;
use crate::world::{Alone, World};
use rounds_forms::expr::Moment;
use serde::{Deserialize, Serialize};

/// A key that a record holds under an arbitration rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Claim {
    /// The name of the rule, unique among all packs of a team.
    pub rule: String,
    /// The key.
    pub key: String,
}

/// Refuses a step to a stage in which the record would claim what another record holds.
pub(crate) fn contest(
    kind: &Kind,
    record: &Record,
    to: &str,
    env: &Env<'_>,
    world: &dyn World,
) -> Result<(), Stop> {
    for arbitration in &kind.arbitrations {
        match arbitration {
            Arbitration::OneOpen { name, key, open, refusal } => {
                let Some(key) = claimed(kind, record, key, open, to)? else { continue };
                let holders = world.holders(name, &key)?;
                if let Some(other) = holders.into_iter().filter(|id| *id != record.id).min() {
                    let mut refusal = refusal.made(env)?;
                    refusal.link = Some(other);
                    return Err(refusal.into());
                }
            }
        }
    }
    Ok(())
}

/// What the record claims in the stage that it is in, sorted.
pub(crate) fn claims(kind: &Kind, record: &Record) -> Vec<Claim> {
    let claim = |arbitration: &Arbitration| match arbitration {
        Arbitration::OneOpen { name, key, open, .. } => {
            let key = claimed(kind, record, key, open, &record.stage).ok().flatten()?;
            Some(Claim { rule: name.clone(), key })
        }
    };
    let mut claims: Vec<Claim> = kind.arbitrations.iter().filter_map(claim).collect();
    claims.sort();
    claims
}

/// The key, if the stage is open and the key is not blank. Read from the record alone: what
/// depended on the world or the time could differ between two ends.
fn claimed(
    kind: &Kind,
    record: &Record,
    key: &Expression,
    open: &[String],
    stage: &str,
) -> Result<Option<String>, Stop> {
    if !open.iter().any(|name| name == stage) {
        return Ok(None);
    }
    let key = key.shown(&Env::new(kind, record, &Alone, Moment::default()))?;
    let key = key.trim();
    Ok((!key.is_empty()).then(|| key.to_owned()))
}
