//! Photos and signatures: what is known of them, where they may come from, what carries them.

use crate::common::DEVICE;
use crate::phone::{Phone, code, fix, fonts, photo, store, typed};
use rounds_device::capture::{CaptureFault, Photo, SignAsk, Signed, Stroke};
use rounds_device::photos::{PhotoOf, TakeFrom, picture};
use rounds_device::store::{documents, uploads};
use rounds_evidence::photo::Taken;
use rounds_model::ids::ActorId;
use rounds_model::text::Lang;
use rounds_model::time::Judgement;
use sha2::{Digest, Sha256};

#[test]
fn lesson_03_a_photo_is_hashed_at_once_made_small_and_known_when_where_and_by_whom() {
    let fonts = fonts();
    let phone = Phone::new();
    let doc = phone.request(store(&phone));
    let first = photo(0, 2_400);
    phone.kit.camera.lens.then(Ok(first.clone()));
    phone.kit.location.0.then(Ok(fix(38.93, Some(false))));
    let shot = phone.take_photo(doc, "photo", TakeFrom::Lens, &fonts, Lang::En).unwrap();
    assert_eq!(shot.original.0, <[u8; 32]>::from(Sha256::digest(&first.bytes)));
    assert_eq!(shot.size, (1_600, 1_200));
    assert!(shot.placed && shot.like.is_none());
    let kept = phone.read(&shot.kept);
    assert_eq!(shot.kept.0, <[u8; 32]>::from(Sha256::digest(&kept)));
    assert_eq!(phone.data(doc, "photo"), shot.kept.to_string());
    let taken: Taken = serde_json::from_str(&phone.data(doc, "photo/@taken")).unwrap();
    assert_eq!((taken.original, taken.kept, taken.device), (shot.original, shot.kept, DEVICE));
    assert_eq!(taken.time.judgement, Judgement::Trusted);
    assert!((taken.place.unwrap().latitude - 38.93).abs() < 1e-9);
    // What is written on it is on its lower edge, and nowhere else.
    let marked = picture::read(&kept).unwrap().into_luma8();
    let white = |rows: std::ops::Range<u32>| {
        let pixels = rows.flat_map(|y| (0..1_600).map(move |x| (x, y)));
        pixels.filter(|(x, y)| marked.get_pixel(*x, *y).0[0] > 250).count()
    };
    assert!(white(1_060..1_200) > 500 && white(0..1_000) < 100, "{}", white(0..1_000));
    // The same scene again, farther away and stored anew: kept, and told.
    phone.platform.advance(60_000);
    phone.kit.camera.lens.then(Ok(photo(0, 1_000)));
    let again =
        phone.take_photo(phone.request(store(&phone)), "photo", TakeFrom::Lens, &fonts, Lang::En).unwrap();
    assert!(again.like.unwrap().contains("looks nearly like a photo"));
}

#[test]
fn photos_are_of_the_camera_where_the_pack_says_so_and_faults_are_told() {
    let fonts = fonts();
    let phone = Phone::new();
    let doc = phone.request(store(&phone));
    phone.kit.camera.pictures.then(Ok(photo(0, 100)));
    let chosen = phone.take_photo(doc, "photo", TakeFrom::Library, &fonts, Lang::En);
    assert_eq!(code(chosen), "photo-camera-only");
    assert_eq!(code(phone.attach(doc, "photo", &mut &photo(0, 100).bytes[..])), "photo-camera-only");
    for (fault, expected) in [
        (CaptureFault::Denied, "capture-denied"),
        (CaptureFault::Cancelled, "capture-cancelled"),
        (CaptureFault::Failed("x".into()), "capture-failed"),
    ] {
        phone.kit.camera.lens.then(Err(fault));
        assert_eq!(code(phone.take_photo(doc, "photo", TakeFrom::Lens, &fonts, Lang::En)), expected);
    }
    phone.kit.camera.lens.then(Ok(Photo { bytes: b"<svg/>".to_vec(), at: None }));
    assert_eq!(code(phone.take_photo(doc, "photo", TakeFrom::Lens, &fonts, Lang::En)), "picture-unreadable");
    assert_eq!(phone.data(doc, "photo"), "", "nothing was kept");
}

#[test]
fn a_signature_is_strokes_and_the_picture_that_is_drawn_from_them() {
    use rounds_device::capture::Point;
    let phone = Phone::new();
    let doc = phone.request(store(&phone));
    let point = |x, y, t_ms| Point { x, y, t_ms, pressure: 9 };
    let strokes = vec![Stroke { points: vec![point(10, 10, 0), point(90, 40, 30)] }];
    let signed = Signed { width: 100, height: 50, strokes };
    phone.kit.pad.0.then(Ok(signed.clone()));
    let made = phone.take_signature(doc, "photo", SignAsk::default()).unwrap();
    assert!(phone.read(&made.picture).starts_with(b"\x89PNG"));
    assert_eq!(serde_json::from_slice::<Signed>(&phone.read(&made.strokes)).unwrap(), signed);
    let queued = phone.store().read(|db| uploads::of(db, doc)).unwrap();
    assert!([made.picture, made.strokes].iter().all(|hash| queued.iter().any(|u| u.hash == *hash)));
    let outside = Signed { width: 5, ..signed };
    phone.kit.pad.0.then(Ok(outside));
    assert_eq!(code(phone.take_signature(doc, "photo", SignAsk::default())), "capture-failed");
}

#[test]
fn lesson_08_whoever_chooses_a_photo_chooses_what_is_known_of_it() {
    let phone = Phone::new();
    let doc = phone.request(store(&phone));
    let mut theirs = phone.store().read(|db| documents::load(db, doc)).unwrap().unwrap();
    phone.kit.camera.lens.then(Ok(photo(0, 400)));
    let mine = phone.take_photo(doc, "photo", TakeFrom::Lens, &fonts(), Lang::En).unwrap();
    let other = "b".repeat(64);
    let told = phone.data(doc, "photo/@taken").replace(&mine.kept.to_string(), &other);
    let values = [("photo".to_owned(), other.clone().into()), ("photo/@taken".to_owned(), told.into())];
    theirs.write(doc, ActorId([9; 16]), 1, &values).unwrap();
    phone
        .store()
        .write(|tx| {
            let mut merged = documents::load(tx, doc)?.unwrap();
            merged.merge(&theirs)?;
            documents::replace(tx, doc, &merged)
        })
        .unwrap();
    phone.rebuild().unwrap();
    let open = phone.conflicts(Lang::En).unwrap();
    assert_eq!(open[0].conflicts.len(), 1, "the photo, and not what is known of it");
    let at = open[0].conflicts[0].versions.iter().position(|v| v.value == mine.kept.to_string()).unwrap();
    phone.choose(doc, "photo", at).unwrap();
    assert!(phone.data(doc, "photo/@taken").contains(&mine.kept.to_string()));
    assert!(phone.conflicts(Lang::En).unwrap().is_empty());
}

/// Lesson 15: where no position is to be had, a photo and a reason stand in for it, and the photo is
/// evidence like any other.
#[test]
fn lesson_15_a_photo_on_the_sheet_of_an_act_is_carried_by_it_with_what_is_known_of_it() {
    let phone = Phone::new();
    let at = store(&phone);
    let visit = phone.create("visit", &typed(&[&format!("store={at}"), "date=2026-11-23"])).unwrap();
    let sheet = || PhotoOf::Sheet { act: "check_in".into(), question: "photo".into() };
    let take = |seed, size| {
        phone.kit.camera.lens.then(Ok(photo(seed, size)));
        phone.take_photo(visit, sheet(), TakeFrom::Lens, &fonts(), Lang::En)
    };
    let waiting = || phone.store().read(|db| uploads::of(db, visit)).unwrap().len();
    let first = take(0, 400).unwrap();
    assert_eq!((waiting(), phone.read(&first.kept).len()), (0, usize::try_from(first.bytes.0).unwrap()));
    // Taken again, the first is let go and not compared with.
    let second = take(0, 600).unwrap();
    assert_eq!(second.like, None);
    assert!(!phone.has(&first.kept) && phone.has(&second.kept));
    // What it says of itself is of this photo, or the act is refused.
    let told = second.told.clone();
    let stated = |kept: String, told: &str| {
        let typed = [("photo", kept.as_str()), ("photo/@taken", told), ("reason", "地下车库")];
        let typed = typed.map(|(key, value)| (key.to_owned(), value.to_owned()));
        phone.act(visit, "check_in", &typed)
    };
    assert_eq!(code(stated(first.kept.to_string(), &told)), "payload-type");
    assert_eq!(code(stated(second.kept.to_string(), "{}")), "payload-type");
    stated(second.kept.to_string(), &told).unwrap();
    assert_eq!(phone.data(visit, "@check_in/photo"), second.kept.to_string());
    assert_eq!(phone.data(visit, "@check_in/photo/@taken"), told);
    assert_eq!(waiting(), 1, "it is queued with the act");
    let shown = rounds_evidence::photo::Taken::read(&told).unwrap();
    assert_eq!((shown.kept, shown.original), (second.kept, second.original));
    // A sheet that is left takes its photo along.
    let left = take(9, 400).unwrap();
    phone.leave_sheet(visit).unwrap();
    assert!(!phone.has(&left.kept) && phone.has(&second.kept));
    // A question that no photo answers, an act that there is not.
    for (act, question) in [("check_in", "reason"), ("check_in", "nothing"), ("dance", "photo")] {
        let of = PhotoOf::Sheet { act: act.into(), question: question.into() };
        assert_eq!(code(phone.photo_ask(visit, of, TakeFrom::Lens, Lang::En)), "question-unknown");
    }
}

/// Found by a user: a photo answered a question that asks for words, in place of them.
#[test]
fn a_photo_answers_no_question_that_asks_for_words_and_is_not_compared_with_the_one_it_replaces() {
    let phone = Phone::new();
    let doc = phone.request(store(&phone));
    phone.kit.camera.lens.then(Ok(photo(0, 400)));
    assert_eq!(code(phone.take_photo(doc, "reason", TakeFrom::Lens, &fonts(), Lang::En)), "answer-no-file");
    assert_eq!(code(phone.attach(doc, "reason", &mut &b"file"[..])), "answer-no-file");
    let point = rounds_device::capture::Point { x: 1, y: 1, t_ms: 0, pressure: 0 };
    let pad = Signed { width: 90, height: 90, strokes: vec![Stroke { points: vec![point] }] };
    assert_eq!(code(phone.keep_signature(doc, "reason", &pad)), "answer-no-file");
    let take = |size| {
        phone.kit.camera.lens.then(Ok(photo(0, size)));
        phone.take_photo(doc, "photo", TakeFrom::Lens, &fonts(), Lang::En).unwrap().like
    };
    assert_eq!((take(400), take(600)), (None, None), "the same thing again, for the same question");
}
