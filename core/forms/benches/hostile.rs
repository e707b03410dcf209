//! What hostile workbooks cost: `cargo bench -p rounds-forms --bench hostile`. Each is read in a process
//! of its own, so that its peak of memory is its own; the bounds are 2 seconds and 200 MB.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use rounds_forms::{Answers, Filling, NoMedia, import};
use support::{MOMENT, hostile, session};

fn main() {
    let folder = std::env::var_os("ROUNDS_HOSTILE");
    if let Some(file) = folder {
        return one(&std::fs::read(file).unwrap(), std::env::var("ROUNDS_ANSWER").ok());
    }
    let folder = std::env::temp_dir().join(format!("rounds-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let refused = hostile::all().into_iter().map(|file| (file.what, file.bytes, None));
    let endless = hostile::endless()
        .into_iter()
        .map(|(what, bytes, key, value)| (what, bytes, Some(format!("{key}={value}"))));
    let (mut slowest, mut largest) = (0.0_f64, 0.0_f64);
    for (what, bytes, answer) in refused.chain(endless) {
        let file = folder.join("form");
        std::fs::write(&file, &bytes).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.env("ROUNDS_HOSTILE", &file);
        if let Some(answer) = answer {
            child.env("ROUNDS_ANSWER", answer);
        }
        let out = String::from_utf8(child.output().unwrap().stdout).unwrap();
        let mut parts = out.split_whitespace();
        let ms: f64 = parts.next().unwrap().parse().unwrap();
        let mb: f64 = parts.next().unwrap().parse().unwrap();
        println!(
            "{what:40} {:9} bytes  {ms:8.1} ms  {mb:6.1} MB  {}",
            bytes.len(),
            parts.next().unwrap_or("")
        );
        (slowest, largest) = (slowest.max(ms), largest.max(mb));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!("at most {slowest:.0} ms and {largest:.0} MB; the bounds are 2,000 ms and 200 MB");
}

/// Reads a form, answers a question if asked to, and prints milliseconds, the peak in MB, and the code.
fn one(bytes: &[u8], answer: Option<String>) {
    let start = Instant::now();
    let code = match import("form.xlsx", bytes, &NoMedia) {
        Err(error) => error.code(),
        Ok(imported) => {
            let mut filling = Filling::new(Arc::new(imported.form), Answers::new(), MOMENT, session());
            if let Some((key, value)) = answer.as_deref().and_then(|answer| answer.split_once('=')) {
                filling.set(key, value).unwrap();
            }
            "accepted"
        }
    };
    let ms = start.elapsed().as_secs_f64() * 1e3;
    println!("{ms:.1} {:.1} {code}", peak_mb());
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
