//! A process under measurement: it prints one JSON object per step and waits for a line between
//! two steps.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// A running process.
#[derive(Debug)]
pub struct Program {
    child: Child,
    said: Receiver<String>,
}

impl Program {
    /// Starts it. What it complains of goes to the end of this file.
    pub fn start(command: &mut Command, complaints: &Path) -> Result<Program> {
        let complaints = File::options().create(true).append(true).open(complaints)?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        let out = child.stdout.take().context("its output")?;
        let (say, said) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Libraries of others print what they like.
                if line.starts_with('{') && say.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Program { child, said })
    }

    /// What it says next; `None` if it says nothing in this time.
    pub fn heard(&self, within: Duration) -> Result<Option<Value>> {
        match self.said.recv_timeout(within) {
            Ok(line) => Ok(Some(serde_json::from_str(&line)?)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("a program under measurement ended early"),
        }
    }

    /// Lets it begin its next step.
    pub fn go(&mut self) -> Result<()> {
        let input = self.child.stdin.as_mut().context("its input")?;
        Ok(writeln!(input, "go")?)
    }

    /// The most memory that it ever had, in MB.
    pub fn peak_mb(&self) -> f64 {
        peak_mb(self.child.id())
    }

    /// Ends it in an orderly way: closes its input and waits; kills it if that does not help.
    pub fn end(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        for _ in 0..100 {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most memory that a process ever had, in MB; 0 if it has ended.
pub fn peak_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}
