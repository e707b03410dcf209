//! A small pack with a workbook, published in versions; phones that fill it, and a hand that types.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)] // Helpers of tests may; no test uses all.

pub mod app;

use rounds_tests::day::cast::Cast;
use rounds_tests::phone::{Phone, text};
use rounds_tests::process::program;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Version 1 of the workbook of a small pack.
pub const FORM_1: &str = "
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

pub fn pack(version: u32, form: &str, folder: &Path) {
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
comments = true
payload = [{{ name = "reason", type = "text", title = {{ zh = "原因", en = "Reason" }}, required = true }}]
"#
    );
    std::fs::write(folder.join("pack.toml"), toml).unwrap();
}

pub fn publish(cast: &Cast, folder: &Path, version: u32, form: &str) {
    let folder = folder.join(format!("inspection-{version}"));
    pack(version, form, &folder);
    cast.server.admin(&["publish", folder.to_str().unwrap()]).unwrap().ok().unwrap();
}

pub fn enrolled(cast: &Cast, folder: &Path, person: &str, role: &str, name: &str) -> Phone {
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

pub fn shown(phone: &Phone, record: &str, key: &str) -> Option<String> {
    let shown = phone.json(&["show", record]).unwrap();
    let questions = shown["questions"].as_array().unwrap();
    questions.iter().find(|q| q["key"] == key).map(|q| q["value"].as_str().unwrap().to_owned())
}

/// A phone on which somebody fills a record, key by key.
pub struct Hand {
    pub child: Child,
    pub keys: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Hand {
    /// Starts the app at a record; what it opened at.
    pub fn on(phone: &Phone, record: &str) -> (Hand, Value) {
        let mut command = Command::new(program("rounds-device").unwrap());
        command.arg("--dir").arg(phone.dir()).args(["--json", "--lang", "en", "fill", record]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, said) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut hand = Hand { child, keys, said };
        let opened = hand.hear();
        (hand, opened["result"].clone())
    }

    pub fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"))
    }

    pub fn press(&mut self, line: &str) -> Value {
        writeln!(self.keys, "{line}").unwrap();
        let said = self.hear();
        assert!(said.get("error").is_none(), "{line}: {said}");
        said["result"].clone()
    }

    /// What is refused; the code that it gets.
    pub fn fumble(&mut self, line: &str) -> String {
        writeln!(self.keys, "{line}").unwrap();
        self.hear()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The app is closed as people close it.
    pub fn leave(mut self) {
        drop(self.keys);
        self.child.wait().unwrap();
    }

    /// SIGKILL, at once.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn photo(folder: &Path) -> String {
    let file = folder.join("p.jpg");
    std::fs::write(&file, [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]).unwrap();
    file.to_str().unwrap().to_owned()
}
