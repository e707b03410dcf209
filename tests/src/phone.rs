//! `rounds-device` as a process: one folder per phone, one call per command.

use crate::process::{Answered, program, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

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

    /// Runs a command that must succeed; what a person reads.
    pub fn run_plain(&self, args: &[&str]) -> Result<String> {
        let mut command = Command::new(program("rounds-device")?);
        command.arg("--dir").arg(&self.dir).args(["--lang", self.lang]).args(args);
        Ok(run(&mut command)?.ok().with_context(|| format!("rounds-device {args:?}"))?.out)
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

    /// Starts `sync --watch`: it stays, and tells what happens.
    pub fn watch(&self) -> Result<Watching> {
        let mut command = self.command(&["sync", "--watch"])?;
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let (said, told) = (child.stdin.take(), child.stdout.take().context("no output")?);
        let (send, events) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(told).lines().map_while(Result::ok);
            let mut events = lines.filter_map(|line| serde_json::from_str(&line).ok());
            events.try_for_each(|event: Value| send.send(event))
        });
        Ok(Watching { child, said: said.context("no input")?, events })
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

/// A phone that stays in sync.
#[derive(Debug)]
pub struct Watching {
    child: Child,
    said: ChildStdin,
    events: Receiver<Value>,
}

impl Watching {
    /// Waits for an event that fits; those before it are passed over. Fails if none comes in a minute.
    pub fn until(&self, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut seen = vec![];
        loop {
            let event = self.events.recv_timeout(Duration::from_secs(60));
            let event = event.with_context(|| format!("no such event after {seen:?}"))?;
            if fits(&event) {
                return Ok(event);
            }
            seen.push(event);
        }
    }

    /// What was told since, without waiting.
    pub fn since(&self) -> Vec<Value> {
        self.events.try_iter().collect()
    }

    /// Tells it what a system or a user tells an app: `network`, `now`, `stop`.
    pub fn say(&mut self, what: &str) -> Result<()> {
        Ok(writeln!(self.said, "{what}")?)
    }

    /// Ends it in good order.
    pub fn stop(mut self) -> Result<()> {
        self.say("stop")?;
        anyhow::ensure!(self.child.wait()?.success(), "it did not end well");
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = (self.child.kill(), self.child.wait());
    }
}

/// A text field of a JSON object.
pub fn text(value: &Value, field: &str) -> Result<String> {
    Ok(value[field].as_str().with_context(|| format!("no text {field} in {value}"))?.to_owned())
}
