//! The acts about a record and the rulings on them, in one line of time.

use super::answers::{Ink, taken, value};
use super::kinds::KindWords;
use super::names::other_record;
use super::view::{ActRow, Answer, Badge, Refused, Stop, Tone, Value, VerdictRow};
use crate::storage::Result;
use crate::storage::console::{Settled, refused_act};
use crate::storage::records::ActRow as StoredAct;
use rounds_evidence::photo::TAKEN;
use rounds_model::act::{Act, SignedAct};
use rounds_model::canonical::Malformed;
use rounds_model::time::Judgement;
use rounds_model::verdict::Outcome;
use rounds_workflow::Told;

/// The acts, newest first.
pub fn acts(ink: &Ink<'_>, kind: &KindWords, stored: &[StoredAct]) -> Result<Vec<ActRow>> {
    stored.iter().rev().map(|row| act(ink, kind, row)).collect()
}

/// Why the last act was not accepted, if it was not.
pub fn stop(
    ink: &Ink<'_>,
    kind: &KindWords,
    stored: &[StoredAct],
    settled: &[Settled],
) -> Result<Option<Stop>> {
    let Some(row) = stored.last() else { return Ok(None) };
    let Outcome::Blocked(refusal) = &row.verdict.outcome else { return Ok(None) };
    let act = read(row)?;
    let name = refused_act(row.doc, row.act, act.time.at_ms);
    Ok(Some(Stop {
        badge: Badge { tone: Tone::Bad, text: ink.words.t("blocked") },
        act: title(ink, kind, &act),
        settled: settled.iter().find(|by| by.doubt == name).map(|by| looked_at(ink, by)),
        reason: ink.words.of(&refusal.reason).to_owned(),
        remedy: ink.words.of(&refusal.remedy).to_owned(),
    }))
}

/// Who looked at something, when, and what they found.
pub fn looked_at(ink: &Ink<'_>, by: &Settled) -> String {
    let when = ink.words.moment(by.at, ink.now_ms).short;
    let args = [("who", ink.names.person(by.person)), ("when", when), ("note", by.note.clone())];
    ink.words.f(if by.note.is_empty() { "looked-at" } else { "looked-at-note" }, &args)
}

/// The act inside a stored row. It was read once before it was stored.
pub fn read(row: &StoredAct) -> Result<Act> {
    let signed = SignedAct { body: row.body.clone(), signature: row.signature };
    signed.read().map_err(|_| Malformed::Structure.into())
}

fn act(ink: &Ink<'_>, kind: &KindWords, row: &StoredAct) -> Result<ActRow> {
    let act = read(row)?;
    let payload = kind.act(&act.name).map(|words| words.payload.as_slice()).unwrap_or_default();
    let told = told(kind, row, &act);
    let is_told = |name: &str| told.iter().any(|told| told.name == name);
    let worked_out = row.verdict.facts.iter().filter(|(name, _)| !is_told(name));
    let mut carried = vec![];
    let mut facts = vec![];
    // What the author said, then what the rule worked out; what has no label is for support.
    for (name, scalar) in act.payload.iter().chain(worked_out) {
        // What is known of a photo is shown with the photo.
        if name.ends_with(TAKEN) {
            continue;
        }
        let question = payload.iter().find(|q| q.path() == *name);
        let value = taken(ink, &act.payload, name, value(ink, question, scalar)?);
        let about = name.strip_prefix(rounds_workflow::COMMENT).map(|key| {
            let asked = kind.question(key);
            asked.map_or_else(|| key.to_owned(), |q| q.label(ink.words.lang).to_owned())
        });
        match question.map(|q| q.label(ink.words.lang).to_owned()).or(about) {
            Some(label) => {
                carried.push(Answer { key: name.clone(), label, value, conflict: false, said: None })
            }
            None => facts.push(format!("{name} {}", value.text)),
        }
    }
    carried.extend(told.iter().filter_map(|told| came_to(ink, told, row)));
    let time_doubt = !matches!(act.time.judgement, Judgement::Trusted | Judgement::Estimated);
    let judgement = rounds_evidence::words::time(&act.time);
    Ok(ActRow {
        id: act.id.to_string(),
        title: title(ink, kind, &act),
        who: ink.names.person(act.person),
        device: ink.names.device(act.device),
        at: ink.words.moment(act.time.at_ms, ink.now_ms),
        judgement: ink.words.of(&judgement).to_owned(),
        time_doubt,
        verdict: verdict(ink, kind, row)?,
        carried,
        small: small(ink, row, &act, facts),
    })
}

/// How people read what an act came to: by the words of the act that it was taken as.
fn told<'k>(kind: &'k KindWords, row: &StoredAct, act: &Act) -> &'k [Told] {
    let taken_as = row.verdict.turned.as_ref().map_or(&act.name, |turned| &turned.act);
    kind.act(taken_as).map(|words| words.told.as_slice()).unwrap_or_default()
}

fn came_to(ink: &Ink<'_>, told: &Told, row: &StoredAct) -> Option<Answer> {
    let value = row.verdict.facts.get(&told.name).filter(|value| !value.is_blank())?;
    Some(Answer {
        key: told.name.clone(),
        label: ink.words.of(&told.title).to_owned(),
        value: Value { text: told.shown(&value.to_string(), ink.words.lang), ..Value::default() },
        conflict: false,
        said: None,
    })
}

fn verdict(ink: &Ink<'_>, kind: &KindWords, row: &StoredAct) -> Result<VerdictRow> {
    let (badge, refusal) = match (&row.verdict.outcome, &row.verdict.turned) {
        (Outcome::Accepted, None) => {
            let badge = Badge { tone: Tone::Good, text: ink.words.t("accepted") };
            return Ok(VerdictRow { badge, refusal: None });
        }
        (Outcome::Accepted, Some(turned)) => {
            let text = ink.words.f("taken-as", &[("act", act_title(ink, kind, &turned.act))]);
            (Badge { tone: Tone::Warning, text }, &turned.why)
        }
        (Outcome::Blocked(refusal), _) => (Badge { tone: Tone::Bad, text: ink.words.t("blocked") }, refusal),
    };
    let other = match refusal.link {
        Some(doc) => other_record(ink.tx, ink.lexicon, ink.viewer, ink.words, doc)?,
        None => None,
    };
    let refusal = Refused {
        reason: ink.words.of(&refusal.reason).to_owned(),
        remedy: ink.words.of(&refusal.remedy).to_owned(),
        other,
    };
    Ok(VerdictRow { badge, refusal: Some(refusal) })
}

fn title(ink: &Ink<'_>, kind: &KindWords, act: &Act) -> String {
    act_title(ink, kind, &act.name)
}

fn act_title(ink: &Ink<'_>, kind: &KindWords, name: &str) -> String {
    kind.act(name).map_or_else(|| name.to_owned(), |words| ink.words.of(&words.title).to_owned())
}

/// What support asks for: place in the team's order, when it was ruled, rule, code, facts.
fn small(ink: &Ink<'_>, row: &StoredAct, act: &Act, facts: Vec<String>) -> String {
    let time = ink.words.moment(row.verdict.at_ms, ink.now_ms).short;
    let mut parts = vec![format!("#{}", row.seq), ink.words.f("ruled-at", &[("time", time)])];
    if let Outcome::Blocked(refusal) = &row.verdict.outcome {
        parts.extend(refusal.rule.iter().map(|rule| ink.words.f("rule", &[("rule", rule.clone())])));
        parts.push(refusal.code.clone());
    }
    parts.extend(facts);
    parts.push(act.id.to_string());
    parts.join(" · ")
}
