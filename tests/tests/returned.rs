//! A checklist that is returned and corrected, and the history of its answers.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use support::{FORM_1, Hand, enrolled, publish, shown};

#[test]
fn lesson_18_returned_corrected_and_the_history_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let boss = enrolled(&cast, folder.path(), "王芳", "supervisor", "boss");
    let record = rep.create("inspection", &["_store=S0001", "shelf/clean=n", "exit=y"]).unwrap();
    // Unanswered and required, it is named.
    let refused = rep.fails(3, &["act", &record, "finish"]).unwrap();
    assert_eq!((&refused["code"], &refused["field"]), (&"form-incomplete".into(), &"shelf/why".into()));
    rep.json(&["answer", &record, "shelf/why=脏"]).unwrap();
    rep.json(&["act", &record, "finish"]).unwrap();
    rep.fails(3, &["answer", &record, "remark=too late"]).unwrap();
    rep.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    boss.json(&["act", &record, "reopen", "reason=请补照片"]).unwrap();
    boss.json(&["sync"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let returned = rep.json(&["show", &record]).unwrap();
    assert_eq!(returned["stage"]["name"], "draft");
    assert_eq!(returned["done"][1]["name"], "reopen");
    let (mut hand, _) = Hand::on(&rep, &record);
    hand.press("enter shelf/clean");
    std::thread::sleep(std::time::Duration::from_millis(30));
    hand.press("set shelf/clean=y");
    drop(hand.keys);
    hand.child.wait().unwrap();
    rep.json(&["act", &record, "finish"]).unwrap();
    rep.json(&["sync"]).unwrap();
    boss.json(&["sync"]).unwrap();
    for phone in [&rep, &boss] {
        let screen = phone.json(&["show", &record]).unwrap();
        let done: Vec<_> = screen["done"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
        assert_eq!(done, ["finish", "reopen", "finish"]);
        assert_eq!(shown(phone, &record, "shelf/why"), None, "not asked any more");
        let audit = phone.json(&["audit", &record]).unwrap();
        let audit = audit.as_array().unwrap();
        let row = audit.iter().find(|a| a["question"] == "shelf/clean" && a["new"] == "y").unwrap();
        assert_eq!(
            (&row["old"][0], &row["by"], &row["label"]),
            (&"n".into(), &"李娜".into(), &"Clean".into())
        );
        assert!(row["spent_ms"].as_u64().unwrap() >= 30, "by the monotonic clock: {row}");
        assert!(audit.iter().any(|a| a["question"] == "shelf/why" && a["new"] == "脏"), "kept in the record");
        phone.json(&["verify"]).unwrap();
    }
    let csv = boss.run(&["audit", &record, "--csv"]).unwrap().ok().unwrap().out;
    assert!(csv.starts_with("event,node,start,end,old-value,new-value,user\n"), "{csv}");
    assert!(
        csv.lines().any(|l| l.starts_with("question,/data/shelf/clean,") && l.ends_with(",n,y,李娜")),
        "{csv}"
    );
}
