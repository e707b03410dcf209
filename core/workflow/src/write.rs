//! Who may create a record and write which of its answers. What no rule allows is not allowed.

use crate::catalogue::Catalogue;
use crate::kind::{Kind, WriteRule};
use crate::messages::{refusal, same};
use crate::record::{PACK, is_control};
use crate::world::Person;
use rounds_model::ids::PersonId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

/// Whether this person may create a record of this kind, owned by `owner`, with these first
/// answers (the control keys may be among them).
///
/// Refusals: `role-may-not-create`, `create-for-others`, and those of [`may_write`].
pub fn may_create(
    kind: &Kind,
    who: &Person<'_>,
    owner: PersonId,
    fields: &BTreeMap<String, Scalar>,
) -> Result<(), Refusal> {
    if !kind.create.contains(who.role) {
        return Err(refusal("role-may-not-create", &[("kind", &kind.title)]));
    }
    if owner != who.id && !kind.assign.contains(who.role) {
        return Err(refusal("create-for-others", &[("kind", &kind.title)]));
    }
    let keys = fields.keys().map(String::as_str).filter(|key| !is_control(key));
    may_write(kind, &kind.initial, who, owner, keys)
}

/// Whether anything of a record in this stage may be written at all.
///
/// Refusal: `record-removed`.
pub fn may_touch(kind: &Kind, stage: &str) -> Result<(), Refusal> {
    if kind.is_removed(stage) { Err(refusal("record-removed", &[("kind", &kind.title)])) } else { Ok(()) }
}

/// Whether this person may write all these keys of a record that is in this stage.
///
/// Refusals, each about the first key that is refused: `control-key`, `stage-frozen` (allowed in
/// another stage), `not-owner` (allowed to the owner), `role-may-not-write` (allowed to another
/// role), `field-not-writable` (allowed to nobody); and that of [`may_touch`].
pub fn may_write<'k>(
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<(), Refusal> {
    may_touch(kind, stage)?;
    for key in keys {
        if is_control(key) {
            return Err(refusal("control-key", &[]).on(key));
        }
        if let Some(code) = barred(kind, stage, who, owner, key) {
            let title = kind.question_title(key).unwrap_or_else(|| same(key));
            let args = [("field", &title), ("kind", &kind.title), ("stage", &kind.stage_title(stage))];
            let rule = kind.write.iter().filter(|rule| rule.covers(key)).find_map(|rule| rule.rule.as_ref());
            return Err(refusal(code, &args).on(key).by(rule));
        }
    }
    Ok(())
}

/// Why this person may not write this key, if they may not.
fn barred(kind: &Kind, stage: &str, who: &Person<'_>, owner: PersonId, key: &str) -> Option<&'static str> {
    let about: Vec<&WriteRule> = kind.write.iter().filter(|rule| rule.covers(key)).collect();
    let now = |rule: &WriteRule| is_in(&rule.stages, stage);
    let role = |rule: &WriteRule| rule.roles.contains(who.role);
    let person = |rule: &WriteRule| rule.who.allows(who.id, owner);
    if about.iter().any(|rule| now(rule) && role(rule) && person(rule)) {
        return None;
    }
    Some(if about.iter().any(|rule| role(rule) && person(rule)) {
        "stage-frozen"
    } else if about.iter().any(|rule| role(rule)) {
        "not-owner"
    } else if about.is_empty() {
        "field-not-writable"
    } else {
        "role-may-not-write"
    })
}

/// Whether this person may move a record of this kind, in this stage, to this version of it.
///
/// Refusals: `version-unknown` when there is no such version here or it is not a newer one,
/// `version-stage-gone` when it does not have the record's stage, `version-claims` while the record holds or
/// waits for something under an arbitration rule, and those of [`may_write`] for
/// somebody who may write nothing of the record now.
pub fn may_move<'c>(
    catalogue: &'c Catalogue,
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    to: &Scalar,
) -> Result<&'c Kind, Refusal> {
    let unknown = || refusal("version-unknown", &[("kind", &kind.title), ("version", &same(to.to_string()))]);
    let version = match to {
        Scalar::Int(version) => u32::try_from(*version).map_err(|_| unknown())?,
        _ => return Err(unknown()),
    };
    if version <= kind.version {
        let now = same(kind.version.to_string());
        let args = [("kind", &kind.title), ("version", &same(version.to_string())), ("now", &now)];
        return Err(refusal("version-back", &args));
    }
    let target = catalogue.kind_at(&kind.name, version);
    let target = target.filter(|to| to.version == version && to.version > kind.version);
    let target = target.ok_or_else(unknown)?;
    if target.stage(stage).is_none() {
        let args = [("kind", &kind.title), ("stage", &kind.stage_title(stage))];
        return Err(refusal("version-stage-gone", &args));
    }
    // What it claims was ruled under this version: under another one it could claim something else.
    if kind.ledgers.iter().chain(&target.ledgers).any(|ledger| ledger.counts_in(stage)) {
        let args = [("kind", &kind.title), ("stage", &kind.stage_title(stage))];
        return Err(refusal("version-claims", &args));
    }
    may_touch(kind, stage)?;
    // A pattern covers itself, so it stands for the answers that its rule is about.
    let patterns = kind.write.iter().filter_map(|rule| rule.fields.first());
    let mut bars = patterns.map(|pattern| barred(kind, stage, who, owner, pattern));
    let first = bars.next().unwrap_or(Some("field-not-writable"));
    match first {
        Some(code) if !bars.any(|bar| bar.is_none()) => {
            // It is about the record as a whole, not about one of its answers.
            let args = [("field", &kind.title), ("kind", &kind.title), ("stage", &kind.stage_title(stage))];
            Err(refusal(code, &args))
        }
        _ => Ok(target),
    }
}

/// Whether this person may write these values over a record: answers, and with them perhaps a move to
/// another version ([`may_move`]). The answers are judged by the version that the record is of now.
pub fn may_change<'v>(
    catalogue: &Catalogue,
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    values: impl IntoIterator<Item = (&'v str, &'v Scalar)>,
) -> Result<(), Refusal> {
    let mut keys = Vec::new();
    for (key, value) in values {
        if key == PACK {
            may_move(catalogue, kind, stage, who, owner, value)?;
        } else {
            keys.push(key);
        }
    }
    may_write(kind, stage, who, owner, keys)
}

/// Whether this person may choose between two versions of these answers. As for writing, but in any
/// stage: nothing new is said, and what two people wrote at once must not stay undecided for ever
/// because the record has moved on.
///
/// Refusals: as for [`may_write`], but never `stage-frozen`.
pub fn may_settle<'k>(
    kind: &Kind,
    who: &Person<'_>,
    owner: PersonId,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<(), Refusal> {
    for key in keys {
        let stages = kind.stages.iter().filter(|stage| !stage.removed).map(|stage| stage.name.as_str());
        let mut allowed = stages.map(|stage| may_write(kind, stage, who, owner, [key]));
        if let Some(refused) = allowed.by_ref().next().and_then(Result::err)
            && !allowed.any(|result| result.is_ok())
        {
            return Err(refused);
        }
    }
    Ok(())
}

fn is_in(stages: &[String], stage: &str) -> bool {
    stages.iter().any(|name| name == "*" || name == stage)
}

impl WriteRule {
    /// `*` covers every answer, `sku/*` everything below `sku`, another name itself.
    pub(crate) fn covers(&self, key: &str) -> bool {
        self.fields.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => pattern == key,
        })
    }
}
