//! Q1, Q2 and Q4 as one mechanism: claims in ledgers, within a limit.

use crate::team::*;
use proptest::prelude::*;
use rounds_model::scalar::Scalar;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Amount, View, available};

const HOUR: i64 = 3_600_000;
const POOL: u8 = 200;

fn number(n: f64) -> Scalar {
    Scalar::Float(n)
}

fn pool(size: f64) -> Server {
    let mut server = Server { clock: Some(MORNING), ..Server::default() };
    server.create(doc(POOL), "pool", OPERATOR, OPERATOR, &[("size", number(size))]);
    server
}

fn draw(server: &mut Server, n: u8, pieces: f64) {
    let owner = if n % 2 == 1 { LI } else { WANG };
    let pool = doc(POOL).to_string();
    server.create(doc(n), "draw", owner, owner, &[("pool", pool.into()), ("pieces", number(pieces))]);
}

fn lease(server: &mut Server, n: u8, pieces: f64, hours: i64) {
    let end = chrono::DateTime::from_timestamp_millis(MORNING + hours * HOUR).unwrap().to_rfc3339();
    let answers =
        [("pool", doc(POOL).to_string().into()), ("pieces", number(pieces)), ("end", Scalar::from(end))];
    server.create(doc(n), "lease", LI, LI, &answers);
}

fn act(server: &mut Server, n: u8, name: &str) -> rounds_workflow::Ruling {
    let owner = server.record(doc(n)).owner;
    server.act(doc(n), name, owner, &[])
}

/// What is drawn, worked out from the records and not from the ledger.
fn sum(server: &Server) -> Amount {
    let drawn = server.fields.keys().filter(|id| {
        let record = server.record(**id);
        record.kind == "draw" && ["drawn", "checked"].contains(&record.stage.as_str())
    });
    drawn
        .map(|id| Amount::from_number(server.fields[id]["pieces"].to_string().parse().unwrap()).unwrap())
        .sum()
}

#[test]
fn q4_partial_draws_never_exceed_their_source_and_say_what_is_left() {
    let mut server = pool(1.0);
    for (n, pieces) in [(1, 0.1), (2, 0.7), (3, 0.3), (4, 0.2), (5, 0.01)] {
        draw(&mut server, n, pieces);
    }
    accepted(&act(&mut server, 1, "draw"));
    accepted(&act(&mut server, 2, "draw"));
    let refusal = blocked(&act(&mut server, 3, "draw"), "exceeds-remaining");
    assert_eq!((refusal.rule.as_deref(), refusal.field.as_deref()), (Some("Q4"), Some("pieces")));
    assert_eq!(refusal.reason.en, "Only 0.2 of 1 are left, not 0.3.");
    accepted(&act(&mut server, 4, "draw"));
    blocked(&act(&mut server, 5, "draw"), "exceeds-remaining");
    accepted(&act(&mut server, 2, "give_back"));
    accepted(&act(&mut server, 5, "draw"));
    accepted(&act(&mut server, 3, "draw"));
    // From one holding stage to another nothing more is claimed, whatever became of the limit.
    server.set(doc(POOL), "size", number(0.0));
    accepted(&server.act(doc(1), "check", BOSS, &[]));
    draw(&mut server, 7, 0.0);
    accepted(&act(&mut server, 7, "draw"));
}

#[test]
fn q4_what_is_no_amount_is_no_draw() {
    let mut server = pool(1.0);
    for (n, pieces) in [(1, -1.0), (2, 1e300)] {
        draw(&mut server, n, pieces);
        let no = blocked(&act(&mut server, n, "draw"), "amount-unclear");
        assert_eq!(no.field.as_deref(), Some("pieces"));
    }
    draw(&mut server, 3, 1.0);
    server.set(doc(3), "pool", doc(250).to_string());
    blocked(&act(&mut server, 3, "draw"), "rule-failed");
}

#[test]
fn q2_beyond_the_quota_is_waited_for_and_what_gets_free_goes_to_who_waits_longest() {
    let mut server = pool(2.0);
    for n in 1..=6 {
        draw(&mut server, n, 1.0);
    }
    accepted(&act(&mut server, 1, "ask"));
    assert_eq!(act(&mut server, 2, "ask").turned, None);
    let ruling = act(&mut server, 3, "ask");
    accepted(&ruling);
    let turned = ruling.turned.unwrap();
    assert_eq!((ruling.stage.as_str(), turned.act.as_str()), ("waits", "wait"));
    assert_eq!((turned.why.code.as_str(), turned.why.rule.as_deref()), ("exceeds-remaining", Some("Q4")));
    assert!(server.project(doc(3)).data.contains_key("@wait/at"), "remembered as what it was taken as");
    accepted(&act(&mut server, 4, "ask"));
    assert_eq!(server.stage(doc(4)), "waits");
    blocked(&act(&mut server, 3, "draw"), "exceeds-remaining");

    accepted(&act(&mut server, 1, "give_back"));
    blocked(&act(&mut server, 4, "draw"), "exceeds-remaining");
    assert_eq!(act(&mut server, 5, "ask").stage, "waits", "who comes later is behind who waits");
    accepted(&act(&mut server, 3, "draw"));
    accepted(&act(&mut server, 2, "give_back"));
    accepted(&act(&mut server, 4, "give_back"));
    accepted(&act(&mut server, 5, "draw"));
    assert_eq!(sum(&server), Amount::ONE.plus(Amount::ONE));
}

/// Found by users: a party larger than everything there is waited for ever, and everybody behind it.
#[test]
fn q2_nobody_waits_for_what_will_never_be_there() {
    let mut server = pool(2.0);
    for (n, pieces) in [(1, 2.5), (2, 1.0), (3, 1.0)] {
        draw(&mut server, n, pieces);
    }
    for name in ["ask", "wait"] {
        let no = blocked(&act(&mut server, 1, name), "never-enough");
        assert_eq!((no.field.as_deref(), no.rule.as_deref()), (Some("pieces"), Some("Q4")));
        assert!(no.reason.en.ends_with("2.5 are asked for, and there are only 2 in all."), "{no:?}");
        assert!(no.remedy.zh.contains("不超过 2"), "{no:?}");
    }
    assert_eq!(act(&mut server, 2, "ask").turned, None);
    // Of before there was this rule, or of a limit that was lowered since: it is in nobody's way either.
    server.set(doc(POOL), "size", number(9.0));
    accepted(&act(&mut server, 1, "wait"));
    server.set(doc(POOL), "size", number(2.0));
    assert_eq!(act(&mut server, 3, "ask").turned, None);
}

/// What is free goes to the first who fits, and the figures are those of whoever asks.
#[test]
fn q2_who_does_not_fit_now_keeps_their_place_and_holds_up_nobody() {
    let mut server = pool(4.0);
    for (n, pieces) in [(1, 2.0), (2, 3.0), (3, 1.0), (4, 2.0), (5, 2.0)] {
        draw(&mut server, n, pieces);
    }
    accepted(&act(&mut server, 1, "ask"));
    assert_eq!(act(&mut server, 2, "ask").stage, "waits");
    assert_eq!(act(&mut server, 3, "ask").turned, None, "one of two that are free");
    let turned = act(&mut server, 4, "ask").turned.unwrap();
    assert_eq!(turned.why.reason.en, "Only 1 of 4 are left, not 2.", "it is not the waiting one's");
    // Two of four are free: not enough for the first, and for the second.
    accepted(&act(&mut server, 3, "give_back"));
    blocked(&act(&mut server, 2, "draw"), "exceeds-remaining");
    let turned = act(&mut server, 5, "ask").turned.unwrap();
    assert_eq!(turned.why.reason.en, "Only 0 of 4 are left, not 2.", "they go to who waits before");
    accepted(&act(&mut server, 4, "draw"));
    // Everything is free: the first on the list comes first.
    accepted(&act(&mut server, 1, "give_back"));
    accepted(&act(&mut server, 4, "give_back"));
    let no = blocked(&act(&mut server, 5, "draw"), "exceeds-remaining");
    assert_eq!(no.reason.en, "Only 1 of 4 are left, not 2.");
    accepted(&act(&mut server, 2, "draw"));
    assert_eq!(sum(&server), Amount::from_number(3.0).unwrap());
}

#[test]
fn q2_a_lease_is_spent_offline_and_given_back_when_it_ends() {
    let mut server = pool(3.0);
    lease(&mut server, 100, 2.0, 8);
    accepted(&act(&mut server, 100, "hold"));
    for n in 1..=9 {
        draw(&mut server, n, 1.0);
    }
    lease(&mut server, 102, 2.0, 8);
    let refusal = blocked(&act(&mut server, 102, "hold"), "exceeds-remaining");
    assert_eq!(
        (refusal.reason.en.as_str(), refusal.rule.as_deref()),
        ("Only 1 are left, not 2.", Some("Q2"))
    );
    // The seat that nobody has leased is anybody's; then those of the lease are all that is left.
    accepted(&act(&mut server, 2, "draw"));
    blocked(&act(&mut server, 4, "draw"), "exceeds-remaining");
    for n in [1, 3, 5] {
        server.set(doc(n), "lease", doc(100).to_string());
    }
    accepted(&act(&mut server, 1, "draw"));
    blocked(&act(&mut server, 6, "draw"), "exceeds-remaining");
    // In time, whatever others want: the lease covers it.
    server.clock = Some(MORNING + 8 * HOUR - 1);
    let mut late = server.clone();
    accepted(&act(&mut server, 3, "draw"));
    blocked(&act(&mut server, 5, "draw"), "exceeds-remaining");
    // Received too late, what is left of it is for whoever comes first.
    late.clock = Some(MORNING + 8 * HOUR);
    accepted(&act(&mut late, 6, "draw"));
    blocked(&act(&mut late, 3, "draw"), "exceeds-remaining");
    assert_eq!(sum(&late), Amount::from_number(3.0).unwrap());
}

#[test]
fn q2_a_screen_says_beforehand_that_it_would_be_a_place_on_the_waiting_list() {
    let mut server = pool(1.0);
    draw(&mut server, 1, 1.0);
    draw(&mut server, 2, 1.0);
    accepted(&act(&mut server, 1, "draw"));
    let record = server.record(doc(2));
    let choices = available(catalogue(), &record, &View::new(who(WANG), &server, now())).unwrap();
    let of = |name: &str| choices.iter().find(|choice| choice.act == name).unwrap();
    assert_eq!(of("draw").possible.as_ref().unwrap_err().code, "exceeds-remaining");
    let (turned, why) = of("ask").turns.as_ref().unwrap();
    assert!(of("ask").possible.is_ok() && turned.name == "wait" && why.code == "exceeds-remaining");
    assert!(of("wait").possible.is_ok() && of("wait").turns.is_none());
}

#[test]
fn tallies_count_what_is_in_a_ledger() {
    let mut server = Server::default();
    for (n, shop) in [(1, "A"), (2, "A"), (3, "B")] {
        server.create(doc(n), "issue", LI, LI, &[("shop", shop.into())]);
    }
    let open = |server: &Server| rounds_workflow::World::claims(server, "open-issues", "A").unwrap().len();
    assert_eq!(open(&server), 2, "also in the first stage: a tally refuses nothing");
    server.set(doc(1), "shop", "B");
    assert_eq!(open(&server), 1);
    accepted(&act(&mut server, 2, "close"));
    assert_eq!(open(&server), 0);
}

/// One thing that somebody does on their phone.
#[derive(Debug, Clone)]
struct Step {
    record: u8,
    act: &'static str,
    /// Synchronises before.
    online: bool,
    hours: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let acts = prop::sample::select(vec!["draw", "ask", "wait", "give_back", "hold", "check"]);
    (0..10_u8, acts, any::<bool>(), 0..4_i64).prop_map(|(record, act, online, hours)| Step {
        record,
        act,
        online,
        hours,
    })
}

proptest! {
    /// The model: two phones act offline on what they knew, everything arrives in some order, and the
    /// server's clock runs. Whatever happens, no more is drawn than there is, each act has one ruling,
    /// each no has its reason, and no record is gone.
    #[test]
    fn q2_q4_no_history_draws_more_than_there_is(
        pieces in prop::collection::vec(0..7_u32, 8),
        spends in prop::collection::vec(any::<bool>(), 8),
        size in 0..12_u32,
        steps in prop::collection::vec(step(), 1..30),
        order in any::<u64>(),
    ) {
        let mut server = pool(f64::from(size) / 4.0);
        for (n, (pieces, spends)) in pieces.iter().zip(&spends).enumerate() {
            let n = n as u8 + 1;
            draw(&mut server, n, f64::from(*pieces) / 4.0);
            if *spends {
                server.set(doc(n), "lease", doc(9 + n % 2).to_string());
            }
        }
        lease(&mut server, 9, 1.0, 3);
        lease(&mut server, 10, 0.75, 9);
        let mut phone = server.clone();
        let (mut waiting, mut ruled) = (Vec::new(), 0);
        for (at, step) in steps.iter().enumerate() {
            let id = doc(step.record + 1);
            let by = if step.act == "check" { BOSS } else { phone.record(id).owner };
            let mut statement = phone.statement(id, step.act, by, &[]);
            statement.id.0[1] = at as u8;
            let seen = phone.judge(statement.clone());
            if let Outcome::Blocked(refusal) = &seen.outcome {
                prop_assert!(!refusal.reason.zh.is_empty() && !refusal.remedy.en.is_empty());
            }
            waiting.push(statement);
            if step.online {
                server.clock = server.clock.map(|clock| clock + step.hours * HOUR);
                let len = waiting.len();
                waiting.rotate_left(order as usize % len);
                for statement in waiting.drain(..) {
                    server.judge(statement);
                    ruled += 1;
                    prop_assert!(sum(&server) <= Amount::from_number(f64::from(size) / 4.0).unwrap());
                }
                phone = server.clone();
            }
        }
        let verdicts: usize = server.history.values().map(Vec::len).sum();
        prop_assert_eq!(verdicts, ruled);
        for id in server.fields.keys() {
            let record = server.record(*id);
            prop_assert!(catalogue().kind(&record.kind).unwrap().stage(&record.stage).is_some());
        }
    }

    /// A lease that was accepted is a promise: what is spent of it in time is never refused for want
    /// of room.
    #[test]
    fn q2_a_lease_is_a_promise(
        size in 1..9_u32,
        leased in 1..9_u32,
        others in prop::collection::vec(1..5_u32, 0..4),
        own in prop::collection::vec(1..5_u32, 1..5),
    ) {
        let mut server = pool(f64::from(size));
        lease(&mut server, 100, f64::from(leased), 1);
        let held = act(&mut server, 100, "hold").outcome == Outcome::Accepted;
        prop_assert_eq!(held, leased <= size);
        for (n, pieces) in others.iter().enumerate() {
            draw(&mut server, n as u8 + 20, f64::from(*pieces));
            act(&mut server, n as u8 + 20, "draw");
        }
        let mut spent = 0;
        for (n, pieces) in own.iter().enumerate() {
            let n = n as u8 + 40;
            draw(&mut server, n, f64::from(*pieces));
            server.set(doc(n), "lease", doc(100).to_string());
            let ruling = act(&mut server, n, "draw");
            if held && spent + pieces <= leased {
                prop_assert_eq!(&ruling.outcome, &Outcome::Accepted);
            }
            if ruling.outcome == Outcome::Accepted {
                spent += pieces;
            }
        }
        prop_assert!(sum(&server) <= Amount::from_number(f64::from(size)).unwrap());
    }
}
