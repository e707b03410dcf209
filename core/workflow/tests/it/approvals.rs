//! Q5, Q6, Q8 and Q9: acts that rest on acts of others, on master data, and on time.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::act::Act;
use rounds_model::ids::{BootId, DeviceId};
use rounds_model::scalar::Scalar;
use rounds_model::time::{Anchor, Reading, TrustedTime};
use rounds_model::verdict::Outcome;
use rounds_workflow::{View, available};

const HOUR: i64 = 3_600_000;

fn office() -> Server {
    let mut server = Server::default();
    server.create(doc(1), "plan", LI, LI, &[("text", "拜访三家".into())]);
    server.create(doc(2), "trip", LI, LI, &[("plan", doc(1).to_string().into())]);
    server
}

fn start(server: &Server, at_ms: i64) -> Act {
    server.statement_at(at_ms, doc(2), "start", LI, &[])
}

#[test]
fn q5_d9_nobody_sets_off_without_an_approved_plan() {
    let mut server = office();
    let refusal = blocked(&server.judge(start(&server, MORNING)), "plan-not-approved");
    assert_eq!((refusal.rule.as_deref(), refusal.field.as_deref()), (Some("D.9"), Some("plan")));
    accepted(&server.act(doc(1), "approve", BOSS, &[]));
    let offered =
        available(catalogue(), &server.record(doc(2)), &View::new(who(LI), &server, now())).unwrap();
    assert!(offered[0].possible.is_ok());
    accepted(&server.judge(start(&server, MORNING + HOUR)));
}

#[test]
fn q5_the_approval_is_a_token_that_works_offline_until_it_ends() {
    let mut server = office();
    accepted(&server.act(doc(1), "approve", BOSS, &[]));
    let phone = server.clone();
    // Offline, the rep sets off; meanwhile the supervisor takes the approval back.
    let offline = start(&phone, MORNING + 2 * HOUR);
    accepted(&server.act(doc(1), "revise", BOSS, &[]));
    accepted(&server.clone().judge(offline));
    // Who knows of it does not get through, on the phone or with the old token's name left out.
    blocked(&server.clone().judge(start(&server, MORNING + 2 * HOUR)), "plan-not-approved");
    let offers = |server: &Server| {
        let choices =
            available(catalogue(), &server.record(doc(2)), &View::new(who(LI), server, now())).unwrap();
        choices[0].possible.as_ref().err().map(|refusal| refusal.code.clone())
    };
    assert_eq!((offers(&phone), offers(&server).as_deref()), (None, Some("plan-not-approved")));
    // It was good for the day.
    let tomorrow = Act { time: at(MORNING + 24 * HOUR), ..start(&phone, MORNING) };
    let refusal = blocked(&server.judge(tomorrow), "proof-expired");
    assert_eq!(refusal.rule.as_deref(), Some("D.9"));
    assert!(refusal.reason.zh.contains("2026-11-23"), "{}", refusal.reason.zh);
}

#[test]
fn q5_what_the_author_did_to_the_plan_they_knew() {
    let mut server = office();
    accepted(&server.act(doc(1), "approve", BOSS, &[]));
    let with_token = start(&server, MORNING + HOUR);
    accepted(&server.act(doc(1), "revise", LI, &[]));
    // Made after the revision, on the same phone, with the token of before.
    let after = Act { number: 99, ..with_token.clone() };
    blocked(&server.clone().judge(after), "plan-not-approved");
    // Made before it, and only received later.
    accepted(&server.clone().judge(Act { number: 0, ..with_token.clone() }));
    // On another phone of theirs it counts too, by time: who revised it knew.
    let elsewhere = Act { device: DeviceId([9; 16]), number: 0, ..with_token.clone() };
    blocked(&server.clone().judge(elsewhere.clone()), "plan-not-approved");
    accepted(&server.clone().judge(Act { time: at(MORNING - HOUR), ..elsewhere.clone() }));
    // What somebody else did, they could not know.
    let mut others = office();
    accepted(&others.act(doc(1), "approve", BOSS, &[]));
    let with_token = start(&others, MORNING + HOUR);
    accepted(&others.act(doc(1), "revise", BOSS, &[]));
    accepted(&others.judge(Act { device: elsewhere.device, ..with_token }));
}

#[test]
fn q5_a_proof_is_an_accepted_act_of_that_name_about_that_record() {
    let mut server = office();
    server.create(doc(3), "plan", LI, LI, &[("text", "别的".into())]);
    accepted(&server.act(doc(3), "approve", BOSS, &[]));
    let foreign = server.history(doc(3))[0].act.id;
    blocked(&server.act(doc(1), "approve", LI, &[]), "act-role");
    let refused = server.history(doc(1))[0].act.id;
    accepted(&server.act(doc(1), "approve", BOSS, &[]));
    let good = server.history(doc(1))[1].act.id;
    accepted(&server.act(doc(1), "revise", BOSS, &[]));
    let undone = server.history(doc(1))[2].act.id;
    accepted(&server.act(doc(1), "approve", BOSS, &[]));
    for bad in [vec![], vec![foreign], vec![refused], vec![undone]] {
        let act = Act { proofs: bad, ..start(&server, MORNING) };
        blocked(&server.clone().judge(act), "plan-not-approved");
    }
    accepted(&server.clone().judge(Act { proofs: vec![foreign, good], ..start(&server, MORNING) }));
}

#[test]
fn q6_an_act_comes_after_the_act_of_another_that_its_author_had_seen() {
    let mut server = Server::default();
    server.create(doc(1), "batch", OPERATOR, OPERATOR, &[]);
    server.create(doc(2), "posting", LI, LI, &[]);
    let batch: [(&str, Scalar); 1] = [("batch", doc(1).to_string().into())];
    let early = server.statement_at(MORNING, doc(2), "post", LI, &batch);
    let refusal = blocked(&server.clone().judge(early.clone()), "not-written-off");
    assert_eq!(refusal.rule.as_deref(), Some("B.3"));
    accepted(&server.act(doc(1), "write_off", BOSS, &[]));
    // It is there now, but its author stated this before they could know.
    blocked(&server.clone().judge(early), "not-written-off");
    let posted = server.statement_at(MORNING, doc(2), "post", LI, &batch);
    assert_eq!(posted.proofs.len(), 1);
    let mut undone = server.clone();
    accepted(&undone.act(doc(1), "undo", BOSS, &[]));
    blocked(&undone.judge(posted.clone()), "not-written-off");
    accepted(&server.judge(posted));
}

fn close(server: &mut Server, time: TrustedTime) -> rounds_workflow::Ruling {
    let act = server.statement(doc(1), "close", LI, &[]);
    server.judge(Act { time, ..act })
}

#[test]
fn q9_a_deadline_is_counted_by_trusted_time_and_a_doubtful_clock_is_told() {
    const DAY: i64 = 24 * HOUR;
    let mut server = Server::default();
    server.create(doc(1), "window", LI, LI, &[("opened", "2026-11-20".into())]);
    let boot = BootId([1; 16]);
    let synced = Reading { wall_ms: MORNING, mono_ms: 0, boot };
    let anchor = Some(Anchor { reading: synced, server_ms: MORNING, took_ms: 0 });
    // Seven days after the 20th is the 27th; by the phone's monotonic clock it is the 28th, whatever
    // its wall clock was set to.
    let late = Reading { wall_ms: MORNING, mono_ms: 5 * DAY as u64, boot };
    let refusal = blocked(&close(&mut server.clone(), TrustedTime::judge(late, anchor)), "too-late");
    assert_eq!(refusal.reason.en, "It was due on 2026-11-27.");
    let set_back = Reading { wall_ms: MORNING, mono_ms: 4 * DAY as u64, boot };
    let mut suspect = server.clone();
    let ruling = close(&mut suspect, TrustedTime::judge(set_back, anchor));
    assert_eq!((&ruling.outcome, ruling.facts["clock"].as_text()), (&Outcome::Accepted, Some("suspect")));
    assert_eq!(suspect.project(doc(1)).data["@close/@clock"], "suspect".into());
    // Four days away from the server its own clock is only an estimate, and that is said too.
    let away = Reading { wall_ms: MORNING + 4 * DAY, mono_ms: 4 * DAY as u64, boot };
    let ruling = close(&mut server.clone(), TrustedTime::judge(away, anchor));
    assert_eq!((&ruling.outcome, ruling.facts["clock"].as_text()), (&Outcome::Accepted, Some("estimated")));
    let right = Reading { wall_ms: MORNING + 20 * HOUR, mono_ms: 20 * HOUR as u64, boot };
    let ruling = close(&mut server, TrustedTime::judge(right, anchor));
    assert!(ruling.outcome == Outcome::Accepted && ruling.facts.is_empty());
    assert!(!server.project(doc(1)).data.contains_key("@close/@clock"));
}

#[test]
fn q8_o12_master_data_is_asked_on_the_phone_and_again_by_the_server() {
    let mut server = Server::default();
    server.create(doc(1), "account", OPERATOR, OPERATOR, &[("holder", "孙敏".into())]);
    server.create(
        doc(2),
        "payment",
        LI,
        LI,
        &[("account", doc(1).to_string().into()), ("payee", "孙敏".into())],
    );
    let mut phone = server.clone();
    // The account changes hands while the phone is away: the phone goes by what it knows, the server
    // by what is so, both with the same rule.
    server.set(doc(1), "holder", "周强");
    let send = phone.statement(doc(2), "send", LI, &[]);
    accepted(&phone.judge(send.clone()));
    let refusal = blocked(&server.judge(send), "third-party-account");
    assert_eq!((refusal.rule.as_deref(), refusal.field.as_deref()), (Some("O.12"), Some("account")));
    assert!(refusal.reason.zh.contains("周强") && refusal.remedy.zh.contains("孙敏"));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Approve,
    TakeBack,
    Revise,
    Start(u8),
    Forge(u8),
    Sync,
    Later(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Approve),
        1 => Just(Step::TakeBack),
        1 => Just(Step::Revise),
        4 => (10..16_u8).prop_map(Step::Start),
        1 => (10..16_u8).prop_map(Step::Forge),
        3 => Just(Step::Sync),
        1 => (1..9_i64).prop_map(Step::Later),
    ]
}

proptest! {
    /// The model: a rep's phone that is online now and then, and a supervisor who approves and takes
    /// back. What the phone let its rep do is never undone, whatever arrived before it; what it did
    /// not let them do is not accepted either.
    #[test]
    fn q5_what_a_token_allowed_is_accepted_and_nothing_else(steps in prop::collection::vec(step(), 1..40)) {
        let mut server = office();
        for n in 10..16 {
            server.create(doc(n), "trip", LI, LI, &[("plan", doc(1).to_string().into())]);
        }
        let (mut phone, mut now_ms, mut number) = (server.clone(), MORNING, 0);
        let mut waiting: Vec<(Act, bool)> = Vec::new();
        for step in steps.into_iter().chain([Step::Sync]) {
            number += 1;
            let state = |on: &Server, n: u8, name: &str, by| {
                let mut act = on.statement_at(now_ms, doc(n), name, by, &[]);
                (act.id.0[1], act.number) = (number as u8, number);
                act
            };
            match step {
                Step::Approve => { server.judge(state(&server, 1, "approve", BOSS)); }
                Step::TakeBack => { server.judge(state(&server, 1, "revise", BOSS)); }
                Step::Revise => {
                    let act = state(&phone, 1, "revise", LI);
                    if phone.judge(act.clone()).outcome == Outcome::Accepted {
                        waiting.push((act, false));
                    }
                }
                Step::Start(n) => {
                    let act = state(&phone, n, "start", LI);
                    if phone.judge(act.clone()).outcome == Outcome::Accepted {
                        waiting.push((act, true));
                    }
                }
                // A phone that lies about what it knows, but can name no approval that stands.
                Step::Forge(n) => {
                    let act = Act { proofs: vec![], ..state(&phone, n, "start", LI) };
                    prop_assert!(server.clone().judge(act).outcome != Outcome::Accepted);
                }
                Step::Later(hours) => now_ms += hours * HOUR,
                Step::Sync => {
                    for (act, promised) in waiting.drain(..) {
                        let ruling = server.judge(act);
                        prop_assert!(!promised || ruling.outcome == Outcome::Accepted, "{ruling:?}");
                    }
                    phone = server.clone();
                }
            }
        }
    }
}
