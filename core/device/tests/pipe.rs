//! `rounds-device … | head`: whoever reads goes away, and nothing panics.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

mod common;

use common::phone;
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
