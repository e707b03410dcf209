//! `rounds-form` as people and scripts run it: what it prints, and its exit codes.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FORM: &str = "
| survey | | | | | | |
| | type | name | label::English (en) | label::中文 (zh) | relevant | required | constraint | default | repeat_count |
| | select_one yn | visible | Visible | 可见 | | yes | | | |
| | text | why | Why | 原因 | ${visible} = 'n' | yes | | ${last-saved#why} | |
| | integer | n | How many | 几个 | | | . < 3 | | |
| | begin_repeat | sku | SKU | 单品 | | | | | ${n} |
| | decimal | price | Price | 价格 | | | | | |
| | end_repeat | | | | | | | | |
| choices | | | |
| | list_name | name | label::English (en) | label::中文 (zh) |
| | yn | y | Yes | 是 |
| | yn | n | No | 否 |
| settings | | |
| | form_id | version | public_key |
| | visit | 1 | k |
";

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_rounds-form"))
            .current_dir(self.0.path())
            .args(args)
            .env("LC_ALL", "C")
            .output()
            .unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let done = self.run(&[&["--json"], args].concat());
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    }
}

fn at<'v>(nodes: &'v Value, path: &str) -> &'v Value {
    let nodes = nodes["nodes"].as_array().unwrap();
    nodes.iter().find(|node| node["path"] == path).unwrap_or_else(|| panic!("no {path}"))
}

#[test]
fn report_accepts_with_0_and_refuses_with_2_and_names_sheet_row_column_and_remedy() {
    let desk = Desk::new();
    desk.file("good.md", FORM);
    let report = desk.json(&["report", "good.md"]);
    let told = report["problems"].as_array().unwrap();
    assert_eq!(
        (&told[0]["sheet"], &told[0]["column"]),
        (&json!("settings"), &json!("public_key")),
        "{report}"
    );
    desk.file("bad.md", &FORM.replace("${visible} = 'n'", "${visible} = "));
    let refused = desk.run(&["report", "bad.md", "--json"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
    let report: Value = serde_json::from_str(&said).unwrap();
    let problems = report["problems"].as_array().unwrap();
    let wrong = problems.iter().find(|p| p["code"] == "bad-expression").unwrap();
    assert_eq!(
        (&wrong["sheet"], &wrong["row"], &wrong["column"]),
        (&json!("survey"), &json!(3), &json!("relevant"))
    );
    assert!(!wrong["remedy"].to_string().is_empty());
    assert_eq!(desk.run(&["report", "nothing.md"]).status.code(), Some(2), "no such file");
    assert_eq!(desk.run(&["frobnicate"]).status.code(), Some(2));
}

#[test]
fn export_writes_what_import_reads_again() {
    let desk = Desk::new();
    desk.file("form.md", FORM);
    assert_eq!(desk.run(&["export", "form.md", "out.xlsx"]).status.code(), Some(0));
    let diff = desk.json(&["diff", "form.md", "out.xlsx"]);
    assert_eq!(diff["changes"], json!([]), "{diff}");
    let report = desk.json(&["report", "out.xlsx"]);
    assert!(report["problems"].to_string().contains("public_key"), "kept, and said again: {report}");
    desk.file("bad.md", "no table");
    assert_eq!(desk.run(&["export", "bad.md", "bad.xlsx"]).status.code(), Some(2));
    assert!(!Path::new(&desk.0.path().join("bad.xlsx")).exists());
}

#[test]
fn diff_says_what_is_added_gone_and_changed() {
    let desk = Desk::new();
    desk.file("old.md", FORM);
    let new = FORM.replace("| | integer | n | How many |", "| | integer | n | How many pieces |");
    let new = new
        .replace("| | text | why | Why |", "| | text | because | Why |")
        .replace("last-saved#why", "last-saved#because");
    desk.file("new.md", &new);
    let diff = desk.json(&["diff", "old.md", "new.md"]);
    let changes = diff["changes"].as_array().unwrap();
    let what = |path: &str| changes.iter().find(|c| c["path"] == path).map(|c| c["change"].clone());
    assert_eq!(what("/data/because"), Some(json!("added")));
    assert_eq!(what("/data/why"), Some(json!("removed")));
    assert_eq!(what("/data/n"), Some(json!("changed")));
}

#[test]
fn eval_prints_every_node_in_document_order_after_the_steps() {
    let desk = Desk::new();
    desk.file("form.md", FORM);
    desk.file(
        "answers.json",
        r#"[{"set": "/data/visible", "value": "n"}, {"set": "/data/n", "value": 2},
            {"set": "/data/sku[2]/price", "value": "1.50"}, {"set": "/data/visible", "value": "x"},
            {"language": "中文 (zh)"}, {"snapshot": "before"}, {"set": "/data/n", "value": 5}]"#,
    );
    let out = desk.json(&["eval", "form.md", "answers.json", "--now", "2026-11-23T09:00:00Z"]);
    let paths: Vec<_> =
        out["nodes"].as_array().unwrap().iter().map(|n| n["path"].as_str().unwrap()).collect();
    assert_eq!(paths[..4], ["/data/visible", "/data/why", "/data/n", "/data/sku"]);
    let why = at(&out, "/data/why");
    assert_eq!(
        (&why["relevant"], &why["required"], &why["valid"]),
        (&json!(true), &json!(true), &json!(false))
    );
    assert_eq!(why["label"], "原因");
    assert_eq!(at(&out, "/data/sku[2]/price")["value"], "1.5");
    assert_eq!(at(&out, "/data/visible")["choices"], json!(["y", "n"]));
    assert_eq!(at(&out, "/data/n")["valid"], false);
    assert_eq!(
        at(&out["snapshots"].as_object().map(|s| json!({ "nodes": s["before"] })).unwrap(), "/data/n")["valid"],
        true
    );
    let steps = out["steps"].as_array().unwrap();
    assert_eq!((&steps[3]["ok"], &steps[3]["code"]), (&json!(false), &json!("not-a-choice")));
    assert_eq!(out["complete"], false);
    assert_eq!(out["submission"]["visible"], "n");

    desk.file("before.json", r#"{"why": "as last time"}"#);
    let again = desk.json(&["eval", "form.md", "answers.json", "--last-saved", "before.json"]);
    assert_eq!(at(&again, "/data/why")["value"], "as last time");

    desk.file("bad.json", r#"[{"jump": 1}]"#);
    assert_eq!(desk.run(&["eval", "form.md", "bad.json"]).status.code(), Some(2));
    assert_eq!(desk.run(&["eval", "form.md", "answers.json", "--tz", "Mars/Base"]).status.code(), Some(2));
}

#[test]
fn media_may_be_given_or_left_out_on_purpose() {
    let desk = Desk::new();
    desk.file(
        "f.md",
        "| survey | | | |\n| | type | name | label |\n| | select_one_from_file s.csv | s | S |\n",
    );
    desk.file("none.json", "[]");
    assert_eq!(desk.run(&["eval", "f.md", "none.json", "--media", "."]).status.code(), Some(2), "missing");
    let blank = desk.json(&["eval", "f.md", "none.json", "--media", ".", "--missing", "blank"]);
    assert_eq!(at(&blank, "/data/s")["choices"], json!([]));
    desk.file("s.csv", "name,label\n1,One\n");
    let there = desk.json(&["eval", "f.md", "none.json", "--media", "."]);
    assert_eq!(at(&there, "/data/s")["choices"], json!(["1"]));
}

#[test]
fn people_read_text_and_nothing_is_written_over() {
    let desk = Desk::new();
    desk.file("good.md", FORM);
    desk.file("bad.md", &FORM.replace("${visible} = 'n'", "${visible} = "));
    desk.file(
        "new.md",
        &FORM.replace("| | integer | n | How many | 几个 | | | . < 3 | | |\n", "").replace("${n}", "2"),
    );
    let text = |args: &[&str]| {
        let done = desk.run(args);
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, out, _) = text(&["report", "good.md"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("accepted") && out.contains("settings") && out.contains("public_key"), "{out}");
    let (code, out, _) = text(&["report", "bad.md"]);
    assert!(code == Some(2) && out.contains("survey, row 3, relevant") && out.contains('→'), "{out}");
    let (_, out, _) = text(&["report", "bad.md", "--lang", "zh"]);
    assert!(out.contains("不可用") && out.contains("公式"), "{out}");
    let (code, out, _) = text(&["diff", "good.md", "new.md"]);
    assert!(code == Some(0) && out.contains("- /data/n"), "{out}");
    assert_eq!(text(&["export", "good.md", "out.xlsx"]).0, Some(0));
    let (code, _, err) = text(&["export", "good.md", "out.xlsx"]);
    assert!(code == Some(2) && err.contains("--force"), "{err}");
    assert_eq!(text(&["export", "good.md", "out.xlsx", "--force"]).0, Some(0));
    assert!(text(&["eval", "--help"]).1.contains("\"set\""));
}
