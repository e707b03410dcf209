//! Phone and server rule the same on the same knowledge: over every kind of every pack here, whatever
//! was done before, by whomever, with whatever payload.

use crate::team::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rounds_evidence::beside::With;
use rounds_evidence::chain::Ending;
use rounds_forms::expr::Moment;
use rounds_model::ids::{BlobHash, DocId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Outcome;
use rounds_workflow::{
    ActRule, Answer, Field, Judged, Kind, View, available, is_provisional, may_write, stand,
};
use std::collections::BTreeMap;

/// Histories of the fixed seeds, for each pack.
const HISTORIES: usize = 12;
/// How many of all acts are accepted in them, percent: the others lie at the end of long ways.
const ACCEPTED_PERCENT: usize = 65;

/// The place of a kind's record: of the first, or the other one.
fn of(kind: &str, other: bool) -> DocId {
    let place = catalogue().kinds().position(|known| known.name == kind).unwrap();
    doc(u8::try_from(place * 2 + 1).unwrap() + u8::from(other))
}

/// An answer of the sort that a field keeps; the other one of two.
fn answer(field: &Field, other: bool) -> Scalar {
    let text = match field.answer {
        Answer::Boolean => return Scalar::Bool(other),
        Answer::Integer | Answer::Decimal => return Scalar::Int(1 + i64::from(other)),
        Answer::Date => if other { "2026-11-23" } else { "2026-12-01" }.to_owned(),
        Answer::Time => "09:30".to_owned(),
        Answer::DateTime => "2026-11-23T17:00:00+08:00".to_owned(),
        Answer::Place => if other { "38.9 121.6 0 5" } else { "38.9 121.7 0 5" }.to_owned(),
        Answer::Several => {
            field.choices.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>().join(" ")
        }
        Answer::One => field.choices[usize::from(other) % field.choices.len()].name.clone(),
        Answer::Blob(_) => "0".repeat(64),
        Answer::Person => if other { WANG } else { LI }.to_string(),
        Answer::Record => of(field.link.as_ref().unwrap(), other).to_string(),
        Answer::Text | Answer::Barcode => if other { "y" } else { "x" }.to_owned(),
    };
    text.into()
}

/// Two records of each kind, every declared field answered; the other one's answers are others.
fn world() -> Server {
    let mut server = Server { clock: Some(MORNING), counters: Some(Default::default()), ..Server::default() };
    for kind in catalogue().kinds() {
        let owner = if kind.create.contains(role(LI)) { LI } else { OPERATOR };
        let owner = if kind.create.contains(role(owner)) { owner } else { BOSS };
        for other in [false, true] {
            let answers = kind.fields.iter().map(|f| (f.name.as_str(), answer(f, other)));
            let writable = answers
                .filter(|(name, _)| may_write(kind, &kind.initial, &who(owner), owner, [*name]).is_ok());
            // What a recording answers comes with what the recorder says of it.
            let recorded = kind.recordings.iter().map(|rule| {
                let with = With { kept: BlobHash([0; 32]), with: vec![], ending: Some(Ending::Complete) };
                with.beside(&rule.field)
            });
            let recorded: Vec<(String, Scalar)> = recorded.collect();
            let beside = recorded.iter().map(|(key, value)| (key.as_str(), value.clone()));
            let answers: Vec<_> = writable.chain(beside).collect();
            server.create(of(&kind.name, other), &kind.name, owner, owner, &answers);
        }
    }
    server
}

#[derive(Debug, Clone)]
struct Step {
    kind: &'static Kind,
    other: bool,
    act: usize,
    by: PersonId,
    payload: Vec<Option<bool>>,
    seen: Option<usize>,
    /// Writes before: which field, and which answer, or none.
    write: Option<(usize, Option<bool>)>,
    /// So many hours after the step before.
    hours: i64,
}

/// A step with a record of one of these kinds.
fn step(kinds: Vec<&'static Kind>) -> impl Strategy<Value = Step> {
    let by = prop::sample::select(vec![
        LI, LI, LI, BOSS, BOSS, WANG, OPERATOR, CLERK, ARCHIVIST, REVIEWER, INSURER,
    ]);
    let payload = prop::collection::vec(prop::option::weighted(0.8, any::<bool>()), 4);
    let longest = kinds.iter().map(|kind| kind.acts.len()).max().unwrap();
    let what = (prop::sample::select(kinds), any::<bool>(), 0..longest);
    let write = prop::option::weighted(0.4, (0..40_usize, prop::option::weighted(0.8, any::<bool>())));
    let hours = prop_oneof![8 => Just(0), 1 => 1..30_i64, 1 => Just(24 * 70)];
    (what, by, payload, prop::option::weighted(0.2, 0..4_usize), write, hours).prop_map(
        |((kind, other, act), by, payload, seen, write, hours)| Step {
            kind,
            other,
            act,
            by,
            payload,
            seen,
            write,
            hours,
        },
    )
}

/// The kinds of all packs, or of one and those that it uses, that have acts.
fn kinds(pack: Option<&str>) -> Vec<&'static Kind> {
    let used = pack.and_then(|id| catalogue().pack(id)).map(|pack| pack.uses.as_slice()).unwrap_or_default();
    let meant = |kind: &&Kind| pack.is_none_or(|id| kind.pack == id || used.contains(&kind.pack));
    catalogue().kinds().filter(|kind| !kind.acts.is_empty()).filter(meant).collect()
}

/// Each act that was stated, and whether it was ever accepted.
type Seen = BTreeMap<(String, String), bool>;

/// Plays a history; a guided one mostly takes what is possible now, if it can what was never accepted yet.
fn rules_the_same(steps: Vec<Step>, guided: bool, seen: &mut Seen) -> Result<(), TestCaseError> {
    let mut server = world();
    let (mut numbers, mut at_ms) = (0, MORNING);
    for step in steps {
        let id = of(&step.kind.name, step.other);
        // Most ways are gone in a day: in that of the ones' dates, then in that of the others'.
        let hours = match numbers {
            40 if guided => 8 * 24,
            0..75 if guided => 0,
            _ => step.hours,
        };
        at_ms += hours * 3_600_000;
        server.clock = Some(at_ms);
        let now = rounds_workflow::moment(at_ms, ZONE);
        if let Some((field, other)) = step.write
            && let Some(field) = step.kind.fields.get(field % step.kind.fields.len().max(1))
        {
            let record = server.record(id);
            let keys = [field.name.as_str()];
            if may_write(step.kind, &record.stage, &who(step.by), record.owner, keys).is_ok() {
                server.set(id, &field.name, other.map_or(Scalar::Null, |other| answer(field, other)));
            }
        }
        let likely = if guided && numbers % 3 != 0 {
            likely(&server, id, &step, now, numbers > 85, seen)
        } else {
            None
        };
        let guided = likely.is_some();
        let (rule, by) = likely.unwrap_or((&step.kind.acts[step.act % step.kind.acts.len()], step.by));
        let fields = rule.payload.iter().zip(step.payload.iter().cycle());
        let payload: Vec<_> = fields
            .filter_map(|(field, some)| {
                let other = if guided { Some(some.unwrap_or(true)) } else { *some };
                Some((field.name.as_str(), answer(field, other?)))
            })
            .collect();
        let mut act = server.statement_at(at_ms, id, &rule.name, by, &payload);
        numbers += 1;
        act.id.0[1] = numbers;
        if let Some(seen) = step.seen.filter(|_| !guided) {
            act.stage.clone_from(&step.kind.stages[seen % step.kind.stages.len()].name);
        }
        let offered = available(catalogue(), &server.record(id), &View::new(who(by), &server, now)).unwrap();
        let mut history = server.history(id).to_vec();
        history.push(Judged { act: act.clone(), verdict: None });
        // The phone has the same acts and records, and no clock of a server.
        let phone = Server { clock: None, counters: None, ..server.clone() };
        let ahead = Some(phone.ahead(by));
        let standing = stand(catalogue(), id, &server.fields[&id], &history, ahead).unwrap();
        let ruled = server.judge(act);
        let what = (step.kind.name.clone(), rule.name.clone());
        *seen.entry(what).or_default() |= ruled.outcome == Outcome::Accepted;
        // A number is the one thing that the phone cannot know, and says so.
        let mut foreseen = standing.rulings[0].1.clone();
        let taken = step.kind.act(ruled.taken_as(&server.history(id).last().unwrap().act)).unwrap();
        for number in &taken.numbers {
            let (seen, given) = (foreseen.facts.get(&number.name), ruled.facts.get(&number.name));
            prop_assert_eq!(seen.is_some(), given.is_some());
            let Some((seen, given)) = seen.zip(given) else { continue };
            let (seen, given) = (seen.to_string(), given.to_string());
            prop_assert!(!is_provisional(&given));
            let before = |text: &str| text[..text.rfind('-').map_or(0, |at| at + 1)].to_owned();
            prop_assert!(seen == given || is_provisional(&seen) && before(&seen) == before(&given));
            foreseen.facts.insert(number.name.clone(), given.into());
        }
        foreseen.issued.clone_from(&ruled.issued);
        prop_assert_eq!(&foreseen, &ruled);
        prop_assert_eq!(&standing.record.stage, &ruled.stage);
        // What a screen greys is not possible. (What it does not grey may lack its payload.)
        let choice = offered.iter().find(|choice| choice.act == rule.name);
        if choice.is_none_or(|choice| choice.possible.is_err()) {
            let turned = ruled.turned.is_some();
            prop_assert!(turned || ruled.outcome != Outcome::Accepted, "{}: {ruled:?}", rule.name);
        }
        if let Outcome::Blocked(refusal) = &ruled.outcome {
            for text in [&refusal.reason, &refusal.remedy] {
                prop_assert!(!text.zh.is_empty() && !text.en.is_empty(), "{refusal:?}");
            }
        }
    }
    Ok(())
}

/// An act that somebody could do with the record now: one that was never accepted yet, else one that leads on.
/// What leads to an end from which nothing does waits until it is late in the history.
fn likely(
    server: &Server,
    id: DocId,
    step: &Step,
    now: Moment,
    late: bool,
    seen: &Seen,
) -> Option<(&'static ActRule, PersonId)> {
    let record = server.record(id);
    let people = [record.owner, LI, BOSS, OPERATOR, CLERK, ARCHIVIST, REVIEWER, INSURER];
    let offered = people.into_iter().flat_map(|by| {
        let offered = available(catalogue(), &record, &View::new(who(by), server, now)).unwrap();
        offered.into_iter().filter(|choice| choice.possible.is_ok()).map(move |choice| (choice.rule, by))
    });
    let ends =
        |rule: &ActRule| !step.kind.acts.iter().any(|act| act.from.contains(&rule.to) && act.to != rule.to);
    let mut offered: Vec<_> = offered.filter(|(rule, _)| late || !ends(rule)).collect();
    let new = |rule: &ActRule| seen.get(&(step.kind.name.clone(), rule.name.clone())) != Some(&true);
    if let Some(first) = offered.iter().find(|(rule, _)| new(rule)) {
        return Some(*first);
    }
    offered.retain(|(rule, _)| rule.to != record.stage);
    offered.get(step.act % offered.len().max(1)).copied()
}

proptest! {
    #[test]
    fn phone_and_server_rule_the_same_on_the_same_knowledge(steps in prop::collection::vec(step(kinds(None)), 1..40)) {
        rules_the_same(steps, false, &mut Seen::new())?;
    }
}

/// The property says something of an act only where it is stated. Over fixed seeds each is, and those that
/// need no long way there are accepted too.
#[test]
fn each_act_is_played_and_most_are_accepted() {
    let mut seen = Seen::new();
    let mut runner = TestRunner::deterministic();
    for pack in catalogue().packs() {
        let history = prop::collection::vec(step(kinds(Some(&pack.id))), 100..101);
        for _ in 0..HISTORIES {
            let steps = history.new_tree(&mut runner).unwrap().current();
            rules_the_same(steps, true, &mut seen).unwrap();
        }
    }
    let all = catalogue().kinds().flat_map(|kind| kind.acts.iter().map(move |act| (kind, act)));
    let names: Vec<_> = all.map(|(kind, act)| (kind.name.clone(), act.name.clone())).collect();
    let silent: Vec<_> = names.iter().filter(|name| !seen.contains_key(name)).collect();
    assert_eq!(silent, [] as [&(String, String); 0], "never stated");
    let accepted = names.iter().filter(|name| seen[name]).count();
    let refused: Vec<_> = names.iter().filter(|name| !seen[name]).map(|(k, a)| format!("{k}.{a}")).collect();
    println!("{accepted} of {} accepted; never: {refused:?}", names.len());
    assert!(
        accepted * 100 >= names.len() * ACCEPTED_PERCENT,
        "only {accepted} of {}: {refused:?}",
        names.len()
    );
}
