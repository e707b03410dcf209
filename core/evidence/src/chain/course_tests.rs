//! Chains that are signed by the right device and hang together, and in which nothing went as it must:
//! each deviation is named.

use super::tests::{Phone, about, expected, findings, has, phone, recorded, script, sealed};
use super::verify::{Expected, Scripted};
use super::*;
use crate::session::{Script, Session, Step};
use rounds_model::ids::{BlobHash, PersonId};
use rounds_model::time::TrustedTime;

type Said = Vec<(Event, TrustedTime)>;

/// What a recording that went well says; the numbers below are places in it.
fn honest() -> Said {
    let report = verify(sealed(&recorded(1)).as_bytes(), &expected());
    report.links.into_iter().map(|link| (link.event.unwrap(), link.time.unwrap())).collect()
}

const ANSWER_2: usize = 5;
const SEGMENT_1: usize = 9;
const RESUME_2: usize = 10;
const ANSWER_3: usize = 11;
const FINISH: usize = 15;

/// The same, hashed and signed by the device itself.
fn signed(said: &[(Event, TrustedTime)]) -> Vec<Finding> {
    verify(chain_of(said).as_bytes(), &expected()).findings
}

fn chain_of(said: &[(Event, TrustedTime)]) -> String {
    let mut links: Vec<Link> = Vec::new();
    for (event, time) in said {
        let before = links.last().map_or(LinkHash::NONE, |link| link.hash);
        links.push(link(&[1; 16], links.len() as u64, before, event, time));
    }
    sealed(&links)
}

fn changed(change: impl FnOnce(&mut Said)) -> Vec<Finding> {
    let mut said = honest();
    change(&mut said);
    signed(&said)
}

#[track_caller]
fn named(found: &[Finding], link: usize, field: &str, fault: Fault) {
    assert!(has(found, Some(link as u64), field, fault), "{link} {field} {fault:?}: {found:?}");
}

#[test]
fn what_is_signed_anew_as_it_was_has_nothing_wrong() {
    assert_eq!(changed(|_| {}), vec![]);
}

#[test]
fn a_complete_end_without_the_steps_that_the_beginning_counts_is_named() {
    let now = phone().now();
    let begin = Event::Begin(About { steps: 60, ..about(1) });
    let finish = Event::Finish { ending: Ending::Complete, steps: 0, segments: 0 };
    let found = signed(&[(begin, now), (finish, now)]);
    named(&found, 1, "steps", Fault::Sum);
    let none = Event::Begin(About { steps: 0, ..about(1) });
    let finish = Event::Finish { ending: Ending::Complete, steps: 0, segments: 0 };
    named(&signed(&[(none, now), (finish, now)]), 0, "steps", Fault::Script);
}

#[test]
fn a_step_that_was_never_shown_is_missed_and_so_is_the_end() {
    let found = changed(|said| {
        drop(said.drain(4..8));
        drop(said.drain(6..9));
        let last = said.len() - 1;
        said[last].0 = Event::Finish { ending: Ending::Complete, steps: 1, segments: 1 };
        drop(said.drain(6..last));
    });
    named(&found, 4, "step", Fault::OutOfPlace);
    assert!(found.iter().any(|f| f.field == "steps" && f.fault == Fault::Sum), "{found:?}");
}

#[test]
fn a_step_shown_again_with_laxer_terms_opens_no_gate() {
    let found = changed(|said| {
        let lax = Event::Step {
            step: 2,
            speaker: "业务员".into(),
            text: "请看条款首页".into(),
            needs: String::new(),
            hold_ms: 0,
        };
        said[ANSWER_2].0 = lax;
    });
    named(&found, ANSWER_2, "step", Fault::OutOfPlace);
    named(&found, ANSWER_2 + 1, "said", Fault::Gate);
}

#[test]
fn an_answer_while_it_stands_still_or_before_its_step_is_named() {
    let paused = changed(|said| said.swap(RESUME_2, ANSWER_3));
    named(&paused, RESUME_2, "", Fault::OutOfPlace);
    let early = changed(|said| {
        let yes = (Event::Answer { step: 2, said: "是".into() }, said[2].1);
        said.insert(3, yes);
    });
    named(&early, 3, "step", Fault::OutOfPlace);
}

#[test]
fn a_gap_is_what_the_clocks_say_and_not_what_the_link_says() {
    for gap in [Gap::None, Gap::Exact(2_000), Gap::AtMost(40_000), Gap::Unknown] {
        let found = changed(|said| said[RESUME_2].0 = Event::Resume { segment: 2, gap });
        named(&found, RESUME_2, "gap", Fault::Sum);
    }
    // Nor can the recorder have ended before it began, or after somebody looked.
    for stopped in [0, 999_999_999] {
        let call = Event::Pause { why: Stop::Call, stopped: Some(stopped) };
        let found = changed(|said| said[8].0 = call);
        named(&found, 8, "stopped", Fault::Sum);
    }
}

#[test]
fn what_cannot_happen_in_that_state_is_named() {
    let again = changed(|said| {
        let begin = said[0].clone();
        said.insert(3, begin);
    });
    named(&again, 3, "", Fault::OutOfPlace);
    let runs = changed(|said| said.insert(5, (Event::Resume { segment: 2, gap: Gap::None }, said[4].1)));
    named(&runs, 5, "", Fault::OutOfPlace);
    let open = changed(|said| {
        let segment = (said[SEGMENT_1].0.clone(), said[6].1);
        said.insert(7, segment);
    });
    assert!(open.iter().any(|f| f.link == Some(7) || f.link == Some(8)), "{open:?}");
    let open = changed(|said| {
        let segment = said.remove(SEGMENT_1).0;
        let time = said[4].1;
        said.insert(5, (segment, time));
    });
    named(&open, 5, "segment", Fault::OutOfPlace);
    let still = changed(|said| drop(said.drain(13..FINISH)));
    named(&still, 13, "", Fault::Sum);
    let after = changed(|said| said.push(said[FINISH].clone()));
    named(&after, FINISH + 1, "", Fault::Sum);
}

#[test]
fn time_goes_on_within_a_start_and_no_start_comes_back() {
    let at = |mono, boot| Phone { wall: 1_000_000, mono, boot }.now();
    let back = changed(|said| said[6].1 = at(2_000, 1));
    named(&back, 6, "mono", Fault::Clocks);
    let events = |second: u8| {
        let mut phone = phone();
        let (mut session, mut links) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
        for boot in [1, 2, second] {
            phone.boot = boot;
            links.extend(session.resume(&phone.now()).unwrap());
            phone.pass(10);
            links.extend(session.pause(Stop::Asked, Some(phone.now().reading), &phone.now()));
            phone.pass(10);
        }
        for n in 1..=3 {
            links.extend(session.put_away(n, BlobHash([n as u8; 32]), 1, 1, &phone.now()).unwrap());
        }
        links.extend(session.finish(Ending::BrokenOff, &phone.now()).unwrap());
        findings(sealed(&links).as_bytes())
    };
    assert_eq!(events(3), vec![]);
    let returned = events(1);
    assert!(returned.iter().any(|f| f.field == "boot" && f.fault == Fault::Clocks), "{returned:?}");
}

#[test]
fn whose_recording_it_is_and_by_which_script_is_compared() {
    let text = sealed(&recorded(1));
    let asked = Scripted { name: "sale 1".into(), medium: "video".into(), script: script() };
    let whole = Expected {
        field: Some("recording"),
        person: Some(PersonId([3; 16])),
        script: Some(&asked),
        received_ms: Some(2_100_000),
        ..expected()
    };
    let found = |expected: &Expected<'_>| verify(text.as_bytes(), expected).findings;
    assert_eq!(found(&whole), vec![]);
    named(&found(&Expected { field: Some("other"), ..whole }), 0, "field", Fault::OtherRecord);
    named(&found(&Expected { person: Some(PersonId([9; 16])), ..whole }), 0, "person", Fault::OtherRecord);
    let scripted = |script: &Scripted| found(&Expected { script: Some(script), ..whole });
    named(&scripted(&Scripted { name: "sale 2".into(), ..asked.clone() }), 0, "script", Fault::Script);
    named(&scripted(&Scripted { medium: "audio".into(), ..asked.clone() }), 0, "medium", Fault::Script);
    let mut laxer = asked.clone();
    laxer.script.steps[1].text = "请看条款末页".into();
    named(&scripted(&laxer), 4, "text", Fault::Script);
    laxer.script.steps.truncate(2);
    named(&scripted(&laxer), 0, "steps", Fault::Script);
    assert_eq!(found(&Expected { ending: Some(Ending::Complete), ..whole }), vec![]);
    named(&found(&Expected { ending: Some(Ending::BrokenOff), ..whole }), FINISH, "ending", Fault::Sum);
    // Later than the server had it; nobody's whom it knows.
    named(&found(&Expected { received_ms: Some(1_800_000), ..whole }), 0, "at", Fault::Later);
    let unknown = found(&Expected { device: None, ..whole });
    assert!(has(&unknown, None, "key", Fault::UnknownSigner), "{unknown:?}");
}

#[test]
fn the_gap_after_a_call_counts_from_the_recorder_s_last_sample() {
    let mut phone = phone();
    let (mut session, _) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
    session.resume(&phone.now()).unwrap();
    phone.pass(10_000);
    let called = phone.now().reading;
    phone.pass(300_000);
    let mut unknown = session.clone();
    session.pause(Stop::Call, Some(called), &phone.now());
    unknown.pause(Stop::Call, None, &phone.now());
    phone.pass(2_000);
    let gap = |session: &mut Session| session.resume(&phone.now()).unwrap()[0].body.clone();
    assert!(gap(&mut session).contains("gap exact 302000 ~"));
    assert!(gap(&mut unknown).contains("gap at-most 312000 ~"), "nobody knows when: from the link before");
}

#[test]
fn a_step_marked_over_nothing_is_named() {
    let empty = changed(|said| {
        let Event::Segment { bytes, .. } = &mut said[SEGMENT_1].0 else { panic!() };
        *bytes = 0;
    });
    named(&empty, 3, "", Fault::Unrecorded);
    named(&empty, 6, "", Fault::Unrecorded);
    named(&empty, ANSWER_2, "said", Fault::Unrecorded);
    assert!(!empty.iter().any(|f| f.link == Some(12)), "the third was recorded: {empty:?}");
    // The recorder had ended long before: the step was marked over a call.
    let over = changed(|said| {
        for (_, time) in &mut said[11..] {
            let later = Phone { wall: 1_000_000, mono: time.reading.mono_ms + 60_000, boot: 1 };
            *time = Phone { wall: later.wall + 104_000, ..later }.now();
        }
        let Event::Mark { held_ms, .. } = &mut said[12].0 else { panic!() };
        *held_ms += 60_000;
        let soon = said[RESUME_2].1.reading.mono_ms + 1_000;
        let Event::Pause { stopped, .. } = &mut said[13].0 else { panic!() };
        *stopped = Some(soon);
    });
    named(&over, 12, "", Fault::Unrecorded);
}

/// A.5: what a kill left nothing of was said to nobody, unless it is said again.
#[test]
fn a5_an_answer_in_a_segment_of_which_nothing_is_left_is_named() {
    let recorded = |asked_again: bool, left: u64| {
        let mut phone = phone();
        let (mut it, mut links) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
        let put = |it: &mut Session, n, bytes, now: &TrustedTime| {
            it.put_away(n, BlobHash([n as u8; 32]), bytes, 0, now)
        };
        links.extend(it.resume(&phone.now()).unwrap());
        phone.pass(1_000);
        links.extend(it.mark(&phone.now()).unwrap());
        links.extend(it.pause(Stop::Asked, None, &phone.now()));
        links.extend(put(&mut it, 1, 900, &phone.now()).unwrap());
        links.extend(it.resume(&phone.now()).unwrap());
        phone.pass(1_000);
        links.extend(it.answer("是", &phone.now()).unwrap());
        let answer = links.len() as u64 - 1;
        links.extend(it.pause(Stop::Killed, None, &phone.now()));
        links.extend(put(&mut it, 2, left, &phone.now()).unwrap());
        links.extend(it.resume(&phone.now()).unwrap());
        phone.pass(3_000);
        if asked_again {
            links.extend(it.answer("是", &phone.now()).unwrap());
        }
        links.extend(it.mark(&phone.now()).unwrap());
        links.extend(it.answer("是", &phone.now()).unwrap());
        links.extend(it.mark(&phone.now()).unwrap());
        links.extend(it.pause(Stop::Asked, None, &phone.now()));
        links.extend(put(&mut it, 3, 900, &phone.now()).unwrap());
        links.extend(it.finish(Ending::Complete, &phone.now()).unwrap());
        (answer, findings(sealed(&links).as_bytes()))
    };
    let (answer, found) = recorded(false, 0);
    assert_eq!(found, [Finding::new(Some(answer), "said", Fault::Unrecorded)]);
    for (asked_again, left) in [(true, 0), (false, 900)] {
        assert_eq!(recorded(asked_again, left).1, vec![], "{asked_again} {left}");
    }
}

#[test]
fn a_text_too_long_for_a_link_is_spoken_as_far_as_the_link_holds_it() {
    let long = "我\n\\".repeat(4_000);
    let step = Step { number: 1, speaker: String::new(), text: long, needs: String::new(), hold_ms: 0 };
    let script = Script { steps: vec![step] };
    let phone = phone();
    let about = About { steps: 1, ..about(1) };
    let (mut session, mut links) = Session::begin([1; 16], script.clone(), about, &phone.now()).unwrap();
    links.extend(session.resume(&phone.now()).unwrap());
    let report = verify(sealed(&links).as_bytes(), &expected());
    let played: Vec<_> = links
        .iter()
        .zip(&report.links)
        .map(|(link, read)| (link.clone(), read.event.clone().unwrap(), read.time.unwrap()))
        .collect();
    // After a kill it is the same script, and the step can be marked.
    let mut again = Session::played([1; 16], script, &played).unwrap();
    assert_eq!(again.script(), session.script());
    assert!(again.mark(&phone.now()).is_ok() && session.mark(&phone.now()).is_ok());
}
