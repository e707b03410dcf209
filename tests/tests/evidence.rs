//! Evidence, from a phone that is killed in the middle of a recording to whoever checks it on the server.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use rounds_tests::process::program;
use rounds_tests::server::Server;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A recording line by line: what is said to it, and what it answers.
struct Recording {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Recording {
    fn open(phone: &Phone, record: &str) -> Recording {
        let mut command = Command::new(program("rounds-device").unwrap());
        command.arg("--dir").arg(phone.dir()).args(["--json", "record", record, "recording"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Recording { child, input, output }
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn done(&mut self, line: &str) -> Value {
        let answer = self.say(line);
        assert_eq!(answer["error"], Value::Null, "{line}: {answer}");
        answer["prompter"].clone()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().unwrap().success());
    }
}

fn enrolled(cast: &Cast, folder: &Path) -> Phone {
    let args = ["invite", "--person", "李娜", "--role", "rep", "--led-by", "王芳"];
    let code = text(&cast.server.admin_json(&args).unwrap(), "code").unwrap();
    let phone = Phone::new(&folder.join("li"));
    phone.json(&["enrol", &cast.server.url(), &code]).unwrap();
    phone.json(&["sync"]).unwrap();
    phone
}

#[test]
fn a1_a5_lesson_14_a_recording_survives_a_kill_and_every_changed_byte_is_named_on_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let li = enrolled(&cast, folder.path());
    let today = text(&li.json(&["today"]).unwrap(), "day").unwrap();
    let date = format!("date={today}");
    let answers = [
        "product=hu_shen_fu",
        "mode=audio",
        &date,
        "place=大连",
        "seller=李娜",
        "licence=21020001",
        "holder=王强",
        "insured=王小强",
        "relation=父亲",
        "yearly=5000",
        "years=20",
    ];
    let sale = li.create("sale_recording", &answers).unwrap();
    let film = folder.path().join("film");
    std::fs::write(&film, vec![7; 100_000]).unwrap();
    let film = format!("film {}", film.display());

    let mut first = Recording::open(&li, &sale);
    first.done("begin");
    first.done(&film);
    assert_eq!(first.done("mark")["done"], 1);
    assert_eq!(first.say("mark")["error"]["code"], "recording-answer");
    first.kill();

    let mut again = Recording::open(&li, &sale);
    let shown = again.done("show");
    assert_eq!((&shown["state"], &shown["done"]), (&"paused".into(), &1.into()));
    again.done("resume");
    again.done(&film);
    for _ in 0..2 {
        again.done("answer 是");
        again.done("mark");
    }
    again.done("call");
    again.done("finish");
    again.end();
    li.json(&["act", &sale, "finish"]).unwrap();
    li.json(&["sync"]).unwrap();

    let verify = |expected: i32| {
        let answered = cast.server.admin(&["verify-evidence", &sale, "--media", "--json"]).unwrap();
        assert_eq!(answered.code, expected, "{}", answered.out);
        serde_json::from_str::<Value>(&answered.out).unwrap()["recordings"][0].clone()
    };
    let whole = verify(0);
    assert_eq!((&whole["whole"], &whole["received_fits"]), (&true.into(), &true.into()));
    assert_eq!(cast.server.admin_json(&["exceptions"]).unwrap(), serde_json::json!([]));
    let links = whole["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link["says"]["en"].as_str().unwrap().contains("not recorded: at most")));

    // One byte of the chain where it is kept, then one of a segment.
    let file = |hash: &str| {
        let team = std::fs::read_dir(cast.server.blobs_folder()).unwrap().next().unwrap().unwrap().path();
        team.join(&hash[..2]).join(hash)
    };
    let chain = file(whole["chain"].as_str().unwrap());
    let good = std::fs::read(&chain).unwrap();
    let at = String::from_utf8(good.clone()).unwrap().find("said ").unwrap() + 6;
    let mut bad = good.clone();
    bad[at] ^= 1;
    std::fs::write(&chain, bad).unwrap();
    let broken = verify(1);
    let finding = &broken["findings"][0];
    assert_eq!((&finding["field"], &finding["fault"]), (&"said".into(), &"damaged".into()), "{finding}");
    // Another whole chain in its place would hang together as well: it is another file.
    let problems = |checked: &Value| {
        let all = checked["problems"].as_array().unwrap();
        all.iter().map(|problem| problem["problem"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    std::fs::write(&chain, [&good[..], b"\n"].concat()).unwrap();
    assert_eq!(problems(&verify(1)), ["other-file"]);
    std::fs::write(&chain, &good).unwrap();
    let text = String::from_utf8(good).unwrap();
    let segment = text.lines().find_map(|line| line.strip_prefix("sha256 ")).unwrap();
    let segment = file(segment.split(' ').next().unwrap());
    let mut media = std::fs::read(&segment).unwrap();
    media[50_000] ^= 1;
    std::fs::write(&segment, media).unwrap();
    assert_eq!(verify(1)["findings"][0]["fault"], "other-media");

    // A restore without the files of photos and recordings: they are counted, and named as what they are.
    let backup = folder.path().join("backup.db");
    cast.server.admin(&["backup", backup.to_str().unwrap()]).unwrap().ok().unwrap();
    let other = Server::new(&folder.path().join("other"), 0).unwrap();
    let restored = other.admin_json(&["restore", backup.to_str().unwrap()]).unwrap();
    let lacking = restored["files_lacking"].as_u64().unwrap();
    assert!(lacking >= 2 && restored["files"] == lacking, "{restored}");
    assert_eq!(other.admin_json(&["verify"]).unwrap()["files_lacking"], lacking);
    for (lang, words) in [("en", "no backup"), ("zh", "备份不含")] {
        let said = other.admin(&["verify-evidence", &sale, "--lang", lang]).unwrap();
        assert_eq!(said.code, 1);
        assert!(said.out.contains(words) && !said.out.contains("os error"), "{}", said.out);
        assert!(said.out.contains(if lang == "en" { "1 finding." } else { "1 处问题" }), "{}", said.out);
    }
    // A place that is not there is told, and is not there afterwards either.
    let nowhere = folder.path().join("nowhere");
    let place = ["verify-evidence", &sale, "--blobs", nowhere.to_str().unwrap()];
    assert_ne!(other.admin(&place).unwrap().code, 0);
    assert!(!nowhere.exists());
    // With the place named, the files are found there.
    let blobs = cast.server.blobs_folder();
    let files = other.admin_json(&["verify", "--blobs", blobs.to_str().unwrap()]).unwrap();
    assert_eq!(files["files_lacking"], 0);
}

#[test]
fn lesson_15_what_looks_wrong_reaches_the_supervisor_and_holds_no_visit_up() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let li = enrolled(&cast, folder.path());
    let store = rounds_tests::day::field::find(&li, "中山广场").unwrap();
    let today = text(&li.json(&["today"]).unwrap(), "day").unwrap();
    let visit = {
        let (store, date) = (format!("store={store}"), format!("date={today}"));
        li.create("visit", &[&store, &date, "contact=王店长", "time=10:00"]).unwrap()
    };
    let place = "place=38.92012 121.64431 0 12";
    li.json(&["act", &visit, "check_in", place, "place_mock=true", "place_kmh=3000"]).unwrap();
    li.json(&["act", &visit, "check_out"]).unwrap();
    li.json(&["sync"]).unwrap();
    let done = text(&li.json(&["show", &visit]).unwrap()["stage"], "name").unwrap();
    assert_eq!(done, "done", "it is accepted all the same");
    let listed = cast.server.admin_json(&["exceptions"]).unwrap();
    let codes: Vec<&str> = listed.as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "fake_position",
            "impossible_speed",
            "short_visit",
            "store_check_missing",
            "top_competitors_missing"
        ]
    );
    for exception in listed.as_array().unwrap() {
        assert_eq!((&exception["owner_name"], &exception["doc"]), (&"李娜".into(), &visit.as_str().into()));
        assert!(!exception["reason"]["zh"].as_str().unwrap().is_empty());
    }
}
