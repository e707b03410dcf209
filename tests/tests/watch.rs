//! Phones that stay in sync: told of news, told of the network, trying again by themselves.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::{Cast, Phones};
use rounds_tests::day::field::find;
use rounds_tests::phone::{Phone, text};
use rounds_tests::proxy::Trap;
use serde_json::Value;
use tempfile::TempDir;

fn team() -> (TempDir, Cast, Phones) {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let phones = cast.enrol(&mut |_| {}).unwrap();
    (folder, cast, phones)
}

fn begins(cause: &'static str) -> impl Fn(&Value) -> bool {
    move |event| event["event"] == "started" && event["cause"] == cause
}

fn is(word: &'static str) -> impl Fn(&Value) -> bool {
    move |event| event["event"] == word
}

fn visit(phone: &Phone, store: &str) -> String {
    phone.create("visit", &[&format!("store={store}"), "date=2026-11-23"]).unwrap()
}

#[test]
fn a_phone_that_listens_has_a_colleague_s_change_without_asking_for_it() {
    let (_folder, cast, phones) = team();
    let store = find(&phones.li, "中山广场").unwrap();
    let watching = phones.zhang.watch().unwrap();
    // The app was started; then the line stands, and something may have happened meanwhile.
    watching.until(begins("app_started")).unwrap();
    watching.until(begins("wake_up")).unwrap();
    watching.until(is("finished")).unwrap();

    phones.li.json(&["answer", &store, "phone=0411-82630001"]).unwrap();
    phones.li.json(&["sync"]).unwrap();
    watching.until(begins("wake_up")).unwrap();
    watching.until(is("received")).unwrap();
    let finished = watching.until(is("finished")).unwrap();
    assert_eq!(finished["synced"]["sent"], 0, "{finished}");
    let shown = phones.zhang.json(&["show", &store]).unwrap();
    assert!(shown.to_string().contains("0411-82630001"), "{shown}");

    // Another process writes on the server's machine: noticed too.
    let code =
        text(&cast.server.admin_json(&["invite", "--person", "新人", "--led-by", "王芳"]).unwrap(), "code");
    code.unwrap();
    watching.until(begins("wake_up")).unwrap();
    watching.until(is("finished")).unwrap();

    // A visit of Li's is not Zhang's: nobody wakes him for it.
    watching.since();
    visit(&phones.li, &store);
    phones.li.json(&["sync"]).unwrap();
    phones.li.json(&["answer", &store, "contact=老板"]).unwrap();
    phones.li.json(&["sync"]).unwrap();
    watching.until(begins("wake_up")).unwrap();
    assert!(watching.until(is("finished")).unwrap()["synced"]["received"] != 0);

    // What the phone itself saves goes at once, and does not wake it again.
    phones.zhang.json(&["answer", &store, "contact=张店长"]).unwrap();
    watching.until(begins("edit_finished")).unwrap();
    watching.until(|event| is("sent")(event) && event["n"] == 1 && event["of"] == 1).unwrap();
    watching.until(is("finished")).unwrap();
    let status = phones.zhang.json(&["status"]).unwrap();
    assert_eq!((&status["items"], &status["next_try"]), (&0.into(), &Value::Null), "{status}");
    watching.stop().unwrap();
    assert_eq!(phones.zhang.json(&["status"]).unwrap()["kills_survived"], 0, "an orderly end");
}

/// The network is away while work is saved: it is tried again and again, says when, and goes at once
/// when the network returns.
#[test]
fn lesson_06_background_send_keeps_trying() {
    let (_folder, mut cast, phones) = team();
    let li = &phones.li;
    let store = find(li, "中山广场").unwrap();
    cast.network.set_down(true);
    let mut watching = li.watch().unwrap();
    let failed = watching.until(is("failed")).unwrap();
    assert_eq!(failed["error"]["code"], "offline", "{failed}");
    visit(li, &store);
    watching.until(begins("edit_finished")).unwrap();
    // After any number of failures there is a next one.
    for _ in 0..3 {
        let failed = watching.until(is("failed")).unwrap();
        assert!(failed["next_try"]["in_s"].as_u64().unwrap() <= 600, "{failed}");
        watching.say("now").unwrap();
        watching.until(begins("user_asked")).unwrap();
    }
    watching.until(is("failed")).unwrap();
    let status = li.json(&["status"]).unwrap();
    assert_eq!(status["state"], "offline", "{status}");
    assert_eq!(status["next_try"]["at"].as_str().unwrap().len(), 5, "{status}");
    let outbox = li.in_chinese().json(&["outbox"]).unwrap();
    let entry = &outbox["waiting"][0];
    assert_eq!(
        (&entry["state"], &entry["reason"]["code"]),
        (&"waiting".into(), &"offline".into()),
        "{outbox}"
    );
    assert!(entry["next_try"].is_string() && entry["reason"]["remedy"].to_string().contains("自动发送"));

    cast.network.set_down(false);
    watching.say("network").unwrap();
    watching.until(begins("network_returned")).unwrap();
    watching.until(is("finished")).unwrap();
    assert_eq!(li.json(&["status"]).unwrap()["items"], 0);

    // The server is killed and comes back: the phone notices by itself, and listens again.
    cast.server.kill().unwrap();
    phones.zhang.json(&["answer", &store, "phone=0411-82630002"]).unwrap();
    cast.server.start().unwrap();
    phones.zhang.json(&["sync"]).unwrap();
    watching.until(is("received")).unwrap();

    // The phone is killed while it stays; what was saved and not sent goes at the next start.
    cast.network.set_down(true);
    visit(li, &store);
    watching.until(is("failed")).unwrap();
    watching.kill().unwrap();
    cast.network.set_down(false);
    let watching = li.watch().unwrap();
    watching.until(begins("app_started")).unwrap();
    watching.until(|event| is("sent")(event) && event["n"] == 1).unwrap();
    watching.stop().unwrap();
    let log = li.json(&["log"]).unwrap();
    let outcomes: Vec<_> = log["tries"].as_array().unwrap().iter().map(|t| t["outcome"].clone()).collect();
    assert!(outcomes.contains(&"done".into()) && outcomes.contains(&"offline".into()), "{log}");
    assert!(!log.to_string().contains("李娜"), "{log}");
}

/// Access that is withdrawn ends the listening, and the trying but for once an hour, and says so; a person's word
/// tries again.
#[test]
fn a_revoked_phone_stops_trying_and_says_so() {
    let (_folder, cast, phones) = team();
    let li = &phones.li;
    let store = find(li, "中山广场").unwrap();
    let mut watching = li.watch().unwrap();
    watching.until(begins("wake_up")).unwrap();
    watching.until(is("finished")).unwrap();
    cast.server.admin(&["revoke", "--person", "李娜"]).unwrap().ok().unwrap();
    visit(li, &store);
    let failed = watching.until(is("failed")).unwrap();
    assert_eq!(failed["error"]["code"], "phone-signed-out", "{failed}");
    let next = failed["next_try"]["in_s"].as_u64().unwrap();
    assert!((2_700..=3_600).contains(&next), "{failed}");
    let status = li.json(&["status"]).unwrap();
    assert_eq!((&status["state"], &status["items"]), (&"signed_out".into(), &0.into()), "{status}");
    let waiting = cast.server.admin_json(&["holding", "list"]).unwrap();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "the visit is not lost: {waiting}");
    watching.say("network").unwrap();
    watching.say("now").unwrap();
    let began = watching.until(is("started")).unwrap();
    assert_eq!(began["cause"], "user_asked", "nothing else tries: {began}");
    watching.until(is("failed")).unwrap();
    watching.stop().unwrap();
}

/// Stopped while it waits for a network in which nothing moves any more, at the request and at the
/// answer: at once, in good order, and nothing is lost or doubled.
#[test]
fn lesson_01_duplicates_after_lost_acknowledgement() {
    let (_folder, cast, phones) = team();
    let li = &phones.li;
    let store = find(li, "中山广场").unwrap();
    let count = || cast.server.admin_json(&["summary"]).unwrap()["kinds"]["visit"].to_string();
    visit(li, &store);
    for n in 0..3 {
        cast.network.set(Trap::Answer);
        let mut killed = li.spawn(&["sync"]).unwrap();
        assert!(cast.network.stopped());
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert_eq!(li.json(&["status"]).unwrap()["items"], 1, "nobody told the phone: {n}");
        assert_eq!(count(), r#"{"planned":1}"#, "stored once: {n}");
    }
    cast.network.set(Trap::Answer);
    let stopped = li.json(&["sync", "--within", "2"]).unwrap();
    assert_eq!((&stopped["unfinished"], &stopped["sent"]), (&"deadline".into(), &0.into()), "{stopped}");
    cast.network.set(Trap::Request(60));
    let stopped = li.json(&["sync", "--within", "2"]).unwrap();
    assert_eq!((&stopped["unfinished"], &stopped["status"]["items"]), (&"deadline".into(), &1.into()));

    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["sent"], &synced["duplicates"]), (&1.into(), &1.into()), "{synced}");
    assert_eq!(count(), r#"{"planned":1}"#);
    let theirs = cast.server.admin_json(&["digest", "--person", "李娜"]).unwrap();
    assert_eq!(li.json(&["digest"]).unwrap(), theirs);
}

/// A phone is killed when half of its push is sent, and the rep writes on: what was on its way is
/// frozen, what is new is another edit, and both arrive.
#[test]
fn lesson_02_edit_after_partial_send() {
    let (_folder, cast, phones) = team();
    let li = &phones.li;
    let store = find(li, "中山广场").unwrap();
    let visit = visit(li, &store);
    li.json(&["answer", &visit, "purpose=补货"]).unwrap();
    for trap in [Trap::Request(150), Trap::Answer] {
        cast.network.set(trap);
        let mut killed = li.spawn(&["sync"]).unwrap();
        assert!(cast.network.stopped());
        killed.kill().unwrap();
        killed.wait().unwrap();
        li.json(&["answer", &visit, &format!("notes=after {trap:?}")]).unwrap();
    }
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["held"], &synced["duplicates"], &synced["sent"]), (&0.into(), &3.into(), &4.into()));
    let shown = li.json(&["show", &visit]).unwrap().to_string();
    assert!(shown.contains("after Answer") && shown.contains("补货"), "{shown}");
    assert_eq!(li.json(&["conflicts"]).unwrap().as_array().unwrap().len(), 0, "with nobody but herself");
    let theirs = cast.server.admin_json(&["digest", "--person", "李娜"]).unwrap();
    assert_eq!(li.json(&["digest"]).unwrap(), theirs);
}
