//! Rules that no phone can decide by itself, with real processes: two reps and their supervisor, who
//! are offline and online at different times.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use serde_json::Value;
use std::path::Path;

struct Team {
    cast: Cast,
    li: Phone,
    zhang: Phone,
    boss: Phone,
}

fn team(folder: &Path) -> Team {
    let (cast, _) = Cast::found(folder, 0).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/rules");
    cast.server.admin(&["publish", pack.to_str().unwrap()]).unwrap().ok().unwrap();
    let pools = folder.join("pools.csv");
    std::fs::write(&pools, "size\n2\n").unwrap();
    cast.server.admin(&["import", "pool", pools.to_str().unwrap(), "--new"]).unwrap().ok().unwrap();
    let phone = |person: &str, role: &str| {
        let led: &[&str] = if role == "rep" { &["--led-by", "王芳"] } else { &[] };
        let args = [&["invite", "--person", person, "--role", role], led].concat();
        let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
        let phone = Phone::new(&folder.join(person));
        phone.json(&["enrol", &cast.server.url(), &code]).unwrap();
        phone.json(&["sync"]).unwrap();
        phone
    };
    let (li, zhang, boss) = (phone("李娜", "rep"), phone("张伟", "rep"), phone("王芳", "supervisor"));
    Team { cast, li, zhang, boss }
}

fn show(phone: &Phone, record: &str) -> Value {
    phone.json(&["show", record]).unwrap()
}

fn last(phone: &Phone, record: &str) -> Value {
    show(phone, record)["done"].as_array().unwrap().last().unwrap().clone()
}

fn offered(phone: &Phone, record: &str, act: &str) -> Value {
    let shown = show(phone, record);
    shown["acts"].as_array().unwrap().iter().find(|choice| choice["act"] == act).unwrap().clone()
}

fn all_agree(team: &Team) {
    for (phone, person) in [(&team.li, "李娜"), (&team.zhang, "张伟")] {
        phone.json(&["sync"]).unwrap();
        phone.json(&["verify"]).unwrap();
        let theirs = team.cast.server.admin_json(&["digest", "--person", person]).unwrap();
        assert_eq!(phone.json(&["digest"]).unwrap(), theirs);
    }
}

#[test]
fn q2_two_phones_want_the_last_seat_and_one_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let pool = team.li.json(&["list", "pool"]).unwrap()["rows"][0]["id"].as_str().unwrap().to_owned();
    let link = format!("pool={pool}");
    let mut draws = Vec::new();
    for (phone, pieces) in [(&team.li, "pieces=2"), (&team.zhang, "pieces=1")] {
        let draw = phone.create("draw", &[&link, pieces]).unwrap();
        let made = phone.json(&["act", &draw, "ask"]).unwrap();
        assert_eq!(made["stage"], "drawn", "as far as this phone knows");
        draws.push(draw);
    }
    team.li.json(&["sync"]).unwrap();
    team.zhang.json(&["sync"]).unwrap();
    assert_eq!(last(&team.li, &draws[0])["state"], "accepted");
    let waits = last(&team.zhang, &draws[1]);
    assert_eq!((&waits["state"], &waits["turned"]), (&"turned".into(), &"Wait".into()), "{waits}");
    assert_eq!(waits["reason"]["reason"], "Only 0 of 2 are left, not 1.");
    assert_eq!(show(&team.zhang.in_chinese(), &draws[1])["stage"]["title"], "候补");

    team.li.json(&["act", &draws[0], "give_back"]).unwrap();
    team.li.json(&["sync"]).unwrap();
    team.zhang.json(&["act", &draws[1], "draw"]).unwrap();
    team.zhang.json(&["sync"]).unwrap();
    assert_eq!(show(&team.zhang, &draws[1])["stage"]["name"], "drawn");
    all_agree(&team);
}

#[test]
fn q3_an_edit_that_came_too_late_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let card = team.li.create("card", &["place=一号库"]).unwrap();
    team.li.json(&["sync"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    team.boss.json(&["act", &card, "check"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    team.li.json(&["answer", &card, "place=二号库"]).unwrap();
    assert_eq!(team.li.json(&["sync"]).unwrap()["held"], 1);
    let outbox = team.li.json(&["outbox"]).unwrap();
    assert_eq!(outbox["held"][0]["reason"]["code"], "stage-frozen");
    let number = outbox["held"][0]["number"].to_string();
    let decide = outbox["held"][0]["decide"].as_str().unwrap();
    assert!(decide.contains(&format!("request {number}")), "{decide}");

    team.li.json(&["request", &number]).unwrap();
    assert_eq!(team.li.json(&["outbox"]).unwrap()["held"].as_array().unwrap().len(), 0);
    team.li.json(&["sync"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    let seen = show(&team.boss, &card);
    assert_eq!(seen["stage"]["name"], "requested");
    assert_eq!(seen["questions"][0]["value"], "一号库", "nothing is changed before it is granted");
    all_agree(&team);
}

#[test]
fn q5_d9_an_approval_works_offline_and_not_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let plan = team.li.create("plan", &["text=拜访三家"]).unwrap();
    let trip = team.li.create("trip", &[&format!("plan={plan}")]).unwrap();
    let second = team.li.create("trip", &[&format!("plan={plan}")]).unwrap();
    let refused = team.li.fails(3, &["act", &trip, "start"]).unwrap();
    assert_eq!((&refused["code"], &refused["rule"]), (&"plan-not-approved".into(), &"D.9".into()));
    let greyed = offered(&team.li, &trip, "start");
    assert_eq!(
        (&greyed["possible"], &greyed["reason"]["code"]),
        (&false.into(), &"plan-not-approved".into())
    );
    team.li.json(&["sync"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    team.boss.json(&["act", &plan, "approve"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    team.li.json(&["sync"]).unwrap();

    // Li Na is offline from here on; the supervisor takes the approval back.
    team.li.json(&["act", &trip, "start"]).unwrap();
    team.boss.json(&["act", &plan, "revise"]).unwrap();
    team.boss.json(&["sync"]).unwrap();
    team.li.json(&["sync"]).unwrap();
    assert_eq!(last(&team.li, &trip)["state"], "accepted", "it was good when she set off");
    team.li.fails(3, &["act", &second, "start"]).unwrap();
    all_agree(&team);
}
