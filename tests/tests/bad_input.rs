//! What bad input gets from the programs, as a person types it: each a specific code and exit code,
//! a text and a remedy in both languages, and nothing changed.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::field::find;
use rounds_tests::phone::{Phone, text};
use std::path::Path;

struct World {
    cast: Cast,
    phone: Phone,
    folder: tempfile::TempDir,
}

/// A team with one enrolled and synced phone.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let phone = Phone::new(&folder.path().join("phone"));
    phone.json(&["enrol", &cast.server.url(), &invite(&cast, "李娜")]).unwrap();
    phone.json(&["sync"]).unwrap();
    World { cast, phone, folder }
}

fn invite(cast: &Cast, name: &str) -> String {
    let args = ["invite", "--person", name, "--role", "rep", "--led-by", "王芳"];
    text(&cast.server.admin_json(&args).unwrap(), "code").unwrap()
}

#[test]
fn a_table_of_bad_input_on_a_phone() {
    let World { cast, phone, folder } = world();
    let store = find(&phone, "中山广场").unwrap();
    let visit = phone.create("visit", &[&format!("store={store}"), "date=2026-11-23"]).unwrap();
    let audit = phone.create("audit", &[]).unwrap();
    let before = (phone.json(&["status"]).unwrap(), phone.json(&["digest"]).unwrap());
    let place = "place=38.92012 121.64431 0 12";
    let table: &[(&[&str], i32, &str)] = &[
        (&["show", "ffffffff-ffff-ffff-ffff-ffffffffffff"], 2, "record-unknown"),
        (&["show", "zz"], 2, "record-unknown"),
        (&["show", ""], 2, "record-unknown"),
        (&["new", "spaceship"], 2, "kind-unknown"),
        (&["new", "store", "code=S9"], 3, "role-may-not-create"),
        (&["new", "visit", "date=tomorrow"], 3, "answer-type"),
        (&["new", "visit", "order=one"], 3, "answer-type"),
        (&["new", "visit", "nosuch=1"], 2, "question-unknown"),
        (&["new", "visit", "@owner=me"], 2, "question-unknown"),
        (&["answer", &visit, "date"], 2, "not-a-pair"),
        (&["answer", &visit, "store=S9999"], 3, "answer-no-record"),
        (&["answer", &store, "code=S0001x"], 3, "role-may-not-write"),
        (&["answer", &audit, "step2/visible=maybe"], 3, "not-a-choice"),
        (&["answer", &audit, "step2/fix_due=soon"], 3, "not-a-date"),
        (&["answer", &audit, "checkin=here"], 3, "not-a-place"),
        (&["answer", &audit, "score=100"], 3, "calculated"),
        (&["answer", &audit, "sku[9]/price=1"], 2, "question-unknown"),
        (&["answer", &audit, "--photo", "step2/shelf_photo=/nowhere.jpg"], 6, "file-failed"),
        (&["add", &audit, "nosuch"], 2, "question-unknown"),
        (&["remove", &audit, "sku", "aaaaaaaaaaaaa"], 3, "no-such-row"),
        (&["act", &visit, "fly"], 3, "act-unknown"),
        (&["act", &visit, "check_in"], 3, "no-position"),
        (&["act", &visit, "check_in", "place=north"], 3, "answer-type"),
        (&["act", &visit, "check_in", place, "mood=good"], 3, "payload-unknown"),
        (&["act", &visit, "check_in", "place=38.95 121.6 0 10"], 3, "too-far"),
        (&["act", &visit, "check_out"], 3, "act-not-now"),
        (&["act", &audit, "finish"], 3, "form-incomplete"),
        (&["act", &audit, "reopen", "reason=x"], 3, "act-role"),
        (&["choose", &store, "phone", "1"], 2, "no-conflict"),
        (&["enrol", &cast.server.url(), "AAAA-BBBB-CCCC"], 2, "already-enrolled"),
        (&["sync", "--server", "ftp://example"], 2, "bad-address"),
    ];
    for (args, exit, code) in table {
        let error = phone.fails(*exit, args).unwrap_or_else(|e| panic!("{args:?}: {e:#}"));
        assert_eq!(error["code"], *code, "{args:?}: {error}");
        for part in ["text", "remedy"] {
            for lang in ["zh", "en"] {
                let words = text(&error[part], lang).unwrap();
                assert!(
                    !words.is_empty() && words != *code && !words.ends_with("-remedy"),
                    "{args:?} has no {part} in {lang}: {error}"
                );
            }
        }
    }
    let mut after = (phone.json(&["status"]).unwrap(), phone.json(&["digest"]).unwrap());
    after.0["last_sync_ms"] = before.0["last_sync_ms"].clone();
    assert_eq!(after, before, "nothing was stored by any of it");
    drop(folder);
}

#[test]
fn invitations_that_do_not_open() {
    let World { cast, folder, .. } = world();
    let phone = |name: &str| Phone::new(&folder.path().join(name));
    let url = cast.server.url();
    let used = invite(&cast, "陈静");
    phone("chen").json(&["enrol", &url, &used]).unwrap();
    for (code, error) in [("AAAA-AAAA-AAAA", "invite-unknown"), (&used, "invite-used")] {
        let said = phone("nobody").fails(5, &["enrol", &url, code]).unwrap();
        assert_eq!(said["code"], error, "{said}");
    }
    let typed = invite(&cast, "张伟").to_lowercase().replace('-', " ");
    phone("zhang").json(&["enrol", &url, &typed]).expect("a code may be typed in any case, with any spaces");
    let far = phone("far").fails(2, &["enrol", "http://192.0.2.1", "AAAA-BBBB-CCCC"]).unwrap();
    assert_eq!(far["code"], "bad-address", "plain http leaves this machine for nobody: {far}");
}

#[test]
fn a_revoked_phone_hands_over_its_unsent_work_about_shared_records_too() {
    let World { cast, phone, folder: _folder } = world();
    let store = find(&phone, "中山广场").unwrap();
    phone.json(&["answer", &store, "phone=0411-1"]).unwrap();
    cast.server.admin(&["revoke", "--person", "李娜"]).unwrap().ok().unwrap();
    assert_eq!(phone.json(&["sync"]).unwrap()["taken"], 1);
    assert_eq!(phone.json(&["status"]).unwrap()["state"], "signed_out");
    let list = cast.server.admin_json(&["holding", "list"]).unwrap();
    assert_eq!(list[0]["says"][0], "phone=0411-1", "{list}");
    assert_eq!(phone.fails(5, &["sync"]).unwrap()["code"], "phone-signed-out");
}

#[test]
fn lesson_16_a_wrong_key_and_a_lost_one_are_named_and_harm_nothing() {
    let World { phone, folder, .. } = world();
    let wrong = folder.path().join("wrong.key");
    std::fs::write(&wrong, "00".repeat(32)).unwrap();
    let said = phone.fails(6, &["--key-file", wrong.to_str().unwrap(), "today"]).unwrap();
    assert_eq!(said["code"], "store-wrong-key", "{said}");
    std::fs::write(&wrong, "not hex").unwrap();
    let said = phone.fails(6, &["--key-file", wrong.to_str().unwrap(), "today"]).unwrap();
    assert_eq!(said["code"], "store-wrong-key", "{said}");
    phone.json(&["today"]).unwrap();
    let key = phone.dir().join("phone.key");
    std::fs::rename(&key, folder.path().join("saved.key")).unwrap();
    let said = phone.fails(6, &["today"]).unwrap();
    assert_eq!(said["code"], "store-wrong-key", "a lost key is not replaced by a new one: {said}");
}

/// Packs that an author got wrong: refused as a whole, with file and remedy, and not published.
#[test]
fn packs_that_are_not_published() {
    let World { cast, folder, .. } = world();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/packs/shelf-audit");
    let xls: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0];
    let table: &[(&str, &str, &[u8])] = &[
        ("a workbook that is a text", "forms/shelf-check.xlsx", b"hello"),
        ("a workbook that is empty", "forms/shelf-check.xlsx", b""),
        ("a damaged .xls named .xlsx", "forms/shelf-check.xlsx", xls),
        ("a manifest that is no TOML", "pack.toml", b"= = ="),
        ("a manifest that is not UTF-8", "pack.toml", &[0xff, 0xfe]),
    ];
    let packs_before = cast.server.admin_json(&["summary"]).unwrap();
    for (name, file, bytes) in table {
        let pack = folder.path().join("shelf-audit");
        copy(&base, &pack);
        std::fs::write(pack.join(file), bytes).unwrap();
        for check in [&["--check"][..], &[]] {
            let args = [&["publish", pack.to_str().unwrap()], check].concat();
            let said = cast.server.admin(&args).unwrap();
            assert_ne!(said.code, 0, "{name}: {}", said.out);
            let words = format!("{}{}", said.out, said.err);
            assert!(words.contains(file.rsplit('/').next().unwrap()), "{name}: names the file: {words}");
            assert!(!words.contains("panicked"), "{name}: {words}");
        }
    }
    assert_eq!(cast.server.admin_json(&["summary"]).unwrap(), packs_before);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
