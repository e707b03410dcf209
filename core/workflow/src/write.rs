//! Who may create a record and write which of its answers. What no rule allows is not allowed.

use crate::catalogue::Catalogue;
use crate::kind::{Kind, Sharing, WriteRule};
use crate::messages::{refusal, same};
use crate::record::{PACK, is_control};
use crate::world::Person;
use rounds_evidence::beside;
use rounds_evidence::photo::TAKEN;
use rounds_model::ids::PersonId;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
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
        return Err(refusal("role-may-not-create", &[("kind", &kind.title)]).by(kind.rule.as_ref()));
    }
    if owner != who.id && !kind.assign.contains(who.role) {
        return Err(refusal("create-for-others", &[("kind", &kind.title)]).by(kind.rule.as_ref()));
    }
    may_record(kind, fields.iter().map(|(key, value)| (key.as_str(), value)))?;
    let keys = fields.keys().map(String::as_str).filter(|key| !is_control(key));
    may_write(kind, &kind.initial, who, owner, keys)
}

/// Whether these answers leave the record where its author can see it: of a kind whose records are shared by
/// area, an answer names only an area that they hold. Another one would take the record from them, and one that
/// nobody was granted from everybody.
///
/// Refusal: `area-not-held`.
pub fn may_place<'v>(
    kind: &Kind,
    values: impl IntoIterator<Item = (&'v str, &'v Scalar)>,
    holds: impl Fn(&Scope) -> bool,
) -> Result<(), Refusal> {
    let Sharing::Area(field) = &kind.sharing else { return Ok(()) };
    let named = values.into_iter().filter(|(key, value)| key == field && !value.is_blank());
    for (key, value) in named {
        let name = value.to_string();
        if Scope::area(&name).is_some_and(|area| !holds(&area)) {
            let title = kind.question_title(key).unwrap_or_else(|| same(key));
            let args = [("field", &title), ("area", &same(name.trim())), ("kind", &kind.title)];
            let rule = kind.field(key).and_then(|field| field.rule.as_ref());
            return Err(refusal("area-not-held", &args).on(key).by(rule).by(kind.rule.as_ref()));
        }
    }
    Ok(())
}

/// Whether these values may answer questions that recordings answer: a recording says in the same writing
/// what goes with it. What is typed, or a file from elsewhere, is none.
///
/// Refusal: `recording-only`.
pub fn may_record<'v>(
    kind: &Kind,
    values: impl IntoIterator<Item = (&'v str, &'v Scalar)>,
) -> Result<(), Refusal> {
    if kind.recordings.is_empty() {
        return Ok(());
    }
    let values: BTreeMap<&str, &Scalar> = values.into_iter().collect();
    for rule in &kind.recordings {
        let answer = values.get(rule.field.as_str()).copied();
        let Some(answer) = answer.filter(|answer| **answer != Scalar::Null) else { continue };
        let with = values.get(format!("{}{TAKEN}", rule.field).as_str());
        if beside::of(Some(answer), with.copied()).is_none() {
            let title = kind.question_title(&rule.field).unwrap_or_else(|| same(&rule.field));
            let no = refusal("recording-only", &[("recording", &title)]);
            return Err(no.on(&rule.field).by(rule.rule.as_ref()));
        }
    }
    Ok(())
}

/// Whether anything of a record in this stage may be written at all.
///
/// Refusal: `record-removed`.
pub fn may_touch(kind: &Kind, stage: &str) -> Result<(), Refusal> {
    match kind.is_removed(stage) {
        true => Err(refusal("record-removed", &[("kind", &kind.title)]).by(kind.rule.as_ref())),
        false => Ok(()),
    }
}

/// Whether this person may write all these keys of a record that is in this stage.
///
/// Refusals, each about the first key that is refused: `control-key`, `stage-frozen` (allowed in
/// another stage), `not-owner` (allowed to the owner), `role-may-not-write` (allowed to another
/// role), `field-not-writable` (allowed to nobody, or no question at all); and that of [`may_touch`].
pub fn may_write<'k>(
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<(), Refusal> {
    write_asked(kind, stage, who, owner, keys, |key| kind.questions.asks(key))
}

/// As [`may_write`], where it is said otherwise which keys are questions.
fn write_asked<'k>(
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    keys: impl IntoIterator<Item = &'k str>,
    asked: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    may_touch(kind, stage)?;
    for key in keys {
        if is_control(key) {
            return Err(refusal("control-key", &[]).on(key).by(kind.rule.as_ref()));
        }
        let code = if asked(key) { barred(kind, stage, who, owner, key) } else { Some("field-not-writable") };
        if let Some(code) = code {
            let title = kind.question_title(key).unwrap_or_else(|| same(key));
            let args = [("field", &title), ("kind", &kind.title), ("stage", &kind.stage_title(stage))];
            let rule = kind.write.iter().filter(|rule| rule.covers(key)).find_map(|rule| rule.rule.as_ref());
            return Err(refusal(code, &args).on(key).by(rule).by(kind.rule.as_ref()));
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
    let of_kind = |code: &str, args: &[(&str, &Text)]| refusal(code, args).by(kind.rule.as_ref());
    let unknown = || of_kind("version-unknown", &[("kind", &kind.title), ("version", &same(to.to_string()))]);
    let version = match to {
        Scalar::Int(version) => u32::try_from(*version).map_err(|_| unknown())?,
        _ => return Err(unknown()),
    };
    if version <= kind.version {
        let now = same(kind.version.to_string());
        let args = [("kind", &kind.title), ("version", &same(version.to_string())), ("now", &now)];
        return Err(of_kind("version-back", &args));
    }
    let target = catalogue.kind_at(&kind.name, version);
    let target = target.filter(|to| to.version == version && to.version > kind.version);
    let target = target.ok_or_else(unknown)?;
    if target.stage(stage).is_none() {
        let args = [("kind", &kind.title), ("stage", &kind.stage_title(stage))];
        return Err(of_kind("version-stage-gone", &args));
    }
    // What it claims was ruled under this version: under another one it could claim something else.
    if kind.ledgers.iter().chain(&target.ledgers).any(|ledger| ledger.counts_in(stage)) {
        let args = [("kind", &kind.title), ("stage", &kind.stage_title(stage))];
        return Err(of_kind("version-claims", &args));
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
            Err(of_kind(code, &args))
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
    let (mut keys, mut target) = (Vec::new(), None);
    let values: Vec<_> = values.into_iter().collect();
    may_record(kind, values.iter().copied())?;
    for (key, value) in values {
        if key == PACK {
            target = Some(may_move(catalogue, kind, stage, who, owner, value)?);
        } else {
            keys.push(key);
        }
    }
    // A move brings first answers of the questions that are new in it, and clears what is left of old ones.
    let moves = |key: &str| target.is_some_and(|target| target.questions.asks(key));
    write_asked(kind, stage, who, owner, keys, |key| kind.questions.asks(key) || moves(key))
}

/// Whether this person may choose between two versions of these answers, of which `shown` has the ones
/// that show. As for writing, but in any stage: nothing new is said, and what two people wrote at once
/// must not stay undecided for ever because the record has moved on. What others rely on while the
/// record is in its stage can only stay as it shows: that is what was ruled.
///
/// Refusals: as for [`may_write`], but never `stage-frozen`; `settle-claims`.
pub fn may_settle<'v>(
    kind: &Kind,
    stage: &str,
    who: &Person<'_>,
    owner: PersonId,
    shown: &BTreeMap<String, Scalar>,
    values: impl IntoIterator<Item = (&'v str, &'v Scalar)>,
) -> Result<(), Refusal> {
    for (key, value) in values {
        let stages = kind.stages.iter().filter(|stage| !stage.removed).map(|stage| stage.name.as_str());
        // Also of what another version asked: it is there, and two versions of it are one too many.
        let mut allowed = stages.map(|stage| write_asked(kind, stage, who, owner, [key], |_| true));
        if let Some(refused) = allowed.by_ref().next().and_then(Result::err)
            && !allowed.any(|result| result.is_ok())
        {
            return Err(refused);
        }
        let relied_on = kind.ledgers.iter().any(|ledger| ledger.rests_on(key, stage));
        if relied_on && shown.get(key) != Some(value) {
            let title = kind.question_title(key).unwrap_or_else(|| same(key));
            let args = [("field", &title), ("stage", &kind.stage_title(stage))];
            return Err(refusal("settle-claims", &args).on(key).by(kind.rule.as_ref()));
        }
    }
    Ok(())
}

/// Whether nobody may write an answer while the record is in this stage.
pub fn is_frozen(kind: &Kind, stage: &str, key: &str) -> bool {
    !kind.write.iter().any(|rule| rule.covers(key) && is_in(&rule.stages, stage))
}

fn is_in(stages: &[String], stage: &str) -> bool {
    stages.iter().any(|name| name == "*" || name == stage)
}

impl WriteRule {
    /// `*` covers every answer, `sku/*` everything below `sku`, another name itself, with what is known
    /// of a photo that answers it.
    pub(crate) fn covers(&self, key: &str) -> bool {
        let key = key.strip_suffix(TAKEN).unwrap_or(key);
        self.fields.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => pattern == key,
        })
    }
}
