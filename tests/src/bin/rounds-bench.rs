//! The first figures, as ratios within one run: `cargo run --release -p rounds-tests --bin
//! rounds-bench -- 10000` after `cargo build --release --workspace --bins`.
//!
//! The server is a process of its own, reached over HTTP; phones are the library with its encrypted
//! store, every commit durable. Bytes are counted as they travel.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context, Result, ensure};
use rounds_device::platform::System;
use rounds_device::{Key, Rounds};
use rounds_tests::counted::Counted;
use rounds_tests::load;
use rounds_tests::phone::text;
use rounds_tests::server::Server;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<()> {
    let records: usize = std::env::args().nth(1).map_or(Ok(10_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data)?;
    let mut server = Server::new(&data, 0)?;
    server.admin(&["init", "--team", "bench", "--zone", "Asia/Shanghai", "--supervisor", "S"])?.ok()?;
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bench-pack");
    server.admin(&["publish", pack.to_str().context("path")?])?.ok()?;
    server.start()?;
    let network = Counted::new(&server.url())?;
    let cores = std::thread::available_parallelism()?;
    println!("{records} records of 12 answers, {cores} cores, one run\n");

    let first = phone(&folder.path().join("a"), &server, &network)?;
    first.sync(&network)?;
    for i in 0..records {
        first.create("reading", &load::answers(i))?;
    }
    one_answer(&first, folder.path())?;

    network.take();
    let began = Instant::now();
    let synced = first.sync(&network)?;
    let push = began.elapsed().as_secs_f64();
    ensure!(synced.changes.held == 0, "{synced:?}");
    let (up, _) = network.take();
    let json = load::weight(records)?;
    println!("push to the server            {:>9.0} records/s", records as f64 / push);
    println!(
        "  on the wire                 {:>9.1} bytes/record, {:.2} × the same as zstd'd JSON",
        up as f64 / records as f64,
        up as f64 / json.packed as f64
    );

    let second = phone(&folder.path().join("b"), &server, &network)?;
    network.take();
    let began = Instant::now();
    second.sync(&network)?;
    let pull = began.elapsed().as_secs_f64();
    let (_, down) = network.take();
    println!("new phone                     {:>9.0} records/s", records as f64 / pull);
    println!("  on the wire                 {:>9.1} bytes/record", down as f64 / records as f64);
    ensure!(
        first.digest()?.scopes.values().map(|s| s.records).sum::<u64>() >= records as u64,
        "records are missing"
    );

    let began = Instant::now();
    let synced = second.sync(&network)?;
    let (up, down) = network.take();
    println!(
        "unchanged phone               {} exchange, {up} bytes up, {down} bytes down, {:.1} ms",
        synced.exchanges,
        began.elapsed().as_secs_f64() * 1e3
    );

    server.stop()?;
    let at_rest = std::fs::metadata(data.join("rounds.db")).or_else(|_| largest(&data))?.len();
    println!(
        "at rest on the server         {:>9.1} bytes/record, {:.2} × the JSON of {:.0} bytes",
        at_rest as f64 / records as f64,
        at_rest as f64 / json.plain as f64,
        json.plain as f64 / records as f64
    );
    Ok(())
}

/// A new phone of the one rep.
fn phone(dir: &Path, server: &Server, network: &Counted) -> Result<Rounds> {
    let invited = server.admin_json(&["invite", "--person", "R", "--role", "rep"])?;
    let rounds = Rounds::open(dir, Key([7; 32]), Arc::new(System))?;
    rounds.enrol(network, &server.url(), &text(&invited, "code")?, "bench")?;
    Ok(rounds)
}

/// One saved answer against a raw commit of the same row, in turn.
fn one_answer(phone: &Rounds, folder: &Path) -> Result<()> {
    let doc = phone.create("reading", &load::answers(0))?;
    let raw = rusqlite::Connection::open(folder.join("raw.db"))?;
    raw.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)")?;
    // Until its log has its full length, each commit also pays for making it longer.
    for _ in 0..3_000 {
        raw.execute("INSERT INTO t (b) VALUES (?1)", [[7u8; 130]])?;
    }
    let (mut ours, mut theirs) = (vec![], vec![]);
    for i in 0..400 {
        let began = Instant::now();
        phone.answer(doc, &[("price".to_owned(), format!("{}.5", i + 1))])?;
        ours.push(began.elapsed().as_secs_f64());
        let began = Instant::now();
        raw.execute("INSERT INTO t (b) VALUES (?1)", [[7u8; 130]])?;
        theirs.push(began.elapsed().as_secs_f64());
    }
    let median = |mut v: Vec<f64>| {
        v.sort_by(f64::total_cmp);
        v.get(v.len() / 2).copied().unwrap_or_default() * 1e3
    };
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "one saved answer              {ours:>9.2} ms, a raw SQLite commit {theirs:.2} ms: {:.2} ×",
        ours / theirs
    );
    Ok(())
}

fn largest(dir: &Path) -> std::io::Result<std::fs::Metadata> {
    let mut found: Vec<_> = std::fs::read_dir(dir)?.flatten().filter_map(|e| e.metadata().ok()).collect();
    found.sort_by_key(std::fs::Metadata::len);
    found.pop().ok_or_else(|| std::io::Error::other("the folder is empty"))
}
