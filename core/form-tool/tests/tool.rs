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

/// What is no form is called what it is, with what to do; in both languages.
#[test]
fn a_file_that_is_no_form_is_named_as_what_it_is() {
    let desk = Desk::new();
    let gbk = [b"survey,,\n,type,name,label\n,text,a,".as_slice(), &[0xD6, 0xD0, 0xCE, 0xC4], b"\n"].concat();
    let utf16: Vec<u8> =
        [0xFEFF_u16].into_iter().chain("survey,,".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let files: [(&str, &[u8], &str, &str); 9] = [
        ("empty.csv", b"", "is empty", "是空的"),
        ("blank.md", b" \n\n", "is empty", "是空的"),
        ("gbk.csv", &gbk, "GB18030", "UTF-8"),
        ("utf16.csv", &utf16, "UTF-16", "UTF-8"),
        ("one.csv", b"type,name,label\ntext,a,A\n", "a CSV table", "CSV 表格"),
        ("semi.csv", b"survey;;;\n;type;name;label\n", "semicolons", "分号"),
        ("prose.md", b"# Our checklist\n\nLook at the shelf.\n", "plain text", "普通文字"),
        ("page.xls", b"<html><table><tr><td>type</td></tr></table></html>", "web page", "网页"),
        ("print.xlsx", b"%PDF-1.7\n", "a PDF", "PDF"),
    ];
    for (name, bytes, en, zh) in files {
        std::fs::write(desk.0.path().join(name), bytes).unwrap();
        for (lang, wanted) in [("en", en), ("zh", zh)] {
            let done = desk.run(&["report", name, "--lang", lang]);
            let said = String::from_utf8(done.stdout).unwrap();
            assert!(
                done.status.code() == Some(2) && said.contains(wanted) && said.contains('→'),
                "{name}: {said}"
            );
            assert!(!said.contains("damaged") && !said.contains("损坏"), "{said}");
        }
    }
}

/// Nothing of a system or a library is left in English for a Chinese reader.
#[test]
fn errors_are_in_the_language_of_the_reader() {
    let desk = Desk::new();
    desk.file("good.md", FORM);
    desk.file("bad.md", &FORM.replace("${visible} = 'n'", "${visible} = "));
    desk.file("half.xlsx", "PK\u{3}\u{4}half");
    desk.file("steps.json", "{\"set\": 1}");
    desk.file("broken.json", "[{");
    let cases: [(&[&str], &str); 7] = [
        (&["report", "nothing.md"], "没有这个文件"),
        (&["report", "."], "文件夹"),
        (&["report", "half.xlsx"], "不完整"),
        (&["report", "bad.md"], "这里应为一个值"),
        (&["eval", "good.md", "steps.json"], "步骤列表"),
        (&["eval", "good.md", "broken.json"], "不是 JSON"),
        (&["eval", "good.md", "steps.json", "--tz", "Mars/Base"], ""),
    ];
    for (args, wanted) in cases {
        let done = desk.run(&[args, &["--lang", "zh"]].concat());
        let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert!(done.status.code() == Some(2) && said.contains(wanted), "{args:?}: {said}");
        for english in ["expected", "os error", "No such", "line 1", "invalid", "EOCD"] {
            assert!(!said.contains(english), "{args:?}: {said}");
        }
    }
}

#[test]
fn diff_says_in_words_what_is_gone_and_what_drafts_lose() {
    let desk = Desk::new();
    desk.file("old.md", FORM);
    let new = FORM
        .replace("| | yn | n | No | 否 |\n", "| | yn | m | Maybe | 也许 |\n")
        .replace("| | text | why | Why |", "| | date | why | Why |")
        .replace("| | decimal | price | Price | 价格 |", "| | decimal | cost | Cost | 价格 |")
        .replace("${visible} = 'n'", "${visible} = 'm'");
    desk.file("new.md", &new);
    let text = |lang: &str| {
        String::from_utf8(desk.run(&["diff", "old.md", "new.md", "--lang", lang]).stdout).unwrap()
    };
    let (en, zh) = (text("en"), text("zh"));
    for said in ["choice “n” is gone", "choice “m” is new", "was text and is date", "lost choices (n)"]
    {
        assert!(en.contains(said), "{said}: {en}");
    }
    assert!(en.contains("/data/sku/price") && !en.contains("\"\""), "{en}");
    for said in ["删除了选项“n”", "新增选项“m”", "题型", "显示", "草稿"] {
        assert!(zh.contains(said), "{said}: {zh}");
    }
    for english in ["choice", "label::", "relevant", "type:"] {
        assert!(!zh.contains(english), "{zh}");
    }
    let json = desk.json(&["diff", "old.md", "new.md"]);
    let what: Vec<_> = json["losses"].as_array().unwrap().iter().map(|l| l["what"].clone()).collect();
    assert_eq!(what, ["fewer-choices", "retyped", "gone"], "{json}");
    assert!(String::from_utf8(desk.run(&["diff", "old.md", "old.md"]).stdout).unwrap().contains("Nothing"));
}

/// A CSV that is not there is what is wrong, not its columns.
#[test]
fn a_missing_csv_is_called_missing_with_the_folder_to_give() {
    let desk = Desk::new();
    desk.file(
        "f.md",
        "| survey | | | | | |\n| | type | name | label | choice_filter | calculation |\n\
         | | text | area | A | | |\n| | select_one_from_file s.csv | s | S | area = ${area} | |\n\
         | | calculate | p | | | pulldata('s', 'fence', 'name', 'x') |\n",
    );
    let report = desk.json(&["report", "f.md"]);
    let problems = report["problems"].as_array().unwrap();
    let codes: Vec<_> = problems.iter().map(|p| p["code"].clone()).collect();
    assert_eq!(codes, ["missing-media"], "{report}");
    assert!(problems[0]["remedy"]["en"].as_str().unwrap().contains("--media"), "{report}");
    desk.file("none.json", "[]");
    let out = desk.json(&["eval", "f.md", "none.json", "--missing", "blank"]);
    assert!(out["faults"]["p"].as_str().unwrap().contains("s.csv"), "{out}");
}

/// `rounds-form … | head`: whoever reads goes away, and nothing panics.
#[test]
fn a_pipe_that_is_closed_ends_it_quietly() {
    let desk = Desk::new();
    let (old, new) =
        (desk.file("old.md", FORM), desk.file("new.md", &FORM.replace("| n | No | 否 |", "| x | No | 否 |")));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    for args in [&["report", old][..], &["--json", "report", old], &["diff", old, new]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-form"));
        let done = command.args(args).stdout(writer).stderr(std::process::Stdio::piped()).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(done.stderr.is_empty());
    }
}
