//! `rounds-server` as a process that can be stopped, killed and started again.

use crate::process::{Answered, program, run};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server on a data folder.
#[derive(Debug)]
pub struct Server {
    data: PathBuf,
    address: SocketAddr,
    child: Option<Child>,
    /// Until the first start, so that nobody else is given the port meanwhile.
    held: Option<TcpListener>,
}

impl Server {
    /// A server on this folder and port (0: any free one), not yet started.
    pub fn new(data: &Path, port: u16) -> Result<Server> {
        let held = TcpListener::bind(("127.0.0.1", port)).with_context(|| {
            format!("port {port} is in use: stop what listens there, or give another port")
        })?;
        let address = held.local_addr()?;
        Ok(Server { data: data.to_owned(), address, child: None, held: Some(held) })
    }

    /// Runs an admin command on the data folder, whether or not the server runs.
    pub fn admin(&self, args: &[&str]) -> Result<Answered> {
        let mut command = Command::new(program("rounds-server")?);
        command.arg("--data").arg(&self.data).args(args);
        run(&mut command)
    }

    /// Runs an admin command that prints JSON.
    pub fn admin_json(&self, args: &[&str]) -> Result<Value> {
        let args = [args, &["--json"]].concat();
        self.admin(&args)?.ok()?.json()
    }

    /// Starts it and waits until it answers.
    pub fn start(&mut self) -> Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.data.join("serve.log"))?;
        let mut command = Command::new(program("rounds-server")?);
        command.arg("--data").arg(&self.data).arg("serve").arg("--listen").arg(self.address.to_string());
        if let Some(place) = self.blobs() {
            command.arg("--blobs").arg(place);
        }
        self.release();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        self.child = Some(child);
        let began = Instant::now();
        while !self.is_healthy() {
            if let Some(status) = self.child.as_mut().and_then(|c| c.try_wait().transpose()).transpose()? {
                let log = std::fs::read_to_string(self.data.join("serve.log")).unwrap_or_default();
                bail!("the server ended at once ({status}): {log}");
            }
            if began.elapsed() > Duration::from_secs(60) {
                bail!("the server does not answer on {}", self.address);
            }
            thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    }

    /// Where its photos are kept, if the environment names a bucket (`ROUNDS_BLOBS`): a part of it
    /// that is this server's alone.
    fn blobs(&self) -> Option<String> {
        let place = std::env::var("ROUNDS_BLOBS").ok()?;
        Some(format!("{place}/{}", self.own_name()))
    }

    /// The folder in which its photos are kept, to count them; with a bucket, where that keeps them
    /// (`ROUNDS_BLOBS_FOLDER`).
    pub fn blobs_folder(&self) -> PathBuf {
        match std::env::var_os("ROUNDS_BLOBS_FOLDER") {
            Some(folder) => PathBuf::from(folder).join(self.own_name()),
            None => self.data.join("blobs"),
        }
    }

    fn own_name(&self) -> String {
        let hidden = |c: char| !c.is_ascii_alphanumeric();
        self.data.display().to_string().replace(hidden, "-").trim_matches('-').to_owned()
    }

    /// Lets somebody else listen there, whom the caller starts.
    pub fn release(&mut self) {
        self.held = None;
    }

    /// SIGKILL: no time to say anything.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// SIGTERM: an orderly end.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            run(Command::new("kill").arg("-TERM").arg(child.id().to_string()))?.ok()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Waits until the server ends by itself.
    pub fn wait(&mut self) -> Result<()> {
        if let Some(child) = self.child.as_mut() {
            child.wait()?;
        }
        Ok(())
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as an address for phones and browsers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// One plain GET; returns the whole answer with its head.
    pub fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn is_healthy(&self) -> bool {
        self.get("/healthz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }
}

impl Drop for Server {
    /// Killed, not asked: whoever started this process may have blocked its signals (a thread of Swift's pool
    /// does), and not every system has the program `kill`.
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
