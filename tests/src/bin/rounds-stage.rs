//! A stage for tests of the phone's apps: a server with the demo team on a free port, behind a network that
//! obeys. Prints one line of JSON, then obeys lines on its standard input, each answered with one line, and
//! ends with it. `tests/scenarios/README.md` says how the scenarios of all shells use it.

use anyhow::{Context, Result};
use rounds_tests::stage::Stage;
use std::io::{BufRead, Write};

fn main() -> Result<()> {
    let mut stage = Stage::set()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(stage.card())?)?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line.context("the standard input")?;
        let answer = match stage.obey(line.trim()) {
            Ok(answer) => answer,
            Err(error) => serde_json::json!({ "error": format!("{error:#}") }),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
