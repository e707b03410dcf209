//! Claims: what a record holds under a rule that looks across records, and how much of it.
//!
//! A rule keeps one *ledger* for each key: the seats of one event, what is owed by one debtor. A
//! record has at most one claim in each. Claims are derived from the record alone, so that both
//! ends derive the same, and kept beside its projection, so that a database can be asked for a
//! ledger.

use crate::ids::{DocId, Seq};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a record holds in one ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The name of the ledger, unique among all packs of a team.
    pub rule: String,
    /// The key.
    pub key: String,
    /// How much.
    #[serde(default, skip_serializing_if = "Amount::is_one")]
    pub amount: Amount,
    /// When it ends by itself, Unix milliseconds. Such a claim is a lease: others spend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// The record whose lease this is spent from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DocId>,
    /// It holds nothing yet: it waits since the ruling with this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Seq>,
}

impl Claim {
    /// A claim of one.
    pub fn one(rule: impl Into<String>, key: impl Into<String>) -> Claim {
        let (rule, key) = (rule.into(), key.into());
        Claim { rule, key, amount: Amount::ONE, until: None, from: None, waits: None }
    }
}

/// How much a claim takes: a decimal with four places, so that sums are exact on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// One: a record that is simply there.
    pub const ONE: Amount = Amount(Amount::UNIT);
    /// So many make one.
    const UNIT: i64 = 10_000;

    /// The nearest amount; none for what is no number or beyond any sum.
    pub fn from_number(number: f64) -> Option<Amount> {
        /// Up to here every whole number has its own float.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let scaled = (number * Amount::UNIT as f64).round();
        (scaled.is_finite() && scaled.abs() <= EXACT).then_some(Amount(scaled as i64))
    }

    /// The sum; it stops at the largest amount.
    pub fn plus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }

    /// The difference; it stops at the smallest amount.
    pub fn minus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }

    /// The number.
    pub fn number(self) -> f64 {
        self.0 as f64 / Amount::UNIT as f64
    }

    fn is_one(&self) -> bool {
        *self == Amount::ONE
    }
}

impl Default for Amount {
    fn default() -> Amount {
        Amount::ONE
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Amount::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q4_sums_of_decimals_are_exact() {
        let tenths = (0..10).filter_map(|_| Amount::from_number(0.1));
        assert_eq!(tenths.sum::<Amount>(), Amount::ONE);
        assert_eq!(Amount::from_number(0.07), Some(Amount(700)));
        assert_eq!(Amount::from_number(0.3).unwrap().to_string(), "0.3");
        assert_eq!(Amount::from_number(20.0).unwrap().to_string(), "20");
        for bad in [f64::NAN, f64::INFINITY, 1e300, -1e300] {
            assert_eq!(Amount::from_number(bad), None);
        }
        assert_eq!(Amount(i64::MAX).plus(Amount::ONE), Amount(i64::MAX));
    }

    #[test]
    fn a_claim_of_one_is_kept_as_it_always_was() {
        #[derive(Serialize)]
        struct Old {
            rule: &'static str,
            key: &'static str,
        }
        let (claim, old) = (Claim::one("r", "k"), Old { rule: "r", key: "k" });
        let bytes = crate::canonical::encode(&old).unwrap();
        assert_eq!(crate::canonical::decode::<Claim>(&bytes).unwrap(), claim);
        assert_eq!(crate::canonical::encode(&claim).unwrap(), bytes);
    }
}
