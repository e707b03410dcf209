//! What holds for every history of acts, in whatever order they are ruled.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::ids::PersonId;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Ahead, Bundle, Judged, Pack, Projection, Record, project};
use std::collections::BTreeMap;

/// Two stores' visits, a task, and four applications about two policies.
fn team() -> Server {
    let mut server = Server::default();
    server.create(doc(99), "plan_duty", OPERATOR, OPERATOR, &[("until", "2027-12-31".into())]);
    server.create(doc(100), "policy", OPERATOR, OPERATOR, &[("number", "P1".into())]);
    server.create(doc(101), "policy", OPERATOR, OPERATOR, &[("number", "P2".into())]);
    server.create(
        doc(1),
        "visit",
        LI,
        LI,
        &[("store", doc(102).to_string().into()), ("date", "2026-11-23".into())],
    );
    let task = [("issue", "x".into()), ("responsible", LI.to_string().into()), ("due", "2026-12-01".into())];
    server.create(doc(2), "task", LI, LI, &task);
    for (n, owner) in [(3, LI), (4, WANG), (5, LI), (6, WANG)] {
        let policy = doc(100 + (n - 3) / 2 * (n % 2)).to_string();
        server.create(
            doc(n),
            "application",
            owner,
            owner,
            &[("policy", policy.into()), ("item", "other".into())],
        );
    }
    server
}

#[derive(Debug, Clone)]
struct Step {
    doc: u8,
    act: &'static str,
    by: PersonId,
    reason: bool,
    stale: Option<&'static str>,
}

fn step() -> impl Strategy<Value = Step> {
    let acts = prop::sample::select(vec![
        "check_in",
        "check_out",
        "skip",
        "plan_again",
        "assign",
        "complete",
        "reopen",
        "submit",
        "withdraw",
        "return",
        "finish",
        "nonsense",
    ]);
    let stages = prop::sample::select(vec!["planned", "draft", "submitted", "nowhere"]);
    let by = prop::sample::select(vec![LI, WANG, BOSS, OPERATOR]);
    (1..7_u8, acts, by, any::<bool>(), prop::option::of(stages))
        .prop_map(|(doc, act, by, reason, stale)| Step { doc, act, by, reason, stale })
}

fn play(steps: &[Step]) -> Server {
    let mut server = team();
    for step in steps {
        let mut payload: Vec<(&str, Scalar)> = Vec::new();
        if step.act == "check_in" {
            payload.push(("place", "38.9 121.6 0 5".into()));
        }
        if step.reason {
            payload.push(("reason", "x".into()));
        }
        let mut act = server.statement(doc(step.doc), step.act, step.by, &payload);
        if let Some(stage) = step.stale {
            act.stage = stage.into();
        }
        server.judge(act);
    }
    server
}

fn open(server: &Server) -> BTreeMap<String, usize> {
    let mut open = BTreeMap::new();
    for n in 3..7 {
        for claim in server.project(doc(n)).claims {
            *open.entry(claim.key).or_default() += 1;
        }
    }
    open
}

proptest! {
    #[test]
    fn a_record_is_always_in_a_known_stage(steps in prop::collection::vec(step(), 0..30)) {
        let server = play(&steps);
        for n in 1..7 {
            let record = server.record(doc(n));
            let kind = catalogue().kind(&record.kind).unwrap();
            prop_assert!(kind.stage(&record.stage).is_some(), "{}", record.stage);
            let first = server.history(doc(n)).iter().any(|judged| judged.verdict.as_ref().unwrap().stage != kind.initial);
            prop_assert!(first || record.stage == kind.initial);
        }
    }

    #[test]
    fn o14_q1_a_policy_has_one_open_application_in_any_order(
        steps in prop::collection::vec(step(), 0..40),
        order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let mut server = play(&steps);
        prop_assert!(open(&server).values().all(|count| *count <= 1));
        // Everyone submits everything, in any order, whatever was before.
        let acts: Vec<_> = (0..8).map(|n| {
            let n = 3 + (n % 4) as u8;
            server.statement(doc(n), "submit", server.record(doc(n)).owner, &[])
        }).collect();
        for at in order {
            server.judge(acts[at].clone());
            prop_assert!(open(&server).values().all(|count| *count <= 1));
        }
    }

    #[test]
    fn a_projection_is_the_same_however_its_history_is_listed(
        steps in prop::collection::vec(step(), 0..20),
        n in 1..7_u8,
        seed in any::<u64>(),
    ) {
        let server = play(&steps);
        let mut history = server.history(doc(n)).to_vec();
        let expected = server.project(doc(n));
        let len = history.len().max(1);
        history.rotate_left(seed as usize % len);
        history.reverse();
        let fields = &server.fields[&doc(n)];
        let again = project(catalogue(), doc(n), fields, &history, now(), Some(server.ahead(LI))).unwrap();
        prop_assert_eq!(&again, &expected);
        let json = serde_json::to_string(&expected).unwrap();
        prop_assert_eq!(serde_json::from_str::<Projection>(&json).unwrap(), expected);
    }

    #[test]
    fn the_phone_foresees_what_the_server_rules_when_it_knows_the_same(steps in prop::collection::vec(step(), 0..20)) {
        // Each record's last act is taken back to pending: with the same world, the phone's row is
        // the server's except that it waits.
        let server = play(&steps);
        for n in 1..7 {
            let mut history = server.history(doc(n)).to_vec();
            let Some(last) = history.last_mut() else { continue };
            last.verdict = None;
            let by = last.act.person;
            let mut before = server.clone();
            before.history.get_mut(&doc(n)).unwrap().pop();
            let ahead = Ahead {
                who: who(by),
                world: &before,
                zone: ZONE,
                heads: &[],
                contested: &NOTHING,
                foreseen: &NONE_FORESEEN,
            };
            let fields = &server.fields[&doc(n)];
            let seen = project(catalogue(), doc(n), fields, &history, now(), Some(ahead)).unwrap();
            let ruled = server.project(doc(n));
            prop_assert!(seen.pending && !ruled.pending);
            // Other records may have been ruled on in between; those that decide across records are
            // compared only when nothing came after.
            if server.record(doc(n)).kind != "application" {
                // Its place among the rulings is not known before.
                let told = |row: &Projection| -> BTreeMap<String, Scalar> {
                    let data = row.data.clone().into_iter();
                    data.filter(|(key, _)| !key.ends_with("/@order")).collect()
                };
                prop_assert_eq!((&seen.stage, told(&seen)), (&ruled.stage, told(&ruled)));
            }
        }
    }

    #[test]
    fn arbitrary_text_is_a_problem_and_never_a_panic(text in "\\PC{0,200}") {
        let _ = Pack::check(&Bundle::new([("pack.toml", text.into_bytes())]).unwrap());
    }

    #[test]
    fn a_pack_with_any_part_cut_out_never_panics(from in 0..40_000_usize, len in 0..60_usize) {
        let mut files = bundle("store-visit");
        let toml = files.files.get_mut("pack.toml").unwrap();
        let from = from.min(toml.len());
        let to = (from + len).min(toml.len());
        toml.drain(from..to);
        let _ = Pack::check(&files);
    }
}

#[test]
fn a_record_without_its_control_keys_has_no_projection() {
    let refused = |fields: BTreeMap<String, Scalar>| {
        project(catalogue(), doc(1), &fields, &[] as &[Judged], now(), None).unwrap_err().to_string()
    };
    assert!(refused(BTreeMap::new()).contains("no-identity"));
    let strange = [("@kind", "ghost".into()), ("@owner", LI.to_string().into()), ("@pack", Scalar::Int(1))];
    assert!(refused(fields(&strange)).contains("unknown-kind"));
    let kind = catalogue().kind("visit").unwrap();
    assert!(Record::new(kind, doc(1), fields(&strange)).is_err());
}
