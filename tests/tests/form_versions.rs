//! Which version of its form a draft is filled with, what moving it would change, and how versions arrive.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use support::{FORM_1, Hand, enrolled, pack, publish, shown};

#[test]
fn lesson_13_a_draft_stays_with_its_version_until_somebody_moves_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let one = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let draft = one.create("inspection", &["_store=S0001", "shelf/clean=na", "remark=about ten"]).unwrap();
    let other = one.create("inspection", &["_store=S0002", "shelf/clean=y"]).unwrap();
    one.json(&["sync"]).unwrap();
    // Version 2: `na` is no choice any more, the remark has to be a number, the exit is not asked for,
    // and something new is.
    let form = FORM_1
        .replace("| | yn | na | Does not apply | 不适用 | na |\n", "")
        .replace("| | text | remark |", "| | integer | remark |")
        .replace(
            "| | select_one yn | exit | Exit free | 出口畅通 | | yes | 1 | | yes |",
            "| | text | added | Added | 新题 | | yes | | | |",
        );
    publish(&cast, folder.path(), 2, &form);
    one.json(&["answer", &draft, "exit=y"]).unwrap();
    one.json(&["sync"]).unwrap();
    let still = one.json(&["show", &draft]).unwrap();
    assert_eq!((&still["version"], &still["newer"]), (&1.into(), &2.into()));
    assert_eq!(shown(&one, &draft, "exit").unwrap(), "y", "its own questions");
    one.json(&["answer", &draft, "remark=still a text"]).unwrap();
    let fresh = one.create("inspection", &["_store=S0003"]).unwrap();
    assert_eq!(one.json(&["show", &fresh]).unwrap()["version"], 2);
    assert_eq!(shown(&one, &fresh, "exit"), None);
    one.fails(2, &["answer", &fresh, "exit=y"]).unwrap();
    assert_eq!(one.json(&["sync"]).unwrap()["held"], 0, "the server judges each by its own version");

    // A phone that never had version 1 gets it with the record that needs it; the supervisor's too.
    let two = enrolled(&cast, folder.path(), "李娜", "rep", "two");
    let boss = enrolled(&cast, folder.path(), "王芳", "supervisor", "boss");
    for phone in [&two, &boss] {
        assert_eq!(phone.json(&["show", &draft]).unwrap()["version"], 1);
        assert_eq!(shown(phone, &draft, "exit").unwrap(), "y");
        phone.json(&["verify"]).unwrap();
    }
    let theirs = cast.server.admin_json(&["digest", "--person", "李娜"]).unwrap();
    assert_eq!(two.json(&["digest"]).unwrap(), theirs);
    cast.server.admin(&["verify"]).unwrap().ok().unwrap();

    // Moving would write over two versions, and so choose between them: it waits until somebody has.
    one.json(&["answer", &draft, "remark=nine"]).unwrap();
    two.json(&["answer", &draft, "remark=ten"]).unwrap();
    [&one, &two, &one].iter().for_each(|phone| drop(phone.json(&["sync"]).unwrap()));
    assert_eq!(two.fails(2, &["move", &draft, "--to", "2"]).unwrap()["code"], "move-conflict");
    two.json(&["choose", &draft, "/data/remark", "1"]).unwrap();
    two.json(&["answer", &draft, "remark=still a text"]).unwrap();
    [&two, &one].iter().for_each(|phone| drop(phone.json(&["sync"]).unwrap()));

    // What would change is shown before it is done.
    let preview = two.json(&["move", &draft]).unwrap();
    assert_eq!((&preview["from"], &preview["to"]), (&1.into(), &2.into()));
    let questions = preview["questions"].as_array().unwrap();
    let what = |path: &str| questions.iter().find(|q| q["path"] == path).map(|q| q["what"].clone());
    assert_eq!(what("/data/added"), Some("added".into()), "{preview}");
    assert_eq!(what("/data/exit"), Some("gone".into()));
    assert_eq!(what("/data/remark"), Some("changed".into()));
    let misfits: Vec<_> = preview["misfits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["key"].clone(), m["value"].clone()))
        .collect();
    assert_eq!(
        misfits,
        [("shelf/clean".into(), "na".into()), ("remark".into(), "still a text".into())],
        "{preview}"
    );
    assert_eq!(preview["unseen"][0]["key"], "exit");
    assert_eq!(shown(&two, &draft, "remark").unwrap(), "still a text", "looking changes nothing");
    two.fails(3, &["move", &draft, "--to", "3"]).unwrap();
    let back = two.fails(3, &["move", &draft, "--to", "1"]).unwrap();
    assert_eq!(back["code"], "version-back");
    assert!(back["text"]["en"].as_str().unwrap().contains("only move forward"), "{back}");

    two.json(&["move", &draft, "--to", "2"]).unwrap();
    let moved = two.json(&["show", &draft]).unwrap();
    assert_eq!((&moved["version"], moved.get("newer")), (&2.into(), None));
    assert_eq!((shown(&two, &draft, "remark").unwrap(), shown(&two, &draft, "exit")), (String::new(), None));
    two.json(&["answer", &draft, "remark=7", "added=x", "shelf/clean=y"]).unwrap();
    assert_eq!(two.json(&["sync"]).unwrap()["held"], 0);
    one.json(&["sync"]).unwrap();
    assert_eq!(one.json(&["show", &draft]).unwrap()["version"], 2, "with the record, for everybody");
    assert_eq!(one.json(&["show", &other]).unwrap()["version"], 1);
    let audit = one.json(&["audit", &draft]).unwrap();
    let kept =
        audit.as_array().unwrap().iter().any(|a| a["question"] == "remark" && a["old"][0] == "still a text");
    assert!(kept, "the history keeps what did not fit: {audit}");
    for phone in [&one, &two] {
        phone.json(&["verify"]).unwrap();
    }
    assert_eq!(one.json(&["digest"]).unwrap(), two.json(&["digest"]).unwrap());
    cast.server.admin(&["verify"]).unwrap().ok().unwrap();
    // A finished record of version 1 still says what it was finished with.
    one.json(&["answer", &other, "exit=y"]).unwrap();
    let (mut hand, _) = Hand::on(&one, &other);
    hand.press("enter remark");
    hand.press("type half");
    assert_eq!(hand.fumble("act finish"), "typed-pending");
    assert_eq!(hand.fumble("enter nosuch"), "question-unknown");
    hand.kill();
    assert_eq!(one.fails(2, &["check", &other, "nosuch"]).unwrap()["code"], "question-unknown");
    one.json(&["answer", &other, "remark=whole"]).unwrap();
    one.json(&["act", &other, "finish"]).unwrap();
    let synced = one.json(&["sync"]).unwrap();
    assert_eq!((&synced["accepted"], &synced["blocked"]), (&1.into(), &0.into()));
    let frozen = one.fails(3, &["move", &other, "--to", "2"]).unwrap();
    assert_eq!(frozen["code"], "stage-frozen");
    assert!(!frozen.to_string().contains('*') && !frozen.to_string().contains("kept"), "{frozen}");
    // Nor is shown what cannot be done.
    assert_eq!(one.fails(3, &["move", &other]).unwrap()["code"], "stage-frozen");
    assert_eq!(one.json(&["show", &other]).unwrap().get("newer"), None);
    // The history has the move, and what is not asked any more by the name it was answered under.
    let rows = audit.as_array().unwrap();
    let moved = rows.iter().find(|a| a["label"] == "Version of the form").unwrap();
    assert_eq!((&moved["old"][0], &moved["new"]), (&"1".into(), &"2".into()));
    assert!(rows.iter().any(|a| a["question"] == "exit" && a["label"] == "Exit free"), "{audit}");
    // A preview in Chinese has Chinese words.
    let third = one.create("inspection", &["_store=S0004"]).unwrap();
    publish(&cast, folder.path(), 3, &form.replace("${clean} = 'n'", "${clean} != 'y'"));
    one.json(&["sync"]).unwrap();
    let preview = one.in_chinese().json(&["move", &third]).unwrap();
    let why = preview["questions"].as_array().unwrap().iter().find(|q| q["path"] == "/data/shelf/why");
    assert_eq!(why.unwrap()["changes"][0], "显示条件", "{preview}");
}

#[test]
fn lesson_13_a_form_and_its_media_arrive_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let with_file = FORM_1.replace("| | text | remark |", "| | select_one_from_file shops.csv | remark |");
    let next = folder.path().join("inspection-2");
    pack(2, &with_file, &next);
    let refused = cast.server.admin(&["publish", next.to_str().unwrap()]).unwrap();
    assert_ne!(refused.code, 0, "a form without its file is not published");
    assert!(format!("{}{}", refused.out, refused.err).contains("shops.csv"));
    std::fs::write(next.join("forms/shops.csv"), "name,label\nS1,One\n").unwrap();
    cast.server.admin(&["publish", next.to_str().unwrap()]).unwrap().ok().unwrap();
    // Killed at every place of the exchange, the phone has one version or the other, whole.
    for wait in [0, 5, 20, 60, 150] {
        let mut sync = phone.spawn(&["sync"]).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        sync.kill().unwrap();
        sync.wait().unwrap();
        let record = phone.create("inspection", &["_store=S1"]).unwrap();
        match phone.json(&["show", &record]).unwrap()["version"].as_u64() {
            Some(1) => phone.json(&["answer", &record, "remark=text"]).unwrap(),
            _ => phone.json(&["answer", &record, "remark=S1"]).unwrap(),
        };
    }
    phone.json(&["sync"]).unwrap();
    let record = phone.create("inspection", &["_store=S1", "remark=S1"]).unwrap();
    assert_eq!(phone.json(&["show", &record]).unwrap()["version"], 2);
    phone.json(&["verify"]).unwrap();
}

/// Whoever publishes a version learns what records that are moved to it would lose; it is not refused.
#[test]
fn publishing_warns_of_questions_that_are_dropped_or_change_their_type() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let form = FORM_1
        .replace("| | yn | na | Does not apply | 不适用 | na |\n", "")
        .replace("| | text | remark |", "| | integer | remark |")
        .replace("| | image | photo | Photo | 照片 | | | | | |\n", "");
    let next = folder.path().join("next");
    pack(2, &form, &next);
    let checked = cast.server.admin_json(&["publish", next.to_str().unwrap(), "--check"]).unwrap();
    let losses = checked["losses"].as_array().unwrap();
    let what = |key: &str| losses.iter().find(|l| l["key"] == key).map(|l| l["what"].clone());
    assert_eq!(what("/data/photo"), Some("gone".into()), "{checked}");
    assert_eq!(what("/data/remark"), Some("retyped".into()));
    assert_eq!(what("/data/shelf/clean"), Some("fewer-choices".into()));
    assert_eq!(losses.len(), 4, "and the exit, whose choices are the same: {checked}");
    let published = cast.server.admin(&["publish", next.to_str().unwrap()]).unwrap().ok().unwrap();
    assert!(published.out.contains("Remark"), "{}", published.out);
    let again = folder.path().join("again");
    pack(3, FORM_1, &again);
    let checked =
        cast.server.admin(&["publish", again.to_str().unwrap(), "--check", "--lang", "zh"]).unwrap();
    assert!(checked.out.contains("备注") && checked.out.contains("integer"), "{}", checked.out);
    let nowhere = cast.server.admin(&["publish", "/nope", "--lang", "zh"]).unwrap();
    assert!(nowhere.code != 0 && nowhere.err.contains("没有这个文件"), "{}", nowhere.err);
    assert!(!nowhere.err.contains("os error") && !nowhere.err.contains("No such"), "{}", nowhere.err);
}
