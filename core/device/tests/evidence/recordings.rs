//! Recordings through calls, kills, restarts and set clocks.

use crate::common::NOW;
use crate::phone::{FIELD, Phone, code, has, steps, typed};
use rounds_device::capture::Ended;
use rounds_device::recording::Kept;
use rounds_device::store::{blobs, recordings, uploads};
use rounds_device::{Key, Rounds};
use rounds_evidence::chain::{Event, Fault, Gap};
use rounds_model::text::Lang;
use rounds_model::time::Judgement;
use sha2::{Digest, Sha256};

#[test]
fn a1_a5_a6_a_sale_is_recorded_step_by_step_and_its_chain_is_whole() {
    let phone = Phone::new();
    let doc = phone.sale("video");
    phone.record(doc, FIELD).unwrap();
    assert_eq!(code(phone.record(doc, FIELD)), "recording-runs");
    phone.feed(5_000, b"step one");
    phone.record_mark(doc, FIELD).unwrap();
    // A.5: the customer must say yes; A.6: the pages must be held.
    let shown = phone.prompter(doc, FIELD, Lang::En).unwrap();
    let step = shown.step.unwrap();
    assert_eq!((step.number, step.needs.as_str(), step.left_ms), (2, "是", 2_000));
    assert_eq!(step.why_not.unwrap().code, "recording-answer");
    assert!(step.text.contains("条款") && step.gloss.unwrap().contains("clauses"));
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-answer");
    phone.record_answer(doc, FIELD, "是").unwrap();
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-hold");
    phone.feed(1_999, b"pages");
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-hold");
    phone.feed(1, b".");
    phone.record_mark(doc, FIELD).unwrap();
    assert_eq!(code(phone.record_finish(doc, FIELD)), "recording-steps");
    phone.record_answer(doc, FIELD, "是").unwrap();
    phone.record_mark(doc, FIELD).unwrap();
    let chain = phone.record_finish(doc, FIELD).unwrap();
    let report = phone.report(doc, &chain);
    assert_eq!(report.findings, vec![]);
    let (_, hash, bytes) = report.segments().next().unwrap();
    assert_eq!(bytes, b"step onepages.".len() as u64);
    assert_eq!(hash.0, <[u8; 32]>::from(Sha256::digest(b"step onepages.")));
    assert_eq!(phone.data(doc, FIELD), chain.to_string());
    phone.act(doc, "finish", &[]).unwrap();
    // Lesson 16: nothing of it lies there in plain; segment and chain wait to be sent.
    assert!(!has(&phone.plain(), b"step one"));
    let queued: Vec<_> =
        phone.store().read(|db| uploads::of(db, doc)).unwrap().iter().map(|u| u.hash).collect();
    assert_eq!(queued, [hash, chain]);
    assert_eq!(phone.prompter(doc, FIELD, Lang::Zh).unwrap().state, "ended");
}

#[test]
fn a6_sound_alone_is_not_held_before_the_camera() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    phone.record(doc, FIELD).unwrap();
    phone.record_mark(doc, FIELD).unwrap();
    phone.record_answer(doc, FIELD, "是").unwrap();
    phone.record_mark(doc, FIELD).unwrap();
}

#[test]
fn a_call_ends_a_segment_and_the_gap_is_stated() {
    let phone = Phone::new();
    let doc = phone.sale("video");
    phone.record(doc, FIELD).unwrap();
    phone.feed(3_000, b"before");
    phone.kit.recorder.interrupt(Ended::Call);
    // The call takes five minutes, and only then somebody looks at the phone.
    phone.platform.advance(300_000);
    // No step is marked over a recording that a call has ended.
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-paused");
    let shown = phone.prompter(doc, FIELD, Lang::En).unwrap();
    assert_eq!((shown.state, shown.said.as_str()), ("paused", "Paused: a call came"));
    assert_eq!(shown.segments, (1, 1));
    phone.platform.advance(90_000);
    phone.record(doc, FIELD).unwrap();
    steps(&phone, doc);
    let chain = phone.record_finish(doc, FIELD).unwrap();
    let report = phone.report(doc, &chain);
    assert_eq!(report.findings, vec![]);
    let gaps: Vec<Gap> = report
        .links
        .iter()
        .filter_map(|link| match link.event {
            Some(Event::Resume { gap, .. }) => Some(gap),
            _ => None,
        })
        .collect();
    assert_eq!(gaps, [Gap::None, Gap::Exact(390_000)], "from the last sample, not from the look");
}

/// Found by reading: a support tool that was opened beside the app wrote into the chain that the app had
/// been killed, and took the file away that was being recorded.
#[test]
fn who_opens_the_store_beside_the_app_does_not_touch_what_is_being_recorded() {
    let phone = Phone::new();
    let doc = phone.sale("video");
    phone.record(doc, FIELD).unwrap();
    phone.feed(3_000, b"in the middle");
    let beside = Rounds::open(phone.dir.path(), Key([1; 32]), phone.platform.clone()).unwrap();
    assert_eq!(code(beside.record(doc, FIELD)), "recording-runs");
    assert_eq!(phone.prompter(doc, FIELD, Lang::En).unwrap().state, "recording");
    steps(&phone, doc);
    let chain = phone.record_finish(doc, FIELD).unwrap();
    let report = phone.report(doc, &chain);
    assert_eq!(report.findings, vec![]);
    assert_eq!(report.segments().count(), 1, "nothing interrupted it");
    drop(beside);
}

#[test]
fn lesson_14_a_kill_and_an_empty_battery_in_the_middle_lose_no_step_and_no_byte() {
    for reboot in [false, true] {
        let mut phone = Phone::new();
        let doc = phone.sale("video");
        phone.record(doc, FIELD).unwrap();
        phone.feed(5_000, b"step one");
        phone.record_mark(doc, FIELD).unwrap();
        phone.feed(1_500, b"half of two");
        if reboot {
            phone.platform.reboot();
        }
        phone.platform.advance(60_000);
        phone.open();
        let shown = phone.prompter(doc, FIELD, Lang::En).unwrap();
        assert_eq!((shown.state, shown.done, shown.of), ("paused", 1, 3), "reboot {reboot}");
        phone.record(doc, FIELD).unwrap();
        // What was held before does not count.
        phone.record_answer(doc, FIELD, "是").unwrap();
        phone.feed(1_999, b"two");
        assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-hold");
        phone.feed(1, b"!");
        phone.record_mark(doc, FIELD).unwrap();
        phone.record_answer(doc, FIELD, "是").unwrap();
        phone.record_mark(doc, FIELD).unwrap();
        let chain = phone.record_finish(doc, FIELD).unwrap();
        let report = phone.report(doc, &chain);
        assert_eq!(report.findings, vec![], "reboot {reboot}");
        let segments: Vec<_> = report.segments().collect();
        assert_eq!(phone.read(&segments[0].1), b"step onehalf of two");
        let gap = report.links.iter().find_map(|link| match link.event {
            Some(Event::Resume { segment: 2, gap }) => Some(gap),
            _ => None,
        });
        match (reboot, gap.unwrap()) {
            (false, Gap::AtMost(ms)) => assert_eq!(ms, 61_500),
            (true, Gap::About(_)) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(report.links.iter().any(|l| l.event == Some(Event::Clock)), reboot);
        assert!(!has(&phone.plain(), b"half of two"));
    }
}

#[test]
fn a5_only_a_complete_recording_lets_a_sale_pass() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    let hash = format!("{FIELD}={}", "ab".repeat(32));
    assert_eq!(code(phone.answer(doc, &typed(&[&hash]))), "recording-only");
    assert_eq!(code(phone.attach(doc, FIELD, &mut &b"from elsewhere"[..])), "recording-only");
    phone.record(doc, FIELD).unwrap();
    phone.feed(3_000, b"half");
    phone.record_break_off(doc, FIELD).unwrap();
    assert_eq!(code(phone.act(doc, "finish", &[])), "not-recorded");
    phone.record(doc, FIELD).unwrap();
    steps(&phone, doc);
    phone.record_finish(doc, FIELD).unwrap();
    phone.act(doc, "finish", &[]).unwrap();
}

#[test]
fn lesson_16_what_a_kill_left_in_plain_is_put_away_when_the_app_starts() {
    let mut phone = Phone::new();
    let doc = phone.sale("video");
    phone.record(doc, FIELD).unwrap();
    phone.feed(5_000, b"spoken in plain");
    let folder = phone.dir.path().join("recording");
    std::fs::write(folder.join(format!("{}-1", "ab".repeat(16))), b"of a recording that nobody knows")
        .unwrap();
    assert!(has(&phone.plain(), b"spoken in plain"));
    // The app starts again, and nobody opens that question.
    phone.open();
    let plain = phone.plain();
    assert!(!has(&plain, b"spoken in plain") && !has(&plain, b"nobody knows"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let waiting = phone.store().read(|db| uploads::of(db, doc)).unwrap();
    assert!(!waiting.is_empty(), "what was recorded is on its way");
}

#[test]
fn a_recording_whose_script_was_lost_can_be_broken_off() {
    let mut phone = Phone::new();
    let doc = phone.sale("audio");
    phone.record(doc, FIELD).unwrap();
    phone.feed(3_000, b"before");
    // What is kept of the script is not what the links say, as after damage.
    phone
        .store()
        .write(|tx| {
            let (chain, mut kept) = recordings::get::<Kept>(tx, doc, FIELD)?.unwrap();
            kept.steps[0].text = rounds_model::text::Text { zh: "别的".into(), en: "other".into() };
            tx.execute("DELETE FROM recordings", [])?;
            recordings::put(tx, doc, FIELD, &chain, &kept)
        })
        .unwrap();
    phone.open();
    assert_eq!(code(phone.record(doc, FIELD)), "recording-foreign");
    let chain = phone.record_break_off(doc, FIELD).unwrap();
    assert_eq!(phone.report(doc, &chain).findings, vec![]);
}

#[test]
fn lesson_15_a_clock_that_is_moved_in_the_middle_of_a_step_is_told_and_changes_nothing() {
    let phone = Phone::new();
    let doc = phone.sale("video");
    phone.record(doc, FIELD).unwrap();
    phone.record_mark(doc, FIELD).unwrap();
    phone.record_answer(doc, FIELD, "是").unwrap();
    phone.platform.set_wall(NOW + 86_400_000);
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-hold");
    phone.platform.set_wall(NOW - 86_400_000);
    phone.feed(2_000, b"pages");
    let shown = phone.prompter(doc, FIELD, Lang::En).unwrap();
    assert!(shown.clock_doubt && shown.clock.contains("set 24 h back"), "{}", shown.clock);
    phone.record_mark(doc, FIELD).unwrap();
    phone.record_answer(doc, FIELD, "是").unwrap();
    phone.record_mark(doc, FIELD).unwrap();
    let chain = phone.record_finish(doc, FIELD).unwrap();
    let report = phone.report(doc, &chain);
    assert_eq!(report.findings, vec![], "it is whole, and says that the clock was set");
    let doubted = report.links.iter().filter(|l| l.time.unwrap().judgement == Judgement::Suspect).count();
    assert!(doubted > 3 && report.links.iter().any(|l| l.event == Some(Event::Clock)));
    let times: Vec<i64> = report.links.iter().map(|l| l.time.unwrap().at_ms).collect();
    assert!(times.is_sorted() && times.last().unwrap() - times[0] == 2_000, "{times:?}");
}

#[test]
fn a_segment_that_is_swapped_on_the_phone_does_not_fit_its_link() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    phone.record(doc, FIELD).unwrap();
    steps(&phone, doc);
    let chain = phone.record_finish(doc, FIELD).unwrap();
    let mut report = phone.report(doc, &chain);
    let (segment, hash, _) = report.segments().next().unwrap();
    report.media(segment, Fault::OtherMedia, None);
    let link = report.links.iter().find(|l| matches!(l.event, Some(Event::Segment { .. }))).unwrap().number;
    assert_eq!((report.findings[0].link, report.findings[0].fault), (Some(link), Fault::OtherMedia));
    // Under its own name there can be no other content: the name is the content.
    let folder = phone.dir.path().join("blobs");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let key = phone.store().write(|tx| blobs::key(tx, &*phone.platform)).unwrap();
    let all = [hash, chain];
    let broken = all.iter().filter(|hash| blobs::read(&folder, &key, hash, &mut vec![]).is_err()).count();
    assert_eq!(broken, 1);
}

#[test]
fn a_recorder_that_refuses_leaves_no_trace_of_a_segment() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    phone.set_kit(rounds_device::capture::Kit::default());
    assert_eq!(code(phone.record(doc, FIELD)), "capture-unavailable");
    phone.set_kit(phone.kit.kit());
    phone.record(doc, FIELD).unwrap();
    assert_eq!(phone.prompter(doc, FIELD, Lang::En).unwrap().segments, (1, 0));
    let chain = phone.record_break_off(doc, FIELD).unwrap();
    assert_eq!(phone.report(doc, &chain).findings, vec![]);
    let empty = phone.sale("audio");
    phone.answer(empty, &typed(&["product=ping_an_fu"])).unwrap();
    assert_eq!(code(phone.record(empty, FIELD)), "script-empty");
}

/// Found by a user: a complete recording was replaced by one that was broken off, without a question.
#[test]
fn a_complete_recording_is_replaced_only_by_who_clears_it_first() {
    let phone = Phone::new();
    let doc = phone.sale("audio");
    assert_eq!(code(phone.record_on(doc, FIELD)), "recording-none");
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-none");
    assert_eq!(code(phone.record_mark(doc, "holder")), "question-unknown");
    phone.record(doc, FIELD).unwrap();
    phone.feed(3_000, b"one");
    phone.record_pause(doc, FIELD).unwrap();
    phone.record_on(doc, FIELD).unwrap();
    steps(&phone, doc);
    assert_eq!(code(phone.record_mark(doc, FIELD)), "recording-done");
    assert_eq!(code(phone.record_answer(doc, FIELD, "是")), "recording-done");
    let complete = phone.record_finish(doc, FIELD).unwrap();
    assert_eq!(code(phone.record(doc, FIELD)), "recording-kept");
    assert_eq!(code(phone.record_on(doc, FIELD)), "recording-none");
    assert_eq!(code(phone.record_break_off(doc, FIELD)), "recording-none");
    assert_eq!(phone.data(doc, FIELD), complete.to_string());
    phone.answer(doc, &typed(&["recording="])).unwrap();
    phone.record(doc, FIELD).unwrap();
    let broken = phone.record_break_off(doc, FIELD).unwrap();
    assert_eq!(phone.data(doc, FIELD), broken.to_string());
    // One that was broken off makes room for another.
    phone.record(doc, FIELD).unwrap();
}
