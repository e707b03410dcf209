//! `rounds-device … | head`: whoever reads goes away, and nothing panics.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod common;

use common::{me, phone, typed};
use rounds_device::store::meta;
use std::process::{Command, Stdio};

#[test]
fn a_pipe_that_is_closed_ends_it_quietly() {
    let phone = phone("rep", &["family-event"]);
    std::fs::write(phone.dir.path().join("phone.key"), hex::encode([1; 32])).unwrap();
    for args in [&["kinds"][..], &["--json", "kinds"], &["today"], &["nonsense"], &["show", "nothing"]] {
        // Both ends of nothing: what is written there fails at once.
        let closed = || {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            writer
        };
        let quiet = args.contains(&"nonsense") || args.contains(&"show");
        let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-device"));
        command.arg("--dir").arg(phone.dir.path()).args(args).stdout(closed());
        command.stderr(if quiet { Stdio::from(closed()) } else { Stdio::piped() });
        let done = command.output().unwrap();
        let expected = if quiet { 2 } else { 0 };
        assert_eq!(done.status.code(), Some(expected), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        assert!(done.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Found by users: `act` printed the names of facts and stages as the pack has them.
#[test]
fn an_act_is_answered_in_the_readers_words() {
    let phone = phone("operator", &["policy-application"]);
    let policy = [("number", "P1"), ("holder", "孙敏"), ("service_code", "8001")];
    let policy = phone.create("policy", &typed(&policy)).unwrap().to_string();
    let person = me("rep").person.id.to_string();
    let staff = [("person", person.as_str()), ("code", "8001"), ("user_type", "agent")];
    phone.create("staff", &typed(&staff)).unwrap();
    phone.store().write(|tx| meta::set(tx, "identity", &me("rep"))).unwrap();
    let answers = [("policy", policy.as_str()), ("item", "contact_change")];
    let application = phone.create("application", &typed(&answers)).unwrap().to_string();
    std::fs::write(phone.dir.path().join("phone.key"), hex::encode([1; 32])).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-device"));
    command.arg("--dir").arg(phone.dir.path()).args(["--lang", "zh-CN", "act", &application, "submit"]);
    let done = command.output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    assert!(lines[0].ends_with("→ 已提交"), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(lines[1..3], ["走电子申请书的原因: 没有移动服务资格", "办理方式: 电子申请书"]);
    assert!(lines[3].starts_with("受理号: SL") && lines.len() == 4, "{said}");
}

/// What is thrown away is asked about first, and what is refused is told before anything is asked.
#[test]
fn a_draft_is_thrown_away_after_a_question() {
    let phone = phone("rep", &["family-event"]);
    let family = || phone.create("family", &typed(&[("label", "王家"), ("phone", "1")])).unwrap().to_string();
    let (draft, other) = (family(), family());
    std::fs::write(phone.dir.path().join("phone.key"), hex::encode([1; 32])).unwrap();
    let run = |id: &str, more: &[&str], answer: &[u8]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rounds-device"));
        command.arg("--dir").arg(phone.dir.path()).args(["--lang", "en", "throw-away", id]).args(more);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), answer).unwrap();
        let done = child.wait_with_output().unwrap();
        let said = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), said(done.stdout), said(done.stderr))
    };
    let (code, said, asked) = run(&draft, &[], b"no\n");
    assert_eq!((code, said.trim()), (Some(0), "It stays."));
    assert!(asked.contains("Throw this Family away: 王家?"), "{asked}");
    assert_eq!(run(&draft, &[], b"yes\n").1.trim(), "Thrown away: 王家");
    assert_eq!(run(&draft, &["--yes"], b"").0, Some(2), "it is not there any more");
    let (code, said, asked) = run(&other, &["--yes"], b"");
    assert_eq!((code, said.trim(), asked.as_str()), (Some(0), "Thrown away: 王家", ""));
    assert!(phone.list("family", None, 9, rounds_model::text::Lang::En).unwrap().rows.is_empty());
}
