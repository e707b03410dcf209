//! The rules of trying again, over any run of failures.

use super::*;
use crate::error::Fail;
use proptest::prelude::*;
use rounds_model::ids::BootId;
use rounds_protocol::fault::Fault;

fn at(ms: u64) -> Reading {
    Reading { wall_ms: 1_795_000_000_000 + ms as i64, mono_ms: ms, boot: BootId([1; 16]) }
}

fn offline() -> Trouble {
    Trouble::of(&Fail::Offline("no connection".into()).into())
}

fn fault(fault: Fault) -> Trouble {
    Trouble::of(&Fail::Fault(Box::new(fault.body())).into())
}

fn wait(backoff: &Backoff, now: Reading) -> u64 {
    match backoff.plan(now) {
        Plan::Wait(ms) => ms,
        plan => panic!("{plan:?}"),
    }
}

proptest! {
    /// After k failures it is still tried, after a pause that is drawn from the whole range, and the
    /// range never grows beyond its cap.
    #[test]
    fn lesson_06_after_any_number_of_failures_it_is_tried_again(draws in proptest::collection::vec(any::<u64>(), 1..60)) {
        let (mut backoff, mut now) = (Backoff::default(), 0);
        for (k, draw) in draws.into_iter().enumerate() {
            prop_assert_eq!(backoff.plan(at(now)), Plan::Now);
            backoff.failed(offline(), Cause::Timer, at(now), draw);
            let pause = wait(&backoff, at(now));
            let most = (4_000u64 << k.min(20)).min(LONGEST_MS);
            prop_assert!((1_000..=most).contains(&pause), "{} after {} failures", pause, k + 1);
            prop_assert_eq!(backoff.failures() as usize, k + 1);
            prop_assert_eq!(backoff.plan(at(now + pause - 1)), Plan::Wait(1));
            now += pause;
        }
    }

    /// Whatever happens to the clocks, no pause becomes longer than it was.
    #[test]
    fn no_clock_makes_a_pause_longer(draw in any::<u64>(), wall in any::<i64>(), mono in any::<u64>(), boot in any::<bool>()) {
        let mut backoff = Backoff::default();
        backoff.failed(offline(), Cause::Timer, at(5), draw);
        let pause = wait(&backoff, at(5));
        let later = Reading { wall_ms: wall, mono_ms: mono, boot: BootId([u8::from(boot); 16]) };
        match backoff.plan(later) {
            Plan::Wait(left) => prop_assert!(left <= pause),
            plan => prop_assert_eq!(plan, Plan::Now),
        }
    }
}

/// Found by the simulation: a phone four days ahead failed, was restarted and its clock put right. It would have
/// tried again in four days.
#[test]
fn a_pause_that_began_in_the_future_is_over_after_a_restart() {
    let mut backoff = Backoff::default();
    let ahead = Reading { wall_ms: at(0).wall_ms + 4 * 86_400_000, ..at(0) };
    backoff.failed(offline(), Cause::Timer, ahead, 7);
    let restarted = Reading { boot: BootId([9; 16]), mono_ms: 3, ..at(100) };
    assert_eq!(backoff.plan(restarted), Plan::Now);
}

#[test]
fn pauses_are_spread_over_the_whole_range() {
    let mut seen: Vec<u64> = (0..8)
        .map(|n| {
            let mut backoff = Backoff { failures: 30, ..Backoff::default() };
            backoff.failed(offline(), Cause::Timer, at(0), n * 80_000);
            wait(&backoff, at(0))
        })
        .collect();
    seen.dedup();
    assert_eq!(seen.len(), 8, "phones that failed together do not come back together: {seen:?}");
    assert!(seen.iter().any(|ms| *ms < LONGEST_MS / 4) && seen.iter().any(|ms| *ms > LONGEST_MS / 2));
}

#[test]
fn lesson_06_what_changes_the_odds_is_tried_at_once() {
    let mut backoff = Backoff { failures: 20, ..Backoff::default() };
    backoff.failed(offline(), Cause::Timer, at(0), 500_000);
    assert!(!backoff.lets(Cause::Timer, at(1)));
    for cause in Cause::ALL.into_iter().filter(|cause| *cause != Cause::Timer) {
        assert!(backoff.lets(cause, at(1)), "{cause:?}");
    }
    // Fifty answers typed in a cellar: the next try is when it was, and the pause has not grown.
    let before = (wait(&backoff, at(1_000)), backoff.failures());
    for n in 0..50 {
        backoff.failed(offline(), Cause::EditFinished, at(1_000), n);
    }
    assert_eq!((wait(&backoff, at(1_000)), backoff.failures()), before);
    // Up the stairs there is a network, but not our server yet: short pauses again.
    backoff.failed(offline(), Cause::NetworkReturned, at(2_000), 500_000);
    assert!(wait(&backoff, at(2_000)) <= 4_000);
    assert_eq!(backoff.failures(), 1);
}

#[test]
fn a_pause_that_the_server_asked_for_is_kept_by_everyone_but_a_person() {
    for asking in [Fault::Busy, Fault::TooMany] {
        let mut backoff = Backoff::default();
        backoff.failed(fault(asking), Cause::Timer, at(0), 7);
        let asked = u64::from(asking.retry_s().unwrap()) * 1_000;
        let pause = wait(&backoff, at(0));
        assert!((asked..=asked + asked / 2 + 1_000).contains(&pause), "{pause}");
        for cause in Cause::ALL {
            assert_eq!(backoff.lets(cause, at(1)), cause == Cause::UserAsked, "{cause:?}");
            let over = cause == Cause::UserAsked || backoff.lets(cause, at(pause));
            assert!(over, "{cause:?} after the pause");
        }
        // It survives a restart of the phone.
        let restarted = Reading { boot: BootId([9; 16]), mono_ms: 3, ..at(100) };
        let kept: Backoff =
            rounds_model::canonical::decode(&rounds_model::canonical::encode(&backoff).unwrap()).unwrap();
        assert_eq!(kept, backoff);
        assert!(!kept.lets(Cause::AppStarted, restarted));
    }
    // A server, or something in between, that asks for a year is not believed.
    let mut backoff = Backoff::default();
    let year = Trouble { asked_ms: Some(365 * 24 * 3_600_000), ..fault(Fault::Busy) };
    backoff.failed(year, Cause::Timer, at(0), u64::MAX);
    assert!(wait(&backoff, at(0)) <= 2 * LONGEST_ASKED_MS);
}

#[test]
fn lesson_06_what_a_person_must_end_is_tried_again_about_once_an_hour() {
    let person = [Fault::TokenUnknown, Fault::DeviceRevoked, Fault::ProtocolOld, Fault::NotFound];
    for needs in person {
        let mut backoff = Backoff::default();
        let mut now = 0;
        for k in 0..30 {
            backoff.failed(fault(needs), Cause::Timer, at(now), k * 77_777);
            let pause = wait(&backoff, at(now));
            assert!((PERSON_MS * 3 / 4..=PERSON_MS).contains(&pause), "{needs:?} {k}: {pause}");
            for cause in Cause::ALL {
                let asks = matches!(cause, Cause::UserAsked | Cause::AppStarted);
                assert_eq!(backoff.lets(cause, at(now + 1)), asks, "{needs:?} {cause:?}");
                assert!(backoff.lets(cause, at(now + pause)), "{needs:?} {cause:?}");
            }
            now += pause;
        }
        // Then there is no network: that has pauses of its own.
        backoff.failed(fault(needs), Cause::Timer, at(now), 0);
        backoff.failed(offline(), Cause::AppStarted, at(now + 1), 0);
        assert!(wait(&backoff, at(now + 1)) <= LONGEST_MS);
        backoff.succeeded(at(now + 2), 0, None);
        let now = now + 3;
        assert!(backoff.lets(Cause::WakeUp, at(now)) && backoff.trouble().is_none());
    }
    for passes in [Fault::Busy, Fault::Internal, Fault::StorageFull, Fault::ProtocolNew, Fault::BodyTooLarge]
    {
        let mut backoff = Backoff::default();
        backoff.failed(fault(passes), Cause::Timer, at(0), 1);
        assert!(matches!(backoff.plan(at(0)), Plan::Wait(_)), "{passes:?}");
    }
    assert_eq!(Trouble::of(&Fail::BadAnswer("not our server").into()).place, Where::Network);
    assert_eq!(Trouble::of(&Fail::NotEnrolled.into()).place, Where::Person);
    assert_eq!(Trouble::of(&Fail::StorageFull.into()).place, Where::Passing);
}

#[test]
fn after_a_success_it_is_quiet_for_a_while_but_not_for_ever() {
    let mut backoff = Backoff { failures: 9, ..Backoff::default() };
    backoff.succeeded(at(0), 12_345, None);
    let routine = wait(&backoff, at(0));
    assert!((ROUTINE_MS * 3 / 4..=ROUTINE_MS).contains(&routine));
    assert_eq!(backoff.failures(), 0);
    assert!(backoff.lets(Cause::EditFinished, at(1)) && backoff.lets(Cause::WakeUp, at(1)));
    backoff.succeeded(at(0), 0, Some(60_000));
    assert_eq!(wait(&backoff, at(0)), 60_000, "a photo whose turn is in a minute");
    // The first failure after it begins a pause of its own.
    backoff.failed(offline(), Cause::EditFinished, at(10), 0);
    assert_eq!(wait(&backoff, at(10)), 1_000);
}
