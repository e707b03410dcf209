//! Content that the server may not apply any more is held with its reason, beside the record, and
//! stops nothing else.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::field::find;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;
use std::path::Path;

fn question(phone: &Phone, record: &str, key: &str) -> Value {
    let shown = phone.json(&["show", record]).unwrap();
    let questions = shown["questions"].as_array().unwrap();
    questions.iter().find(|q| q["key"] == key).unwrap()["value"].clone()
}

/// One more phone of the same rep.
fn enrolled(cast: &Cast, folder: &Path, name: &str) -> Phone {
    let args = ["invite", "--person", "李娜", "--role", "rep", "--led-by", "王芳"];
    let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
    cast.serve(&["李娜"]).unwrap();
    let phone = Phone::new(&folder.join(name));
    phone.json(&["enrol", &cast.server.url(), &code, "--name", name]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

/// A rep with two phones: the visit is finished on one while the other, offline, still edits it.
#[test]
fn lesson_07_poison_record_does_not_block_others() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let (one, two) = (enrolled(&cast, folder.path(), "one"), enrolled(&cast, folder.path(), "two"));
    let store = find(&one, "中山广场").unwrap();
    let visit = one.create("visit", &[&format!("store={store}"), "date=2026-11-23", "purpose=补货"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["sync"]).unwrap();

    one.json(&["act", &visit, "check_in", "place=38.92012 121.64431 0 12"]).unwrap();
    one.json(&["act", &visit, "check_out"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["answer", &visit, "purpose=谈促销"]).unwrap();
    two.json(&["answer", &visit, "contact=老板"]).unwrap();
    let other = two.create("visit", &[&format!("store={store}"), "date=2026-11-24"]).unwrap();

    let synced = two.json(&["sync"]).unwrap();
    assert_eq!((&synced["held"], &synced["sent"]), (&2.into(), &1.into()), "{synced}");
    assert_eq!(question(&two, &visit, "purpose"), "补货", "the record shows the server's content");
    assert_eq!(question(&two, &visit, "contact"), "");
    let outbox = two.json(&["outbox"]).unwrap();
    let held = outbox["held"].as_array().unwrap();
    assert_eq!(held[0]["reason"]["code"], "stage-frozen", "{outbox}");
    assert_eq!(held[0]["record"]["id"], visit.as_str());
    assert_eq!(outbox["status"]["state"], "needs_you");
    assert_eq!(two.json(&["show", &visit]).unwrap()["held"].as_array().unwrap().len(), 2);

    two.json(&["answer", &visit, "notes=改天再谈"]).unwrap();
    two.json(&["answer", &other, "purpose=谈促销"]).unwrap();
    let synced = two.json(&["sync"]).unwrap();
    assert_eq!((&synced["held"], &synced["sent"]), (&0.into(), &2.into()), "writing goes on: {synced}");
    one.json(&["sync"]).unwrap();
    assert_eq!(question(&one, &visit, "notes"), "改天再谈");
    for phone in [&one, &two] {
        let mine = phone.json(&["digest"]).unwrap();
        let theirs = cast.server.admin_json(&["digest", "--person", "李娜"]).unwrap();
        assert_eq!(mine, theirs);
        phone.json(&["verify"]).unwrap();
    }

    let number = held[0]["number"].to_string();
    let still = two.fails(3, &["retry", &number]).unwrap();
    assert_eq!(still["code"], "stage-frozen", "the rule has not changed: {still}");
    let left = two.json(&["discard", &number]).unwrap();
    assert_eq!(left["held"].as_array().unwrap().len(), 1, "{left}");
}

/// Held edits are tried again where others wrote the same answer meanwhile: both values stay.
#[test]
fn lesson_08_a_held_edit_tried_again_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let (one, two) = (enrolled(&cast, folder.path(), "one"), enrolled(&cast, folder.path(), "two"));
    let policy = find(&one, "P10000000123").unwrap();
    let application =
        one.create("application", &[&format!("policy={policy}"), "item=other", "note=first"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["sync"]).unwrap();
    one.json(&["act", &application, "submit"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["answer", &application, "note=a draft of two"]).unwrap();
    two.json(&["answer", &application, "note=from two"]).unwrap();
    assert_eq!(two.json(&["sync"]).unwrap()["held"], 2, "submitted: frozen");

    // The supervisor returns it for changes, and phone one is quicker.
    let boss = Phone::new(&folder.path().join("boss"));
    let invited = ["invite", "--person", "王芳", "--role", "supervisor"];
    let code = text(&cast.server.admin_json(&invited).unwrap(), "code").unwrap();
    boss.json(&["enrol", &cast.server.url(), &code]).unwrap();
    boss.json(&["sync"]).unwrap();
    boss.json(&["act", &application, "return", "reason=unclear"]).unwrap();
    boss.json(&["sync"]).unwrap();
    one.json(&["sync"]).unwrap();
    one.json(&["answer", &application, "note=from one"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["sync"]).unwrap();
    let outbox = two.json(&["outbox"]).unwrap();
    two.json(&["retry", &outbox["held"][0]["number"].to_string()]).unwrap();
    let left = two.json(&["retry", &outbox["held"][1]["number"].to_string()]).unwrap();
    assert_eq!(left["held"].as_array().unwrap().len(), 0, "{left}");
    assert_eq!(two.json(&["sync"]).unwrap()["held"], 0);
    one.json(&["sync"]).unwrap();
    for phone in [&one, &two] {
        let conflicts = phone.json(&["conflicts"]).unwrap();
        let versions = conflicts[0]["conflicts"][0]["versions"].as_array().unwrap();
        let mut values: Vec<_> = versions.iter().map(|v| v["value"].as_str().unwrap()).collect();
        values.sort_unstable();
        assert_eq!(values, ["from one", "from two"]);
        phone.json(&["verify"]).unwrap();
    }
    assert_eq!(one.json(&["digest"]).unwrap(), two.json(&["digest"]).unwrap());
}

/// Two people wrote the same answer before the visit was over: choosing stays possible afterwards.
#[test]
fn two_versions_of_a_finished_record_can_still_be_settled() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let (one, two) = (enrolled(&cast, folder.path(), "one"), enrolled(&cast, folder.path(), "two"));
    let store = find(&one, "中山广场").unwrap();
    let visit = one.create("visit", &[&format!("store={store}"), "date=2026-11-23"]).unwrap();
    for phone in [&one, &two] {
        phone.json(&["sync"]).unwrap();
    }
    one.json(&["answer", &visit, "contact=from one"]).unwrap();
    two.json(&["answer", &visit, "contact=from two"]).unwrap();
    one.json(&["sync"]).unwrap();
    two.json(&["sync"]).unwrap();
    two.json(&["act", &visit, "check_in", "place=38.92012 121.64431 0 12"]).unwrap();
    two.json(&["act", &visit, "check_out"]).unwrap();
    two.json(&["sync"]).unwrap();
    two.fails(3, &["answer", &visit, "contact=a third"]).unwrap();
    two.json(&["choose", &visit, "contact", "1"]).unwrap();
    assert_eq!(two.json(&["sync"]).unwrap()["held"], 0);
    one.json(&["sync"]).unwrap();
    assert_eq!(one.json(&["conflicts"]).unwrap().as_array().unwrap().len(), 0);
    assert_eq!(question(&one, &visit, "contact"), question(&two, &visit, "contact"));
}
