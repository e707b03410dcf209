//! The phones of the peer benchmark as one process, as the other systems have one: the library with
//! its encrypted store, every commit durable, HTTP between it and the server.
//!
//! `rounds-phones fill|fresh ADDRESS FOLDER PHONES RECORDS LOAD CODES LIMIT`; see `tests/peers`.
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, ensure};
use rounds_device::platform::System;
use rounds_device::sync::transport::Http;
use rounds_device::{Key, Rounds};
use rounds_tests::load;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, role, address, folder, phones, records, _load, codes, ..] = args.as_slice() else {
        anyhow::bail!("see the comment at the head of this program")
    };
    let url = format!("http://{address}");
    let codes = std::fs::read_to_string(codes)?;
    let codes: Vec<_> = codes.lines().collect();
    let (phones, records): (usize, usize) = (phones.parse()?, records.parse()?);
    match role.as_str() {
        "fill" => fill(&url, Path::new(folder), codes.get(..phones).context("codes")?, records),
        _ => fresh(&url, Path::new(folder), codes.last().context("a code")?, phones * records),
    }
}

/// Writes offline, then pushes, all phones at once.
fn fill(url: &str, folder: &Path, codes: &[&str], records: usize) -> Result<()> {
    let phones = codes.iter().enumerate().map(|(i, code)| {
        let phone = phone(url, &folder.join(i.to_string()), code)?;
        phone.0.sync(&phone.1)?;
        Ok(phone)
    });
    let phones = phones.collect::<Result<Vec<_>>>()?;
    let began = Instant::now();
    for (n, (rounds, _)) in phones.iter().enumerate() {
        for i in 0..records {
            rounds.create("reading", &load::answers(n * records + i))?;
        }
    }
    let wrote = began.elapsed().as_secs_f64();
    println!("{}", serde_json::json!({ "ready": true, "wrote": wrote }));
    wait()?;
    let began = Instant::now();
    let sent: Result<Vec<u64>> = std::thread::scope(|scope| {
        let pushes: Vec<_> =
            phones.iter().map(|(rounds, network)| scope.spawn(|| rounds.sync(network))).collect();
        pushes
            .into_iter()
            .map(|push| Ok(push.join().map_err(|_| anyhow::anyhow!("a phone panicked"))??.changes.sent))
            .collect()
    });
    let seconds = began.elapsed().as_secs_f64();
    let sent: u64 = sent?.iter().sum();
    println!("{}", serde_json::json!({ "seconds": seconds, "records": sent }));
    wait()
}

/// Fetches everything, then asks again.
fn fresh(url: &str, folder: &Path, code: &str, records: usize) -> Result<()> {
    let (rounds, network) = phone(url, folder, code)?;
    println!("{}", serde_json::json!({ "ready": true }));
    wait()?;
    let began = Instant::now();
    let synced = rounds.sync(&network)?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(synced.changes.received >= records as u64, "{synced:?}");
    println!("{}", serde_json::json!({ "seconds": seconds, "records": records }));
    wait()?;
    let began = Instant::now();
    let synced = rounds.sync(&network)?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(synced.exchanges == 1 && synced.changes.received == 0, "{synced:?}");
    println!("{}", serde_json::json!({ "seconds": seconds }));
    wait()
}

fn phone(url: &str, folder: &Path, code: &str) -> Result<(Rounds, Http)> {
    let rounds = Rounds::open(folder, Key([7; 32]), Arc::new(System))?;
    let network = Http::new(url).map_err(rounds_device::RoundsError::from)?;
    rounds.enrol(&network, url, code, "bench")?;
    Ok((rounds, network))
}

/// Waits for the word; ends when there is none any more.
fn wait() -> Result<()> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        std::process::exit(0);
    }
    Ok(())
}
