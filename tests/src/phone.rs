//! `rounds-device` as a process: one folder per phone, one call per command.

use crate::process::{Answered, program, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A phone.
#[derive(Debug)]
pub struct Phone {
    dir: PathBuf,
    lang: &'static str,
}

impl Phone {
    /// The phone in this folder.
    pub fn new(dir: &Path) -> Phone {
        Phone { dir: dir.to_owned(), lang: "en" }
    }

    /// The same phone, read by a Chinese reader.
    pub fn in_chinese(&self) -> Phone {
        Phone { dir: self.dir.clone(), lang: "zh-CN" }
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs a command, whatever comes of it.
    pub fn run(&self, args: &[&str]) -> Result<Answered> {
        run(&mut self.command(args)?)
    }

    /// Runs a command that must succeed; its JSON.
    pub fn json(&self, args: &[&str]) -> Result<Value> {
        self.run(args)?.ok().with_context(|| format!("rounds-device {args:?}"))?.json()
    }

    /// Runs a command that must fail with this exit code; the error's JSON.
    pub fn fails(&self, code: i32, args: &[&str]) -> Result<Value> {
        let answered = self.run(args)?;
        anyhow::ensure!(
            answered.code == code,
            "{args:?}: exit {} {}{}",
            answered.code,
            answered.out,
            answered.err
        );
        Ok(answered.json()?["error"].clone())
    }

    /// Starts a command without waiting for it, in order to kill it.
    pub fn spawn(&self, args: &[&str]) -> Result<Child> {
        Ok(self.command(args)?.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    /// Creates a record; its id.
    pub fn create(&self, kind: &str, answers: &[&str]) -> Result<String> {
        let args = [&["new", kind], answers].concat();
        text(&self.json(&args)?, "id")
    }

    fn command(&self, args: &[&str]) -> Result<Command> {
        let mut command = Command::new(program("rounds-device")?);
        command.arg("--dir").arg(&self.dir).args(["--json", "--lang", self.lang]).args(args);
        Ok(command)
    }
}

/// A text field of a JSON object.
pub fn text(value: &Value, field: &str) -> Result<String> {
    Ok(value[field].as_str().with_context(|| format!("no text {field} in {value}"))?.to_owned())
}
