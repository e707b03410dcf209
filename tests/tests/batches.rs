//! Many records at once with real processes: killed again and again, gone on with, synced, and counted.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use rounds_tests::process::program;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

struct Team {
    cast: Cast,
    li: Phone,
    zhang: Phone,
}

fn team(folder: &Path) -> Team {
    let (cast, _) = Cast::found(folder, 0).unwrap();
    let pack = mechanisms(folder);
    cast.server.admin(&["publish", pack.to_str().unwrap()]).unwrap().ok().unwrap();
    let phone = |person: &str| {
        let args = ["invite", "--person", person, "--role", "rep", "--led-by", "王芳"];
        let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
        cast.serve(&[person]).unwrap();
        let phone = Phone::new(&folder.join(person));
        phone.json(&["enrol", &cast.server.url(), &code]).unwrap();
        phone.json(&["sync"]).unwrap();
        phone
    };
    let (li, zhang) = (phone("李娜"), phone("张伟"));
    Team { cast, li, zhang }
}

/// The pack of mechanisms, with slips that do not run out after nine.
fn mechanisms(folder: &Path) -> std::path::PathBuf {
    let (from, to) = (
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/mechanisms"),
        folder.join("mechanisms"),
    );
    std::fs::create_dir_all(to.join("tables")).unwrap();
    for table in ["tables/day.csv", "tables/papers.csv"] {
        std::fs::copy(from.join(table), to.join(table)).unwrap();
    }
    let text = std::fs::read_to_string(from.join("pack.toml")).unwrap();
    std::fs::write(to.join("pack.toml"), text.replace("digits = 1\n", "digits = 3\n")).unwrap();
    to
}

impl Team {
    fn agrees(&self, phone: &Phone, person: &str) {
        phone.json(&["verify"]).unwrap();
        let theirs = self.cast.server.admin_json(&["digest", "--person", person]).unwrap();
        assert_eq!(phone.json(&["digest"]).unwrap(), theirs, "{person}");
        assert_eq!(self.cast.server.admin(&["verify"]).unwrap().code, 0);
    }
}

/// Runs a command and kills it (SIGKILL) once it has told of so many items. False if it ended before.
fn killed_after(phone: &Phone, items: usize, args: &[&str]) -> bool {
    let mut command = Command::new(program("rounds-device").unwrap());
    command.arg("--dir").arg(phone.dir()).args(["--json", "--lang", "en"]).args(args).arg("--progress");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.map_while(Result::ok).take(items).filter(|line| line.contains("\"item\":")).count();
    child.kill().unwrap();
    child.wait().unwrap();
    told == items
}

/// Kills it after other numbers of items, until it is done; each restart has everything that was told.
fn worn_down(phone: &Phone, first: &[&str]) -> Value {
    // The first part leaves work for sure: how far the others come depends on how fast it works beside the
    // reader of what it tells.
    phone.json(&[first, &["--most", "1"]].concat()).unwrap();
    let (args, mut before) = (["batch", "go-on"], 1);
    for items in [1, 2, 3, 5, 7, 4].into_iter().cycle() {
        let killed = killed_after(phone, items, &args);
        let newest = phone.json(&["batch", "list"]).unwrap()[0].clone();
        let settled = newest["of"].as_u64().unwrap() - newest["waiting"].as_u64().unwrap();
        assert!(!killed || settled >= before + items as u64, "{newest} after {before} and {items}");
        before = settled;
        if newest["waiting"] == 0 {
            break;
        }
    }
    let newest = phone.json(&["batch", "list"]).unwrap()[0]["number"].to_string();
    phone.json(&["batch", "show", &newest]).unwrap()
}

fn of<'v>(batch: &'v Value, state: &str) -> Vec<&'v Value> {
    batch["items"].as_array().unwrap().iter().filter(|item| item["state"] == state).collect()
}

#[test]
fn f6_f7_killed_again_and_again_a_batch_is_whole_and_nothing_is_made_twice() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let li = &team.li;
    let file = folder.path().join("cards.csv");
    // Every fifth row has no name, and is refused. What is begun by hand may lack it, and is not accepted then.
    let row = |n: usize| if n.is_multiple_of(5) { ",A\n".to_owned() } else { format!("资产 {n},A\n") };
    std::fs::write(&file, format!("name,unit\n{}", (1..=30).map(row).collect::<String>())).unwrap();
    let file = file.to_str().unwrap();

    let foreseen = li.json(&["batch", "create", "asset", "--rows", file, "--dry-run"]).unwrap();
    assert_eq!((&foreseen["possible"], &foreseen["refused"]), (&24.into(), &6.into()));
    assert_eq!(foreseen["items"][4]["reason"]["code"], "form-incomplete");
    assert_eq!(foreseen["items"][4]["reason"]["field"], "name");
    assert!(li.json(&["list", "asset"]).unwrap()["rows"].as_array().unwrap().is_empty());

    let made = worn_down(li, &["batch", "create", "asset", "--rows", file]);
    assert_eq!((of(&made, "done").len(), of(&made, "refused").len()), (24, 6));
    let mut ids: BTreeSet<_> = of(&made, "done").iter().map(|item| text(item, "id").unwrap()).collect();
    li.json(&["batch", "cancel", &made["number"].to_string()]).unwrap();
    ids.extend((0..6).map(|_| li.create("asset", &["unit=A"]).unwrap()));
    // F.7: accepted at once, each with a number that the server gives.
    let accepted = worn_down(li, &["batch", "act", "accept", "--all", "asset", "--stage", "draft"]);
    assert_eq!((of(&accepted, "done").len(), of(&accepted, "refused").len()), (24, 6));
    for item in of(&accepted, "refused") {
        assert_eq!(item["reason"]["field"], "name", "{item}");
        assert!(item["reason"]["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
        assert!(item["reason"]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()));
    }
    // F.4: those that are still to be mended are edited at once, and the refused ones tried again.
    let edited = worn_down_or_done(li, &["batch", "edit", "name=补名", "--all", "asset", "--stage", "draft"]);
    assert_eq!(of(&edited, "done").len(), 6);
    let retried = li.json(&["batch", "retry", &accepted["number"].to_string()]).unwrap();
    assert_eq!((&retried["done"], &retried["state"]), (&30.into(), &"ended".into()));

    let synced = li.json(&["sync"]).unwrap();
    assert_eq!((&synced["held"], &synced["blocked"]), (&0.into(), &0.into()), "{synced}");
    let rows = li.json(&["list", "asset", "--limit", "100"]).unwrap()["rows"].as_array().unwrap().clone();
    let listed: BTreeSet<_> = rows.iter().map(|row| text(row, "id").unwrap()).collect();
    assert_eq!((rows.len(), &listed), (30, &ids), "no record twice, none missing");
    let number = |id: &String| text(&li.json(&["show", id]).unwrap()["numbers"][0], "value").unwrap();
    let numbers: BTreeSet<_> = ids.iter().map(number).collect();
    let ends: BTreeSet<u64> =
        numbers.iter().map(|n| n.rsplit('-').next().unwrap().parse().unwrap()).collect();
    assert_eq!(ends, (1..=30).collect(), "each number once, without a gap");
    team.agrees(li, "李娜");
}

/// A batch of few items may be done before it can be killed.
fn worn_down_or_done(phone: &Phone, args: &[&str]) -> Value {
    killed_after(phone, 2, args);
    phone.json(&["batch", "go-on"]).unwrap();
    let newest = phone.json(&["batch", "list"]).unwrap()[0]["number"].to_string();
    phone.json(&["batch", "show", &newest]).unwrap()
}

#[test]
fn d2_d9_the_visits_of_a_plan_are_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let li = &team.li;
    let day = text(&li.json(&["today"]).unwrap(), "day").unwrap();
    let date = format!("date={day}");
    let goals = ["goals=十二家店", "plan=按顺序走访"];
    let plan = li.create("day_plan", &[&[date.as_str()], &goals[..]].concat()).unwrap();
    let plan = format!("plan={plan}");
    let made =
        worn_down(li, &["batch", "create", "visit", "--link", "store", "--all", "store", &date, &plan]);
    assert_eq!(of(&made, "done").len(), 12);
    let rows = li.json(&["today"]).unwrap()["rows"].as_array().unwrap().clone();
    let stores: BTreeSet<_> = rows.iter().map(|row| text(row, "title").unwrap()).collect();
    assert_eq!((rows.len(), stores.len()), (12, 12), "one visit for each store");
    // The day is put off: the same answer for all of them.
    let edited = li.json(&["batch", "edit", "purpose=促销", "--all", "visit", "--stage", "planned"]).unwrap();
    assert_eq!((&edited["done"], &edited["title"]), (&12.into(), &"Edit: Visits".into()));
    li.json(&["sync"]).unwrap();
    assert_eq!(li.json(&["status"]).unwrap()["state"], "up_to_date");
    team.agrees(li, "李娜");
}

#[test]
fn q1_o5_o14_identical_applications_at_once_and_each_loser_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let (li, zhang) = (&team.li, &team.zhang);
    let apply =
        ["batch", "create", "application", "--link", "policy", "--all", "policy", "item=contact_change"];
    for phone in [li, zhang] {
        let made = phone.json(&apply).unwrap();
        assert_eq!((&made["of"], &made["done"]), (&6.into(), &6.into()), "{made}");
    }
    // Zhang applies twice for each policy: on his own phone already, each second one loses.
    zhang.json(&apply).unwrap();
    let submit = ["batch", "act", "submit", "--all", "application"];
    let foreseen = zhang.json(&[&submit[..], &["--dry-run"]].concat()).unwrap();
    assert_eq!((&foreseen["possible"], &foreseen["refused"]), (&6.into(), &6.into()));
    let theirs = zhang.json(&submit).unwrap();
    assert_eq!((of(&theirs, "done").len(), of(&theirs, "refused").len()), (6, 6));
    for item in of(&theirs, "refused") {
        let reason = &item["reason"];
        assert_eq!((&reason["code"], &reason["rule"]), (&"one-open-application".into(), &"O.14".into()));
    }
    // Li is the first at the server; her phone and Zhang's cannot know of each other.
    let mine = li.json(&submit).unwrap();
    assert_eq!(of(&mine, "done").len(), 6);
    li.json(&["sync"]).unwrap();
    zhang.json(&["sync"]).unwrap();
    let number = theirs["number"].to_string();
    let told = zhang.json(&["batch", "show", &number]).unwrap();
    let losers: Vec<_> =
        of(&told, "done").into_iter().filter(|i| i["reason"]["code"] == "one-open-application").collect();
    assert_eq!(losers.len(), 6, "{told}");
    let stopped = zhang.json(&["batch", "drop", &number, "2", "4"]);
    let dropped = stopped.map_or(0, |batch| batch["dropped"].as_u64().unwrap());
    let cancelled = zhang.json(&["batch", "cancel", &number]).unwrap();
    assert_eq!((&cancelled["state"], &cancelled["done"]), (&"cancelled".into(), &6.into()), "{dropped}");
    assert!(
        zhang.in_chinese().json(&["batch", "list"]).unwrap()[0]["state_text"].to_string().contains("已取消")
    );
    assert_eq!(zhang.fails(2, &["batch", "retry", &number]).unwrap()["code"], "batch-ended");
    team.agrees(li, "李娜");
    team.agrees(zhang, "张伟");
}

#[test]
fn f6_what_is_wrong_with_a_file_is_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let team = team(folder.path());
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let cases = [
        ("gbk.csv", &b"name,unit\n\xb3\xb5\xb4\xb2,A\n"[..], "batch-encoding", "GB18030"),
        ("empty.csv", b"", "batch-empty", ""),
        ("header.csv", b"name,unit\n", "batch-empty", ""),
        ("columns.csv", b"name,colour\nx,red\n", "batch-no-column", "colour"),
        ("photo.csv", b"\xff\xd8\xff\xe0\0\x10", "batch-encoding", ""),
    ];
    for (name, bytes, code, what) in cases {
        let file = write(name, bytes);
        let told = team.li.fails(2, &["batch", "create", "asset", "--rows", &file]).unwrap();
        assert_eq!(told["code"], code, "{name}");
        assert!(told["text"]["zh"].as_str().unwrap().contains(what), "{told}");
    }
    assert_eq!(team.li.json(&["batch", "list"]).unwrap(), serde_json::json!([]));
    let json = write("cards.json", r#"[{"name": "车床", "unit": "A"}, {"name": "钻床"}]"#.as_bytes());
    let made = team.li.json(&["batch", "create", "asset", "unit=B", "--rows", &json]).unwrap();
    assert_eq!((&made["done"], &made["state"]), (&2.into(), &"ended".into()));
    let said = team.li.run_plain(&["batch", "list"]).unwrap();
    assert!(said.contains("Create: Assets") && said.contains("finished: 2 of 2 done"), "{said}");
    let unit = |n: usize| {
        let id = text(&made["items"][n], "id").unwrap();
        let shown = team.li.json(&["show", &id]).unwrap();
        shown["questions"].as_array().unwrap().iter().find(|q| q["key"] == "unit").unwrap()["value"].clone()
    };
    assert_eq!((unit(0), unit(1)), ("A".into(), "B".into()), "a row's own value counts more");
}
