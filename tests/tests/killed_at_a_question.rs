//! A phone that is killed while a checklist is filled opens at the very question, with what was typed.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use serde_json::Value;
use std::io::Write;
use support::{FORM_1, Hand, enrolled, photo, publish, shown};

#[test]
fn lesson_14_killed_at_every_class_of_keystroke_it_opens_at_the_very_question() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let record = phone.create("inspection", &["_store=S0001"]).unwrap();
    let at = |question: &str, typed: Option<&str>| match typed {
        Some(typed) => serde_json::json!({ "question": question, "typed": typed }),
        None => serde_json::json!({ "question": question }),
    };

    // Going to a question.
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, Value::Null, "it was never filled");
    hand.press("enter shelf/clean");
    hand.kill();
    // Choosing, which answers at once.
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/clean", None));
    hand.press("set shelf/clean=n");
    hand.kill();
    assert_eq!(shown(&phone, &record, "shelf/clean").unwrap(), "n");
    // Letter by letter, also Chinese ones, also what is no number (yet).
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/clean", None));
    hand.press("enter shelf/why");
    for typed in ["货", "货架", "货架脏"] {
        hand.press(&format!("type {typed}"));
        hand.kill();
        let (again, opened) = Hand::on(&phone, &record);
        assert_eq!(opened, at("shelf/why", Some(typed)));
        hand = again;
    }
    assert_eq!(shown(&phone, &record, "shelf/why").unwrap(), "", "it is no answer yet");
    hand.press("set shelf/why=货架脏");
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/why", None), "an answer is not typed any more");
    assert_eq!(shown(&phone, &record, "shelf/why").unwrap(), "货架脏");
    hand.press("enter shelf/faces");
    hand.press("type -");
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/faces", Some("-")));
    hand.press("set shelf/faces=12");
    // Clearing.
    hand.press("set shelf/faces=");
    hand.kill();
    assert_eq!(shown(&phone, &record, "shelf/faces").unwrap(), "");
    // Rows.
    let (mut hand, _) = Hand::on(&phone, &record);
    let first = hand.press("add sku").as_str().unwrap().to_owned();
    hand.press(&format!("enter sku/{first}/code"));
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at(&format!("sku/{first}/code"), None));
    let second = hand.press("add sku").as_str().unwrap().to_owned();
    hand.press(&format!("remove sku {first}"));
    hand.kill();
    assert_eq!(shown(&phone, &record, &format!("sku/{first}/code")), None);
    assert_eq!(shown(&phone, &record, &format!("sku/{second}/code")).unwrap(), "");
    // A photo.
    let (mut hand, _) = Hand::on(&phone, &record);
    hand.press("enter photo");
    let hash = hand.press(&format!("photo photo={}", photo(folder.path())));
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("photo", None));
    assert_eq!(shown(&phone, &record, "photo").unwrap(), hash.as_str().unwrap());
    // The end: the exact question that is missing, on its page and in the whole; then an act.
    assert_eq!(hand.press("page"), serde_json::json!({ "wrong": [] }));
    assert_eq!(hand.press("check")["wrong"][0]["question"], "exit");
    hand.press("set exit=y");
    hand.press("act finish");
    hand.kill();
    let done = phone.json(&["show", &record]).unwrap();
    assert_eq!((&done["stage"]["name"], &done["place"]["question"]), (&"done".into(), &"photo".into()));
    phone.json(&["verify"]).unwrap();
    assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
}

#[test]
fn lesson_14_killed_in_the_middle_of_a_keystroke_nothing_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let record = phone.create("inspection", &["_store=S0001"]).unwrap();
    let mut before = String::new();
    for round in 0..24 {
        let (mut hand, _) = Hand::on(&phone, &record);
        let value = format!("remark {round}");
        for line in ["enter remark".to_owned(), format!("type {value}"), format!("set remark={value}")] {
            writeln!(hand.keys, "{line}").unwrap();
        }
        hand.keys.flush().unwrap();
        // Some rounds wait for one or two of the three: the kill falls somewhere else each time.
        for _ in 0..round % 4 {
            hand.hear();
        }
        hand.kill();
        let now = shown(&phone, &record, "remark").unwrap();
        assert!(now == value || now == before, "{now:?} is neither {value:?} nor {before:?}");
        assert!(round % 4 != 3 || now == value, "what was said to be kept is there");
        before = now;
    }
    phone.json(&["verify"]).unwrap();
    assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
}

/// What is typed at a question stays there when another one is entered, across a kill, until it is
/// answered; a record is not finished beside it, unless nobody is asked that question any more.
#[test]
fn lesson_14_half_typed_text_stays_at_each_question() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let record = phone.create("inspection", &["_store=S0001", "shelf/clean=n", "exit=y"]).unwrap();
    let at = |question: &str, typed: &str| serde_json::json!({ "question": question, "typed": typed });
    let (mut hand, _) = Hand::on(&phone, &record);
    for (question, text) in [("shelf/faces", "1"), ("remark", "about t"), ("sku[1]/code", "69")] {
        hand.press(&format!("enter {question}"));
        hand.press(&format!("type {text}"));
    }
    hand.press("enter shelf/why");
    hand.press("type dir");
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/why", "dir"));
    hand.press("enter shelf/faces");
    assert_eq!(hand.press("where"), at("shelf/faces", "1"));
    assert_eq!(hand.press("check")["typed"].as_array().unwrap().len(), 4);
    let screen = phone.json(&["show", &record]).unwrap();
    let typed: Vec<_> =
        screen["questions"].as_array().unwrap().iter().filter_map(|q| q["typed"].as_str()).collect();
    assert_eq!(typed, ["dir", "1", "about t", "69"], "{screen}");
    assert_eq!(hand.fumble("act finish"), "typed-pending");
    hand.press("set shelf/faces=12");
    hand.press("set remark=about ten");
    assert_eq!(hand.fumble("act finish"), "typed-pending");
    // Not asked any more, and in a row that is gone: they keep nothing from being finished.
    hand.press("set shelf/clean=y");
    assert_eq!(hand.fumble("act finish"), "typed-pending");
    hand.press("remove sku[1]");
    assert_eq!(hand.press("check"), serde_json::json!({ "wrong": [] }));
    // It comes back with its question.
    hand.press("set shelf/clean=n");
    hand.press("enter shelf/why");
    assert_eq!(hand.press("where"), at("shelf/why", "dir"));
    hand.press("set shelf/why=dirty");
    hand.press("act finish");
    hand.leave();
    assert_eq!(phone.json(&["show", &record]).unwrap()["stage"]["name"], "done");
}
