//! The benchmark beside peers; `tests/peers/run` installs what it needs and starts it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context, Result};
use clap::Parser;
use rounds_tests::load;
use rounds_tests::peers::run::{Figures, Peer, Setting, Shape, measure};
use rounds_tests::peers::table::{Row, print};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Puts Rounds and other systems under the same load and prints a table.
#[derive(Debug, Parser)]
struct Args {
    /// The folder of the peers' programs.
    #[arg(long)]
    programs: PathBuf,
    /// The longest that one step of a peer may take, in seconds.
    #[arg(long, default_value_t = 60)]
    limit: u64,
    /// Who, of rounds, pouch, repo, samod.
    #[arg(long, value_delimiter = ',', default_value = "rounds,pouch,repo,samod")]
    who: Vec<String>,
    /// Phones × records, for everyone.
    #[arg(long, value_delimiter = ',', default_value = "10x500,10x1000,1x4000")]
    loads: Vec<String>,
    /// Phones × records, for Rounds alone.
    #[arg(long, value_delimiter = ',', default_value = "10x100,10x5000,10x20000")]
    ours: Vec<String>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let loads = args.loads.iter().map(|text| shape(text)).collect::<Result<Vec<_>>>()?;
    let ours = args.ours.iter().filter(|text| !text.is_empty());
    let ours = ours.map(|text| shape(text)).collect::<Result<Vec<_>>>()?;
    let who = args.who.iter().map(|name| peer(name)).collect::<Result<Vec<_>>>()?;
    let folder = tempfile::tempdir()?;
    let setting = Setting {
        programs: args.programs,
        load: folder.path().join("load.jsonl"),
        limit: Duration::from_secs(args.limit),
    };
    let most = loads.iter().map(|shape| shape.phones * shape.records).max().unwrap_or(0);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&setting.load)?);
    for i in 0..most {
        writeln!(file, "{}", serde_json::to_string(&load::json(i))?)?;
    }
    file.flush()?;

    let everyone = loads.iter().flat_map(|shape| who.iter().map(|peer| (*shape, *peer)));
    let alone = ours.iter().filter(|_| who.contains(&Peer::Rounds)).map(|shape| (*shape, Peer::Rounds));
    let mut rows = vec![];
    for (shape, peer) in everyone.chain(alone) {
        eprintln!("{}: {shape} …", peer.name());
        // One that fails takes nobody else's figures along; ours must not fail.
        let measured = measure(peer, shape, &setting).with_context(|| format!("{} {shape}", peer.name()));
        let (figures, failed) = match measured {
            Ok(figures) => (figures, false),
            Err(e) if peer == Peer::Rounds => return Err(e),
            Err(e) => {
                eprintln!("{e:#}");
                (Figures::default(), true)
            }
        };
        eprintln!("{figures:?}");
        rows.push(Row { shape, peer, figures, failed });
    }
    let cores = std::thread::available_parallelism()?;
    let json = load::weight(10_000)?;
    println!(
        "One run, {cores} cores; a record is {} bytes as JSON, {} in a batch of zstd. A step of a peer that \
         is not through within {} s is given up.\n",
        json.plain / 10_000,
        json.packed / 10_000,
        args.limit
    );
    println!("{}", print(&rows)?);
    println!(
        "Aims: push 10,000 records/s and twice PouchDB's, fifty times samod's at 10 × 500; new phone 50,000 \
         and twice PouchDB's; unchanged at most 1,024 bytes each way; up at most 1.1 × what JSON is in zstd; \
         at rest 0.6 × JSON on the server."
    );
    Ok(())
}

fn shape(text: &str) -> Result<Shape> {
    let (phones, records) = text.split_once('x').context("a load is PHONESxRECORDS")?;
    Ok(Shape { phones: phones.parse()?, records: records.parse()? })
}

fn peer(name: &str) -> Result<Peer> {
    Ok(match name {
        "rounds" => Peer::Rounds,
        "pouch" => Peer::Pouch,
        "repo" => Peer::Repo,
        "samod" => Peer::Samod,
        _ => anyhow::bail!("{name}: rounds, pouch, repo or samod"),
    })
}
