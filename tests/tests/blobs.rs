//! Photos on their way: killed and cut anywhere, they go on where they were, and the record says
//! how many have arrived.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::phone::{Phone, text};
use rounds_tests::proxy::Trap;
use rounds_tests::team::{Team, files_in};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An audit with a photo in it; its id.
fn audit(phone: &Phone, photo: &Path) -> String {
    let id = phone.create("audit", &["_store=00000000-0000-0000-0000-000000000001"]).unwrap();
    phone.json(&["answer", &id, "step2/visible=y", "step2/traffic=n"]).unwrap();
    attach(phone, &id, photo);
    id
}

fn attach(phone: &Phone, id: &str, photo: &Path) {
    phone.json(&["answer", id, "--photo", &format!("step2/shelf_photo={}", photo.display())]).unwrap();
}

fn media(phone: &Phone, id: &str) -> (u64, u64) {
    let shown = phone.json(&["show", id]).unwrap();
    (shown["media"]["sent"].as_u64().unwrap(), shown["media"]["total"].as_u64().unwrap())
}

fn same(phone: &Phone, id: &str, photo: &Path, to: &Path) -> Value {
    let fetched = phone.json(&["fetch-photo", id, "step2/shelf_photo", to.to_str().unwrap()]).unwrap();
    assert!(std::fs::read(to).unwrap() == std::fs::read(photo).unwrap(), "{fetched}");
    fetched
}

/// The console's and every other reader's copy: a second phone of the same rep.
fn second(team: &Team) -> Phone {
    let args = ["invite", "--person", "李娜", "--role", "rep", "--led-by", "王芳"];
    let code = text(&team.cast.server.admin_json(&args).unwrap(), "code").unwrap();
    let phone = Phone::new(&team.folder.path().join("second"));
    phone.json(&["enrol", &team.cast.server.url(), &code]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

/// The phone is killed in the middle of a photo, then the server, then the connection is cut:
/// nothing is sent twice but the part that was under way.
#[test]
fn lesson_04_a_big_upload_goes_on_after_every_kill() {
    let mut team = Team::found().unwrap();
    const SIZE: usize = 3_000_000;
    let photo = team.photo("big.jpg", SIZE, 1).unwrap();
    let li = Phone::new(team.phones.li.dir());
    li.json(&["settings", "part-kib", "512"]).unwrap();
    let id = audit(&li, &photo);
    assert_eq!(media(&li, &id), (0, 1));
    let shown = li.json(&["status"]).unwrap();
    assert_eq!((&shown["media"]["sent"], &shown["media"]["total"]), (&0.into(), &1.into()), "{shown}");

    let before = team.cast.network.sent();
    for (n, kill_server) in [(700_000, false), (900_000, true), (400_000, false)] {
        team.cast.network.set(Trap::Request(n));
        let mut process = li.spawn(&["sync"]).unwrap();
        assert!(team.cast.network.stopped());
        process.kill().unwrap();
        process.wait().unwrap();
        if kill_server {
            team.cast.server.kill().unwrap();
            team.cast.server.start().unwrap();
        }
        assert_eq!(media(&li, &id), (0, 1), "sent is what is receipted");
    }
    let waiting = li.json(&["outbox"]).unwrap();
    assert_eq!(waiting["media"][0]["record"]["id"], id.as_str(), "{waiting}");
    team.cast.network.set(Trap::Cut(300_000));
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["media"]["sent"], &synced["media"]["waiting"]), (&1.into(), &0.into()), "{synced}");
    let crossed = team.cast.network.sent() - before;
    assert!(crossed < SIZE as u64 + 300_000, "restarted from zero: {crossed} bytes for {SIZE}");

    assert_eq!(media(&li, &id), (1, 1));
    assert_eq!(synced["status"]["state"], "up_to_date", "{synced}");
    let other = second(&team);
    same(&other, &id, &photo, &team.folder.path().join("got.jpg"));
    let again = li.json(&["sync"]).unwrap();
    assert_eq!((&again["media"]["sent"], &again["media"]["bytes"]), (&0.into(), &0.into()));
    assert_eq!(team.stored().unwrap(), 1);
}

/// Five photos, two of them with the same content, and a network that breaks at every turn.
#[test]
fn lesson_03_five_photos_interrupted_anywhere_arrive_once_each() {
    let mut team = Team::found().unwrap();
    let li = Phone::new(team.phones.li.dir());
    li.json(&["settings", "part-kib", "64"]).unwrap();
    let mut photos: Vec<PathBuf> = (0..4)
        .map(|n| team.photo(&format!("{n}.jpg"), 150_000 + n * 40_000, n as u64 + 9).unwrap())
        .collect();
    photos.push(photos[0].clone());
    let ids: Vec<String> = photos.iter().map(|photo| audit(&li, photo)).collect();
    let size: u64 = photos.iter().take(4).map(|p| std::fs::metadata(p).unwrap().len()).sum();

    let before = team.cast.network.sent();
    for (n, after) in [5_000, 60_000, 130_000, 170_000, 90_000].into_iter().enumerate() {
        team.cast.network.set(Trap::Request(after));
        let mut process = li.spawn(&["sync"]).unwrap();
        assert!(team.cast.network.stopped());
        if n % 2 == 1 {
            team.cast.server.kill().unwrap();
        }
        process.kill().unwrap();
        process.wait().unwrap();
        if n % 2 == 1 {
            team.cast.server.start().unwrap();
        }
        let sent: u64 = ids.iter().map(|id| media(&li, id).0).sum();
        let status = li.json(&["status"]).unwrap();
        assert!(sent == 5 || status["media"]["total"].as_u64().unwrap() > 0, "{status}");
    }
    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["media"]["waiting"], &synced["media"]["failed"]), (&0.into(), &0.into()), "{synced}");
    let crossed = team.cast.network.sent() - before;
    assert!(crossed < size + 600_000, "{crossed} bytes for {size}");
    assert_eq!(team.stored().unwrap(), 4, "the same content is kept once");
    let other = second(&team);
    for (n, (id, photo)) in ids.iter().zip(&photos).enumerate() {
        assert_eq!(media(&li, id), (1, 1));
        same(&other, id, photo, &team.folder.path().join(format!("got-{n}.jpg")));
    }
    assert_eq!(files_in(&other.dir().join("blobs")).unwrap(), 4, "once on the phone too");
    let zhang = &team.phones.zhang;
    zhang.json(&["sync"]).unwrap();
    assert_eq!(zhang.fails(2, &["show", &ids[0]]).unwrap()["code"], "record-unknown");
}

/// Records are sent on a mobile network, photos wait; and a bad photo stops no other.
#[test]
fn lesson_12_photos_wait_for_wifi_and_a_bad_one_stops_no_other() {
    let team = Team::found().unwrap();
    let li = &team.phones.li;
    li.json(&["settings", "wifi-only", "on"]).unwrap();
    let bad = audit(li, &team.photo("bad.jpg", 90_000, 3).unwrap());
    let damaged = std::fs::read_dir(li.dir().join("blobs")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[50_000] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let good = audit(li, &team.photo("good.jpg", 90_000, 4).unwrap());

    let synced = li.json(&["sync", "--metered"]).unwrap();
    assert_eq!((&synced["held"], &synced["status"]["items"]), (&0.into(), &0.into()), "records go: {synced}");
    assert_eq!((&synced["media"]["waits_for_wifi"], &synced["media"]["waiting"]), (&true.into(), &2.into()));
    assert_eq!(synced["status"]["state"], "waiting", "never up to date while photos wait");
    let outbox = li.json(&["outbox"]).unwrap();
    assert_eq!(outbox["media"][0]["reason"]["code"], "waits-for-wifi", "{outbox}");

    let synced = li.json(&["sync"]).unwrap();
    let media_of = &synced["media"];
    assert_eq!((&media_of["sent"], &media_of["failed"]), (&1.into(), &1.into()), "{synced}");
    assert_eq!((media(li, &bad), media(li, &good)), ((0, 1), (1, 1)));
    let outbox = li.json(&["outbox"]).unwrap();
    let entry = &outbox["media"][0];
    assert_eq!(
        (&entry["record"]["id"], &entry["reason"]["code"]),
        (&bad.as_str().into(), &"blob-damaged".into())
    );
    let in_chinese = li.in_chinese().json(&["list", "audit"]).unwrap();
    assert!(in_chinese.to_string().contains("照片 1/1"), "{in_chinese}");
    assert_eq!(li.json(&["settings", "wifi-only", "off"]).unwrap()["wifi_only"], false);
}
