//! What a new record begins with, and what can be chosen in it.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use support::{FORM_1, enrolled, publish, shown};

#[test]
fn a_new_record_begins_with_what_the_one_before_said_and_choices_come_by_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let first = rep.create("inspection", &["_store=S0001"]).unwrap();
    assert_eq!(shown(&rep, &first, "manager").unwrap(), "");
    rep.json(&["answer", &first, "manager=刘经理"]).unwrap();
    let second = rep.create("inspection", &["_store=S0002"]).unwrap();
    assert_eq!(shown(&rep, &second, "manager").unwrap(), "刘经理");
    rep.json(&["answer", &first, "manager=somebody else"]).unwrap();
    assert_eq!(shown(&rep, &second, "manager").unwrap(), "刘经理", "once, when it began");
    rep.json(&["sync"]).unwrap();
    rep.json(&["verify"]).unwrap();
    let page = rep.json(&["choices", &second, "shelf/clean", "--limit", "2"]).unwrap();
    assert_eq!((page["choices"].as_array().unwrap().len(), &page["more"]), (2, &true.into()));
    let page = rep.json(&["choices", &second, "shelf/clean", "apply"]).unwrap();
    assert_eq!((&page["choices"][0]["value"], &page["more"]), (&"na".into(), &false.into()));
}

/// As ODK and `rounds-form eval` do: a repeat without a count begins with one row, one with a count has
/// as many as it says. Whoever begins the record makes the first row, so that nobody makes a second.
#[test]
fn a_new_record_has_the_first_rows_of_its_repeats_once() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let form = "
| survey | | | | |
| | type | name | label | repeat_count |
| | begin_repeat | sku | SKU | |
| | text | code | Code | |
| | begin_repeat | promo | Promotion | |
| | text | what | What | |
| | end_repeat | | | |
| | end_repeat | | | |
| | integer | n | How many | |
| | begin_repeat | shelf | Shelf | ${n} |
| | text | state | State | |
| | end_repeat | | | |
";
    publish(&cast, folder.path(), 1, form);
    let one = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let two = enrolled(&cast, folder.path(), "李娜", "rep", "two");
    let paths = |phone: &rounds_tests::phone::Phone, record: &str| {
        let shown = phone.json(&["show", record]).unwrap();
        let questions = shown["questions"].as_array().unwrap().clone();
        let asked = questions.iter().filter(|q| q["path"].as_str().unwrap().contains("]/"));
        let asked = asked.filter(|q| q["kind"] == "text");
        asked.map(|q| q["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let record = one.create("inspection", &["_store=S0001", "sku[1]/code=690"]).unwrap();
    let first = ["/data/sku[1]/code", "/data/sku[1]/promo[1]/what"];
    assert_eq!(paths(&one, &record), first);
    one.json(&["sync"]).unwrap();
    two.json(&["sync"]).unwrap();
    assert_eq!(paths(&two, &record), first);
    // Both say how many there are, offline: each makes the rows, and as many as were meant are shown.
    one.json(&["answer", &record, "n=2"]).unwrap();
    two.json(&["answer", &record, "n=2", "sku[1]/promo[1]/what=half price"]).unwrap();
    assert_eq!(paths(&one, &record).len(), 4);
    for phone in [&one, &two, &one, &two] {
        assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
    }
    for phone in [&one, &two] {
        let shelves = ["/data/shelf[1]/state", "/data/shelf[2]/state"];
        assert_eq!(paths(phone, &record), [first, shelves].concat());
        phone.json(&["verify"]).unwrap();
    }
    assert_eq!(one.json(&["digest"]).unwrap(), two.json(&["digest"]).unwrap());
    // A row that was removed does not come back, and another answer brings none.
    one.json(&["remove", &record, "sku[1]"]).unwrap();
    one.json(&["choose", &record, "n", "1"]).unwrap();
    one.json(&["answer", &record, "n=1"]).unwrap();
    assert_eq!(paths(&one, &record), ["/data/shelf[1]/state"]);
}
