//! A server that was restored from a backup, and phones that had synced since: nothing that a phone
//! holds is lost, nothing is skipped, and both ends become equal again.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::day::field::find;
use rounds_tests::phone::{Phone, text};

#[test]
fn phones_bring_back_what_a_restored_server_has_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (mut cast, _) = Cast::found(folder.path(), 0).unwrap();
    let phone = |person: &str, name: &str| {
        let args = ["invite", "--person", person, "--role", "rep", "--led-by", "王芳"];
        let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
        let phone = Phone::new(&folder.path().join(name));
        phone.json(&["enrol", &cast.server.url(), &code, "--name", name]).unwrap();
        phone.json(&["sync"]).unwrap();
        phone
    };
    let (li, zhang) = (phone("李娜", "li"), phone("张伟", "zhang"));
    let store = find(&li, "中山广场").unwrap();
    let backup = folder.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    cast.server.admin(&["backup", backup]).unwrap().ok().unwrap();

    let visit = li.create("visit", &[&format!("store={store}"), "date=2026-11-23"]).unwrap();
    li.json(&["act", &visit, "check_in", "place=38.92012 121.64431 0 12"]).unwrap();
    li.json(&["answer", &visit, "notes=after the check-in"]).unwrap();
    li.json(&["act", &visit, "check_out"]).unwrap();
    li.json(&["answer", &store, "phone=0411-1"]).unwrap();
    li.json(&["sync"]).unwrap();
    zhang.json(&["answer", &store, "contact=老板"]).unwrap();
    zhang.json(&["sync"]).unwrap();

    cast.server.stop().unwrap();
    cast.server.admin(&["restore", backup, "--force"]).unwrap().ok().unwrap();
    cast.server.start().unwrap();
    for _ in 0..2 {
        for phone in [&li, &zhang] {
            assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
        }
    }
    let shown = li.json(&["show", &visit]).unwrap();
    assert_eq!(shown["stage"]["name"], "done", "{shown}");
    let theirs = |person: &str| cast.server.admin_json(&["digest", "--person", person]).unwrap();
    assert_eq!(li.json(&["digest"]).unwrap(), theirs("李娜"));
    assert_eq!(zhang.json(&["digest"]).unwrap(), theirs("张伟"));
    assert_eq!(cast.server.admin(&["verify"]).unwrap().code, 0);
    li.json(&["verify"]).unwrap();
}
