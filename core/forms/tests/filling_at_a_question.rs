//! Pages, what is wrong on them, and answers that a newer version of the form cannot take.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{Filling, Form, NoMedia, import};
use support::{MOMENT, open, session};

fn read(form: &str) -> Arc<Form> {
    match import("f.md", form.as_bytes(), &NoMedia) {
        Ok(imported) => Arc::new(imported.form),
        Err(error) => panic!("{error}: {:?}", error.problems()),
    }
}

const PAGED: &str = "
| survey | | | | | | | |
| | type | name | label | required | constraint | constraint_message | relevant | appearance |
| | text | alone | Alone | yes | | | | |
| | begin_group | page | Page | | | | | field-list |
| | integer | n | N | | . < 10 | Too many | | |
| | text | why | Why | yes | | | ${n} > 5 | |
| | end_group | | | | | | | |
| | begin_repeat | sku | SKU | | | | | field-list |
| | text | code | Code | yes | | | | |
| | decimal | price | Price | | . > 0 | Above nothing | | |
| | end_repeat | | | | | | | |
";

#[test]
fn a_page_is_checked_by_itself_and_names_the_exact_question() {
    let mut filling = open(&read(PAGED));
    assert_eq!(filling.page("page/n"), ["page/n"], "what is not relevant is on no page");
    filling.set("page/n", "7").unwrap();
    assert_eq!(filling.page("page/why"), ["page/n", "page/why"]);
    assert_eq!(filling.page("alone"), ["alone"]);
    let wrong = |filling: &Filling, at: &str| {
        filling.page_problems(at, "en").into_iter().next().map(|p| (p.key, p.fault.code(), p.fault.message))
    };
    assert_eq!(wrong(&filling, "page/n").unwrap().0, "page/why");
    filling.set("page/n", "12").unwrap();
    assert_eq!(wrong(&filling, "page/why"), Some(("page/n".to_owned(), "constraint", "Too many".to_owned())));
    filling.set("page/n", "3").unwrap();
    assert_eq!(wrong(&filling, "page/n"), None, "the page is right, the whole is not");
    assert_eq!(filling.first_problem("en").unwrap().key, "alone");

    for (id, price) in [("aaaaaaaaaaaaa", "1"), ("bbbbbbbbbbbbb", "-1")] {
        filling.add("sku", id, id).unwrap();
        filling.set(&format!("sku/{id}/code"), "x").unwrap();
        filling.set(&format!("sku/{id}/price"), price).unwrap();
    }
    assert_eq!(wrong(&filling, "/data/sku[1]/code"), None, "each instance is a page of its own");
    assert_eq!(wrong(&filling, "/data/sku[2]/code").unwrap().0, "sku/bbbbbbbbbbbbb/price");
    filling.set("alone", "x").unwrap();
    assert_eq!(filling.first_problem("en").unwrap().path, "/data/sku[2]/price");
    assert_eq!(filling.page("nowhere"), [] as [&str; 0]);
    // All that is wrong, each with its value and what to do.
    filling.set("alone", "").unwrap();
    filling.set("page/n", "12").unwrap();
    let all = filling.problems("en");
    let short: Vec<_> = all.iter().map(|p| (p.key.as_str(), p.value.as_str(), p.fault.code())).collect();
    let price = ("sku/bbbbbbbbbbbbb/price", "-1", "constraint");
    assert_eq!(
        short,
        [("alone", "", "required"), ("page/n", "12", "constraint"), ("page/why", "", "required"), price]
    );
    assert_eq!(
        (all[0].fault.remedy("en"), all[1].fault.remedy("zh")),
        ("Fill it in".into(), "请修改答案".into())
    );
    let page: Vec<_> = filling.page_problems("page/n", "en").into_iter().map(|p| p.key).collect();
    assert_eq!(page, ["page/n", "page/why"]);
    assert_eq!(filling.problem("page/n", "en").unwrap().fault.message, "Too many");
    assert_eq!(filling.problem("/data/sku[1]/price", "en"), None);
}

#[test]
fn lesson_13_answers_that_a_newer_form_cannot_take_are_named_and_those_without_a_question_kept() {
    let old = "
| survey | | | |
| | type | name | label |
| | text | faces | Faces |
| | select_one yn | clean | Clean |
| | text | gone | Gone |
| choices | | | |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
| | yn | na | Does not apply |
";
    let new = "
| survey | | | |
| | type | name | label |
| | integer | faces | Faces |
| | select_one yn | clean | Clean |
| | text | added | Added |
| choices | | | |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
";
    let mut filling = open(&read(old));
    for (key, value) in [("faces", "about ten"), ("clean", "na"), ("gone", "kept")] {
        filling.set(key, value).unwrap();
    }
    assert_eq!(filling.misfits("en"), []);
    let moved = Filling::new(read(new), filling.answers().clone(), MOMENT, session());
    let misfits = moved.misfits("en");
    let named: Vec<_> = misfits.iter().map(|m| (m.key.as_str(), m.value.as_str(), m.error.code())).collect();
    assert_eq!(named, [("faces", "about ten", "not-an-integer"), ("clean", "na", "not-a-choice")]);
    assert_eq!(moved.strays(), ["gone"]);
    assert_eq!(moved.answers().get("gone"), Some("kept"));
    assert!(!moved.submission().contains_key("gone"));
}

#[test]
fn what_is_not_relevant_is_kept_but_not_submitted() {
    let mut filling = open(&read(PAGED));
    filling.set("page/n", "7").unwrap();
    filling.set("page/why", "because").unwrap();
    assert_eq!(filling.submission()["page/why"], "because");
    filling.set("page/n", "1").unwrap();
    assert!(!filling.submission().contains_key("page/why"));
    assert_eq!(filling.answers().get("page/why"), Some("because"));
    filling.set("page/n", "8").unwrap();
    assert_eq!(filling.node("page/why", "en").unwrap().value, "because", "it comes back");
}

#[test]
fn choices_that_depend_on_an_empty_answer_say_on_which() {
    let form = "
| survey | | | | |
| | type | name | label | choice_filter |
| | select_one region | region | Region | |
| | select_one shop | shop | Shop | region = ${region} |
| choices | | | | |
| | list_name | name | label | region |
| | region | n | North | |
| | shop | s1 | One | n |
";
    let mut filling = open(&read(form));
    assert_eq!(filling.offer("shop", "en", "", 0, 9), (vec![], false));
    let source = |answer: &str| {
        let (key, label, answer) = ("region".to_owned(), "Region".to_owned(), answer.to_owned());
        rounds_forms::Source { key, label, answer }
    };
    assert_eq!(filling.chosen_after("shop", "en"), [source("")]);
    assert_eq!(filling.chosen_after("region", "en"), []);
    filling.set("region", "n").unwrap();
    assert_eq!(filling.chosen_after("shop", "en"), [source("North")], "as people read the answer");
    assert_eq!(filling.offer("shop", "en", "", 0, 9).0[0].value, "s1");
}

#[test]
fn numbers_and_dates_of_a_chinese_keyboard_are_taken_and_texts_stay_as_typed() {
    let form = "
| survey | | | |
| | type | name | label |
| | integer | n | N |
| | decimal | d | D |
| | range | r | R |
| | date | day | Day |
| | time | at | At |
| | text | t | T |
";
    let mut filling = open(&read(form));
    for (question, typed, stored) in [
        ("n", "１２", "12"),
        ("n", "－３", "-3"),
        ("d", "１２３．５", "123.5"),
        ("d", "１２。５", "12.5"),
        ("r", "５", "5"),
        ("day", "２０２６－１１－２３", "2026-11-23"),
        ("at", "０９：３０", "09:30"),
        ("t", "１２３．５", "１２３．５"),
    ] {
        filling.set(question, typed).unwrap();
        assert_eq!(filling.node(question, "en").unwrap().stored, stored, "{typed}");
    }
    assert_eq!(filling.set("n", "１２个").unwrap_err().code(), "not-an-integer");
    // What was stored before stays as it was.
    let old = [("d".to_owned(), "１２".to_owned())];
    let answers = rounds_forms::Answers::collect(old).unwrap();
    let session = rounds_forms::Session::default();
    let filling = rounds_forms::Filling::new(read(form), answers, support::MOMENT, session);
    assert_eq!(filling.node("d", "en").unwrap().stored, "１２");
}

#[test]
fn an_instance_is_found_by_position_and_by_id_in_paths_and_keys() {
    let form = "
| survey | | | |
| | type | name | label |
| | begin_repeat | sku | SKU |
| | begin_repeat | promo | Promotion |
| | text | what | What |
| | end_repeat | | |
| | end_repeat | | |
";
    let mut filling = open(&read(form));
    filling.add("sku", "aaaaaaaaaaaaa", "1").unwrap();
    filling.add("sku", "bbbbbbbbbbbbb", "2").unwrap();
    filling.add("sku/bbbbbbbbbbbbb/promo", "ccccccccccccc", "1").unwrap();
    let key = "sku/bbbbbbbbbbbbb/promo/ccccccccccccc/what";
    for named in [
        key,
        "sku[2]/promo[1]/what",
        "sku[2]/promo/ccccccccccccc/what",
        "sku/bbbbbbbbbbbbb/promo[1]/what",
        "/data/sku[2]/promo/what",
        "/data/sku/bbbbbbbbbbbbb/promo/ccccccccccccc/what",
    ] {
        assert_eq!(filling.node(named, "en").unwrap().key, key, "{named}");
    }
    for none in
        ["sku/promo/what", "sku[3]/promo[1]/what", "sku[0]/promo[1]/what", "/data/sku/promo/what", "/other"]
    {
        assert!(filling.node(none, "en").is_none_or(|node| node.key != key), "{none}");
    }
}
