//! Phone and server rule the same on the same knowledge: over every kind of every pack here, whatever
//! was done before, by whomever, with whatever payload.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::ids::{DocId, PersonId};
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Answer, Field, Judged, Kind, View, available, is_provisional, may_write, stand};

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
        Answer::Date => if other { "2026-11-23" } else { "2026-12-31" }.to_owned(),
        Answer::Time => "09:30".to_owned(),
        Answer::DateTime => "2026-11-23T17:00:00+08:00".to_owned(),
        Answer::Place => if other { "38.9 121.6 0 5" } else { "38.9 121.7 0 5" }.to_owned(),
        Answer::One | Answer::Several => field.choices[usize::from(other) % field.choices.len()].name.clone(),
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
            server.create(of(&kind.name, other), &kind.name, owner, owner, &writable.collect::<Vec<_>>());
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

fn step() -> impl Strategy<Value = Step> {
    let kinds: Vec<&'static Kind> = catalogue().kinds().filter(|kind| !kind.acts.is_empty()).collect();
    let by = prop::sample::select(vec![LI, LI, LI, BOSS, BOSS, WANG, OPERATOR, CLERK, REVIEWER, INSURER]);
    let payload = prop::collection::vec(prop::option::weighted(0.8, any::<bool>()), 4);
    let what = (prop::sample::select(kinds), any::<bool>(), 0..8_usize);
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

proptest! {
    #[test]
    fn phone_and_server_rule_the_same_on_the_same_knowledge(steps in prop::collection::vec(step(), 1..40)) {
        let mut server = world();
        let (mut numbers, mut at_ms) = (0, MORNING);
        for step in steps {
            let id = of(&step.kind.name, step.other);
            at_ms += step.hours * 3_600_000;
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
            let rule = &step.kind.acts[step.act % step.kind.acts.len()];
            let fields = rule.payload.iter().zip(step.payload.iter().cycle());
            let payload: Vec<_> = fields
                .filter_map(|(field, some)| Some((field.name.as_str(), answer(field, (*some)?))))
                .collect();
            let mut act = server.statement_at(at_ms, id, &rule.name, step.by, &payload);
            numbers += 1;
            act.id.0[1] = numbers;
            if let Some(seen) = step.seen {
                act.stage.clone_from(&step.kind.stages[seen % step.kind.stages.len()].name);
            }
            let offered = available(catalogue(), &server.record(id), &View::new(who(step.by), &server, now)).unwrap();
            let mut history = server.history(id).to_vec();
            history.push(Judged { act: act.clone(), verdict: None });
            // The phone has the same acts and records, and no clock of a server.
            let phone = Server { clock: None, counters: None, ..server.clone() };
            let ahead = Some(phone.ahead(step.by));
            let standing = stand(catalogue(), id, &server.fields[&id], &history, ahead).unwrap();
            let ruled = server.judge(act);
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
    }
}
