//! Filling a checklist on a phone: where a person was, which version they fill, what it comes to, and
//! who answered what. Two versions of a small pack are published for it.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use rounds_tests::process::program;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const FORM_1: &str = "
| survey | | | | | | | | | |
| | type | name | label::English (en) | label::中文 (zh) | relevant | required | bind::rounds:weight | bind::rounds:section | bind::rounds:critical | default |
| | begin_group | shelf | Shelf | 货架 | | | | shelf | |
| | select_one yn | clean | Clean | 整洁 | | yes | 3 | | |
| | text | why | Why not | 原因 | ${clean} = 'n' | yes | | | |
| | integer | faces | Facings | 陈列面 | | | 1 | | |
| | end_group | | | | | | | | |
| | select_one yn | exit | Exit free | 出口畅通 | | yes | 1 | | yes |
| | text | remark | Remark | 备注 | | | | | |
| | text | manager | Manager | 店长 | | | | | | ${last-saved#manager} |
| | image | photo | Photo | 照片 | | | | | |
| | begin_repeat | sku | SKU | 单品 | | | | | |
| | text | code | Code | 编码 | | | | | |
| | end_repeat | | | | | | | | |
| choices | | | | |
| | list_name | name | label::English (en) | label::中文 (zh) | rounds_score |
| | yn | y | Yes | 是 | 1 |
| | yn | n | No | 否 | 0 |
| | yn | na | Does not apply | 不适用 | na |
";

fn pack(version: u32, form: &str, folder: &Path) {
    std::fs::create_dir_all(folder.join("forms")).unwrap();
    std::fs::write(folder.join("forms/inspection.md"), form).unwrap();
    let toml = format!(
        r#"
id = "inspection"
version = {version}
title = {{ zh = "巡检", en = "Inspection" }}
[kinds.inspection]
title = {{ zh = "巡检", en = "Inspection" }}
plural = {{ zh = "巡检", en = "Inspections" }}
scope = "owner"
form = "forms/inspection.md"
create = ["rep"]
initial = "draft"
subject = "_store"
search = ["_store"]
fields = [{{ name = "_store", type = "text", title = {{ zh = "门店", en = "Store" }} }}]
[kinds.inspection.display]
title = {{ zh = "concat('巡检 ', ${{_store}})", en = "concat('Inspection ', ${{_store}})" }}
[kinds.inspection.stages]
draft = {{ title = {{ zh = "填写中", en = "Draft" }} }}
done = {{ title = {{ zh = "已完成", en = "Done" }}, tone = "good" }}
[[kinds.inspection.write]]
stages = ["draft"]
roles = ["rep"]
fields = ["*"]
[kinds.inspection.acts.finish]
title = {{ zh = "完成", en = "Finish" }}
from = ["draft"]
to = "done"
roles = ["rep"]
complete = true
[kinds.inspection.acts.reopen]
title = {{ zh = "退回", en = "Return" }}
from = ["done"]
to = "draft"
roles = ["supervisor"]
who = "anyone"
payload = [{{ name = "reason", type = "text", title = {{ zh = "原因", en = "Reason" }}, required = true }}]
"#
    );
    std::fs::write(folder.join("pack.toml"), toml).unwrap();
}

fn publish(cast: &Cast, folder: &Path, version: u32, form: &str) {
    let folder = folder.join(format!("inspection-{version}"));
    pack(version, form, &folder);
    cast.server.admin(&["publish", folder.to_str().unwrap()]).unwrap().ok().unwrap();
}

fn enrolled(cast: &Cast, folder: &Path, person: &str, role: &str, name: &str) -> Phone {
    let mut args = vec!["invite", "--person", person, "--role", role];
    if role == "rep" {
        args.extend(["--led-by", "王芳"]);
    }
    let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
    let phone = Phone::new(&folder.join(name));
    phone.json(&["enrol", &cast.server.url(), &code, "--name", name]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

fn shown(phone: &Phone, record: &str, key: &str) -> Option<String> {
    let shown = phone.json(&["show", record]).unwrap();
    let questions = shown["questions"].as_array().unwrap();
    questions.iter().find(|q| q["key"] == key).map(|q| q["value"].as_str().unwrap().to_owned())
}

/// A phone on which somebody fills a record, key by key.
struct Hand {
    child: Child,
    keys: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Hand {
    /// Starts the app at a record; what it opened at.
    fn on(phone: &Phone, record: &str) -> (Hand, Value) {
        let mut command = Command::new(program("rounds-device").unwrap());
        command.arg("--dir").arg(phone.dir()).args(["--json", "--lang", "en", "fill", record]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, said) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut hand = Hand { child, keys, said };
        let opened = hand.hear();
        (hand, opened["result"].clone())
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"))
    }

    fn press(&mut self, line: &str) -> Value {
        writeln!(self.keys, "{line}").unwrap();
        let said = self.hear();
        assert!(said.get("error").is_none(), "{line}: {said}");
        said["result"].clone()
    }

    /// What is refused; the code that it gets.
    fn fumble(&mut self, line: &str) -> String {
        writeln!(self.keys, "{line}").unwrap();
        self.hear()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// SIGKILL, at once.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn photo(folder: &Path) -> String {
    let file = folder.join("p.jpg");
    std::fs::write(&file, [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]).unwrap();
    file.to_str().unwrap().to_owned()
}

/// After each class of keystroke the process is killed: the answer and the question are there.
#[test]
fn lesson_14_killed_at_every_class_of_keystroke_it_opens_at_the_very_question() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let record = phone.create("inspection", &["_store=S0001"]).unwrap();
    let at = |question: &str, typed: Option<&str>| match typed {
        Some(typed) => serde_json::json!({ "question": question, "typed": typed }),
        None => serde_json::json!({ "question": question }),
    };

    // Going to a question.
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, Value::Null, "it was never filled");
    hand.press("enter shelf/clean");
    hand.kill();
    // Choosing, which answers at once.
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/clean", None));
    hand.press("set shelf/clean=n");
    hand.kill();
    assert_eq!(shown(&phone, &record, "shelf/clean").unwrap(), "n");
    // Letter by letter, also Chinese ones, also what is no number (yet).
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/clean", None));
    hand.press("enter shelf/why");
    for typed in ["货", "货架", "货架脏"] {
        hand.press(&format!("type {typed}"));
        hand.kill();
        let (again, opened) = Hand::on(&phone, &record);
        assert_eq!(opened, at("shelf/why", Some(typed)));
        hand = again;
    }
    assert_eq!(shown(&phone, &record, "shelf/why").unwrap(), "", "it is no answer yet");
    hand.press("set shelf/why=货架脏");
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/why", None), "an answer is not typed any more");
    assert_eq!(shown(&phone, &record, "shelf/why").unwrap(), "货架脏");
    hand.press("enter shelf/faces");
    hand.press("type -");
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("shelf/faces", Some("-")));
    hand.press("set shelf/faces=12");
    // Clearing.
    hand.press("set shelf/faces=");
    hand.kill();
    assert_eq!(shown(&phone, &record, "shelf/faces").unwrap(), "");
    // Rows.
    let (mut hand, _) = Hand::on(&phone, &record);
    let first = hand.press("add sku").as_str().unwrap().to_owned();
    hand.press(&format!("enter sku/{first}/code"));
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at(&format!("sku/{first}/code"), None));
    let second = hand.press("add sku").as_str().unwrap().to_owned();
    hand.press(&format!("remove sku {first}"));
    hand.kill();
    assert_eq!(shown(&phone, &record, &format!("sku/{first}/code")), None);
    assert_eq!(shown(&phone, &record, &format!("sku/{second}/code")).unwrap(), "");
    // A photo.
    let (mut hand, _) = Hand::on(&phone, &record);
    hand.press("enter photo");
    let hash = hand.press(&format!("photo photo={}", photo(folder.path())));
    hand.kill();
    let (mut hand, opened) = Hand::on(&phone, &record);
    assert_eq!(opened, at("photo", None));
    assert_eq!(shown(&phone, &record, "photo").unwrap(), hash.as_str().unwrap());
    // The end: the exact question that is missing, on its page and in the whole; then an act.
    assert_eq!(hand.press("page"), serde_json::json!({ "wrong": [] }));
    assert_eq!(hand.press("check")["wrong"][0]["question"], "exit");
    hand.press("set exit=y");
    hand.press("act finish");
    hand.kill();
    let done = phone.json(&["show", &record]).unwrap();
    assert_eq!((&done["stage"]["name"], &done["place"]["question"]), (&"done".into(), &"photo".into()));
    phone.json(&["verify"]).unwrap();
    assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
}

/// Killed in the middle of a keystroke, before anything was said to be kept: it was kept or it was
/// not, and nothing else is touched.
#[test]
fn lesson_14_killed_in_the_middle_of_a_keystroke_nothing_is_torn() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let phone = enrolled(&cast, folder.path(), "李娜", "rep", "one");
    let record = phone.create("inspection", &["_store=S0001"]).unwrap();
    let mut before = String::new();
    for round in 0..24 {
        let (mut hand, _) = Hand::on(&phone, &record);
        let value = format!("remark {round}");
        for line in ["enter remark".to_owned(), format!("type {value}"), format!("set remark={value}")] {
            writeln!(hand.keys, "{line}").unwrap();
        }
        hand.keys.flush().unwrap();
        // Some rounds wait for one or two of the three: the kill falls somewhere else each time.
        for _ in 0..round % 4 {
            hand.hear();
        }
        hand.kill();
        let now = shown(&phone, &record, "remark").unwrap();
        assert!(now == value || now == before, "{now:?} is neither {value:?} nor {before:?}");
        assert!(round % 4 != 3 || now == value, "what was said to be kept is there");
        before = now;
    }
    phone.json(&["verify"]).unwrap();
    assert_eq!(phone.json(&["sync"]).unwrap()["held"], 0);
}

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

/// An answer that breaks a rule is kept, and its giver is told in the same breath; a check names
/// everything that is left to do; what is half typed is shown as such.
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
    assert_eq!(checked["typed"]["typed"], "Li");
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

/// A pack is one thing: its workbook and the files of it are there together, or the version before is.
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

#[test]
fn a_new_record_begins_with_what_the_one_before_said_and_choices_come_by_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let first = rep.create("inspection", &["_store=S0001"]).unwrap();
    assert_eq!(shown(&rep, &first, "manager").unwrap(), "");
    rep.json(&["answer", &first, "manager=刘经理"]).unwrap();
    let second = rep.create("inspection", &["_store=S0002"]).unwrap();
    assert_eq!(shown(&rep, &second, "manager").unwrap(), "刘经理");
    rep.json(&["answer", &first, "manager=somebody else"]).unwrap();
    assert_eq!(shown(&rep, &second, "manager").unwrap(), "刘经理", "once, when it began");
    rep.json(&["sync"]).unwrap();
    rep.json(&["verify"]).unwrap();
    let page = rep.json(&["choices", &second, "shelf/clean", "--limit", "2"]).unwrap();
    assert_eq!((page["choices"].as_array().unwrap().len(), &page["more"]), (2, &true.into()));
    let page = rep.json(&["choices", &second, "shelf/clean", "apply"]).unwrap();
    assert_eq!((&page["choices"][0]["value"], &page["more"]), (&"na".into(), &false.into()));
}

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
