//! What is wrong with answers is said at once, in words, and all of it.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod support;

use rounds_tests::day::cast::Cast;
use std::io::Write;
use support::{FORM_1, Hand, enrolled, publish, shown};

#[test]
fn what_is_wrong_is_said_at_once_and_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let form = "
| survey | | | | | | |
| | type | name | label | required | constraint | constraint_message |
| | integer | faces | Facings | | . < 100 | Less than 100 |
| | text | who | Who | yes | | |
";
    publish(&cast, folder.path(), 1, form);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001"]).unwrap();
    let said = rep.json(&["answer", &record, "faces=500"]).unwrap();
    assert_eq!(said["wrong"][0]["message"], "Less than 100", "{said}");
    assert_eq!(shown(&rep, &record, "faces").unwrap(), "500", "it is kept");
    let (mut hand, _) = Hand::on(&rep, &record);
    assert_eq!(hand.press("set faces=501")["wrong"][0]["value"], "501");
    assert_eq!(hand.press("set faces=502")["wrong"][0]["code"], "constraint");
    hand.press("enter who");
    hand.press("type Li");
    let checked = hand.press("check");
    let codes: Vec<_> = checked["wrong"].as_array().unwrap().iter().map(|w| w["code"].clone()).collect();
    assert_eq!(codes, ["constraint", "required"], "{checked}");
    assert!(checked["wrong"].as_array().unwrap().iter().all(|w| w["remedy"] != ""));
    assert_eq!(checked["typed"][0]["typed"], "Li");
    drop(hand.keys);
    hand.child.wait().unwrap();
    let screen = rep.json(&["show", &record]).unwrap();
    let who = screen["questions"].as_array().unwrap().iter().find(|q| q["key"] == "who").unwrap();
    assert_eq!((&who["typed"], &who["value"]), (&"Li".into(), &"".into()));
    // For people: nothing that only support reads, unless it is asked for.
    let plain = |args: &[&str]| rep.run_plain(args).unwrap();
    let outbox = plain(&["outbox"]);
    assert!(
        outbox.contains("Facings: 502") && !outbox.contains("faces=") && !outbox.contains(&record),
        "{outbox}"
    );
    let raw = plain(&["outbox", "--raw"]);
    assert!(raw.contains("faces=502") && raw.contains(&record), "{raw}");
    // The server's command line says it in words too.
    let junk = folder.path().join("junk.rounds-handover");
    std::fs::write(&junk, "no bundle").unwrap();
    let refused = cast.server.admin(&["handover", junk.to_str().unwrap()]).unwrap();
    let said = format!("{}{}", refused.out, refused.err);
    assert!(refused.code != 0 && said.contains(".rounds-handover") && !said.contains("bundle-not"), "{said}");
    // What is unknown is answered with what there is.
    assert_eq!(rep.fails(2, &["list", "shop"]).unwrap()["code"], "kind-unknown");
    let act = rep.fails(3, &["act", &record, "submit"]).unwrap();
    assert!(act["remedy"]["en"].as_str().unwrap().contains("Finish (finish)"), "{act}");
    assert_eq!(rep.fails(2, &["choose", &record, "nothing", "1"]).unwrap()["code"], "question-unknown");
    assert_eq!(rep.fails(2, &["choices", &record, "nothing"]).unwrap()["code"], "question-unknown");
}

/// Scripts are answered line by line: each line that fails with its number and what was expected, and
/// the next one is read.
#[test]
fn lines_that_cannot_be_filled_in_say_why_and_the_next_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001"]).unwrap();
    let script = [
        b"type nowhere\n".as_slice(),
        b"frobnicate it\n",
        b"\n",
        b"set remark\n",
        b"set remark=\xd6\xd0\n",
        b"set shelf/faces=\xef\xbc\x91\xef\xbc\x92\r\n",
        b"remove sku[7]\n",
        b"remove sku[1]\n",
    ];
    let (mut hand, _) = Hand::on(&rep, &record);
    hand.keys.write_all(&script.concat()).unwrap();
    let said: Vec<_> = script.iter().map(|_| hand.hear()).collect();
    hand.leave();
    let lines: Vec<_> = said.iter().map(|s| s["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 8]);
    let codes: Vec<_> = said.iter().map(|s| s["error"]["code"].as_str().unwrap_or_default()).collect();
    let wanted = ["at-no-question", "word-unknown", "", "not-a-pair", "line-not-text", "", "no-such-row", ""];
    assert_eq!(codes, wanted, "{said:?}");
    assert!(said[1]["error"]["remedy"]["en"].as_str().unwrap().contains("set QUESTION=ANSWER"));
    assert_eq!(shown(&rep, &record, "shelf/faces").unwrap(), "12", "digits as a Chinese keyboard types them");
    let show = rep.json(&["show", &record]).unwrap();
    assert!(!show.to_string().contains("sku["), "the only row is gone: {show}");
}

/// A row is named by its position as questions show it, or by its id, wherever a row is named.
#[test]
fn rows_are_named_by_position_or_id() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001", "sku[1]/code=one"]).unwrap();
    let added = rep.json(&["add", &record, "sku"]).unwrap();
    assert_eq!(added["row"], "sku[2]");
    let id = added["instance"].as_str().unwrap();
    rep.json(&["answer", &record, &format!("sku/{id}/code=two")]).unwrap();
    rep.json(&["answer", &record, &format!("/data/sku/{id}/code=two")]).unwrap();
    let codes = || {
        let show = rep.json(&["show", &record]).unwrap();
        let questions = show["questions"].as_array().unwrap().clone();
        let codes = questions.iter().filter(|q| q["path"].as_str().unwrap().ends_with("]/code"));
        codes.map(|q| q["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(), ["one", "two"]);
    assert_eq!(rep.json(&["remove", &record, "sku[1]"]).unwrap()["row"], "sku[1]");
    assert_eq!(codes(), ["two"]);
    rep.json(&["add", &record, "sku"]).unwrap();
    assert_eq!(rep.json(&["remove", &record, "sku", "2"]).unwrap()["row"], "sku[2]");
    rep.json(&["remove", &record, "sku", id]).unwrap();
    assert!(codes().is_empty());
    let gone = rep.fails(3, &["remove", &record, "sku[1]"]).unwrap();
    assert_eq!(gone["code"], "no-such-row");
    assert!(gone["remedy"]["en"].as_str().unwrap().contains("sku[1]"), "{gone}");
}

#[test]
fn where_no_choice_fits_the_answers_that_it_depends_on_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let form = "
| survey | | | | |
| | type | name | label | choice_filter |
| | select_one area | area | Area | |
| | select_one shop | shop | Shop | area = ${area} |
| choices | | | | |
| | list_name | name | label | area |
| | area | n | North | |
| | area | s | South | |
| | shop | s1 | First | s |
";
    publish(&cast, folder.path(), 1, form);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001"]).unwrap();
    let offer = rep.json(&["choices", &record, "shop"]).unwrap();
    assert_eq!(offer["first"][0]["label"], "Area", "{offer}");
    rep.json(&["answer", &record, "area=n"]).unwrap();
    let offer = rep.json(&["choices", &record, "shop"]).unwrap();
    assert_eq!((&offer["by"][0]["label"], &offer["by"][0]["answer"]), (&"Area".into(), &"North".into()));
    let plain = rep.run_plain(&["choices", &record, "shop"]).unwrap();
    assert!(plain.contains("Area") && plain.contains("North"), "{plain}");
    rep.json(&["answer", &record, "area=s"]).unwrap();
    let offer = rep.json(&["choices", &record, "shop"]).unwrap();
    assert_eq!((&offer["choices"][0]["value"], offer.get("by")), (&"s1".into(), None));
}
