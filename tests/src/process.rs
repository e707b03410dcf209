//! The product's own programs, run as a person or a script would run them.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The path of a program of this workspace: in `ROUNDS_BIN`, or where cargo put this one.
pub fn program(name: &str) -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("ROUNDS_BIN") {
        return Ok(PathBuf::from(dir).join(name));
    }
    let me = std::env::current_exe()?;
    // target/debug/rounds-demo, or target/debug/deps/day-0123…
    let found = me.ancestors().skip(1).take(2).map(|dir| dir.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: run `cargo build --workspace --bins` first"))
}

/// What a program answered.
#[derive(Debug)]
pub struct Answered {
    /// The exit code; -1 if it was killed.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answered {
    /// Its output as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out).with_context(|| format!("no JSON: {} {}", self.out, self.err))
    }

    /// Fails unless the program succeeded.
    pub fn ok(self) -> Result<Answered> {
        if self.code != 0 {
            bail!("exit code {}: {}{}", self.code, self.out, self.err);
        }
        Ok(self)
    }
}

impl From<Output> for Answered {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Answered {
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Result<Answered> {
    Ok(command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?.into())
}
