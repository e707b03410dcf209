//! What a chain is worth: every change is found, and named.

use super::verify::Expected;
use super::*;
use crate::session::{Gate, Script, Session, State, Step};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use rounds_model::ids::{BlobHash, BootId, DeviceId, DocId, PersonId, PublicKey};
use rounds_model::time::{Anchor, Judgement, Reading, TrustedTime};

pub(super) const RECORD: DocId = DocId([2; 16]);
pub(super) const DEVICE: DeviceId = DeviceId([4; 16]);

pub(super) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(super) fn expected() -> Expected<'static> {
    let device = Some((DEVICE, PublicKey(key().verifying_key().to_bytes())));
    Expected { device, ..Expected::of(RECORD) }
}

/// A phone's clocks.
#[derive(Clone, Copy)]
pub(super) struct Phone {
    pub wall: i64,
    pub mono: u64,
    pub boot: u8,
}

impl Phone {
    pub fn now(&self) -> TrustedTime {
        let reading = |wall_ms, mono_ms, boot| Reading { wall_ms, mono_ms, boot: BootId([boot; 16]) };
        let anchor = Anchor { reading: reading(1_000_000, 1_000, 1), server_ms: 2_000_000, took_ms: 80 };
        TrustedTime::judge(reading(self.wall, self.mono, self.boot), Some(anchor))
    }

    pub fn pass(&mut self, ms: u64) {
        self.mono += ms;
        self.wall += i64::try_from(ms).unwrap();
    }
}

pub(super) fn phone() -> Phone {
    Phone { wall: 1_000_000, mono: 1_000, boot: 1 }
}

pub(super) fn script() -> Script {
    let step = |number, text: &str, needs: &str, hold_ms| Step {
        number,
        speaker: "业务员".into(),
        text: text.into(),
        needs: needs.into(),
        hold_ms,
    };
    Script {
        steps: vec![
            step(1, "今天是 2026 年\n11 月 24 日", "", 0),
            step(2, "请看条款首页", "是", 2_000),
            step(3, "每年交费 5000 元", "是", 0),
        ],
    }
}

pub(super) fn about(id: u8) -> About {
    About {
        record: RECORD,
        field: "recording".into(),
        person: PersonId([3; 16]),
        device: DEVICE,
        script: format!("sale {id}"),
        steps: 3,
        medium: "video".into(),
    }
}

/// A recording with a call in between; its links.
pub(super) fn recorded(id: u8) -> Vec<Link> {
    let mut phone = phone();
    let (mut session, mut links) = Session::begin([id; 16], script(), about(id), &phone.now()).unwrap();
    links.extend(session.resume(&phone.now()).unwrap());
    phone.pass(1_000);
    links.extend(session.mark(&phone.now()).unwrap());
    phone.pass(2_500);
    links.extend(session.answer("是", &phone.now()).unwrap());
    links.extend(session.mark(&phone.now()).unwrap());
    phone.pass(300);
    links.extend(session.pause(Stop::Call, Some(phone.now().reading), &phone.now()));
    phone.pass(40_000);
    links.extend(session.put_away(1, BlobHash([id; 32]), 4_000, 3_800, &phone.now()).unwrap());
    links.extend(session.resume(&phone.now()).unwrap());
    phone.pass(900);
    links.extend(session.answer("是", &phone.now()).unwrap());
    links.extend(session.mark(&phone.now()).unwrap());
    links.extend(session.pause(Stop::Asked, Some(phone.now().reading), &phone.now()));
    links.extend(session.put_away(2, BlobHash([id + 1; 32]), 900, 900, &phone.now()).unwrap());
    links.extend(session.finish(Ending::Complete, &phone.now()).unwrap());
    links
}

pub(super) fn sealed(links: &[Link]) -> String {
    Chain::new(links, &Seal::sign(links.last().unwrap().hash, &key())).text
}

pub(super) fn findings(text: &[u8]) -> Vec<Finding> {
    verify(text, &expected()).findings
}

pub(super) fn has(found: &[Finding], link: Option<u64>, field: &str, fault: Fault) -> bool {
    found.iter().any(|f| f.link == link && f.field == field && f.fault == fault)
}

#[test]
fn a2_a9_a_recording_as_it_was_made_is_whole_and_says_what_happened() {
    let links = recorded(1);
    let report = verify(sealed(&links).as_bytes(), &expected());
    assert_eq!(report.findings, vec![]);
    assert_eq!(report.links.len(), links.len());
    assert_eq!(report.about, Some(about(1)));
    assert_eq!(report.segments().map(|(n, _, bytes)| (n, bytes)).collect::<Vec<_>>(), [(1, 4_000), (2, 900)]);
    let gap = report.links.iter().find_map(|link| match link.event {
        Some(Event::Resume { segment: 2, gap }) => Some(gap),
        _ => None,
    });
    assert_eq!(gap, Some(Gap::Exact(40_000)));
}

#[test]
fn lesson_03_every_changed_byte_of_a_chain_is_found_and_named_exactly() {
    let text = sealed(&recorded(1));
    // Which link, and which field, each byte is in.
    let mut places = Vec::new();
    let (mut link, mut in_seal) = (0_i64 - 1, false);
    for line in text.split_inclusive('\n') {
        in_seal |= line.starts_with('!');
        if line.starts_with('@') {
            link += 1;
        }
        let name = match line.split([' ', '\n']).next().unwrap() {
            name if name.starts_with('@') => "link".to_owned(),
            name if name.starts_with('=') => "hash".to_owned(),
            "!seal" => "seal".to_owned(),
            name => name.to_owned(),
        };
        let at = if in_seal { None } else { Some(u64::try_from(link).unwrap()) };
        places.extend(std::iter::repeat_n((at, name), line.len()));
    }
    assert_eq!(places.len(), text.len());
    for (at, (link, name)) in places.iter().enumerate() {
        for flip in [1, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            let found = findings(&bytes);
            let line_feed = text.as_bytes()[at] == b'\n';
            let named = found.iter().any(|f| f.link == *link && (f.field == *name || line_feed));
            // A letter that turns a line into another sort of line tears its link.
            let torn = matches!(bytes[at], b'@' | b'=' | b'!' | b'\n');
            assert!(named || (torn && !found.is_empty()), "byte {at} of {link:?} {name}: {found:?}");
        }
    }
}

#[test]
fn a_removed_mark_is_missed_by_its_number() {
    let links = recorded(1);
    for gone in 0..links.len() {
        let left: Vec<Link> =
            links.iter().enumerate().filter(|(i, _)| *i != gone).map(|(_, l)| l.clone()).collect();
        let text = Chain::new(&left, &Seal::sign(links.last().unwrap().hash, &key())).text;
        let found = findings(text.as_bytes());
        let last = gone + 1 == links.len();
        let named = has(&found, Some(gone as u64), "", Fault::Missing)
            || (last && has(&found, None, "head", Fault::Cut));
        assert!(named, "{gone}: {found:?}");
    }
}

#[test]
fn marks_replayed_from_another_recording_are_named_foreign() {
    let (mine, theirs) = (recorded(1), recorded(9));
    let mark = theirs.iter().position(|link| link.body.contains(" mark ")).unwrap();
    let mut links = mine.clone();
    links[mark] = theirs[mark].clone();
    let found = findings(sealed(&links).as_bytes());
    assert!(has(&found, Some(mark as u64), "chain", Fault::Foreign), "{found:?}");
    // Hashed anew it still does not belong, and what follows does not hang on it.
    links[mark].hash = hash(links[mark - 1].hash, &links[mark].body);
    let found = findings(sealed(&links).as_bytes());
    assert!(has(&found, Some(mark as u64), "chain", Fault::Foreign), "{found:?}");
    assert!(has(&found, Some(mark as u64 + 1), "", Fault::Rewritten), "{found:?}");
}

#[test]
fn a_swapped_segment_and_swapped_links_are_named() {
    let mut links = recorded(1);
    let closed = links.iter().position(|link| link.body.contains(" segment ~")).unwrap();
    let body = links[closed].body.replace(&"01".repeat(32), &"05".repeat(32));
    let fixed: String = body.lines().map(|line| text::line(line.rsplit_once(" ~").unwrap().0)).collect();
    links[closed].body = fixed;
    let found = findings(sealed(&links).as_bytes());
    assert!(has(&found, Some(closed as u64), "", Fault::Rewritten), "{found:?}");
    let mut swapped = recorded(1);
    swapped.swap(3, 4);
    let found = findings(sealed(&swapped).as_bytes());
    assert!(has(&found, Some(3), "", Fault::OutOfPlace), "{found:?}");
}

#[test]
fn who_rewrites_everything_lacks_the_device_s_key() {
    let links = recorded(1);
    let other = SigningKey::from_bytes(&[8; 32]);
    let text = Chain::new(&links, &Seal::sign(links.last().unwrap().hash, &other)).text;
    let found = findings(text.as_bytes());
    assert!(has(&found, None, "key", Fault::OtherKey) && has(&found, None, "signature", Fault::Signature));
    let unsealed: String = links.iter().map(Link::text).collect();
    assert!(has(&findings(unsealed.as_bytes()), None, "", Fault::Cut));
    let elsewhere = Expected { record: DocId([9; 16]), ..expected() };
    let found = verify(sealed(&links).as_bytes(), &elsewhere).findings;
    assert!(has(&found, Some(0), "record", Fault::OtherRecord), "{found:?}");
}

#[test]
fn a5_a6_a_chain_that_never_kept_the_gates_is_told_even_if_it_is_signed() {
    let phone = phone();
    let steps = script().steps;
    let shown = |n: usize| {
        let step = steps[n].clone();
        Event::Step {
            step: step.number,
            speaker: step.speaker,
            text: step.text,
            needs: step.needs,
            hold_ms: step.hold_ms,
        }
    };
    let events = |middle: Vec<Event>| {
        let mut events = vec![Event::Begin(about(1)), Event::Resume { segment: 1, gap: Gap::None }, shown(0)];
        events.extend([Event::Mark { step: 1, held_ms: 0 }, shown(1)]);
        events.extend(middle);
        let mut links: Vec<Link> = Vec::new();
        for event in events {
            let before = links.last().map_or(LinkHash::NONE, |link| link.hash);
            links.push(link(&[1; 16], links.len() as u64, before, &event, &phone.now()));
        }
        findings(sealed(&links).as_bytes())
    };
    let silent = events(vec![Event::Mark { step: 2, held_ms: 0 }]);
    assert!(has(&silent, Some(5), "said", Fault::Gate), "{silent:?}");
    let yes = Event::Answer { step: 2, said: "是".into() };
    let hasty = events(vec![yes.clone(), Event::Mark { step: 2, held_ms: 0 }]);
    assert!(has(&hasty, Some(6), "held", Fault::Gate), "{hasty:?}");
    let boasting = events(vec![yes, Event::Mark { step: 2, held_ms: 9_000 }]);
    assert!(has(&boasting, Some(6), "held", Fault::Gate), "{boasting:?}");
}

#[test]
fn a5_the_flow_does_not_go_on_before_the_customer_says_yes() {
    let mut phone = phone();
    let (mut session, _) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
    assert_eq!(session.mark(&phone.now()), Err(Gate::Paused));
    session.resume(&phone.now()).unwrap();
    session.mark(&phone.now()).unwrap();
    phone.pass(5_000);
    assert_eq!(session.mark(&phone.now()), Err(Gate::Answer("是".into())));
    session.answer("不是", &phone.now()).unwrap();
    assert_eq!(session.mark(&phone.now()), Err(Gate::Answer("是".into())));
    session.answer(" 是 ", &phone.now()).unwrap();
    assert!(session.mark(&phone.now()).is_ok());
    assert_eq!(session.step().unwrap().number, 3);
}

#[test]
fn a6_the_page_is_held_by_the_monotonic_clock_whatever_the_wall_clock_says() {
    let mut phone = phone();
    let (mut session, _) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
    session.resume(&phone.now()).unwrap();
    session.mark(&phone.now()).unwrap();
    session.answer("是", &phone.now()).unwrap();
    // Forward by a day, back by two: mid-step.
    for moved in [86_400_000, -172_800_000] {
        phone.wall += moved;
        assert_eq!(session.mark(&phone.now()), Err(Gate::Held { left_ms: 2_000 }));
    }
    phone.pass(1_999);
    assert_eq!(session.mark(&phone.now()), Err(Gate::Held { left_ms: 1 }));
    phone.pass(1);
    let links = session.mark(&phone.now()).unwrap();
    assert_eq!(phone.now().judgement, Judgement::Suspect);
    assert!(links[0].body.contains(" clock ~"), "the clock is noticed once more: it was set again");
    assert!(links[1].body.contains("held 2000 ~"), "{}", links[1].body);
    assert!(links[1].body.contains("judged suspect ~"));
}

#[test]
fn a6_a_pause_or_a_restart_begins_the_holding_anew() {
    let mut phone = phone();
    let (mut session, mut links) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
    links.extend(session.resume(&phone.now()).unwrap());
    links.extend(session.mark(&phone.now()).unwrap());
    phone.pass(1_500);
    links.extend(session.pause(Stop::Power, Some(phone.now().reading), &phone.now()));
    // The battery was empty: another boot, whose monotonic clock begins at nothing.
    phone = Phone { wall: phone.wall + 600_000, mono: 5, boot: 2 };
    let put_away = session.put_away(1, BlobHash([1; 32]), 1, 1, &phone.now()).unwrap();
    assert!(put_away[0].body.contains(" clock ~"), "a restart is a link of its own");
    links.extend(put_away);
    let resumed = session.resume(&phone.now()).unwrap();
    assert!(resumed[0].body.contains("gap about 600000 ~"), "{}", resumed[0].body);
    links.extend(resumed);
    phone.pass(1_999);
    links.extend(session.answer("是", &phone.now()).unwrap());
    assert_eq!(session.mark(&phone.now()), Err(Gate::Held { left_ms: 1 }));
    phone.pass(1);
    links.extend(session.mark(&phone.now()).unwrap());
    phone.pass(10);
    links.extend(session.answer("是", &phone.now()).unwrap());
    links.extend(session.mark(&phone.now()).unwrap());
    links.extend(session.pause(Stop::Asked, Some(phone.now().reading), &phone.now()));
    links.extend(session.put_away(2, BlobHash([2; 32]), 1, 1, &phone.now()).unwrap());
    links.extend(session.finish(Ending::Complete, &phone.now()).unwrap());
    assert_eq!(findings(sealed(&links).as_bytes()), vec![]);
}

#[test]
fn a_killed_recording_goes_on_from_its_links_and_states_at_most_how_long_was_lost() {
    let mut phone = phone();
    let (mut session, mut links) = Session::begin([1; 16], script(), about(1), &phone.now()).unwrap();
    links.extend(session.resume(&phone.now()).unwrap());
    links.extend(session.mark(&phone.now()).unwrap());
    drop(session);
    let stored = sealed(&links);
    let report = verify(stored.as_bytes(), &expected());
    assert!(has(&report.findings, None, "finish", Fault::Cut), "it has not ended");
    let played: Vec<_> = links
        .iter()
        .zip(&report.links)
        .map(|(link, read)| (link.clone(), read.event.clone().unwrap(), read.time.unwrap()))
        .collect();
    let mut session = Session::played([1; 16], script(), &played).unwrap();
    assert_eq!((session.marked(), session.state), (1, State::Recording { segment: 1 }));
    phone.pass(30_000);
    let paused = session.pause(Stop::Killed, None, &phone.now());
    assert_eq!(session.to_put_away(), [1]);
    let resumed = session.resume(&phone.now()).unwrap();
    assert!(resumed[0].body.contains("gap at-most 30000 ~"), "{}", resumed[0].body);
    assert_eq!(session.finish(Ending::BrokenOff, &phone.now()), Err(Gate::Recording));
    links.extend(paused.into_iter().chain(resumed));
    links.extend(session.pause(Stop::Asked, Some(phone.now().reading), &phone.now()));
    assert_eq!(session.finish(Ending::Complete, &phone.now()), Err(Gate::Steps(2)));
    assert_eq!(session.finish(Ending::BrokenOff, &phone.now()), Err(Gate::Segment));
    for n in [1, 2] {
        links.extend(session.put_away(n, BlobHash([1; 32]), 1, 0, &phone.now()).unwrap());
    }
    links.extend(session.finish(Ending::BrokenOff, &phone.now()).unwrap());
    assert_eq!(findings(sealed(&links).as_bytes()), vec![]);
    let other =
        Script { steps: script().steps.into_iter().map(|s| Step { text: "x".into(), ..s }).collect() };
    // By another script it cannot go on; it can be broken off, and that is whole again.
    let mut foreign = Session::played([1; 16], other, &played).unwrap();
    assert_eq!(foreign.mark(&phone.now()), Err(Gate::Foreign));
    assert_eq!(foreign.answer("是", &phone.now()), Err(Gate::Foreign));
    let mut broken = played.iter().map(|(link, ..)| link.clone()).collect::<Vec<_>>();
    broken.extend(foreign.pause(Stop::Killed, None, &phone.now()));
    assert_eq!(foreign.resume(&phone.now()), Err(Gate::Foreign));
    broken.extend(foreign.put_away(1, BlobHash([1; 32]), 1, 0, &phone.now()).unwrap());
    assert_eq!(foreign.finish(Ending::Complete, &phone.now()), Err(Gate::Foreign));
    broken.extend(foreign.finish(Ending::BrokenOff, &phone.now()).unwrap());
    assert_eq!(findings(sealed(&broken).as_bytes()), vec![]);
}

proptest! {
    /// Any byte of a stored chain, changed to any other: found.
    #[test]
    fn lesson_03_any_single_byte_change_is_found(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let text = sealed(&recorded(1)).into_bytes();
        let at = at.index(text.len());
        prop_assume!(text[at] != to);
        let mut bad = text;
        bad[at] = to;
        prop_assert!(!findings(&bad).is_empty(), "byte {} to {}", at, to);
    }

    #[test]
    fn any_byte_taken_away_or_put_in_is_found(at in any::<prop::sample::Index>(), put in any::<Option<u8>>()) {
        let mut bad = sealed(&recorded(1)).into_bytes();
        let at = at.index(bad.len());
        match put {
            Some(byte) => bad.insert(at, byte),
            None => drop(bad.remove(at)),
        }
        prop_assert!(!findings(&bad).is_empty(), "{put:?} at {at}");
    }

    #[test]
    fn nothing_that_is_no_chain_does_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!findings(&bytes).is_empty());
    }

    #[test]
    fn whatever_is_said_is_read_as_it_was_said(said in "\\PC{0,40}[\n\r\\\\]?\\PC{0,5}") {
        let event = Event::Answer { step: 1, said };
        let made = link(&[1; 16], 0, LinkHash::NONE, &event, &phone().now());
        let seal = Seal::sign(made.hash, &key());
        let report = verify(Chain::new(&[made], &seal).text.as_bytes(), &expected());
        prop_assert_eq!(report.links[0].event.clone(), Some(event));
    }
}
