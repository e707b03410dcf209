//! Work that reaches the server without a network of its own.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::phone::Phone;
use rounds_tests::team::Team;
use serde_json::Value;

/// An audit with answers and a photo; its id.
fn audit(team: &Team, phone: &Phone) -> String {
    let photo = team.photo("shelf.jpg", 720_000, 1).unwrap();
    let id = phone.create("audit", &["_store=00000000-0000-0000-0000-000000000001"]).unwrap();
    phone.json(&["answer", &id, "step2/visible=y", "step2/traffic=n"]).unwrap();
    phone.json(&["answer", &id, "--photo", &format!("step2/shelf_photo={}", photo.display())]).unwrap();
    id
}

fn taken(value: &Value) -> [u64; 6] {
    ["items", "stored", "duplicates", "held", "blobs", "blobs_left"].map(|name| value[name].as_u64().unwrap())
}

/// Ten days off the grid: a colleague with a network carries the work, and then the phone itself
/// finds one. Each item is there once, and nothing was said to be sent before the server said so.
#[test]
fn lesson_20_work_reaches_the_server_though_the_network_never_comes() {
    let team = Team::found().unwrap();
    let (li, zhang) = (&team.phones.li, &team.phones.zhang);
    let id = audit(&team, li);
    let waiting = li.json(&["status"]).unwrap()["items"].as_u64().unwrap();
    let bundle = team.file("li.rounds-handover");
    let made = li.json(&["handover", bundle.to_str().unwrap()]).unwrap();
    assert_eq!(
        (made["items"].as_u64(), made["photos"].as_u64(), made["photos_left"].as_u64()),
        (Some(waiting), Some(1), Some(0))
    );
    let status = li.json(&["status"]).unwrap();
    assert_eq!((status["items"].as_u64(), &status["state"]), (Some(waiting), &"waiting".into()));
    assert_eq!(li.fails(2, &["handover", bundle.to_str().unwrap()]).unwrap()["code"], "file-exists");

    // The colleague can carry it and cannot read it.
    let bytes = std::fs::read(&bundle).unwrap();
    assert!(!bytes.windows(7).any(|w| w == b"visible"));
    zhang.json(&["carry", bundle.to_str().unwrap()]).unwrap();
    assert_eq!(zhang.json(&["carry", bundle.to_str().unwrap()]).unwrap().as_array().unwrap().len(), 1);
    team.cast.server.admin_json(&["summary"]).unwrap();
    let synced = zhang.json(&["sync"]).unwrap();
    let carried = &synced["carried"];
    assert_eq!(taken(&carried["taken"][0]), [waiting, waiting, 0, 0, 1, 0], "{synced}");
    assert_eq!(zhang.json(&["carry"]).unwrap().as_array().unwrap().len(), 0);

    // The same bundle on a stick changes nothing.
    let again = team.cast.server.admin_json(&["handover", bundle.to_str().unwrap()]).unwrap();
    assert_eq!(taken(&again), [waiting, 0, waiting, 0, 0, 0], "the photo is not counted a second time");
    assert_eq!(again["blobs_known"], 1);

    let synced = li.json(&["sync"]).unwrap();
    assert_eq!(synced["duplicates"].as_u64(), Some(waiting), "{synced}");
    let shown = li.json(&["show", &id]).unwrap();
    assert_eq!((&shown["media"]["sent"], &shown["media"]["total"]), (&1.into(), &1.into()));
    assert_eq!(li.json(&["status"]).unwrap()["state"], "up_to_date");
    assert!(li.json(&["verify"]).is_ok() && team.cast.server.admin(&["verify"]).unwrap().ok().is_ok());
    let nothing = li.fails(2, &["handover", team.file("none").to_str().unwrap()]).unwrap();
    assert_eq!(nothing["code"], "nothing-to-hand-over");
    assert!(!team.file("none").exists());
}

/// Each bad bundle is named, takes nothing, and does not stop a good one.
#[test]
fn bad_bundles_are_named_and_take_nothing() {
    let team = Team::found().unwrap();
    let (li, zhang) = (&team.phones.li, &team.phones.zhang);
    audit(&team, li);
    let bundle = team.file("li.rounds-handover");
    li.json(&["handover", bundle.to_str().unwrap(), "--without-photos"]).unwrap();
    let good = std::fs::read(&bundle).unwrap();
    let mut changed = good.clone();
    changed[good.len() / 2] ^= 1;
    let mut other = good.clone();
    other[9] ^= 1;
    // As phones made them before: nothing is beside the seals from which a carrier could tell.
    let before_sums = changed[..changed.len() - 48].to_vec();
    let cases: [(&str, Vec<u8>, &str, Option<&str>); 6] = [
        ("empty", vec![], "bundle-not", Some("not-a-bundle")),
        ("photo", vec![0xff; 5_000], "bundle-not", Some("not-a-bundle")),
        ("other", other, "bundle-team", Some("other-teams-bundle")),
        ("cut", good[..good.len() - 40].to_vec(), "bundle-damaged", Some("bundle-not-whole")),
        ("changed", changed, "bundle-damaged", Some("bundle-not-whole")),
        ("of-before", before_sums, "bundle-damaged", None),
    ];
    let before = team.cast.server.admin_json(&["summary"]).unwrap();
    for (name, bytes, at_server, at_phone) in cases {
        let file = team.file(name);
        std::fs::write(&file, bytes).unwrap();
        let refused = team.cast.server.admin(&["handover", file.to_str().unwrap(), "--json"]).unwrap();
        assert_ne!(refused.code, 0, "{name}");
        assert!(format!("{}{}", refused.out, refused.err).contains(at_server), "{name}: {refused:?}");
        match at_phone {
            Some(code) => {
                let error = zhang.fails(2, &["carry", file.to_str().unwrap()]).unwrap();
                assert_eq!(error["code"], code, "{name}");
            }
            // From outside it looks sound: the server says what is wrong, and it is shown.
            None => drop(zhang.json(&["carry", file.to_str().unwrap()]).unwrap()),
        }
    }
    assert_eq!(team.cast.server.admin_json(&["summary"]).unwrap(), before);
    zhang.json(&["carry", bundle.to_str().unwrap()]).unwrap();
    let synced = zhang.json(&["sync"]).unwrap();
    assert_eq!(synced["carried"]["taken"].as_array().unwrap().len(), 1, "{synced}");
    let left = zhang.json(&["carry"]).unwrap();
    let codes: Vec<_> = left.as_array().unwrap().iter().map(|b| b["problem"]["code"].clone()).collect();
    assert_eq!(codes, ["bundle-damaged"]);
    // Found by a user: it was refused, and whoever carried it heard nothing of it.
    assert_eq!(synced["carried"]["refused"][0]["name"], "of-before", "{synced}");
    let notices = zhang.json(&["notices"]).unwrap();
    assert!(notices[0]["text"].as_str().unwrap().contains("of-before"), "{notices}");
    assert_eq!(zhang.json(&["carry", "--drop-refused"]).unwrap().as_array().unwrap().len(), 0);
}

/// Killed while it makes a bundle or brings one: both are done again from the beginning.
#[test]
fn a_kill_costs_no_bundle() {
    let mut team = Team::found().unwrap();
    let (li, zhang) = (&team.phones.li, &team.phones.zhang);
    audit(&team, li);
    let bundle = team.file("li.rounds-handover");
    li.json(&["handover", bundle.to_str().unwrap()]).unwrap();
    zhang.json(&["carry", bundle.to_str().unwrap()]).unwrap();
    team.cast.server.kill().unwrap();
    zhang.fails(4, &["sync"]).unwrap();
    assert_eq!(zhang.json(&["carry"]).unwrap()[0]["problem"], Value::Null);
    team.cast.server.start().unwrap();
    team.cast.network.set(rounds_tests::proxy::Trap::Request(400_000));
    let mut process = zhang.spawn(&["sync"]).unwrap();
    if team.cast.network.stopped() {
        process.kill().unwrap();
    }
    process.wait().unwrap();
    team.cast.server.kill().unwrap();
    team.cast.server.start().unwrap();
    let synced = zhang.json(&["sync"]).unwrap();
    let brought = &synced["carried"]["taken"][0];
    assert_eq!((brought["blobs"].as_u64(), brought["held"].as_u64()), (Some(1), Some(0)), "{synced}");
    assert!(team.cast.server.admin(&["verify"]).unwrap().ok().is_ok());
}

/// A phone whose access was withdrawn, far from any network: the bundle waits for a decision.
#[test]
fn a_withdrawn_phones_bundle_waits_for_a_decision() {
    let team = Team::found().unwrap();
    let li = &team.phones.li;
    let id = audit(&team, li);
    let waiting = li.json(&["status"]).unwrap()["items"].as_u64().unwrap();
    let bundle = team.file("li.rounds-handover");
    li.json(&["handover", bundle.to_str().unwrap(), "--without-photos"]).unwrap();
    team.cast.server.admin(&["revoke", "--person", "李娜"]).unwrap().ok().unwrap();
    let took = || team.cast.server.admin_json(&["handover", bundle.to_str().unwrap()]).unwrap();
    let first = took();
    assert_eq!((&first["stored"], &first["waiting"]), (&0.into(), &waiting.into()), "{first}");
    assert_eq!(took()["waiting"], waiting, "any number of times");
    let list = team.cast.server.admin_json(&["holding", "list"]).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1, "one record's work, once: {list}");
    let number = list[0]["work"].as_str().unwrap().to_owned();
    team.cast.server.admin_json(&["holding", "accept", &number]).unwrap();
    let summary = team.cast.server.admin_json(&["summary"]).unwrap();
    assert_eq!(summary["kinds"]["audit"]["filling"], 1, "{id}: {summary}");
}
