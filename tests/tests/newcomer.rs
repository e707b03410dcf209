//! The example in CONTRIBUTING.md, followed to the letter: every block of commands is run by a shell, in
//! an empty folder, with the real programs, and says what the page says that it says.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use rounds_tests::process::program;
use std::fmt::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// One block of commands.
struct Block {
    commands: String,
    /// Its last command is one that is refused.
    refused: bool,
    /// What it says among other things, line by line.
    says: Vec<String>,
}

/// The blocks of a section of a page, in their order.
fn blocks(page: &str, section: &str) -> Vec<Block> {
    let from = page.split_once(section).unwrap().1;
    let section = from.split_once("\n## ").map_or(from, |(section, _)| section);
    let mut blocks: Vec<Block> = vec![];
    let mut fences = section.split("\n```");
    fences.next();
    while let Some(fence) = fences.next() {
        let (sort, text) = fence.split_once('\n').unwrap();
        match sort {
            "sh" | "sh refused" => {
                blocks.push(Block { commands: text.to_owned(), refused: sort != "sh", says: vec![] })
            }
            "text" => blocks.last_mut().unwrap().says = text.lines().map(str::to_owned).collect(),
            other => panic!("a block of {other}"),
        }
        // What stands between this block and the next.
        fences.next();
    }
    blocks
}

/// The blocks as one script, so that what one sets the next one has; each says its part to a file.
fn script(blocks: &[Block]) -> String {
    let mut script = String::from("trap 'kill $(jobs -p) 2> /dev/null' EXIT\n");
    for (n, block) in blocks.iter().enumerate() {
        let fails = if block.refused { "" } else { "set -e\n" };
        writeln!(script, "{fails}{{\n{}\n}} > said.{n} 2>&1\necho $? > code.{n}\nset +e", block.commands)
            .unwrap();
    }
    script
}

/// Enrolling must wait for the server, as a person does: the shell's own way to look at a port.
const WAIT: &str = r#"
rounds-device() {
  local n=0
  until (exec 3<> "/dev/tcp/${address%:*}/${address#*:}") 2> /dev/null; do
    n=$((n + 1)); [ $n -lt 600 ] || break; sleep 0.1
  done
  command rounds-device "$@"
}
"#;

#[test]
fn the_example_in_contributing_is_followed_to_the_letter() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = blocks(&page, "## Add a system");
    assert!(blocks.len() > 5 && blocks.iter().any(|block| block.refused));
    let folder = tempfile::tempdir().unwrap();
    let programs = program("rounds-server").unwrap().parent().unwrap().to_owned();
    let path = std::env::join_paths(
        [programs].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Command::new("bash")
        .args(["-c", &format!("{WAIT}{}", script(&blocks))])
        .current_dir(folder.path())
        .env("PATH", path.unwrap())
        .env("LANG", "en_US.UTF-8")
        .env_remove("LC_ALL")
        .env("address", free.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    for (n, block) in blocks.iter().enumerate() {
        let read = |name: &str| std::fs::read_to_string(folder.path().join(format!("{name}.{n}")));
        let said = read("said").unwrap_or_default();
        let code = read("code").unwrap_or_else(|_| format!("none: {}", String::from_utf8_lossy(&ran.stderr)));
        assert_eq!(code.trim() != "0", block.refused, "{}\n{said}\nexit code {code}", block.commands);
        let mut rest = said.as_str();
        for line in &block.says {
            // Words between " · " stand in one line of what was said, in their order.
            let found = rest.split_inclusive('\n').scan(0, |at, one| {
                *at += one.len();
                Some((*at, one))
            });
            let holds = |one: &str| {
                line.split(" · ")
                    .try_fold(one, |one, part| one.split_once(part).map(|(_, rest)| rest))
                    .is_some()
            };
            let mut found = found.filter(|(_, one)| holds(one));
            let Some((end, _)) = found.next() else {
                panic!("{line}\nis not said by\n{}\n{said}", block.commands)
            };
            rest = &rest[end..];
        }
    }
}
