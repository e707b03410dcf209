//! Positions, what they tell of time and speed; barcodes.

use crate::common::NOW;
use crate::phone::{Phone, code, fix, store, typed};
use rounds_device::capture::{CaptureFault, Fix};
use rounds_device::store::meta;
use rounds_model::time::Judgement;

#[test]
fn lesson_15_a_check_in_carries_what_is_known_of_its_position() {
    let phone = Phone::new();
    let at = store(&phone);
    let visit = |_| phone.create("visit", &typed(&[&format!("store={at}"), "date=2026-11-23"])).unwrap();
    let check_in = |doc| phone.act_here(doc, "check_in", &[]);
    phone.kit.location.0.then(Ok(fix(38.9201, Some(false))));
    let first = visit(1);
    check_in(first).unwrap();
    assert_eq!(phone.data(first, "@check_in/distance_m"), "0");
    assert_eq!(phone.data(first, "@check_in/place_mock"), "false");
    assert_eq!(phone.data(first, "@check_in/place_kmh"), "", "there was none before");
    // 50 km in a minute, made up by an app: too far to be in the store, and the pack asks why.
    phone.platform.advance(60_000);
    let jump = fix(38.9201 + 50.0 / 111.195, Some(true));
    phone.kit.location.0.then(Ok(jump));
    let second = visit(2);
    assert_eq!(code(check_in(second)), "too-far");
    phone.platform.advance(60_000);
    phone.kit.location.0.then(Ok(fix(38.9201, Some(true))));
    check_in(second).unwrap();
    assert_eq!(phone.data(second, "@check_in/place_mock"), "true");
    let kmh: f64 = phone.data(second, "@check_in/place_kmh").parse().unwrap();
    assert!((2_990.0..3_005.0).contains(&kmh), "{kmh}");
    // A position that was true before the last one says nothing of how this phone moved.
    phone.platform.advance(3_600_000);
    phone.kit.location.0.then(Ok(jump));
    let cached = visit(4);
    assert_eq!(code(check_in(cached)), "too-far");
    phone.platform.advance(1_000);
    phone.kit.location.0.then(Ok(Fix { age_ms: 60_000, ..fix(38.9201, Some(false)) }));
    check_in(cached).unwrap();
    assert_eq!(phone.data(cached, "@check_in/place_kmh"), "50", "it is older than the jump, which counts");
    // Without a fix it is the pack's to say.
    phone.kit.location.0.then(Err(CaptureFault::Unavailable));
    let third = visit(3);
    assert_eq!(code(check_in(third)), "no-position");
}

#[test]
fn lesson_15_satellites_tell_the_time_where_no_server_ever_did() {
    let phone = Phone::new();
    phone.store().write(|tx| meta::remove(tx, "anchor")).unwrap();
    let at = store(&phone);
    let visit = phone.create("visit", &typed(&[&format!("store={at}"), "date=2026-11-23"])).unwrap();
    let gps_ms = Some(NOW as i64 + 3_600_000);
    phone.kit.location.0.then(Ok(Fix { gps_ms, ..fix(38.9201, Some(false)) }));
    phone.act_here(visit, "check_in", &[]).unwrap();
    let acts = phone.store().read(|db| rounds_device::store::acts::of(db, visit)).unwrap();
    let time = acts[0].act.time;
    assert_eq!((time.judgement, time.at_ms), (Judgement::Estimated, NOW as i64 + 3_601_000));
    assert_eq!(time.again(), time, "the server comes to the same");
}

#[test]
fn a_barcode_that_was_misread_is_no_answer() {
    use rounds_device::capture::{Code, ScanAsk, Symbology};
    let phone = Phone::new();
    let doc = phone.sale("audio");
    let code_of = |text: &str| Ok(Code { symbology: Symbology::Ean13, text: text.into() });
    for (text, expected) in [("6901028075887", "barcode-check"), ("690102807588", "barcode-shape")] {
        phone.kit.barcode.0.then(code_of(text));
        assert_eq!(code(phone.scan(doc, "licence", ScanAsk::default())), expected);
    }
    assert_eq!(phone.data(doc, "licence"), "21020001");
    phone.kit.barcode.0.then(code_of("6901028075886"));
    phone.scan(doc, "licence", ScanAsk::default()).unwrap();
    assert_eq!(phone.data(doc, "licence"), "6901028075886");
}

/// A position that was refused, or taken again, is not forgotten by taking another one.
#[test]
fn a_jump_is_told_by_the_next_act_however_often_the_position_is_taken_again() {
    let phone = Phone::new();
    let at = store(&phone);
    let visit = || phone.create("visit", &typed(&[&format!("store={at}"), "date=2026-11-23"])).unwrap();
    let stand = |doc, fix| phone.stand(doc, "check_in", "place", fix).unwrap();
    let kmh = |said: &[(String, String)]| {
        said.iter().find(|(key, _)| key == "place_kmh").map(|(_, value)| value.clone())
    };
    let (first, second, third) = (visit(), visit(), visit());
    let said = stand(first, fix(38.9201, Some(false)));
    assert_eq!(kmh(&said), None);
    phone.act(first, "check_in", &said).unwrap();
    phone.platform.advance(60_000);
    let jump = kmh(&stand(second, fix(38.9201 + 50.0 / 111.195, None)));
    let fastest: f64 = jump.as_deref().unwrap().parse().unwrap();
    assert!((2_990.0..3_005.0).contains(&fastest), "50 km in a minute: {fastest}");
    phone.platform.advance(3_600_000);
    let again = stand(second, fix(38.9201, None));
    assert_eq!(kmh(&again), jump, "the fastest since the last act");
    phone.act(second, "check_in", &again).unwrap();
    phone.platform.advance(60_000);
    assert_eq!(kmh(&stand(third, fix(38.9201, None))).as_deref(), Some("0"), "that one is told");
    assert_eq!(code(phone.stand(third, "check_in", "reason", fix(38.9, None))), "question-unknown");
    let nowhere = Fix { latitude: f64::NAN, ..fix(38.9, None) };
    assert_eq!(code(phone.stand(third, "check_in", "place", nowhere)), "capture-unavailable");
}
