//! A record as the rules see it: whose it is, what it says, and what its acts have made of it.

use crate::kind::Kind;
use crate::messages::refusal;
use chrono::{DateTime, SecondsFormat};
use rounds_model::act::Act;
use rounds_model::ids::{DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::time::{Judgement, TOLERANCE_MS, TrustedTime};
use rounds_model::verdict::{Outcome, Turned, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The control key for the name of a record's kind.
pub const KIND: &str = "@kind";
/// The control key for the id of the person whose record it is.
pub const OWNER: &str = "@owner";
/// The control key for the version of the pack whose form it fills and whose rules it is judged
/// by: the one with which it was created, until it is moved to a newer one.
pub const PACK: &str = "@pack";

/// True for the keys that only the first edit of a record may write, or ([`PACK`]) a move to a newer
/// version. The `…/@ord` and `…/@del` of
/// a repeat are not among them.
pub fn is_control(key: &str) -> bool {
    key.starts_with('@')
}

/// What a record's first edit says of it. Its version can be changed, and an act may give it to
/// somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name of its kind.
    pub kind: String,
    /// Whose it is.
    pub owner: PersonId,
    /// The version of the pack that it stays with.
    pub pack: u32,
}

/// Reads the control keys. Refused (`no-identity`) when one is missing or of the wrong sort, or
/// when there is a control key that nobody knows.
pub fn identity(fields: &BTreeMap<String, Scalar>) -> Result<Identity, Refusal> {
    let stray = fields.keys().any(|key| is_control(key) && ![KIND, OWNER, PACK].contains(&key.as_str()));
    let kind = fields.get(KIND).and_then(Scalar::as_text).filter(|kind| !kind.is_empty());
    let owner = fields.get(OWNER).and_then(Scalar::as_text).and_then(|owner| owner.parse().ok());
    let pack = match fields.get(PACK) {
        Some(Scalar::Int(version)) => u32::try_from(*version).ok().filter(|version| *version >= 1),
        _ => None,
    };
    match (kind, owner, pack) {
        (Some(kind), Some(owner), Some(pack)) if !stray => {
            Ok(Identity { kind: kind.to_owned(), owner, pack })
        }
        _ => Err(refusal("no-identity", &[])),
    }
}

/// A record at a moment of its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which.
    pub id: DocId,
    /// The name of its kind.
    pub kind: String,
    /// Whose it is.
    pub owner: PersonId,
    /// The version of the pack with which it was created.
    pub pack: u32,
    /// Its answers, by key, the control keys among them.
    pub fields: BTreeMap<String, Scalar>,
    /// The stage that its acts have brought it to.
    pub stage: String,
    /// The ruling that brought it there; none before any, or while one is awaited.
    pub since: Option<Seq>,
    /// Of the latest accepted act of each name: `@<act>/at` (ISO 8601, UTC), `@<act>/by` (person
    /// id), `@<act>/<payload field>` and `@<act>/<fact>`; `@<act>/@clock` if its time is not to be
    /// trusted, and `@<act>/@order`, its place among all rulings of the team. An act that was taken as another one is remembered as that.
    pub acts: BTreeMap<String, Scalar>,
    /// The answers that have two values or more, as far as whoever made this looked: `fields` has the
    /// one of each that shows.
    pub contested: BTreeSet<String>,
}

/// An act of a record's history, with its verdict if it has one yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The act.
    pub act: Act,
    /// The server's ruling; none on a phone that waits for it.
    pub verdict: Option<Verdict>,
}

/// When an act was ruled on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruled {
    /// Its place among the rulings; times are what phones say.
    pub order: i64,
    /// When the server received it; none while it waits.
    pub received_ms: Option<i64>,
}

impl Record {
    /// A record before any act. Refused (`no-identity`) when its control keys are not in order.
    pub fn new(kind: &Kind, id: DocId, fields: BTreeMap<String, Scalar>) -> Result<Record, Refusal> {
        let Identity { kind: name, owner, pack } = identity(&fields)?;
        if name != kind.name {
            return Err(refusal("no-identity", &[]));
        }
        let stage = kind.initial.clone();
        let (acts, contested) = (BTreeMap::new(), BTreeSet::new());
        Ok(Record { id, kind: name, owner, pack, fields, stage, since: None, acts, contested })
    }

    /// A record after the acts that have a verdict, taken in the server's order whatever order
    /// they are given in. Acts without one change nothing here.
    pub fn after(
        kind: &Kind,
        id: DocId,
        fields: BTreeMap<String, Scalar>,
        history: &[Judged],
    ) -> Result<Record, Refusal> {
        let mut record = Record::new(kind, id, fields)?;
        let verdicts = history.iter().filter_map(|judged| Some((&judged.act, judged.verdict.as_ref()?)));
        let mut verdicts: Vec<_> = verdicts.collect();
        verdicts.sort_by_key(|(_, verdict)| verdict.seq);
        for (act, verdict) in verdicts {
            if record.stage != verdict.stage {
                record.stage.clone_from(&verdict.stage);
                record.since = Some(verdict.seq);
            }
            if verdict.outcome == Outcome::Accepted {
                let order = i64::try_from(verdict.seq.0).unwrap_or(i64::MAX);
                let ruled = Ruled { order, received_ms: Some(verdict.at_ms) };
                record.remember(kind, act, verdict.turned.as_ref(), &verdict.facts, ruled);
            }
        }
        Ok(record)
    }

    /// Takes in what an accepted act says, in place of an earlier one of the same name, and whose
    /// the record is from then on.
    pub(crate) fn remember(
        &mut self,
        kind: &Kind,
        act: &Act,
        turned: Option<&Turned>,
        facts: &BTreeMap<String, Scalar>,
        ruled: Ruled,
    ) {
        let name = turned.map_or(act.name.as_str(), |turned| turned.act.as_str());
        if let Some(owner) = kind.act(name).and_then(|rule| rule.assignee(&act.payload, facts)) {
            self.owner = owner;
        }
        let prefix = format!("@{name}/");
        self.acts.retain(|key, _| !key.starts_with(&prefix));
        let mut say = |part: &str, value: Scalar| {
            if !value.is_blank() {
                self.acts.insert(format!("{prefix}{part}"), value);
            }
        };
        for (part, value) in act.payload.iter().chain(facts) {
            say(part, value.clone());
        }
        say("by", Scalar::from(act.person.to_string()));
        say("@order", Scalar::Int(ruled.order));
        say("@clock", clock(&act.time, ruled.received_ms).into());
        if let Some(at) = DateTime::from_timestamp_millis(act.time.at_ms) {
            say("at", Scalar::from(at.to_rfc3339_opts(SecondsFormat::Millis, true)));
        }
    }
}

/// The place of what waits for its ruling, after all that was ruled, by the device's own count. A float
/// holds it exactly.
pub(crate) fn pending_order(act: &Act) -> i64 {
    const RULED: i64 = 1 << 52;
    RULED.saturating_add(i64::try_from(act.number).unwrap_or(i64::MAX).min(RULED - 1))
}

/// How far the time of an act may be believed, in a word; nothing for one that may. An act that was made
/// after the server had received it was not made then, whatever its phone believed.
pub(crate) fn clock(time: &TrustedTime, received_ms: Option<i64>) -> &'static str {
    if received_ms.is_some_and(|received| time.at_ms > received.saturating_add(TOLERANCE_MS)) {
        return "suspect";
    }
    match time.judgement {
        Judgement::Trusted => "",
        Judgement::Estimated => "estimated",
        Judgement::Unchecked => "unchecked",
        Judgement::Suspect => "suspect",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, Scalar)]) -> BTreeMap<String, Scalar> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    #[test]
    fn an_identity_needs_all_three_control_keys_and_no_other() {
        let owner = PersonId([7; 16]);
        let good = fields(&[
            (KIND, "x".into()),
            (OWNER, owner.to_string().into()),
            (PACK, Scalar::Int(1)),
            ("sku/a/@ord", Scalar::Int(1)),
        ]);
        assert_eq!(identity(&good), Ok(Identity { kind: "x".into(), owner, pack: 1 }));
        for (key, value) in [
            (KIND, Scalar::Null),
            (KIND, "".into()),
            (OWNER, "me".into()),
            (PACK, Scalar::Int(0)),
            (PACK, Scalar::Int(i64::MAX)),
            (PACK, "1".into()),
            ("@stage", "done".into()),
        ] {
            let mut bad = good.clone();
            bad.insert(key.to_owned(), value.clone());
            assert_eq!(identity(&bad).unwrap_err().code, "no-identity", "{key} {value:?}");
        }
        assert!(identity(&BTreeMap::new()).is_err());
    }
}
