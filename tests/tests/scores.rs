//! Scores of checklists beside those before.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use support::{FORM_1, enrolled, photo, publish, shown};

#[test]
fn a_score_is_shown_with_the_one_before_of_the_same_store() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let first =
        rep.create("inspection", &["_store=S0001", "shelf/clean=n", "shelf/why=x", "exit=y"]).unwrap();
    rep.json(&["act", &first, "finish"]).unwrap();
    let elsewhere =
        rep.create("inspection", &["_store=S0002", "shelf/clean=y", "exit=y", "shelf/faces=3"]).unwrap();
    rep.json(&["act", &elsewhere, "finish"]).unwrap();
    let draft = rep.create("inspection", &["_store=S0001", "shelf/clean=y"]).unwrap();
    let now = rep.create("inspection", &["_store=S0001", "shelf/clean=y", "exit=n"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let boss = enrolled(&cast, folder.path(), "王芳", "supervisor", "boss");
    for phone in [&rep, &boss] {
        let score = &phone.json(&["show", &now]).unwrap()["score"];
        assert_eq!((&score["points"], &score["possible"]), (&3.0.into(), &5.0.into()), "{score}");
        assert_eq!((&score["percent"], &score["passed"]), (&60.0.into(), &false.into()));
        assert_eq!(score["sections"][0]["name"], "shelf");
        assert_eq!(score["sections"][0]["percent"], 75.0);
        assert_eq!(score["critical_failed"][0]["label"], "Exit free");
        let before = &score["previous"];
        assert_eq!(before["id"], first.as_str(), "not the draft, not another store");
        assert_eq!((&before["percent"], &before["change"]), (&20.0.into(), &40.0.into()));
        let open = &phone.json(&["show", &draft]).unwrap()["score"]["critical_open"][0]["key"];
        assert_eq!(open, "exit");
        assert_eq!(phone.json(&["show", &first]).unwrap()["score"].get("previous"), None);
    }
}

/// The shelf audit: its store is said once, and its score stands beside that of the audit before.
#[test]
fn a_shelf_audit_is_told_its_store_once_and_compared_with_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let audit = |visible: &str| {
        let id = rep.create("audit", &["_store=S0001"]).unwrap();
        assert_eq!(shown(&rep, &id, "store").unwrap(), "S0001");
        assert_eq!(shown(&rep, &id, "region").unwrap(), "中山区");
        let photo = format!("step2/shelf_photo={}", photo(folder.path()));
        let step = format!("step2/visible={visible}");
        rep.json(&["answer", &id, &step, "step2/traffic=y", "--photo", &photo]).unwrap();
        let row = ["sku[1]/code=6901234567892", "sku[1]/price=１１．５", "sku[1]/tag=ok"];
        rep.json(&[&["answer", &id, "checkin=38.9201 121.6443 0 12"][..], &row].concat()).unwrap();
        if visible == "n" {
            rep.json(&["answer", &id, "step2/fix_owner=李娜", "step2/fix_due=2099-01-01"]).unwrap();
        }
        rep.json(&["act", &id, "finish"]).unwrap();
        id
    };
    let first = audit("n");
    let second = audit("y");
    let score = &rep.json(&["show", &second]).unwrap()["score"];
    assert_eq!((&score["points"], &score["percent"]), (&100.0.into(), &100.0.into()), "{score}");
    let before = &score["previous"];
    assert_eq!((&before["id"], &before["percent"]), (&first.as_str().into(), &50.0.into()), "{score}");
    assert_eq!(before["change"], 50.0);
    // Who says later which store it is, is not asked again either; what they said themselves stands.
    let late = rep.create("audit", &[]).unwrap();
    rep.json(&["answer", &late, "_store=S0001"]).unwrap();
    assert_eq!(shown(&rep, &late, "store").unwrap(), "S0001");
    let said = rep.create("audit", &["region=中山区", "store=S0002"]).unwrap();
    rep.json(&["answer", &said, "_store=S0001"]).unwrap();
    assert_eq!(shown(&rep, &said, "store").unwrap(), "S0002");
}
